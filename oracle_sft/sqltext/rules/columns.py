"""Which columns a source can have, as far as the statement itself says it."""

from oracle_sft.sqltext.blocks import Block, Source
from oracle_sft.sqltext.functions import LIST_TYPES
from oracle_sft.sqltext.reading import Reading

# They give a table columns that no SELECT list names.
_NEW_COLUMNS = frozenset({"PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", "MODEL"})
_COLUMN_TABLES = frozenset({"XMLTABLE", "JSON_TABLE"})
_MAX_DEPTH = 30

Columns = frozenset[str] | None
"""The names that a column can have; None where only a database knows them."""


class KnownColumns:
    """The columns of DUAL, inline views, WITH queries, XMLTABLE and JSON_TABLE of one statement."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.of_block: dict[int, Columns] = {}
        self.of_name: dict[str, Columns] = {}
        self.unknown = bool(reading.present & _NEW_COLUMNS)
        self.depth = 0

    def of_source(self, block: Block, source: Source) -> Columns:
        reading = self.reading
        name = reading.table_name(source)
        if len(source.parts) == 1 and name in block.ctes:
            return None if self.unknown else self._of_with_query(name)
        if reading.is_dual(source):
            return frozenset({"DUMMY"})
        if self.unknown:
            return None
        if source.called:
            opening = source.parts[-1] + 1
            if self._is_list(source):
                return self._list_behind(source.alias) or frozenset({"COLUMN_VALUE"})
            if reading.name(source.at) not in _COLUMN_TABLES:
                return None
            return self._names(reading.inside(opening)) | {"COLUMN_VALUE"}
        if source.parts or source.at < 0:
            return None
        listed = self._list_behind(source.alias)
        return listed or self._of_query(source.at + 1, reading.inside(source.at).stop)

    def _is_list(self, source: Source) -> bool:
        """Whether it is a list of Oracle's own, with one column: TABLE(SYS.ODCINUMBERLIST(1, 2))."""
        reading = self.reading
        type_at = source.parts[-1]
        last = reading.inside(type_at + 1).stop
        if reading.name(type_at) == "TABLE":
            type_at += 2
            last -= 1
        type_at += 2 * (reading.name(type_at) == "SYS" and reading.name(type_at + 1) == ".")
        return (
            reading.name(type_at) in LIST_TYPES and reading.statement.pairs.get(type_at + 1) == last
        )

    def _names(self, part: range) -> frozenset[str]:
        tokens = self.reading.tokens
        return frozenset(tokens[at].name for at in part if tokens[at].is_name)

    def _list_behind(self, name_at: int | None) -> Columns:
        """`v (a, b)`: the names in the brackets behind a name."""
        if name_at is None or self.reading.name(name_at + 1) != "(":
            return None
        return self._names(self.reading.inside(name_at + 1))

    def _of_with_query(self, name: str) -> Columns:
        if name not in self.of_name:
            columns = self._found_with_query(name)
            if self.depth:
                return columns  # what a query that reads itself sees of itself is not all
            self.of_name[name] = columns
        return self.of_name[name]

    def _found_with_query(self, name: str) -> Columns:
        statement = self.reading.statement
        found = [at for at in statement.cte_bodies if statement.cte_names[at] == name]
        if len(found) != 1:
            return None
        columns = self._list_behind(found[0]) or self._of_query(*statement.cte_bodies[found[0]])
        if columns is None:
            return None
        # SEARCH .. SET and CYCLE .. SET name further ones.
        return columns | {
            self.reading.tokens[at + 1].name
            for at in self.reading.places(frozenset({"SET"}))
            if at + 1 < len(self.reading.tokens)
        }

    def _of_query(self, start: int, end: int) -> Columns:
        """The columns of the query between two tokens: those of its first SELECT."""
        reading = self.reading
        while reading.name(start) == "(":
            start += 1
        group = reading.statement.group_of[start] if start < end else -1
        for block in reading.statement.blocks:
            if start <= block.start < end and reading.statement.group_of[block.start] == group:
                return self.of_select(block)
        return None

    def of_select(self, block: Block) -> Columns:
        if block.start in self.of_block:
            return self.of_block[block.start]
        if self.depth > _MAX_DEPTH:
            return None
        self.of_block[block.start] = None  # for a WITH query that reads itself
        self.depth += 1
        self.of_block[block.start] = self._of_select(block)
        self.depth -= 1
        return self.of_block[block.start]

    def _of_select(self, block: Block) -> Columns:
        reading = self.reading
        names: set[str] = set()
        at, end = block.start + 1, block.clauses.get("FROM", block.end)
        while at < end:
            if reading.name(at + 1) in (",", "FROM") or at + 1 >= end:
                columns = self._of_item(block, at)
                if columns is None:
                    return None
                names |= columns
            at = reading.statement.pairs.get(at, at) + 1
        return frozenset(names)

    def _of_item(self, block: Block, last: int) -> Columns:
        """The names that the item of a SELECT list that ends with this token can have."""
        reading = self.reading
        token = reading.tokens[last]
        if token.is_name:
            return frozenset({token.name})
        if token.text == "]":
            return None
        if token.text != "*":
            return frozenset()
        qualifier = reading.tokens[last - 2].name if reading.name(last - 1) == "." else ""
        names: set[str] = set()
        for source in block.sources:
            if qualifier and reading.statement.source_name(source) != qualifier:
                continue
            columns = self.of_source(block, source)
            if columns is None:
                return None
            names |= columns
        return frozenset(names)
