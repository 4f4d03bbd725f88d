"""What a MODEL clause names: its dimensions, measures and reference models."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.reading import Reading


class ModelNames:
    """The names that the MODEL clauses of one statement define."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.known: dict[int, tuple[list[range], set[str]]] = {}  # by the start of the block

    def has(self, block: Block, position: int) -> bool:
        """Whether MODEL of this block defines the name at this index, and it can be seen there.

        The definitions themselves, and WHERE and GROUP BY before MODEL, see the tables only.
        """
        start = block.clauses.get("MODEL")
        if start is None or block.clauses.get("FROM", start) < position < start:
            return False
        if block.start not in self.known:
            openings = list(_definitions(self.reading, block, start))
            names = {name for opening in openings for name in _aliases(self.reading, opening)}
            self.known[block.start] = [self.reading.inside(opening) for opening in openings], names
        lists, names = self.known[block.start]
        defines = any(position in inside for inside in lists)
        return not defines and self.reading.tokens[position].name in names


def _definitions(reading: Reading, block: Block, start: int) -> Iterator[int]:
    """The brackets of PARTITION BY, DIMENSION BY and MEASURES of a MODEL that begins at `start`."""
    at = start
    while at < block.end:
        if reading.name(at) == "(":
            word = reading.name(at - 2) if reading.name(at - 1) == "BY" else reading.name(at - 1)
            if word in ("PARTITION", "DIMENSION", "MEASURES"):
                yield at
        at = reading.statement.pairs.get(at, at) + 1


def _aliases(reading: Reading, opening: int) -> Iterator[str]:
    """The names that a list gives to its expressions: `0 AS x`, `0 x`, but not a plain `x`."""
    for at in reading.inside(opening):
        token = reading.tokens[at]
        ends_item = reading.name(at + 1) in (",", ")")
        if not ends_item or not token.is_name or reading.statement.group_of[at] != opening:
            continue
        before = reading.tokens[at - 1]
        if before.kind != "op" or before.text == ")":
            yield token.name


def is_reference(reading: Reading, first: int, last: int) -> bool:
    """A cell of a reference model: `conv.rate['EUR']` where MODEL has `REFERENCE conv ON (..)`."""
    if "REFERENCE" not in reading.present or last != first + 2 or reading.name(last + 1) != "[":
        return False
    name = reading.tokens[first].name
    places = reading.places(frozenset({"REFERENCE"}))
    return any(
        reading.tokens[at + 1].name == name and reading.name(at + 2) == "ON"
        for outer in reading.outer_blocks(reading.statement.block_of[first])
        for at in places
        if outer.clauses.get("MODEL", first) < at < first
    )
