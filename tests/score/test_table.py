import io
from typing import Any

import pytest
from rich.console import Console

from oracle_sft.score.table import difference_lines, final_table, final_view, recall_lines


def rate(value: float, n: int = 150) -> dict[str, Any]:
    return {"value": value, "low": max(0.0, value - 0.04), "high": min(1.0, value + 0.03), "n": n}


def summary(*suites: str) -> dict[str, Any]:
    values = {"base": 0.02, "adapter": 0.913, "merged": 1.0, "awq": 0.9}
    rates = {
        target: {
            "exact_match": rate(value),
            "valid_sql": rate(value),
            "execution_accuracy": rate(value),
        }
        for target, value in values.items()
    }
    gain = {
        "value": 0.893,
        "low": 0.84,
        "high": 0.94,
        "n": 150,
        "gained": 134,
        "lost": 0,
        "p_value": 1e-40,
        "metric": "execution_accuracy",
    }
    loss = {**gain, "value": -0.1, "low": -0.2, "high": 0.01, "gained": 0, "lost": 15}
    return {
        "targets": {target: dict.fromkeys(suites, rates[target]) for target in values},
        "differences": {suite: {"adapter - base": gain, "awq - merged": loss} for suite in suites},
    }


def final_text(said: dict[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    with console.capture() as capture:
        console.print(final_view(said))
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def test_three_suites_fit_into_100_columns() -> None:
    text = final_text(summary("natural", "seen", "unseen"))
    lines = text.splitlines()
    assert max(len(line) for line in lines) <= 100
    assert "…" not in text
    assert "seen (n=150)" in lines[0]
    assert lines[0].index(" seen") < lines[0].index("unseen") < lines[0].index("natural")
    base = next(line for line in lines if line.startswith("base"))
    assert base.count("2.0 [0, 5]") == 3
    merged = next(line for line in lines if line.startswith("merged"))
    assert "100.0 [96, 100]" in merged


def test_more_suites_come_in_further_tables() -> None:
    text = final_text(summary("seen", "unseen", "natural", "other"))
    assert sum(line.startswith("base") for line in text.splitlines()) == 2
    assert "other" in text


def test_rows_come_in_order_and_a_figure_that_was_not_measured_is_a_dash() -> None:
    said = summary("seen")
    del said["targets"]["awq"]["seen"]["execution_accuracy"]
    said["targets"]["gptq"] = {}
    rows = [line.split() for line in final_text(said).splitlines()]
    named = [row for row in rows if row and row[0] in said["targets"]]
    assert [row[0] for row in named] == ["base", "adapter", "merged", "awq", "gptq"]
    assert named[3] == ["awq", "90.0", "90.0", "-"]
    assert named[4] == ["gptq", "-", "-", "-"]


def test_differences_say_points_interval_and_flips() -> None:
    said = summary("seen")
    said["differences"]["seen"]["awq - merged"]["metric"] = "exact_match"
    gain, loss = difference_lines(said)
    assert (
        gain.split()
        == ("seen adapter - base +89.3 [+84.0, +94.0] 134 gained, 0 lost of 150").split()
    )
    assert loss.endswith("-10.0 [-20.0, +1.0]    0 gained, 15 lost of 150; exact match; includes 0")


def test_the_number_of_items_is_in_the_head() -> None:
    said = summary("seen")
    said["targets"]["awq"] = {"seen": {"execution_accuracy": rate(0.9, n=148)}}
    assert "n=148-150" in final_text(said)
    assert "n=0" in final_text({"targets": {"base": {"seen": {}}}, "differences": {}})


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_view_prints_on_a_console_that_does_not_wrap(width: int) -> None:
    out = io.StringIO()
    console = Console(file=out, width=width, soft_wrap=True, highlight=False)
    console.print(final_view(summary("seen", "unseen")))
    lines = [line for line in out.getvalue().splitlines() if line.startswith("adapter")]
    assert len(lines) == 1
    assert lines[0].count("91.3 [87, 94]") == 2


def test_a_table_can_be_of_some_suites_only() -> None:
    assert len(final_table(summary("seen", "unseen"), ["seen"]).columns) == 2


def test_predictions_that_the_engine_does_not_know_are_said() -> None:
    said = summary("seen")
    assert "not known" not in final_text(said)
    said["targets"]["base"]["seen"]["unsupported"] = {"value": 0.02, "low": 0, "high": 1, "n": 150}
    assert "left out of the execution accuracy: base on seen 3 of 150" in final_text(said)


def test_recall_is_said_once_for_the_targets_that_were_shown_the_same_tables() -> None:
    said = summary("seen", "natural")
    assert recall_lines(said) == []
    for target, value in (("base", 0.9), ("adapter", 0.9), ("merged", 0.8)):
        suites = said["targets"][target]
        said["targets"][target] = {
            suite: {**rates, "all_tables_shown": rate(value, 40)} for suite, rates in suites.items()
        }
    assert recall_lines(said) == [
        "  base, adapter seen 90.0 of 40   natural 90.0 of 40",
        "  merged    seen 80.0 of 40   natural 80.0 of 40",
    ]
    assert "golds with all of their tables there, %" in final_text(said)
