"""Comparing weights: the figures are those of the whole distributions, and what is asked is drawn once for all."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from oracle_sft.config.compose import compose
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model.parity import Reference, draw
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.prompt import render
from tests import tiny

DDL = "CREATE TABLE bikes (id NUMBER(6) PRIMARY KEY, colour VARCHAR2(20), price NUMBER(8,2));"


def unmoved(done: int, total: int) -> None:
    pass


def whole(model: Any, row: Any) -> torch.Tensor:
    """Log-probabilities of the answer's tokens, taken from the logits of the whole row in float64."""
    with torch.no_grad():
        logits = model(torch.tensor([row.input_ids()])).logits[0].double()
    return logits[len(row.prompt_ids) - 1 : -1].log_softmax(-1)


def test_a_model_beside_itself_is_the_same(tmp_path: Path) -> None:
    model, rows = tiny.model().eval(), tiny.rows()
    with Reference(tmp_path) as reference:
        reference.record(model, rows, unmoved)
        found = reference.compare(model, rows, unmoved)
    assert (found.agreement, found.mean_kl_nats, found.max_kl_nats) == (1.0, 0.0, 0.0)
    assert found.tokens == sum(len(row.answer_ids) for row in rows)


def test_the_figures_are_those_of_the_whole_distributions(tmp_path: Path) -> None:
    # An untrained tied model says the token that it has read, whatever its seed.
    one, two = (tiny.model(seed=seed, tied=False).eval() for seed in (0, 1))
    rows = tiny.rows()
    with Reference(tmp_path) as reference:
        reference.record(one, rows, unmoved)
        found = reference.compare(two, rows, unmoved)
    first, second = (torch.cat([whole(model, row) for row in rows]) for model in (one, two))
    divergence = (first.exp() * (first - second)).sum(-1)
    assert found.mean_kl_nats == pytest.approx(float(divergence.mean()), rel=1e-4)
    assert found.max_kl_nats == pytest.approx(float(divergence.max()), rel=1e-4)
    assert found.agreement == float((first.argmax(-1) == second.argmax(-1)).double().mean()) < 1


def test_the_reference_is_a_file_without_a_name(tmp_path: Path) -> None:
    with Reference(tmp_path) as reference:
        reference.record(tiny.model().eval(), tiny.rows(), unmoved)
        assert not list(tmp_path.iterdir())


def test_nan_is_no_answer(tmp_path: Path) -> None:
    model, spoiled = tiny.model().eval(), tiny.model().eval()
    spoiled.model.norm.weight.data[0] = float("nan")
    with Reference(tmp_path) as reference:
        reference.record(model, tiny.rows(), unmoved)
        with pytest.raises(CheckFailed, match="answer with NaN"):
            reference.compare(spoiled, tiny.rows(), unmoved)


def test_another_vocabulary_is_another_model(tmp_path: Path) -> None:
    larger = tiny.model().eval()
    larger.resize_token_embeddings(280)
    with Reference(tmp_path) as reference:
        reference.record(tiny.model().eval(), tiny.rows(), unmoved)
        with pytest.raises(
            CheckFailed, match="one of 272 tokens and these weights with one of 280"
        ):
            reference.compare(larger, tiny.rows(), unmoved)


def test_a_word_that_is_impossible_in_both_is_no_difference(tmp_path: Path) -> None:
    class Says:
        """As large a vocabulary as it has logits, whatever it is asked."""

        device = torch.device("cpu")

        def __init__(self, logits: list[float]) -> None:
            self._logits = torch.tensor(logits)

        def __call__(self, logits_to_keep: int, **_: Any) -> SimpleNamespace:
            return SimpleNamespace(logits=self._logits.expand(1, logits_to_keep, -1))

    impossible = float("-inf")
    with Reference(tmp_path) as reference:
        reference.record(Says([0.0, 0.0, impossible]), tiny.rows()[:1], unmoved)
        same = reference.compare(Says([0.0, 0.0, impossible]), tiny.rows()[:1], unmoved)
        other = reference.compare(Says([0.0, impossible, 0.0]), tiny.rows()[:1], unmoved)
    assert same.max_kl_nats == 0.0
    assert other.max_kl_nats == float("inf")


def dataset(folder: Path, *, held_out: bool = True) -> Dataset:
    """The ten questions: five to train on, two watched, three scored."""
    pairs = [
        Pair(id=f"pair-{n}", question=question, sql=sql, schema_id="bikes")
        for n, (question, sql) in enumerate(tiny.QUESTIONS.items())
    ]
    (folder / "schemas" / "bikes").mkdir(parents=True)
    (folder / "schemas" / "bikes" / "schema.sql").write_text(DDL)
    suites = ["train"] * 5 + ["validation"] * 2 + ["heldout"] * 3
    said = [{**pair.as_dict(), "suite": suite} for pair, suite in zip(pairs, suites, strict=True)]
    for name, rows in (("train", said[:5]), ("eval", said[5:] if held_out else [])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Dataset(folder=folder, manifest={"fingerprint": "f"})


@pytest.fixture(scope="module")
def conf() -> RunConf:
    return compose(
        ["model.context_tokens=512", "train.max_length_tokens=512", "eval.max_new_tokens=64"]
    )


def test_held_out_pairs_are_drawn_by_the_seed(conf: RunConf, tmp_path: Path) -> None:
    found = draw(dataset(tmp_path), conf, tiny.tokenizer(), 64)
    assert {pair.id for pair in found.pairs} == {f"pair-{n}" for n in range(5, 10)}
    assert (found.drawn_from, found.left_out) == ("held-out pairs", 0)
    again = draw(found.dataset, conf, tiny.tokenizer(), 3)
    assert [row.pair_id for row in again.rows] == [pair.id for pair in found.pairs][:3]


def test_what_is_asked_is_what_a_served_model_is_asked(conf: RunConf, tmp_path: Path) -> None:
    found = draw(dataset(tmp_path), conf, tiny.tokenizer(), 1)
    (pair,), (prompt,), (row,) = found.pairs, found.prompts, found.rows
    schema = found.dataset.schemas()["bikes"]
    assert prompt == render(pair.question, schema, style="compact")[0]["content"]
    assert (
        tiny.tokenizer().decode(row.prompt_ids) == f"{tiny.USER}{prompt}{tiny.END}{tiny.ASSISTANT}"
    )
    assert tiny.tokenizer().decode(row.answer_ids) == f"{pair.sql}{tiny.END}"


def test_without_held_out_pairs_those_of_the_training_are_asked(
    conf: RunConf, tmp_path: Path
) -> None:
    found = draw(dataset(tmp_path, held_out=False), conf, tiny.tokenizer(), 64)
    assert {pair.id for pair in found.pairs} == {f"pair-{n}" for n in range(5)}
    assert found.drawn_from == "training pairs"


def test_prompts_without_room_are_left_out_and_counted(conf: RunConf, tmp_path: Path) -> None:
    some = draw(dataset(tmp_path), conf, tiny.tokenizer(), 64)
    longest = max(len(row.prompt_ids) for row in some.rows)
    short = replace(conf, model=replace(conf.model, context_tokens=longest + 63))
    found = draw(some.dataset, short, tiny.tokenizer(), 64)
    assert 0 < found.left_out == 5 - len(found.rows) < 5
    none = replace(short, eval=replace(conf.eval, max_new_tokens=250))
    with pytest.raises(
        UserError, match=r"none of the 5 prompts drawn .* room for eval.max_new_tokens=250"
    ):
        draw(some.dataset, none, tiny.tokenizer(), 64)
