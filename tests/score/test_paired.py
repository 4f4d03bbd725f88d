import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.errors import UserError
from oracle_sft.report import main
from oracle_sft.score.intervals import mcnemar
from oracle_sft.score.item import Score
from oracle_sft.score.paired import compared, matched, read_scoring
from oracle_sft.score.report import update_summary, write_report

Make = Callable[..., Score]


def write(run: Path, make_score: Make, target: str, letters: str, **said: Any) -> Path:
    """A report with one item a letter: 1 is right, 0 is wrong, ? is unknown to the engine."""
    scores = []
    for place, one in enumerate(letters):
        unknown: dict[str, Any] = (
            {"stage": "unsupported", "status": "unsupported", "equal": {}} if one == "?" else {}
        )
        stage = "correct" if one == "1" else "mismatch:rows"
        values = {"pair_id": f"q{place}", "question": f"question {place}", "target": target}
        scores.append(make_score(**{**values, "stage": stage, **said.get("item", {}), **unknown}))
    settings = said.get("settings", {"dataset": "a", "guardrail": {"level": "standard"}})
    write_report(run / "eval", "seen", target, scores, settings=settings)
    return run / "eval" / "seen" / target


def test_a_paired_comparison_says_what_flipped_both_ways(tmp_path: Path, make_score: Make) -> None:
    first = write(tmp_path / "a", make_score, "base", "0011010")
    second = write(tmp_path / "b", make_score, "awq", "1110010")
    found = compared(read_scoring(first), read_scoring(second))
    headline = found["metrics"]["execution_accuracy"]
    difference = headline["difference"]
    assert (difference["gained"], difference["lost"], difference["n"]) == (2, 1, 7)
    assert difference["p_value"] == mcnemar(2, 1)
    assert headline["first"] == pytest.approx(3 / 7, abs=1e-6)
    assert headline["second"] == pytest.approx(4 / 7, abs=1e-6)
    assert difference["low"] <= difference["value"] <= difference["high"]
    assert [flip["id"] for flip in found["flips"]["gained"]] == ["q0", "q1"]
    assert found["flips"]["lost"] == [
        {"id": "q3", "question": "question 3", "first": "correct", "second": "mismatch:rows"}
    ]


def test_what_one_side_cannot_judge_is_left_out_and_counted(
    tmp_path: Path, make_score: Make
) -> None:
    first = write(tmp_path / "a", make_score, "base", "01?1")
    second = write(tmp_path / "b", make_score, "base", "?111")
    found = compared(read_scoring(first), read_scoring(second))
    assert found["metrics"]["execution_accuracy"]["difference"]["n"] == 2
    assert found["metrics"]["execution_accuracy"]["left_out"] == 2
    assert found["metrics"]["exact_match"]["left_out"] == 0


@pytest.mark.parametrize("item", [{}, {"gold_sql": "SELECT 2 FROM dual"}, {"question": "other"}])
def test_different_items_are_not_compared_silently(
    tmp_path: Path, make_score: Make, item: dict[str, str]
) -> None:
    first = read_scoring(write(tmp_path / "a", make_score, "base", "0101"))
    second = read_scoring(write(tmp_path / "b", make_score, "base", "011", item=item))
    with pytest.raises(UserError, match=r"4 items and .* has 3, . of them the same|nothing"):
        compared(first, second)
    if item:
        with pytest.raises(UserError, match="nothing to compare"):
            compared(first, second, only_common=True)
        return
    found = compared(first, second, only_common=True)
    assert found["items"] == {"first": 4, "second": 3, "common": 3}


def test_other_rules_of_comparison_are_refused(tmp_path: Path, make_score: Make) -> None:
    first = read_scoring(write(tmp_path / "a", make_score, "base", "01"))
    older = {**first.report, "compare_version": 0}
    second = type(first)(first.folder, older, first.scores)
    with pytest.raises(UserError, match=r"different rules \(compare_version is"):
        compared(first, second)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("report.json", "{", r"\(Expecting property name"),
        ("report.json", "[]", "list indices"),
        ("report.json", '{"suite": "seen"}', r"\(no 'target'\)"),
        ("predictions.jsonl", '{"pair_id": "q0"}\n', "missing .* required"),
        ("predictions.jsonl", '{"nothing": 1}\n', "unexpected keyword argument 'nothing'"),
        ("predictions.jsonl", None, "No such file"),
    ],
)
def test_a_report_that_cannot_be_read_is_named(
    tmp_path: Path,
    make_score: Make,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str | None,
    reason: str,
) -> None:
    first = write(tmp_path / "a", make_score, "base", "01")
    second = write(tmp_path / "b", make_score, "base", "01")
    (second / name).unlink() if text is None else (second / name).write_text(text)
    assert main(["compare", str(first), str(second)]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert re.search(f"{second} holds no report that this version reads .*{reason}", said)
    with pytest.raises(UserError, match="holds no report that this version reads"):
        update_summary(tmp_path / "b", bootstrap_samples=10, seed=0)


def test_settings_that_differ_are_listed(tmp_path: Path, make_score: Make) -> None:
    newer = {"dataset": "a", "guardrail": {"level": "standard", "not_known_then": 1}}
    first = write(tmp_path / "a", make_score, "base", "01", settings=newer)
    other = {"dataset": "b", "guardrail": {"level": "strict"}}
    second = write(tmp_path / "b", make_score, "base", "01", settings=other)
    found = compared(read_scoring(first), read_scoring(second))
    assert found["settings"] == [
        "dataset: 'a' -> 'b'",
        "guardrail.level: 'standard' -> 'strict'",
    ]


def test_runs_are_matched_by_suite_and_target(tmp_path: Path, make_score: Make) -> None:
    for run, targets in (("a", ("base", "adapter")), ("b", ("base", "awq"))):
        for target in targets:
            write(tmp_path / run, make_score, target, "01")
    pairs, alone = matched(str(tmp_path / "a"), str(tmp_path / "b"))
    assert pairs == [(tmp_path / "a/eval/seen/base", tmp_path / "b/eval/seen/base")]
    assert alone == ["seen/adapter", "seen/awq"]
    one = str(tmp_path / "a/eval/seen/adapter")
    assert matched(one, str(tmp_path / "b/eval/seen/awq"))[0]
    with pytest.raises(UserError, match="no suite and target is in both"):
        matched(one, str(tmp_path / "b"))
    with pytest.raises(UserError, match="holds no scores"):
        matched(one, str(tmp_path / "nowhere"))


def test_the_command_prints_the_table_and_the_flips(
    tmp_path: Path, make_score: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write(tmp_path / "a", make_score, "base", "00" + "0" * 30)
    second = write(tmp_path / "b", make_score, "base", "01" + "1" * 30)
    assert main(["compare", str(first), str(second), "--flips", "2"]) == 0
    out = capsys.readouterr().out
    assert "32 items, the same in both" in out
    assert "execution_accuracy" in out
    assert "right in B only: 31" in out
    assert "q1  question 1  (mismatch:rows -> correct)" in out
    assert "and 29 more; --json lists all" in out
    assert "right in A only: 0" in out
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json"]) == 0
    assert '"gained": 31' in capsys.readouterr().out


def test_the_command_refuses_what_it_cannot_compare(
    tmp_path: Path, make_score: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write(tmp_path / "a", make_score, "base", "00")
    assert main(["compare", str(first), str(tmp_path / "b")]) == 2
    assert "holds no scores" in capsys.readouterr().err
    assert main(["compare", str(first)]) == 2
    assert main(["compare", str(first), str(first), "--samples", "0"]) == 2
    assert "--samples" in capsys.readouterr().err
