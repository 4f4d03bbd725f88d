"""RANK(value) WITHIN GROUP (ORDER BY key) and its like: where a row would stand in the group."""

from dataclasses import replace
from decimal import Decimal

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.groups.sort_keys import SortKey, as_one
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import Place, Term, number_type

NAMES = frozenset("RANK DENSE_RANK PERCENT_RANK CUME_DIST".split())

_ONE = numbers.literal(Decimal(1))


def written(name: str, values: list[Term], keys: list[SortKey], place: Place) -> Term:
    """The place of a row of `values` among the rows of the group.

    Raises:
        OracleError: ORA-00909 if there are not as many values as keys.
    """
    if len(values) != len(keys):
        raise OracleError.of("ORA-00909")
    ours, theirs = [], []
    for value, key in zip(values, keys, strict=True):
        value = convert.like(value, key.term.type)
        type_, (row, own) = convert.common([key.term, value])
        if type_.is_text and not value.is_null:
            row, own = convert.key(key.term, value.type), convert.key(value, key.term.type)
        theirs.append(replace(key, term=Term(row, type_)))
        ours.append(replace(key, term=Term(own, type_)))
    row_key, own_key = as_one(theirs), as_one(ours)
    before = f"{row_key} < {own_key}"
    if len(keys) == 1 and not values[0].is_null:
        key = theirs[0]
        before = f"{key.term.sql} {'>' if key.descending else '<'} {ours[0].term.sql}"
        if key.nulls_first:
            before = f"({before} OR {key.term.sql} IS NULL)"
    if name == "DENSE_RANK":
        # A BLOB is never NULL, which count(DISTINCT ..) would leave out.
        different = numbers.whole_number(
            place(f"count(DISTINCT {row_key}) FILTER (WHERE {before})")
        )
        return numbers.add(different, _ONE, "+")
    num_before = numbers.whole_number(place(f"count(*) FILTER (WHERE {before})"))
    if name == "RANK":
        return numbers.add(num_before, _ONE, "+")
    rows = numbers.whole_number(place("count(*)"))
    if name == "PERCENT_RANK":
        others = Term(f"greatest({rows.sql}, 1)", number_type(18))
        return numbers.divide(num_before, others)
    upto = numbers.whole_number(place(f"count(*) FILTER (WHERE {row_key} <= {own_key})"))
    return numbers.divide(numbers.add(upto, _ONE, "+"), numbers.add(rows, _ONE, "+"))
