"""Parquet: what becomes a pair, and what is said of each row that does not."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.readers.draft import Draft, Found, Unread
from oracle_sft.pairs.readers.parquet import read
from oracle_sft.record.files import read_jsonl

SQL = "SELECT name FROM t"
SECOND = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def found(
    folder: Path, table: dict[str, Any] | pyarrow.Table, columns: dict[str, str] | None = None
) -> list[Found]:
    file = folder / "pairs.parquet"
    said = pyarrow.table(table) if isinstance(table, dict) else table
    parquet.write_table(said, file, row_group_size=3)
    return list(read(file, columns=columns or {}))


def record(folder: Path, **columns: Any) -> dict[str, Any]:
    """The provenance of the only pair."""
    (draft,) = found(folder, {"question": ["q"], "sql": [SQL], **columns})
    assert isinstance(draft, Draft), draft
    return draft.provenance


def reason(folder: Path, **columns: Any) -> str:
    """Why the only row is no pair."""
    (one,) = found(folder, {"question": ["q"], "sql": [SQL], **columns})
    assert isinstance(one, Unread), one
    assert one.where == f"{folder / 'pairs.parquet'}:row 1"
    return one.reason


def test_columns_are_the_keys_of_a_pair(tmp_path: Path) -> None:
    table = {"ask": ["q", "r"], "sql": [SQL, SQL], "tags": [["a", "b"], None], "x": [1, 2]}
    first, second = found(tmp_path, table, {"question": "ask"})
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.question, first.tags, second.tags) == ("q", ("a", "b"), ())
    assert second.where == f"{tmp_path / 'pairs.parquet'}:row 2"


def test_a_record_in_columns_and_one_in_a_struct(tmp_path: Path) -> None:
    said = {"source": "curated", "approved": True, "timestamp": "2026-01-02T03:04:05Z"}
    apart = {key: [value] for key, value in said.items()}
    assert record(tmp_path, **apart, model=[None]) == said
    assert record(tmp_path, provenance=[{**said, "model": None, "ticket": 7}]) == {
        **said,
        "ticket": 7,
    }


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_an_instant_with_a_zone_is_one_of_utc(tmp_path: Path, unit: str) -> None:
    values = pyarrow.array([SECOND], pyarrow.timestamp(unit, "Europe/Berlin"))
    assert record(tmp_path, timestamp=values) == {"timestamp": "2026-01-02T03:04:05Z"}
    inside = pyarrow.StructArray.from_arrays([values], names=["timestamp"])
    assert record(tmp_path, provenance=inside) == {"timestamp": "2026-01-02T03:04:05Z"}


def test_nanoseconds_are_cut_as_python_has_none(tmp_path: Path) -> None:
    stamp = int(SECOND.timestamp()) * 10**9 + 789
    values = pyarrow.array([stamp], pyarrow.int64()).view(pyarrow.timestamp("ns", "UTC"))
    assert record(tmp_path, timestamp=values) == {"timestamp": "2026-01-02T03:04:05Z"}


def test_a_zone_that_is_not_said_is_not_made_up(tmp_path: Path) -> None:
    bare = pyarrow.array([SECOND.replace(tzinfo=None)], pyarrow.timestamp("ns"))
    assert record(tmp_path, timestamp=bare) == {"timestamp": "2026-01-02T03:04:05"}
    assert record(tmp_path, timestamp=[date(2026, 1, 2)]) == {"timestamp": "2026-01-02"}


def test_a_text_is_no_truth_and_a_number_is_no_text(tmp_path: Path) -> None:
    assert reason(tmp_path, approved=["true"]) == "approved is 'true' (str); it must be bool"
    assert reason(tmp_path, approved=[1]) == "approved is 1 (int); it must be bool"
    assert reason(tmp_path, model=[5]) == "model is 5 (int); it must be str"
    assert reason(tmp_path, provenance=[{"ticket": b"x"}]) == (
        "provenance has ticket=b'x', which JSON cannot hold"
    )
    assert reason(tmp_path, evidence=[5]) == "evidence is 5; it must be text"
    assert reason(tmp_path, tags=["a"]) == "tags is 'a'; it must be a list of texts"


def test_a_row_that_is_no_pair_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    table = {"question": ["q"] * 7, "sql": [SQL, None, SQL, " ", SQL, SQL, SQL]}
    ones = found(tmp_path, table)
    assert [one.where.rpartition(" ")[2] for one in ones if isinstance(one, Unread)] == ["2", "4"]
    assert sum(isinstance(one, Draft) for one in ones) == 5


def test_values_that_cannot_be_read_cost_only_their_row(tmp_path: Path) -> None:
    # Bytes that the file calls UTF-8, and an instant behind the last that Python has.
    texts = pyarrow.array([b"q", b"\xff", b"r"]).view(pyarrow.string())
    times = pyarrow.array([0, 0, 10**15], pyarrow.int64()).view(pyarrow.timestamp("ms", "UTC"))
    table = pyarrow.table({"question": texts, "sql": [SQL] * 3, "timestamp": times})
    first, second, third = found(tmp_path, table)
    assert isinstance(first, Draft)
    assert isinstance(second, Unread)
    assert "column 'question' (string) cannot be read" in second.reason
    assert isinstance(third, Unread)
    assert "column 'timestamp'" in third.reason


def test_a_name_with_a_dot_is_no_path(tmp_path: Path) -> None:
    table = {"q.text": ["q"], "q": [{"text": "other"}], "sql": [SQL]}
    (draft,) = found(tmp_path, table, {"question": "q.text"})
    assert isinstance(draft, Draft)
    assert draft.question == "q"


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no column 'sql' for the sql; it has question"):
        found(tmp_path, {"question": ["q"]})
    twice = pyarrow.table([["q"], [SQL], [SQL]], names=["question", "sql", "sql"])
    with pytest.raises(UserError, match="has the column 'sql' twice"):
        found(tmp_path, twice)
    with pytest.raises(UserError, match="says provenance twice: in 'provenance' and in 'model'"):
        found(tmp_path, {"question": [""], "sql": [""], "model": [""], "provenance": [{"a": 1}]})
    (tmp_path / "pairs.parquet").write_bytes(b"question,sql\n")
    with pytest.raises(UserError, match=r"pairs\.parquet cannot be read as Parquet: "):
        list(read(tmp_path / "pairs.parquet", columns={}))
    with pytest.raises(UserError, match=r"none\.parquet cannot be read as Parquet: "):
        list(read(tmp_path / "none.parquet", columns={}))


def test_a_file_that_is_cut_is_refused(tmp_path: Path) -> None:
    found(tmp_path, {"question": ["q"] * 9, "sql": [SQL] * 9})
    whole = (tmp_path / "pairs.parquet").read_bytes()
    (tmp_path / "pairs.parquet").write_bytes(b"PAR1" + bytes(60) + whole[64:])
    with pytest.raises(UserError, match=r"pairs\.parquet cannot be read as Parquet: "):
        list(read(tmp_path / "pairs.parquet", columns={}))


def test_a_folder_is_its_files_in_order(tmp_path: Path) -> None:
    for name in ("train-2.parquet", "train-1.parquet"):
        parquet.write_table(pyarrow.table({"question": [name], "sql": [SQL]}), tmp_path / name)
    ones = [one for one in read(tmp_path, columns={}) if isinstance(one, Draft)]
    assert [one.question for one in ones] == ["train-1.parquet", "train-2.parquet"]
    assert ones[1].where == f"{tmp_path / 'train-2.parquet'}:row 1"


VALUE = st.none() | st.text(max_size=10)


@given(rows=st.lists(st.fixed_dictionaries({"question": VALUE, "sql": VALUE, "model": VALUE})))
def test_each_row_is_a_pair_or_is_named(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str | None]]
) -> None:
    names = ("question", "sql", "model")
    table = {name: pyarrow.array([row[name] for row in rows], pyarrow.string()) for name in names}
    ones = found(tmp_path_factory.mktemp("parquet"), table)
    assert len({one.where for one in ones}) == len(rows)
    drafts = [(one.question, one.sql) for one in ones if isinstance(one, Draft)]
    texts = [((row["question"] or "").strip(), (row["sql"] or "").strip()) for row in rows]
    assert drafts == [(question, sql) for question, sql in texts if question and sql]


def test_from_a_file_to_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "shop.sql").write_text("CREATE TABLE t (id NUMBER(6) PRIMARY KEY, n VARCHAR2(9));")
    sql = [*(f"SELECT n FROM t WHERE id = {n}" for n in range(9)), None]
    approved = pyarrow.array([*[True] * 8, False, True])
    table = pyarrow.table({"question": ["q"] * 10, "sql": sql, "approved": approved})
    parquet.write_table(table, tmp_path / "pairs.parquet")
    overrides = ["data=parquet", "data.malformed=set_aside", f"outputs_dir={tmp_path / 'outputs'}"]
    paths = [f"data.path={tmp_path / 'pairs.parquet'}", f"data.ddl={tmp_path / 'shop.sql'}"]
    dataset = find_or_build(compose([*overrides, *paths]), lambda done, total: None)
    assert sum(dataset.stats["suites"].values()) == 8
    rejected = read_jsonl(dataset.folder / "rejected.jsonl")
    assert {row["where"].rpartition(":")[2]: row["stage"] for row in rejected} == {
        "row 9": "provenance",
        "row 10": "read",
    }
