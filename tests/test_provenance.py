"""The command `python -m oracle_sft.provenance`."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.provenance import main
from tests.pairs.provenance.samples import UNREADABLE, WHOLE, line, pair

DAMAGE: dict[int, bytes] = {
    101: line({"question": "q", "sql": "s"}),
    102: line(pair(source_session_id="")),
    203: line(pair(source="scraped")),
    204: line(pair(model=5)),
    305: line(pair(timestamp="yesterday")),
    306: line(pair(timestamp="2026-01-02T03:04:05")),
    407: line(pair(approved="true")),
    408: line(pair(excluded=True, approved=False)),
    509: line(pair(excluded=True, exclusion_reason="bad")),
    510: UNREADABLE["cut"],
    611: UNREADABLE["no UTF-8"],
    612: UNREADABLE["a NUL byte inside"],
}
"""Line number -> what stands there instead of a good pair."""


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    lines = [DAMAGE.get(number, line(pair() | {"id": f"p{number}"})) for number in range(1, 1001)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_each_damage_is_named_by_file_line_and_field(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(damaged)]) == 1
    out, err = capsys.readouterr()
    *errors, summary = out.splitlines()
    assert [int(error.removeprefix(f"{damaged}:").split(":")[0]) for error in errors] == list(
        DAMAGE
    )
    for error, words in zip(
        errors,
        (
            "missing provenance metadata",
            "empty: source_session_id",
            "source 'scraped' is not known",
            "model is 5; it must be a text",
            "'yesterday' is no ISO 8601 instant",
            "no ISO 8601 instant with a zone",
            "approved is 'true'; it must be true or false",
            "missing exclusion_reason",
            "both excluded and approved",
            "not JSON",
            "not UTF-8",
            "NUL byte",
        ),
        strict=True,
    ):
        assert words in error
    assert summary == f"{damaged}: 988 of 1,000 pairs valid (98.8%)"
    assert err.startswith("error: 12 pairs with missing or invalid provenance;")


def test_validate_speaks_json(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--json", str(damaged)]) == 1
    found = said(capsys)[str(damaged)]
    assert (found["valid"], found["invalid"], found["errors_left_out"]) == (988, 12, 0)
    assert [error["line"] for error in found["errors"]] == list(DAMAGE)


def test_a_source_of_ones_own_is_allowed_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(pair(source="scraped")))
    assert main(["validate", str(path)]) == 1
    assert main(["validate", str(path), "--allow-source", "scraped"]) == 0


def test_report_counts_truly(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(damaged), "--json"]) == 0
    found = said(capsys)[str(damaged)]
    assert found == {
        "total": 1000,
        "approved": 994,
        "excluded": 2,
        "missing_provenance": 12,
        "by_source": {"curated": 995, "scraped": 1, "unknown": 4},
        "by_model": {"human": 995, "unknown": 5},
        "excluded_by_reason": {"bad": 1, "unknown": 1},
        "unreadable": 3,
        "coverage": 0.988,
    }
    assert main(["report", str(damaged)]) == 0
    assert "  Total pairs: 1,000\n  Approved: 994\n  Excluded: 2\n" in capsys.readouterr().out


def test_the_dashboard_has_a_bar_for_each_source(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dashboard", str(damaged)]) == 0
    out = capsys.readouterr().out
    assert "1,000 pairs, provenance coverage 98.8%" in out
    assert any("curated" in row and "████" in row and "99.5%" in row for row in out.splitlines())


def test_backfill_completes_what_is_open_and_says_the_rest(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = damaged.read_bytes().splitlines()
    call = ["backfill", str(damaged), "--source", "backfill", "--model", "hermes"]
    assert main(call) == 0
    out, err = capsys.readouterr()
    assert out == (
        f"{damaged}: 2 of 1,000 pairs completed; "
        "3 lines hold no pair and stay as they are; 7 pairs are still invalid (see validate)\n"
    )
    assert [row.split(": ")[0] for row in err.splitlines()] == [
        f"{damaged}:{number}" for number in (510, 611, 612)
    ]
    after = damaged.read_bytes().splitlines()
    changed = [number for number in range(1, 1001) if before[number - 1] != after[number - 1]]
    assert changed == [101, 102]
    assert json.loads(after[100])["provenance"]["model"] == "hermes"
    assert main(call) == 0
    assert "0 of 1,000 pairs completed" in capsys.readouterr().out


def test_exclude_takes_ids_from_the_line_and_from_a_file(
    damaged: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"p2\n\np3\n")))
    call = ["exclude", str(damaged), "--id", "p1", "--ids", "-", "--reason", "wrong join"]
    assert main(call) == 0
    first = json.loads(damaged.read_bytes().splitlines()[0])["provenance"]
    assert first == WHOLE | {"approved": False, "excluded": True, "exclusion_reason": "wrong join"}
    assert "3 of 1,000 pairs newly excluded" in capsys.readouterr().out
    assert main(["exclude", str(damaged), "--id", "nobody", "--reason", "x"]) == 1
    assert "no pair has the id nobody" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: VERB"),
        (["validate"], "required: FILE"),
        (["validate", "none.jsonl"], "none.jsonl cannot be read (No such file or directory)"),
        (["validate", "."], ". is a folder; give a JSONL file"),
        (["backfill", "a.jsonl"], "required: --source, --model"),
        (
            ["backfill", "a.jsonl", "--source", "web", "--model", "m"],
            "--source 'web' is not known; known: trajectory, curated, backfill (--allow-source web",
        ),
        (
            ["backfill", "a.jsonl", "--source", "curated", "--model", "m", "--timestamp", "noon"],
            "--timestamp 'noon' is no instant with a zone",
        ),
        (["exclude", "a.jsonl", "--reason", "x"], "no pair is named; give --id ID"),
        (["exclude", "a.jsonl", "--id", "a", "--reason", " "], "--reason is empty"),
    ],
)
def test_a_wrong_call_gets_one_message(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(line(pair()))
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err


def test_no_file_is_worked_on_before_all_are_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": "a"}))
    call = ["backfill", str(path), str(tmp_path / "none"), "--source", "curated", "--model", "m"]
    assert main(call) == 2
    assert path.read_bytes() == line({"id": "a"})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", " "], "--model is empty"),
        (["--model", "m", "--session", ""], "--session is empty"),
        (["--model", "\udcff"], r"argument --model: '\udcff' is not UTF-8"),
    ],
)
def test_what_no_record_may_say_changes_nothing(
    damaged: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = damaged.read_bytes()
    assert main(["backfill", str(damaged), "--source", "backfill", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert damaged.read_bytes() == before


def test_an_unknown_id_is_shown_without_its_control_characters(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["exclude", str(damaged), "--id", "a\x1b[31m", "--reason", "x"]) == 1
    assert r"no pair has the id 'a\x1b[31m'; " in capsys.readouterr().err
