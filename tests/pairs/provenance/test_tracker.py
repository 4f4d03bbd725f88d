"""Provenance is said for each pair, checked field by field, and counted truly whatever the order of calls."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.errors import UserError
from oracle_sft.pairs.provenance import (
    REQUIRED_FIELDS,
    ProvenanceTracker,
    load_jsonl,
    provenance_dashboard,
    write_jsonl,
)
from oracle_sft.pairs.provenance.rules import problems
from tests.pairs.provenance.samples import WHOLE


def test_annotate_fills_all_required_fields() -> None:
    pair = ProvenanceTracker().annotate({}, source="trajectory", model="m", session_id="s")
    assert set(REQUIRED_FIELDS) <= set(pair["provenance"])
    assert ProvenanceTracker().validate(pair) == []


def test_annotate_never_overwrites_what_a_pair_says() -> None:
    pair = {"provenance": {"model": "mine", "source": ""}}
    said = ProvenanceTracker().annotate(pair, source="curated", model="other")["provenance"]
    assert (said["model"], said["source"]) == ("mine", "curated")


@pytest.mark.parametrize("field", REQUIRED_FIELDS)
@pytest.mark.parametrize("wrong", ["absent", "", 5])
def test_a_required_field_that_is_absent_empty_or_of_another_type_is_an_error(
    field: str, wrong: Any
) -> None:
    meta = {key: value for key, value in WHOLE.items() if key != field}
    if wrong != "absent":
        meta[field] = wrong
    (error,) = ProvenanceTracker().validate({"provenance": meta})
    assert field in error


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "scraped"}, "source 'scraped' is not known"),
        ({"timestamp": "yesterday"}, "no ISO 8601 instant"),
        ({"timestamp": "2026-01-02T03:04:05"}, "no ISO 8601 instant"),
        ({"excluded": True, "approved": False}, "missing exclusion_reason"),
        ({"excluded": True, "exclusion_reason": "x"}, "both excluded and approved"),
    ],
)
def test_what_cannot_be_is_an_error(change: dict[str, Any], message: str) -> None:
    errors = ProvenanceTracker().validate({"provenance": WHOLE | change})
    assert any(message in error for error in errors)


def test_missing_provenance_is_an_error_and_counted() -> None:
    tracker = ProvenanceTracker()
    tracker.track({"question": "q"})
    assert tracker.validate({}) == ["missing provenance metadata"]
    assert (tracker.report()["missing_provenance"], tracker.report()["coverage"]) == (1, 0.0)


def test_exclude_moves_a_pair_between_the_counters() -> None:
    tracker = ProvenanceTracker()
    pair = tracker.annotate({}, source="curated", model="m")
    assert (tracker.report()["approved"], tracker.report()["excluded"]) == (1, 0)
    tracker.exclude(pair, "wrong answer")
    report = tracker.report()
    assert (report["total"], report["approved"], report["excluded"]) == (1, 0, 1)
    assert report["excluded_by_reason"] == {"wrong answer": 1}
    with pytest.raises(ValueError, match="for a reason"):
        tracker.exclude(pair, " ")


def test_report_is_a_copy() -> None:
    tracker = ProvenanceTracker()
    tracker.annotate({}, source="curated", model="m")
    tracker.report()["by_source"]["curated"] = 99
    assert tracker.report()["by_source"] == {"curated": 1}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["annotate", "overwrite", "exclude", "backfill", "track"]),
            st.integers(0, 4),
        )
    )
)
def test_totals_are_true_after_any_sequence_of_calls(calls: list[tuple[str, int]]) -> None:
    tracker = ProvenanceTracker()
    pairs: list[dict[str, Any]] = [{}, {}, {"provenance": {"model": "own"}}, {}, {}]
    touched = set()
    for verb, which in calls:
        touched.add(which)
        model = f"m{which % 2}"
        if verb in ("annotate", "overwrite"):
            forced = verb == "overwrite"
            tracker.annotate(pairs[which], source="curated", model=model, overwrite=forced)
        elif verb == "exclude":
            tracker.exclude(pairs[which], "bad")
        elif verb == "backfill":
            tracker.backfill(pairs[which], source="backfill", model=model)
        else:
            tracker.track(pairs[which])
    metas = [pairs[which].get("provenance", {}) for which in touched]
    report = tracker.report()
    assert report["total"] == len(touched)
    assert report["approved"] == sum(meta.get("approved") is True for meta in metas)
    assert report["excluded"] == sum(meta.get("excluded") is True for meta in metas)
    assert report["missing_provenance"] == sum(bool(problems(meta)) for meta in metas)
    assert sum(report["by_source"].values()) == sum(report["by_model"].values()) == len(touched)
    assert sum(report["excluded_by_reason"].values()) == report["excluded"]


def test_annotate_overwrites_when_told_to() -> None:
    pair = {"provenance": WHOLE | {"note": "kept"}}
    ProvenanceTracker().annotate(pair, source="backfill", model="m", session_id="t", overwrite=True)
    said = pair["provenance"]
    assert (said["source"], said["model"], said["source_session_id"]) == ("backfill", "m", "t")
    assert said["note"] == "kept"


def test_an_excluded_pair_is_not_approved_by_annotating_it() -> None:
    tracker = ProvenanceTracker()
    pair = tracker.exclude({"provenance": dict(WHOLE)}, "bad")
    tracker.annotate(pair, source="curated", model="m", overwrite=True)
    assert (pair["provenance"]["approved"], tracker.validate(pair)) == (False, [])


def test_backfill_leaves_a_complete_record_alone() -> None:
    pair = {"provenance": dict(WHOLE)}
    ProvenanceTracker().backfill(pair, source="backfill", model="m")
    assert pair == {"provenance": WHOLE}


def test_files_are_counted_once_however_often_they_are_filled(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_jsonl(path, [{"id": "a"}, {"provenance": WHOLE}])
    tracker = ProvenanceTracker()
    assert tracker.backfill_file(path, source="backfill", model="m") == 1
    assert tracker.backfill_file(path, source="backfill", model="m") == 0
    assert (tracker.report()["total"], tracker.report()["coverage"]) == (2, 1.0)
    assert tracker.validate_file(path) == {
        "valid": 2,
        "invalid": 0,
        "errors": [],
        "errors_left_out": 0,
        "kinds": {},
    }
    assert [pair["provenance"]["model"] for pair in load_jsonl(path)] == ["m", "human"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_lists_of_pairs_are_written_and_read(tmp_path: Path, name: str) -> None:
    pairs = [{"question": "wie groß", "n": 1.5}, {}]
    write_jsonl(tmp_path / "new" / name, pairs)
    assert load_jsonl(tmp_path / "new" / name) == pairs


def test_lines_that_are_no_pairs_are_named_when_a_file_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"{}\n" + b"x\n" * 12)
    with pytest.raises(UserError) as caught:
        load_jsonl(tmp_path / "a.jsonl")
    assert str(caught.value).startswith(f"{tmp_path / 'a.jsonl'}:2: not JSON")
    assert str(caught.value).endswith("... and 2 more")


def test_the_texts_say_the_figures(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_jsonl(path, [{"provenance": WHOLE}, {"provenance": WHOLE}, {}])
    tracker = ProvenanceTracker()
    for pair in load_jsonl(path):
        tracker.track(pair)
    text = tracker.report_text()
    assert "  Total pairs: 3\n  Approved: 2\n  Excluded: 0" in text
    assert "    curated              2" in text
    board = provenance_dashboard(path)
    assert "3 pairs, provenance coverage 66.7%" in board
    assert all(len(row) == 78 for row in board.splitlines())
