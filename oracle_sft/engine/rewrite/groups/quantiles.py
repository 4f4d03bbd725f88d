"""MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC."""

from decimal import Decimal

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.groups.sort_keys import SortKey
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import INEXACT, Place, Term, number_type, once, refused

_HALF = Decimal("0.5")
_EXACT_DOUBLE_PRECISION = 14
"""Up to so many digits the middle of two DECIMALs is exact in DuckDB's quantile_cont."""

_BETWEEN_SECONDS = refused("a percentile of dates that lies between two seconds")
_MICROS = 1_000_000
_NEAR_MICROS = 20


def median(value: Term, place: Place) -> Term:
    """MEDIAN of numbers or dates.

    Raises:
        OracleError: ORA-30495 for another type.
    """
    if value.type.is_date:
        return _middle_date(value, place)
    number = _number(value)
    if number.type.binary:
        return Term(place(f"quantile_cont({number.sql}, 0.5)"), INEXACT)
    precision, scale, exact = number.type.precision, number.type.scale, number.type.exact
    if precision <= _EXACT_DOUBLE_PRECISION:
        type_ = number_type(precision + 1, scale + 1, exact=exact)
        return Term(place(f"quantile_cont(CAST({number.sql} AS {type_.duckdb}), 0.5)"), type_)
    low, high = _around_middle(number, place)
    body = f"((CAST({low} AS DECIMAL(38,{scale})) + {high}) * 0.5)"
    return Term(body, number_type(38, scale + 1, exact=exact))


def percentile(name: str, part: Decimal, key: SortKey, place: Place) -> Term:
    """PERCENTILE_CONT or PERCENTILE_DISC of the key at `part` of the group, NULLs left out.

    Raises:
        OracleError: ORA-30493 for a part outside of 0 to 1, ORA-30495.
    """
    if not 0 <= part <= 1:
        raise OracleError.of("ORA-30493")
    value = key.term
    if name == "PERCENTILE_DISC":
        return Term(_of_rank(value, part, key.descending, place), value.type)
    if key.descending:
        part = 1 - part
    if part == _HALF:
        return median(value, place)
    if not value.type.is_date:
        value = _number(value)
    if part in (0, 1):
        return Term(place(f"{'max' if part else 'min'}({value.sql})"), value.type)
    if value.type.is_date:
        return _date_between(value, part, place)
    return Term(place(f"quantile_cont({numbers.double(value)}, {float(part)!r})"), INEXACT)


def _number(value: Term) -> Term:
    if value.type.is_interval:
        raise OracleError.of("ORA-30495")
    return as_number(value)


def _of_rank(value: Term, part: Decimal, descending: bool, place: Place) -> str:
    if not part:
        return place(f"{'max' if descending else 'min'}({value.sql})")
    # A decimal share is multiplied exactly, and a negative one counts from the largest value down.
    share = f"{-part if descending else part:f}"
    return place(f"quantile_disc({value.sql}, {share if '.' in share else share + '.0'})")


def _around_middle(value: Term, place: Place) -> tuple[str, str]:
    """The value in the middle twice, or the two around it."""
    low, high = (place(f"quantile_disc({value.sql}, {part})") for part in ("0.5", "-0.5"))
    return low, high


def _middle_date(value: Term, place: Place) -> Term:
    low, high = _around_middle(value, place)
    unit = 2 if value.type.family == "TIMESTAMP" else 2 * _MICROS
    body = f"(CASE WHEN $s % {unit} <> 0 THEN {_BETWEEN_SECONDS} "
    body += "ELSE make_timestamp($s // 2) END)"
    return Term(once({"s": f"epoch_us({low}) + epoch_us({high})"}, body), value.type)


def _date_between(value: Term, part: Decimal, place: Place) -> Term:
    micros = place(f"quantile_cont(CAST(epoch_us({value.sql}) AS DOUBLE), {float(part)!r})")
    seconds = f"round($m / {_MICROS})"
    body = (
        f"(CASE WHEN abs($m - {seconds} * {_MICROS}) > {_NEAR_MICROS}"
        f" THEN {_BETWEEN_SECONDS}"
        f" ELSE make_timestamp(CAST({seconds} AS BIGINT) * {_MICROS}) END)"
    )
    return Term(once({"m": micros}, body), value.type)
