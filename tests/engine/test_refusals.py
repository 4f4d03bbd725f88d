"""Whatever the rewriter does not know ends in an error of Oracle's or a refusal by name."""

import pytest
from sqlglot import exp

from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import conditions, functions, syntax, values
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.groups import group_functions, windows


def test_every_function_that_is_served_is_oracles() -> None:
    served = {
        *functions.FUNCTIONS,
        *functions.OWN_GRAMMAR,
        *group_functions.NAMES,
        *windows.ANALYTIC,
    }
    assert served <= ORACLE_FUNCTIONS


@pytest.mark.parametrize("name", sorted(ORACLE_FUNCTIONS))
def test_no_function_gives_rows_by_accident(database: Database, name: str) -> None:
    known = {*functions.FUNCTIONS, *functions.OWN_GRAMMAR, *group_functions.NAMES, "TRIM"}
    try:
        database.query(f"SELECT {name}(fee) FROM members")
    except (OracleError, UnsupportedSQL):
        return
    assert name in known


def test_a_node_is_known_as_one_thing() -> None:
    both = set(values.HANDLERS) & set(conditions.HANDLERS)
    assert both == {exp.Paren, exp.Anonymous}
    assert not set(syntax.FOREIGN) & (set(values.HANDLERS) | set(conditions.HANDLERS))


def test_a_refusal_names_its_place(database: Database) -> None:
    sql = "SELECT fee, ORA_HASH(name) FROM members"
    with pytest.raises(UnsupportedSQL) as refused:
        database.query(sql)
    assert refused.value.construct == "ORA_HASH"
    assert refused.value.span is not None
    start, end = refused.value.span
    assert "name" in sql[start:end]


@pytest.mark.parametrize(
    "sql",
    [
        "",
        ";",
        "SELECT",
        "SELECT 1 FROM",
        "(",
        "WITH x AS (SELECT 1 FROM dual)",
        "SELECT 1 FROM dual;;",
    ],
)
def test_fragments_are_errors(database: Database, sql: str) -> None:
    with pytest.raises(OracleError):
        database.query(sql)


@pytest.mark.parametrize(
    "sign", ["\u00a0", "\u2019", "\u201c", "\u2013", "\u200b", "\u20ac", "\x01"]
)
def test_signs_that_are_no_part_of_a_statement_are_errors(database: Database, sign: str) -> None:
    for sql in (
        f"SELECT 1{sign}FROM dual",
        f"SELECT 1 {sign}x{sign} FROM dual",
        f"SELECT {sign}1 FROM dual",
    ):
        with pytest.raises(OracleError, match="ORA-00911"):
            database.query(sql)
    within = f"SELECT '{sign}' AS \"{sign}\" /* {sign} */ FROM dual -- {sign}"
    assert database.query(within).rows == [(sign,)]


def test_a_blank_that_may_be_one_is_refused(database: Database) -> None:
    with pytest.raises(UnsupportedSQL, match=r"the blank U\+3000"):
        database.query("SELECT\u30001 FROM dual")
