"""The rule about places that take a constant: a name without brackets calls a function there."""

from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.bare_names import bare_values

_LIMITS = frozenset({"FETCH", "OFFSET"})
_LIMIT_ENDS = ("ROW", "ROWS", "PERCENT", "PARTITION", "PARTITIONS", *_LIMITS)
_KEYWORDS = ("MINVALUE", "MAXVALUE")


def names_without_columns(reading: Reading) -> Iterator[Finding]:
    """`bare_call`, too: no column stands behind FETCH, OFFSET, AS OF, SAMPLE, or in PIVOT's IN."""
    places = [*_limits(reading), *_behind_tables(reading)]
    if not places:
        return
    inside = {position for place in places for position in place}
    for position in bare_values(reading):
        name = reading.tokens[position].name
        if position not in inside or name in reading.allowed or name in _KEYWORDS:
            continue
        if name == "SCN" and reading.name(position - 1) == "BETWEEN":
            continue
        block = reading.statement.block_of[position]
        if block is not None and block.start in inside:
            continue  # of a query in its place
        message = f"no column can stand here, so {name} is a function call"
        yield reading.finding("bare_call", message, position)


def _limits(reading: Reading) -> Iterator[range]:
    """What stands between FETCH FIRST or OFFSET and their ROWS."""
    for position in reading.places(_LIMITS):
        block = reading.statement.block_of[position]
        groups = reading.statement.group_of
        if block is not None and groups[position] == groups[block.start]:
            opened = block.clauses.get("FROM", block.start) < position
            if not opened or position not in block.clauses.values():
                continue  # a name
        at = position + 1
        while at < len(reading.tokens) and reading.name(at) not in _LIMIT_ENDS:
            if groups[at] != groups[position] and reading.name(at) == ")":
                break
            at = reading.statement.pairs.get(at, at) + 1
        yield range(position, at)


def _behind_tables(reading: Reading) -> Iterator[range]:
    for first, end in reading.statement.suffixes:
        word = reading.name(first)
        if word == "PIVOT":
            yield from _pivoted(reading, range(first, end))
        elif word in ("AS", "VERSIONS", "SAMPLE", "SEED") or reading.name(first + 1) == "FOR":
            yield range(first, end)


def _pivoted(reading: Reading, pivot: range) -> Iterator[range]:
    """The values behind IN, where a name is an alias."""
    opening = next((at for at in pivot if reading.name(at) == "("), pivot.stop)
    for at in reading.inside(opening):
        if reading.name(at) == "IN" and reading.statement.group_of[at] == opening:
            yield reading.inside(at + 1)


RULES = (names_without_columns,)
