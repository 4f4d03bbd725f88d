"""Tables in DuckDB with Oracle's types: every value is checked and brought into its column's form.

A NUMBER without precision takes the scale that its values need, so that it stays exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from oracle_sft.engine import constraints, serving
from oracle_sft.engine.form import Form, UnknownType
from oracle_sft.engine.forms import column_form
from oracle_sft.engine.narrowing import narrowed
from oracle_sft.engine.number_forms import PLAIN_NUMBER, WrittenNumber, unsized
from oracle_sft.engine.result import LoadError, QueryError
from oracle_sft.engine.rewrite.json.json_dots import checked_columns
from oracle_sft.engine.rewrite.rewriter import OracleVersion, Rewriter, StoredTable
from oracle_sft.engine.rewrite.terms import VARCHAR2, OracleType, named
from oracle_sft.engine.row_files import RowFile
from oracle_sft.engine.rows import Rows
from oracle_sft.sqltext.names import written
from oracle_sft.sqltext.schema import Column, Schema, Table

_STAGED = "staged"
_SHOWN = 60
"""Characters of a value in a message."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What lies in the database now."""

    tables: Mapping[str, StoredTable]
    notes: tuple[str, ...]
    """What was left out, and which constraints the rows break, a sentence each."""


def create(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    rows: Rows,
    oracle_version: OracleVersion = "19c",
) -> Loaded:
    """Make the tables of a schema and fill them.

    Raises:
        LoadError: rows for an unknown table or column, or a value that Oracle would refuse.
    """
    given: dict[str, Sequence[Mapping[str, object]]] = {}
    for name, values in rows.items():
        known = _known(schema, name).name
        if known in given:
            raise LoadError(f"rows for table {known} twice; the second time as {name!r}")
        given[known] = values
    connection.execute("CREATE SCHEMA IF NOT EXISTS t")
    tables: dict[str, StoredTable] = {}
    notes: list[str] = []
    owners = dict(schema.owners)
    for table in schema.tables:
        loader = _Loader(connection, table, oracle_version, notes)
        stored = loader.load(given.get(table.name, ()))
        tables[table.name] = replace(stored, owner=owners.get(table.name, ""))
        constraints.check_keys(connection, table, tables[table.name])
    notes += constraints.broken(connection, schema, tables, oracle_version)
    return Loaded(tables, tuple(notes))


def _known(schema: Schema, name: str) -> Table:
    table = schema.table(name) or schema.table(name.upper())
    if table is None:
        known = ", ".join(sorted(table.name for table in schema.tables))
        raise LoadError(f"rows for unknown table {name!r}; the schema has {known}")
    return table


@dataclass(slots=True)
class _Stored:
    """A column that has a form, and where its values come from."""

    column: Column
    form: Form
    values: Sequence[object] | None = None
    """None: from the staged file, as `sql`; then none of them needs a look."""
    sql: str = "NULL"


