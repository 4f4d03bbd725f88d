import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.sqltext.ddl import read_ddl, write_ddl
from oracle_sft.sqltext.ddl_tables import DDLError
from oracle_sft.sqltext.schema import Column, ForeignKey, Schema, Table
from tests.examples import examples

LIBRARY = """
SET DEFINE OFF
PROMPT It's only a client command
REM don't read this either

-- Exported as DBMS_METADATA writes it.
CREATE TABLE "LIB"."BOOKS"
   (  "BOOK_ID" NUMBER(6,0) GENERATED ALWAYS AS IDENTITY MINVALUE 1 START WITH 1 CACHE 20
                NOORDER NOT NULL ENABLE,
      "TITLE" VARCHAR2(80 CHAR) DEFAULT 'a, b) c' NOT NULL ENABLE,
      "Shelf mark" CHAR(6),
      "BORROWED_AT" TIMESTAMP (6) WITH LOCAL TIME ZONE DEFAULT SYSTIMESTAMP,
      "KEPT" INTERVAL DAY (3) TO SECOND (0),
      "LABEL" VARCHAR2(99) GENERATED ALWAYS AS (UPPER("TITLE") || '!') VIRTUAL,
      "PRICE" NUMBER(*,2) CONSTRAINT "BOOKS_PRICE" CHECK ("PRICE" > 0),
      CONSTRAINT "BOOKS_PK" PRIMARY KEY ("BOOK_ID") USING INDEX PCTFREE 10
         STORAGE(INITIAL 65536 NEXT 1048576) TABLESPACE "USERS" ENABLE,
      CHECK (price < 1000 OR title IN ('x', 'y'))
   ) SEGMENT CREATION IMMEDIATE PCTFREE 10 TABLESPACE "USERS";

CREATE TABLE loans (
  book_id   NUMBER(6) REFERENCES books ON DELETE CASCADE,
  reader    VARCHAR2(30),
  day       DATE DEFAULT TRUNC(SYSDATE, 'DD') NOT NULL,
  PRIMARY KEY (book_id, reader),
  UNIQUE (reader, day)
);

CREATE UNIQUE INDEX loans_day ON loans (day);
CREATE OR REPLACE TRIGGER loans_trg BEFORE INSERT ON loans FOR EACH ROW
BEGIN
  :new.day := SYSDATE;
END;
/
ALTER TABLE loans ADD (note CLOB, copies INT);
ALTER TABLE loans ADD CONSTRAINT readers_fk FOREIGN KEY (reader) REFERENCES people (name) ENABLE;
ALTER TABLE loans MODIFY (copies NUMBER(3) NOT NULL);
COMMENT ON TABLE lib.books IS 'What it''s all about; books';
COMMENT ON COLUMN lib.books.title IS q'[The book's title]';
COMMENT ON TABLE reading_list IS 'a view of another script';
GRANT SELECT ON books TO reader
/
"""


@pytest.fixture
def library() -> Schema:
    return read_ddl(LIBRARY, schema_id="library")


def test_columns_as_oracle_stores_them(library: Schema) -> None:
    books = library.table("BOOKS")
    assert books is not None
    assert [(column.name, column.type, column.nullable) for column in books.columns] == [
        ("BOOK_ID", "NUMBER(6,0)", False),
        ("TITLE", "VARCHAR2(80 CHAR)", False),
        ("Shelf mark", "CHAR(6)", True),
        ("BORROWED_AT", "TIMESTAMP(6) WITH LOCAL TIME ZONE", True),
        ("KEPT", "INTERVAL DAY(3) TO SECOND(0)", True),
        ("LABEL", "VARCHAR2(99)", True),
        ("PRICE", "NUMBER(*,2)", True),
    ]
    assert books.columns[1].default == "'a, b) c'"
    assert books.columns[5].virtual == "UPPER(\"TITLE\") || '!'"


def test_keys_and_alterations(library: Schema) -> None:
    books, loans = library.tables
    assert books.primary_key == ("BOOK_ID",)
    assert loans.primary_key == ("BOOK_ID", "READER")
    assert not loans.columns[0].nullable  # a key column is never null
    assert loans.unique_keys == (("READER", "DAY"),)
    assert loans.foreign_keys == (
        ForeignKey(columns=("BOOK_ID",), table="BOOKS", referenced_columns=("BOOK_ID",)),
        ForeignKey(columns=("READER",), table="PEOPLE", referenced_columns=("NAME",)),
    )
    copies = loans.column("COPIES")
    assert copies is not None
    assert (copies.type, copies.nullable) == ("NUMBER(3)", False)


def test_comments(library: Schema) -> None:
    books = library.tables[0]
    assert books.comment == "What it's all about; books"
    assert books.columns[1].comment == "The book's title"


def test_the_rest_is_named(library: Schema) -> None:
    assert library.skipped == (
        "SET",
        "PROMPT",
        "REM",
        "CREATE UNIQUE INDEX LOANS_DAY",
        "CREATE TRIGGER LOANS_TRG BEFORE",
        "COMMENT ON TABLE READING_LIST",
        "GRANT SELECT ON BOOKS",
    )


def test_written_ddl_reads_back_the_same(library: Schema) -> None:
    again = read_ddl(write_ddl(library), schema_id="library")
    assert again == library
    assert again.fingerprint == library.fingerprint


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("DOUBLE PRECISION", "FLOAT(126)"),
        ("national character varying (10)", "NVARCHAR2(10)"),
        ("character(3)", "CHAR(3)"),
        ("raw(16)", "RAW(16)"),
        ("LONG RAW", "LONG RAW"),
        ("mdsys.sdo_geometry", "MDSYS.SDO_GEOMETRY"),
        ("INTERVAL YEAR TO MONTH", "INTERVAL YEAR TO MONTH"),
        ("number( 10 , -2 )", "NUMBER(10,-2)"),
        ("VARCHAR2(30 byte)", "VARCHAR2(30 BYTE)"),
    ],
)
def test_types(written: str, stored: str) -> None:
    schema = read_ddl(f"CREATE TABLE t (c {written} NOT NULL)", schema_id="s")
    assert schema.tables[0].columns[0].type == stored


