"""croissant.json says what a dataset holds, in the words of Croissant; mlcroissant is the judge and the reader."""

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import mlcroissant
import pytest

from oracle_sft.config.compose import compose
from oracle_sft.config.data import AboutConf
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.croissant import described
from oracle_sft.pairs.dataset import Dataset, open_dataset
from oracle_sft.record.files import write_json

# rdflib warns of a class of its own.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

RECORD = {
    "source_session_id": "s",
    "source": "curated",
    "model": "people",
    "timestamp": "2026-01-02T03:04:05Z",
    "approved": True,
}
ALL = AboutConf(
    license="https://spdx.org/licenses/CC-BY-4.0",
    url="https://example.org/pairs",
    creator="The shop's analysts",
    published="2026-01-31",
)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    pairs: list[dict[str, Any]] = [
        {"id": f"p{n}", "question": f"name of {n}?", "sql": f"SELECT name FROM t WHERE id = {n}"}
        for n in range(30)
    ]
    for pair in pairs[::2]:
        pair |= {"provenance": RECORD, "tags": ["filter", "größer"]}
    for pair in pairs[::3]:
        pair["evidence"] = "names are short"
    pairs.append({"id": "bad", "question": "drop", "sql": "DROP TABLE t"})
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(each) + "\n" for each in pairs))
    schema = tmp_path / "schemas" / "shop one"
    schema.mkdir(parents=True)
    (schema / "schema.sql").write_text("CREATE TABLE t (id NUMBER(6), name VARCHAR2(9));")
    said = [
        "data=jsonl",
        f"data.path={tmp_path / 'pairs.jsonl'}",
        f"data.schemas={tmp_path / 'schemas'}",
        f"outputs_dir={tmp_path / 'outputs'}",
        "data.eval_fraction=0.2",
    ]
    return find_or_build(compose(said), lambda done, total: None)


def loaded(dataset: Dataset, about: AboutConf) -> mlcroissant.Dataset:
    path = dataset.folder / "croissant.json"
    write_json(path, described(dataset, about))
    return mlcroissant.Dataset(path)


def test_it_is_valid_and_a_loader_reads_the_pairs_with_it(dataset: Dataset) -> None:
    found = loaded(dataset, ALL)
    issues = found.metadata.ctx.issues
    assert not issues.errors
    assert all("citeAs" in warning for warning in issues.warnings)
    trained = {pair.id: pair for pair in dataset.train_pairs()}
    rows = {row["train/id"].decode(): row for row in found.records("train")}
    assert rows.keys() == trained.keys()
    for pair_id, row in rows.items():
        pair = trained[pair_id]
        assert row["train/sql"].decode() == pair.sql
        assert row["train/suite"] == b"train"
        assert [tag.decode() for tag in row["train/tags"] or ()] == list(pair.tags)
        assert (row["train/evidence"] or b"").decode() == pair.evidence
        record = row["train/provenance"]
        assert record["train/provenance/model"].decode() == pair.provenance["model"]
        assert record["train/provenance/approved"] is True
        assert record["train/provenance/timestamp"].isoformat() == pair.provenance[
            "timestamp"
        ].replace("Z", "+00:00")
    suites = dataset.stats["suites"]
    assert len(list(found.records("eval"))) == suites["heldout"] + suites.get("validation", 0)
    (rejected,) = found.records("rejected")
    assert (rejected["rejected/id"], rejected["rejected/stage"]) == (b"bad", b"guardrail")
    splits = {row["suites/name"]: row["suites/url"] for row in found.records("suites")}
    assert splits["train"] == "cr:TrainingSplit"
    assert splits["heldout"] == "cr:TestSplit"


def test_each_file_is_there_with_its_bytes(dataset: Dataset) -> None:
    said = described(dataset, ALL)
    files = {one["contentUrl"]: one for one in said["distribution"]}
    assert "schemas/shop%20one/schema.sql" in files
    names = {url.replace("%20", " ") for url in files}
    there = {
        path.relative_to(dataset.folder).as_posix()
        for path in dataset.folder.rglob("*")
        if path.is_file()
    }
    assert names == there
    for url, facts in files.items():
        content = (dataset.folder / url.replace("%20", " ")).read_bytes()
        assert facts["sha256"] == hashlib.sha256(content).hexdigest()
        assert facts["contentSize"] == f"{len(content)} B"


def test_what_the_dataset_was_made_of_is_named_without_its_place(
    dataset: Dataset, tmp_path: Path
) -> None:
    said = described(dataset, ALL)
    digest = hashlib.sha256((tmp_path / "pairs.jsonl").read_bytes()).hexdigest()
    made_of = {one["prov:label"]: one["@id"] for one in said["prov:wasDerivedFrom"]}
    assert made_of["pairs.jsonl"] == f"urn:sha256:{digest}"
    assert str(tmp_path) not in json.dumps(said)
    assert dataset.fingerprint in json.dumps(said["prov:wasGeneratedBy"])
    stages = said["rai:dataPreprocessingProtocol"]
    assert "guardrail: 31 pairs in, 30 out" in stages
    assert "execution: 30 pairs in, 30 out (30 of them not executed)" in stages
    assert "Of 31 pairs considered, 1 were excluded" in said["rai:dataCollection"]


def test_the_dataset_holds_for_its_manifest_afterwards(dataset: Dataset) -> None:
    loaded(dataset, ALL)
    first = (dataset.folder / "croissant.json").read_bytes()
    loaded(open_dataset(dataset.folder), ALL)
    assert (dataset.folder / "croissant.json").read_bytes() == first


def test_what_nobody_said_is_left_out(dataset: Dataset, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = loaded(dataset, AboutConf())
    assert not found.metadata.ctx.issues.errors
    assert (
        not {"license", "url", "creator", "datePublished"} & described(dataset, AboutConf()).keys()
    )
