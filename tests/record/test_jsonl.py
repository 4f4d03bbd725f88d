"""JSONL streams give every line, its number and its bytes, whatever the file is packed in."""

import gzip
import os
from itertools import pairwise
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.errors import UserError
from oracle_sft.record import jsonl
from oracle_sft.record.jsonl import Compression, blocks, create_stream, split_points


def lines_of(path: Path, **part: int) -> list[tuple[int, bytes]]:
    return [
        (block.first_line + place, line)
        for block in blocks(path, **part)
        for place, line in enumerate(block.lines)
    ]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "BLOCK_BYTES", 7)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("compression", ["", "gzip", "zstd"])
def test_lines_come_whole_and_in_order(tmp_path: Path, compression: Compression) -> None:
    lines = [b"a", b"", b"x" * 30, b"\xff\xfe", b"end\r"]
    path = tmp_path / "some.jsonl"
    with create_stream(path, compression) as stream:
        stream.write(b"\n".join(lines))
    assert jsonl.compression_of(path) == compression
    assert lines_of(path) == list(enumerate(lines, 1))


@pytest.mark.usefixtures("small_blocks")
def test_the_last_line_says_whether_it_has_its_end(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(b"one\ntwo\n")
    assert [block.ended for block in blocks(path)][-1]
    path.write_bytes(b"one\ntwo")
    assert not [block.ended for block in blocks(path)][-1]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(jsonl.BOM + b"one\n" + jsonl.BOM)
    assert lines_of(path) == [(1, b"one"), (2, jsonl.BOM)]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    assert lines_of(path) == []


@given(
    content=st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=9),
    parts=st.integers(1, 5),
)
def test_parts_hold_each_line_once(
    tmp_path_factory: pytest.TempPathFactory, content: list[bytes], parts: int
) -> None:
    path = tmp_path_factory.mktemp("parts") / "some.jsonl"
    data = b"".join(line + b"\n" for line in content)
    path.write_bytes(b"{}\n" + data)
    points = split_points(path, parts)
    found = [
        line for start, end in pairwise(points) for _, line in lines_of(path, start=start, end=end)
    ]
    assert found == [line for _, line in lines_of(path)]


def test_a_cut_or_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"a": 1}\n' * 1000)
    whole = pyarrow.compress(b'{"a": 1}\n' * 1000, "zstd", asbytes=True)
    for name, data in (("a.gz", packed), ("a.zst", whole)):
        path = tmp_path / name
        path.write_bytes(data[: len(data) - 5])
        with pytest.raises(UserError, match=f"{name} .*damaged"):
            lines_of(path)


def test_utf_16_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    path.write_text('{"a": 1}\n', encoding="utf-16")
    with pytest.raises(UserError, match=r"UTF-16.*iconv"):
        lines_of(path)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "BLOCK_BYTES", 16)
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 64)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"short\n" + b"x" * 200)
    with pytest.raises(UserError, match=r"long\.jsonl:2: a line of more than"):
        lines_of(path)


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        lines_of(tmp_path)
    with pytest.raises(UserError, match="No such file"):
        lines_of(tmp_path / "none.jsonl")


def test_a_pipe_and_a_device_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(UserError, match="is a pipe or a device; write the lines to a file"):
            list(blocks(path))
