import json
from collections.abc import Callable
from pathlib import Path

import pytest

from oracle_sft.errors import EnvironmentFault
from oracle_sft.record.files import read_json, read_jsonl
from oracle_sft.score.item import Score
from oracle_sft.score.report import in_order, update_summary, write_report

Make = Callable[..., Score]


def write(run: Path, suite: str, target: str, scores: list[Score]) -> dict:
    return write_report(run / "eval", suite, target, scores, settings={"max_new_tokens": 192})


def outcomes(make_score: Make, target: str, right: str) -> list[Score]:
    """One score a letter: 1 is correct, 0 is not."""
    return [
        make_score(pair_id=f"q{place}", target=target, stage="correct" if one == "1" else "no_sql")
        for place, one in enumerate(right)
    ]


def test_a_report_is_three_files_that_agree(tmp_path: Path, make_score: Make) -> None:
    scores = [
        make_score(tags=("join",), difficulty="easy"),
        make_score(stage="schema_error", status="oracle_error", code="ORA-00904"),
        make_score(stage="gold_error", gold_status="gold_error", gold_message="gone", equal={}),
    ]
    report = write(tmp_path, "seen", "adapter", scores)
    folder = tmp_path / "eval" / "seen" / "adapter"
    assert sorted(path.name for path in folder.iterdir()) == [
        "predictions.jsonl",
        "report.json",
        "report.md",
    ]
    assert read_json(folder / "report.json") == json.loads(json.dumps(report))
    assert [Score.from_dict(line) for line in read_jsonl(folder / "predictions.jsonl")] == scores
    assert report["num_items"] == 3
    assert report["metrics"]["execution_accuracy"]["n"] == 2
    assert report["oracle_errors"] == {"ORA-00904": 1}
    assert report["settings"] == {"max_new_tokens": 192}
    assert report["gold_problems"]["gold_error"][0]["why"] == "gone"
    text = (folder / "report.md").read_text()
    assert "| execution_accuracy | 50.0% |" in text
    assert "| schema_error | 1 | ORA-00904 1 |" in text
    assert "Left out of the execution accuracy: 1 whose gold failed" in text


def test_markdown_survives_what_models_write(tmp_path: Path, make_score: Make) -> None:
    hostile = "```sql\nSELECT 1\n``` | ````"
    write(
        tmp_path,
        "seen",
        "base",
        [make_score(stage="no_sql", sql=None, text=hostile, question="a\nb")],
    )
    text = (tmp_path / "eval/seen/base/report.md").read_text()
    assert "**a b**" in text
    assert "`````sql\n-- answered\n```sql" in text


def test_a_second_report_replaces_the_first(tmp_path: Path, make_score: Make) -> None:
    write(tmp_path, "seen", "base", [make_score(), make_score()])
    write(tmp_path, "seen", "base", [make_score()])
    assert read_json(tmp_path / "eval/seen/base/report.json")["num_items"] == 1
    assert [path.name for path in (tmp_path / "eval/seen").iterdir()] == ["base"]


def test_an_unwritable_folder_is_the_machines_fault(tmp_path: Path, make_score: Make) -> None:
    (tmp_path / "eval").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        write(tmp_path, "seen", "base", [make_score()])


def test_summary_has_every_target_and_the_paired_differences(
    tmp_path: Path, make_score: Make
) -> None:
    for target, right in (
        ("awq", "1101"),
        ("merged", "1111"),
        ("adapter", "1110"),
        ("base", "0001"),
    ):
        write(tmp_path, "seen", target, outcomes(make_score, target, right))
    write(tmp_path, "unseen", "base", outcomes(make_score, "base", "00"))
    summary = update_summary(tmp_path, bootstrap_samples=200, seed=0)
    assert summary == read_json(tmp_path / "summary.json")
    assert list(summary["targets"]) == ["base", "adapter", "merged", "awq"]
    assert set(summary["targets"]["base"]) == {"seen", "unseen"}
    assert set(summary["targets"]["base"]["seen"]["execution_accuracy"]) == {
        "value",
        "low",
        "high",
        "n",
    }
    seen = summary["differences"]["seen"]
    assert list(seen) == ["adapter - base", "merged - adapter", "awq - merged"]
    assert {key: seen["adapter - base"][key] for key in ("value", "gained", "lost", "n")} == {
        "value": 0.5,
        "gained": 3,
        "lost": 1,
        "n": 4,
    }
    assert seen["awq - merged"]["value"] == -0.25
    assert seen["awq - merged"]["metric"] == "execution_accuracy"
    assert summary["differences"]["unseen"] == {}
    assert update_summary(tmp_path, bootstrap_samples=200, seed=0) == summary


def test_only_items_that_both_answered_are_paired(tmp_path: Path, make_score: Make) -> None:
    write(tmp_path, "seen", "base", outcomes(make_score, "base", "0011"))
    write(tmp_path, "seen", "adapter", outcomes(make_score, "adapter", "11"))
    changed_gold = [make_score(pair_id="q2", gold_sql="SELECT 2 FROM dual", target="adapter")]
    write(tmp_path, "seen", "merged", changed_gold)
    found = update_summary(tmp_path, bootstrap_samples=50, seed=0)["differences"]["seen"]
    assert found["adapter - base"]["n"] == 2
    assert "merged - adapter" not in found


def test_results_compared_by_other_rules_have_no_difference(
    tmp_path: Path, make_score: Make
) -> None:
    for target in ("base", "adapter", "merged"):
        write(tmp_path, "seen", target, outcomes(make_score, target, "01"))
    path = tmp_path / "eval/seen/base/report.json"
    path.write_text(json.dumps({**read_json(path), "compare_version": 1}))
    found = update_summary(tmp_path, bootstrap_samples=50, seed=0)
    assert list(found["differences"]["seen"]) == ["merged - adapter"]
    assert set(found["targets"]) == {"base", "adapter", "merged"}


def test_without_an_adapter_the_merged_weights_are_compared_with_the_base(
    tmp_path: Path, make_score: Make
) -> None:
    for target in ("base", "merged", "gptq"):
        write(tmp_path, "seen", target, outcomes(make_score, target, "01"))
    found = update_summary(tmp_path, bootstrap_samples=50, seed=0)["differences"]["seen"]
    assert list(found) == ["merged - base", "gptq - merged"]


def test_a_folder_without_reports_gives_an_empty_summary(tmp_path: Path) -> None:
    assert update_summary(tmp_path, bootstrap_samples=10, seed=0) == {
        "targets": {},
        "differences": {},
    }


def test_targets_come_in_the_order_of_their_making() -> None:
    assert in_order(["gptq", "merged", "awq", "adapter", "base"]) == [
        "base",
        "adapter",
        "merged",
        "awq",
        "gptq",
    ]
