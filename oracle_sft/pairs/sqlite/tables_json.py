"""tables.json of Spider and BIRD: the schemas of many databases, without their values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.pairs.sqlite.database import SQLiteColumn, SQLiteTable

_TYPES = {
    **{"text": "TEXT", "integer": "INTEGER", "real": "REAL", "number": "NUMERIC"},
    **{"date": "TIME", "datetime": "TIME", "time": "TIME", "boolean": "TIME", "others": "OTHERS"},
}
"""Of dates and truth values the file does not say how they are written."""


def read_tables(path: Path, said: Any) -> Mapping[str, tuple[SQLiteTable, ...]]:
    """The tables by db_id.

    Raises:
        UserError: the file is not of this layout; the message says which database.
    """
    if not isinstance(said, list):
        raise UserError(f"{path}: a {type(said).__name__}, not a list of schemas")
    found = {}
    for place, one in enumerate(said):
        try:
            found[str(one["db_id"])] = tuple(_tables(one))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise UserError(
                f"{path}[{place}]: not a schema of tables.json ({type(error).__name__}: {error})"
            ) from error
    return found


def _tables(said: Mapping[str, Any]) -> Iterable[SQLiteTable]:
    names: list[str] = said["table_names_original"]
    columns: list[tuple[int, str]] = said["column_names_original"]
    types: list[str] = said["column_types"]
    primary: dict[int, list[str]] = defaultdict(list)
    for entry in said.get("primary_keys") or []:
        for place in entry if isinstance(entry, list) else [entry]:
            primary[columns[place][0]].append(columns[place][1])
    foreign: dict[int, list[tuple[tuple[str, ...], str, tuple[str, ...]]]] = defaultdict(list)
    for own, other in said.get("foreign_keys") or []:
        table, name = columns[own]
        if other >= len(columns) or columns[other][0] < 0:
            foreign[table].append(((name,), "?", ()))
        else:
            foreign[table].append(((name,), names[columns[other][0]], (columns[other][1],)))
    for number, table_name in enumerate(names):
        listed = [
            SQLiteColumn(name=name, type=_TYPES.get(type_.lower(), type_.upper()))
            for (table, name), type_ in zip(columns, types, strict=True)
            if table == number
        ]
        if listed:
            yield SQLiteTable(
                name=table_name,
                columns=tuple(listed),
                primary_key=tuple(primary[number]),
                foreign_keys=tuple(foreign[number]),
            )
