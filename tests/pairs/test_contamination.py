"""Decontamination: what stands in an evaluation file is set aside, and file and line are named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import fingerprint
from oracle_sft.pairs.contamination import read_held_out
from oracle_sft.pairs.pair import Pair, normal_question
from oracle_sft.record.files import read_jsonl
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.ddl import read_ddl
from tests.pairs.test_build import build, conf, pair

DDL = {
    "shop": "CREATE TABLE t (id NUMBER(6), name VARCHAR2(20)); CREATE TABLE u (uid2 NUMBER(6));",
    "depot": "CREATE TABLE t (id NUMBER(6), name VARCHAR2(20)); CREATE TABLE u (uid2 NUMBER(6));",
}
SCHEMAS = {name: read_ddl(ddl, schema_id=name) for name, ddl in DDL.items()}


def of(question: str, sql: str, schema_id: str = "shop") -> Pair:
    return Pair(id=question, question=question, sql=sql, schema_id=schema_id)


def evaluation(folder: Path, *lines: Any) -> str:
    file = folder / "held.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(file)


def reasons(pairs: list[Pair], *files: str) -> list[str]:
    used = {each.schema_id for each in pairs}
    held = read_held_out(files, {name: SCHEMAS[name] for name in used})
    found = [
        held.reason(
            each.schema_id,
            normal_question(each.question),
            canonical(each.sql, SCHEMAS[each.schema_id]),
        )
        for each in pairs
    ]
    return [reason.replace(file, "FILE") for reason in found for file in files]


def test_a_question_or_a_query_in_other_letters_is_found(tmp_path: Path) -> None:
    file = evaluation(
        tmp_path,
        {"question": "How many  SHOPS?"},
        {"sql": "select t.name from t where 1 = id -- the first"},
        {"question": "both", "sql": "SELECT uid2 FROM u"},
    )
    pairs = [
        of("how many shops", "SELECT 1 FROM dual"),
        of("q", "SELECT name FROM t WHERE id = 1"),
        of("Both!", "SELECT UID2 FROM u"),
        of("how many shops there", "SELECT name FROM t WHERE id = 2"),
    ]
    assert reasons(pairs, file) == [
        "its question stands in FILE:1",
        "its SQL stands in FILE:2",
        "its question stands in FILE:3; its SQL stands in FILE:3",
        "",
    ]


def test_a_schema_that_is_known_is_the_only_one_that_counts(tmp_path: Path) -> None:
    line = {"question": "names", "sql": "SELECT name FROM t"}
    pairs = [of("names", "SELECT t.name FROM t", name) for name in ("shop", "depot")]
    both = "its question stands in FILE:1; its SQL stands in FILE:1"
    assert reasons(pairs, evaluation(tmp_path, line | {"schema_id": "depot"})) == ["", both]
    assert reasons(pairs, evaluation(tmp_path, line)) == [both, both]
    assert reasons(pairs, evaluation(tmp_path, line | {"schema_id": "other"})) == [both, both]


def test_a_question_of_signs_alone_is_like_no_other(tmp_path: Path) -> None:
    file = evaluation(tmp_path, {"question": "?", "sql": "SELECT 1 FROM dual"})
    assert reasons([of("!", "SELECT 2 FROM dual")], file) == [""]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"messages": []}, ":1: neither question nor sql"),
        ({"question": " "}, ":1: neither question nor sql"),
        ({"question": 5}, ":1: question is 5; it must be text"),
        ({"question": "q", "sql": ["x"]}, ":1: sql is ['x']; it must be text"),
        ([1], ":1: a list, not an object"),
    ],
)
def test_a_line_that_cannot_be_compared_is_refused(
    tmp_path: Path, line: object, message: str
) -> None:
    file = evaluation(tmp_path, line)
    with pytest.raises(UserError) as caught:
        reasons([of("q", "SELECT 1 FROM dual")], file)
    assert message in str(caught.value)


def test_a_file_without_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"held\.jsonl is empty"):
        reasons([], evaluation(tmp_path))


@given(question=st.text(), before=st.sampled_from(["", " ", "\n"]), end=st.sampled_from(["?", "."]))
def test_spellings_of_a_question_are_one(question: str, before: str, end: str) -> None:
    normal = normal_question(question)
    assert normal_question(before + question + " " + end) == normal


def test_they_are_a_stage_of_the_build_and_part_of_its_identity(tmp_path: Path) -> None:
    pairs = [pair(n) for n in range(1, 9)]
    first = evaluation(tmp_path, {"sql": "select NAME from T where (ID = 3)"})
    other = tmp_path / "other.jsonl"
    other.write_text('{"question": "Name of 5"}\n\n{"question": "name of 6"}\n')
    wanted = conf(tmp_path, pairs, f"data.decontaminate=[{first},{other}]")
    dataset = build(wanted)
    rejected = {row["question"]: row for row in read_jsonl(dataset.folder / "rejected.jsonl")}
    assert {question: row["reason"] for question, row in rejected.items()} == {
        "name of 3?": f"its SQL stands in {first}:1",
        "name of 5?": f"its question stands in {other}:1",
        "name of 6?": f"its question stands in {other}:3",
    }
    assert dataset.stats["rejected"] == {"contaminated": 3}
    assert list(dataset.manifest["parents"]["decontaminated_by"]) == [first, str(other)]
    plain, before = fingerprint(conf(tmp_path, pairs)), fingerprint(wanted)
    assert plain != before
    other.write_text('{"question": "Name of 5"}\n')
    assert fingerprint(wanted) not in (plain, before)
    with pytest.raises(
        UserError, match=r"data\.decontaminate has nowhere\.jsonl, which is no file"
    ):
        compose(["data=jsonl", "data.path=x", "data.decontaminate=[nowhere.jsonl]"])
