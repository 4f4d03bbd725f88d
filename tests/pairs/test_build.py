"""A built dataset: what is kept, what is set aside and why, and the same bytes for the same input."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import find_or_build, fingerprint, summary_line
from oracle_sft.pairs.dataset import open_dataset
from oracle_sft.record.files import read_jsonl

DDL = "CREATE TABLE t (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20), born DATE);"
ROWS = {"t": [{"id": n, "name": f"n{n}", "born": None} for n in range(1, 9)]}


def pair(n: int, **more: Any) -> dict[str, Any]:
    return {"question": f"name of {n}?", "sql": f"SELECT name FROM t WHERE id = {n}", **more}


def settings(folder: Path, pairs: list[dict[str, Any]], *overrides: str) -> list[str]:
    (folder / "pairs.jsonl").write_text("".join(json.dumps(each) + "\n" for each in pairs))
    (folder / "shop.sql").write_text(DDL)
    (folder / "rows.json").write_text(json.dumps(ROWS))
    return [
        "data=jsonl",
        f"data.path={folder / 'pairs.jsonl'}",
        f"data.ddl={folder / 'shop.sql'}",
        f"data.rows={folder / 'rows.json'}",
        f"outputs_dir={folder / 'outputs'}",
        *overrides,
    ]


def conf(folder: Path, pairs: list[dict[str, Any]], *overrides: str) -> RunConf:
    return compose(settings(folder, pairs, *overrides))


def build(wanted: RunConf) -> Any:
    return find_or_build(wanted, lambda done, total: None)


def test_each_pair_set_aside_keeps_its_stage_and_reason(tmp_path: Path) -> None:
    bad = [
        {"question": "drop", "sql": "DROP TABLE t"},
        {"question": "no column", "sql": "SELECT colour FROM t"},
        {"question": "ends badly", "sql": "SELECT TO_NUMBER(name) FROM t"},
        pair(1, question="Name  of 1?"),
        pair(2, provenance={"source": "curated", "excluded": True, "exclusion_reason": "wrong"}),
    ]
    dataset = build(conf(tmp_path, [*(pair(n) for n in range(1, 9)), *bad]))
    rejected = {row["question"]: row for row in read_jsonl(dataset.folder / "rejected.jsonl")}
    assert {question: row["stage"] for question, row in rejected.items()} == {
        "drop": "guardrail",
        "no column": "guardrail",
        "ends badly": "execution",
        "Name  of 1?": "duplicate",
        "name of 2?": "provenance",
    }
    assert "ORA-01722" in rejected["ends badly"]["reason"]
    assert all(
        row["provenance"]["excluded"] and row["provenance"]["exclusion_reason"]
        for row in rejected.values()
    )
    stats = dataset.stats
    assert (
        sum(stats["suites"].values()) + sum(stats["rejected"].values())
        == stats["counts"]["read"]
        == 13
    )
    assert stats["provenance"]["excluded"] == 5
    assert stats["provenance"]["total"] == 13
    assert "13 given provenance" in summary_line(dataset)


def test_what_is_scored_is_not_trained_on(tmp_path: Path) -> None:
    pairs = [pair(n % 8 + 1, question=f"{word} {n}") for n in range(40) for word in ("a", "b")]
    dataset = build(conf(tmp_path, pairs, "data.eval_fraction=0.4", "data.check_execution=false"))
    trained = {each.sql for each in dataset.train_pairs()}
    scored = {each.sql for suite in dataset.suites().values() for each in suite}
    assert trained
    assert scored
    assert not trained & scored


@pytest.mark.slow  # builds several datasets
def test_same_input_same_bytes(tmp_path: Path) -> None:
    wanted = conf(tmp_path, [pair(n) for n in range(1, 9)])
    first = build(wanted)
    bytes_before = {p.name: p.read_bytes() for p in first.folder.rglob("*") if p.is_file()}
    first.folder.rename(tmp_path / "aside")
    again = build(wanted)
    assert {p.name: p.read_bytes() for p in again.folder.rglob("*") if p.is_file()} == bytes_before


@pytest.mark.slow  # builds several datasets
def test_fingerprint_knows_contents_and_settings_not_places(tmp_path: Path) -> None:
    pairs = [pair(n) for n in range(1, 9)]
    (tmp_path / "elsewhere").mkdir()
    plain = fingerprint(conf(tmp_path, pairs))
    assert fingerprint(conf(tmp_path / "elsewhere", pairs)) == plain
    assert fingerprint(conf(tmp_path, pairs, "train.epochs=9")) == plain
    for override in ("data.eval_fraction=0.2", "guardrail=strict", "seed=1", "database=none"):
        assert fingerprint(conf(tmp_path, pairs, override)) != plain
    assert fingerprint(conf(tmp_path, [*pairs, pair(99)])) != plain


def test_a_dataset_that_was_changed_is_refused(tmp_path: Path) -> None:
    wanted = conf(tmp_path, [pair(n) for n in range(1, 9)], "data.check_execution=false")
    dataset = build(wanted)
    with (dataset.folder / "train.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(UserError, match=r"train\.jsonl changed since the dataset was built"):
        open_dataset(dataset.folder)


def test_nothing_left_says_why(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"of 2 pairs none is left(.|\n)*1 x guardrail"):
        build(
            conf(
                tmp_path,
                [
                    {"question": "a", "sql": "DROP TABLE t"},
                    {"question": "b", "sql": "SELECT x FROM t"},
                ],
            )
        )
    assert not list((tmp_path / "outputs" / "datasets").glob("jsonl-*"))


def test_without_rows_nothing_is_executed_and_that_is_said(tmp_path: Path) -> None:
    wanted = conf(tmp_path, [pair(n) for n in range(1, 9)], "data.rows=null")
    assert "8 not executed" in summary_line(build(wanted))


@pytest.mark.slow  # builds several datasets
def test_a_source_that_the_config_adds_is_no_error(tmp_path: Path) -> None:
    said = {
        "source_session_id": "s",
        "source": "forum",
        "model": "people",
        "timestamp": "2026-01-02T03:04:05Z",
        "approved": True,
    }
    pairs = [pair(n, provenance=said) for n in range(1, 9)]
    added = "data.provenance.allow_sources=[forum]"
    assert build(conf(tmp_path, pairs, added)).stats["provenance"]["by_source"] == {"forum": 8}
    with pytest.raises(UserError, match="provenance: provenance source 'forum' is not known"):
        build(conf(tmp_path, pairs))
    with pytest.raises(UserError, match=r"add it to data\.provenance\.allow_sources"):
        conf(tmp_path, pairs, "data.provenance.source=forum")


def test_places_without_a_pair_lie_among_the_rejected(tmp_path: Path) -> None:
    wanted = conf(tmp_path, [pair(n) for n in range(1, 9)], "data.malformed=set_aside")
    with (tmp_path / "pairs.jsonl").open("a") as lines:
        lines.write('{"question": "cut\n')
    dataset = build(wanted)
    (row,) = read_jsonl(dataset.folder / "rejected.jsonl")
    assert (row["where"], row["stage"], row["text"]) == (
        f"{tmp_path / 'pairs.jsonl'}:9:14",
        "read",
        '{"question": "cut',
    )
    assert row["provenance"]["excluded"] is True
    stats = dataset.stats
    assert (stats["rejected"], stats["counts"]["read"]) == ({"read": 1}, 9)


def test_a_rejected_pair_says_its_own_place_where_another_has_its_words(tmp_path: Path) -> None:
    record = {"source_session_id": "s", "source": "curated", "model": "m"}
    record["timestamp"] = "2026-05-02T14:00:09Z"
    pairs = [
        pair(1, provenance={**record, "approved": True}),
        pair(1, provenance={**record, "approved": False}),
        pair(1, provenance={**record, "approved": True}),
    ]
    wanted = conf(tmp_path, pairs, "data.eval_fraction=0", "data.validation_fraction=0")
    rejected = read_jsonl(build(wanted).folder / "rejected.jsonl")
    assert [(each["stage"], each["where"].rpartition(":")[2]) for each in rejected] == [
        ("provenance", "2"),
        ("duplicate", "3"),
    ]


KILLED = """
import sys
from oracle_sft.config.compose import compose
from oracle_sft.pairs.build import find_or_build
print("ready", flush=True)
find_or_build(compose(sys.argv[1:]), lambda done, total: None)
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["starts", "begins to write", "writes"])
def test_a_kill_leaves_no_dataset_or_a_whole_one(tmp_path: Path, moment: str) -> None:
    said = settings(tmp_path, [pair(n) for n in range(1, 9)])
    datasets = tmp_path / "outputs" / "datasets"
    process = subprocess.Popen([sys.executable, "-c", KILLED, *said], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        deadline = time.monotonic() + 60
        while moment != "starts" and not list(datasets.glob(".*.part")) + list(datasets.glob("j*")):
            assert time.monotonic() < deadline
        time.sleep(0.002 if moment == "writes" else 0)
        os.kill(process.pid, signal.SIGKILL)
    for whole in datasets.glob("jsonl-*"):
        open_dataset(whole)
    dataset = build(compose(said))
    assert open_dataset(dataset.folder).stats["counts"]["read"] == 8
    assert not list(datasets.glob(".*.part")), "what a killed build left is swept"
