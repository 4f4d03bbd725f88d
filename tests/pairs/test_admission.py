"""What may be trained on: pairs with a valid record that are approved and not excluded; the others are named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.compose import compose
from oracle_sft.config.data import DemoDataConf, JsonlDataConf
from oracle_sft.errors import UserError
from oracle_sft.pairs.admission import check_dataset, check_pairs, mending
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.provenance import ProvenanceTracker

RECORD = {
    "source_session_id": "s",
    "source": "curated",
    "model": "people",
    "timestamp": "2026-01-02T03:04:05Z",
    "approved": True,
}
DATASET = Dataset(folder=Path("outputs/datasets/own-1"), manifest={})


def pair(number: int, record: dict[str, Any]) -> Pair:
    return Pair(
        id=f"p{number}", question="q", sql="SELECT 1 FROM dual", schema_id="x", provenance=record
    )


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in RECORD.items() if key != name}


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({}, "missing provenance metadata"),
        (without("model"), "provenance missing field: model"),
        (RECORD | {"source": "forum"}, "provenance source 'forum' is not known"),
        (RECORD | {"timestamp": "2026-01-02T03:04:05"}, "no ISO 8601 instant with a zone"),
        (RECORD | {"approved": False}, "not approved"),
        (
            RECORD | {"approved": "true"},
            "provenance field approved is 'true'; it must be true or false",
        ),
        (
            RECORD | {"approved": False, "excluded": True, "exclusion_reason": "wrong join"},
            "excluded: wrong join",
        ),
    ],
)
def test_a_pair_that_may_not_be_trained_on_is_named(record: dict[str, Any], fault: str) -> None:
    with pytest.raises(UserError) as raised:
        check_pairs([pair(1, RECORD), pair(2, record)], DATASET, DemoDataConf())
    said = str(raised.value)
    assert "train pair p2: " in said
    assert fault in said
    assert "p1:" not in said
    assert "python -m oracle_sft.provenance backfill" in said


def test_the_first_ten_are_named_and_the_others_counted() -> None:
    pairs = [pair(number, {}) for number in range(12)]
    with pytest.raises(UserError, match=r"pair p9: .*\n  \.\.\. and 2 more") as raised:
        check_pairs(pairs, DATASET, DemoDataConf())
    assert "p10" not in str(raised.value)


def test_a_source_that_the_config_adds_may_be_trained_on() -> None:
    conf = JsonlDataConf(path="pairs.jsonl")
    conf.provenance.allow_sources = ["forum"]
    check_pairs([pair(1, RECORD | {"source": "forum"})], DATASET, conf)


def test_pairs_with_invalid_provenance_may_be_left_out(tmp_path: Path) -> None:
    lines = [
        {"id": f"p{n}", "question": f"q{n}", "sql": f"SELECT {n} FROM dual", "provenance": RECORD}
        for n in range(9)
    ]
    lines[4]["provenance"] = RECORD | {"source": "forum"}
    lines[5]["provenance"] = RECORD | {"approved": False}
    lines[6]["provenance"] = {"excluded": True, "exclusion_reason": "wrong join"}
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id NUMBER(6));")
    given = ["data=jsonl", f"data.path={tmp_path}/pairs.jsonl", f"data.ddl={tmp_path}/schema.sql"]
    for malformed in ("refuse", "set_aside"):
        said = [*given, f"outputs_dir={tmp_path}/outputs", f"data.malformed={malformed}"]
        said += ["data.eval_fraction=0", "data.validation_fraction=0"]
        conf = compose(said)
        dataset = find_or_build(conf, lambda done, total: None)
        assert dataset.stats["rejected"] == {"invalid_provenance": 1, "provenance": 2}
        if malformed == "refuse":
            with pytest.raises(UserError, match=r"pairs\.jsonl:5: pair p4: provenance source"):
                check_dataset(dataset, conf.data)
        else:
            check_dataset(dataset, conf.data)
        trained = dataset.train_pairs()
        assert {pair.id for pair in trained} == {"p0", "p1", "p2", "p3", "p7", "p8"}
        check_pairs(trained, dataset, conf.data)


RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "source_session_id": st.sampled_from(["s", " ", None]),
        "source": st.sampled_from(["curated", "backfill", "forum", "", 5]),
        "model": st.sampled_from(["people", ""]),
        "timestamp": st.sampled_from(["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "today"]),
        "approved": st.sampled_from([True, False, "true"]),
        "excluded": st.sampled_from([True, False, 1]),
        "exclusion_reason": st.sampled_from(["", "wrong"]),
    },
)


@given(RECORDS)
def test_it_passes_what_the_tracker_finds_valid_and_approved_and_nothing_else(
    record: dict[str, Any],
) -> None:
    is_valid = not ProvenanceTracker().validate({"provenance": record})
    wanted = is_valid and record["approved"] is True and record.get("excluded", False) is False
    try:
        check_pairs([pair(1, record)], DATASET, DemoDataConf())
    except UserError:
        assert not wanted
    else:
        assert wanted


def test_the_override_that_is_suggested_keeps_the_sources_that_were_allowed() -> None:
    conf = JsonlDataConf(path="pairs.jsonl")
    conf.provenance.allow_sources = ["forum"]
    said = mending(["wiki", "forum", ["a list"], "", None], conf)
    assert "data.provenance.allow_sources=[forum,wiki] where" in said
    assert "validate pairs.jsonl --allow-source forum" in said


def test_a_name_that_the_command_line_would_not_read_is_not_suggested() -> None:
    said = mending(["a, b]"], JsonlDataConf(path="pairs.jsonl"))
    assert "allow_sources=[NAME,...]" in said
