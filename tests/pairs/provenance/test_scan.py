"""A file is validated and counted line by line: fast where a line is right, and by the same rules as a dict."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.pairs.provenance import ProvenanceTracker
from oracle_sft.pairs.provenance import scan as scan_module
from oracle_sft.pairs.provenance.scan import scan
from oracle_sft.pairs.provenance.tally import MAX_NAMES, OTHERS, Tally
from tests.pairs.provenance.samples import UNREADABLE, WHOLE, line, pair


def written(folder: Path, *lines: bytes, name: str = "some.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_errors_say_their_line_and_field(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        line(pair()),
        b"",
        line({"question": "q"}),
        line(pair(model="", source="scraped")),
    )
    found = scan(path)
    assert found.errors == [
        (3, ["missing provenance metadata"]),
        (
            4,
            [
                "provenance field is empty: model",
                "provenance source 'scraped' is not known; known: trajectory, curated, backfill",
            ],
        ),
    ]
    assert (found.tally.total, found.tally.valid) == (3, 1)


@pytest.mark.parametrize("damage", UNREADABLE)
def test_a_line_that_is_no_pair_is_an_error_of_that_line_alone(tmp_path: Path, damage: str) -> None:
    found = scan(written(tmp_path, line(pair()), UNREADABLE[damage], line(pair())))
    assert [number for number, _ in found.errors] == [2]
    assert (found.tally.total, found.tally.valid, found.tally.unreadable) == (3, 2, 1)


def test_a_byte_order_mark_and_windows_line_ends_are_no_errors(tmp_path: Path) -> None:
    path = tmp_path / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line(pair()) + b"\r\n" + line(pair()) + b"\r\n\r\n")
    assert (scan(path).tally.total, scan(path).tally.valid) == (2, 2)


def test_wrong_types_are_not_turned_into_right_ones(tmp_path: Path) -> None:
    for change in ({"model": 5}, {"approved": "true"}, {"approved": 1}, {"excluded": 0}):
        found = scan(written(tmp_path, line(pair(**change))))
        assert (found.tally.valid, len(found.errors)) == (0, 1), change


def test_long_lines_are_read(tmp_path: Path) -> None:
    long = pair() | {"question": "x" * 10_000_000}
    found = scan(written(tmp_path, line(long), line(pair(model=""))))
    assert (found.tally.valid, found.errors[0][0]) == (1, 2)


def test_errors_beyond_the_limit_are_counted(tmp_path: Path) -> None:
    found = scan(written(tmp_path, *[b"x"] * 10), max_errors=3)
    assert (len(found.errors), found.errors_left_out, found.tally.total) == (3, 7, 10)


def test_several_processes_say_what_one_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_module, "_SMALL_BYTES", 0)
    lines = [
        line(pair(model=f"m{number % 3}", source_session_id="" if number % 10 == 0 else "s"))
        for number in range(200)
    ]
    path = written(tmp_path, *lines)
    alone, together = scan(path, workers=1, max_errors=7), scan(path, workers=3, max_errors=7)
    assert together == alone
    assert (alone.tally.valid, len(alone.errors), alone.errors_left_out) == (180, 7, 13)
    packed = tmp_path / "packed.jsonl"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert scan(packed, workers=3, max_errors=7) == alone


values = st.none() | st.booleans() | st.integers() | st.sampled_from(["", " ", "curated", "ü", "m"])
records = st.fixed_dictionaries(
    {},
    optional={
        "source_session_id": values,
        "source": values,
        "model": values,
        "timestamp": values
        | st.sampled_from(["2026-01-02T03:04:05Z", "2026-01-02", "2026-01-02T24:00Z"]),
        "approved": values,
        "excluded": values,
        "exclusion_reason": values,
        "other": values,
    },
)


@given(st.lists(records | records.map(lambda said: WHOLE | said) | values, max_size=8))
def test_a_file_is_judged_as_its_pairs_are(
    tmp_path_factory: pytest.TempPathFactory, metas: list[Any]
) -> None:
    pairs = [{"question": "q", "provenance": meta} for meta in metas]
    path = written(tmp_path_factory.mktemp("scan"), *[json.dumps(one).encode() for one in pairs])
    tracker = ProvenanceTracker()
    for one in pairs:
        tracker.track(one)
    found = scan(path)
    assert found.tally.report() == tracker.report()
    assert found.errors == [
        (number, errors) for number, one in enumerate(pairs, 1) if (errors := tracker.validate(one))
    ]


def test_names_are_counted_in_bounded_memory() -> None:
    tally = Tally()
    for number in range(MAX_NAMES + 5):
        tally.add({"model": f"m{number}", "source": "curated"}, valid=True)
    assert (len(tally.by_model), tally.by_model[OTHERS]) == (MAX_NAMES + 1, 5)
    assert sum(tally.report()["by_model"].values()) == tally.total
