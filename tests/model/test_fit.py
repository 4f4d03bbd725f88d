"""Training: what carries loss, in which order rows come, what is refused, and that something is learned."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.schema import TrainConf
from oracle_sft.config.weights import AdapterConf, ComputeDtype, LoraConf
from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model import adapter, fit, load
from oracle_sft.model.batch import Collator
from oracle_sft.model.fit import FitResult, LengthGroupedOrder
from oracle_sft.pairs.tokens import TokenRow
from tests import tiny
from tests.examples import examples
from tests.model.conftest import ADAPTERS, train_conf

pytestmark = pytest.mark.slow


def run(
    folder: Path, conf: AdapterConf, train: TrainConf, out_dir: Path, **changes: Any
) -> tuple[Any, FitResult, list[dict[str, Any]], list[tuple[int, int, str]]]:
    metrics: list[dict[str, Any]] = []
    progress: list[tuple[int, int, str]] = []
    loaded = load.load_base(folder, conf, compute_dtype=train.compute_dtype)
    model = adapter.attach(loaded, conf, 0)
    if "spoil" in changes:
        changes.pop("spoil")(model)
    rows = changes.pop("rows", tiny.rows())
    result = fit.fit(
        model,
        loaded.tokenizer,
        rows,
        changes.pop("validation", []),
        train,
        seed=changes.pop("seed", 0),
        out_dir=out_dir,
        on_metrics=metrics.append,
        on_progress=lambda done, total, note: progress.append((done, total, note)),
    )
    return model, result, metrics, progress


def weights(model: torch.nn.Module) -> list[torch.Tensor]:
    return [part.detach() for part in model.parameters() if part.requires_grad]


def slow_labels(row: TokenRow, tokenizer: Any) -> list[int]:
    """Independent reference: from the text. What follows the assistant's mark is the answer."""
    text = tokenizer.decode(row.input_ids(), skip_special_tokens=False)
    prompt, mark, answer = text.partition(tiny.ASSISTANT)
    before = tokenizer(prompt + mark, add_special_tokens=False)["input_ids"]
    after = tokenizer(answer, add_special_tokens=False)["input_ids"]
    return [-100] * len(before) + after


def test_the_labels_that_reach_the_model_are_the_answers(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, torch.Tensor]] = []
    compute_loss = fit._Trainer.compute_loss

    def watch(
        self: Any, model: Any, inputs: dict[str, torch.Tensor], *rest: Any, **named: Any
    ) -> Any:
        seen.append({name: part.clone() for name, part in inputs.items()})
        return compute_loss(self, model, inputs, *rest, **named)

    monkeypatch.setattr(fit._Trainer, "compute_loss", watch)
    run(base, LoraConf(rank=4), train_conf(max_steps=3, micro_batch_rows=2), tmp_path)
    tokenizer = tiny.tokenizer()
    expected = {tuple(row.input_ids()): slow_labels(row, tokenizer) for row in tiny.rows()}
    checked = []
    for batch in seen:
        rows = zip(batch["input_ids"], batch["attention_mask"], batch["labels"], strict=True)
        for ids, mask, labels in rows:
            length = int(mask.sum())
            assert mask.tolist() == [1] * length + [0] * (len(mask) - length)
            assert labels[:length].tolist() == expected[tuple(ids[:length].tolist())]
            assert labels[length:].tolist() == [-100] * (len(mask) - length)
            checked.append(tuple(ids[:length].tolist()))
    assert len(checked) == 10  # one epoch of ten rows: two whole batches and a rest
    assert set(checked) == set(expected)


def test_the_loss_is_the_mean_over_answer_tokens(base: Path, tmp_path: Path) -> None:
    rows = tiny.rows()[:4]
    train = train_conf(max_steps=1, micro_batch_rows=2)
    _, result, _, _ = run(base, LoraConf(rank=4), train, tmp_path, rows=rows)
    model, _ = adapter.load_for_inference(base, None, LoraConf())
    log_probabilities = []
    for row in rows:
        with torch.no_grad():
            said = model(torch.tensor([row.input_ids()])).logits[0].log_softmax(-1)
        start = len(row.prompt_ids)
        log_probabilities += [
            float(said[start + at - 1, token]) for at, token in enumerate(row.answer_ids)
        ]
    expected = -sum(log_probabilities) / len(log_probabilities)
    assert result.train_loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("kind", ADAPTERS)
