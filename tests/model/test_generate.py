"""Answers: the same as the model's own greedy ones, whatever stands beside them in the batch."""

from pathlib import Path
from typing import Any

import pytest
import torch

from oracle_sft.model.adapter import load_for_inference
from oracle_sft.model.generate import _Chooser, generate
from tests import tiny
from tests.model.conftest import ADAPTERS

SHARED = "a schema that every question begins with: bikes(id, colour, price) shops(id, name) "


@pytest.fixture(scope="module")
def asked(base: Path, trained: dict[str, Path]) -> tuple[Any, Any]:
    return load_for_inference(base, trained["full"], ADAPTERS["full"])


def prompts(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    return [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]


def reference(model: Any, tokenizer: Any, prompt: list[int], max_new_tokens: int) -> list[int]:
    """Greedy decoding without cache, batch or padding."""
    ids = list(prompt)
    while len(ids) < len(prompt) + max_new_tokens:
        with torch.no_grad():
            ids.append(int(model(torch.tensor([ids])).logits[0, -1].argmax()))
        if ids[-1] == tokenizer.eos_token_id:
            break
    return ids[len(prompt) :]


@pytest.mark.parametrize("batch_rows", [1, 3, 8])
@pytest.mark.parametrize("shared", ["", SHARED])
def test_answers_are_those_of_each_prompt_alone(
    shared: str, batch_rows: int, asked: tuple[Any, Any]
) -> None:
    model, tokenizer = asked
    words = ("how many ", "how many how many ", "x", "xxxx", "red bikes? ", "a")
    texts = [f"{shared}{word}{tiny.ASSISTANT}" for word in words]
    asked_for = prompts(tokenizer, texts)
    told: list[tuple[int, int]] = []
    answers = generate(
        model,
        tokenizer,
        asked_for,
        max_new_tokens=24,
        batch_rows=batch_rows,
        on_progress=lambda done, tokens: told.append((done, tokens)),
    )
    for prompt, answer in zip(asked_for, answers, strict=True):
        expected = reference(model, tokenizer, prompt, 24)
        assert answer.num_tokens == len(expected)
        stopped = expected[-1] == tokenizer.eos_token_id
        assert answer.finish_reason == ("stop" if stopped else "length")
        assert answer.text == tokenizer.decode(expected, skip_special_tokens=True)
    assert told[-1] == (len(texts), sum(answer.num_tokens or 0 for answer in answers))
    assert told == sorted(told)
    assert [answer.prompt_tokens for answer in answers] == [len(prompt) for prompt in asked_for]
    assert all(answer.seconds is not None and answer.seconds >= 0 for answer in answers)


class Script(torch.nn.Module):
    """Stands in for a model: it ends each answer as soon as prompt and answer have seven tokens."""

    def __init__(self, tokenizer: Any) -> None:
        super().__init__()
        self.inner = tiny.model()
        self.config = self.inner.config
        self.device = torch.device("cpu")
        self.generation_config = self.inner.generation_config
        self.end = tokenizer.eos_token_id
        self.batches: list[int] = []

    def forward(self, input_ids: torch.Tensor, **options: Any) -> Any:
        said = self.inner(input_ids=input_ids, **options)
        self.batches.append(len(input_ids))
        said.logits[:] = 0.0
        for row, position in enumerate(options["position_ids"][:, -1].tolist()):
            said.logits[row, -1, self.end if position >= 6 else 40] = 1.0
        return said


def test_rows_leave_the_batch_when_they_are_done() -> None:
    tokenizer = tiny.tokenizer()
    model = Script(tokenizer)
    answers = generate(
        model, tokenizer, [[9] * length for length in (2, 4, 6)], max_new_tokens=10, batch_rows=3
    )
    assert [answer.num_tokens for answer in answers] == [6, 4, 2]
    assert model.batches == [3, 3, 2, 2, 1, 1]
    assert all(answer.finish_reason == "stop" for answer in answers)


def test_any_of_several_end_tokens_ends_an_answer(asked: tuple[Any, Any]) -> None:
    model, tokenizer = asked
    prompt = prompts(tokenizer, [f"x{tiny.ASSISTANT}"])
    first = reference(model, tokenizer, prompt[0], 1)[0]
    before = model.generation_config.eos_token_id
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, first]
    try:
        (answer,) = generate(model, tokenizer, prompt, max_new_tokens=5, batch_rows=1)
    finally:
        model.generation_config.eos_token_id = before
    assert (answer.text, answer.num_tokens, answer.finish_reason) == ("", 1, "stop")


def test_an_answer_is_cut_at_the_limit(asked: tuple[Any, Any]) -> None:
    model, tokenizer = asked
    prompt = prompts(tokenizer, [f"how many bikes{tiny.ASSISTANT}"])
    (answer,) = generate(model, tokenizer, prompt, max_new_tokens=3, batch_rows=4)
    assert (answer.num_tokens, answer.finish_reason) == (3, "length")
    assert len(answer.text) <= 3


def test_blanks_and_digits_come_back_as_written() -> None:
    tokenizer = tiny.tokenizer()
    text = "SELECT  1 , '2 3'  FROM t WHERE a=10"
    ids = tokenizer(text)["input_ids"]
    assert (
        tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False) == text
    )


def test_no_prompts_and_empty_prompts(asked: tuple[Any, Any]) -> None:
    model, tokenizer = asked
    assert generate(model, tokenizer, [], max_new_tokens=3, batch_rows=4) == []
    with pytest.raises(ValueError, match="empty prompt"):
        generate(model, tokenizer, [[1], []], max_new_tokens=3, batch_rows=4)


# --- drawn answers --------------------------------------------------------------------------------


def drawn(asked: tuple[Any, Any], seeds: list[str | None], **options: Any) -> list[str]:
    model, tokenizer = asked
    texts = prompts(tokenizer, [f"how many bikes{tiny.ASSISTANT}"] * len(seeds))
    said = {"max_new_tokens": 12, "batch_rows": 8, "temperature": 3.0, **options}
    return [answer.text for answer in generate(model, tokenizer, texts, seeds=seeds, **said)]


def test_a_seed_draws_the_same_answer_whoever_is_beside_it(asked: tuple[Any, Any]) -> None:
    seeds = [f"draw/{n}" for n in range(6)]
    together = drawn(asked, seeds)
    assert len(set(together)) > 1
    assert drawn(asked, seeds[::-1], batch_rows=4) == together[::-1]
    assert drawn(asked, seeds[:1]) == together[:1]


def test_rows_without_a_seed_stay_greedy(asked: tuple[Any, Any]) -> None:
    (greedy,) = drawn(asked, [None])
    mixed = drawn(asked, ["a", None, "b"])
    assert mixed[1] == greedy
    assert drawn(asked, ["a", "b"], temperature=1e-4) == [greedy, greedy]


def test_tokens_are_drawn_by_their_probability() -> None:
    logits = torch.tensor([[0.0, 1.0, -torch.inf, 2.0]])
    chooser = _Chooser(2.0, [f"{n}" for n in range(4000)])
    counts = torch.zeros(4)
    for row in range(4000):
        counts[chooser.of([row]).choose(logits)] += 1
    expected = (logits[0] / 2.0).softmax(dim=-1)
    assert counts[2] == 0
    assert torch.allclose(counts / 4000, expected, atol=0.03)
