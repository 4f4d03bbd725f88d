import itertools
import re
from importlib import resources

import pytest
import sqlglot

from oracle_sft.model.tiny import corpus
from oracle_sft.model.tiny.words import ORACLE_WORDS
from oracle_sft.pairs.prompt import schema_text

# Words that no query of the corpus may hold outside its literals. The rest of ORACLE_WORDS is ANSI.
ORACLE_ONLY = frozenset(
    """NVL NVL2 DECODE ROWNUM ROWID LEVEL CONNECT PRIOR START SIBLINGS NOCYCLE CONNECT_BY_ROOT
    SYS_CONNECT_BY_PATH LISTAGG WITHIN SYSDATE SYSTIMESTAMP TO_CHAR TO_DATE TO_NUMBER ADD_MONTHS
    MONTHS_BETWEEN LAST_DAY NEXT_DAY TRUNC MINUS FETCH OFFSET LIMIT TOP KEEP DUAL REGEXP_LIKE INSTR SUBSTR
    LPAD RPAD INITCAP RATIO_TO_REPORT MEDIAN GREATEST LEAST ROLLUP CUBE PIVOT""".split()
)


@pytest.fixture(scope="module")
def examples() -> list[corpus.Example]:
    return list(itertools.islice(corpus.examples("test", asked=5), 400))


def test_same_seed_same_corpus() -> None:
    assert corpus.digest("a", asked=3, first=20) == corpus.digest("a", asked=3, first=20)
    assert corpus.digest("a", asked=3, first=20) != corpus.digest("b", asked=3, first=20)


def test_every_query_parses(examples: list[corpus.Example]) -> None:
    for example in examples[:100]:
        for _, sql, _ in example.asked:
            assert sqlglot.parse_one(sql, read="postgres")


def test_no_query_holds_an_oracle_only_word(examples: list[corpus.Example]) -> None:
    for example in examples:
        for _, sql, _ in example.asked:
            outside = re.sub(r"'(?:[^']|'')*'", "''", sql)
            assert not set(re.findall(r"[A-Z_0-9]+", outside)) & ORACLE_ONLY, sql
            assert "(+)" not in outside
            assert not outside.endswith(";")


def test_no_table_is_the_demo_s(examples: list[corpus.Example]) -> None:
    from oracle_sft.sqltext.ddl import read_ddl

    ddl = (resources.files("oracle_sft.pairs.demo") / "schema.sql").read_text(encoding="utf-8")
    demo = {
        (table.name, frozenset(column.name for column in table.columns))
        for table in read_ddl(ddl, schema_id="demo").tables
    }
    for example in examples:
        for table in example.schema.tables:
            assert (table.name, frozenset(c.name for c in table.columns)) not in demo


def test_queries_name_what_the_schema_has(examples: list[corpus.Example]) -> None:
    """Every word of a query is a keyword, an alias or stands in the schema as it is shown."""
    for example in examples:
        shown = set(re.findall(r"\w+", schema_text(example.schema, "compact")))
        for _, sql, _ in example.asked:
            outside = re.sub(r"'(?:[^']|'')*'", "''", sql)
            named = set(re.findall(r"\b[a-z]\w*\b", outside))
            aliases = {word for word in named if re.search(rf"(\w|\)) {word}( |,|\)|$)", outside)}
            aliases |= {"t", "n", "rn"}
            assert named <= shown | aliases, sql


def test_questions_are_filled_in(examples: list[corpus.Example]) -> None:
    for example in examples:
        for question, _, _ in example.asked:
            assert not set(question) & set("[]{}~|"), question


def test_every_shape_occurs_and_schemas_vary(examples: list[corpus.Example]) -> None:
    shapes = {shape for example in examples for _, _, shape in example.asked}
    assert shapes == {function.__name__ for function, _ in corpus.SHAPES}
    sizes = {len(example.schema.tables) for example in examples}
    assert sizes == set(range(3, 10))
    assert len({table.name for example in examples for table in example.schema.tables}) > 200


def test_oracle_words_are_distinct() -> None:
    assert len(set(ORACLE_WORDS)) == len(ORACLE_WORDS)
