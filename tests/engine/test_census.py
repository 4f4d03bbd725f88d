"""Every function of Oracle's and every node of sqlglot's is known, or refused for a reason."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from sqlglot import exp

from oracle_sft.engine import rewrite
from oracle_sft.engine.rewrite import functions, tree
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.groups import group_functions, windows
from oracle_sft.engine.rewrite.refused_functions import REFUSED_FUNCTIONS
from oracle_sft.engine.rewrite.refused_nodes import REFUSED_NODES
from tests.engine.library import read_cases

PAGE = Path(__file__).parents[2] / "docs" / "oracle-semantics.md"
CASES = Path(__file__).parent / "cases"

WITHOUT_TABLE = frozenset(
    """CONNECT_BY_ROOT CURRENT_DATE DBTIMEZONE EXTRACT FIRST JSON_EXISTS JSON_TABLE LAST LNNVL
    REGEXP_LIKE SESSIONTIMEZONE SYSDATE SYS_CONNECT_BY_PATH TRIM""".split()
)
"""Served where their own grammar is read: conditions, pseudocolumns, KEEP, FROM."""


def served() -> set[str]:
    """The names of the functions that are answered."""
    return {
        *functions.FUNCTIONS,
        *functions.OWN_GRAMMAR,
        *group_functions.NAMES,
        *windows.ANALYTIC,
        *WITHOUT_TABLE,
    }


def test_every_function_is_served_or_refused_for_a_reason() -> None:
    assert served() | REFUSED_FUNCTIONS.keys() == ORACLE_FUNCTIONS
    assert served() & REFUSED_FUNCTIONS.keys() == set()


def test_each_code_that_the_page_names_has_a_case() -> None:
    section = PAGE.read_text().split("## Errors")[1].split("##")[0]
    named = set(re.findall(r"\b\d{5}\b", re.sub(r"\d{5} to \d{5}", "", section)))
    raised = {case.error.removeprefix("ORA-") for case in read_cases() if case.error}
    assert len(named) > 50
    assert named <= raised


def test_everyday_functions_are_served() -> None:
    everyday = """ABS ADD_MONTHS ASCII AVG CAST CEIL CHR COALESCE CONCAT COUNT CURRENT_DATE DECODE DENSE_RANK
        EXTRACT FIRST_VALUE FLOOR GREATEST GROUPING INITCAP INSTR JSON_VALUE LAG LAST_DAY LEAD LEAST
        LENGTH LISTAGG LOWER LPAD LTRIM MAX MEDIAN MIN MOD MONTHS_BETWEEN NEXT_DAY NTILE NULLIF
        NUMTODSINTERVAL NVL NVL2 PERCENTILE_CONT POWER RANK RATIO_TO_REPORT REGEXP_COUNT REGEXP_INSTR
        REGEXP_LIKE REGEXP_REPLACE REGEXP_SUBSTR REPLACE ROUND ROW_NUMBER RPAD RTRIM SIGN SOUNDEX SQRT
        STANDARD_HASH STDDEV SUBSTR SUM SYSDATE SYSTIMESTAMP SYS_CONNECT_BY_PATH TO_CHAR TO_CLOB TO_DATE
        TO_NUMBER TO_TIMESTAMP TRANSLATE TRIM TRUNC UPPER VARIANCE""".split()
    assert set(everyday) <= served()


def _nodes() -> dict[str, type[exp.Expr]]:
    classes = [value for value in vars(exp).values() if inspect.isclass(value)]
    return {found.__name__: found for found in classes if issubclass(found, exp.Expr)}


def _read_by_name() -> set[str]:
    """The node classes that the rewriter's code speaks of."""
    names = set()
    for path in Path(rewrite.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "exp":
                names.add(node.attr)
    return names


def _arrives_disguised(node: type[exp.Expr]) -> bool:
    """A call that reaches the rewriter under Oracle's own name, never as this class."""
    if not issubclass(node, exp.Func) or node in (exp.Func, exp.AggFunc):
        return False
    return set(node.sql_names()) <= tree._calls_known_to_sqlglot()


def test_every_node_is_read_or_refused_for_a_reason() -> None:
    nodes = _nodes()
    read = _read_by_name()
    open_ = {name for name in nodes if name not in read and not _arrives_disguised(nodes[name])}
    assert open_ - REFUSED_NODES.keys() == set(), "nodes that nobody has looked at"
    assert REFUSED_NODES.keys() - nodes.keys() == set(), "nodes that sqlglot does not have"


# --- the page -------------------------------------------------------------------------------------


def test_the_page_names_every_function() -> None:
    text = PAGE.read_text()
    listed = text[text.index("## Functions") :]
    named = set(re.findall(r"`([A-Z][A-Z0-9_]*)`", listed[: listed.index("## Refused")]))
    assert named == served()


def test_the_page_gives_each_refusal_its_reason() -> None:
    text = PAGE.read_text()
    rows = dict(
        (reason.strip(), set(names.replace("`", "").split()))
        for names, reason in re.findall(
            r"^\| ([`A-Z0-9_ ]+) \| (.+) \|$", text[text.index("## Refused") :], re.M
        )
    )
    expected: dict[str, set[str]] = {}
    for name, reason in REFUSED_FUNCTIONS.items():
        expected.setdefault(reason, set()).add(name)
    assert rows == expected


@pytest.mark.parametrize(
    "line", [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
)
def test_the_case_files_that_the_page_names_exist(line: str) -> None:
    cells = [cell.strip() for cell in line.strip("|").replace("\\|", "").split("|")]
    if len(cells) == 5 and cells[3] not in ("", "cases"):
        assert all((CASES / f"{name}.sql").exists() for name in cells[3].split(", "))