class _Loader:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        oracle_version: OracleVersion,
        notes: list[str],
    ) -> None:
        self._connection = connection
        self._table = table
        self._version = oracle_version
        self._notes = notes
        self._unreadable: dict[str, str] = {}
        self._sql_name = f"t.{named(table.name)}"

    def load(self, rows: Sequence[Mapping[str, object]]) -> StoredTable:
        folded = [column.name.upper() for column in self._table.columns]
        if len(set(folded)) != len(folded):
            raise LoadError(f"table {self._table.name}: column names that differ only in case")
        if isinstance(rows, RowFile):
            stored, num_rows = self._from_file(rows)
            self._fill(self._sql_name, stored, num_rows, _STAGED)
        else:
            stored, num_rows = self._from(rows)
            self._fill(self._sql_name, stored, num_rows, f"range({num_rows})")
        virtual = list(self._virtual(stored))
        if virtual:
            stored = self._with_virtual(stored, virtual, num_rows)
        self._connection.execute(f"DROP TABLE IF EXISTS {_STAGED}")
        types = {entry.column.name: entry.form.type for entry in stored}
        types = narrowed(self._connection, self._sql_name, types)
        for name in checked_columns(self._table.checks) & types.keys():
            if types[name].is_text:
                types[name] = replace(types[name], json=True)
        return StoredTable(
            self._sql_name,
            tuple(
                (column.name, types.get(column.name, VARCHAR2)) for column in self._table.columns
            ),
            self._unreadable,
        )

    # --- rows of Python ---

    def _from(self, rows: Sequence[Mapping[str, object]]) -> tuple[list[_Stored], int]:
        values = self._by_column(rows)
        stored = []
        for column in self._table.columns:
            own = values[column.name]
            if column.virtual is not None:
                continue
            form = self._form(column, own)
            if form is not None:
                stored.append(_Stored(column, form, self._converted(column, form, own)))
        return stored, len(rows)

    def _by_column(self, rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
        values: dict[str, list[object]] = {column.name: [] for column in self._table.columns}
        spelled: dict[str, str] = {}
        for number, row in enumerate(rows, start=1):
            for key in row:
                if key not in spelled:
                    spelled[key] = self._spelled(key, f"row {number}: ")
            by_name = {spelled[key]: value for key, value in row.items()}
            if len(by_name) < len(row):
                twice = next(name for name in by_name if [*map(spelled.get, row)].count(name) > 1)
                raise LoadError(f"table {self._table.name}, row {number}: column {twice} twice")
            for name, column in values.items():
                column.append(by_name.get(name))
        return values

    def _spelled(self, key: str, where: str) -> str:
        """The stored name of a column that rows bring values for."""
        column = self._table.column(key) or self._table.column(key.upper())
        if column is None:
            known = ", ".join(sorted(column.name for column in self._table.columns))
            raise LoadError(
                f"table {self._table.name}, {where}unknown column {key!r}; the table has {known}"
            )
        if column.virtual is not None:
            raise LoadError(
                f"table {self._table.name}, {where}ORA-54013: column {column.name} is virtual: "
                "no row brings a value for it"
            )
        return column.name

    def _converted(self, column: Column, form: Form, values: Sequence[object]) -> list[str | None]:
        out: list[str | None] = []
        convert = form.text
        for number, value in enumerate(values, start=1):
            if value is None or value == "":
                out.append(None)
                continue
            try:
                out.append(convert(value))
            except ValueError as error:
                raise LoadError(
                    f"table {self._table.name}, row {number}, column {column.name}: "
                    f"{_shown(value)}: {error}"
                ) from None
        return out

    def _form(self, column: Column, values: Sequence[object]) -> Form | None:
        """None for a type whose values are not stored; the column is noted."""
        where = f"table {self._table.name}, column {column.name}"
        try:
            return column_form(where, column.type, lambda: values)
        except UnknownType:
            self._leave_out(column, column.type)
            return None

    def _leave_out(self, column: Column, why: str) -> None:
        self._unreadable[column.name] = why
        self._notes.append(
            f"column {self._table.name}.{column.name} is left out, and no query can read it: {why}"
        )

    # --- rows of a file ---

    def _from_file(self, file: RowFile) -> tuple[list[_Stored], int]:
        file.stage(self._connection, _STAGED)
        places = {self._spelled(name, ""): place for place, name in enumerate(file.columns)}
        kinds = {self._spelled(name, ""): kind for name, kind in file.kinds.items()}
        found = self._connection.execute(f"SELECT count(*) FROM {_STAGED}").fetchone()
        assert found is not None
        stored = []
        for column in self._table.columns:
            if column.virtual is not None:
                continue
            if column.name not in places:
                form = self._form(column, ())
                if form is not None:
                    stored.append(_Stored(column, form))
                continue
            if column.name in kinds and column.kind == "text":
                raise LoadError(
                    f"{file.path}: column {column.name} has {kinds[column.name]} where text is expected"
                )
            entry = self._staged(column, f"NULLIF(c{places[column.name]}, '')")
            if entry is not None:
                stored.append(entry)
        return stored, int(found[0])

    def _staged(self, column: Column, text: str) -> _Stored | None:
        form = self._form_of_digits(column, text) or self._form(column, ())
        if form is None:
            return None
        if form.plain is not None:
            condition, cast = form.plain.of(text)
            if self._holds(condition, text):
                return _Stored(column, form, None, cast)
        rows = self._connection.execute(f"SELECT {text} FROM {_STAGED}").fetchall()
        values = [row[0] for row in rows]
        looked_at = self._form(column, values)
        assert looked_at is not None
        return _Stored(column, looked_at, self._converted(column, looked_at, values))

    def _form_of_digits(self, column: Column, text: str) -> Form | None:
        """Of a NUMBER without precision, if DuckDB can count the digits of its values."""
        if column.type != "NUMBER":
            return None
        if not self._holds(f"regexp_full_match({text}, '{PLAIN_NUMBER}')", text):
            return None
        whole = f"length(ltrim(regexp_extract({text}, '^-?(\\d+)', 1), '0'))"
        scale = f"length(rtrim(regexp_extract({text}, '\\.(\\d+)$', 1), '0'))"
        found = self._connection.execute(
            f"SELECT coalesce(max({whole}), 1), coalesce(max({scale}), 0) FROM {_STAGED}"
        ).fetchone()
        assert found is not None
        where = f"table {self._table.name}, column {column.name}"
        return unsized(where, int(found[0]), int(found[1]))

    def _holds(self, condition: str, text: str) -> bool:
        found = self._connection.execute(
            f"SELECT 1 FROM {_STAGED} WHERE {text} IS NOT NULL AND NOT ({condition}) LIMIT 1"
        ).fetchone()
        return found is None

    # --- into DuckDB ---

    def _fill(self, table: str, stored: Sequence[_Stored], num_rows: int, source: str) -> None:
        """Make a table of as many rows as `source` has, in whose terms the `sql` of entries is written."""
        self._make(table, stored)
        if num_rows == 0:
            return
        items: list[str] = []
        lists: list[Sequence[object]] = []
        for entry in stored:
            if entry.values is None:
                items.append(entry.sql)
            else:
                items.append(f"CAST(p.v{len(lists)} AS {entry.form.sql})")
                lists.append(entry.values)
        unnested = ", ".join(f"unnest(?::VARCHAR[]) AS v{place}" for place in range(len(lists)))
        sources = [f"(SELECT {unnested}) AS p"] if lists else []
        if len(lists) < len(items) or not items:
            sources.append(source)
        self._connection.execute(
            f"INSERT INTO {table} SELECT {', '.join(items) or 'NULL'} FROM {' POSITIONAL JOIN '.join(sources)}",
            lists,
        )

    def _make(self, sql_name: str, stored: Sequence[_Stored]) -> None:
        listed = [f"{named(entry.column.name)} {entry.form.sql}" for entry in stored]
        try:
            # A table without a column that is stored still has its rows.
            self._connection.execute(f"CREATE TABLE {sql_name} ({', '.join(listed) or 'none INT'})")
        except duckdb.CatalogException:
            raise LoadError(
                f"table {self._table.name}: another table has the same name in other case"
            ) from None

    # --- virtual columns ---

    def _virtual(self, stored: Sequence[_Stored]) -> Iterator[_Stored]:
        types = tuple((entry.column.name, entry.form.type) for entry in stored)
        base = StoredTable(self._sql_name, types, self._unreadable)
        rewriter_tables = {self._table.name: base}
        for column in self._table.columns:
            if column.virtual is None:
                continue
            rewriter = Rewriter(rewriter_tables, datetime(2000, 1, 1), self._version)
            query = f"SELECT {column.virtual} FROM {written(self._table.name)}"
            try:
                rewritten = rewriter.rewrite(query)
                serving.serve(self._connection, rewritten.sql)
                found = self._connection.execute(rewritten.sql).fetchall()
                type_ = rewritten.types[0]
                values = [_as_given(row[0], type_) for row in found]
                form = self._form(column, values)
                if form is None:
                    continue
                texts = self._converted(column, form, values)
            except (QueryError, LoadError, duckdb.Error) as error:
                first = str(error).splitlines()[0]
                self._leave_out(column, f"{column.type} AS ({column.virtual}): {first}")
                continue
            if not type_.exact and form.type.family == "NUMBER":
                form = replace(form, type=replace(form.type, exact=False))
            yield _Stored(column, form, texts)

    def _with_virtual(
        self, stored: Sequence[_Stored], virtual: Sequence[_Stored], num_rows: int
    ) -> list[_Stored]:
        """Once more with the virtual columns in their places."""
        own = [replace(entry, values=None, sql=f"b.{named(entry.column.name)}") for entry in stored]
        places = {column.name: place for place, column in enumerate(self._table.columns)}
        whole = sorted([*own, *virtual], key=lambda entry: places[entry.column.name])
        name = f"t.{named(self._table.name + chr(1))}"
        self._fill(name, whole, num_rows, f"{self._sql_name} AS b")
        self._connection.execute(f"DROP TABLE {self._sql_name}")
        self._connection.execute(f"ALTER TABLE {name} RENAME TO {named(self._table.name)}")
        return whole


def _shown(value: object) -> str:
    """A value as its file has it, if it is short."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, WrittenNumber | datetime):
        text = str(value)
    else:
        text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}.. ({len(text):,} characters)"


def _as_given(value: object, type_: OracleType) -> object:
    """A computed value as rows would bring it."""
    if value is not None and type_.is_interval:
        raise LoadError("an interval")
    return f"{value:.15g}" if isinstance(value, float) else value
