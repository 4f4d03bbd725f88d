"""The query blocks of a statement, read from its tokens: who selects from what, under which name.

This is what name resolution and the canonical form stand on. It needs no parser, so it also reads
the Oracle that sqlglot does not know, and it never raises: what it cannot place stays without a
source, and whoever asks about safety refuses what does not resolve.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from oracle_sft.sqltext.lexer import Token

SET_OPERATORS = frozenset({"UNION", "INTERSECT", "MINUS", "EXCEPT"})
# What ends the list of tables behind FROM, at the same bracket depth.
_CLAUSES = SET_OPERATORS | {
    *("WHERE", "GROUP", "HAVING", "START", "CONNECT", "MODEL", "ORDER", "FETCH", "OFFSET", "FOR"),
    *("WINDOW", "SELECT", "LIMIT", "QUALIFY", "WITH", "FROM"),
}
_JOIN_WORDS = frozenset({"INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"})
# Words behind a table that are no alias of it.
_NO_ALIAS = _CLAUSES | _JOIN_WORDS | {"JOIN", "ON", "USING", "AS", "AND", "OR"}
# Not reserved: columns, tables and aliases may have these names. They open a clause, or continue a
# table, where one of these follows.
_CONTINUED = {
    "MODEL": frozenset(
        "PARTITION DIMENSION MEASURES MAIN REFERENCE RETURN IGNORE KEEP UNIQUE".split()
    ),
    "FETCH": frozenset({"FIRST", "NEXT", "APPROX", "APPROXIMATE", "EXACT", "PARTITION"}),
    "EXCEPT": frozenset({"SELECT", "ALL", "DISTINCT", "(", "WITH"}),
    "PARTITION": frozenset({"(", "FOR", "BY"}),
    "SUBPARTITION": frozenset({"(", "FOR"}),
    "SAMPLE": frozenset({"(", "BLOCK"}),
    "SEED": frozenset({"("}),
    "VERSIONS": frozenset({"BETWEEN", "PERIOD"}),
    "PIVOT": frozenset({"(", "XML"}),
    "UNPIVOT": frozenset({"(", "INCLUDE", "EXCLUDE"}),
    "MATCH_RECOGNIZE": frozenset({"("}),
}
_BEFORE_A_VALUE = frozenset({"OFFSET", "LIMIT", "QUALIFY"})


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


def read_statement(tokens: Sequence[Token]) -> Statement:
    """Brackets and query blocks of one statement; linear in its length, and it never raises."""
    pairs, group_of, unbalanced = _bracket_pairs(tokens)
    found = Statement(
        tokens=tokens,
        names=[token.name if token.kind in ("word", "op") else "" for token in tokens],
        pairs=pairs,
        group_of=group_of,
        unbalanced=unbalanced,
        blocks=[],
        block_of=[None] * len(tokens),
        cte_names={},
        cte_bodies={},
        with_functions=[],
        with_ends=[],
    )
    reader = _Reader(found)
    reader.groups.append((0, len(tokens), None, ()))
    while reader.groups:
        reader.read_group(*reader.groups.pop())
    found.blocks.sort(key=lambda block: block.start)
    return found


def _bracket_pairs(tokens: Sequence[Token]) -> tuple[dict[int, int], list[int], int | None]:
    pairs: dict[int, int] = {}
    group_of: list[int] = []
    opened = [-1]
    unbalanced = None
    for position, token in enumerate(tokens):
        if token.text == ")":
            if len(opened) > 1:
                pairs[opened.pop()] = position
            elif unbalanced is None:
                unbalanced = position
        group_of.append(opened[-1])
        if token.text == "(":
            opened.append(position)
    if len(opened) > 1 and unbalanced is None:
        unbalanced = opened[1]
    return pairs, group_of, unbalanced


_MAX_JOIN_DEPTH = 50
# Tokens between NESTED and COLUMNS: the path of a JSON column.
_MAX_PATH = 40
_Group = tuple[int, int, Block | None, tuple[str, ...]]


class _Reader:
    def __init__(self, found: Statement) -> None:
        self.found = found
        self.name = found.name
        self.join_depth = 0
        self.groups: list[_Group] = []
        """Bracket groups still to be read: first token, end, the block around them, names of WITH."""

    def read_group(self, at: int, end: int, outer: Block | None, ctes: tuple[str, ...]) -> None:
        """Read the tokens of one bracket group at its own depth; what is bracketed inside waits.

        `outer` is the block that the group's names resolve in: of a query its surroundings, of an
        argument list or a condition the block that it stands in.
        """
        if self.name(at) == "WITH":
            at, ctes = self.read_with(at, end, outer, ctes)
        block: Block | None = None
        while at < end:
            word = self.name(at)
            self.found.block_of[at] = block or outer
            if word == "(":
                at = self.defer(at, block or outer, ctes)
                continue
            after_dot = self.name(at - 1) == "."
            if word == "SELECT" and not after_dot:
                before = block
                block = Block(start=at, end=end, outer=outer, ctes=ctes)
                if before is not None:
                    before.end = at
                    block.leader = before.leader or before
                self.found.blocks.append(block)
                self.found.block_of[at] = block
            elif block is not None and word in _CLAUSES and not after_dot and self.opens_clause(at):
                if word in SET_OPERATORS:
                    block.end = at
                if word == "FROM" and "FROM" not in block.clauses:
                    block.clauses["FROM"] = at
                    at = self.read_from(at + 1, end, block, ctes)
                    block.from_end = at
                    continue
                block.clauses.setdefault(word, at)
            at += 1

    def defer(self, at: int, block: Block | None, ctes: tuple[str, ...]) -> int:
        """Put the group that opens here on the list; returns the index behind it."""
        self.found.block_of[at] = block
        closing = self.found.pairs.get(at, len(self.found.tokens))
        self.groups.append((at + 1, closing, block, ctes))
        if closing < len(self.found.tokens):
            self.found.block_of[closing] = block
        return closing + 1

    def opens_clause(self, at: int) -> bool:
        """Whether the clause word at this index is one: not NTH_VALUE(..) FROM LAST, WITHIN GROUP.

        Nor is one that is somebody's name here: `FROM car_models model`.
        """
        word, following = self.name(at), self.name(at + 1)
        if word == "FROM" and following in ("FIRST", "LAST"):
            return self.name(at + 2) not in ("OVER", "RESPECT", "IGNORE")
        if word == "GROUP":
            return self.name(at - 1) != "WITHIN"
        if word in SET_OPERATORS and self.name(at - 1) == "MULTISET":
            return False
        if word == "START":
            return following == "WITH"
        if word == "WINDOW":
            return self.name(at + 2) == "AS"
        if word in _BEFORE_A_VALUE:
            return self.begins_value(at + 1)
        return word not in _CONTINUED or following in _CONTINUED[word]

    def begins_value(self, at: int) -> bool:
        """Whether a value stands here, seen from a word that may be a clause's or a name itself."""
        if at >= len(self.found.tokens):
            return False
        token = self.found.tokens[at]
        if token.kind == "word":
            return token.name not in _NO_ALIAS and self.name(at + 1) != "="
        return token.kind != "op" or token.text in ("(", "+", "-")

    def read_with(
        self, at: int, end: int, outer: Block | None, ctes: tuple[str, ...]
    ) -> tuple[int, tuple[str, ...]]:
        """Read the definitions behind WITH; returns where the query begins, and all names."""
        self.found.block_of[at] = outer
        at += 1
        tokens = self.found.tokens
        while at < end and tokens[at].is_name:
            if self.name(at) in ("FUNCTION", "PROCEDURE"):
                self.found.with_functions.append(at)
            name_at = at
            at += 1
            if self.name(at) == "(" and self.holds_names(at):
                at = self.found.pairs.get(at, end) + 1
            if self.name(at) != "AS":
                at = name_at
                break
            self.found.cte_names[name_at] = tokens[name_at].name
            ctes = (*ctes, tokens[name_at].name)
            at += 1
            while self.name(at) in ("NOT", "MATERIALIZED", "MATERIALISED"):
                at += 1
            if self.name(at) != "(":
                break
            closing = self.found.pairs.get(at, end)
            self.found.cte_bodies[name_at] = (at + 1, closing)
            # A body sees what is defined before it, and itself.
            self.groups.append((at + 1, closing, outer, ctes))
            at = closing + 1
            while self.name(at) in ("SEARCH", "CYCLE"):
                at = self.skip_clause(at + 1, end)
            if self.name(at) != ",":
                break
            at += 1
        self.found.with_ends.append(at)
        return at, ctes

    def skip_clause(self, at: int, end: int) -> int:
        """The index behind a SEARCH or CYCLE clause; a comma inside of it ends no definition."""
        while at < end and self.name(at) not in ("SELECT", "(", "SEARCH", "CYCLE"):
            if self.name(at) == "," and self.name(at + 2) in ("AS", "("):
                break
            at += 1
        return at

    # --- FROM ---

    def read_from(self, at: int, end: int, block: Block, ctes: tuple[str, ...]) -> int:
        """Read the tables from `at` on; returns the index of what ends the list."""
        expects_table = True
        while at < end:
            word = self.name(at)
            self.found.block_of[at] = block
            if self.name(at - 1) != ".":
                is_table = expects_table and word in _SOFT_WORDS
                if word in _CLAUSES and not is_table and self.opens_clause(at):
                    return at
                applies = word == "APPLY" and self.name(at - 1) in ("CROSS", "OUTER")
                if applies or word in (",", "JOIN"):
                    expects_table = True
                    at += 1
                    continue
                if word in _JOIN_WORDS and self.begins_join(at):
                    at += 1
                    continue
            if not expects_table and word == "NESTED" and self.name(at - 1) != ".":
                at = self.read_nested(at, end, block, ctes)
            elif expects_table and (word == "(" or self.found.tokens[at].is_name):
                at = self.read_table(at, end, block, ctes)
                expects_table = False
            elif word == "(":
                at = self.defer(at, block, ctes)
            else:
                at += 1
        return at

    def read_nested(self, at: int, end: int, block: Block, ctes: tuple[str, ...]) -> int:
        """`t NESTED doc.items[*] COLUMNS (..) i`: columns out of JSON, as a source of its own."""
        columns = self.columns_of_nested(at)
        if columns is None:
            return at + 1
        source = Source(at=at, parts=())
        block.sources.append(source)
        for place in range(at, columns + 1):
            self.found.block_of[place] = block
        at = self.defer(columns + 1, block, ctes)
        if at < end and self.is_alias(at, with_columns=False):
            source.alias = at
            self.found.block_of[at] = block
            at += 1
        return at

    def columns_of_nested(self, at: int) -> int | None:
        """The index of COLUMNS (.. that belongs to NESTED here, None if the word is a name."""
        for place in range(at + 1, min(at + _MAX_PATH, len(self.found.tokens) - 1)):
            token = self.found.tokens[place]
            if token.kind == "word" and token.name == "COLUMNS" and self.name(place + 1) == "(":
                return place if place > at + 1 else None
            path = token.is_name or token.kind in ("number", "string")
            if not path and token.text not in (".", "[", "]", "*", ","):
                break
        return None

    def begins_join(self, at: int) -> bool:
        return any(self.name(at + ahead) in ("JOIN", "APPLY") for ahead in (1, 2, 3))

    def read_table(self, at: int, end: int, block: Block, ctes: tuple[str, ...]) -> int:
        lateral = self.name(at - 1) == "APPLY"
        if self.name(at) == "LATERAL" and self.name(at + 1) == "(":
            lateral = True
            self.found.block_of[at] = block
            at += 1
        around = self.table_inside(at)
        if around is not None:
            self.found.block_of[at] = self.found.block_of[at + 1] = block
            self.found.block_of[around] = block
            at += 2
        source = Source(at=at, parts=())
        if around is not None:
            self.read_name(at, around, block, ctes, source)
            at = around + 1
        elif self.name(at) == "(":
            at = self.read_bracketed(at, block, ctes, lateral, source)
            if source.at < 0:
                return at  # a bracketed join: its tables are read, and it can have no alias
        else:
            at = self.read_name(at, end, block, ctes, source)
        block.sources.append(source)
        at = self.read_suffixes(at, end, block, ctes)
        if self.name(at) == "AS" and self.name(at + 1) != "OF":
            source.alias_as = at
            self.found.block_of[at] = block
            at += 1
        if at < end and self.is_alias(at, with_columns=not source.parts):
            source.alias = at
            self.found.block_of[at] = block
            at += 1
            at = self.read_suffixes(at, end, block, ctes)
        return at

    def table_inside(self, at: int) -> int | None:
        """Where the bracket of ONLY (..) or CONTAINERS(..) closes, if it holds a name only."""
        if self.name(at) not in _AROUND_TABLE or self.name(at + 1) != "(":
            return None
        closing = self.found.pairs.get(at + 1, 0)
        holds_name = closing > at + 2 and all(
            self.name(place) == "." if (place - at) % 2 else self.found.tokens[place].is_name
            for place in range(at + 2, closing)
        )
        return closing if holds_name and (closing - at) % 2 else None

    def is_alias(self, at: int, *, with_columns: bool) -> bool:
        token = self.found.tokens[at]
        if self.name(at + 1) == ".":
            return False  # a name in a wrong place
        if self.name(at + 1) == "(" and not (with_columns and self.holds_names(at + 1)):
            return False  # a call in a wrong place
        if token.kind == "quoted":
            return True
        if token.kind != "word":
            return False
        if token.name in _JOIN_WORDS:
            return not self.begins_join(at)
        if token.name in _SOFT_WORDS:
            return not self.opens_clause(at)
        if token.name == "NESTED":
            return self.columns_of_nested(at) is None
        return token.name not in _NO_ALIAS

    def holds_names(self, opening: int) -> bool:
        """Whether a bracket holds names with commas between them, and nothing else."""
        closing = self.found.pairs.get(opening, opening)
        return closing > opening + 1 and all(
            self.found.tokens[place].is_name if (place - opening) % 2 else self.name(place) == ","
            for place in range(opening + 1, closing)
        )

    def read_bracketed(
        self, at: int, block: Block, ctes: tuple[str, ...], lateral: bool, source: Source
    ) -> int:
        """An inline view, or tables in brackets, which are tables of the block itself."""
        if self.join_depth >= _MAX_JOIN_DEPTH:
            return self.defer(at, block, ctes)  # its tables stay unknown, and are refused as such
        closing = self.found.pairs.get(at, len(self.found.tokens))
        inside = at + 1
        while self.name(inside) == "(":
            inside += 1
        self.found.block_of[at] = block
        if closing < len(self.found.tokens):
            self.found.block_of[closing] = block
        if self.name(inside) in ("SELECT", "WITH", "VALUES"):
            # Without LATERAL an inline view sees what the block itself sees, not its neighbours.
            self.groups.append((at + 1, closing, block if lateral else block.outer, ctes))
        else:
            self.join_depth += 1
            self.read_from(at + 1, closing, block, ctes)
            self.join_depth -= 1
            source.at = -1
        return closing + 1

    def read_name(
        self, at: int, end: int, block: Block, ctes: tuple[str, ...], source: Source
    ) -> int:
        parts = [at]
        tokens = self.found.tokens
        self.found.block_of[at] = block
        at += 1
        while self.name(at) == "." and at + 1 < end and tokens[at + 1].is_name:
            self.found.block_of[at] = self.found.block_of[at + 1] = block
            parts.append(at + 1)
            at += 2
        source.parts = tuple(parts)
        if self.name(at) == "@":
            source.link = True
            while at < end and (self.name(at) in ("@", ".") or self.name(at - 1) in ("@", ".")):
                self.found.block_of[at] = block
                at += 1
        elif self.name(at) == "(":
            source.called = True
            at = self.defer(at, block, ctes)
            if self.name(at) == "(" and self.name(at + 1) == "+":
                at = self.defer(at, block, ctes)
        return at

    def read_suffixes(self, at: int, end: int, block: Block, ctes: tuple[str, ...]) -> int:
        """Partitions, samples, flashback, PIVOT and row patterns behind a table."""
        while at < end:
            word = self.name(at)
            known = word in _SUFFIXES and (
                self.name(at + 1) == "OF" if word == "AS" else self.opens_clause(at)
            )
            if not known:
                return at
            at = (
                self.read_flashback(at, end, block, ctes)
                if word in ("AS", "VERSIONS")
                else self.read_bracketed_suffix(at, end, block, ctes)
            )
        return at

    def read_bracketed_suffix(self, at: int, end: int, block: Block, ctes: tuple[str, ...]) -> int:
        """PIVOT XML (..), SAMPLE BLOCK (..): the word, few others, and one bracket."""
        self.found.block_of[at] = block
        at += 1
        while self.name(at) in _SUFFIX_WORDS:
            self.found.block_of[at] = block
            at += 1
        return self.defer(at, block, ctes) if at < end and self.name(at) == "(" else at

    def read_flashback(self, at: int, end: int, block: Block, ctes: tuple[str, ...]) -> int:
        """AS OF and VERSIONS BETWEEN: an expression, up to the alias or the next table or clause."""
        while at < end:
            self.found.block_of[at] = block
            at = self.defer(at, block, ctes) if self.name(at) == "(" else at + 1
            period = self.name(at) == "FOR" and self.name(at - 1) == "PERIOD"
            ended = self.name(at) in _FLASHBACK_ENDS and not period
            joins = self.name(at) in _JOIN_WORDS and self.begins_join(at)
            if ended or joins or self.flashback_ends(at):
                break
        return at

    def flashback_ends(self, at: int) -> bool:
        """Whether an alias stands here, behind the expression of AS OF or VERSIONS BETWEEN."""
        if at >= len(self.found.tokens) or not self.found.tokens[at].is_name:
            return False
        before = self.found.tokens[at - 1]
        ended = before.kind in ("number", "string", "bind", "word") or before.text == ")"
        if self.name(at - 2) == "FOR" and self.name(at - 3) == "PERIOD":
            return False  # before is the period's name
        return (
            ended
            and before.name not in _FLASHBACK_WORDS - _FLASHBACK_VALUES
            and self.name(at) not in _FLASHBACK_WORDS
        )


