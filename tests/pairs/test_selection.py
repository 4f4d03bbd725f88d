"""A prompt never shows more than its budget, and in training never less than the answer needs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.schema import PromptConf
from oracle_sft.model.tiny.build import build_tiny
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.prompt import PromptStyle, prompt_ids, render, schema_text
from oracle_sft.pairs.recall import recall
from oracle_sft.pairs.selection import (
    PromptTooLong,
    ShownSchemas,
    TableSelector,
    may_be_in_parts,
)
from oracle_sft.pairs.tokens import token_rows
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.schema import Column, ForeignKey, Schema, Table
from tests import tiny

NAMES = ("ORDERS", "ORDER_ITEMS", "CUSTOMERS", "SHOPS", "Odd Name", "AUDIT_LOG", "T1", "EMPLOYEES")
WORDS = ("orders", "items", "of", "shop", "customer", "name", "t1", "price", "odd")


class Joining:
    """A tokenizer whose tokens know no borders of tables: three characters each, counted from the start."""

    def __call__(self, text: str | list[str], *, add_special_tokens: bool) -> dict[str, Any]:
        def ids(one: str) -> list[int]:
            return [hash(one[at : at + 3]) for at in range(0, len(one), 3)]

        return {"input_ids": ids(text) if isinstance(text, str) else [ids(one) for one in text]}


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    from oracle_sft.model.load import load_tokenizer

    folder = build_tiny(tmp_path_factory.mktemp("models") / "tiny")
    return [tiny.tokenizer(), load_tokenizer(folder), Joining()]


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, len(NAMES)))]
    tables = []
    for name in names:
        columns = draw(
            st.lists(st.sampled_from(("ID", "NAME", "PRICE", "SHOP_ID", "Odd")), unique=True)
        )
        keys = draw(st.lists(st.sampled_from((*names, "ELSEWHERE")), max_size=3, unique=True))
        tables.append(
            Table(
                name=name,
                columns=(
                    *(Column(name=column, type="NUMBER(6)") for column in columns or ["ID"]),
                    *(Column(name=f"{key}_REF", type="NUMBER") for key in keys),
                ),
                foreign_keys=tuple(
                    ForeignKey(columns=(f"{key}_REF",), table=key, referenced_columns=("ID",))
                    for key in keys
                ),
                comment=draw(st.sampled_from(("", "what was sold"))),
            )
        )
    return Schema(id="s", tables=tuple(tables))


questions = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@given(schemas(), questions, st.sampled_from(PromptStyle), st.integers(0, 2), st.integers(1, 400))
def test_what_is_shown_is_within_the_budget_and_in_order(
    tokenizers, schema: Schema, question: str, style: PromptStyle, which: int, budget: int
) -> None:
    tokenizer = tokenizers[which]
    selector = TableSelector(schema, tokenizer, style=style, max_tokens=budget)
    whole = len(tokenizer(schema_text(schema, style), add_special_tokens=False)["input_ids"])
    if whole <= budget:
        assert selector.select(question) is schema
        return
    try:
        shown = selector.select(question)
    except PromptTooLong:
        assert budget < whole
        return
    text = schema_text(shown, style)
    assert 0 < len(tokenizer(text, add_special_tokens=False)["input_ids"]) <= budget
    places = [
        next(at for at, one in enumerate(schema.tables) if one.name == table.name)
        for table in shown.tables
    ]
    assert places == sorted(places)
    assert shown == TableSelector(schema, tokenizer, style=style, max_tokens=budget).select(
        question
    )
    names = {table.name for table in shown.tables}
    assert all(key.table in names for table in shown.tables for key in table.foreign_keys)


@given(schemas(), questions, st.integers(20, 400), st.data())
def test_in_training_the_tables_of_the_answer_are_there_beside_those_of_evaluation(
    tokenizers, schema: Schema, question: str, budget: int, data: st.DataObject
) -> None:
    names = [table.name for table in schema.tables]
    gold = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    tables = ", ".join('"' + name + '"' for name in gold)
    pair = Pair(id="p", question=question, sql=f"SELECT 1 FROM {tables}", schema_id="s")
    conf = PromptConf(name="compact", max_schema_tokens=budget)
    shown = ShownSchemas({"s": schema}, conf, tokenizers[0])
    try:
        asked, trained = shown.asked(pair), shown.trained(pair)
    except PromptTooLong:
        return
    in_training = {table.name for table in trained.schema.tables}
    in_evaluation = {table.name for table in asked.schema.tables}
    assert in_training >= set(gold)
    if asked.part is not None:
        assert set(asked.part.gold_tables) == set(gold)
        assert set(asked.part.missing_tables) == set(gold) - in_evaluation
    if asked.part is None or not asked.part.missing_tables:
        assert trained == asked
    text = schema_text(trained.schema, "compact")
    assert len(text) <= budget


def test_the_gold_changes_nothing_at_evaluation(tokenizers) -> None:
    conf = PromptConf(name="compact", max_schema_tokens=60)
    shown = ShownSchemas({"shop": shop()}, conf, tokenizers[0])
    asked = {
        tuple(table.name for table in shown.asked(pair_of("visits?", gold)).schema.tables)
        for gold in ("SELECT 1 FROM visits", "SELECT 1 FROM shops", "SELECT 1 FROM dual", "no SQL")
    }
    assert len(asked) == 1


def test_a_model_is_trained_on_the_prompt_that_it_will_be_asked_with(tokenizers) -> None:
    tokenizer = tokenizers[0]
    conf = PromptConf(name="mschema", max_schema_tokens=150)
    pair = pair_of("how many visits?", "SELECT COUNT(*) FROM visits")
    (row,) = token_rows([pair], {"shop": shop()}, conf, tokenizer)
    shown = ShownSchemas({"shop": shop()}, conf, tokenizer).asked(pair)
    assert row.part == shown.part is not None
    asked = render(pair.question, shown.schema, style=conf.name)
    assert list(row.prompt_ids) == prompt_ids(asked, tokenizer)


def test_a_key_to_a_table_that_is_not_shown_is_not_shown(tokenizers) -> None:
    selector = TableSelector(shop(), tokenizers[0], style="compact", max_tokens=80)
    text = schema_text(selector.select("visits, shops"), "compact")
    assert text == "shops(shop_id*#, city)\nvisits(visit_id*#, shop_id#>shops, guest_id#)"
    selector = TableSelector(shop(), tokenizers[0], style="ddl", max_tokens=290)
    shown = selector.select("visits")
    assert [table.name for table in shown.tables] == ["VISITS"]
    assert "REFERENCES" not in schema_text(shown, "ddl")


def test_a_schema_that_fits_is_shown_as_it_is(tokenizers) -> None:
    conf = PromptConf(name="ddl", max_schema_tokens=10_000)
    shown = ShownSchemas({"shop": shop()}, conf, tokenizers[0]).trained(
        pair_of("?", "SELECT 1 FROM shops")
    )
    assert (shown.schema, shown.part) == (shop(), None)
    assert not may_be_in_parts([shop()], conf)
    assert may_be_in_parts([shop()], PromptConf(name="ddl", max_schema_tokens=100))
    without = ShownSchemas({"shop": shop()}, PromptConf(name="ddl", max_schema_tokens=1), None)
    assert without.asked(pair_of("?", "SELECT 1 FROM shops")).schema == shop()


def test_pairs_whose_own_tables_do_not_fit_are_all_named(tokenizers) -> None:
    both = "SELECT 1 FROM shops, visits, guests"
    pairs = [
        Pair(
            id=f"p{n}", question="?", sql=both if n % 2 else "SELECT 1 FROM shops", schema_id="shop"
        )
        for n in range(6)
    ]
    conf = PromptConf(name="compact", max_schema_tokens=60)
    with pytest.raises(PromptTooLong) as said:
        token_rows(pairs, {"shop": shop()}, conf, tokenizers[0])
    assert str(said.value) == (
        "pairs p1, p3, p5 of 6 cannot be shown with all the tables that their answers read; the first: schema 'shop' "
        "in prompt style 'compact': the tables of the answer (SHOPS, GUESTS, VISITS) have 105 tokens, more than "
        "prompt.max_schema_tokens=60; raise it, or leave these pairs out"
    )
    rows = token_rows(pairs[::2], {"shop": shop()}, conf, tokenizers[0])
    assert all(row.part is not None and row.part.gold_tables == ("SHOPS",) for row in rows)


def test_a_budget_under_the_smallest_table_is_refused_by_name(tokenizers) -> None:
    selector = TableSelector(shop(), tokenizers[0], style="compact", max_tokens=5)
    with pytest.raises(
        PromptTooLong,
        match=r"schema 'shop' .*'compact': the smallest of 3 tables has 23 tokens, more than .*=5; raise it",
    ):
        selector.select("shops")


def test_recall_is_over_golds_that_read_a_table_of_a_schema_in_parts(tokenizers) -> None:
    conf = PromptConf(name="compact", max_schema_tokens=60)
    shown = ShownSchemas({"shop": shop()}, conf, tokenizers[0])
    golds = ("SELECT 1 FROM visits", "SELECT 1 FROM guests", "SELECT 1 FROM dual")
    found = recall([*(shown.asked(pair_of("visits?", gold)).part for gold in golds), None])
    assert (found.prompts, found.golds, found.gold_tables) == (3, 2, 2)
    assert found.complete == found.found_tables == 1
    assert "into 50.0% of them (50.0% of the tables)" in found.line
    assert recall([]).prompts == 0


def pair_of(question: str, sql: str) -> Pair:
    return Pair(id="p", question=question, sql=sql, schema_id="shop")


def shop() -> Schema:
    return read_ddl(
        """
        CREATE TABLE shops (shop_id NUMBER(4) PRIMARY KEY, city VARCHAR2(20));
        CREATE TABLE guests (guest_id NUMBER(4) PRIMARY KEY, nickname VARCHAR2(20));
        CREATE TABLE visits (visit_id NUMBER(6) PRIMARY KEY, shop_id NUMBER(4) REFERENCES shops,
                             guest_id NUMBER(4) REFERENCES guests);
        """,
        schema_id="shop",
    )
