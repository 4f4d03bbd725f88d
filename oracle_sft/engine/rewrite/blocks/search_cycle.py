"""SEARCH and CYCLE behind a recursive WITH query, cut out before parsing: the parser knows them in
part only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.sqltext.lexer import Token, literal_value


@dataclass(frozen=True, slots=True)
class SortKey:
    column: str
    direction: str
    """As DuckDB writes it: `ASC NULLS LAST`."""


@dataclass(frozen=True, slots=True)
class Search:
    """SEARCH DEPTH or BREADTH FIRST BY keys SET name."""

    depth_first: bool
    keys: tuple[SortKey, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """CYCLE columns SET name TO marked DEFAULT unmarked."""

    columns: tuple[str, ...]
    name: str
    marked: str
    unmarked: str


@dataclass(slots=True)
class Extras:
    search: Search | None = None
    cycle: Cycle | None = None


@dataclass(slots=True)
class _Reader:
    tokens: Sequence[Token]
    index: int

    def take(self, *words: str) -> bool:
        """Step over these words if they come next."""
        found = [token.name for token in self.tokens[self.index : self.index + len(words)]]
        if found != list(words):
            return False
        self.index += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise OracleError.of("ORA-00905")

    def name(self) -> str:
        if self.index >= len(self.tokens) or not self.tokens[self.index].is_name:
            raise OracleError.of("ORA-00904", "")
        self.index += 1
        return self.tokens[self.index - 1].name

    def value(self) -> str:
        """The one character that marks a row, as text even where it is written as a number."""
        token = self.tokens[self.index] if self.index < len(self.tokens) else None
        if token is None or token.kind not in ("string", "number"):
            raise OracleError.of("ORA-00936")
        self.index += 1
        text = literal_value(token) if token.kind == "string" else token.text
        if len(text) != 1:
            message = "a CYCLE value of more than one character"
            raise UnsupportedSQL(message)
        return text


def cut(lexed: list[Token]) -> tuple[list[Token], dict[int, Extras]]:
    """The tokens without these clauses, and the clauses by where the name of their query begins.

    Raises:
        OracleError: ORA-00904, ORA-00905, ORA-00936.
    """
    found: dict[int, Extras] = {}
    out: list[Token] = []
    index = 0
    while index < len(lexed):
        token, before = lexed[index], out[-1].text if out else ""
        following = lexed[index + 1].name if index + 1 < len(lexed) else ""
        search = token.name == "SEARCH" and following in ("DEPTH", "BREADTH")
        cycle = token.name == "CYCLE" and index + 1 < len(lexed) and lexed[index + 1].is_name
        start = _query_name(out) if before == ")" and (search or cycle) else None
        if start is None:
            out.append(token)
            index += 1
            continue
        reader = _Reader(lexed, index + 1)
        extras = found.setdefault(start, Extras())
        if search:
            extras.search = _search(reader)
        else:
            extras.cycle = _cycle(reader)
        index = reader.index
    return out, found


def attach(tree: exp.Expr, found: dict[int, Extras]) -> None:
    """Put the clauses at their queries in the tree."""
    if not found:
        return
    for cte in tree.find_all(exp.CTE):
        start = cte.args["alias"].this.meta.get("start")
        if start in found:
            cte.meta["extras"] = found[start]


def _query_name(before: Sequence[Token]) -> int | None:
    """Where the name of the WITH query begins whose closing bracket stands last; None if it is
    another bracket.
    """
    opening = _opening(before, len(before) - 1)
    if opening < 2 or before[opening - 1].name != "AS":
        return None
    index = opening - 2
    if before[index].text == ")":
        index = _opening(before, index) - 1
    return before[index].start if index >= 0 and before[index].is_name else None


def _opening(tokens: Sequence[Token], closing: int) -> int:
    depth = 0
    for index in range(closing, -1, -1):
        depth += {")": 1, "(": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    return -1


def _search(reader: _Reader) -> Search:
    depth_first = reader.tokens[reader.index].name == "DEPTH"
    reader.index += 1
    reader.expect("FIRST", "BY")
    keys: list[SortKey] = []
    while True:
        column = reader.name()
        descending = reader.take("DESC")
        if not descending:
            reader.take("ASC")
        first = descending
        if reader.take("NULLS", "FIRST"):
            first = True
        elif reader.take("NULLS", "LAST"):
            first = False
        nulls = "FIRST" if first else "LAST"
        keys.append(SortKey(column, f"{'DESC' if descending else 'ASC'} NULLS {nulls}"))
        if not reader.take(","):
            break
    reader.expect("SET")
    return Search(depth_first, tuple(keys), reader.name())


def _cycle(reader: _Reader) -> Cycle:
    columns = [reader.name()]
    while reader.take(","):
        columns.append(reader.name())
    reader.expect("SET")
    name = reader.name()
    reader.expect("TO")
    marked = reader.value()
    reader.expect("DEFAULT")
    return Cycle(tuple(columns), name, marked, reader.value())


def check(extras: Extras, columns: Sequence[str]) -> None:
    """Whether the clauses fit the columns of their query.

    Raises:
        OracleError: ORA-32046, ORA-32048, ORA-32481 to ORA-32485, ORA-32489.
    """
    search, cycle = extras.search, extras.cycle
    if search is not None:
        _check_search(search, columns)
    if cycle is not None:
        _check_cycle(cycle, columns)
    if search is not None and cycle is not None and search.name == cycle.name:
        raise OracleError.of("ORA-32482")


def _check_search(search: Search, columns: Sequence[str]) -> None:
    keys = [key.column for key in search.keys]
    if not set(keys) <= set(columns):
        raise OracleError.of("ORA-32489")
    if len(set(keys)) != len(keys):
        raise OracleError.of("ORA-32483")
    if search.name in columns:
        raise OracleError.of("ORA-32046")


def _check_cycle(cycle: Cycle, columns: Sequence[str]) -> None:
    if not set(cycle.columns) <= set(columns):
        raise OracleError.of("ORA-32485")
    if len(set(cycle.columns)) != len(cycle.columns):
        raise OracleError.of("ORA-32484")
    if cycle.name in columns:
        raise OracleError.of("ORA-32048")
    if cycle.marked == cycle.unmarked:
        raise OracleError.of("ORA-32481")
