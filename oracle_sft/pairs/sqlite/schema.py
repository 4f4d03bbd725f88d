"""A SQLite schema in Oracle's terms: names, types and keys, and what its columns hold."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from oracle_sft.errors import UserError
from oracle_sft.pairs.sqlite.database import Cell, SQLiteColumn, SQLiteTable
from oracle_sft.pairs.sqlite.kinds import (
    DAY,
    SECOND,
    Catalogue,
    Family,
    Kind,
    Known,
    KnownTable,
    stored,
)
from oracle_sft.sqltext.schema import Column, ForeignKey, Schema, Table

_T = TypeVar("_T")

_LONGEST_NAME = 128
_LONGEST_TEXT = 4000
_TEXT_SIZES = (10, 50, 255, 1000, _LONGEST_TEXT)
_WHOLE = 10
"""Digits of a whole number whose values need no more."""
_PATTERNS = {
    DAY: re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    SECOND: re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII),
}

Rows = Mapping[str, Sequence[tuple[Cell, ...]]]
"""SQLite's table name -> rows."""
OracleRows = dict[str, list[dict[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A schema as Oracle would have it, and what the rewriting of queries needs to know of it."""

    schema: Schema
    catalogue: Catalogue
    rows: OracleRows | None
    notes: tuple[str, ...]
    """What was left out, a sentence each."""


def convert(
    schema_id: str,
    tables: Sequence[SQLiteTable],
    rows: Rows | None,
    comments: Mapping[tuple[str, str], str],
) -> Converted:
    """`comments` by SQLite's names of table and column in lower case. Without `rows` only declared types are known.

    Raises:
        UserError: a name that Oracle cannot have.
    """
    notes: list[str] = []
    made: list[Table] = []
    known: dict[str, KnownTable] = {}
    loaded: OracleRows = {}
    has_rows = rows is not None and any(rows.values())
    for table in tables:
        given = rows[table.name] if rows is not None else []
        typed = [
            _column(table, column, [row[place] for row in given])
            for place, column in enumerate(table.columns)
        ]
        key = _key(table, given, notes)
        columns = []
        for column, (type_, kind) in zip(table.columns, typed, strict=True):
            comment = comments.get((table.name.lower(), column.name.lower()), "")
            columns.append(
                Column(
                    name=_name(column.name),
                    type=type_,
                    nullable=kind.nullable and column.name not in key,
                    comment=comment,
                )
            )
        made.append(
            Table(
                name=_name(table.name),
                columns=tuple(columns),
                primary_key=tuple(stored(name) for name in key),
            )
        )
        known[table.name.lower()] = KnownTable(
            stored(table.name),
            {
                column.name.lower(): Known(
                    stored(column.name),
                    replace(kind, nullable=kind.nullable and column.name not in key),
                )
                for column, (_, kind) in zip(table.columns, typed, strict=True)
            },
            tuple(name.lower() for name in key),
        )
        names = [
            (stored(column.name), type_)
            for column, (type_, _) in zip(table.columns, typed, strict=True)
        ]
        loaded[stored(table.name)] = [
            {name: _value(cell, type_) for (name, type_), cell in zip(names, row, strict=True)}
            for row in given
        ]
    made = _with_foreign_keys(tables, made, notes)
    return Converted(
        schema=Schema(id=schema_id, tables=tuple(made)),
        catalogue=Catalogue(known, has_rows),
        rows=loaded if has_rows else None,
        notes=tuple(notes),
    )


def _name(name: str) -> str:
    if '"' in name or "\0" in name or not name:
        raise UserError(f"the name {name!r} is none that Oracle can have")
    if len(name.encode()) > _LONGEST_NAME:
        raise UserError(f"the name {name!r} is longer than Oracle's {_LONGEST_NAME} bytes")
    return stored(name)


def _column(table: SQLiteTable, column: SQLiteColumn, values: Sequence[Cell]) -> tuple[str, Kind]:
    affinity = _affinity(column.type)
    present = [value for value in values if value is not None]
    found = {type(value) for value in present}
    # An empty text is NULL in Oracle.
    nullable = not column.not_null or any(value is None or value == "" for value in values)
    texts = [value for value in present if isinstance(value, str)]
    if bytes in found:
        return "BLOB", Kind("other", nullable=True)
    if len(texts) not in (0, len(present)) or not column.type or column.type in _UNKNOWN:
        longest = max((len(str(value).encode()) for value in present), default=_LONGEST_TEXT)
        return _text_type(0, longest), Kind("other", nullable=nullable)
    if texts or (not present and affinity == "text"):
        type_, kind = _text_column(column, texts, affinity)
        if table.collates and kind.family == "text":
            kind = Kind("other")
        return type_, replace(kind, has_affinity=True, nullable=nullable)
    numbers = [value for value in present if isinstance(value, int | float)]
    family: Family = affinity if affinity != "text" else "other"
    if numbers and affinity != "real":
        family = "int" if found == {int} else "number"
    return _number_type(column.type, family, numbers), Kind(
        family, has_affinity=True, nullable=nullable
    )


_UNKNOWN = ("TIME", "OTHERS")
"""Of tables.json: anything may stand there."""


def _affinity(declared: str) -> Family:
    """SQLite's own rules, in its order."""
    if "INT" in declared:
        return "int"
    if any(word in declared for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if any(word in declared for word in ("REAL", "FLOA", "DOUB")):
        return "real"
    return "number"


def _text_column(column: SQLiteColumn, texts: Sequence[str], affinity: Family) -> tuple[str, Kind]:
    format_ = next((name for name in _PATTERNS if texts and all(map(_reads(name), texts))), "")
    is_numeric = affinity != "text"
    if format_ and ("DATE" in column.type or "TIMESTAMP" in column.type):
        return "DATE", Kind("date", format=format_, is_numeric=is_numeric)
    declared = re.search(r"\((\d+)\)", column.type)
    longest = max((len(text.encode()) for text in texts), default=0 if declared else _LONGEST_TEXT)
    type_ = _text_type(int(declared[1]) if declared else 0, longest)
    has_digits = bool(texts) and all(map(_is_whole, texts))
    return type_, Kind("text", format=format_, is_numeric=is_numeric, has_digits=has_digits)


def _reads(format_: str) -> Callable[[str], bool]:
    def reads(text: str) -> bool:
        return text == "" or is_date(text, format_)

    return reads


def is_date(text: str, format_: str) -> bool:
    """Whether a text is a day that there was, in one of the two formats."""
    if not _PATTERNS[format_].fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _WHOLE


def _text_type(declared: int, longest: int) -> str:
    if longest > _LONGEST_TEXT:
        return "CLOB"
    if declared and longest <= declared <= _LONGEST_TEXT:
        return f"VARCHAR2({declared})"
    return f"VARCHAR2({next(size for size in _TEXT_SIZES if size >= longest)})"


def _number_type(declared: str, family: Family, numbers: Sequence[int | float]) -> str:
    if family == "int":
        if "BOOL" in declared and all(number in (0, 1) for number in numbers):
            return "NUMBER(1)"
        return "NUMBER(10)" if all(abs(number) < 10**_WHOLE for number in numbers) else "NUMBER(19)"
    parts = [Decimal(str(number)).as_tuple() for number in numbers if number]
    if not all(isinstance(part.exponent, int) for part in parts):
        return "BINARY_DOUBLE"
    scale = max((-int(part.exponent) for part in parts), default=0)
    whole = max((len(part.digits) + int(part.exponent) for part in parts), default=1)
    return "NUMBER" if max(scale, 0) + max(whole, 1) <= 38 else "BINARY_DOUBLE"


def _value(cell: Cell, type_: str) -> object:
    if type_ == "BLOB":
        return None
    if cell is not None and type_.startswith(("VARCHAR2", "CLOB")):
        return str(cell)
    return cell


def _key(table: SQLiteTable, rows: Sequence[tuple[Cell, ...]], notes: list[str]) -> tuple[str, ...]:
    """The primary key, unless Oracle would refuse it for the rows."""
    if not table.primary_key:
        return ()
    places = [[column.name for column in table.columns].index(name) for name in table.primary_key]
    keys = [tuple(row[place] for place in places) for row in rows]
    if any(cell is None or cell in ("", b"") for key in keys for cell in key):
        notes.append(f"{table.name}: the primary key is left out, as rows have none")
        return ()
    if len(set(keys)) < len(keys):
        notes.append(f"{table.name}: the primary key is left out, as rows share it")
        return ()
    return table.primary_key


def _with_foreign_keys(
    tables: Sequence[SQLiteTable], made: Sequence[Table], notes: list[str]
) -> list[Table]:
    targets = {table.name: table for table in made}
    finished = []
    for table, oracle in zip(tables, made, strict=True):
        keys: dict[ForeignKey, None] = {}
        for columns, target, referenced in table.foreign_keys:
            other = _same(target, targets)
            said = f"{table.name}: the foreign key ({', '.join(columns)}) to {target} is left out"
            if other is None:
                notes.append(f"{said}, as there is no such table")
                continue
            own = [
                _same(name, {column.name: column for column in oracle.columns}) for name in columns
            ]
            names = {column.name: column for column in other.columns}
            wanted = [_same(name, names) for name in referenced]
            to = tuple(column.name for column in wanted if column is not None) or other.primary_key
            if None in own or None in wanted or len(to) != len(columns):
                notes.append(f"{said}, as there is no such column")
            elif any(
                column is not None
                and column.type.startswith("NUMBER") != names[name].type.startswith("NUMBER")
                for column, name in zip(own, to, strict=True)
            ):
                notes.append(f"{said}, as the two are of different types")
            elif to != other.primary_key:
                notes.append(f"{said}, as {', '.join(to)} is not its primary key")
            else:
                keys[
                    ForeignKey(
                        columns=tuple(column.name for column in own if column is not None),
                        table=other.name,
                        referenced_columns=to,
                    )
                ] = None
        finished.append(replace(oracle, foreign_keys=tuple(keys)))
    return finished


def _same(name: str, known: Mapping[str, _T]) -> _T | None:
    """What has this name, whatever its case."""
    return next((one for key, one in known.items() if key.lower() == name.lower()), None)
