"""Rows from a script of INSERT statements. Nothing in it runs: each statement is read, or refused."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from oracle_sft.engine.forms import is_stored
from oracle_sft.engine.insert_values import DATE_FORMAT, TIMESTAMP_FORMAT, Evaluator, Slot
from oracle_sft.engine.result import LoadError, OracleError
from oracle_sft.engine.rewrite.rewriter import OracleVersion
from oracle_sft.sqltext.cursor import WANTING, Cursor
from oracle_sft.sqltext.ddl_tables import sequence_numbers
from oracle_sft.sqltext.lexer import Token, line_and_column, literal_value
from oracle_sft.sqltext.schema import Column, Schema, Table
from oracle_sft.sqltext.statements import Piece, pieces

_WITHOUT_ROWS = frozenset(
    """CREATE COMMENT GRANT REVOKE COMMIT SELECT ANALYZE AUDIT NOAUDIT PURGE ASSOCIATE DISASSOCIATE
    EXPLAIN""".split()
)
"""Statements after which a table has the rows that it had before."""

_ADDED_LATER = frozenset(
    """CONSTRAINT PRIMARY UNIQUE FOREIGN CHECK SUPPLEMENTAL PERIOD ENABLE DISABLE LOGGING NOLOGGING
    PARALLEL NOPARALLEL CACHE NOCACHE MOVE COMPRESS NOCOMPRESS READ""".split()
)
_RUNS_MORE = frozenset(["@", "@@", "START", "EXEC", "EXECUTE", "HOST"])
_HARMLESS_SETTINGS = frozenset(["CURRENT_SCHEMA", "NLS_LANGUAGE", "NLS_LENGTH_SEMANTICS"])
_DATE_LITERAL = re.compile(r"\d{4}-\d\d-\d\d")
_TIMESTAMP_LITERAL = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?")


def read_inserts(
    path: Path,
    text: str,
    schema: Schema,
    *,
    clock: datetime | None = None,
    oracle_version: OracleVersion = "19c",
) -> dict[str, list[dict[str, object]]]:
    """The rows that a script inserts, by table. DDL in it is read over.

    Omitted columns get their defaults, identity columns and sequences of the script count, and a text
    for a DATE follows NLS_DATE_FORMAT: DD-MON-RR, until the script sets another.

    Raises:
        LoadError: a statement that is no INSERT of known values, with its line.
    """
    reader = _Reader(path, text, schema, clock, oracle_version)
    try:
        for piece in pieces(text, reader.fail):
            reader.read(piece)
        reader.values.finish(reader.date_format, reader.timestamp_format)
    finally:
        reader.values.close()
    return reader.rows


class _Reader:
    def __init__(
        self,
        path: Path,
        text: str,
        schema: Schema,
        clock: datetime | None,
        oracle_version: OracleVersion,
    ) -> None:
        self.path, self.text, self.schema = path, text, schema
        self.rows: dict[str, list[dict[str, object]]] = {}
        self.values = Evaluator(clock, oracle_version, self.fail)
        self.date_format = DATE_FORMAT
        self.timestamp_format = TIMESTAMP_FORMAT
        self.sequences: dict[str, tuple[int, int]] = {}
        """Next number and step, by name."""
        self.current: dict[str, int] = {}
        self.identities: dict[tuple[str, str], int] = {}
        self._trigger = False

    def fail(self, offset: int, message: str) -> LoadError:
        line = line_and_column(self.text, offset)[0]
        return LoadError(f"{self.path}, line {line}: {message}")

    def read(self, piece: Piece) -> None:
        if piece.command:
            if piece.command in _RUNS_MORE or piece.command.startswith("@"):
                raise self.fail(piece.start, f"{piece.command} runs what is not in this file")
            return
        if not piece.tokens:
            return
        words = [token.name for token in piece.tokens[:8]]
        start = piece.tokens[0].start
        if words[0] == "BEGIN":
            self._block(piece.tokens)
        elif words[0] == "INSERT":
            if self._trigger:
                raise self.fail(start, "INSERT behind a CREATE TRIGGER, which may change its rows")
            _Insert(self, piece.tokens).read()
        elif words[0] == "CREATE":
            self._create(piece.tokens, words)
        elif words[:2] in (["DROP", "TABLE"], ["TRUNCATE", "TABLE"]):
            self._empty(piece.tokens)
        elif words[0] == "ALTER" and words[1:2] != ["TABLE"]:
            self._alter(piece.tokens, words)
        elif words[0] == "ALTER":
            self._alter_table(piece.tokens)
        elif words[0] not in _WITHOUT_ROWS and words[0] != "DROP":
            shown = " ".join(word for word in words[:2] if word)
            raise self.fail(start, f"{shown}: only INSERT statements bring rows")

    def table(self, name: str, offset: int) -> Table:
        table = self.schema.table(name)
        if table is None:
            known = ", ".join(sorted(table.name for table in self.schema.tables))
            raise self.fail(offset, f"unknown table {name}; the schema has {known}")
        return table

    def next_number(self, sequence: str, offset: int) -> int:
        if sequence not in self.sequences:
            raise self.fail(offset, f"sequence {sequence} is not created in this script")
        number, step = self.sequences[sequence]
        self.sequences[sequence] = number + step, step
        self.current[sequence] = number
        return number

    def _create(self, tokens: Sequence[Token], words: Sequence[str]) -> None:
        if "TRIGGER" in words[:4]:
            self._trigger = True
        if words[1:2] == ["SEQUENCE"]:
            cursor = _At(self, tokens, 2)
            cursor.take("IF", "NOT", "EXISTS")
            name = cursor.name("the name of a sequence")
            self.sequences[name] = sequence_numbers(tokens[cursor.at :])

    def _block(self, tokens: Sequence[Token]) -> None:
        """BEGIN .. END around statements, which dumps have; nothing else of PL/SQL is read."""
        body = tokens[1:-1] if tokens[-1].text == ";" else tokens[1:]
        if not body or body[-1].name != "END":
            raise self.fail(tokens[0].start, "a block that does not end with END")
        part: list[Token] = []
        for token in body[:-1]:
            if token.text != ";":
                part.append(token)
                continue
            if part and part[0].name not in ("INSERT", "COMMIT"):
                shown = " ".join(each.text for each in part[:2])
                raise self.fail(part[0].start, f"{shown}: only INSERT statements bring rows")
            if part:
                self.read(Piece(part[0].start, part[-1].end, part))
            part = []
        if part:
            raise self.fail(part[0].start, "a statement without ';' in a block")

    def _empty(self, tokens: Sequence[Token]) -> None:
        cursor = _At(self, tokens, 2)
        cursor.take("IF", "EXISTS")
        name = cursor.name("the name of a table")
        if self.rows.get(name):
            self.values.finish(self.date_format, self.timestamp_format)
            self.rows[name] = []

    def _alter(self, tokens: Sequence[Token], words: Sequence[str]) -> None:
        if words[1:2] != ["SESSION"]:
            return
        # What came before is read with what held before.
        self.values.finish(self.date_format, self.timestamp_format)
        cursor = _At(self, tokens, 2)
        cursor.expect("SET")
        while cursor.at < len(tokens):
            setting = cursor.name("the name of a setting")
            cursor.expect("=")
            value = tokens[cursor.at] if cursor.at < len(tokens) else None
            if setting in ("NLS_DATE_FORMAT", "NLS_TIMESTAMP_FORMAT"):
                if value is None or value.kind != "string":
                    raise cursor.error("expected a format in quotes")
                if setting == "NLS_DATE_FORMAT":
                    self.date_format = literal_value(value)
                else:
                    self.timestamp_format = literal_value(value)
            elif setting not in _HARMLESS_SETTINGS:
                raise cursor.error(f"ALTER SESSION SET {setting} is not known here")
            cursor.at += 1

    def _alter_table(self, tokens: Sequence[Token]) -> None:
        cursor = _At(self, tokens, 2)
        start = tokens[0].start
        name = cursor.name("the name of a table")
        if cursor.take("MODIFY"):
            return  # what would change a value is refused by Oracle
        cursor.take("ADD")
        cursor.take("(")
        if self.rows.get(name) and cursor.word() not in _ADDED_LATER:
            raise self.fail(start, f"ALTER TABLE {name} behind rows of it may change them")


class _At(Cursor):
    def __init__(self, reader: _Reader, tokens: Sequence[Token], at: int = 0) -> None:
        super().__init__(tokens, at)
        self.reader = reader

    def error(self, message: str) -> LoadError:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            found = f", found {token.text[:40]!r}" if message.startswith(WANTING) else ""
            return self.reader.fail(token.start, message + found)
        return self.reader.fail(self.tokens[-1].end, f"{message}, found the end of the statement")


class _Insert(_At):
    """One INSERT statement."""

    def read(self) -> None:
        self.expect("INSERT")
        self.numbers: dict[str, int] = {}
        if self.take("ALL"):
            self._all()
            return
        if self.word() != "INTO":
            raise self.error("expected INTO or ALL INTO")
        table, columns = self._into()
        if self.take("VALUES"):
            self._values(table, columns)
            while self.take(","):
                self.numbers = {}
                self._values(table, columns)
            if self.at < len(self.tokens):
                raise self.error("expected the end of the statement")
        elif self.word() in ("SELECT", "WITH", "("):
            self._query(table, columns)
        else:
            raise self.error("expected VALUES or a query")

    def _all(self) -> None:
        made: list[tuple[Table, tuple[Column, ...]]] = []
        while self.word() == "INTO":
            table, columns = self._into()
            made.append((table, columns))
            self.expect("VALUES")
            self._values(table, columns)
        rest = [token.name or token.text for token in self.tokens[self.at :]]
        if rest[:1] != ["SELECT"] or rest[2:] != ["FROM", "DUAL"]:
            raise self.error("expected INTO, or SELECT * FROM dual at the end")

    def _into(self) -> tuple[Table, tuple[Column, ...]]:
        self.expect("INTO")
        start = self.tokens[self.at].start if self.at < len(self.tokens) else 0
        table = self.reader.table(self.name("the name of a table"), start)
        if self.word() != "(":
            return table, tuple(column for column in table.columns if column.virtual is None)
        columns = []
        place = self.at
        for name in self.names("the name of a column"):
            column = table.column(name)
            if column is None:
                self.at = place
                raise self.error(f"table {table.name} has no column {name}")
            columns.append(column)
        return table, tuple(columns)

    def _values(self, table: Table, columns: tuple[Column, ...]) -> None:
        opening = self.at
        self.expect("(")
        found: list[tuple[int, int]] = []
        while True:
            start = self.at
            while self.at < len(self.tokens) and self.word() not in (",", ")"):
                if self.word() == "(":
                    self.skip_brackets()
                else:
                    self.at += 1
            if self.at == start:
                raise self.error("expected a value")
            found.append((start, self.at))
            if not self.take(","):
                break
        self.expect(")")
        if len(found) != len(columns):
            error = OracleError.of("ORA-00947" if len(found) < len(columns) else "ORA-00913")
            raise self.reader.fail(
                self.tokens[opening].start, f"{error} ({len(found)} for {len(columns)} columns)"
            )
        row = self._new_row(table, {column.name for column in columns}, opening)
        for column, (start, end) in zip(columns, found, strict=True):
            self._value(table, column, row, start, end)

    def _new_row(self, table: Table, given: set[str], at: int) -> dict[str, object]:
        row: dict[str, object] = {}
        self.reader.rows.setdefault(table.name, []).append(row)
        for column in table.columns:
            if column.name not in given and column.virtual is None:
                self._default(table, column, row, self.tokens[at].start)
        return row

    def _default(self, table: Table, column: Column, row: dict[str, object], offset: int) -> None:
        if column.identity is not None:
            start, step = column.identity
            number = self.reader.identities.get((table.name, column.name), start)
            self.reader.identities[table.name, column.name] = number + step
            row[column.name] = number
        elif column.default is not None and is_stored(column.type):
            # Its place is filled now, so that the order of columns is that of the table.
            row[column.name] = None
            slot = Slot(row, column.name, offset)
            self.reader.values.expression(column.default, slot, column)

    def _value(
        self, table: Table, column: Column, row: dict[str, object], start: int, end: int
    ) -> None:
        part = self.tokens[start:end]
        offset = part[0].start
        words = [token.name for token in part]
        slot = Slot(row, column.name, offset)
        row[column.name] = None
        if words == ["NULL"] or not is_stored(column.type):
            return
        if words == ["DEFAULT"]:
            self._default(table, column, row, offset)
        elif part[0].text.startswith("&"):
            raise self.reader.fail(offset, "a substitution variable; write its value instead")
        elif len(part) == 1 and part[0].kind == "string":
            self._text(column, literal_value(part[0]), slot)
        elif column.kind == "number" and _is_number(part):
            row[column.name] = "".join(token.text for token in part)
        elif (literal := _moment(part)) and column.kind == "date":
            row[column.name] = literal
        elif words[1:] in ([".", "NEXTVAL"], [".", "CURRVAL"]) and part[0].is_name:
            row[column.name] = self._sequence(words[0], words[2], offset)
        elif (
            [words[0], *words[1::2]] == [words[0], "(", ",", ")"]
            and words[0] in ("TO_DATE", "TO_TIMESTAMP")
            and column.kind == "date"
            and part[2].kind == part[4].kind == "string"
            and literal_value(part[2])
        ):
            text, format_ = literal_value(part[2]), literal_value(part[4])
            self.reader.values.conversion(words[0], format_, text, slot)
        else:
            self.reader.values.expression(self.text_of(start, end), slot, column)

    def _text(self, column: Column, text: str, slot: Slot) -> None:
        if column.kind != "date" or not text:
            slot.row[slot.column] = text
        elif column.type.startswith("TIMESTAMP"):
            format_ = self.reader.timestamp_format
            self.reader.values.conversion("TO_TIMESTAMP", format_, text, slot)
        else:
            self.reader.values.conversion("TO_DATE", self.reader.date_format, text, slot)

    def _sequence(self, name: str, which: str, offset: int) -> int:
        # One statement takes one number, however often it asks.
        if which == "NEXTVAL" and name not in self.numbers:
            self.numbers[name] = self.reader.next_number(name, offset)
        number = self.reader.current.get(name)
        if number is None:
            raise self.reader.fail(offset, f"ORA-08002: sequence {name}.CURRVAL is not yet defined")
        return number

    def _query(self, table: Table, columns: tuple[Column, ...]) -> None:
        start = self.at
        offset = self.tokens[start].start
        result = self.reader.values.rows_of(self.text_of(start, len(self.tokens)), offset)
        if len(result.columns) != len(columns):
            raise self.reader.fail(
                offset, f"a query of {len(result.columns)} columns for {len(columns)}"
            )
        for values in result.rows:
            row = self._new_row(table, {column.name for column in columns}, start)
            for column, value in zip(columns, values, strict=True):
                if column.kind == "date" and isinstance(value, str):
                    self._text(column, value, Slot(row, column.name, offset))
                else:
                    row[column.name] = value


def _is_number(part: Sequence[Token]) -> bool:
    signed = part[1:] if part[0].text in ("-", "+") else part
    return len(signed) == 1 and signed[0].kind == "number" and signed[0].text[-1] not in "fFdD"


def _moment(part: Sequence[Token]) -> str | None:
    """What a DATE or TIMESTAMP literal says, if it is written in full and without a zone."""
    if len(part) != 2 or part[1].kind != "string":
        return None
    text = literal_value(part[1])
    if part[0].name == "DATE" and _DATE_LITERAL.fullmatch(text):
        return text
    if part[0].name == "TIMESTAMP" and _TIMESTAMP_LITERAL.fullmatch(text):
        return text
    return None
