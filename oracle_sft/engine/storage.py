"""Tables in DuckDB with Oracle's types: every value is checked and brought into its column's form.

A NUMBER without precision takes the scale that its values need, so that it stays exact.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

import duckdb

from oracle_sft.engine.result import LoadError
from oracle_sft.engine.rewrite.rewriter import StoredTable
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    DATE,
    MAX_PRECISION,
    TIMESTAMP,
    VARCHAR2,
    OracleType,
    char_type,
    named,
    number_type,
)
from oracle_sft.engine.rows import Rows
from oracle_sft.sqltext.schema import Column, Schema, Table

_TYPE = re.compile(r"([A-Z_0-9]+(?: [A-Z ]+?)?)\s*(?:\((.*?)\))?(.*)")
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
_WHOLE_NUMBER_TYPES = ("INTEGER", "INT", "SMALLINT")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a column's values are checked and stored."""

    type: OracleType
    sql: str
    text: Callable[[object], str | None]
    """The value as text that DuckDB casts; ValueError says what is wrong with it."""


def create(
    connection: duckdb.DuckDBPyConnection, schema: Schema, rows: Rows
) -> dict[str, StoredTable]:
    """Make the tables of a schema and fill them.

    Raises:
        LoadError: rows for an unknown table or column, or a value that Oracle would refuse.
    """
    given = {_known(schema, name).name: values for name, values in rows.items()}
    tables = {}
    for table in schema.tables:
        tables[table.name] = _create(connection, table, given.get(table.name, ()))
    return tables


def _known(schema: Schema, name: str) -> Table:
    table = schema.table(name) or schema.table(name.upper())
    if table is None:
        known = ", ".join(sorted(table.name for table in schema.tables))
        raise LoadError(f"rows for unknown table {name!r}; the schema has {known}")
    return table


def _create(
    connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Mapping[str, object]]
) -> StoredTable:
    columns = [column for column in table.columns]
    folded = [column.name.upper() for column in columns]
    if len(set(folded)) != len(folded):
        raise LoadError(f"table {table.name}: column names that differ only in case")
    values = _by_column(table, rows)
    forms = [_form(table, column, values[column.name]) for column in columns]
    stored: list[list[str | None]] = []
    for column, form in zip(columns, forms, strict=True):
        stored.append(_converted(table, column, form, values[column.name]))
    _check_keys(table, columns, stored)
    sql_name = f"t.{named(table.name)}"
    listed = ", ".join(
        f"{named(column.name)} {form.sql}" for column, form in zip(columns, forms, strict=True)
    )
    connection.execute("CREATE SCHEMA IF NOT EXISTS t")
    try:
        connection.execute(f"CREATE TABLE {sql_name} ({listed})")
    except duckdb.CatalogException:
        raise LoadError(
            f"table {table.name}: another table has the same name in other case"
        ) from None
    if rows:
        casts = ", ".join(f"CAST(unnest(?::VARCHAR[]) AS {form.sql})" for form in forms)
        connection.execute(f"INSERT INTO {sql_name} SELECT {casts}", stored)
    types = ((column.name, form.type) for column, form in zip(columns, forms, strict=True))
    return StoredTable(sql_name, tuple(types))


