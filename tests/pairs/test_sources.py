"""A user's files: what is read, and what is said of each kind of damage."""

import json
from pathlib import Path

import pytest

from oracle_sft.config.data import DemoDataConf, JsonlDataConf, Malformed, PairOriginConf
from oracle_sft.errors import UserError
from tests.pairs.gathering import read_source

DDL = "CREATE TABLE t (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20));"
GOOD = {"question": "names?", "sql": "SELECT name FROM t"}


def conf(folder: Path, text: str, ddl: str = DDL, **more: str) -> JsonlDataConf:
    (folder / "pairs.jsonl").write_text(text, encoding="utf-8")
    (folder / "shop.sql").write_text(ddl)
    said = {"ddl": str(folder / "shop.sql"), **more}
    return JsonlDataConf(path=str(folder / "pairs.jsonl"), provenance=PairOriginConf(), **said)


def lines(*pairs: object) -> str:
    return "".join(json.dumps(pair) + "\n" for pair in pairs)


def test_pairs_get_stable_ids_and_the_only_schema(tmp_path: Path) -> None:
    source = read_source(
        conf(tmp_path, lines(GOOD, GOOD | {"id": "mine", "evidence": "e", "tags": ["x"]}))
    )
    first, second = source.pairs
    assert (first.schema_id, second.id, second.evidence, second.tags) == (
        "shop",
        "mine",
        "e",
        ("x",),
    )
    again = read_source(conf(tmp_path, lines(GOOD)))
    assert again.pairs[0].id == first.id
    assert not source.is_split


def test_the_pairs_name_the_only_schema(tmp_path: Path) -> None:
    source = read_source(conf(tmp_path, lines(GOOD | {"schema_id": "sales"})))
    assert set(source.schemas) == {"sales"}
    assert source.schemas["sales"].schema.id == "sales"


def test_several_schemas(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "schemas" / name).mkdir(parents=True)
        (tmp_path / "schemas" / name / "schema.sql").write_text(DDL)
    (tmp_path / "schemas" / "a" / "rows.json").write_text(
        json.dumps({"t": [{"id": 1, "name": "x"}]})
    )
    pairs = lines(GOOD | {"schema_id": "a"}, GOOD | {"schema_id": "b"})
    wanted = conf(tmp_path, pairs)
    wanted.ddl, wanted.schemas = None, str(tmp_path / "schemas")
    source = read_source(wanted)
    assert {name: schema.rows is not None for name, schema in source.schemas.items()} == {
        "a": True,
        "b": False,
    }
    (tmp_path / "pairs.jsonl").write_text(lines(GOOD, GOOD | {"schema_id": "c"}))
    with pytest.raises(UserError) as caught:
        read_source(wanted)
    assert "jsonl:1: the pair has no schema_id, and there are several schemas: a, b" in str(
        caught.value
    )
    assert "jsonl:2: schema_id 'c' is not among the schemas: a, b" in str(caught.value)


DAMAGE = {
    "empty file": ("", "holds no pairs"),
    "only blank lines": ("\n \n", "holds no pairs"),
    "not JSON": (lines(GOOD) + '{"question": "q", sql}\n', "pairs.jsonl:2:19: not JSON"),
    "cut line": ('{"question": "q", "sq', "pairs.jsonl:1:"),
    "a list": ("[1]\n", "pairs.jsonl:1: a list, not an object"),
    "no SQL": (lines({"question": "q"}), "pairs.jsonl:1: the pair has no 'sql'"),
    "empty SQL": (lines(GOOD | {"sql": " "}), "sql is ' '; it must be text that is not empty"),
    "no question": (lines({"sql": "SELECT 1 FROM dual"}), "the pair has no 'question'"),
    "number for text": (lines(GOOD | {"question": 5}), "question is 5"),
    "tags as text": (lines(GOOD | {"tags": "x"}), "tags is 'x'; it must be a list of texts"),
    "provenance as text": (
        lines(GOOD | {"provenance": "me"}),
        "provenance is 'me'; it must be an object",
    ),
    "two schemas, one DDL": (
        lines(GOOD | {"schema_id": "a"}, GOOD | {"schema_id": "b"}),
        "use data.schemas=DIR",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_by_file_line_and_field(tmp_path: Path, kind: str) -> None:
    text, message = DAMAGE[kind]
    with pytest.raises(UserError) as caught:
        read_source(conf(tmp_path, text))
    assert message in str(caught.value)


def test_all_damaged_lines_are_said_at_once_and_counted(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_source(conf(tmp_path, "{\n" * 25))
    assert len(str(caught.value).splitlines()) == 12
    assert "... and 15 more" in str(caught.value)


def test_bom_and_crlf_are_read_over(tmp_path: Path) -> None:
    source = read_source(conf(tmp_path, "\ufeff" + lines(GOOD).replace("\n", "\r\n")))
    assert len(source.pairs) == 1


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    wanted = conf(tmp_path, "")
    (tmp_path / "pairs.jsonl").write_bytes(b'{"question": "\xe4"}')
    with pytest.raises(UserError, match=r"pairs\.jsonl:1: not UTF-8 at byte 15"):
        read_source(wanted)


def test_ddl_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"shop\.sql holds no CREATE TABLE"):
        read_source(conf(tmp_path, lines(GOOD), ddl="GRANT SELECT ON t TO u;"))


@pytest.mark.slow  # it draws thousands of pairs
def test_the_demo_needs_no_file() -> None:
    source = read_source(DemoDataConf())
    assert source.is_split
    (schema_id,) = source.schemas
    assert {pair.schema_id for pair in source.pairs} == {schema_id}
    assert {"train", "validation", "seen", "unseen", "natural"} == {
        pair.suite for pair in source.pairs
    }


def test_a_pair_may_bring_its_schema(tmp_path: Path) -> None:
    other = "CREATE TABLE u (id NUMBER(6));"
    wanted = conf(
        tmp_path,
        lines(GOOD | {"ddl": DDL}, GOOD | {"ddl": DDL}, GOOD | {"ddl": other, "schema_id": "mine"}),
    )
    wanted.ddl = None
    source = read_source(wanted)
    first, second, third = source.pairs
    assert (first.schema_id, third.schema_id) == (second.schema_id, "mine")
    assert first.schema_id.startswith("ddl-")
    assert [table.name for table in source.schemas[first.schema_id].schema.tables] == ["T"]
    assert source.schemas["mine"].ddl == other


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([{"ddl": 5}], "pairs.jsonl:1: ddl is 5; it must be CREATE TABLE statements"),
        ([{"ddl": "DROP TABLE t;"}], "pairs.jsonl:1: ddl holds no CREATE TABLE"),
        (
            [{"ddl": DDL, "schema_id": "a"}, {"ddl": DDL + " ", "schema_id": "a"}],
            "pairs.jsonl:2: its ddl for schema_id 'a' is another than that of ",
        ),
        ([{}], "pairs.jsonl:1: the pair names no schema; give data.ddl=SCHEMA.sql"),
    ],
)
def test_a_schema_in_a_pair_that_cannot_be_is_named(
    tmp_path: Path, pairs: list[dict[str, object]], message: str
) -> None:
    wanted = conf(tmp_path, lines(*[GOOD | said for said in pairs]))
    wanted.ddl = None
    with pytest.raises(UserError) as caught:
        read_source(wanted)
    assert message in str(caught.value)


