"""Each of Oracle's errors that the engine raises has its text, with as many details as it has gaps."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import oracle_sft.engine
from oracle_sft.engine.messages import MESSAGES
from oracle_sft.engine.result import OracleError

_ENGINE = Path(oracle_sft.engine.__file__).parent
_OF_THE_SERVER = {"messages.py", "oracle_driver.py", "oracle_database.py", "oracle_parse.py"}
"""The table itself, and the files that read codes which a server sends with their texts."""


@cache
def _nodes() -> list[tuple[str, ast.AST]]:
    return [
        (f"{path.relative_to(_ENGINE)}:{getattr(node, 'lineno', 0)}", node)
        for path in sorted(_ENGINE.rglob("*.py"))
        if path.name not in _OF_THE_SERVER
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call | ast.Constant)
    ]


def _codes() -> set[str]:
    return {
        node.value
        for _, node in _nodes()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"ORA-\d{5}", node.value)
    }


def test_the_codes_that_are_raised_are_those_with_a_text() -> None:
    assert _codes() == set(MESSAGES)


def test_details_fill_the_gaps_of_their_text() -> None:
    seen, wrong = 0, []
    for where, node in _nodes():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        code = node.args[0]
        if ast.unparse(node.func) in ("OracleError.of", "ora_error") and isinstance(
            code, ast.Constant
        ):
            seen += 1
            if len(node.args) - 1 != MESSAGES[str(code.value)].count("{}"):
                wrong.append(f"{where}: {ast.unparse(node)}")
    assert seen > 200, "the calls are written in another way than this test looks for"
    assert wrong == []


def test_an_error_reads_as_oracle_writes_it() -> None:
    error = OracleError.of("ORA-00932", "NUMBER", "DATE")
    assert str(error) == "ORA-00932: inconsistent datatypes: expected NUMBER got DATE"
    assert (error.code, error.message) == ("ORA-00932", str(error).removeprefix("ORA-00932: "))


def test_a_detail_with_brackets_of_its_own_stays_as_it_is() -> None:
    assert OracleError.of("ORA-00904", '"{}"').message == '"{}": invalid identifier'


def test_a_code_without_a_text_is_a_mistake_of_the_engine() -> None:
    with pytest.raises(KeyError):
        OracleError.of("ORA-00000")
