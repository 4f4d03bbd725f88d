"""Golds between runs: the same execution back, and never one of another world."""

import json
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.result import Cut, IntervalYM, ResultSet
from oracle_sft.score import gold_cache
from oracle_sft.score.execution import Execution
from oracle_sft.score.gold_cache import GoldCache

WORLD = {"schema": "a", "rows": "b", "clock": "2026-01-15 09:30:00", "max_rows": 100}
RESULT = ResultSet(
    columns=("A", "b"),
    types=("NUMBER", "DATE"),
    rows=[(Decimal("1.50"), datetime(2020, 1, 2, 3, 4, 5)), (None, None)],
    inexact=(True, False),
    sort_keys=[(1, "x"), (Decimal(2), IntervalYM(1, 2))],
    cuts=(Cut((1,), [(Decimal(3), None)], [(2,)], (2,)),),
)


def kept(folder: Path, execution: Execution, sql: str = "SELECT 1 FROM dual") -> Execution | None:
    cache = GoldCache(folder, WORLD)
    cache.put(sql, execution)
    cache.save()
    return GoldCache(folder, WORLD).get(sql)


@pytest.mark.parametrize(
    "execution",
    [
        Execution(status="ok", result=RESULT),
        Execution(status="oracle_error", code="ORA-00942", message="ORA-00942: gone"),
    ],
)
def test_an_execution_comes_back_as_it_was(tmp_path: Path, execution: Execution) -> None:
    assert kept(tmp_path, execution) == execution


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.datetimes(),
    st.dates(),
    st.timedeltas(),
    st.binary(),
    st.builds(IntervalYM, st.integers(), st.integers()),
)


@given(st.lists(VALUES))
def test_every_kind_of_value_comes_back_with_its_type(values: list[Any]) -> None:
    said = json.loads(json.dumps([gold_cache._value_json(value) for value in values]))
    found = [gold_cache._value(value) for value in said]
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]
    assert [str(value) for value in found] == [str(value) for value in values]


@pytest.mark.parametrize("name", sorted(WORLD))
def test_another_world_finds_nothing(tmp_path: Path, name: str) -> None:
    assert kept(tmp_path, Execution(status="ok", result=RESULT)) is not None
    assert GoldCache(tmp_path, {**WORLD, name: "other"}).get("SELECT 1 FROM dual") is None


def test_another_engine_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept(tmp_path, Execution(status="ok", result=RESULT)) is not None
    monkeypatch.setattr(gold_cache, "_engine_version", lambda: {"code": "changed"})
    assert GoldCache(tmp_path, WORLD).get("SELECT 1 FROM dual") is None


def test_another_text_finds_nothing(tmp_path: Path) -> None:
    assert kept(tmp_path, Execution(status="ok", result=RESULT)) is not None
    assert GoldCache(tmp_path, WORLD).get("SELECT  1 FROM dual") is None


@pytest.mark.parametrize(
    ("status", "sql"),
    [
        ("timeout", "SELECT 1 FROM dual"),
        ("unsupported", "SELECT 1 FROM dual"),
        ("ok", "SELECT dbms_random.value FROM dual"),
        ("ok", "SELECT SYS_GUID() FROM dual"),
        ("ok", "SELECT '\ud800' FROM dual"),
    ],
)
def test_what_may_end_otherwise_next_time_is_not_kept(
    tmp_path: Path, status: Any, sql: str
) -> None:
    assert kept(tmp_path, Execution(status=status, result=RESULT), sql) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("1.50", "1.51"),
        lambda text: text[:-20] + "\n",
        lambda text: "[]\n" + text.replace('"digest"', '"digested"'),
        lambda text: "",
    ],
)
def test_a_damaged_entry_is_none(tmp_path: Path, damage: Any) -> None:
    kept(tmp_path, Execution(status="ok", result=RESULT))
    (path,) = tmp_path.glob("*.jsonl")
    path.write_text(damage(path.read_text()))
    assert GoldCache(tmp_path, WORLD).get("SELECT 1 FROM dual") is None


def test_two_processes_keep_what_both_found(tmp_path: Path) -> None:
    first, second = GoldCache(tmp_path, WORLD), GoldCache(tmp_path, WORLD)
    for cache, sql in ((first, "SELECT 1 FROM dual"), (second, "SELECT 2 FROM dual")):
        cache.put(sql, Execution(status="ok", result=RESULT))
        cache.save()
    found = GoldCache(tmp_path, WORLD)
    assert found.get("SELECT 1 FROM dual") is not None
    assert found.get("SELECT 2 FROM dual") is not None


def test_a_value_of_an_unknown_type_is_not_kept(tmp_path: Path) -> None:
    odd = ResultSet(columns=("A",), types=("X",), rows=[(object(),)])  # type: ignore[arg-type]
    assert kept(tmp_path, Execution(status="ok", result=odd)) is None


def test_every_field_of_a_result_is_kept() -> None:
    said = gold_cache._execution_json(Execution(status="ok", result=RESULT))
    assert set(said) == {field.name for field in fields(Execution)}
    assert set(said["result"]) == {field.name for field in fields(ResultSet)}
    assert set(said["result"]["cuts"][0]) == {field.name for field in fields(Cut)}