_SUFFIXES = frozenset(
    {
        *("PARTITION", "SUBPARTITION", "SAMPLE", "SEED", "AS", "VERSIONS", "PIVOT", "UNPIVOT"),
        "MATCH_RECOGNIZE",
    }
)
_SOFT_WORDS = _CONTINUED.keys() | _BEFORE_A_VALUE | {"START", "WINDOW"}
_SUFFIX_WORDS = frozenset({"XML", "INCLUDE", "EXCLUDE", "NULLS", "BLOCK", "FOR", "BY"})
_FLASHBACK_ENDS = _CLAUSES | {",", "JOIN", "ON", "USING"}
_FLASHBACK_WORDS = frozenset(
    {
        *("AS", "OF", "SCN", "TIMESTAMP", "PERIOD", "FOR", "VERSIONS", "BETWEEN", "AND", "DATE"),
        *("MINVALUE", "MAXVALUE", "INTERVAL", "DAY", "HOUR", "MINUTE", "SECOND", "MONTH", "YEAR"),
        "TO",
    }
)
# Those of them that a value ends with: an alias may follow.
_FLASHBACK_VALUES = frozenset(
    {"MINVALUE", "MAXVALUE", "DAY", "HOUR", "MINUTE", "SECOND", "MONTH", "YEAR"}
)
# `ONLY (view)` and `CONTAINERS(table)`: the name in the brackets is the table.
_AROUND_TABLE = frozenset({"ONLY", "CONTAINERS"})
