"""A JSON list is read item by item, as the whole of it would be, and its faults stand where they stand."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import Unread
from oracle_sft.pairs.readers.lists import is_list, items
from oracle_sft.record import jsonl

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), min_size=1, max_size=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.json"


def read(path: Path, content: bytes | str) -> list[dict[str, Any] | Unread]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [said for _, said, _ in items(path, wanted="messages")]


def fault(path: Path, content: bytes | str) -> str:
    with pytest.raises(UserError) as caught:
        read(path, content)
    return str(caught.value).removeprefix(f"{path}:").partition("; mend the list there")[0]


def whole(text: str) -> tuple[list[Any], str]:
    """What Python reads, or where it finds the fault."""
    try:
        return json.loads(text), ""
    except json.JSONDecodeError as error:
        return [], f"{error.lineno}:{error.colno}"


@given(
    said=OBJECTS,
    indent=st.sampled_from([None, 0, 2]),
    block=st.integers(4, 70),
    ascii_=st.booleans(),
)
def test_the_items_are_those_of_the_whole(
    said: list[dict[str, Any]],
    indent: int | None,
    block: int,
    ascii_: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("list") / "list.json"
    text = json.dumps(said, indent=indent, ensure_ascii=ascii_)
    path.write_bytes(jsonl.BOM + text.encode() + b"\r\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "BLOCK_BYTES", block)
        found = list(items(path, wanted="messages"))
    assert [one for _, one, _ in found] == said
    assert [json.loads(raw) for _, _, raw in found] == said
    assert [where for where, _, _ in found] == [
        f"{path} item {number}" for number in range(1, len(said) + 1)
    ]


@given(said=OBJECTS, indent=st.sampled_from([None, 1]), block=st.integers(4, 70), data=st.data())
def test_a_fault_stands_where_it_stands_in_the_whole(
    said: list[dict[str, Any]],
    indent: int | None,
    block: int,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = json.dumps(said, indent=indent)
    place = data.draw(st.integers(1, len(text)))
    new = data.draw(st.sampled_from(["", "x", '"', "]", "}", ",", "\n", "\0", "\\", "1", "é"]))
    wrong = text[:place] + new + text[place + data.draw(st.sampled_from([0, 1, 10**9])) :]
    path = tmp_path_factory.mktemp("list") / "list.json"
    path.write_bytes(wrong.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "BLOCK_BYTES", block)
        expected, place_of_fault = whole(wrong)
        if place_of_fault:
            with pytest.raises(UserError) as caught:
                list(items(path, wanted="messages"))
            assert str(caught.value).startswith(f"{path}:{place_of_fault}: not JSON: ")
            return
        found = [one for _, one, _ in items(path, wanted="messages")]
    assert len(found) == len(expected)
    for one, wanted in zip(found, expected, strict=True):
        assert isinstance(one, Unread) or one == wanted


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"a": 1},\n {"a": 2}', "2:10: not JSON: the list does not end; was the file cut?"),
        ('[{"a": 1},\n {"a": "2', "2:8: not JSON: a text begins here and does not end"),
        ('[{"a": 1}\n {"a": 2}]', "2:2: not JSON: a comma is missing"),
        ('[{"a": 1},\n]', "2:1: not JSON: a value is missing"),
        ('[{"a": 1}]\n[{"a": 2}]', "2:1: not JSON: more stands behind the end of the list"),
        ('[{"a": 1}]\0', "1:11: not JSON: more stands behind the end of the list"),
        ('[{"a": ' + "[" * 5000, "1:2: not JSON: nested too deeply"),
    ],
)
def test_faults_of_the_list(path: Path, content: str, message: str) -> None:
    assert fault(path, content) == message


def test_the_remedy_is_said(path: Path) -> None:
    with pytest.raises(
        UserError, match=r"one object a line, of which data\.malformed=set_aside leaves"
    ):
        read(path, "[{}")


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (b"5", "a number, not an object with messages"),
        (b'{"a": NaN}', "not JSON: NaN is no number of JSON; write null or a text"),
        (b'{"a": 1, "a": 2}', "the key 'a' stands twice in an object; leave one of them out"),
        (
            b'{"a": "\xff"}',
            "not UTF-8 at byte 8; convert the file (iconv -f WINDOWS-1252 -t UTF-8)",
        ),
        (b'{"a": ' + b"1" * 5000 + b"}", "not JSON: Exceeds the limit (4300 digits)"),
    ],
)
def test_an_item_that_is_no_object_leaves_those_around_it(
    path: Path, item: bytes, reason: str
) -> None:
    before, one, behind = read(path, b'[{"a": 1}, ' + item + b', {"a": 2}]')
    assert (before, behind) == ({"a": 1}, {"a": 2})
    assert isinstance(one, Unread)
    assert one.reason.startswith(reason)
    assert one.where == f"{path} item 2"


def test_what_is_a_list(path: Path) -> None:
    for content, is_one in {
        b'\xef\xbb\xbf \r\n [ \n{"a": 1}]': True,
        b"[]": True,
        b"[": True,
        b'{"a": [{}]}': False,
        b"[2026-05-02 14:03:11] restarted": False,
        b"[[{}]]": False,
        b"": False,
    }.items():
        path.write_bytes(content)
        assert is_list(path) is is_one, content
    assert read(path, b"[]") == []


def test_memory_is_bounded_by_a_block(path: Path) -> None:
    item = json.dumps({"messages": ["x" * 1000] * 10}).encode()
    path.write_bytes(b"[" + b",".join([item] * 5000) + b"]")  # 50 MB
    tracemalloc.start()
    assert sum(1 for _ in items(path, wanted="messages")) == 5000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * jsonl.BLOCK_BYTES
