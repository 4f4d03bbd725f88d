"""What a gold query asks of its tables: which it reads, and what it compares their columns with.

Read from the tokens, so that it works for grammar that the parser does not know. Nothing here has to
be complete: what is overlooked only makes the generated rows less telling.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from oracle_sft.engine.result import Value
from oracle_sft.sqltext.lexer import literal_value, tokens
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.schema import Schema

Evaluate = Callable[[str], Value]
"""The value of a constant expression; None where it has none."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column beside constants: `amount * 2 >= 10`, `status IN ('a', 'b')`, `DECODE(city, 'Bern', ..)`."""

    alias: str
    column: str
    operator: str
    """`=`, `<>`, `<`, `<=`, `>`, `>=`, `BETWEEN`, `IN`, `LIKE`."""
    values: tuple[Value, ...]
    aggregate: str = ""
    """The group function that stands around the column."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one query says about the rows that would tell it from its neighbours."""

    sources: dict[str, str]
    """Alias to table."""
    comparisons: tuple[Comparison, ...]
    pairs: tuple[tuple[tuple[str, str], tuple[str, str]], ...]
    """Columns that are compared with each other: ((alias, column), (alias, column))."""
    counts: tuple[int, ...]
    """What COUNT and the numbers of rows are compared with."""
    keys: tuple[tuple[str, str], ...]
    """Columns of GROUP BY, ORDER BY and PARTITION BY."""
    columns: tuple[tuple[str, str], ...]
    """Every column that the query names."""


