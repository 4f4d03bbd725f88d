"""`data=parquet`: one pair a row."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import Found, Unread
from oracle_sft.pairs.readers.files import files_of
from oracle_sft.pairs.readers.tables import columns_by_key, pairs_of

if TYPE_CHECKING:
    import pyarrow

_BATCH_ROWS = 4096
_BUFFER_BYTES = 1 << 20


def read(path: Path, *, columns: Mapping[str, str]) -> Iterator[Found]:
    """The pairs of a Parquet file, or of the files of a folder, in their order; a batch is held at a time.

    Raises:
        UserError: a file cannot be read, or has no column for the question or the sql.
    """
    for file in files_of(path, ".parquet"):
        for row, cells in enumerate(_rows(file, columns), start=1):
            where = f"{file}:row {row}"
            if isinstance(cells, str):
                yield Unread(where=where, reason=cells)
            else:
                yield from pairs_of(cells, where)


def _rows(file: Path, columns: Mapping[str, str]) -> Iterator[dict[str, Any] | str]:
    """Each row by key, or why it has no values."""
    import pyarrow
    from pyarrow import parquet

    try:
        # By default the library holds a whole row group as it stands in the file, and the next one, too.
        with parquet.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER_BYTES) as opened:
            keys = columns_by_key(opened.schema_arrow.names, columns, file=file)
            # Names with a dot are paths into a column to the library; these files are read whole.
            is_plain = not any("." in column for column in keys.values())
            wanted = sorted(set(keys.values())) if is_plain else None
            for batch in opened.iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
                yield from _batch_rows(batch, keys)
    except (pyarrow.ArrowException, OSError) as error:
        raise UserError(f"{file} cannot be read as Parquet: {str(error).splitlines()[0]}") from None


def _batch_rows(
    batch: "pyarrow.RecordBatch", keys: Mapping[str, str]
) -> Iterator[dict[str, Any] | str]:
    found = {key: (column, _readable(batch.column(column))) for key, column in keys.items()}
    try:
        lists = {key: values.to_pylist() for key, (_, values) in found.items()}
    except (
        ValueError,
        OverflowError,
    ):  # some value is none of its type; the row that has it is looked for
        for place in range(batch.num_rows):
            yield _row(found, place)
        return
    for place in range(batch.num_rows):
        yield {key: values[place] for key, values in lists.items()}


def _row(found: "Mapping[str, tuple[str, pyarrow.Array]]", place: int) -> dict[str, Any] | str:
    cells = {}
    for key, (column, values) in found.items():
        try:
            cells[key] = values[place].as_py()
        except (ValueError, OverflowError) as error:
            return f"the value of column {column!r} ({values.type}) cannot be read: {error}"
    return cells


def _readable(values: "pyarrow.Array") -> "pyarrow.Array":
    """Instants in UTC where they have a zone, and in no unit that Python has not."""
    kind = _readable_type(values.type)
    return values if kind == values.type else values.cast(kind, safe=False)


def _readable_type(kind: "pyarrow.DataType") -> "pyarrow.DataType":
    import pyarrow

    if pyarrow.types.is_timestamp(kind):
        unit = "us" if kind.unit == "ns" else kind.unit
        return pyarrow.timestamp(unit, "UTC" if kind.tz else None)
    if pyarrow.types.is_struct(kind):
        return pyarrow.struct([each.with_type(_readable_type(each.type)) for each in kind])
    return kind
