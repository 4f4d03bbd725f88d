"""The summary of a sweep: its runs, what each varied, how each scored; sorted by the shipped weights' accuracy."""

import csv
import io
from pathlib import Path
from typing import Any

from rich.table import Table

from oracle_sft.record.console import Console
from oracle_sft.record.files import read_json, write_json, write_text

_SHIPPED_FIRST = ("awq", "gptq", "merged", "adapter")
_OBJECTIVE = "execution_accuracy"


def summarize_sweep(folder: Path, console: Console) -> list[dict[str, Any]]:
    """Write summary.json, .csv and .md into the sweep's folder and show the table; returns the jobs, best first."""
    runs = folder.parent.parent
    jobs = [
        _with_scores(read_json(path), runs) for path in sorted((folder / "jobs").glob("*.json"))
    ]
    jobs.sort(key=lambda job: (-(job["objective"] or -1.0), job["run_name"]))
    suites = sorted({suite for job in jobs for suite in job["scores"]})
    header = ["run", "overrides", "status", "target", *suites, "mean"]
    rows = [_cells(job, suites) for job in jobs]
    write_json(folder / "summary.json", {"objective": _OBJECTIVE, "jobs": jobs})
    write_text(folder / "summary.csv", _csv(header, rows))
    write_text(folder / "summary.md", _markdown(header, rows))
    table = Table(*header, title=f"sweep {folder.name}: {_OBJECTIVE}")
    for row in rows:
        table.add_row(*row)
    console.rich.print(table)
    console.say(f"summary       {folder / 'summary.md'}")
    return jobs


def _with_scores(job: dict[str, Any], runs: Path) -> dict[str, Any]:
    path = runs / job["run_name"] / "summary.json"
    targets = read_json(path)["targets"] if path.exists() else {}
    target = next((name for name in _SHIPPED_FIRST if name in targets), None)
    by_suite = targets.get(target, {})
    scores = {
        suite: metrics[_OBJECTIVE]["value"]
        for suite, metrics in by_suite.items()
        if metrics.get(_OBJECTIVE, {}).get("value") is not None
    }
    mean = sum(scores.values()) / len(scores) if scores else None
    return {"reason": "", **job, "target": target, "scores": scores, "objective": mean}


def _cells(job: dict[str, Any], suites: list[str]) -> list[str]:
    scores = [f"{job['scores'][suite]:.1%}" if suite in job["scores"] else "-" for suite in suites]
    mean = f"{job['objective']:.1%}" if job["objective"] is not None else "-"
    return [job["run_name"], job["overrides"], job["status"], job["target"] or "-", *scores, mean]


def _csv(header: list[str], rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def _markdown(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