_OPERATORS = {"=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "<>": "<>", "!=": "<>"}
_OPERATORS |= {"^=": "<>", "~=": "<>"}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_BOUNDARIES = frozenset(
    """AND OR NOT WHERE ON HAVING WHEN THEN ELSE END CASE SELECT FROM GROUP ORDER UNION MINUS INTERSECT
    CONNECT START WITH BY FETCH OFFSET BETWEEN IN LIKE IS ESCAPE ASC DESC NULLS KEEP OVER AS DISTINCT
    USING JOIN SET""".split()
)
_NO_ALIAS = RESERVED_WORDS | frozenset(
    """WHERE ON JOIN LEFT RIGHT FULL INNER OUTER CROSS NATURAL GROUP ORDER CONNECT START UNION MINUS
    INTERSECT FETCH OFFSET HAVING USING PIVOT UNPIVOT SAMPLE MODEL PARTITION WITH LATERAL""".split()
)
_AGGREGATES = frozenset("COUNT SUM AVG MIN MAX MEDIAN STDDEV VARIANCE".split())
_MOST_ROWS = 200


def read_shape(sql: str, schema: Schema, evaluate: Evaluate) -> Shape:
    return _Reader(sql, schema, evaluate).shape()


class _Reader:
    def __init__(self, sql: str, schema: Schema, evaluate: Evaluate) -> None:
        self._sql = sql
        self._schema = schema
        self._evaluate = evaluate
        self._tokens = list(tokens(sql))
        self._sources = dict(self._found_sources())

    def shape(self) -> Shape:
        comparisons: list[Comparison] = []
        pairs: list[tuple[tuple[str, str], tuple[str, str]]] = []
        counts: list[int] = []
        for place, token in enumerate(self._tokens):
            if token.kind == "op" and token.text in _OPERATORS:
                self._read_operator(place, _OPERATORS[token.text], comparisons, pairs, counts)
            elif token.name in ("BETWEEN", "LIKE", "IN") and token.kind == "word":
                self._read_word(place, token.name, comparisons)
            elif token.name == "DECODE" and self._text(place + 1) == "(":
                self._read_decode(place, comparisons)
            elif token.name in ("FIRST", "NEXT") and self._text(place - 1).upper() == "FETCH":
                counts += self._counts(self._text(place + 1))
        known = [entry for entry in dict.fromkeys(comparisons) if entry.values]
        return Shape(
            self._sources,
            tuple(known),
            tuple(dict.fromkeys(pairs)),
            tuple(dict.fromkeys(counts)),
            tuple(dict.fromkeys(self._sort_keys())),
            tuple(dict.fromkeys(self._columns(0, len(self._tokens)))),
        )

    def _text(self, place: int) -> str:
        return self._tokens[place].text if 0 <= place < len(self._tokens) else ""

    def _counts(self, text: str) -> list[int]:
        return [int(text)] if text.isdigit() and int(text) <= _MOST_ROWS else []

    def _found_sources(self) -> Iterator[tuple[str, str]]:
        listed = self._tokens
        for place, token in enumerate(listed):
            table = self._schema.table(token.name) if token.is_name else None
            before = self._text(place - 1).upper()
            if table is None or before not in ("FROM", "JOIN", ",", "(", "."):
                continue
            alias = table.name
            if place + 1 < len(listed) and listed[place + 1].is_name:
                following = listed[place + 1]
                if following.kind == "quoted" or following.name not in _NO_ALIAS:
                    alias = following.name
            yield alias, table.name

    def _columns(self, start: int, end: int) -> list[tuple[str, str]]:
        """The columns among some tokens, each with its alias."""
        found: list[tuple[str, str]] = []
        for place in range(start, end):
            token = self._tokens[place]
            if not token.is_name or self._text(place + 1) in ("(", "."):
                continue
            qualifier = self._tokens[place - 2].name if self._text(place - 1) == "." else ""
            for alias, table_name in self._sources.items():
                table = self._schema.table(table_name)
                assert table is not None
                if qualifier in ("", alias) and table.column(token.name) is not None:
                    found.append((alias, token.name))
        return found

    def _operand(self, place: int, step: int) -> tuple[int, int]:
        """The tokens on one side of an operator."""
        depth = 0
        opens, closes = ("(", ")") if step > 0 else (")", "(")
        at = place + step
        while 0 <= at < len(self._tokens):
            token = self._tokens[at]
            if token.text == opens:
                depth += 1
            elif token.text == closes:
                if not depth:
                    break
                depth -= 1
            elif not depth and (
                (token.kind == "word" and token.name in _BOUNDARIES)
                or (token.kind == "op" and (token.text in _OPERATORS or token.text in (",", ";")))
            ):
                break
            at += step
        return (place + 1, at) if step > 0 else (at + 1, place)

    def _constant(self, start: int, end: int) -> Value:
        part = self._tokens[start:end]
        if not part or any(token.name in ("SELECT", "PRIOR") for token in part):
            return None
        if len(part) == 1 and part[0].kind == "string":
            return literal_value(part[0])
        if any(token.kind == "bind" for token in part) or self._columns(start, end):
            return None
        return self._evaluate(self._sql[part[0].start : part[-1].end])

    def _aggregate(self, start: int, end: int) -> str:
        for place in range(start, end):
            if self._tokens[place].name in _AGGREGATES and self._text(place + 1) == "(":
                return self._tokens[place].name
        return ""

    def _read_operator(
        self,
        place: int,
        operator: str,
        comparisons: list[Comparison],
        pairs: list[tuple[tuple[str, str], tuple[str, str]]],
        counts: list[int],
    ) -> None:
        left, right = self._operand(place, -1), self._operand(place, 1)
        here, there = self._columns(*left), self._columns(*right)
        if here and there:
            if operator == "=" and len(here) == len(there) == 1:
                pairs.append((here[0], there[0]))
            return
        if there:
            left, right, here = right, left, there
            operator = _MIRRORED.get(operator, operator)
        value = self._constant(*right)
        aggregate = self._aggregate(*left)
        if not here or aggregate == "COUNT":
            counts += self._counts(str(value))
            return
        comparisons += [
            Comparison(alias, column, operator, (value,) if value is not None else (), aggregate)
            for alias, column in here
        ]

    def _read_word(self, place: int, word: str, comparisons: list[Comparison]) -> None:
        left_end = place - 1 if self._text(place - 1).upper() == "NOT" else place
        left = self._operand(left_end, -1)
        values: list[Value] = []
        if word == "IN":
            if self._text(place + 1) != "(":
                return
            values = [self._constant(*part) for part in self._list(place + 1)]
        else:
            right = self._operand(place, 1)
            values = [self._constant(*right)]
            if word == "BETWEEN" and self._text(right[1]).upper() == "AND":
                values.append(self._constant(*self._operand(right[1], 1)))
        known = tuple(value for value in values if value is not None)
        comparisons += [
            Comparison(alias, column, word, known, self._aggregate(*left))
            for alias, column in self._columns(*left)
        ]

    def _read_decode(self, place: int, comparisons: list[Comparison]) -> None:
        parts = list(self._list(place + 1))
        wanted = [self._constant(*part) for part in parts[1:-1:2]]
        known = tuple(value for value in wanted if value is not None)
        if parts:
            comparisons += [
                Comparison(alias, column, "IN", known) for alias, column in self._columns(*parts[0])
            ]

    def _list(self, place: int) -> Iterator[tuple[int, int]]:
        """The parts between the commas of a bracket."""
        depth, start = 0, place + 1
        for at in range(place, len(self._tokens)):
            text = self._tokens[at].text
            depth += (text == "(") - (text == ")")
            if (text == "," and depth == 1) or (text == ")" and not depth):
                yield start, at
                start = at + 1
            if not depth:
                return

    def _sort_keys(self) -> Iterator[tuple[str, str]]:
        for place, token in enumerate(self._tokens):
            if token.name == "BY" and self._text(place - 1).upper() in (
                *("ORDER", "GROUP", "PARTITION"),
            ):
                end = self._end_of_keys(place + 1)
                yield from self._columns(place + 1, end)

    def _end_of_keys(self, place: int) -> int:
        depth = 0
        for at in range(place, len(self._tokens)):
            token = self._tokens[at]
            depth += (token.text == "(") - (token.text == ")")
            if depth < 0 or (not depth and token.name in _KEYS_END):
                return at
        return len(self._tokens)


_KEYS_END = frozenset("FETCH OFFSET HAVING ORDER UNION MINUS INTERSECT ROWS RANGE FOR".split())


def sources_in_order(shape: Shape, schema: Schema) -> Sequence[tuple[str, str]]:
    """Aliases with their tables, those that others refer to first."""
    left = dict(shape.sources)
    placed: list[tuple[str, str]] = []
    while left:
        names = set(left.values())
        free = [alias for alias, table in left.items() if not _refers(schema, table, names)]
        for alias in free or list(left)[:1]:
            placed.append((alias, left.pop(alias)))
    return placed


def _refers(schema: Schema, name: str, names: set[str]) -> bool:
    table = schema.table(name)
    return table is not None and any(
        key.table in names and key.table != name for key in table.foreign_keys
    )
