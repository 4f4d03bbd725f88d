"""The command `python -m oracle_sft.train` up to where its training would begin."""

import json
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.train import main
from tests.command import read, run

DDL = "CREATE TABLE t (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20));"
RECORD = {
    "source_session_id": "s",
    "source": "curated",
    "model": "people",
    "timestamp": "2026-01-02T03:04:05Z",
    "approved": True,
}


def pair(number: int, **record: Any) -> dict[str, Any]:
    return {
        "id": f"p{number}",
        "question": f"name of {number}?",
        "sql": f"SELECT name FROM t WHERE id = {number}",
        "provenance": {**RECORD, **record},
    }


def write(folder: Path, pairs: list[dict[str, Any]]) -> list[str]:
    (folder / "pairs.jsonl").write_text("".join(json.dumps(each) + "\n" for each in pairs))
    (folder / "schema.sql").write_text(DDL)
    given = ["data=jsonl", "data.path=pairs.jsonl", "data.ddl=schema.sql"]
    return [*given, "run_name=r", "tracking=files", "stages=[train]"]


@pytest.mark.slow
def test_a_dataset_with_invalid_provenance_is_refused(tmp_path: Path) -> None:
    zoneless = {"timestamp": "2026-01-02T03:04:05"}
    bad = [pair(number, source="forum") for number in range(20, 31)] + [pair(31, **zoneless)]
    arguments = write(tmp_path, [*(pair(number) for number in range(20)), *bad])
    said = run("train", *arguments, cwd=tmp_path)
    assert said.returncode == 2, said.stdout + said.stderr
    assert "nothing is trained: 12 pairs have invalid provenance" in said.stderr
    named = [line for line in said.stderr.splitlines() if ": pair p" in line]
    assert len(named) == 10
    assert named[0].startswith("  pairs.jsonl:21: pair p20: provenance source 'forum'")
    assert "... and 2 more in " in said.stderr
    assert "data.provenance.allow_sources=[forum]" in said.stderr
    assert "python -m oracle_sft.provenance validate pairs.jsonl" in said.stderr
    stages = read(tmp_path / "outputs" / "r" / "run.json")["stages"]
    assert stages["dataset"]["status"] == "failed"
    assert "train" not in stages


@pytest.mark.slow
def test_where_all_pairs_are_invalid_the_way_out_is_said(tmp_path: Path) -> None:
    arguments = write(tmp_path, [pair(number, source="forum") for number in range(5)])
    said = run("train", *arguments, cwd=tmp_path)
    assert said.returncode == 2
    assert "none is left to train on" in said.stderr
    assert "data.provenance.allow_sources=[forum]" in said.stderr


@pytest.mark.parametrize("switch", ["preview=3", "croissant=true"])
def test_switches_of_the_data_command_are_refused(
    switch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([switch]) == 2
    assert "belong to python -m oracle_sft.data" in capsys.readouterr().err