def _by_column(table: Table, rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    names = {column.name for column in table.columns}
    values: dict[str, list[object]] = {name: [] for name in names}
    spelled: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        for key in row:
            if key not in spelled:
                stored = key if key in names else key.upper()
                if stored not in names:
                    raise LoadError(
                        f"table {table.name}, row {number}: unknown column {key!r}; "
                        f"the table has {', '.join(sorted(names))}"
                    )
                spelled[key] = stored
        by_name = {spelled[key]: value for key, value in row.items()}
        for name, column in values.items():
            column.append(by_name.get(name))
    return values


def _converted(table: Table, column: Column, form: _Form, values: list[object]) -> list[str | None]:
    out: list[str | None] = []
    convert = form.text
    for number, value in enumerate(values, start=1):
        if value is None or value == "":
            if not column.nullable:
                raise LoadError(
                    f"table {table.name}, row {number}, column {column.name}: "
                    "ORA-01400: cannot be NULL"
                )
            out.append(None)
            continue
        try:
            out.append(convert(value))
        except ValueError as error:
            raise LoadError(
                f"table {table.name}, row {number}, column {column.name}: {value!r}: {error}"
            ) from None
    return out


def _check_keys(table: Table, columns: list[Column], stored: list[list[str | None]]) -> None:
    position = {column.name: index for index, column in enumerate(columns)}
    for key in filter(None, (table.primary_key, *table.unique_keys)):
        seen: dict[tuple[str | None, ...], int] = {}
        parts = zip(*(stored[position[name]] for name in key), strict=True)
        for number, values in enumerate(parts, start=1):
            where = f"table {table.name}, row {number}, column {', '.join(key)}"
            if None in values:
                if key == table.primary_key:
                    raise LoadError(f"{where}: ORA-01400: cannot be NULL in a primary key")
                if set(values) == {None}:
                    continue
            if values in seen:
                raise LoadError(
                    f"{where}: ORA-00001: {values} is already in row {seen[values]}; "
                    "the key must be unique"
                )
            seen[values] = number


def _form(table: Table, column: Column, values: list[object]) -> _Form:
    where = f"table {table.name}, column {column.name}"
    match = _TYPE.fullmatch(column.type)
    if match is None:
        raise LoadError(f"{where}: unknown type {column.type!r}")
    name, sizes, rest = match[1].strip(), (match[2] or "").strip(), match[3].strip()
    if name in ("NUMBER", "NUMERIC", "DECIMAL", "FLOAT", "REAL", *_WHOLE_NUMBER_TYPES):
        return _number_form(where, name, sizes, values)
    if name in ("VARCHAR2", "NVARCHAR2", "VARCHAR", "CHAR", "NCHAR"):
        return _text_form(where, name, sizes)
    if name in ("CLOB", "NCLOB", "LONG"):
        return _Form(VARCHAR2, "VARCHAR", _text)
    if name == "DATE":
        return _Form(DATE, "TIMESTAMP", _seconds)
    if name == "TIMESTAMP" and not rest:
        digits = int(sizes or 6)
        if digits > 6:
            raise LoadError(f"{where}: {column.type}: at most 6 digits of a second are kept here")
        return _Form(TIMESTAMP, "TIMESTAMP", _fraction(digits))
    if name in ("BINARY_FLOAT", "BINARY_DOUBLE"):
        type_ = BINARY_FLOAT if name == "BINARY_FLOAT" else BINARY_DOUBLE
        return _Form(type_, type_.duckdb, lambda value: repr(float(str(value))))
    if all(value in (None, "") for value in values):
        raise LoadError(f"{where}: type {column.type} is not known to the embedded engine")
    raise LoadError(f"{where}: type {column.type} is not known to the embedded engine")


def _number_form(where: str, name: str, sizes: str, values: list[object]) -> _Form:
    precision: int | None = None
    scale: int | None = None
    if name in _WHOLE_NUMBER_TYPES:
        precision, scale = MAX_PRECISION, 0
    elif sizes and name not in ("FLOAT", "REAL"):
        first, _, second = sizes.partition(",")
        precision = MAX_PRECISION if first.strip() == "*" else int(first)
        scale = int(second) if second.strip() else 0
    if precision is None or scale is None:
        digits = [_number(value) for value in values if value not in (None, "")]
        needed = max((_scale(number) for number in digits if number is not None), default=0)
        whole = max((number.adjusted() + 1 for number in digits if number), default=1)
        if max(whole, 1) + needed > MAX_PRECISION:
            raise LoadError(f"{where}: values that need more than {MAX_PRECISION} digits together")
        type_ = number_type(max(whole, 1) + needed, needed)
        return _Form(type_, type_.duckdb, _number_text(MAX_PRECISION, needed))
    if not 0 <= scale <= precision <= MAX_PRECISION:
        raise LoadError(f"{where}: NUMBER({precision},{scale}) is not known to the embedded engine")
    type_ = number_type(precision, scale)
    return _Form(type_, type_.duckdb, _number_text(precision, scale))


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _scale(number: Decimal) -> int:
    exponent = number.normalize(_EXACT).as_tuple().exponent
    return max(-int(exponent), 0)


def _number_text(precision: int, scale: int) -> Callable[[object], str]:
    unit = Decimal(1).scaleb(-scale)
    limit = Decimal(10) ** (precision - scale)

    def text(value: object) -> str:
        if isinstance(value, bool):
            raise ValueError("not a number")
        number = _number(value)
        if number is None:
            raise ValueError("not a number")
        rounded = number.quantize(unit, ROUND_HALF_UP, _EXACT)
        if abs(rounded) >= limit:
            raise ValueError(
                f"ORA-01438: value larger than the column's precision ({precision},{scale})"
            )
        return f"{rounded:f}"

    return text


def _text_form(where: str, name: str, sizes: str) -> _Form:
    size_text, _, unit = sizes.partition(" ")
    if not size_text and "VAR" in name:
        raise LoadError(f"{where}: {name} without a size")
    size = int(size_text or 1)
    in_characters = unit.strip() == "CHAR" or name.startswith("N")

    def check(value: object) -> str:
        text = _text(value)
        length = len(text) if in_characters else len(text.encode())
        if length > size:
            raise ValueError(
                f"ORA-12899: value too large for column (actual: {length}, maximum: {size})"
            )
        return text

    if "VAR" in name:
        return _Form(VARCHAR2, "VARCHAR", check)
    # CHAR(n BYTE) is padded to n bytes; the length in characters is then no longer one number.
    if in_characters:
        return _Form(char_type(size), "VARCHAR", lambda value: check(value).ljust(size))

    def padded(value: object) -> str:
        text = check(value)
        return text + " " * (size - len(text.encode()))

    return _Form(char_type(size), "VARCHAR", padded)


def _text(value: object) -> str:
    if isinstance(value, bool | dict | list):
        raise ValueError("not text")
    if isinstance(value, int | float | Decimal):
        raise ValueError("a number where text is expected; write it as a string")
    return str(value)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("not a date; expected YYYY-MM-DD or YYYY-MM-DD HH:MM:SS") from None
    else:
        raise ValueError("not a date; expected YYYY-MM-DD or YYYY-MM-DD HH:MM:SS")
    if moment.tzinfo is not None:
        raise ValueError("a date with a time zone")
    return moment


def _seconds(value: object) -> str:
    moment = _moment(value)
    if moment.microsecond:
        raise ValueError("a DATE has no fractions of a second")
    return moment.isoformat(sep=" ")


def _fraction(digits: int) -> Callable[[object], str]:
    unit = 10 ** (6 - digits)

    def text(value: object) -> str:
        moment = _moment(value)
        if moment.microsecond % unit:
            raise ValueError(f"more than {digits} digits of a second")
        return moment.isoformat(sep=" ")

    return text
