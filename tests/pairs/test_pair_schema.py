"""The shipped JSON Schema says of a pair what the code says of it."""

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.pairs.provenance import SOURCES
from oracle_sft.pairs.provenance.rules import problems
from tests.pairs.provenance.samples import WHOLE

SCHEMA = json.loads((resources.files("oracle_sft.pairs") / "pair.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PAIR = {"question": "q", "sql": "SELECT 1 FROM dual", "provenance": WHOLE}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_example_of_the_docs_is_a_pair() -> None:
    docs = Path(__file__).parents[2] / "docs" / "pairs.md"
    example = re.search(r"```json\n(.*?)```", docs.read_text(), re.DOTALL)
    assert example is not None
    pair = json.loads(example[1])
    VALIDATOR.validate(pair)
    assert problems(pair["provenance"]) == []


@pytest.mark.parametrize(
    "change",
    [{"question": " "}, {"sql": 5}, {"tags": "x"}, {"schema_id": ""}, {"ddl": ""}, {"id": 7}],
)
def test_what_the_reader_refuses_is_refused(change: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(PAIR)
    assert not VALIDATOR.is_valid(PAIR | change)


values = st.booleans() | st.integers() | st.sampled_from(["", " ", "x"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "source_session_id": values,
            "source": st.sampled_from([*SOURCES, "", 5]),
            "model": values,
            "timestamp": st.sampled_from(["2026-01-02T03:04:05Z", 5]),
            "approved": values,
            "excluded": values,
            "exclusion_reason": values,
        },
    ).map(lambda said: WHOLE | said)
)
def test_a_record_is_valid_in_both_or_in_neither(meta: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(PAIR | {"provenance": meta}) == (problems(meta) == [])
