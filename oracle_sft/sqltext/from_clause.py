"""The FROM clause of a query block, read from its tokens: tables, joins, aliases and what stands behind them."""

from oracle_sft.sqltext.blocks import SET_OPERATORS, Block, Source, Statement

# What ends the list of tables behind FROM, at the same bracket depth.
CLAUSES = SET_OPERATORS | {
    *("WHERE", "GROUP", "HAVING", "START", "CONNECT", "MODEL", "ORDER", "FETCH", "OFFSET", "FOR"),
    *("WINDOW", "SELECT", "LIMIT", "QUALIFY", "WITH", "FROM"),
}
_JOIN_WORDS = frozenset({"INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"})
# Words behind a table that are no alias of it.
_NO_ALIAS = CLAUSES | _JOIN_WORDS | {"JOIN", "ON", "USING", "AS", "AND", "OR"}
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


_MAX_JOIN_DEPTH = 50
# Tokens between NESTED and COLUMNS: the path of a JSON column.
_MAX_PATH = 40
Group = tuple[int, int, Block | None, tuple[str, ...]]


class FromReader:
    """Reads the tables of one block at a time; what is bracketed waits in `groups`."""

    def __init__(self, found: Statement) -> None:
        self.found = found
        self.name = found.name
        self.join_depth = 0
        self.groups: list[Group] = []
        """Bracket groups still to be read: first token, end, the block around them, names of WITH."""

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

    def read_from(self, at: int, end: int, block: Block, ctes: tuple[str, ...]) -> int:
        """Read the tables from `at` on; returns the index of what ends the list."""
        expects_table = True
        while at < end:
            word = self.name(at)
            self.found.block_of[at] = block
            if self.name(at - 1) != ".":
                is_table = expects_table and word in _SOFT_WORDS
                if word in CLAUSES and not is_table and self.opens_clause(at):
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
            if lateral and self.name(at) == "(" and self.name(at + 1) == "+":
                at = self.defer(at, block, ctes)
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
        """Where the bracket of ONLY (..), CONTAINERS(..) or SHARDS(..) closes, if it holds a name only."""
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
            first = at
            at = (
                self.read_flashback(at, end, block, ctes)
                if word in ("AS", "VERSIONS")
                else self.read_bracketed_suffix(at, end, block, ctes)
            )
            self.found.suffixes.append((first, at))
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
        cases = 0
        while at < end:
            self.found.block_of[at] = block
            cases += (self.name(at) == "CASE") - (self.name(at) == "END")
            at = self.defer(at, block, ctes) if self.name(at) == "(" else at + 1
            if cases > 0:
                continue
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
_FLASHBACK_ENDS = CLAUSES | {",", "JOIN", "ON", "USING"}
_FLASHBACK_WORDS = frozenset(
    {
        *("AS", "OF", "SCN", "TIMESTAMP", "PERIOD", "FOR", "VERSIONS", "BETWEEN", "AND", "DATE"),
        *("MINVALUE", "MAXVALUE", "INTERVAL", "DAY", "HOUR", "MINUTE", "SECOND", "MONTH", "YEAR"),
        *("TO", "AT", "TIME", "ZONE"),
    }
)
# Those of them that a value ends with: an alias may follow.
_FLASHBACK_VALUES = frozenset(
    {"MINVALUE", "MAXVALUE", "DAY", "HOUR", "MINUTE", "SECOND", "MONTH", "YEAR"}
)
# `ONLY (view)`, `CONTAINERS(table)` and `SHARDS(table)`: the name in the brackets is the table.
_AROUND_TABLE = frozenset({"ONLY", "CONTAINERS", "SHARDS"})
