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
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.pairs.build import find_or_build, fingerprint, summary_line
from oracle_sft.pairs.dataset import open_dataset
from oracle_sft.pairs.sources import gather
from oracle_sft.record.files import read_jsonl
from oracle_sft.record.lock import exclusive

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
    assert "13 with provenance completed" in summary_line(dataset)


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


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.slow  # builds several datasets
@pytest.mark.parametrize(
    "split", ["data.split_by=canonical", "data.split_by=template", "data.split_by=session"]
)
def test_neither_workers_nor_shards_change_a_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, split: str
) -> None:
    pairs = [
        pair(n % 17 + 1, question=f"the name of {n % 23}{'?' * (n % 2)}", template=f"t{n % 5}")
        for n in range(60)
    ]
    pairs[20]["sql"] = "DROP TABLE t"
    del pairs[31]["sql"]
    pairs[40] |= {"id": "twice"}
    pairs[44] |= {"id": "twice"}
    pairs[50] = dict(pairs[3])
    for n in range(0, 60, 4):
        pairs[n]["provenance"] = {"source_session_id": f"s{n % 12}"}
    said = [split, "data.near_duplicates=0.8", "data.malformed=set_aside", "data.eval_fraction=0.4"]
    said.append("data.provenance.timestamp=2026-05-02T14:00:09Z")
    found = []
    for workers, size in ((1, 2048), (1, 1), (3, 7), (2, 25)):
        monkeypatch.setattr("oracle_sft.pairs.sources.SHARD_PAIRS", size)
        own = [f"data.workers={workers}", f"outputs_dir={tmp_path}/{workers}-{size}"]
        found.append(bytes_of(build(conf(tmp_path, pairs, *said, *own)).folder))
    for name in found[0]:
        assert all(each[name] == found[0][name] for each in found), name
    rejected = [json.loads(line) for line in found[0]["rejected.jsonl"].splitlines()]
    assert {row["stage"] for row in rejected} == {
        "read",
        "guardrail",
        "duplicate",
        "near_duplicate",
    }
    # In the order of the source, whatever stage set them aside.
    places = [int(row["where"].split(":")[1]) for row in rejected]
    assert places == sorted(places)


def test_a_source_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = conf(tmp_path, [pair(n) for n in range(1, 9)])

    def changed(*arguments: Any) -> Any:
        found = gather(*arguments)
        with (tmp_path / "pairs.jsonl").open("a") as lines:
            lines.write(json.dumps(pair(9)) + "\n")
        return found

    monkeypatch.setattr("oracle_sft.pairs.build.gather", changed)
    with pytest.raises(UserError, match="a source changed while it was read; start again"):
        build(wanted)
    assert not list((tmp_path / "outputs" / "datasets").glob("*jsonl*.part"))


def test_an_evaluation_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = tmp_path / "eval.jsonl"
    evaluation.write_text(json.dumps(pair(1)) + "\n")
    wanted = conf(tmp_path, [pair(n) for n in range(1, 9)], f"data.decontaminate=[{evaluation}]")

    def changed(*arguments: Any) -> Any:
        found = gather(*arguments)
        evaluation.write_text(json.dumps(pair(2)) + "\n")
        return found

    monkeypatch.setattr("oracle_sft.pairs.build.gather", changed)
    with pytest.raises(UserError, match="a source changed while it was read; start again"):
        build(wanted)


def test_what_cannot_mend_the_records_is_not_offered(tmp_path: Path) -> None:
    wanted = conf(tmp_path, [pair(1, provenance={"source": "forum"})], "data.malformed=set_aside")
    with pytest.raises(UserError, match="none is left to train on") as said:
        build(wanted)
    assert "data.malformed=set_aside" not in str(said.value)


def test_what_killed_builds_left_is_swept_but_not_from_under_a_living_one(tmp_path: Path) -> None:
    datasets = tmp_path / "outputs" / "datasets"
    for name in ("jsonl-dead", "jsonl-alive"):
        (datasets / f".{name}.abc.part").mkdir(parents=True)
        (datasets / f".{name}.lock").touch()
    with exclusive(datasets / ".jsonl-alive.lock", wait=False):
        build(conf(tmp_path, [pair(n) for n in range(1, 9)]))
    assert [path.name for path in datasets.glob("*.part")] == [".jsonl-alive.abc.part"]


def test_a_lock_of_another_user_is_left_alone(tmp_path: Path) -> None:
    # A folder in its place cannot be opened, either, and not even by root.
    (tmp_path / "outputs" / "datasets" / ".jsonl-theirs.lock").mkdir(parents=True)
    assert build(conf(tmp_path, [pair(n) for n in range(1, 9)])).stats["counts"]["read"] == 8


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    wanted = conf(tmp_path, [pair(1)])
    (tmp_path / "outputs").write_text("")
    with pytest.raises(EnvironmentFault, match=r"cannot be written .Not a directory.*outputs_dir"):
        build(wanted)


@pytest.mark.slow  # builds several datasets
def test_fingerprint_knows_contents_and_settings_not_places(tmp_path: Path) -> None:
    pairs = [pair(n) for n in range(1, 9)]
    (tmp_path / "elsewhere").mkdir()
    dated = "data.provenance.timestamp=2026-05-02T14:00:09Z"
    plain = fingerprint(conf(tmp_path, pairs, dated))
    assert fingerprint(conf(tmp_path / "elsewhere", pairs, dated)) == plain
    for override in ("train.epochs=9", "data.workers=7"):
        assert fingerprint(conf(tmp_path, pairs, dated, override)) == plain
    for override in ("data.eval_fraction=0.2", "guardrail=strict", "seed=1", "database=none"):
        assert fingerprint(conf(tmp_path, pairs, dated, override)) != plain
    assert fingerprint(conf(tmp_path, [*pairs, pair(99)], dated)) != plain


def test_the_time_of_the_file_counts_where_records_may_take_it(tmp_path: Path) -> None:
    wanted = conf(tmp_path, [pair(1)])
    found = []
    for seconds in (1_700_000_000, 1_700_000_000, 1_800_000_000):
        os.utime(tmp_path / "pairs.jsonl", (seconds, seconds))
        found.append(fingerprint(wanted))
    assert found[0] == found[1] != found[2]


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
        "pairs.jsonl:9:14",
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
