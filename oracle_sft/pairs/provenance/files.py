"""JSONL files of pairs as lists, for those that fit into memory."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from oracle_sft.errors import UserError
from oracle_sft.pairs.provenance.lines import NoPair, pair_of
from oracle_sft.record.files import replacing
from oracle_sft.record.jsonl import Compression, blocks, create_stream

_MAX_SHOWN = 10
_COMPRESSIONS: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd"}


def load_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file, gzip and zstd among them; blank lines are none.

    Raises:
        UserError: the file cannot be read, or some lines are no object; names the first ten of them.
    """
    pairs: list[dict[str, Any]] = []
    wrong: list[str] = []
    count = 0
    for block in blocks(Path(path)):
        for place, line in enumerate(block.lines):
            if not line or line.isspace():
                continue
            try:
                pairs.append(pair_of(line))
            except NoPair as error:
                count += 1
                if len(wrong) < _MAX_SHOWN:
                    wrong.append(f"{path}:{block.first_line + place}: {error}")
    if wrong:
        more = f"\n... and {count - len(wrong)} more" if count > len(wrong) else ""
        raise UserError("\n".join(wrong) + more)
    return pairs


def write_jsonl(path: Path, pairs: Iterable[dict[str, Any]]) -> None:
    """Replace the file by one object a line, or leave it as it was; `.gz` and `.zst` are compressed.

    Raises:
        EnvironmentFault: the disk is full, or the folder may not be written to.
    """
    path = Path(path)
    encoder = msgspec.json.Encoder()
    with (
        replacing(path) as part,
        create_stream(part, _COMPRESSIONS.get(path.suffix, "")) as stream,
    ):
        for pair in pairs:
            stream.write(encoder.encode(pair) + b"\n")
