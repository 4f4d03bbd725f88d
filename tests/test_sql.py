"""The command `python -m oracle_sft.sql`."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.sql import main

DDL = """
CREATE TABLE staff (id NUMBER(4) PRIMARY KEY, name VARCHAR2(20), grade CHAR(3), pay NUMBER(8,2), hired DATE);
CREATE INDEX staff_name ON staff (name);
"""
ROWS = {
    "staff": [
        {"id": 1, "name": "Ada", "grade": "G5", "pay": 9500.25, "hired": "1999-01-31 09:00:00"},
        {"id": 2, "name": "", "grade": "G4", "pay": None, "hired": "2004-02-29"},
    ]
}


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    (tmp_path / "schema.sql").write_text(DDL)
    (tmp_path / "data.json").write_text(json.dumps(ROWS))
    return ["--ddl", str(tmp_path / "schema.sql"), "--rows", str(tmp_path / "data.json")]


def give(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def cases_file(folder: Path, cases: list[Any]) -> str:
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases))
    return str(path)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# --- one query ------------------------------------------------------------------------------------


def test_rows_are_a_table(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*place, "SELECT id, name, grade, pay, hired FROM staff ORDER BY id"]) == 0
    said = capsys.readouterr()
    words = [line.split() for line in said.out.splitlines()]
    assert ["ID", "NAME", "GRADE", "PAY", "HIRED"] in words
    assert ["1", "Ada", "G5", "9500.25", "1999-01-31", "09:00:00"] in words
    assert ["2", "NULL", "G4", "NULL", "2004-02-29", "00:00:00"] in words
    assert words[-1] == ["2", "rows"]
    assert "CREATE INDEX" in said.err, "what was not read from the DDL is named"


def test_rows_are_json(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*place, "--json", "SELECT id, grade, pay, hired, name FROM staff ORDER BY 1"]) == 0
    (said,) = printed(capsys)
    assert said == {
        "status": "ok",
        "columns": ["ID", "GRADE", "PAY", "HIRED", "NAME"],
        "types": ["NUMBER", "CHAR", "NUMBER", "DATE", "VARCHAR2"],
        "rows": [
            [1, "G5 ", 9500.25, "1999-01-31 09:00:00", "Ada"],
            [2, "G4 ", None, "2004-02-29 00:00:00", None],
        ],
        "error": None,
    }


def test_a_number_keeps_its_digits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "SELECT 12345678901234567890.125 AS n FROM dual"]) == 0
    assert "[[12345678901234567890.125]]" in capsys.readouterr().out


@pytest.mark.slow  # starts workers
def test_a_query_from_a_file_or_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "q.sql").write_text("SELECT 7 AS n FROM dual;\n")
    assert main(["--json", "--file", str(tmp_path / "q.sql")]) == 0
    give(monkeypatch, "SELECT 7 AS n FROM dual\n/\n")
    assert main(["--json", "-"]) == 0
    give(monkeypatch, "SELECT 7 AS n FROM dual")
    assert main(["--json"]) == 0
    assert [said["rows"] for said in printed(capsys)] == [[[7]]] * 3


@pytest.mark.slow  # starts workers
def test_a_cut_result_says_so(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*place, "--max-rows", "1", "SELECT id FROM staff"]) == 0
    assert "the first 1 row; there are more (--max-rows)" in capsys.readouterr().out
    assert main([*place, "--max-rows", "1", "--json", "SELECT id FROM staff"]) == 0
    assert printed(capsys)[0]["truncated"] is True


def test_the_clock_can_stand_still(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "--clock", "2024-02-29 12:30:00", "SELECT SYSDATE FROM dual"]) == 0
    assert printed(capsys)[0]["rows"] == [["2024-02-29 12:30:00"]]


def test_errors_of_the_query(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*place, "--json", "SELECT nothing FROM staff"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["status"] == "error"
    assert json.loads(said.out)["error"] == "ORA-00904"
    assert 'error: ORA-00904: "NOTHING": invalid identifier' in said.err
    unknown = "SELECT id\nFROM staff MATCH_RECOGNIZE (PATTERN (a) DEFINE a AS id = 1)"
    assert main([*place, "--json", unknown]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["status"] == "unsupported"
    assert json.loads(said.out)["error"] is None
    assert said.err.splitlines()[-1].strip().startswith("^"), "the place is marked"


@pytest.mark.slow  # starts workers
def test_an_endless_query_is_stopped(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    endless = "SELECT COUNT(*) FROM staff CONNECT BY 1 = 1"
    started = time.monotonic()
    assert main([*place, "--timeout", "0.3", endless]) == 1
    assert time.monotonic() - started < 5
    assert "stopped after 0.3 s; --timeout SECONDS gives it longer" in capsys.readouterr().err


def test_a_script_of_one_query_may_end_as_scripts_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "query.sql"
    file.write_text("-- one\nSELECT 1 FROM dual\n/\n")
    assert main(["--json", "--file", str(file)]) == 0
    assert printed(capsys)[0]["rows"] == [[1]]


@pytest.mark.slow  # starts workers
def test_a_missing_table_brings_the_names_of_those_that_are_there(
    place: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*place, "SELECT * FROM stuff"]) == 1
    assert capsys.readouterr().err.endswith("does not exist\n    the tables are STAFF\n")
    assert main(["SELECT * FROM stuff"]) == 1
    assert "DUAL only: --ddl brings tables" in capsys.readouterr().err


@pytest.mark.slow  # starts workers
def test_tables_that_stay_empty_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "dump.sql"
    script.write_text("CREATE TABLE t (n NUMBER); INSERT INTO t VALUES (1);")
    count = "SELECT COUNT(*) FROM t"
    assert main(["--ddl", str(script), count]) == 0
    assert f"--rows {script} would load the rows of its INSERT" in capsys.readouterr().err
    assert main(["--ddl", str(script), "--rows", str(script), "--json", count]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["rows"] == [[1]]
    assert "--rows" not in said.err
    rows = tmp_path / "t.csv"
    rows.write_text("n\n")
    assert main(["--ddl", str(script), "--rows", str(rows), count]) == 0
    assert f"{rows} brings no rows: all tables are empty" in capsys.readouterr().err


@pytest.mark.slow  # starts workers
def test_a_row_too_wide_for_the_terminal_is_a_line_for_each_value(
    place: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    query = "SELECT id, name, grade, pay, hired FROM staff ORDER BY id"
    monkeypatch.setenv("COLUMNS", "30")
    assert main([*place, query]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == ["- 1 -", "ID     1", "NAME   Ada"]
    monkeypatch.setenv("COLUMNS", "70")
    assert main([*place, query]) == 0
    assert "- 1 -" not in capsys.readouterr().out


# --- what a query becomes -------------------------------------------------------------------------


def test_a_query_is_explained(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT NVL(name, '-') || grade AS n\nFROM staff WHERE ROWNUM < 2"
    assert main([*place, "--explain", query]) == 0
    said = capsys.readouterr().out
    assert "\nFROM (\n  SELECT " in said, "laid out"
    assert "line 1, column 8: NVL(name, '-')\n  becomes coalesce(" in said
    assert "line 2, column 18: ROWNUM" in said
    assert main([*place, "--explain", "--json", query]) == 0
    steps = printed(capsys)[0]["steps"]
    assert query[slice(*steps[0]["span"])] == "NVL(name, '-') || grade"
    assert main([*place, "--explain", "SELECT x FROM staff"]) == 1


# --- cases ----------------------------------------------------------------------------------------

CASES: list[dict[str, Any]] = [
    {"id": "a", "class": "one", "sql": "SELECT id, pay FROM staff", "rows": [[2, None], [1, 9500.25]]},
    {"id": "b", "class": "one", "sql": "SELECT id / 3 AS x FROM staff", "ordered": False,
     "columns": ["X"], "rows": [[2 / 3], [1 / 3]]},
    {"id": "c", "class": "two", "sql": "SELECT x FROM staff", "error": "ORA-00904"},
    {"id": "d", "class": "two", "sql": "SELECT * FROM staff MATCH_RECOGNIZE (PATTERN (a) DEFINE a AS 1 = 1)",
     "rows": []},
]  # fmt: skip
WRONG: list[dict[str, Any]] = [
    {"id": "order", "sql": "SELECT id FROM staff ORDER BY 1", "ordered": True, "rows": [[2], [1]]},
    {"id": "text", "sql": "SELECT TO_CHAR(id) FROM staff", "rows": [[1], [2]]},
    {"id": "padding", "sql": "SELECT grade FROM staff", "rows": [["G5"], ["G4"]]},
    {"id": "twice", "sql": "SELECT 1 FROM staff", "rows": [[1]]},
    {"id": "name", "sql": "SELECT 1 AS a FROM dual", "columns": ["B"], "rows": [[1]]},
    {"id": "rows", "sql": "SELECT 1 FROM dual", "error": "ORA-00904"},
    {"id": "code", "sql": "SELECT x FROM staff", "error": "ORA-00942"},
    {"id": "error", "sql": "SELECT x FROM staff", "rows": [[1]]},
    {"id": "null", "sql": "SELECT name FROM staff", "rows": [["Ada"], [""]]},
]


def test_each_case_is_a_line(
    place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*place, "--json", "--cases", cases_file(tmp_path, CASES)]) == 0
    said = printed(capsys)
    assert [line["id"] for line in said] == ["a", "b", "c", "d"]
    assert [line["status"] for line in said] == ["ok", "ok", "error", "unsupported"]
    assert [line["error"] for line in said] == [None, None, "ORA-00904", None]
    assert said[0]["rows"] == [[1, 9500.25], [2, None]]


@pytest.mark.slow  # starts workers
def test_cases_or_tables_may_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, '{"id": 7, "sql": "SELECT 1 FROM dual"}\r\n')
    assert main(["--cases", "-", "--json"]) == 0
    assert printed(capsys)[0]["id"] == 7
    give(monkeypatch, "CREATE TABLE t (n NUMBER);")
    assert main(["--ddl", "-", "--json", "SELECT COUNT(*) FROM t"]) == 0
    assert printed(capsys)[0]["rows"] == [[0]]
    give(monkeypatch, b"\xff")
    assert main([]) == 2
    assert (
        "standard input is not UTF-8: invalid start byte at byte 0; save it"
        in capsys.readouterr().err
    )


@pytest.mark.slow  # starts workers
def test_cases_are_summed_up_by_class(
    place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*place, "--cases", cases_file(tmp_path, CASES)]) == 0
    words = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["class", "cases", "right", "unsupported"] in words
    assert ["one", "2", "2"] in words
    assert ["two", "2", "1", "1"] in words
    assert ["all", "4", "3", "1"] in words


@pytest.mark.slow  # starts workers
def test_what_is_wrong_is_listed(
    place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*place, "--cases", cases_file(tmp_path, WRONG)]) == 1
    said = capsys.readouterr()
    for case in WRONG:
        assert f": {case['id']}: " in said.out
    assert "other code: code: ORA-00904" in said.out
    assert "error: 9 of 9 cases wrong" in said.err


def test_a_case_without_an_answer_is_only_run(
    place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*place, "--cases", cases_file(tmp_path, [{"sql": "SELECT 1 FROM dual"}])]) == 0
    assert "unjudged" in capsys.readouterr().out


# --- wrong requests -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nothing"], "unrecognized arguments: --nothing; see: python -m oracle_sft.sql --help"),
        (["--clock", "today", "SELECT 1 FROM dual"], "'today' is no date with time"),
        (["--clock", "2024-01-01 10:00:00+02:00", "x"], "has an offset; SYSDATE has none"),
        (["--timeout", "0", "x"], "'0' is no number of seconds above 0"),
        (["--timeout", "nan", "x"], "'nan' is no number of seconds above 0"),
        (["--max-rows", "-1", "x"], "'-1' is no whole number above 0"),
        (["--memory", "lots", "x"], "'lots' is no size; write 512MB or 2GB"),
        (["--oracle-version", "11g", "x"], "invalid choice: '11g'"),
        (["--ddl", "no.sql", "x"], "no.sql: No such file or directory"),
        (["--ddl", "bad.sql", "x"], "error: bad.sql, line 1: expected )"),
        (["--ddl", "binary.sql", "x"], "binary.sql is not UTF-8"),
        (["--ddl", ".", "x"], ".: Is a directory"),
        (["--rows", "data.json", "x"], "--rows without --ddl"),
        (["--ddl", "schema.sql", "--rows", "no.json", "x"], "no rows at no.json"),
        (["--ddl", "schema.sql", "--rows", "wrong.json", "x"], "row 1, column ID: 'x': not a number"),
        (["--ddl", "schema.sql", "--rows", "broken.json", "x"], "broken.json, line 1"),
        (["--cases", "no.jsonl"], "no.jsonl: No such file or directory"),
        (["--cases", "empty.jsonl"], "empty.jsonl has no cases"),
        (["--cases", "bad.jsonl"], "bad.jsonl:1: "),
        (["--cases", "bad.jsonl"], "bad.jsonl:2: no text under sql"),
        (["--cases", "empty.jsonl", "--explain"], "--explain shows one query"),
        (["--cases", "empty.jsonl", "SELECT 1"], "give one of a query and --cases, not both"),
        (["--file", "no.sql"], "no.sql: No such file or directory"),
        (["--file", "binary.sql"], "binary.sql is not UTF-8"),
        (["--ddl", "", "x"], "--ddl is empty; give a path"),
        (["--ddl", "schema.sql", "--rows", "", "x"], "--rows is empty; give a path"),
        (["--ddl", "schema.sql", "--rows", "x" * 300, "x"], "xxx: File name too long"),
        ([""], "no query; give one, --file FILE"),
        (["--file", "two.sql"], "2 statements or commands; this runs one query, --cases FILE many"),
        (["--file", "plus.sql"], "2 statements or commands; this runs one query, --cases FILE many"),
        (["--ddl", "-"], "--ddl -: standard input has the query"),
        (["--ddl", "-", "--cases", "-"], "--ddl -: standard input has the query"),
        (["--ddl", "-", "-"], "--ddl -: standard input has the query"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_one_message(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.sql").write_text(DDL)
    (tmp_path / "bad.sql").write_text("CREATE TABLE t (a NUMBER")
    (tmp_path / "two.sql").write_text("SELECT 1 FROM dual;\nSELECT 2 FROM dual;\n")
    (tmp_path / "plus.sql").write_text("SET PAGESIZE 0\nSELECT 1 FROM dual;\n")
    (tmp_path / "binary.sql").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "wrong.json").write_text('{"staff": [{"id": "x"}]}')
    (tmp_path / "broken.json").write_text('{"staff": [}')
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "bad.jsonl").write_text('{"id": 1\n{"id": 2}\n')
    assert main(arguments) == 2
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from oracle_sft.sql import main; main(['--help']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "exit codes: 0 rows" in said.stdout
    assert not set(said.stderr.split()) & {"duckdb", "sqlglot", "hydra", "rich", "torch"}
