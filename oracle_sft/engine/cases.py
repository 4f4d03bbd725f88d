"""Cases with known answers: a query, and the rows or the error that Oracle gives."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from oracle_sft.engine.json_values import shown
from oracle_sft.engine.pool import Outcome
from oracle_sft.engine.result import OracleError, ResultSet, Value
from oracle_sft.errors import UserError

RELATIVE_TOLERANCE = 1e-9

Judgement = Literal["right", "wrong", "other code", "unsupported", "unjudged"]
"""`other code`: Oracle refuses it too, under another code. `unjudged`: the case has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of a file of cases."""

    id: Any
    sql: str
    class_: str = ""
    ordered: bool = False
    columns: tuple[str, ...] | None = None
    rows: Sequence[Sequence[Any]] | None = None
    errors: tuple[str, ...] = ()
    """Codes that are right; the first is the 19c one."""


@dataclass(frozen=True, slots=True)
class Judged:
    judgement: Judgement
    detail: str = ""
    """What is wrong: '' for what is right."""


def read_cases(name: str, text: str) -> list[Case]:
    """The cases of a JSONL text, which came from `name`.

    Raises:
        UserError: no cases, or lines that are none; all of them are named.
    """
    cases: list[Case] = []
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(number, json.loads(line)))
        except (ValueError, RecursionError) as error:
            problems.append(f"{name}:{number}: {error}")
    if problems:
        more = f"\nand {len(problems) - 20} more" if len(problems) > 20 else ""
        raise UserError("\n".join(problems[:20]) + more)
    if not cases:
        raise UserError(f"{name} has no cases")
    return cases


def _case(number: int, said: Any) -> Case:
    if not isinstance(said, dict):
        raise ValueError("no JSON object")
    if not isinstance(said.get("sql"), str):
        raise ValueError("no text under sql")
    rows, columns = said.get("rows"), said.get("columns")
    if rows is not None and not (
        isinstance(rows, list) and all(isinstance(row, list) for row in rows)
    ):
        raise ValueError("rows is not a list of lists")
    if columns is not None and not isinstance(columns, list):
        raise ValueError("columns is not a list")
    also = said.get("also") or []
    codes = [said.get("error"), *(also if isinstance(also, list) else [also])]
    return Case(
        id=said.get("id", number),
        sql=said["sql"],
        class_=str(said.get("class") or ""),
        ordered=bool(said.get("ordered", False)),
        columns=None if columns is None else tuple(str(name) for name in columns),
        rows=rows,
        errors=tuple(str(code) for code in codes if code),
    )


def judge(case: Case, outcome: Outcome) -> Judged:
    """Numbers agree within a relative 1e-9, everything else exactly; a number is no text."""
    if isinstance(outcome, OracleError):
        if outcome.code in case.errors:
            return Judged("right")
        if case.errors:
            return Judged("other code", f"{outcome}, expected {case.errors[0]}")
        return Judged("wrong", str(outcome)) if case.rows is not None else Judged("unjudged")
    if not isinstance(outcome, ResultSet):
        return Judged("unsupported", str(outcome))
    if case.errors:
        return Judged("wrong", f"rows ({len(outcome.rows)}), expected {case.errors[0]}")
    if case.rows is None:
        return Judged("unjudged")
    problem = _difference(case, outcome)
    return Judged("wrong", problem) if problem else Judged("right")


def _difference(case: Case, result: ResultSet) -> str:
    assert case.rows is not None
    if case.columns is not None and result.columns != case.columns:
        return f"columns {', '.join(result.columns)}, expected {', '.join(case.columns)}"
    if result.truncated:
        return "more rows than --max-rows"
    if len(result.rows) != len(case.rows):
        return f"rows: {len(result.rows)}, expected {len(case.rows)}"
    found: list[Sequence[Any]] = [[_plain(value) for value in row] for row in result.rows]
    if case.ordered:
        for number, (row, wanted) in enumerate(zip(found, case.rows, strict=True), start=1):
            if not _same_row(row, wanted):
                return f"row {number} is {row}, expected {list(wanted)}"
        return ""
    return _unmatched(found, case.rows)


def _unmatched(found: list[Sequence[Any]], expected: Sequence[Sequence[Any]]) -> str:
    # Equal rows cancel out first, so that trying each against each is left for the close ones.
    wanted = Counter(_exact(row) for row in expected)
    left = []
    for row in found:
        key = _exact(row)
        if wanted[key] > 0:
            wanted[key] -= 1
        else:
            left.append(row)
    as_given = {_exact(row): list(row) for row in expected}
    missing = [as_given[key] for key in wanted.elements()]
    for row in left:
        match = next((other for other in missing if _same_row(row, other)), None)
        if match is None:
            return f"row {row} is not among those expected; missing: {missing[0]}"
        missing.remove(match)
    return ""


def _exact(row: Sequence[Any]) -> str:
    return json.dumps([float(value) if _is_number(value) else value for value in row])


def _plain(value: Value) -> Any:
    """The value as the cases have it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float, Decimal)) and math.isfinite(value):
        return int(value) if value == int(value) else float(value)
    return shown(value)


def _same_row(row: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return len(row) == len(wanted) and all(map(_same, row, wanted))


def _same(value: Any, wanted: Any) -> bool:
    if _is_number(value) and _is_number(wanted):
        return bool(abs(value - wanted) <= RELATIVE_TOLERANCE * abs(wanted))
    return type(value) is type(wanted) and bool(value == wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