@pytest.mark.parametrize(
    ("ddl", "message"),
    [
        ("CREATE TABLE t (\n a NUMBER,\n b VARCHAR2\n)", "line 4: expected a size behind VARCHAR2"),
        ("CREATE TABLE t (a TEXT)", "line 1: expected an Oracle type (write CLOB), found 'TEXT'"),
        ("CREATE TABLE t (a NUMBER,)", "expected a column name or a constraint, found ')'"),
        ("CREATE TABLE t (a NUMBER", "expected ), found the end of the statement"),
        ("CREATE TABLE t (a NUMBER FOO)", "expected a constraint, ',' or ')' after column A"),
        ("CREATE TABLE t (a NUMBER, a DATE)", "column A of table T is defined twice\n"),
        (
            "CREATE OR REPLACE TABLE t (a DATE)",
            "Oracle has no CREATE OR REPLACE TABLE; write CREATE",
        ),
        ("CREATE TABLE t (a NUMBER, PRIMARY KEY (b))", "table T has no column B"),
        ("CREATE TABLE t (total NUMBER, UNIQUE (totl))", "did you mean TOTAL?"),
        ("CREATE TABLE t (a NUMBER PRIMARY KEY, PRIMARY KEY (a))", "two primary keys"),
        (
            "CREATE TABLE t (a NUMBER);\nCREATE TABLE t (a NUMBER)",
            "line 2: table T is created twice",
        ),
        (
            "CREATE TABLE t (a DATE)\nCREATE TABLE u (b DATE)",
            "line 2: expected ';' before the next",
        ),
        ("CREATE TABLE t AS SELECT 1 a FROM dual", "does not say its columns"),
        ("CREATE TABLE t (v AS (1 + 1))", "expected the type of column T.V (write it out)"),
        ("CREATE TABLE t (a DATE INVISIBLE)", "invisible columns are not supported"),
        ("CREATE TABLE t (a DATE); ALTER TABLE t DROP COLUMN a", "only ADD and MODIFY are read"),
        ("ALTER TABLE t ADD (a DATE)", "expected a table that was created before"),
        (
            "CREATE TABLE t (a DATE);\nCOMMENT ON COLUMN t.b IS 'x'",
            "line 2: table T has no column B",
        ),
        (
            "CREATE TABLE t (a DATE);\nCOMMENT ON TABLE t IS 'x",
            "line 2: no end for what begins with",
        ),
        ("CREATE TABLE t (a NUMBER REFERENCES u (x, y))", "has 1 column(s) and refers to 2"),
        ("FOO BAR", "expected a DDL statement, found 'FOO'"),
    ],
)
def test_malformed_ddl_says_line_and_expectation(ddl: str, message: str) -> None:
    with pytest.raises(DDLError) as raised:
        read_ddl(ddl, schema_id="s")
    assert message in f"{raised.value}\n"
    assert str(raised.value).startswith("schema 's', line ")
    assert str(raised.value.of("s.sql")).startswith("s.sql, line ")


NAMES = st.from_regex(r"[A-Z][A-Z0-9_$#]{0,8}|[^\"\x00]{1,8}", fullmatch=True)
TYPES = st.sampled_from(
    ["NUMBER", "NUMBER(10,2)", "VARCHAR2(30 CHAR)", "CHAR(3)", "DATE", "TIMESTAMP(3)", "CLOB"]
)
TEXT = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=12)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    tables: list[Table] = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)):
        names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
        key = tuple(names[: draw(st.integers(0, len(names)))])
        columns = tuple(
            Column(
                name=column,
                type=draw(TYPES),
                nullable=column not in key and draw(st.booleans()),
                default=draw(st.sampled_from([None, None, "0", "SYSDATE", "'it''s, (so)'"])),
                comment=draw(TEXT),
            )
            for column in names
        )
        foreign = [
            ForeignKey(columns=key, table=other.name, referenced_columns=other.primary_key)
            for other in tables
            if key and len(other.primary_key) == len(key)
        ]
        tables.append(
            Table(
                name=name,
                columns=columns,
                primary_key=key,
                unique_keys=((names[-1],),) if draw(st.booleans()) else (),
                foreign_keys=tuple(foreign),
                comment=draw(TEXT),
            )
        )
    return Schema(id="s", tables=tuple(tables))


@given(schemas())
@examples(60)
def test_round_trip(schema: Schema) -> None:
    assert read_ddl(write_ddl(schema), schema_id="s") == schema


@given(st.text(alphabet="CREATE TABLE t(aNUMBER,);'\"/*-\n1", max_size=50))
def test_any_text_gives_a_schema_or_our_error(text: str) -> None:
    for prefix in ("", "CREATE TABLE t (", "ALTER TABLE t ADD "):
        with contextlib.suppress(DDLError):
            read_ddl(prefix + text, schema_id="s")


def test_the_shared_schema_has_eleven_tables() -> None:
    path = Path(__file__).parents[3] / "shared" / "cases" / "schema.sql"
    if not path.exists():
        pytest.skip("../shared/cases is absent")
    schema = read_ddl(path.read_text(encoding="utf-8"), schema_id="cases")
    assert len(schema.tables) == 11
    assert not schema.skipped
