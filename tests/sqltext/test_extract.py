import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extraction import hostile
from oracle_sft.sqltext import markdown, prose
from oracle_sft.sqltext.extract import extract
from oracle_sft.sqltext.lexer import Token, tokens
from oracle_sft.sqltext.parse import parse
from tests.examples import examples

CASES = [
    json.loads(line)
    for line in Path(__file__)
    .with_name("extraction.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
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


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_the_cases(case: dict[str, str | None]) -> None:
    assert case["text"] is not None
    assert extract(case["text"]).sql == case["sql"]


LITERALS = ["'x'", "'it''s; so'", "q'[a;'b]'", "'```'", "'<think>'", "'SELECT 1 FROM dual'", "N'é'"]
QUERIES = st.builds(
    "{}SELECT {}{}FROM {}{}".format,
    st.sampled_from(["", "-- names;\n", "/* a ; b */ ", "WITH q AS (SELECT 1 a FROM dual)\n"]),
    st.sampled_from(["name", "s.name, COUNT(*) n", "*", '"Name" AS "the name"', *LITERALS]),
    st.sampled_from([" ", "\n", "\n\n", "\n  "]),
    st.sampled_from(["shops s", "(SELECT a FROM t) s", "a, b", "app.shops s"]),
    st.one_of(
        st.sampled_from(["", "\nWHERE id = :id", "\n\nORDER BY 1", "\nFETCH FIRST 5 ROWS ONLY"]),
        st.sampled_from(LITERALS).map("\nWHERE name = {}".format),
    ),
)
WRAPPINGS = [
    "{}",
    "{};",
    "{}\n/",
    "\ufeff{};\n",
    "```sql\n{}\n```",
    "```\n{};\n```",
    "~~~sql\n{}\n~~~\nDone.",
    "````sql\n{}\n````",
    "```sql\n{}",
    "Sure, here's the query:\n\n```SQL\n{};\n```\n\nIt doesn't filter. SELECT reads.",
    "Answer:\n\n{};\n\nThis lists them.",
    "The query:\n\n{}\n\nThis isn't slow.",
    "<sql>{}</sql>",
    "<answer>\n```sql\n{}\n```\n</answer>",
    "<think>\nSELECT x FROM y? It's wrong.\n</think>\n```sql\n{}\n```",
    "it's so.</think>\n\n```sql\n{};\n```",
    "<|im_start|>assistant\n```sql\n{}\n```<|im_end|>",
    "```sql\n{}\n```\nagain:\n```sql\n{};\n```",
    "```sql\n{}\n```\n\n```\nNAME\n----\nHub\n```",
]


@pytest.mark.parametrize("wrap", WRAPPINGS)
@given(sql=QUERIES)
@examples(60)
def test_wrapping_does_not_matter(wrap: str, sql: str) -> None:
    assert extract(wrap.replace("{}", sql)).sql == sql


@given(sql=QUERIES)
def test_json_does_not_matter(sql: str) -> None:
    for answer in (
        {"sql": sql},
        {"name": "run", "arguments": {"query": sql + ";"}},
        [{"sql": sql}],
    ):
        assert extract(json.dumps(answer)).sql == sql
        assert extract(f"Here:\n```json\n{json.dumps(answer, indent=2)}\n```").sql == sql


@given(sql=QUERIES, other=st.sampled_from([R, "DROP TABLE shops", "DELETE FROM shops"]))
def test_a_second_statement_is_never_dropped(sql: str, other: str) -> None:
    for between in (";\n", ";\n\n", "\n/\n", "; -- next\n", ";\n\nThat's it. Then:\n\n"):
        for wrap in ("{}", "```sql\n{}\n```", "<sql>{}</sql>", "Here:\n\n{};\n\nDone."):
            found = extract(wrap.replace("{}", sql + between + other))
            assert found.sql is None or other in found.sql


PIECES = st.lists(
    st.sampled_from(
        "SELECT |FROM |t |a, |;|\n|\n\n|/|```|sql\n|~~~|'|\"|--|/*|*/|(|)|WITH a AS (|<think>|</think>|<sql>"
        "|</sql>|: |SQL:|DROP TABLE t|{|\"sql\":|}|> |- |It's. |**|<pipe>|\u200b|`|q'[|]'|&lt;|Note: |SQL> "
        "|  2  |[/SQL]|WHERE |BEGIN |END|This lists |ORDER BY |---\n".split("|")
    ),
    max_size=25,
).map(lambda pieces: "".join(pieces).replace("<pipe>", "<|end|>"))


@given(text=PIECES | st.text(max_size=60))
@examples(600)
def test_any_text_has_an_answer_that_is_stable(text: str) -> None:
    found = extract(text)
    assert (found.sql is not None) == (found.reason == "found")
    # What is no query goes to the guardrail as it is, and may have words or marks around it.
    if found.sql is not None and prose.Reader().is_query(found.sql) and "FROM" in found.sql:
        assert extract(found.sql).sql == found.sql


@given(sql=QUERIES, wrap=st.sampled_from(WRAPPINGS))
def test_idempotent(sql: str, wrap: str) -> None:
    found = extract(wrap.replace("{}", sql)).sql
    assert found is not None
    assert extract(found).sql == found


@given(st.text(alphabet="SELECTFROM `~<>sqlthink/\n;'\"{}:-", max_size=80))
def test_never_raises(text: str) -> None:
    for prefix in ("", "```sql\n", "<think>", "SELECT a FROM t "):
        found = extract(prefix + text)
        assert (found.sql is not None) == (found.reason == "found")


@pytest.fixture(scope="module")
def hostile_answers() -> dict[str, str]:
    return dict(hostile(1_000_000))


@pytest.mark.parametrize("kind", [kind for kind, _ in hostile(0)])
def test_work_is_bounded_on_hostile_answers(
    hostile_answers: dict[str, str], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []
    read: list[int] = []

    def counting_parse(sql: str) -> object:
        parsed.append(len(sql))
        return parse(sql)

    def counting_tokens(sql: str, *, comments: bool = False) -> Iterator[Token]:
        for token in tokens(sql, comments=comments):
            read.append(1)
            yield token

    monkeypatch.setattr(prose, "parse", counting_parse)
    monkeypatch.setattr(prose, "tokens", counting_tokens)
    monkeypatch.setattr(markdown, "tokens", counting_tokens)
    extract(hostile_answers[kind])
    assert sum(parsed) <= 200_000
    assert len(read) <= 700_000


def test_the_shared_cases() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/cases is absent")
    wrong = []
    for line in SHARED.read_text(encoding="utf-8").strip().split("\n"):
        case = json.loads(line)
        if extract(case["text"]).sql != case["expect_sql"]:
            wrong.append(case["id"])
    assert not wrong
