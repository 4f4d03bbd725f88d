import pytest

from oracle_sft.errors import UserError
from oracle_sft.pairs import prompt
from oracle_sft.pairs.prompt import (
    PromptStyle,
    answer_ids,
    prompt_hash,
    prompt_ids,
    render,
    schema_text,
    table_separator,
    table_texts,
)
from oracle_sft.sqltext.schema import Column, ForeignKey, Schema, Table
from tests import tiny


@pytest.fixture(scope="module")
def tokenizer():
    return tiny.tokenizer()


def library() -> Schema:
    authors = Table(
        name="AUTHORS",
        columns=(
            Column(name="AUTHOR_ID", type="NUMBER(6)", nullable=False),
            Column(name="NAME", type="VARCHAR2(40)", comment="Family name,\nthen first name"),
            Column(name="BORN", type="DATE", default="SYSDATE"),
        ),
        primary_key=("AUTHOR_ID",),
        comment="Who wrote what",
    )
    books = Table(
        name="BOOKS",
        columns=(
            Column(name="ISBN", type="VARCHAR2(13)", nullable=False),
            Column(name="AUTHOR_ID", type="NUMBER(6)"),
            Column(name="SEQUEL_OF", type="VARCHAR2(13)"),
            Column(name="PAGES", type="NUMBER(4)"),
            Column(name="DATE", type="DATE"),
            Column(name="Shelf", type="VARCHAR2(5)"),
            Column(name="EMP#", type="NUMBER"),
        ),
        primary_key=("ISBN",),
        unique_keys=(("PAGES", "AUTHOR_ID"),),
        foreign_keys=(
            ForeignKey(columns=("AUTHOR_ID",), table="AUTHORS", referenced_columns=("AUTHOR_ID",)),
            ForeignKey(columns=("SEQUEL_OF",), table="BOOKS", referenced_columns=("ISBN",)),
            ForeignKey(columns=("EMP#",), table="STAFF", referenced_columns=("BADGE",)),
        ),
    )
    return Schema(id="library", tables=(authors, books))


def test_compact_marks_keys_types_and_references() -> None:
    assert schema_text(library(), "compact") == (
        "authors(author_id*#, name, born@)\n"
        "books(isbn*, author_id#>authors, sequel_of>books, pages#, "
        '"DATE"@, "Shelf", "EMP#"#>staff.badge)'
    )


@pytest.mark.parametrize("style", PromptStyle)
def test_a_schema_is_the_blocks_of_its_tables(style: PromptStyle) -> None:
    texts = table_texts(library(), style)
    assert len(texts) == 2
    assert table_separator(style).join(texts) == schema_text(library(), style)


def test_mschema_shows_types_and_comments() -> None:
    text = schema_text(library(), "mschema")
    assert "# Table: authors, Who wrote what\n[\n(author_id:NUMBER(6), Primary Key),\n" in text
    assert "(name:VARCHAR2(40), Family name, then first name)" in text
    assert "(author_id:NUMBER(6), refers to authors)" in text


def test_ddl_is_read_back_as_the_same_schema() -> None:
    from oracle_sft.sqltext.ddl import read_ddl

    tables = tuple(
        Table(
            name=table.name,
            columns=tuple(
                Column(
                    name=column.name,
                    type=column.type,
                    nullable=column.nullable and column.name not in table.primary_key,
                    comment=" ".join(column.comment.split()),
                )
                for column in table.columns
            ),
            primary_key=table.primary_key,
            unique_keys=table.unique_keys,
            foreign_keys=table.foreign_keys,
            comment=table.comment,
        )
        for table in library().tables
    )
    schema = Schema(id="library", tables=tables)
    assert read_ddl(schema_text(schema, "ddl"), schema_id="library") == schema


@pytest.mark.parametrize("style", PromptStyle)
def test_schema_stands_before_hint_and_question(style: PromptStyle) -> None:
    (message,) = render(" who?\n", library(), style=style, evidence="old =\n born before 1900")
    assert message["role"] == "user"
    schema, hint, question = (
        message["content"].index(text)
        for text in (schema_text(library(), style), "Hint: old = born before 1900\n", "who?")
    )
    assert schema < hint < question
    assert message["content"].endswith("who?")
    assert "Hint" not in render("who?", library(), style=style)[0]["content"]


def test_braces_in_a_question_stay() -> None:
    content = render("what is {schema} and {question}?", library(), style="compact")[0]["content"]
    assert content.endswith("Q: what is {schema} and {question}?")


def test_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"prompt style 'xml' is not known; choose one of compact"):
        schema_text(library(), "xml")


@pytest.mark.parametrize("sql", ["SELECT 1 FROM dual", " SELECT\n'é <|end|' FROM t ", ""])
def test_prompt_and_answer_are_the_whole_chat(tokenizer, sql: str) -> None:
    messages = render("How many?", library(), style="compact")
    chat = [*messages, {"role": "assistant", "content": sql}]
    whole = tokenizer.apply_chat_template(chat, return_dict=False)
    assert prompt_ids(messages, tokenizer) + answer_ids(sql, tokenizer) == list(whole)
    assert answer_ids(sql, tokenizer)[-1] == tokenizer.eos_token_id


def test_chat_template_that_adds_to_the_answer_is_refused(tokenizer) -> None:
    odd = tiny.tokenizer()
    odd.chat_template = (
        "{% for m in messages %}{{ m['content'] }}{% endfor %}"
        "{% if add_generation_prompt %}<think>{% endif %}"
    )
    with pytest.raises(UserError, match="chat template"):
        answer_ids("SELECT 1 FROM dual", odd)


def test_hash_tells_styles_templates_and_versions_apart(tokenizer, monkeypatch) -> None:
    hashes = {prompt_hash(style, tokenizer) for style in PromptStyle}
    assert len(hashes) == len(PromptStyle)
    before = prompt_hash("compact", tokenizer)
    assert before == prompt_hash(PromptStyle.compact, tiny.tokenizer())
    other = tiny.tokenizer()
    other.chat_template += " "
    assert prompt_hash("compact", other) != before
    monkeypatch.setattr(prompt, "RENDERER_VERSION", prompt.RENDERER_VERSION + 1)
    assert prompt_hash("compact", tokenizer) != before
