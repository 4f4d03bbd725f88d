import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.guardrail import GuardrailPolicy, SQLGuardrail
from oracle_sft.sqltext.schema import Schema
from tests.examples import examples

CASES = Path(__file__).parent / "guardrail"
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "guardrail.jsonl"
EXPECT = re.compile(r"^-- expect: (\w+)(?: \| (.*))?\n", re.MULTILINE)


SCHEMA = read_ddl((CASES / "schema.ddl").read_text(encoding="utf-8"), schema_id="s")


def policy_and_schema(said: str | None) -> tuple[GuardrailPolicy, Schema | None]:
    values: dict[str, Any] = {}
    schema = None
    for item in (said or "").split(";"):
        if item:
            name, _, value = item.strip().partition("=")
            if name == "schema":
                schema = SCHEMA
                continue
            known = getattr(GuardrailPolicy(), name)
            if isinstance(known, tuple):
                values[name] = tuple(value.split(","))
            elif isinstance(known, bool):
                values[name] = value == "True"
            else:
                values[name] = int(value) if isinstance(known, int) else value
    return GuardrailPolicy(**values), schema


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.sql")):
        parts = EXPECT.split(path.read_text(encoding="utf-8"))
        assert not parts[0].strip(), f"{path}: text before the first expectation"
        for number, (expected, said, sql) in enumerate(
            zip(parts[1::3], parts[2::3], parts[3::3], strict=True), start=1
        ):
            yield pytest.param(expected, said, sql, id=f"{path.stem}-{number}-{expected}")


@pytest.mark.parametrize(("expected", "said", "sql"), list(cases()))
def test_case_file(expected: str, said: str | None, sql: str) -> None:
    policy, schema = policy_and_schema(said)
    verdict = SQLGuardrail(policy).check(sql, schema=schema)
    rules = {finding.rule for finding in verdict.findings}
    if expected in ("allowed", "unparsed"):
        assert verdict.allowed, verdict.findings
        assert verdict.validity == ("valid" if expected == "allowed" else "unparsed")
        assert verdict.sql is not None
        assert verdict.sql in sql
    else:
        assert not verdict.allowed
        assert verdict.sql is None
        assert expected in rules
    for finding in verdict.findings:
        start, end = finding.span
        assert 0 <= start <= end <= len(sql)
        assert finding.message


def test_the_statement_keeps_its_own_text() -> None:
    sql = "\n SELECT /*+ hint */  name  -- c\n FROM customers ;\n/\n"
    verdict = SQLGuardrail().check(sql)
    assert verdict.sql == "SELECT /*+ hint */  name  -- c\n FROM customers"


def test_levels() -> None:
    unparsed = "SELECT * FROM bills PIVOT XML (SUM(a) FOR c IN (ANY))"
    invalid = "SELECT name FROM customers LIMIT 5"
    unsafe = "SELECT wipe() FROM customers"
    allowed = {
        level: [
            SQLGuardrail(GuardrailPolicy(level=level)).check(sql).allowed  # type: ignore[arg-type]
            for sql in (unparsed, invalid, unsafe)
        ]
        for level in ("strict", "standard", "lenient")
    }
    assert allowed == {
        "strict": [False, False, False],
        "standard": [True, False, False],
        "lenient": [True, True, False],
    }


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT name FROM custmers", "the schema has no table CUSTMERS; did you mean CUSTOMERS?"),
        ("SELECT c.nme FROM customers c", "CUSTOMERS has no column NME; did you mean NAME?"),
        ("SELECT nme FROM customers", "no table here has a column NME; did you mean NAME?"),
        ("SELECT purge_all FROM customers", "a function called without brackets?"),
        (
            "SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM bills WHERE customer = c.id)",
            "no table here has a column CUSTOMER; did you mean CUSTOMER_ID?",
        ),
    ],
)
def test_a_schema_is_an_allowlist(sql: str, message: str) -> None:
    verdict = SQLGuardrail().check(sql, schema=SCHEMA)
    assert not verdict.allowed
    assert message in " ".join(finding.message for finding in verdict.findings)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM user_objects",
        "SELECT c.name, SUM(b.amount) total FROM customers c, bills b WHERE b.customer_id = c.id(+) "
        "GROUP BY c.name HAVING SUM(amount) > 1 ORDER BY total DESC NULLS LAST",
        "WITH q AS (SELECT city, COUNT(*) n FROM customers GROUP BY city) SELECT n, city FROM q",
        "SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM bills WHERE customer_id = c.id "
        "AND city = 'x')",
        "SELECT x.label FROM (SELECT name || city AS label FROM customers) x ORDER BY label",
        "SELECT name, ROWNUM, SYSDATE, CASE WHEN id > 1 THEN 'a' END k FROM customers ORDER BY k",
        "SELECT id FROM customers UNION SELECT 1 FROM dual ORDER BY id",
        "SELECT LEVEL n FROM dual CONNECT BY LEVEL <= 3 ORDER BY n",
    ],
)
def test_what_the_schema_has_is_allowed(sql: str) -> None:
    verdict = SQLGuardrail().check(sql, schema=SCHEMA)
    assert verdict.allowed, verdict.findings
    assert verdict.validity == "valid"