def test_a_shared_prefix_is_computed_once_to_the_same_weights(
    kind: str, base: Path, tmp_path: Path
) -> None:
    schema = tuple(tiny.tokenizer()("bikes(id, colour, price) shops(id, name, city) ")["input_ids"])
    rows = [TokenRow(row.pair_id, schema + row.prompt_ids, row.answer_ids) for row in tiny.rows()]
    both = [
        run(base, ADAPTERS[kind], train_conf(share_prefix=share), tmp_path, rows=rows)
        for share in (False, True)
    ]
    assert both[1][1].tokens < 0.7 * both[0][1].tokens
    assert both[1][1].train_loss == pytest.approx(both[0][1].train_loss, rel=1e-3)
    for plain, tree in zip(weights(both[0][0]), weights(both[1][0]), strict=True):
        torch.testing.assert_close(tree, plain, rtol=1e-2, atol=1e-3)


def test_what_a_training_reports(base: Path, tmp_path: Path) -> None:
    train = train_conf(max_steps=5)
    validation = tiny.rows()[:3]
    _, result, metrics, progress = run(
        base, LoraConf(rank=4), train, tmp_path, validation=validation
    )
    assert (result.steps, progress[-1][:2]) == (5, (5, 5))
    assert [done for done, _, _ in progress] == [1, 2, 3, 4, 5]
    assert progress[-1][2].startswith("loss ")
    steps = [row for row in metrics if "loss" in row]
    assert [row["step"] for row in steps] == [1, 2, 3, 4, 5]
    assert steps[-1]["tokens"] == result.tokens
    # Ten rows in batches of four: an epoch is three steps, and two steps of whole batches follow.
    assert result.tokens > sum(row.num_tokens for row in tiny.rows())
    looks = [row for row in metrics if "validation_loss" in row]
    assert [row["step"] for row in looks] == [2, 4, 5]
    assert looks[-1]["validation_loss"] == result.validation_loss
    assert all(json.loads(json.dumps(row)) == row for row in metrics)
    assert json.loads(json.dumps(fit.result_facts(result)))["steps"] == 5
    assert fit.result_line(result).startswith("5 steps, loss ")
    assert result.reached == {row.pair_id for row in tiny.rows()}


def test_a_training_within_its_first_epoch_says_which_pairs_it_came_to(
    base: Path, tmp_path: Path
) -> None:
    train = train_conf(max_steps=2, micro_batch_rows=2)
    _, result, _, _ = run(base, LoraConf(rank=4), train, tmp_path)
    order = LengthGroupedOrder([row.num_tokens for row in tiny.rows()], batch_rows=4, seed=0)
    assert result.reached == {tiny.rows()[at].pair_id for at in list(order)[:8]}
    assert not list(tmp_path.rglob("*.safetensors"))


@pytest.mark.parametrize("kind", ADAPTERS)
def test_training_learns_and_only_from_the_seed(kind: str, base: Path, tmp_path: Path) -> None:
    train = train_conf(max_steps=12, log_every_steps=3)
    first, result, metrics, _ = run(base, ADAPTERS[kind], train, tmp_path)
    again, _, _, _ = run(base, ADAPTERS[kind], train, tmp_path)
    other, _, _, _ = run(base, ADAPTERS[kind], train, tmp_path, seed=1)
    assert result.train_loss < metrics[0]["loss"] - 0.1
    assert all(
        torch.equal(one, two) for one, two in zip(weights(first), weights(again), strict=True)
    )
    assert any(
        not torch.equal(one, two) for one, two in zip(weights(first), weights(other), strict=True)
    )


def test_an_adapter_on_nf4_is_trained_in_float32(base: Path, tmp_path: Path) -> None:
    # TRL rounds it to bfloat16 when it makes its trainer.
    model, _, _, _ = run(base, ADAPTERS["qlora"], train_conf(max_steps=2), tmp_path)
    trained = weights(model)
    assert all(part.dtype is torch.float32 for part in trained)
    assert any(not torch.equal(part, part.bfloat16().float()) for part in trained)


