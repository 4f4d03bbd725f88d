"""Values of INSERT statements, computed by the engine itself: many at once, as scripts have many.

A literal is taken as it stands. What must be computed waits in a batch; what only differs in a text
(`TO_DATE('...', 'DD/MM/YYYY')`) is computed over a table of those texts.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.result import QueryError, ResultSet, Value
from oracle_sft.engine.rewrite.rewriter import OracleVersion
from oracle_sft.sqltext.schema import Column, Schema, Table

DATE_FORMAT = "DD-MON-RR"
TIMESTAMP_FORMAT = "DD-MON-RR HH.MI.SSXFF AM"
"""Of a session that has set no other."""

_SETTINGS = {DATE_FORMAT: "NLS_DATE_FORMAT", TIMESTAMP_FORMAT: "NLS_TIMESTAMP_FORMAT"}
_BATCH = 100
_TIMEOUT_SECONDS = 60.0
_TEXTS = Table(
    name="TEXTS",
    columns=(Column(name="N", type="NUMBER(18)"), Column(name="S", type="VARCHAR2(4000)")),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes, and where it was written."""

    row: dict[str, object]
    column: str
    offset: int


Fail = Callable[[int, str], Exception]
"""Offset and sentence -> what to raise."""


class Evaluator:
    """Computes values outside of any table; its database is closed by `close`."""

    def __init__(self, clock: datetime | None, oracle_version: OracleVersion, fail: Fail) -> None:
        self._clock = clock or datetime.now()
        self._version = oracle_version
        self._fail = fail
        self._database: DuckDBDatabase | None = None
        self._waiting: dict[str, list[tuple[Slot, Column]]] = defaultdict(list)
        self._converting: dict[tuple[str, str], list[tuple[Slot, str]]] = defaultdict(list)

    def expression(self, text: str, slot: Slot, column: Column) -> None:
        """Have `text` computed for a slot, in the type of its column."""
        self._waiting[text].append((slot, column))

    def conversion(self, function: str, format_: str, text: str, slot: Slot) -> None:
        """Have `function('text', 'format')` computed for a slot."""
        self._converting[function, format_].append((slot, text))

    def rows_of(self, query: str, offset: int) -> ResultSet:
        """The rows of a query that reads no table but DUAL."""
        try:
            return self._opened().query(query, timeout_seconds=_TIMEOUT_SECONDS, max_rows=10**6)
        except QueryError as error:
            raise self._fail(offset, str(error)) from None

    def finish(self, date_format: str, timestamp_format: str) -> None:
        """Compute all that waits. Raises what `Fail` makes, for the first value that cannot be."""
        texts = list(self._waiting)
        for start in range(0, len(texts), _BATCH):
            self._compute(texts[start : start + _BATCH], date_format, timestamp_format)
        self._waiting.clear()
        for (function, format_), asked in self._converting.items():
            self._convert(function, format_, asked)
        self._converting.clear()

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _opened(self) -> DuckDBDatabase:
        if self._database is None:
            self._database = self._with({})
        return self._database

    def _with(self, rows: dict[str, list[dict[str, object]]]) -> DuckDBDatabase:
        tables = (_TEXTS,) if rows else ()
        schema = Schema(id="values", tables=tables)
        return DuckDBDatabase(schema, rows, clock=self._clock, oracle_version=self._version)

    def _compute(self, texts: Sequence[str], date_format: str, timestamp_format: str) -> None:
        offsets = [self._waiting[text][0][0].offset for text in texts]
        result = self._of(texts, offsets)
        shown: list[tuple[str, Slot]] = []
        for text, type_, value in zip(texts, result.types, result.rows[0], strict=True):
            for slot, column in self._waiting[text]:
                if value is None:
                    slot.row[slot.column] = None
                elif column.kind == "text" and type_ not in ("VARCHAR2", "CHAR"):
                    shown.append((f"TO_CHAR({text})", slot))
                elif column.kind == "date" and isinstance(value, str):
                    timestamp = column.type.startswith("TIMESTAMP")
                    function = "TO_TIMESTAMP" if timestamp else "TO_DATE"
                    format_ = timestamp_format if timestamp else date_format
                    self.conversion(function, format_, value, slot)
                else:
                    slot.row[slot.column] = value
        if shown:
            again = self._of([text for text, _ in shown], [slot.offset for _, slot in shown])
            for (_, slot), value in zip(shown, again.rows[0], strict=True):
                slot.row[slot.column] = value

    def _of(self, texts: Sequence[str], offsets: Sequence[int], hint: str = "") -> ResultSet:
        """One row with the value of each expression."""
        listed = ", ".join(f"{text} AS c{number}" for number, text in enumerate(texts))
        try:
            result = self._opened().query(
                f"SELECT {listed} FROM dual", timeout_seconds=_TIMEOUT_SECONDS
            )
        except QueryError as error:
            if len(texts) > 1:  # which one?
                for text, offset in zip(texts, offsets, strict=True):
                    self._of([text], [offset], hint)
            raise self._fail(offsets[0], f"{texts[0]}: {error}{hint}") from None
        if len(result.columns) != len(texts):
            raise self._fail(offsets[0], f"{texts[0]}: not one value")
        return result

    def _convert(self, function: str, format_: str, asked: Sequence[tuple[Slot, str]]) -> None:
        for (slot, _), value in zip(asked, self._converted(function, format_, asked), strict=True):
            slot.row[slot.column] = value

    def _converted(
        self, function: str, format_: str, asked: Sequence[tuple[Slot, str]]
    ) -> Sequence[Value]:
        rows: list[dict[str, object]] = [
            {"N": number, "S": text} for number, (_, text) in enumerate(asked)
        ]
        database = self._with({"TEXTS": rows})
        try:
            result = database.query(
                f"SELECT {function}(s, {_literal(format_)}) FROM texts ORDER BY n",
                timeout_seconds=_TIMEOUT_SECONDS,
                max_rows=len(rows),
            )
            return [row[0] for row in result.rows]
        except QueryError:
            pass  # One of them is wrong, or the format is for literals only.
        finally:
            database.close()
        found: list[Value] = []
        hint = f"; {_SETTINGS[format_]} is set nowhere above" if format_ in _SETTINGS else ""
        for start in range(0, len(asked), _BATCH):
            part = asked[start : start + _BATCH]
            texts = [f"{function}({_literal(text)}, {_literal(format_)})" for _, text in part]
            found += self._of(texts, [slot.offset for slot, _ in part], hint).rows[0]
        return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
