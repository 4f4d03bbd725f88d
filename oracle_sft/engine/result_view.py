"""Rows of a result as a person reads them on a terminal."""

import shutil
import sys

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from oracle_sft.engine.json_values import shown
from oracle_sft.engine.result import ResultSet

_READABLE = 20
"""Characters of a column that can be read, though longer values are folded."""
_GAP = 3


def show_rows(result: ResultSet) -> None:
    """Print a table, or where columns would be too narrow to read, a line for each value."""
    count = f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}"
    if result.truncated:
        count = f"the first {count}; there are more (--max-rows)"
    if _fits(result):
        _show_table(result)
    else:
        _show_records(result)
    print(count)


def _fits(result: ResultSet) -> bool:
    """Whether a table on this terminal leaves each column the room that it needs to be read."""
    if not sys.stdout.isatty():
        return True
    columns = zip(result.columns, *(map(shown, row) for row in result.rows), strict=True)
    needed = sum(min(max(map(cell_len, texts)), _READABLE) + _GAP for texts in columns)
    return needed <= shutil.get_terminal_size().columns


def _show_records(result: ResultSet) -> None:
    width = max(len(name) for name in result.columns)
    for number, row in enumerate(result.rows, start=1):
        print(f"- {number:,} -")
        for name, value in zip(result.columns, row, strict=True):
            print(f"{name:<{width}}  {shown(value)}")


def _show_table(result: ResultSet) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name, type_ in zip(result.columns, result.types, strict=True):
        right = type_ in ("NUMBER", "BINARY_FLOAT", "BINARY_DOUBLE")
        table.add_column(Text(name), justify="right" if right else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*(Text(shown(value), style="dim" if value is None else "") for value in row))
    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else 100_000)
    if result.columns:
        console.print(table)
