"""What an aggregate writes, as a group function or with OVER.

`suffix` is '' or ` OVER (...)`; the same text serves both.
"""

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import numbers
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.terms import (
    INEXACT,
    VARCHAR2,
    OracleType,
    Term,
    number_type,
    once,
    ora_error,
)

NAMES = frozenset(
    """COUNT SUM AVG MIN MAX STDDEV STDDEV_SAMP STDDEV_POP VARIANCE VAR_SAMP VAR_POP MEDIAN
    ANY_VALUE""".split()
)
"""Aggregates with arguments of the plain kind."""

_SPREAD = {
    "STDDEV_SAMP": "stddev_samp",
    "STDDEV_POP": "stddev_pop",
    "VAR_SAMP": "var_samp",
    "VAR_POP": "var_pop",
}


def count_rows(suffix: str = "") -> Term:
    return numbers.whole_number(f"count(*){suffix}")


def plain(name: str, argument: Term, *, distinct: bool, suffix: str = "") -> Term:
    """An aggregate of one argument.

    Raises:
        OracleError: ORA-00932 or ORA-01722, for the wrong type of argument.
    """
    each = "DISTINCT " if distinct else ""
    if name == "COUNT":
        return numbers.whole_number(f"count({each}{argument.sql}){suffix}")
    if name in ("MIN", "MAX", "ANY_VALUE"):
        if argument.is_null:
            return argument
        return Term(f"{name.lower()}({argument.sql}){suffix}", argument.type)
    number = as_number(argument)
    if name == "SUM":
        return _sum(number, each, suffix)
    if name == "AVG":
        num = Term(f"nullif(count({each}{number.sql}){suffix}, 0)", number_type(18))
        return numbers.divide(_sum(number, each, suffix), num)
    if name == "MEDIAN":
        return _median(number, each, suffix)
    return _spread(name, number, each, suffix)


def _sum(number: Term, each: str, suffix: str) -> Term:
    type_ = INEXACT
    if not number.type.binary:
        type_ = number_type(38, number.type.scale, exact=number.type.exact)
    return Term(f"sum({each}{number.sql}){suffix}", type_)


def _spread(name: str, number: Term, each: str, suffix: str) -> Term:
    value = numbers.double(number)
    if name in _SPREAD:
        return Term(f"{_SPREAD[name]}({each}{value}){suffix}", INEXACT)
    # STDDEV and VARIANCE of one value are 0, where the _SAMP forms are NULL.
    function = "stddev_samp" if name == "STDDEV" else "var_samp"
    sample = f"{function}({each}{value}){suffix}"
    one = f"count({each}{value}){suffix} = 1"
    return Term(f"(CASE WHEN {one} THEN 0e0 ELSE {sample} END)", INEXACT)


def _median(number: Term, each: str, suffix: str) -> Term:
    number = numbers.settled(number)
    scale = number.type.scale
    values = f"list_sort(list({each}{number.sql}) FILTER (WHERE {number.sql} IS NOT NULL){suffix})"
    low, high = "$l[(len($l) + 1) // 2]", "$l[len($l) // 2 + 1]"
    body = f"(CAST({low} AS DECIMAL(38,{scale})) + {high}) * 0.5"
    return Term(once({"l": values}, body), number_type(38, scale + 1, exact=number.type.exact))


def listagg(
    item: Term, separator: Term | None, keys: list[str], *, distinct: bool, suffix: str = ""
) -> Term:
    """LISTAGG; NULL items are left out, more than 4000 bytes are ORA-01489."""
    text = as_text(item)
    if text.is_null:
        return text
    between = "''"
    if separator is not None and not separator.is_null:
        joint = as_text(separator)
        if not isinstance(joint.constant, str):
            raise UnsupportedSQL("LISTAGG with a separator that is not a literal")
        between = joint.sql
    each = ""
    if distinct:
        each = "DISTINCT "
        if not keys or any(not key.startswith(f"{text.sql} ") for key in keys) or len(keys) > 1:
            raise UnsupportedSQL("LISTAGG(DISTINCT ..) that is not ordered by its own value")
    order = f" ORDER BY {', '.join(keys)}" if keys else ""
    joined = f"string_agg({each}{text.sql}, {between}{order}){suffix}"
    too_long = ora_error("ORA-01489", "result of string concatenation is too long")
    body = f"(CASE WHEN strlen($t) > 4000 THEN {too_long} ELSE $t END)"
    return Term(once({"t": joined}, body), VARCHAR2)


def keep(name: str, argument: Term | None, keys: list[str], *, first: bool, suffix: str) -> Term:
    """An aggregate over the rows that come first, or last, by the keys: KEEP (DENSE_RANK ..)."""
    if not keys:
        raise UnsupportedSQL("KEEP ordered by a constant")
    value = argument.sql if argument is not None else "1"
    fields = ", ".join(
        f"'k{index}': {key.rsplit(' NULLS ', 1)[0].rsplit(' ', 1)[0]}"
        for index, key in enumerate(keys)
    )
    rows = f"list({{'k': {{{fields}}}, 'x': {value}}} ORDER BY {', '.join(keys)}){suffix}"
    end = "1" if first else "-1"
    chosen = f"list_filter($l, lambda e: e.k IS NOT DISTINCT FROM $l[{end}].k)"
    kept = f"list_transform({chosen}, lambda e: e.x)"

    def over_kept(function: str, type_: OracleType) -> Term:
        return Term(once({"l": rows}, f"list_aggregate({kept}, '{function}')"), type_)

    if name == "COUNT":
        return numbers.whole_number(over_kept("count", number_type(18)).sql)
    assert argument is not None
    if name in ("MIN", "MAX"):
        return over_kept(name.lower(), argument.type)
    number = as_number(argument)
    if number.sql != argument.sql or number.type.binary:
        raise UnsupportedSQL(f"{name} KEEP of something other than an exact number")
    total = over_kept("sum", number_type(38, number.type.scale, exact=number.type.exact))
    if name == "SUM":
        return total
    if name == "AVG":
        num = over_kept("count", number_type(18))
        return numbers.divide(total, Term(f"nullif({num.sql}, 0)", number_type(18)))
    raise UnsupportedSQL(f"{name} with KEEP")


def not_allowed_here() -> OracleError:
    return OracleError("ORA-00934", "group function is not allowed here")
