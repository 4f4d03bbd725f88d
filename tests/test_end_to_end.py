"""The real job from the command line, small: real training, real quantisation, real execution."""

import json
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.record.files import read_jsonl
from tests.command import OWN_DATA, read, run, started, wandb_records, write_data

pytestmark = pytest.mark.slow

LIBRARY_DDL = """
CREATE TABLE authors (
  author_id NUMBER(6) PRIMARY KEY,
  full_name VARCHAR2(60) NOT NULL,
  born DATE
);
CREATE TABLE books (
  book_id NUMBER(6) PRIMARY KEY,
  title VARCHAR2(80) NOT NULL,
  author_id NUMBER(6) REFERENCES authors,
  price NUMBER(8,2)
);
COMMENT ON TABLE books IS 'What the library lends';
"""
LIBRARY_ROWS = {
    "authors": [
        {
            "author_id": n,
            "full_name": f"Author {n}",
            "born": f"19{50 + n}-03-01 00:00:00" if n % 3 else None,
        }
        for n in range(1, 13)
    ],
    "books": [
        {
            "book_id": n,
            "title": f"Book {n}",
            "author_id": n % 12 + 1,
            "price": n * 2.5 if n % 4 else "",
        }
        for n in range(1, 41)
    ],
}


def library_pairs() -> list[dict[str, Any]]:
    """Forty-odd pairs on a schema that the demo never saw, and three that cannot be trained on."""
    pairs: list[dict[str, Any]] = []
    for n in range(1, 31):
        pairs.append(
            {
                "question": f"Title of book {n}?",
                "sql": f"SELECT title FROM books WHERE book_id = {n}",
            }
        )
        pairs.append(
            {
                "question": f"How many books cost more than {n}?",
                "sql": f"SELECT COUNT(*) FROM books WHERE NVL(price, 0) > {n}",
            }
        )
    pairs.append({"question": "Drop the books", "sql": "DROP TABLE books"})
    pairs.append(
        {"question": "Publisher of book 1?", "sql": "SELECT publisher FROM books WHERE book_id = 1"}
    )
    pairs.append(
        {"question": "Title of  BOOK 3?", "sql": "select title from books where book_id = 3"}
    )
    return pairs


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A smoke run of the whole chain on the demo, and what its user saw."""
    folder = tmp_path_factory.mktemp("demo")
    said = run(
        "train",
        "experiment=smoke",
        "adapter=qlora",
        "quant=awq",
        "run_name=smoke",
        "tracking=wandb",
        cwd=folder,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return folder, said.stdout + said.stderr


def test_a_run_leaves_everything_that_it_promises(finished: tuple[Path, str]) -> None:
    folder, said = finished
    made = folder / "outputs" / "smoke"
    record = read(made / "run.json")
    assert {name: stage["status"] for name, stage in record["stages"].items()} == {
        "dataset": "done",
        "train": "done",
        "package": "done",
        "eval": "done",
    }
    for name in (
        "config.yaml",
        "metrics.jsonl",
        "log.txt",
        "provenance.json",
        "tokens.json",
        "trained.jsonl",
        "adapter/adapter_model.safetensors",
    ):
        assert (made / name).exists(), name
    targets = read(made / "summary.json")["targets"]
    assert set(targets) == {"base", "adapter", "merged", "awq"}
    assert all(set(suites) == {"seen", "unseen", "natural"} for suites in targets.values())
    provenance = read(made / "provenance.json")
    assert provenance["total"] > 3000
    assert provenance["coverage"] == 1.0
    tokens = read(made / "tokens.json")["train"]
    assert tokens["all"]["tokens"] > tokens["all"]["trained"] > tokens["all"]["rows"] > 3000
    assert tokens["by_source"] == {"curated": tokens["all"]}
    assert list((made / "wandb").rglob("*.wandb")), "the offline run of the tracker"
    assert "wandb" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) < 75, "a user reads a line a step, not the libraries"


def test_the_tracker_has_the_figures_of_provenance_json(finished: tuple[Path, str]) -> None:
    made = finished[0] / "outputs" / "smoke"
    records = wandb_records(made / "wandb")
    summaries = [record["summary"]["update"] for record in records if record["type"] == "summary"]
    assert {"provenance": read(made / "provenance.json")} in summaries


def test_the_manifest_holds_for_every_file(finished: tuple[Path, str]) -> None:
    import hashlib

    bundle = finished[0] / "outputs" / "smoke" / "package" / "awq"
    manifest = read(bundle / "MANIFEST.json")
    there = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == there - {"MANIFEST.json"}
    assert manifest["eval"]["awq"]["seen"]["execution_accuracy"]["n"] > 0
    assert "Not scored yet" not in (bundle / "README.md").read_text()
    for name, facts in manifest["files"].items():
        content = (bundle / name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (
            facts["sha256"],
            facts["size"],
        )


def test_a_bundle_is_traced_to_its_run(finished: tuple[Path, str]) -> None:
    folder = finished[0]
    made = folder / "outputs" / "smoke"
    listed = read_jsonl(made / "trained.jsonl")
    saw = read(made / "run.json")["stages"]["train"]["saw"]
    states = Counter(pair["state"] for pair in listed)
    assert states["trained"] == saw["pairs"] > 0
    assert states["unreached"] == saw["unreached"]
    for name in ("merged", "awq"):
        bundle = made / "package" / name
        manifest = read(bundle / "MANIFEST.json")
        assert manifest["training"]["saw"] == saw
        assert read_jsonl(bundle / "pairs.jsonl") == listed
        said = run("trace", f"outputs/smoke/package/{name}", "--json", cwd=folder)
        assert said.returncode == 0, said.stderr
        traced = json.loads(said.stdout)
        assert (traced["verified"], traced["unchecked"]) == (True, "")
        assert '"not as recorded"' not in said.stdout
        assert '"not on this machine"' not in said.stdout
    trained = next(pair["id"] for pair in listed if pair["state"] == "trained")
    said = run("trace", "--pair", trained, cwd=folder)
    assert (said.returncode, said.stdout.count("proved by")) == (0, 2)


def test_the_same_command_again_names_the_ways_out(finished: tuple[Path, str]) -> None:
    said = run(
        "train",
        "experiment=smoke",
        "adapter=qlora",
        "quant=awq",
        "run_name=smoke",
        "tracking=wandb",
        cwd=finished[0],
    )
    assert said.returncode == 2
    assert "already holds this run, finished" in said.stderr


def test_stages_of_a_finished_run_again(finished: tuple[Path, str]) -> None:
    folder = finished[0]
    said = run("package", "run=outputs/smoke", "quant=gptq", cwd=folder)
    assert said.returncode == 0, said.stdout + said.stderr
    said = run(
        "eval",
        "run=outputs/smoke",
        "quant=gptq",
        "eval.targets=[quantized]",
        "eval.suites=[seen]",
        cwd=folder,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    for name in ("awq", "gptq", "merged"):
        assert run("trace", f"outputs/smoke/package/{name}", cwd=folder).returncode == 0, name
    assert "gptq" in read(folder / "outputs" / "smoke" / "summary.json")["targets"]
    assert run("report", "outputs/smoke", cwd=folder).returncode == 0


def test_a_schema_of_the_users_own_is_trained_and_scored_on_its_rows(tmp_path: Path) -> None:
    pairs = library_pairs()
    write_data(tmp_path, LIBRARY_DDL, LIBRARY_ROWS, pairs)
    said = run(
        "train",
        "experiment=smoke",
        *OWN_DATA,
        "data.provenance={source: curated, model: analysts, session: T-7}",
        "data.eval_fraction=0.3",
        "run_name=own",
        cwd=tmp_path,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"{len(pairs)} with provenance completed" in said.stdout
    (dataset,) = (tmp_path / "outputs" / "datasets").glob("jsonl-*")
    rejected = [json.loads(line) for line in (dataset / "rejected.jsonl").read_text().splitlines()]
    assert {row["question"]: row["stage"] for row in rejected} == {
        "Drop the books": "guardrail",
        "Publisher of book 1?": "guardrail",
        "Title of  BOOK 3?": "duplicate",
    }
    assert all(row["provenance"]["excluded"] for row in rejected)
    metrics = read(tmp_path / "outputs" / "own" / "summary.json")["targets"]["merged"]["heldout"]
    assert metrics["execution_accuracy"]["n"] > 0


def test_a_run_that_nothing_could_score_ends_before_its_training(tmp_path: Path) -> None:
    write_data(tmp_path, LIBRARY_DDL, LIBRARY_ROWS, library_pairs()[:4])
    more = ["data.eval_fraction=0.01", "run_name=few", "tracking=files"]
    said = run("train", *OWN_DATA, *more, cwd=tmp_path)
    assert said.returncode == 2
    assert "has no pair to score; raise data.eval_fraction" in said.stderr
    stages = read(tmp_path / "outputs" / "few" / "run.json")["stages"]
    assert stages["dataset"]["status"] == "failed"
    assert "train" not in stages


def test_run_json_says_that_the_dataset_failed(tmp_path: Path) -> None:
    pairs = [{"question": "Drop the books", "sql": "DROP TABLE books"}]
    write_data(tmp_path, LIBRARY_DDL, LIBRARY_ROWS, pairs)
    said = run("train", *OWN_DATA, "run_name=none", "tracking=files", cwd=tmp_path)
    assert said.returncode == 2
    assert "of 1 pairs none is left to train on" in said.stderr
    stage = read(tmp_path / "outputs" / "none" / "run.json")["stages"]["dataset"]
    assert (stage["status"], stage["exit_code"]) == ("failed", 2)


def test_a_sweep_goes_on_behind_a_failing_job(tmp_path: Path) -> None:
    common = ["experiment=smoke", "stages=[train]", "sweep_name=s"]
    # Nothing has a learning rate of 1e30 to train to: the loss is NaN, and that job must fail alone.
    said = run("train", "-m", "train.learning_rate=1e30,1e-4", *common, cwd=tmp_path)
    assert said.returncode == 1, said.stdout + said.stderr
    assert "1 of 2 jobs of the sweep failed" in said.stderr
    jobs = read(tmp_path / "outputs" / "sweeps" / "s" / "summary.json")["jobs"]
    assert sorted(job["status"] for job in jobs) == ["done", "failed"]
    assert (tmp_path / "outputs" / "sweeps" / "s" / "summary.md").exists()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_goes_on_after_the_last_finished_stage(
    tmp_path: Path, signum: signal.Signals
) -> None:
    arguments = [
        "experiment=smoke",
        "run_name=stopped",
        "stages=[train,package]",
        "data.check_execution=false",
    ]
    training = started("train", *arguments, "train.max_steps=500", cwd=tmp_path)
    metrics = tmp_path / "outputs" / "stopped" / "metrics.jsonl"
    deadline = time.monotonic() + 120
    while not metrics.exists() and time.monotonic() < deadline and training.poll() is None:
        time.sleep(0.1)
    training.send_signal(signum)
    _, errors = training.communicate(timeout=60)
    assert training.returncode == 75, errors
    assert "the same command goes on" in errors
    assert "Traceback" not in errors
    record = read(tmp_path / "outputs" / "stopped" / "run.json")
    assert record["stages"]["train"]["status"] == "interrupted"
