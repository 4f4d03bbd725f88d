"""Each kind of source from its files to weights: what is trained, what is set aside, and the way back to the files."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.record.digest import sha256_file
from oracle_sft.record.files import read_jsonl
from tests.command import read, run
from tests.samples import benchmarks, sources
from tests.samples.sources import SAMPLES, Sample

pytestmark = pytest.mark.slow

BY_NAME = {sample.name: sample for sample in SAMPLES}
TRAINED = ("spider", "bird", "trajectory", "chat")
"""csv and parquet differ from jsonl in their readers alone, and end with the dataset."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, and the outputs of all commands: the base model is built once."""
    folder = tmp_path_factory.mktemp("samples")
    sources.write(folder)
    return folder


def ran(command: str, sample: Sample, *more: str, cwd: Path) -> str:
    said = run(command, f"data={sample.name}", *sample.arguments, *more, cwd=cwd)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Traceback" not in said.stdout + said.stderr
    return said.stdout


def built(sample: Sample, folder: Path) -> Path:
    ran("data", sample, cwd=folder)
    (dataset,) = (folder / "outputs" / "datasets").glob(f"{sample.name}-*")
    return dataset


def pairs_of(dataset: Path) -> list[dict[str, Any]]:
    return [*read_jsonl(dataset / "train.jsonl"), *read_jsonl(dataset / "eval.jsonl")]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_source_becomes_a_dataset(name: str, folder: Path) -> None:
    sample = BY_NAME[name]
    dataset = built(sample, folder)
    pairs, rejected = pairs_of(dataset), read_jsonl(dataset / "rejected.jsonl")
    assert len(pairs) == sample.kept
    assert Counter(row["stage"] for row in rejected) == sample.aside
    assert {row["provenance"]["source"] for row in pairs} == {sample.source}
    assert len({row["provenance"]["source_session_id"] for row in pairs}) == sample.sessions
    for row in rejected:
        assert row["where"].startswith(Path(sample.arguments[0]).name)
        assert row["reason"]
        assert row["provenance"]["excluded"] is True
    said = read(dataset / "MANIFEST.json")["parents"]["sources"]
    assert {str(Path(path)): digest for path, digest in said.items()} == {
        path: sha256_file(folder / path) for path in said
    }
    assert sample.arguments[0].partition("=")[2] in said


@pytest.mark.parametrize(
    ("name", "asked"), [("spider", benchmarks.SPIDER), ("bird", benchmarks.BIRD)]
)
def test_every_benchmark_question_is_answered_in_oracles_words_or_set_aside(
    name: str, asked: dict[str, list[Any]], folder: Path
) -> None:
    dataset = built(BY_NAME[name], folder)
    kept = Counter(row["schema_id"] for row in pairs_of(dataset))
    texts = [row["text"] for row in read_jsonl(dataset / "rejected.jsonl")]
    for db_id, questions in asked.items():
        left_out = sum(f"{question[0]}\n{question[-1]}" in texts for question in questions)
        assert kept[db_id] + left_out == len(questions), db_id
        assert (dataset / "schemas" / db_id / "rows.json").is_file()
    assert "`" not in "".join(row["sql"] for row in pairs_of(dataset))


def test_of_a_session_the_accepted_answers_are_kept_and_the_others_say_why(folder: Path) -> None:
    dataset = built(BY_NAME["trajectory"], folder)
    session = [
        row for row in pairs_of(dataset) if row["provenance"]["source_session_id"] == "agent-003"
    ]
    assert sorted(row["sql"] for row in session) == [
        "SELECT COUNT(*) FROM sale WHERE amount > 24",
        "SELECT SUM(amount) FROM sale WHERE shop_id = 3",
        "SELECT name FROM shop WHERE city = 'Salzburg' AND shop_id <> 3",
    ]
    assert {row["provenance"]["model"] for row in session} == {"hermes4:14b"}
    assert all(row["provenance"]["timestamp"].startswith("2026-05-04T14:00:") for row in session)
    reasons = [
        row["provenance"]["exclusion_reason"]
        for row in read_jsonl(dataset / "rejected.jsonl")
        if row["provenance"].get("source_session_id") == "agent-003"
    ]
    for words in (
        "its query failed: ORA-00904",
        "superseded: the question is corrected",
        "rating is down",
    ):
        assert sum(words in reason for reason in reasons) == 1, reasons


@pytest.mark.parametrize("name", TRAINED)
def test_a_source_is_trained_on_and_the_run_says_so(name: str, folder: Path) -> None:
    sample = BY_NAME[name]
    dataset = built(sample, folder)
    ran(
        "train",
        sample,
        "experiment=smoke",
        "stages=[train]",
        "train.max_steps=2",
        "train.validate_every_steps=2",
        f"run_name={name}",
        cwd=folder,
    )
    made = folder / "outputs" / name
    record, manifest = read(made / "run.json"), read(dataset / "MANIFEST.json")
    assert {stage: said["status"] for stage, said in record["stages"].items()} == {
        "dataset": "done",
        "train": "done",
    }
    assert record["parents"]["dataset"] == {
        "path": str(dataset.relative_to(folder)),
        "fingerprint": manifest["fingerprint"],
    }
    assert (made / "adapter" / "adapter_model.safetensors").is_file()
    trained = read_jsonl(dataset / "train.jsonl")
    rows = read(made / "tokens.json")["train"]
    assert rows["all"]["rows"] == len(trained)
    assert {source: said["rows"] for source, said in rows["by_source"].items()} == {
        sample.source: len(trained)
    }
    assert rows["all"]["trained"] > 0
    provenance = read(made / "provenance.json")
    # What a log has beside its pairs says nothing of where pairs come from.
    reasons = {stage: count for stage, count in sample.aside.items() if stage != "read"}
    aside = sum(reasons.values())
    assert provenance["total"] == sample.kept + aside
    assert (provenance["approved"], provenance["excluded"]) == (sample.kept, aside)
    assert provenance["excluded_by_reason"] == reasons
    assert provenance["by_source"] == {sample.source: sample.kept + aside}
    assert provenance["coverage"] == 1
