import re
from pathlib import Path

from oracle_sft.sqltext.rule_list import rules

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "guardrail"


def emitted() -> set[str]:
    """Rule names in calls that make findings, and the kinds of statements."""
    text = "".join(path.read_text() for path in (ROOT / "oracle_sft/sqltext").rglob("*.py"))
    named = re.findall(r"""(?:\bfinding|Finding|_invalid)\(\s*(?:reading,\s*)?"(\w+)",""", text)
    return set(named)


def test_the_list_has_every_rule_that_can_be_found() -> None:
    listed = {rule.name for rule in rules()}
    assert len(listed) > 70
    assert not emitted() - listed


def test_every_rule_has_one_line_of_its_own() -> None:
    lines = [rule.about for rule in rules()]
    assert len(set(lines)) == len(lines)
    assert all(10 < len(line) < 130 for line in lines), [line for line in lines if len(line) >= 130]


def test_every_rule_has_a_file_of_cases() -> None:
    names = {rule.name for rule in rules() if rule.kind != "hook"}
    for name in names:
        assert f"-- expect: {name}" in (CASES / f"{name}.sql").read_text(encoding="utf-8"), name
    assert {path.stem for path in CASES.glob("*.sql")} == names


def test_the_page_has_this_list() -> None:
    page = (ROOT / "docs" / "guardrail.md").read_text(encoding="utf-8")
    listed = page.partition("<!-- rules -->")[2].partition("<!-- end of rules -->")[0]
    rows = ["| rule | kind | what it asks for |", "|---|---|---|"]
    rows += [f"| `{rule.name}` | {rule.kind} | {rule.about} |" for rule in rules()]
    assert listed.strip() == "\n".join(rows), "\n".join(rows)