def test_accumulated_micro_batches_are_one_batch(base: Path, tmp_path: Path) -> None:
    whole, _, _, _ = run(base, LoraConf(rank=4), train_conf(), tmp_path)
    split, _, _, _ = run(base, LoraConf(rank=4), train_conf(micro_batch_rows=1), tmp_path)
    for one, two in zip(weights(whole), weights(split), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "there are no training pairs"),
        (
            [TokenRow("long", (5,) * 100, (6,) * 29)],
            r"pair long of 1 are longer than .*=128 .*has 129",
        ),
        ([TokenRow("mute", (5, 6), ())], "pair mute of 1 have no token to train on"),
    ],
)
def test_rows_that_cannot_be_trained_on_stop_the_run(
    rows: list[TokenRow], message: str, base: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=message):
        run(base, LoraConf(), train_conf(), tmp_path, rows=rows)


def test_nan_stops_the_run_and_names_the_pairs(base: Path, tmp_path: Path) -> None:
    def spoil(model: torch.nn.Module) -> None:
        weights(model)[0].fill_(float("nan"))

    with pytest.raises(
        CheckFailed, match=r"the loss of step 1 is nan; pairs of that step: pair-\d"
    ):
        run(base, LoraConf(), train_conf(), tmp_path, spoil=spoil)


def test_an_interrupt_gets_through(base: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int, note: str) -> None:
        raise KeyboardInterrupt

    loaded = load.load_base(base, LoraConf(), compute_dtype=ComputeDtype.float32)
    model = adapter.attach(loaded, LoraConf(), 0)
    with pytest.raises(KeyboardInterrupt):
        fit.fit(
            model,
            loaded.tokenizer,
            tiny.rows(),
            [],
            train_conf(),
            seed=0,
            out_dir=tmp_path,
            on_metrics=lambda values: None,
            on_progress=stop,
        )


@pytest.mark.parametrize(
    ("changes", "rows", "steps"),
    [
        ({"max_steps": None, "epochs": 3.0, "batch_rows": 4}, 10, 9),
        ({"max_steps": None, "epochs": 0.5, "batch_rows": 4}, 16, 2),
        ({"max_steps": 7, "epochs": 3.0}, 10, 7),
    ],
)
def test_steps_follow_from_epochs_or_are_given(
    changes: dict[str, Any], rows: int, steps: int
) -> None:
    assert fit.num_steps(train_conf(**changes), rows) == steps


@given(
    lengths=st.lists(st.integers(1, 50), min_size=1, max_size=200),
    batch_rows=st.integers(1, 9),
    seed=st.integers(0, 3),
)
@examples(60)
def test_the_order_has_every_row_once_and_only_the_last_batch_is_short(
    lengths: list[int], batch_rows: int, seed: int
) -> None:
    order = LengthGroupedOrder(lengths, batch_rows=batch_rows, seed=seed)
    first = list(order)
    assert sorted(first) == list(range(len(lengths)))
    assert first == list(order)
    order.set_epoch(1)
    assert sorted(order) == list(range(len(lengths)))


def test_the_order_pads_less_and_changes_with_epoch_and_seed() -> None:
    lengths = [10 + (7 * place) % 91 for place in range(320)]

    def padding(order: list[int]) -> int:
        batches = [order[at : at + 8] for at in range(0, len(order), 8)]
        longest = [max(lengths[row] for row in batch) for batch in batches]
        return sum(8 * width for width in longest) - sum(lengths)

    order = LengthGroupedOrder(lengths, batch_rows=8, seed=0)
    first = list(order)
    assert padding(first) < padding(list(range(320))) / 3
    order.set_epoch(1)
    assert list(order) != first
    assert list(LengthGroupedOrder(lengths, batch_rows=8, seed=1)) != first


def test_the_trainer_walks_the_epochs(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs: list[int] = []
    monkeypatch.setattr(LengthGroupedOrder, "set_epoch", lambda self, epoch: epochs.append(epoch))
    run(base, LoraConf(rank=4), train_conf(max_steps=7), tmp_path)
    assert sorted(set(epochs)) == [0, 1, 2]
    assert epochs == sorted(epochs)


def test_the_collator_pads_on_the_right() -> None:
    batch = Collator(pad_id=9, trees=False)(
        [
            {"input_ids": [1, 2, 3], "labels": [-100, 2, 3], "prompt_tokens": 1, "row": 4},
            {"input_ids": [5, 6], "labels": [-100, 6], "prompt_tokens": 1, "row": 0},
        ]
    )
    assert batch["input_ids"].tolist() == [[1, 2, 3], [5, 6, 9]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batch["labels"].tolist() == [[-100, 2, 3], [-100, 6, -100]]
    assert batch["row"].tolist() == [4, 0]
