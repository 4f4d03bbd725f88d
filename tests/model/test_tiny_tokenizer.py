import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from oracle_sft.model.tiny.build import tiny_model_dir
from oracle_sft.model.tiny.tokenizer import ASSISTANT, END, PAD, SYSTEM, USER
from oracle_sft.pairs.prompt import answer_ids, prompt_ids, render, schema_text
from tests.pairs.test_prompt import library

TOKENIZER = AutoTokenizer.from_pretrained(tiny_model_dir())


@given(st.text())
def test_decoding_gives_back_any_text(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER(text)["input_ids"]) == text


@given(
    st.lists(
        st.sampled_from(
            [
                *(" ", "  ", "\n", ", ", " <= ", " a ", "Q: "),
                *"SELECT name _ id 1 23 . , ' ( ) * # > = DATE of the é 日本 A (+)".split(),
            ]
        )
    ).map("".join)
)
def test_decoding_gives_back_text_like_sql(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER(text)["input_ids"]) == text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a.b FROM t a WHERE d >= DATE '2024-03-01' AND n = 12 .5",
        "x   1 2  3 , ' it''s ' !",
        "don 't . n't ?",
    ],
)
def test_blanks_around_digits_and_marks_stay(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER(text)["input_ids"], skip_special_tokens=True) == text


def test_every_digit_is_a_token() -> None:
    tokens = TOKENIZER.tokenize("WHERE n = 2024 AND code = 'A90'")
    assert [token for token in tokens if any(c.isdigit() for c in token)] == list("202490")


@pytest.mark.parametrize("word", ["customer_id", "hire_date", "name", "order_lines"])
def test_a_name_is_cut_the_same_way_wherever_it_stands(word: str) -> None:
    alone = TOKENIZER.tokenize(word)
    for before, after in [("SELECT ", ","), ("c.", " = "), ("(", ")"), ("t(x*#, ", "@, ")]:
        tokens = TOKENIZER.tokenize(f"{before}{word}{after}")
        assert any(tokens[n : n + len(alone)] == alone for n in range(len(tokens)))


@pytest.mark.parametrize(
    "text",
    [" FROM ", "SELECT ", " GROUP BY ", "NVL", "LISTAGG", "ROWNUM", "(+)", "DATE '", "customers"],
)
def test_common_pieces_are_one_token(text: str) -> None:
    assert len(TOKENIZER(text)["input_ids"]) == 1


def test_special_tokens_are_known() -> None:
    assert (TOKENIZER.pad_token, TOKENIZER.eos_token) == (PAD, END)
    assert TOKENIZER.bos_token is None
    ids = TOKENIZER.convert_tokens_to_ids([PAD, END, SYSTEM, USER, ASSISTANT])
    assert ids == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("sql", ["SELECT 1 FROM dual", " SELECT 'x' FROM t \n", "", "(SELECT 1)"])
def test_prompt_and_answer_are_the_whole_chat(sql: str) -> None:
    messages = render("How many 2 ", library(), style="compact", evidence="x = 1")
    chat = [*messages, {"role": "assistant", "content": sql}]
    whole = list(TOKENIZER.apply_chat_template(chat, return_dict=False))
    assert prompt_ids(messages, TOKENIZER) + answer_ids(sql, TOKENIZER) == whole


def test_demo_schema_fits_in_256_tokens() -> None:
    from importlib import resources

    from oracle_sft.sqltext.ddl import read_ddl

    ddl = (resources.files("oracle_sft.pairs.demo") / "schema.sql").read_text(encoding="utf-8")
    text = schema_text(read_ddl(ddl, schema_id="demo"), "compact")
    assert len(TOKENIZER(text)["input_ids"]) <= 256
