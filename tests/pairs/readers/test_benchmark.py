"""Spider and BIRD in their own layouts: what is kept, what is set aside and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import find_or_build, fingerprint
from oracle_sft.record.files import read_jsonl
from tests.pairs.gathering import read_source
from tests.pairs.sqlite.shop import SCRIPT, make

pytestmark = pytest.mark.slow  # databases of two kinds for each test, and builds over them

TABLES_JSON = [
    {
        "db_id": "music",
        "table_names_original": ["singer", "concert"],
        "column_names_original": [
            [-1, "*"],
            [0, "ID"],
            [0, "Name"],
            [1, "id"],
            [1, "singer_id"],
            [1, "date"],
        ],
        "column_types": ["text", "number", "text", "number", "number", "time"],
        "primary_keys": [1, 3],
        "foreign_keys": [[4, 1], [5, 99]],
    }
]


def conf(folder: Path, name: str, questions: list[Any], *overrides: str) -> RunConf:
    path = folder / "dev.json"
    path.write_text(json.dumps(questions))
    return compose(
        [
            f"data={name}",
            f"data.path={path}",
            "data.eval_fraction=0",
            "data.validation_fraction=0",
            f"outputs_dir={folder / 'outputs'}",
            *overrides,
        ]
    )


def spider(sql: str, question: str = "q", db_id: str = "music") -> dict[str, str]:
    return {"db_id": db_id, "question": question, "query": sql}


def bird(number: int, sql: str, **more: Any) -> dict[str, Any]:
    said = {"question_id": number, "db_id": "music", "question": f"q{number}", "evidence": "e"}
    return {**said, "SQL": sql, "difficulty": "simple", **more}


def with_database(folder: Path) -> str:
    make(folder / "database" / "music" / "music.sqlite")
    return f"data.databases={folder / 'database'}"


def test_spider_from_its_databases_to_a_dataset(tmp_path: Path) -> None:
    questions = [
        spider('SELECT name FROM singer WHERE Name = "Ann"', "who is Ann?"),
        spider("SELECT Name FROM singer WHERE name LIKE 'C%'", "who begins with c?"),
        spider("SELECT Age FROM singer ORDER BY Age DESC LIMIT 1", "how old is the oldest?"),
        spider("SELECT group_concat(Name) FROM singer", "all in one?"),
        spider("SELECT Age FROM singer WHERE Name || '' = 'x'", "an empty text?"),
        spider("SELECT \"Song Name\" FROM concert WHERE date > '2014-12-31'", "late songs?"),
        spider("SELECT Name FROM singer", "missing", db_id="gone"),
        {"db_id": "music", "question": "no SQL?"},
    ]
    wanted = conf(
        tmp_path, "spider", questions, with_database(tmp_path), "data.malformed=set_aside"
    )
    dataset = find_or_build(wanted, lambda done, total: None)
    kept = {pair.question: pair for pair in dataset.train_pairs()}
    assert {question: pair.sql for question, pair in kept.items()} == {
        "who is Ann?": "SELECT name FROM singer WHERE name = 'Ann'",
        "who begins with c?": "SELECT name FROM singer WHERE LOWER(name) LIKE 'c%'",
        "how old is the oldest?": "SELECT age FROM singer ORDER BY age DESC NULLS LAST FETCH FIRST 1 ROWS ONLY",
        "late songs?": 'SELECT "Song Name" FROM concert WHERE "DATE" > DATE \'2014-12-31\'',
    }
    said = kept["who is Ann?"].provenance
    assert (said["source"], said["model"], said["source_session_id"]) == (
        "curated",
        "spider",
        "dev.json",
    )
    assert said["timestamp"]
    rejected = {
        row["where"]: row["reason"] for row in read_jsonl(dataset.folder / "rejected.jsonl")
    }
    assert rejected == {
        "dev.json[3]": "not rewritten for Oracle: GROUP_CONCAT",
        "dev.json[4]": "not rewritten for Oracle: an empty text, which is NULL in Oracle",
        "dev.json[6]": "db_id 'gone': neither data.tables nor data.databases has it",
        "dev.json[7]": "query is None; it must be text that is not empty",
    }
    assert dataset.stats["counts"]["read"] == len(questions)
    ddl = (dataset.folder / "schemas" / "music" / "schema.sql").read_text()
    assert (
        "-- concert: the foreign key (gone_id) to gone is left out, as there is no such table"
        in ddl
    )
    assert "FOREIGN KEY (singer_id) REFERENCES singer (id)" in ddl
    assert '"DATE" DATE' in ddl


def test_bird_with_its_descriptions(tmp_path: Path) -> None:
    given = with_database(tmp_path)
    described = tmp_path / "database" / "music" / "database_description"
    described.mkdir()
    (described / "singer.csv").write_bytes(
        "original_column_name,column_name,column_description\nAge,,years since birth\xb4s day\n".encode(
            "cp1252"
        )
    )
    questions = [
        bird(7, "SELECT CAST(SUM(Age) AS REAL) / COUNT(*) FROM singer"),
        bird(8, "SELECT 1"),
    ]
    source = read_source(conf(tmp_path, "bird", questions, given).data)
    first = source.pairs[0]
    assert (first.id, first.evidence, first.difficulty) == ("bird-dev-7", "e", "simple")
    assert first.provenance["model"] == "bird"
    (table, *_) = source.schemas["music"].schema.tables
    assert {column.name: column.comment for column in table.columns}[
        "AGE"
    ] == "years since birth´s day"


def test_tables_json_alone_gives_the_schema_and_nothing_is_executed(tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text(json.dumps(TABLES_JSON))
    questions = [
        spider("SELECT name FROM singer WHERE id = 1"),
        spider("SELECT date FROM concert"),
        spider("SELECT name FROM singer WHERE id / 2 = 1"),
        spider("SELECT id FROM concert WHERE date = '2014'"),
        spider("SELECT CAST(name AS REAL) FROM singer"),
    ]
    source = read_source(
        conf(tmp_path, "spider", questions, f"data.tables={tmp_path / 'tables.json'}").data
    )
    assert [pair.sql for pair in source.pairs] == [
        "SELECT name FROM singer WHERE id = 1",
        'SELECT "DATE" FROM concert',
    ]
    assert [one.reason.removeprefix("not rewritten for Oracle: ") for one in source.unread] == [
        "a division of numbers that may be whole",
        "a comparison with a column that may hold numbers and texts",
        "CAST of what need not be a number AS DOUBLE",
    ]
    music = source.schemas["music"]
    assert music.rows is None
    assert [len(table.foreign_keys) for table in music.schema.tables] == [0, 1]
    assert "is left out" in music.ddl


def test_a_script_stands_for_a_database(tmp_path: Path) -> None:
    folder = tmp_path / "database" / "music"
    folder.mkdir(parents=True)
    (folder / "schema.sql").write_text("PRAGMA foreign_keys = ON;\n" + SCRIPT)
    questions = [spider("SELECT COUNT(*) FROM singer")]
    source = read_source(
        conf(tmp_path, "spider", questions, f"data.databases={tmp_path / 'database'}").data
    )
    assert len(source.pairs) == 1
    assert len((source.schemas["music"].rows or {})["SINGER"]) == 4
    (folder / "schema.sql").write_text("ATTACH 'stolen.db' AS x;")
    with pytest.raises(UserError, match="not authorized"):
        read_source(
            conf(tmp_path, "spider", questions, f"data.databases={tmp_path / 'database'}").data
        )


def test_other_rows_are_set_aside_with_the_first_difference(tmp_path: Path) -> None:
    make(
        tmp_path / "database" / "music" / "music.sqlite",
        "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (''), ('x'), ('5 apples');",
    )
    questions = [
        spider("SELECT COUNT(a) FROM t"),
        spider("SELECT CAST(a AS INTEGER) FROM t"),
        spider("SELECT a FROM t WHERE nonsense(a) = 1"),
        spider("SELECT a FROM t WHERE a = 'x'"),
    ]
    source = read_source(
        conf(tmp_path, "spider", questions, f"data.databases={tmp_path / 'database'}").data
    )
    assert [pair.sql for pair in source.pairs] == ["SELECT a FROM t WHERE a = 'x'"]
    reasons = {one.where.partition("[")[2]: one.reason for one in source.unread}
    assert reasons["0]"] == (
        "SQLite gives other rows than the rewritten SQL: values, row (2) is missing"
    )
    assert "ORA-01722" in reasons["1]"]
    assert reasons["2]"] == "not rewritten for Oracle: NONSENSE"


def test_both_sides_see_the_rows_that_are_loaded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    questions = [spider("SELECT COUNT(*) FROM singer")]
    wanted = conf(
        tmp_path, "spider", questions, with_database(tmp_path), "data.max_rows_per_table=3"
    )
    source = read_source(wanted.data)
    assert len(source.pairs) == 1
    assert len((source.schemas["music"].rows or {})["SINGER"]) == 3
    assert "singer: 1 rows are left out (data.max_rows_per_table)" in caplog.text


def test_without_the_comparison_what_only_rows_can_tell_is_refused(tmp_path: Path) -> None:
    questions = [spider("SELECT CAST(Name AS REAL) FROM singer"), spider("SELECT Name FROM singer")]
    given = with_database(tmp_path)
    source = read_source(
        conf(tmp_path, "spider", questions, given, "data.check_execution=false").data
    )
    assert [pair.sql for pair in source.pairs] == ["SELECT name FROM singer"]


def test_a_table_without_rowid_is_cut_by_its_key(tmp_path: Path) -> None:
    make(
        tmp_path / "database" / "music" / "music.sqlite",
        "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES ('b'), ('a'), ('c');",
    )
    given = f"data.databases={tmp_path / 'database'}"
    source = read_source(
        conf(
            tmp_path, "spider", [spider("SELECT a FROM t")], given, "data.max_rows_per_table=2"
        ).data
    )
    assert (source.schemas["music"].rows or {})["T"] == [{"A": "a"}, {"A": "b"}]
    assert len(source.pairs) == 1


def test_a_database_with_a_journal_beside_it_is_refused(tmp_path: Path) -> None:
    given = with_database(tmp_path)
    (tmp_path / "database" / "music" / "music.sqlite-wal").write_text("x")
    with pytest.raises(UserError, match=r"music\.sqlite-wal holds changes"):
        read_source(conf(tmp_path, "spider", [spider("SELECT 1")], given).data)


def test_rows_that_cannot_be_loaded_set_aside_the_pairs_of_their_database_only(
    tmp_path: Path,
) -> None:
    given = with_database(tmp_path)
    make(
        tmp_path / "database" / "odd" / "odd.sqlite",
        'CREATE TABLE t ("\u00c9" INT, "\u00e9" INT); INSERT INTO t VALUES (1, 2);',
    )
    questions = [spider("SELECT * FROM t", db_id="odd"), spider("SELECT Name FROM singer")]
    source = read_source(conf(tmp_path, "spider", questions, given).data)
    assert list(source.schemas) == ["music"]
    (one,) = source.unread
    assert one.reason.startswith("the rows of odd cannot be loaded: table T: column names that")


def test_a_query_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    make(
        tmp_path / "database" / "music" / "music.sqlite",
        "CREATE TABLE t (a INT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
        "INSERT INTO t SELECT i FROM n;",
    )
    slow = "SELECT COUNT(*) FROM t a, t b, t c, t d WHERE a.a + b.a + c.a + d.a = -1"
    wanted = conf(
        tmp_path,
        "spider",
        [spider(slow), spider("SELECT a FROM t")],
        f"data.databases={tmp_path / 'database'}",
        "data.timeout_seconds=0.3",
    )
    source = read_source(wanted.data)
    assert [one.reason for one in source.unread] == [
        "the SQL as it was fails in SQLite: stopped after 0.3 s"
    ]
    assert len(source.pairs) == 1


def test_the_fingerprint_knows_databases_not_places(tmp_path: Path) -> None:
    questions = [spider("SELECT COUNT(*) FROM singer")]
    dated = "data.provenance.timestamp=2026-05-02T14:00:09Z"
    plain = fingerprint(conf(tmp_path, "spider", questions, with_database(tmp_path), dated))
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere"
    assert fingerprint(conf(other, "spider", questions, with_database(other), dated)) == plain
    make(other / "database" / "music" / "music.sqlite", "DELETE FROM singer")
    given = f"data.databases={other / 'database'}"
    assert fingerprint(conf(other, "spider", questions, given, dated)) != plain


DAMAGE = {
    "no JSON": ("[{", "dev.json:1:3: not JSON"),
    "a number without end": (f"[{'9' * 5000}]", "dev.json: not JSON: Exceeds the limit"),
    "no list": ("{}", "dev.json: an object, not a list of questions"),
    "an empty list": ("[]", "holds no pairs"),
    "no object": ("[5]", "dev.json[0]: a number, not an object with db_id, question and query"),
    "a number": ('[{"db_id": 5, "question": "q", "query": "SELECT 1"}]', "db_id is 5"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_by_file_and_place(tmp_path: Path, kind: str) -> None:
    text, message = DAMAGE[kind]
    wanted = conf(tmp_path, "spider", [], with_database(tmp_path))
    (tmp_path / "dev.json").write_text(text)
    with pytest.raises(UserError) as caught:
        read_source(wanted.data)
    assert message in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    given = with_database(tmp_path)
    (tmp_path / "database" / "music" / "music.sqlite").write_text("not a database " * 100)
    with pytest.raises(UserError, match="cannot be read as a SQLite database"):
        read_source(conf(tmp_path, "spider", [spider("SELECT 1")], given).data)


def test_schemas_come_from_the_benchmark_only(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"data\.tables and data\.databases are both unset"):
        conf(tmp_path, "spider", [])
    with pytest.raises(UserError, match=r"give the schemas; unset it"):
        conf(tmp_path, "spider", [], with_database(tmp_path), f"data.schemas={tmp_path}")
