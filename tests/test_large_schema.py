"""A schema over the budget, from the command line: trained, packaged, scored and previewed in part."""

import json
from pathlib import Path

import pytest

from tests.command import OWN_DATA, read, run, write_data

pytestmark = pytest.mark.slow

BUDGET = "prompt.max_schema_tokens=100"
"""The demo has 187 tokens."""
DDL = """
CREATE TABLE boats (boat_id NUMBER(4) PRIMARY KEY, boat_name VARCHAR2(20));
CREATE TABLE captains (captain_id NUMBER(4) PRIMARY KEY, nickname VARCHAR2(20));
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A smoke run on the demo, and what its user saw."""
    folder = tmp_path_factory.mktemp("part")
    settings = [
        "experiment=smoke",
        "run_name=part",
        BUDGET,
        "eval.targets=[adapter]",
        "eval.limit=6",
    ]
    said = run("train", *settings, "eval.perturbed_databases=0", cwd=folder)
    assert said.returncode == 0, said.stdout + said.stderr
    return folder, said.stdout


def test_training_and_scoring_say_how_much_the_question_brings(finished: tuple[Path, str]) -> None:
    folder, said = finished
    assert "prompts show a part of their schema; the question alone brings all tables" in said
    assert "golds with all of their tables there, %" in said
    made = folder / "outputs" / "part"
    prompt = read(made / "run.json")["stages"]["train"]["prompt"]
    assert (prompt["max_schema_tokens"], prompt["selection_version"]) == (100, 1)
    assert 0.9 < prompt["in_part"]["complete"] / prompt["in_part"]["golds"] < 1
    rates = read(made / "summary.json")["targets"]["adapter"]["natural"]
    assert rates["all_tables_shown"]["n"] == 6
    report = read(made / "eval/natural/adapter/report.json")
    assert report["settings"]["prompt"]["selection_version"] == 1
    lines = (made / "eval/natural/adapter/predictions.jsonl").read_text().splitlines()
    assert all(1 <= json.loads(line)["shown_tables"] < 9 for line in lines)


def test_a_bundle_is_asked_with_the_budget_that_it_was_trained_with(
    finished: tuple[Path, str],
) -> None:
    folder, _ = finished
    bundle = "bundle=outputs/part/package/merged"
    assert read(folder / bundle.partition("=")[2] / "prompt.json")["max_schema_tokens"] == 100
    few = ["eval=smoke", "eval.limit=2", "eval.suites=[seen]", "eval.perturbed_databases=0"]
    said = run("eval", bundle, *few, "tracking=files", "run_name=again", cwd=folder)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "2 prompts show a part" in said.stdout
    other = "prompt.max_schema_tokens=80"
    said = run("eval", bundle, *few, other, "tracking=files", "run_name=other", cwd=folder)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "was trained with prompt.max_schema_tokens=100, and is asked with 80" in said.stdout


def test_a_preview_counts_them_and_pairs_that_cannot_be_shown_are_named(tmp_path: Path) -> None:
    pairs = [
        {
            "question": f"name of boat {n}?",
            "sql": f"SELECT boat_name FROM boats WHERE boat_id = {n}",
        }
        for n in range(8)
    ]
    pairs.append({"id": "both", "question": "all?", "sql": "SELECT 1 FROM boats, captains"})
    write_data(tmp_path, DDL, {"boats": [], "captains": []}, pairs)
    settings = [*OWN_DATA, "data.eval_fraction=0", "data.validation_fraction=0", "preview=1"]
    fits = run("data", *settings, cwd=tmp_path)
    assert fits.returncode == 0, fits.stdout + fits.stderr
    assert "a part of" not in fits.stdout
    said = run("data", *settings, "prompt.max_schema_tokens=20", cwd=tmp_path)
    assert said.returncode == 2
    assert (
        "pair both of 9 cannot be shown with all the tables that their answers read" in said.stderr
    )
    write_data(tmp_path, DDL, {"boats": [], "captains": []}, pairs[:-1])
    said = run("data", *settings, "prompt.max_schema_tokens=20", cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "8 prompts show a part of their schema" in said.stdout
    assert "boats(" in said.stdout
    assert "captains(" not in said.stdout
