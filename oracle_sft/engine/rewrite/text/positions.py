"""Positions, lengths and counts among the arguments of text functions."""

from decimal import Decimal

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import Term


def whole_sql(term: Term) -> str:
    """A NUMBER cut to an integer, as DuckDB's BIGINT."""
    term = as_number(term)
    if isinstance(term.constant, Decimal):
        return str(int(term.constant))
    if term.type.scale or term.type.binary:
        term = numbers.rounded(term, 0, "trunc")
    return f"CAST({term.sql} AS BIGINT)"


def known_whole(term: Term) -> int | None:
    """The integer, where it is known while rewriting."""
    return int(term.constant) if isinstance(term.constant, Decimal) else None


def out_of_range(number: int) -> OracleError:
    return OracleError.of("ORA-01428", number)
