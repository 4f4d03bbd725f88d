"""Nothing is lost in a build: each place of a source is one line, and the figures are those of the lines."""

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.readers import jsonl
from oracle_sft.pairs.readers.draft import Draft, storable
from oracle_sft.record.files import read_jsonl

GIVEN = "CREATE TABLE t (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20));"
OTHER = "CREATE TABLE u (k NUMBER(3), v VARCHAR2(9));"
RECORD = {
    "source_session_id": "s",
    "source": "curated",
    "model": "m",
    "timestamp": "2026-05-02T14:00:09Z",
    "approved": True,
}
ODD = ["plain", "a'b", '{0} {x} %s "', "nul\0in", "<é\U0001f600>", "[*?]", "\\", "--x;", "a\nb"]

texts = st.sampled_from(ODD)
records = st.sampled_from(
    [
        {},
        {"source_session_id": "own"},
        {"source": "unheard of"},
        RECORD,
        {**RECORD, "approved": False},
        {**RECORD, "excluded": True, "exclusion_reason": "wrong '{}'"},
        {**RECORD, "approved": 1},
        {"source": {"a": ["b"]}},
    ]
)
good = st.builds(
    lambda n, asked, more: {
        "question": f"name of {asked}?",
        "sql": f"SELECT name FROM t WHERE id = {n}",
        **{key: value for key, value in more.items() if value is not None},
    },
    st.integers(1, 6),
    texts,
    st.fixed_dictionaries(
        {
            "id": st.none() | texts,
            "template": st.none() | texts,
            "provenance": records,
            "evidence": st.none() | texts,
            "tags": st.none() | st.lists(texts, max_size=2),
            "schema_id": st.sampled_from([None, "t"]),
        }
    ),
)
bad = st.sampled_from(
    [
        {"question": "drop", "sql": "DROP TABLE t"},
        {"question": "nul", "sql": "SELECT name FROM t WHERE name = '\0'"},
        {"question": "no column", "sql": "SELECT colour FROM t"},
        {"question": "none", "sql": ""},
        {"question": "long", "sql": "SELECT name FROM t WHERE id IN (" + "1," * 9_000 + "1)"},
        {"question": "deep", "sql": "SELECT name FROM t WHERE " + "(" * 400 + "id = 1" + ")" * 400},
        {"question": "half \ud800", "sql": "SELECT name FROM t"},
        {"question": "brought", "sql": "SELECT v FROM u", "schema_id": "u'[*]{}", "ddl": OTHER},
        {"question": "other", "sql": "SELECT v FROM u", "schema_id": "u'[*]{}", "ddl": GIVEN},
        {"question": "unnamed", "sql": "SELECT v FROM u", "ddl": OTHER},
        {"question": "no ddl", "sql": "SELECT v FROM u", "schema_id": "v", "ddl": "SELECT 1"},
    ]
).map(json.dumps)
junk = st.sampled_from(['{"question": "cut', "[1]", "null", '{"sql": "SELECT 1", "question": 3}'])
lines = st.lists(good.map(json.dumps) | good.map(json.dumps) | bad | junk, min_size=8, max_size=30)
options = st.fixed_dictionaries(
    {
        "data.split_by": st.sampled_from(["canonical", "template", "session", "schema"]),
        "data.near_duplicates": st.sampled_from(["null", "0.7"]),
        "data.eval_fraction": st.sampled_from(["0", "0.3"]),
    }
)
LEFT = [f'{{"question": "{n}?", "sql": "SELECT {n} FROM t", "template": "{n}"}}' for n in range(4)]
REFUSALS = ("none is left to train on", "pairs belong together")
"""A source may be so bad that the build says so and ends."""
SETTINGS = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],  # a build takes too long to shrink its source
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.slow  # builds a dozen datasets
@SETTINGS
@given(lines, options, st.integers(1, 9))
def test_each_place_of_a_source_is_one_line_and_counted_once(
    monkeypatch: pytest.MonkeyPatch, said: list[str], wanted: dict[str, str], size: int
) -> None:
    monkeypatch.setattr("oracle_sft.pairs.sources.SHARD_PAIRS", size)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pairs.jsonl"
        source.write_text("".join(f"{line}\n" for line in [*said, *LEFT, said[0]]))
        (Path(folder) / "t.sql").write_text(GIVEN)
        overrides = [f"{key}={value}" for key, value in wanted.items()]
        conf = compose(
            [
                "data=jsonl",
                f"data.path={source}",
                f"data.ddl={folder}/t.sql",
                f"outputs_dir={folder}/outputs",
                "data.workers=1",
                "data.malformed=set_aside",
                *overrides,
            ]
        )
        try:
            built = find_or_build(conf, lambda done, total: None)
        except UserError as error:
            if not any(text in str(error) for text in REFUSALS):
                raise
            event("refused")
            return
        found = [storable(one) for one in jsonl.read(source)]
        written = {
            name: read_jsonl(built.folder / f"{name}.jsonl")
            for name in ("train", "eval", "rejected")
        }
        check_lines(found, written)
        check_figures(written, built.stats, built.manifest)
        check_sides(written)


def check_lines(found: list[Any], written: dict[str, list[dict[str, Any]]]) -> None:
    """Each place is one line; what is kept is what the source says."""
    assert sum(map(len, written.values())) == len(found)
    read = Counter(one.question for one in found if isinstance(one, Draft))
    lines = [line for each in written.values() for line in each]
    assert (
        Counter(line.get("question", line.get("text")) for line in lines if not _unread(line))
        <= read
    )
    places = Counter(one.where.rpartition("/")[2] for one in found)
    assert Counter(line["where"] for line in written["rejected"]) <= places


def _unread(line: dict[str, Any]) -> bool:
    return bool(line.get("stage") == "read")


def check_figures(
    written: dict[str, list[dict[str, Any]]], stats: dict[str, Any], manifest: dict[str, Any]
) -> None:
    """What the build counted is what the lines say."""
    kept = [*written["train"], *written["eval"]]
    assert manifest["counts"] == {name: len(lines) for name, lines in written.items()}
    assert stats["counts"]["read"] == sum(map(len, written.values()))
    assert stats["suites"] == Counter(line["suite"] for line in kept)
    assert stats["rejected"] == Counter(line["stage"] for line in written["rejected"])
    assert stats["provenance"]["total"] == stats["counts"]["read"]
    assert stats["provenance"]["excluded"] == len(written["rejected"])
    assert stats["tags"] == Counter(
        tag for line in written["train"] for tag in line.get("tags", ())
    )
    assert all(line["suite"] == "train" for line in written["train"])
    assert all(line["suite"] in ("heldout", "validation") for line in written["eval"])
    aside = Counter(line["stage"] for line in written["rejected"])
    flow: dict[str, Counter[str]] = {}
    for row in stats["flow"]:
        flow.setdefault(row["stage"], Counter()).update({way: row[way] for way in ("in", "out")})
    coming = stats["counts"]["read"]
    for stage, row in flow.items():
        assert (row["in"], row["out"]) == (coming, coming - aside[stage]), stage
        coming = row["out"]
    assert coming == len(kept)


def check_sides(written: dict[str, list[dict[str, Any]]]) -> None:
    """What is scored is not trained on, and one id names one pair."""
    trained = {(line["schema_id"], line["sql"]) for line in written["train"]}
    assert not trained & {(line["schema_id"], line["sql"]) for line in written["eval"]}
    named: dict[str, tuple[str, ...]] = {}
    for line in [*written["train"], *written["eval"]]:
        content = (line["question"], line["sql"], line["schema_id"])
        assert named.setdefault(line["id"], content) == content