def test_an_empty_allowlist_means_none() -> None:
    assert (
        not SQLGuardrail(GuardrailPolicy(allowed_functions=())).check("SELECT f(1) FROM t").allowed
    )


# --- properties -----------------------------------------------------------------------------------

SAFE = [
    "SELECT a, b FROM t WHERE a = 1",
    "SELECT x.a FROM t x JOIN u y ON x.id = y.id WHERE y.b IN (1, 2) ORDER BY 1",
    "WITH q AS (SELECT a FROM t) SELECT MAX(a) FROM q GROUP BY a HAVING COUNT(*) > 1",
]
BLOCKED = ["UTL_HTTP.REQUEST('x')", "wipe(1)", "a.b.c.d(1)", "@", ";", "&x", "INTO v", "FOR UPDATE"]


@given(st.sampled_from(SAFE), st.sampled_from(BLOCKED), st.data())
@examples(200)
def test_a_blocked_piece_stays_blocked_wherever_it_stands(
    sql: str, piece: str, data: st.DataObject
) -> None:
    words = sql.split(" ")
    at = data.draw(st.integers(1, len(words)))
    gap = data.draw(st.sampled_from([" ", "\n", "/**/", " -- x\n"]))
    text = gap.join([*words[:at], piece, *words[at:]])
    if piece == ";" and at == len(words):
        return  # the statement's own end
    assert not SQLGuardrail(GuardrailPolicy(level="lenient")).check(text).allowed


@given(st.sampled_from(SAFE), st.lists(st.sampled_from([" ", "\n", "\t", "/* x */", "--y\n"])))
def test_blanks_and_comments_do_not_matter(sql: str, gaps: list[str]) -> None:
    words = sql.split(" ")
    gaps = [*gaps, *[" "] * len(words)]
    text = "".join(f"{word}{gap}" for word, gap in zip(words, gaps, strict=False))
    assert SQLGuardrail().check(text).allowed


@given(st.text(alphabet="SELECTFROMWHRselct ()*,.'\"-/;:1a=\nq[]@&{}\u200b\x00é", max_size=60))
def test_never_raises(text: str) -> None:
    guardrail = SQLGuardrail()
    for prefix in ("", "SELECT ", "SELECT a FROM t ", "WITH a AS ("):
        verdict = guardrail.check(prefix + text, schema=SCHEMA)
        assert verdict.allowed == (verdict.sql is not None)


@pytest.mark.parametrize(
    "sql", ["SELECT '\ud800' FROM t", 'SELECT "a\udfff" FROM t', "\ud800", "SELECT 1 --\ud800"]
)
def test_half_a_character_is_none(sql: str) -> None:
    verdict = SQLGuardrail(GuardrailPolicy(level="lenient")).check(sql)
    assert [finding.rule for finding in verdict.findings] == ["control_character"]


def test_the_shared_cases() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/cases is absent")
    guardrail = SQLGuardrail()
    wrong = []
    for line in SHARED.read_text(encoding="utf-8").strip().split("\n"):
        case = json.loads(line)
        if guardrail.check(case["sql"]).allowed != (case["verdict"] == "allow"):
            wrong.append(case["id"])
    assert not wrong


def test_a_fault_is_told_in_the_words_of_the_text() -> None:
    sql = """SELECT JSON_OBJECT(KEY 'a' VALUE name RETURNING CLOB)\nFROM customers ORDER BY name DESC ASC"""
    (finding,) = SQLGuardrail().check(sql).findings
    assert finding.message.endswith("near 'ASC' (line 2, column 35)")
    sql = "SELECT name FROM customers WHERE name LIKEC LIKEC 'a'"
    (finding,) = SQLGuardrail().check(sql).findings
    assert "near" not in finding.message
    assert "<class" not in finding.message
    assert finding.message.endswith("(line 1, column 45)")
