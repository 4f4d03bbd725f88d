"""Tables while their DDL is being read: keys may name what comes later."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from oracle_sft.errors import UserError
from oracle_sft.sqltext.lexer import Token, line_and_column
from oracle_sft.sqltext.names import nearest
from oracle_sft.sqltext.schema import Column, ForeignKey, Table


class DDLError(UserError):
    """DDL that cannot be read; the message says the line and what was expected there."""

    def __init__(self, schema_id: str, line: int, message: str) -> None:
        super().__init__(f"schema {schema_id!r}, line {line}: {message}")
        self._line, self._problem = line, message

    def of(self, path: Path | str) -> UserError:
        """The same, where the schema is a file."""
        return UserError(f"{path}, line {self._line}: {self._problem}")


class Script:
    """A DDL text and what has been read of it so far."""

    def __init__(self, text: str, schema_id: str) -> None:
        self.text = text
        self.schema_id = schema_id
        self.tables: dict[str, TableDraft] = {}
        self.skipped: dict[str, None] = {}

    def error(self, offset: int, message: str) -> DDLError:
        return DDLError(self.schema_id, line_and_column(self.text, offset)[0], message)


@dataclasses.dataclass(slots=True)
class KeyDraft:
    columns: tuple[str, ...]
    offset: int
    table: str = ""
    referenced: tuple[str, ...] = ()


@dataclasses.dataclass(slots=True)
class TableDraft:
    name: str
    columns: dict[str, Column] = dataclasses.field(default_factory=dict)
    primary_key: KeyDraft | None = None
    unique_keys: list[KeyDraft] = dataclasses.field(default_factory=list)
    foreign_keys: list[KeyDraft] = dataclasses.field(default_factory=list)
    checks: list[str] = dataclasses.field(default_factory=list)
    comment: str = ""
    owner: str = ""

    def finished(self, script: Script) -> Table:
        """The table, once all tables are known: REFERENCES without columns means the primary key."""
        primary = self.primary_key.columns if self.primary_key else ()
        keys = [*self.unique_keys, *self.foreign_keys]
        for key in [self.primary_key, *keys] if self.primary_key else keys:
            for name in key.columns:
                if name not in self.columns:
                    raise script.error(key.offset, unknown_column(name, self.name, self.columns))
        columns = tuple(
            dataclasses.replace(column, nullable=False) if column.name in primary else column
            for column in self.columns.values()
        )
        return Table(
            name=self.name,
            columns=columns,
            primary_key=primary,
            unique_keys=tuple(key.columns for key in self.unique_keys),
            foreign_keys=tuple(self._foreign_key(script, key) for key in self.foreign_keys),
            checks=tuple(self.checks),
            comment=self.comment,
        )

    def _foreign_key(self, script: Script, key: KeyDraft) -> ForeignKey:
        referenced = key.referenced
        target = script.tables.get(key.table)
        if target is not None:
            if not referenced and target.primary_key:
                referenced = target.primary_key.columns
            for name in referenced:
                if name not in target.columns:
                    raise script.error(key.offset, unknown_column(name, key.table, target.columns))
        if referenced and len(referenced) != len(key.columns):
            raise script.error(
                key.offset,
                f"the foreign key has {len(key.columns)} column(s) and refers to {len(referenced)}",
            )
        return ForeignKey(columns=key.columns, table=key.table, referenced_columns=referenced)


def unknown_column(name: str, table: str, known: dict[str, Column]) -> str:
    """One sentence about a column that a table does not have, with the nearest one."""
    near = nearest(name, known)
    meant = f"; did you mean {near}?" if near else ""
    return f"table {table} has no column {name}{meant}"


def sequence_numbers(options: Sequence[Token]) -> tuple[int, int]:
    """START WITH and INCREMENT BY among a sequence's options: 1 and 1 where they are not said."""
    said = {"WITH": 1, "BY": 1}
    texts = [token.name or token.text for token in options]
    for place, word in enumerate(texts):
        after = texts[place + 1 : place + 3]
        negative = after[:1] == ["-"]
        number = after[negative] if len(after) > negative else ""
        if word in said and number.isdecimal():
            said[word] = -int(number) if negative else int(number)
    return said["WITH"], said["BY"]
