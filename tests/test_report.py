"""The command `python -m oracle_sft.report`."""

import json
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.report import main


def rate(value: float) -> dict[str, Any]:
    return {"value": value, "low": value, "high": value, "n": 10}


def make_run(folder: Path, *, scored: bool = True) -> Path:
    (folder / "eval").mkdir(parents=True)
    stages = {"train": {"status": "done"}, "package": {"status": "failed"}}
    (folder / "run.json").write_text(json.dumps({"stages": stages}))
    if scored:
        targets = {"base": {"seen": {"execution_accuracy": rate(0.25)}}}
        said = {"targets": targets, "differences": {"seen": {}}}
        (folder / "summary.json").write_text(json.dumps(said))
        (folder / "package" / "awq").mkdir(parents=True)
        (folder / "package" / "awq" / "MANIFEST.json").write_text("{}")
    return folder


def test_prints_the_table_and_the_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = make_run(tmp_path / "first"), make_run(tmp_path / "second")
    assert main([str(first), str(second)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows.count(["base", "-", "-", "25.0", "[25,", "25]"]) == 2
    for run in (first, second):
        assert ["run", str(run)] in rows
        assert ["report", str(run / "eval")] in rows
        assert ["bundle", str(run / "package" / "awq")] in rows


def test_json_is_one_array(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = make_run(tmp_path / "first")
    assert main([str(run), "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)
    assert said["run"] == str(run)
    assert said["targets"]["base"]["seen"]["execution_accuracy"]["value"] == 0.25
    assert said["differences"] == {"seen": {}}


def test_a_folder_that_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    err = capsys.readouterr().err
    assert err == (
        f"error: {tmp_path / 'nowhere'} holds no run.json; give the folder of a run, as outputs/NAME\n"
    )


def test_a_run_without_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = make_run(tmp_path / "run", scored=False)
    assert main([str(run)]) == 2
    err = capsys.readouterr().err
    assert "has no scores yet" in err
    assert f"python -m oracle_sft.eval run={run}" in err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"targets": {}}'])
def test_a_damaged_summary_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    run = make_run(tmp_path / "run")
    (run / "summary.json").write_text(text)
    for flags in ([], ["--json"]):
        assert main([str(run), *flags]) == 2
        (said,) = capsys.readouterr().err.splitlines()
        assert "summary.json is damaged; score the run again: python -m oracle_sft.eval" in said


def test_an_unknown_flag_and_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--jsn", "x"]) == 2
    assert "--jsn; see: python -m oracle_sft.report --help" in capsys.readouterr().err
    assert main([]) == 2
    assert "RUN" in capsys.readouterr().err


def test_help_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "RUN" in capsys.readouterr().out
