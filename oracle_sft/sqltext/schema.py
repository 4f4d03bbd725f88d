"""What an Oracle schema says about itself: tables, columns, keys, comments.

One picture for the prompt renderer, the guardrail and the engine. `sqltext.ddl.read_ddl` makes it
from DDL text.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Literal

Kind = Literal["number", "text", "date", "other"]

_KIND_OF_TYPE: dict[str, Kind] = {
    **dict.fromkeys(
        ("NUMBER", "INTEGER", "INT", "SMALLINT", "FLOAT", "DECIMAL", "NUMERIC", "REAL"), "number"
    ),
    **dict.fromkeys(("BINARY_FLOAT", "BINARY_DOUBLE"), "number"),
    **dict.fromkeys(
        ("VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR", "VARCHAR", "CLOB", "NCLOB", "LONG"), "text"
    ),
    **dict.fromkeys(("DATE", "TIMESTAMP"), "date"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. Names are as Oracle stores them: upper case unless they were quoted."""

    name: str
    type: str
    """As Oracle writes it, upper case and without blanks: `NUMBER(10,2)`, `VARCHAR2(30 CHAR)`,
    `DATE`.
    """
    nullable: bool = True
    default: str | None = None
    virtual: str | None = None
    """The expression that computes a virtual column; no row brings a value for it."""
    identity: tuple[int, int] | None = None
    """GENERATED AS IDENTITY: the first number that Oracle gives itself, and the step to the next."""
    comment: str = ""

    @property
    def kind(self) -> Kind:
        return _KIND_OF_TYPE.get(self.type.partition("(")[0].split(" ")[0], "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    columns: tuple[str, ...]
    table: str
    """The table referred to."""
    referenced_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[str, ...] = ()
    """The conditions of CHECK constraints."""
    comment: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that stored name, or None."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    id: str
    tables: tuple[Table, ...]
    skipped: tuple[str, ...] = field(default=(), compare=False)
    """Statements of the DDL that say nothing about tables (indexes, grants, ...), by their first
    words.
    """
    owners: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """The owner of each table that the DDL names with one, by the table's name."""

    def table(self, name: str) -> Table | None:
        """The table of that stored name, or None."""
        return next((table for table in self.tables if table.name == name), None)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over all of it but `skipped`: two DDL texts that say the same agree."""
        said = {"id": self.id, "tables": [_said(table) for table in self.tables]}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _said(table: Table) -> dict[str, object]:
    said = asdict(table)
    # Left out where they say nothing, so that a schema without them keeps the fingerprint it had.
    if not table.checks:
        del said["checks"]
    for column in said["columns"]:
        if column["identity"] is None:
            del column["identity"]
    return said
