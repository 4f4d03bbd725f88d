"""What a quantiser is shown: every construct its share, and nothing that is scored."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.weights import AwqConf, Fp8Conf
from oracle_sft.errors import UserError
from oracle_sft.pairs.calibration import balanced, check_calibration, read_calibration_file
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair
from oracle_sft.record.files import write_jsonl

TAGS = st.lists(st.sampled_from(["filter", "join", "rownum", "keep"]), max_size=3, unique=True)


def pair(name: str, *tags: str, **said: Any) -> Pair:
    texts = {"question": f"question {name}?", "sql": f"SELECT name FROM t WHERE id = {name!r}"}
    return Pair(id=name, schema_id="shop", tags=tags, **{**texts, **said})


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """One schema, one training pair, one scored and one watched pair."""
    folder = tmp_path / "dataset"
    (folder / "schemas" / "shop").mkdir(parents=True)
    ddl = "CREATE TABLE t (id VARCHAR2(9), name VARCHAR2(20));"
    (folder / "schemas" / "shop" / "schema.sql").write_text(ddl)
    write_jsonl(folder / "train.jsonl", [pair("a").as_dict()])
    kept = [pair("s", suite="held_out"), pair("w", suite="validation")]
    write_jsonl(folder / "eval.jsonl", [one.as_dict() for one in kept])
    return Dataset(folder=folder, manifest={})


def written(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    path = tmp_path / "calibration.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_rare_construct_is_shown_as_often_as_a_common_one() -> None:
    pairs = [pair(f"f{n}", "filter") for n in range(990)] + [
        pair(f"k{n}", "keep") for n in range(10)
    ]
    shown = Counter(tag for one in balanced(pairs, 20, seed=0) for tag in one.tags)
    assert shown == {"filter": 10, "keep": 10}
    assert len(balanced(pairs, 40, seed=0)) == 40


@given(st.lists(TAGS, max_size=30), st.integers(1, 40), st.integers(0, 5))
def test_a_draw_is_seeded_of_its_size_and_without_doubles(
    tags: list[list[str]], count: int, seed: int
) -> None:
    pairs = [pair(str(number), *some) for number, some in enumerate(tags)]
    chosen = balanced(pairs, count, seed)
    assert len(chosen) == len({one.id for one in chosen}) == min(count, len(pairs))
    assert chosen == balanced(pairs, count, seed)
    if chosen:
        known = {tag for one in pairs for tag in one.tags or ("",)}
        shown = {tag for one in chosen for tag in one.tags or ("",)}
        assert shown == known or len(shown) >= len(chosen)


def test_a_file_is_read_with_the_schema_that_it_leaves_open(
    dataset: Dataset, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        {"question": "names?", "sql": "SELECT name FROM t", "tags": ["filter"]},
        {"id": "x", "question": "ids?", "sql": "SELECT id FROM t", "schema_id": "shop"},
    )
    first, second = read_calibration_file(path, dataset)
    assert (first.schema_id, first.tags, len(first.id)) == ("shop", ("filter",), 16)
    assert (second.id, second.sql) == ("x", "SELECT id FROM t")


ASKED = {"question": "names?", "sql": "SELECT name FROM t"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**ASKED, "id": "s"}, "the pair is s of the suite held_out, which is kept for scoring"),
        ({**ASKED, "id": "w"}, "the pair is w of the suite validation"),
        (
            {"question": " Question S ", "sql": "select T.NAME from t where T.id='s'"},
            "the pair is s of the suite held_out",
        ),
        ({**ASKED, "schema_id": "bank"}, "is of the schema 'bank'; the run's dataset knows shop"),
        ({**ASKED, "ddl": "CREATE TABLE u (id NUMBER)"}, "the pair brings its own DDL"),
        ({"question": "names?"}, "the pair has no 'sql'"),
    ],
)
def test_what_must_not_be_shown_is_named_with_its_line(
    row: dict[str, Any], reason: str, dataset: Dataset, tmp_path: Path
) -> None:
    path = written(tmp_path, {"id": "x", **ASKED, "question": "first?"}, row)
    with pytest.raises(UserError, match=rf"calibration\.jsonl:2: .*{reason}"):
        read_calibration_file(path, dataset)


def test_an_id_twice_and_an_empty_file_are_refused(dataset: Dataset, tmp_path: Path) -> None:
    path = written(tmp_path, {"id": "x", **ASKED}, {"id": "x", **ASKED, "question": "more?"})
    with pytest.raises(UserError, match=r":2: the id x is that of an earlier pair"):
        read_calibration_file(path, dataset)
    with pytest.raises(UserError, match="holds no pair"):
        check_calibration(AwqConf(calibration_file=str(written(tmp_path))), dataset)
    check_calibration(AwqConf(), dataset)
    check_calibration(Fp8Conf(), dataset)
