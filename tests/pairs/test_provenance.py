"""Provenance is said for each pair, checked field by field, and counted truly whatever the order of calls."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.pairs.provenance import REQUIRED_FIELDS, ProvenanceTracker

WHOLE = {
    "source_session_id": "s1",
    "source": "curated",
    "model": "human",
    "timestamp": "2026-01-02T03:04:05Z",
    "approved": True,
}


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


@given(st.lists(st.tuples(st.sampled_from(["annotate", "exclude", "track"]), st.integers(0, 4))))
def test_totals_are_true_after_any_sequence_of_calls(calls: list[tuple[str, int]]) -> None:
    tracker = ProvenanceTracker()
    pairs: list[dict[str, Any]] = [{} for _ in range(5)]
    touched = set()
    for verb, which in calls:
        touched.add(which)
        if verb == "annotate":
            tracker.annotate(pairs[which], source="curated", model=f"m{which % 2}")
        elif verb == "exclude":
            tracker.exclude(pairs[which], "bad")
        else:
            tracker.track(pairs[which])
    metas = [pairs[which].get("provenance", {}) for which in touched]
    report = tracker.report()
    assert report["total"] == len(touched)
    assert report["approved"] == sum(meta.get("approved") is True for meta in metas)
    assert report["excluded"] == sum(meta.get("excluded") is True for meta in metas)
    assert sum(report["by_source"].values()) == sum(report["by_model"].values()) == len(touched)
