"""Spreads, correlations and regressions, computed in binary floating point."""

from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import INEXACT, Place, Term, number_type

_SPREADS = {
    "STDDEV": "stddev_samp",
    "STDDEV_SAMP": "stddev_samp",
    "STDDEV_POP": "stddev_pop",
    "VARIANCE": "var_samp",
    "VAR_SAMP": "var_samp",
    "VAR_POP": "var_pop",
}
SPREADS = frozenset(_SPREADS)

PAIRS = frozenset(
    """CORR COVAR_POP COVAR_SAMP REGR_SLOPE REGR_INTERCEPT REGR_COUNT REGR_R2 REGR_AVGX REGR_AVGY
    REGR_SXX REGR_SYY REGR_SXY""".split()
)
"""Group functions of two numbers; rows where either is NULL do not count."""


def spread(name: str, number: Term, each: str, place: Place) -> Term:
    """A standard deviation or variance."""
    value = numbers.double(number)
    result = place(f"{_SPREADS[name]}({each}{value})")
    if name not in ("STDDEV", "VARIANCE"):
        return Term(result, INEXACT)
    # STDDEV and VARIANCE of one value are 0, where the _SAMP forms are NULL.
    one = f"{place(f'count({each}{value})')} = 1"
    return Term(f"(CASE WHEN {one} THEN 0e0 ELSE {result} END)", INEXACT)


def of_pairs(name: str, first: Term, second: Term, place: Place) -> Term:
    """CORR, COVAR and REGR; `first` is the dependent variable (y), `second` the independent (x)."""
    y, x = _of_whole_pairs(first, second), _of_whole_pairs(second, first)
    if name == "REGR_COUNT":
        return numbers.whole_number(place(f"count({x.sql})"))
    if name in ("REGR_AVGX", "REGR_AVGY"):
        value = x if name == "REGR_AVGX" else y
        num = Term(f"nullif({place(f'count({value.sql})')}, 0)", number_type(18))
        type_ = INEXACT if value.type.binary else number_type(38, value.type.scale)
        return numbers.divide(Term(place(f"sum({value.sql})"), type_), num)
    if name == "REGR_SYY":
        return Term(place(f"regr_syy({numbers.double(y)}, {numbers.double(x)})"), INEXACT)
    result = place(f"{name.lower()}({numbers.double(y)}, {numbers.double(x)})")
    if name not in ("CORR", "REGR_SLOPE", "REGR_INTERCEPT", "REGR_R2"):
        return Term(result, INEXACT)
    flat = {"x": _is_flat(x, place), "y": _is_flat(y, place)}
    if name == "CORR":
        return Term(f"(CASE WHEN {flat['x']} OR {flat['y']} THEN NULL ELSE {result} END)", INEXACT)
    level = f"WHEN {flat['y']} THEN 1e0 " if name == "REGR_R2" else ""
    return Term(f"(CASE WHEN {flat['x']} THEN NULL {level}ELSE {result} END)", INEXACT)


def _of_whole_pairs(number: Term, other: Term) -> Term:
    sql = f"CASE WHEN {other.sql} IS NOT NULL THEN {number.sql} END"
    return Term(sql, number.type)


def _is_flat(number: Term, place: Place) -> str:
    """Whether the values are all the same, so that their variance is 0 exactly."""
    return f"{place(f'min({number.sql})')} = {place(f'max({number.sql})')}"
