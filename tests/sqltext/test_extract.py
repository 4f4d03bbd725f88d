import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle_sft.sqltext.extract import extract

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "extraction.jsonl"
Q = "SELECT name FROM shops"
R = "SELECT city FROM shops"


@pytest.mark.parametrize(
    ("answer", "sql"),
    [
        # bare
        (Q, Q),
        (f"{Q};", Q),
        (f"{Q}\n/\n", Q),
        (f"\ufeff{Q}\u200b", Q),
        ("SELECT name\r\nFROM shops;\r\n", "SELECT name\nFROM shops"),
        ("    SELECT name\n    FROM shops\n", "SELECT name\nFROM shops"),
        (f"-- names only\n{Q} -- all of them", f"-- names only\n{Q} -- all of them"),
        ("SELECT '</think>' FROM dual", "SELECT '</think>' FROM dual"),
        ("SELECT a FROM t PIVOT XML (SUM(b) FOR c IN (ANY))",) * 2,
        # fences
        (f"```sql\n{Q};\n```", Q),
        (f"```\n{Q}\n```", Q),
        (f"Sure:\n~~~oracle\n{Q}\n~~~\nDone.", Q),
        (f"````sql\n{Q}\n````", Q),
        (f"````markdown\nIn full:\n```sql\n{Q}\n```\n````", Q),
        (f"```sql\n{Q}\nWHERE 1 = 1", f"{Q}\nWHERE 1 = 1"),
        (f"```sql {Q} ```", Q),
        (f"1. ```sql\n   {Q}\n   ```", Q),
        (f"> ```sql\n> {Q}\n> ```", Q),
        (f"```sql\n{Q}\n```\nOutput:\n```\nNAME\n----\nHub\n```", Q),
        (f"```python\nrun(q)\n```\n```sql\n{Q}\n```", Q),
        (f"```sql\n{Q}\n```\nand again\n```sql\nselect  name from SHOPS;\n```", Q),
        ("~~~\nSELECT '```' FROM dual\n~~~", "SELECT '```' FROM dual"),
        ("```sql\nSEL\u200bECT name FROM shops\n```", "SEL\u200bECT name FROM shops"),
        (f"```sql\n{Q};\nDROP TABLE shops;\n```", f"{Q};\nDROP TABLE shops"),
        ("```sql\nSELECT &lt; FROM t\n```", "SELECT &lt; FROM t"),
        # inline code, prose, labels
        (f"Use `{Q}` for that.", Q),
        (f"Sure! The statement is: {Q};", Q),
        (f"SQL: {Q}\nExplanation: SELECT takes names FROM the shops.", Q),
        (f"{Q};\nThis lists them. SELECT is a read.", Q),
        ("SELECT name\nFROM shops\n\nThis lists all shops.", "SELECT name\nFROM shops"),
        (f"The answer is {Q}.", Q),
        (
            "With joy:\n\nWITH q AS (SELECT 1 a FROM dual) SELECT a FROM q",
            "WITH q AS (SELECT 1 a FROM dual) SELECT a FROM q",
        ),
        (f"SQL> {Q};\n\nNAME\n----\nHub", Q),
        # tags, JSON, chat marks, reasoning
        (f"<sql>\n{Q}\n</sql>\n<why>{R}</why>", Q),
        (f"<answer>Here:\n```sql\n{Q}\n```</answer>", Q),
        ('{"sql": "SELECT name\\nFROM shops;", "why": "x"}', "SELECT name\nFROM shops"),
        (f'```json\n{{"query": "{Q}"}}\n```', Q),
        (f"<|im_start|>assistant\n{Q}<|im_end|>\n<|im_start|>user\nthanks", Q),
        (f"<think>Maybe {R}?</think>\n```sql\n{Q}\n```", Q),
        (f"so it must be that.</think>{Q}", Q),
        ("```sql\nSELECT '<think>' FROM dual\n```", "SELECT '<think>' FROM dual"),
        # not SELECT: the guardrail shall see it
        ("DROP TABLE shops", "DROP TABLE shops"),
        (f"{Q}; DROP TABLE shops", f"{Q}; DROP TABLE shops"),
        (f"{Q}\n/\nDROP TABLE shops\n/", f"{Q}\n/\nDROP TABLE shops"),
        ("BEGIN wipe; END;\n/", "BEGIN wipe; END"),
    ],
)
def test_found(answer: str, sql: str) -> None:
    found = extract(answer)
    assert (found.sql, found.reason) == (sql, "found")
    assert found.candidates == (sql,)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "empty"),
        (" \n\u200b", "empty"),
        ("There are 12 shops.", "no_sql"),
        ("Select the shops you like, and with them the cities.", "no_sql"),
        ("Update the table and set things right.", "no_sql"),
        ("```sql\n-- I cannot answer this\n```", "no_sql"),
        ("```python\nprint(1)\n```", "no_sql"),
        ('{"error": "unclear"}', "no_sql"),
        ("<answer>42</answer>", "no_sql"),
        (f"<think>{Q}", "unfinished_reasoning"),
        (f"A: {Q}\nB: {R}", "several"),
        (f"```sql\n{Q}\n```\nor\n```sql\n{R}\n```", "several"),
        (f"```sql\n{Q}\n```\n```sql\nDROP TABLE shops\n```", "several"),
        (f"`{Q}` or `{R}`", "several"),
        ("```sql\nSELECT " + "a, " * 60_000 + "b FROM t\n```", "too_long"),
    ],
)
def test_nothing_found(answer: str, reason: str) -> None:
    found = extract(answer)
    assert found.sql is None
    assert found.reason == reason


@pytest.mark.parametrize(
    "wrap", ["{}", "```sql\n{}\n```", "<sql>{}</sql>", "Answer:\n\n```\n{}\n```"]
)
@given(
    sql=st.sampled_from(
        [Q, R, "SELECT 'a;b' x FROM dual", "WITH q AS (SELECT 1 a FROM dual)\nSELECT a FROM q"]
    )
)
@settings(deadline=None)
def test_wrapping_does_not_matter(wrap: str, sql: str) -> None:
    assert extract(wrap.format(sql)).sql == sql


@given(st.text(alphabet="SELECTFROM `~<>sqlthink/\n;'\"{}:-", max_size=80))
@settings(deadline=None)
def test_never_raises(text: str) -> None:
    for prefix in ("", "```sql\n", "<think>", "SELECT a FROM t "):
        found = extract(prefix + text)
        assert (found.sql is not None) == (found.reason == "found")


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "```sql\n",
            "`",
            "<think>",
            "</think>'",
            "SELECT ",
            "SELECT a FROM t;",
            '{"sql":',
            "(",
            "/*",
        ),
        *(
            "'",
            "\n",
            "WITH a AS (",
            "<sql>",
            "--",
            "~~~\n",
            "SELECT a FROM b\n",
            "a: ",
            "/**/",
            "> ",
        ),
    ],
)
def test_linear_time_on_hostile_answers(unit: str) -> None:
    start = time.perf_counter()
    extract(unit * (300_000 // len(unit)))
    assert time.perf_counter() - start < 3


def test_the_shared_cases() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/cases is absent")
    wrong = []
    for line in SHARED.read_text(encoding="utf-8").strip().split("\n"):
        case = json.loads(line)
        if extract(case["text"]).sql != case["expect_sql"]:
            wrong.append(case["id"])
    assert not wrong
