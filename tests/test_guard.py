"""The command `python -m oracle_sft.guard`."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.guard import main

GOOD = "SELECT name FROM customers"
ROWS: list[dict[str, Any]] = [
    {"id": "a", "sql": GOOD},
    {"id": "b", "sql": "SELECT name FROM customers LIMIT 5"},
    {"sql": "SELECT UTL_HTTP.REQUEST('x') FROM customers"},
    {"id": "d", "sql": "SELECT * FROM bills PIVOT XML (SUM(amount) FOR city IN (ANY))"},
]


def give(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def rows_file(folder: Path, rows: list[Any], name: str = "rows.jsonl") -> str:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# --- one text -------------------------------------------------------------------------------------


def test_an_allowed_text_is_shown_without_its_terminator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, f"{GOOD};\n")
    assert main([]) == 0
    assert capsys.readouterr().out == f"allowed\n{GOOD}\n"


def test_a_refusal_shows_the_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "q.sql"
    path.write_text("SELECT name\nFROM customers LIMIT 5\n")
    assert main([str(path)]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "refused: no valid Oracle",
        "line 2, column 16: limit: LIMIT is no Oracle; use FETCH FIRST n ROWS ONLY",
        "    FROM customers LIMIT 5",
        "                   ^^^^^^^",
    ]
    assert said.err == "error: limit\n"
    assert main([str(path), "--exit-zero"]) == 0
    assert main([str(path), "--policy", "lenient"]) == 0


def test_an_answer_is_pointed_to_its_flag(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = f"Here it is:\n```sql\n{GOOD};\n```\n"
    give(monkeypatch, answer)
    assert main(["-"]) == 1
    assert "--answers takes the query out first" in capsys.readouterr().out
    give(monkeypatch, answer)
    assert main(["-", "--answers", "--json"]) == 0
    (row,) = printed(capsys)
    assert row == {"allowed": True, "validity": "valid", "sql": GOOD, "findings": []}
    give(monkeypatch, "I cannot say.")
    assert main(["-", "--answers"]) == 1
    assert "no single statement in the answer: no_sql" in capsys.readouterr().out


def test_an_attack_in_an_answer_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, "```sql\nSELECT UTL_HTTP.REQUEST('x') FROM dual\n```")
    assert main(["--answers", "--json"]) == 1
    (row,) = printed(capsys)
    assert row["sql"] is None
    assert [finding["rule"] for finding in row["findings"]] == ["function"]


# --- rows -----------------------------------------------------------------------------------------


def test_one_json_line_for_each_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([rows_file(tmp_path, ROWS)]) == 1
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [list(row) for row in rows] == [["id", "allowed", "validity", "sql", "findings"]] * 4
    assert [row["id"] for row in rows] == ["a", "b", 3, "d"], "a row without an id has its line"
    assert [row["allowed"] for row in rows] == [True, False, False, True]
    assert [row["validity"] for row in rows] == ["valid", "invalid", "unparsed", "unparsed"]
    assert rows[0]["sql"] == GOOD
    assert rows[1]["findings"][0] == {
        "rule": "limit",
        "severity": "invalid",
        "message": "LIMIT is no Oracle; use FETCH FIRST n ROWS ONLY",
        "span": [27, 34],
    }
    assert said.err == "error: 2 of 4 rows refused\n"


def test_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rows_file(tmp_path, ROWS)
    allowed = {}
    for policy in ("strict", "standard", "lenient"):
        main([path, "--policy", policy])
        allowed[policy] = [row["id"] for row in printed(capsys) if row["allowed"]]
    assert allowed == {"strict": ["a"], "standard": ["a", "d"], "lenient": ["a", "b", "d"]}


def test_a_policy_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "the DBA's, [1]" / "guardrail"
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text(
        "defaults:\n  - /schema/guardrail/guardrail@_here_\n"
        "name: ours\nlevel: strict\nallowed_functions: [hr.tax]\n"
    )
    path = rows_file(tmp_path, [{"sql": "SELECT hr.tax(amount) FROM bills"}])
    assert main([path]) == 1
    assert main([path, "--policy", "ours", "--config-dir", str(folder.parent)]) == 0
    assert main([path, "--allow-function", "HR.TAX"]) == 0


def test_a_schema_and_a_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ddl = tmp_path / "shop.sql"
    ddl.write_text("CREATE TABLE customers (name VARCHAR2(9), active BOOLEAN);")
    path = rows_file(
        tmp_path, [{"sql": "SELECT nme FROM customers"}, {"sql": "SELECT 1 FROM bills"}]
    )
    assert main([path, "--schema", str(ddl)]) == 1
    rows = printed(capsys)
    assert "did you mean NAME?" in rows[0]["findings"][0]["message"]
    assert rows[1]["findings"][0]["rule"] == "unknown_table"
    path = rows_file(tmp_path, [{"sql": "SELECT name FROM customers WHERE active = TRUE"}])
    assert main([path]) == 0
    assert main([path, "--oracle-version", "19c"]) == 1


def test_extraction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": 1, "text": f"```\n{GOOD};\n```"}, {"id": 2, "text": "no"}]
    path = rows_file(tmp_path, rows)
    assert main([path, "--extract-only"]) == 1
    said = capsys.readouterr()
    assert [json.loads(line) for line in said.out.splitlines()] == [
        {"id": 1, "sql": GOOD, "reason": "found"},
        {"id": 2, "sql": None, "reason": "no_sql"},
    ]
    assert said.err == "error: 1 of 2 rows without one statement\n"
    renamed = rows_file(tmp_path, [{"answer": GOOD}])
    assert main([renamed, "--extract-only", "--field", "answer"]) == 0


def test_what_no_row_can_be_is_named_and_the_others_are_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        b'{"sql": "SELECT 1 FROM dual"}',
        b"nonsense",
        b'{"question": 1}',
        b'{"sql": 3}',
        b"[]",
    ]
    lines += [b"\xff", b"", b'{"id": "last", "sql": "SELECT \\ud800 FROM dual"}']
    path.write_bytes(b"\n".join(lines))
    assert main([str(path)]) == 2
    said = capsys.readouterr()
    assert [json.loads(line)["id"] for line in said.out.splitlines()] == [1, "last"]
    for part in (
        "rows.jsonl:2: not JSON",
        "rows.jsonl:3: no field 'sql'; its fields: question",
        "rows.jsonl:4: sql is int, not text",
        "rows.jsonl:5: a JSON list, not an object",
        "rows.jsonl:6: not UTF-8",
    ):
        assert part in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.sql"], "nowhere.sql: No such file"),
        (["--policy", "strct"], "did you mean strict?"),
        (["--allow-function", "hr.*"], "'hr.*' is no name of a function"),
        (["--schema", "nowhere.ddl"], "nowhere.ddl: No such file"),
        (["--schema", os.devnull], "/dev/null has no CREATE TABLE"),
        (["--config-dir", "nowhere"], "--config-dir nowhere is no folder"),
        (["--config-dir", os.devnull], "--config-dir /dev/null is no folder"),
        (["--oracle-version", "8i"], "oracle_version='8i' is not known"),
        (["--polcy", "strict"], "unrecognized arguments: --polcy"),
        (["--oracle-dsn", "db"], "--oracle-dsn wants --oracle-user"),
        (["--field", "sql"], "has no rows"),
    ],
)
def test_wrong_requests(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    give(monkeypatch, "")
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_text_that_is_not_utf8(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, b"SELECT \xff")
    assert main([]) == 2
    assert "not UTF-8: invalid start byte at byte 7" in capsys.readouterr().err


def test_the_table_on_a_terminal(tmp_path: Path) -> None:
    path = rows_file(tmp_path, ROWS)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "oracle_sft.guard", path]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        pieces = []
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # how a terminal says that its other side is gone
                break
            if not piece:
                break
            pieces.append(piece)
    os.close(ours)
    said = b"".join(pieces).decode()
    assert process.returncode == 1
    assert "4 rows, 2 refused" in said
    for rule in ("limit", "function", "unparsed"):
        assert rule in said