def test_a_schema_of_the_config_is_not_said_again_in_a_pair(tmp_path: Path) -> None:
    pairs = lines(GOOD | {"schema_id": "shop"}, GOOD | {"schema_id": "shop", "ddl": DDL})
    with pytest.raises(UserError, match="schema_id 'shop' has a schema from the config"):
        read_source(conf(tmp_path, pairs))


def test_places_without_a_pair_can_be_set_aside(tmp_path: Path) -> None:
    wanted = conf(tmp_path, lines(GOOD, {"sql": "x"}, GOOD | {"schema_id": "b"}) + "torn\n")
    wanted.ddl, wanted.schemas = None, str(tmp_path / "schemas")
    (tmp_path / "schemas" / "shop").mkdir(parents=True)
    (tmp_path / "schemas" / "shop" / "schema.sql").write_text(DDL)
    wanted.malformed = Malformed.set_aside
    source = read_source(wanted)
    assert [pair.where for pair in source.pairs] == [f"{wanted.path}:1"]
    assert {one.where.removeprefix(wanted.path): one.reason for one in source.unread} == {
        ":2": "the pair has no 'question'; every pair wants a question and the sql that answers it",
        ":3": "schema_id 'b' is not among the schemas: shop",
        ":4:1": "not JSON: a value is missing; write one object a line",
    }


def test_two_pairs_with_one_id_are_a_fault_of_the_second(tmp_path: Path) -> None:
    other = {"id": "a", "question": "ids?", "sql": "SELECT id FROM t"}
    wanted = conf(tmp_path, lines(GOOD | {"id": "a"}, GOOD | {"id": "a"}, other))
    with pytest.raises(UserError) as caught:
        read_source(wanted)
    assert str(caught.value).splitlines() == [
        f"{wanted.path}:3: the id 'a' is that of {wanted.path}:1, another pair; "
        "give it one of its own, or none",
        "nothing is built: correct the source, or build without such places (data.malformed=set_aside)",
    ]
    wanted.malformed = Malformed.set_aside
    source = read_source(wanted)
    assert [pair.question for pair in source.pairs] == ["names?", "names?"]
    assert len(source.unread) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (r'{"question": "\ud83d", "sql": "SELECT 1 FROM t"}', "U+D83D, half of a surrogate pair"),
        (r'{"question": "q", "sql": "SELECT \udc00 FROM t"}', "U+DC00, half of a surrogate pair"),
        (
            r'{"question": "q", "sql": "x", "provenance": {"note": 1e400}}',
            "cannot be written as JSON",
        ),
        (r'{"question": "q", "sql": "x", "schema_id": "../../up"}', "schema_id is '../../up'"),
        (r'{"question": "q", "sql": "x", "schema_id": ".."}', "schema_id is '..'"),
        (r'{"question": "q", "sql": "x", "schema_id": "a\u0000b"}', "schema_id is 'a\\x00b'"),
    ],
)
def test_what_no_dataset_can_hold_is_named(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(UserError) as caught:
        read_source(conf(tmp_path, line + "\n"))
    assert str(caught.value).startswith(f"{tmp_path / 'pairs.jsonl'}:1: ")
    assert reason in str(caught.value)


def test_the_schema_that_a_pair_brings_leaves_no_folder_either(tmp_path: Path) -> None:
    pair = GOOD | {"schema_id": "../up", "ddl": DDL}
    wanted = conf(tmp_path, lines(pair, GOOD | {"ddl": DDL}), malformed=Malformed.set_aside)
    wanted.ddl = None
    source = read_source(wanted)
    assert [each.partition("-")[0] for each in source.schemas] == ["ddl"]
    assert [each.reason for each in source.unread] == [
        "schema_id is '../up'; it must be a name that a folder can have"
    ]
