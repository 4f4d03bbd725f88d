"""The dates that are certain here, as checks by value.

Oracle counts days by the Julian calendar up to 1582-10-04 and by the Gregorian one from the next day,
1582-10-15; DuckDB knows only the latter. What depends on the number of days is refused for older
dates; their years, months and days, and which is earlier, are the same in both.
"""

from oracle_sft.engine.rewrite.terms import failing, ora_error, quoted, refused

FIRST_MODERN = "TIMESTAMP '1583-01-01'"
_FIRST = "TIMESTAMP '0001-01-01 00:00:00'"
_LAST = "TIMESTAMP '9999-12-31 23:59:59.999999'"
OUT_OF_RANGE = "a time with a time zone out of the years 1 to 9999"
_YEAR_RANGE = ora_error("ORA-01841")


_OLD_DAYS = "unsupported: the number of days of a date before 1583"
_OLD = f"error({quoted(_OLD_DAYS)})"


def modern(body: str, *names: str, type_: str = "") -> str:
    """`body`, refused for a date of old among `$d` or the names given.

    Where its DuckDB type is told, and is not text, DuckDB may compute it once for several uses.
    """
    old = " OR ".join(f"${name} < {FIRST_MODERN}" for name in names or ("d",))
    refused_ = failing(_OLD_DAYS, type_) if type_ else _OLD
    return f"(CASE WHEN {old} THEN {refused_} ELSE {body} END)"


def shifted(moved: str) -> str:
    """A date that was moved by the offset of a time zone; what Oracle says past its ends is not certain."""
    beyond = refused(OUT_OF_RANGE)
    return f"(CASE WHEN {moved} NOT BETWEEN {_FIRST} AND {_LAST} THEN {beyond} ELSE {moved} END)"


def within(moved: str, first: str, last: str) -> str:
    """`shown` for a date `$d` that is moved by so little that from `first` to `last` nothing is to check."""
    return f"(CASE WHEN $d BETWEEN {first} AND {last} THEN {moved} ELSE {shown(moved)} END)"


def shown(moved: str, result: str | None = None) -> str:
    """A date that was computed from `$d`: neither from nor to the old days, nor past the year 9999.

    `result` is what is shown, if it is not `moved` itself.
    """
    return (
        f"(CASE WHEN $d < {FIRST_MODERN} OR {moved} < {FIRST_MODERN} THEN {_OLD} "
        f"WHEN {moved} > {_LAST} THEN {_YEAR_RANGE} ELSE {result or moved} END)"
    )
