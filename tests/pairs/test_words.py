import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.pairs.words import likeness, stem, stems


@pytest.mark.parametrize(
    "forms",
    [
        "order orders ordered ordering",
        "delivery deliveries",
        "ship ships shipped shipping shipment shipments",
        "price prices priced pricing",
        "address addresses",
        "class classes",
        "box boxes",
        "city cities",
        "employ employed employs",
        "bill billed billing",
    ],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words", ["order orchard", "status state", "party parts", "us use", "id idea"]
)
def test_other_words_have_another(words: str) -> None:
    one, other = words.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("ORDER_ITEMS", ["order", "item"]),
        ("orderItems", ["order", "item"]),
        ("ADDRESS2", ["address"]),
        ("Größe", ["grösse"]),
        ("T$_#1", ["t"]),
        ("Which orders?  Last week's.", ["which", "order", "last", "week", "s"]),
        ("", []),
    ],
)
def test_names_and_questions_are_split_alike(name: str, parts: list[str]) -> None:
    assert stems(name) == parts


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("quantity", "qty"),
        ("department", "dept"),
        ("customer", "cust"),
        ("amount", "amt"),
        ("account", "acct"),
        ("dept", "department"),
        ("qty", "quantity"),
        ("deliver", "delivery"),
    ],
)
def test_an_abbreviation_is_like_its_word(word: str, term: str) -> None:
    assert likeness(word, term) > 0


@pytest.mark.parametrize(
    ("word", "term"),
    [("contract", "cat"), ("the", "theatre"), ("payment", "part"), ("shop", "ship")],
)
def test_what_only_begins_alike_is_not(word: str, term: str) -> None:
    assert likeness(word, term) == 0


@given(st.text(), st.text(min_size=1), st.text(min_size=1))
def test_any_text_has_stems_and_a_likeness(text: str, one: str, other: str) -> None:
    assert all(stems(text))
    assert 0 <= likeness("a" + one, "a" + other) < 1
