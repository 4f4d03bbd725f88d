"""The query blocks of a statement, read from its tokens: who selects from what, under which name.

This is what name resolution and the canonical form stand on. It needs no parser, so it also reads
the Oracle that sqlglot does not know, and it never raises: what it cannot place stays without a
source, and whoever asks about safety refuses what does not resolve.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from oracle_sft.sqltext.lexer import Token

SET_OPERATORS = frozenset({"UNION", "INTERSECT", "MINUS", "EXCEPT"})


@dataclass(slots=True)
class Source:
    """One table, view, inline view or table function behind FROM."""

    at: int
    """Index of the first token: of the name, or of the opening bracket."""
    parts: tuple[int, ...]
    """Indexes of the name's parts (owner, table); empty for an inline view."""
    called: bool = False
    """A bracket follows the name: a table function."""
    alias: int | None = None
    """Index of the alias."""
    alias_as: int | None = None
    """Index of an AS before the alias, which Oracle does not allow."""
    link: bool = False
    """`@` follows the name."""


@dataclass(slots=True, eq=False)
class Block:
    """One SELECT up to the set operator, bracket or end that closes it."""

    start: int
    """Index of SELECT."""
    end: int = 0
    """Index behind the last token."""
    outer: "Block | None" = None
    """The block whose names can be seen from here, beside its own."""
    ctes: tuple[str, ...] = ()
    """Names that WITH has defined around this block."""
    sources: list[Source] = field(default_factory=list)
    clauses: dict[str, int] = field(default_factory=dict)
    """Index of the first FROM, WHERE, GROUP, CONNECT, ORDER, ... at the block's own depth."""
    from_end: int = 0
    """Index behind the last token of the FROM clause."""
    leader: "Block | None" = None
    """The first block of the set operation that this is a later side of: it names the columns."""
    named: dict[str, Source] | None = None
    """Its sources by the name that qualifies their columns; filled when it is first asked for."""


class _Names(dict[int, str]):
    def __missing__(self, position: int) -> str:
        return ""


@dataclass(slots=True)
class Statement:
    """The tokens of a statement with its brackets and blocks."""

    tokens: Sequence[Token]
    names: list[str]
    """The name of each word or operator, '' for other tokens."""
    pairs: dict[int, int]
    """Index of each opening bracket -> index of its closing one."""
    group_of: list[int]
    """Index of the innermost bracket that is open at each token, -1 outside of all."""
    unbalanced: int | None
    """Index of the first bracket without its partner."""
    blocks: list[Block]
    block_of: list[Block | None]
    """The innermost block of each token."""
    cte_names: dict[int, str]
    """Index of each name that WITH defines -> that name."""
    cte_bodies: dict[int, tuple[int, int]]
    """Index of each such name -> first index of its query, index behind its last."""
    with_functions: list[int]
    """Indexes of FUNCTION and PROCEDURE directly behind WITH."""
    suffixes: list[tuple[int, int]]
    """What stands behind tables, SAMPLE (..) or AS OF ..: first index, index behind the last."""
    with_ends: list[int]
    """Indexes at which the definitions of a WITH end and its query should begin."""
    name: Callable[[int], str] = field(init=False)
    """The name of a word or operator at this index; '' for other tokens and outside."""

    def __post_init__(self) -> None:
        # Rules ask for names a few hundred times in a check: a method of ours would take twice as long.
        self.name = _Names(enumerate(self.names)).__getitem__

    def source_name(self, source: Source) -> str:
        """The name by which columns of a source are qualified; '' if it has none."""
        if source.alias is not None:
            return self.tokens[source.alias].name
        return self.tokens[source.parts[-1]].name if source.parts and not source.called else ""

    def visible(self, position: int, name: str) -> tuple[Block, Source] | None:
        """The innermost source that `name` qualifies at this token, and its block."""
        block = self.block_of[position]
        while block is not None:
            source = self.sources_by_name(block).get(name)
            if source is not None:
                return block, source
            block = block.outer
        return None

    def is_in_own_body(self, source: Source) -> bool:
        """Whether a name of one part stands in the WITH query of that name, where it may still be the table's."""
        name = self.tokens[source.at].name
        return any(
            start <= source.at < end and self.cte_names[at] == name
            for at, (start, end) in self.cte_bodies.items()
        )

    def sources_by_name(self, block: Block) -> dict[str, Source]:
        """The first source of each name; one without alias also by its owner and name: `HR.STAFF`."""
        if block.named is None:
            block.named = {}
            for source in block.sources:
                block.named.setdefault(self.source_name(source), source)
                if source.alias is None and len(source.parts) > 1:
                    full = ".".join(self.tokens[part].name for part in source.parts)
                    block.named.setdefault(full, source)
            block.named.pop("", None)
        return block.named

    def calls_around(self, position: int) -> Iterator[str]:
        """The words before the brackets around this token, from the innermost outwards."""
        opening = self.group_of[position]
        while opening >= 0:
            yield self.name(opening - 1)
            opening = self.group_of[opening]

    def is_cte(self, position: int, name: str) -> bool:
        """Whether `name` is defined by a WITH around this token."""
        block = self.block_of[position]
        return block is not None and name in block.ctes
