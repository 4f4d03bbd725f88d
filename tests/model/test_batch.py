"""Trees: every row gives in a tree what it gives alone."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import LlamaForCausalLM, MistralConfig, MistralForCausalLM

from oracle_sft.model.batch import MIN_SHARED_TOKENS, Collator, families, shared_tokens, takes_trees
from oracle_sft.pairs.tokens import IGNORED
from tests import tiny
from tests.examples import examples

SCHEMAS = [[10 + schema] * 40 for schema in range(3)]


def row(place: int, prompt: list[int], answer: list[int]) -> dict[str, Any]:
    labels = [IGNORED] * len(prompt) + answer
    return {
        "input_ids": prompt + answer,
        "labels": labels,
        "prompt_tokens": len(prompt),
        "row": place,
    }


def demo_rows(count: int, schema: list[int] | None = None) -> list[dict[str, Any]]:
    head = SCHEMAS[0] if schema is None else schema
    return [
        row(place, [*head, 100 + place, *range(50, 52 + place)], [*range(60, 63 + 2 * place), 1])
        for place in range(count)
    ]


ids = st.integers(4, 255)
any_row = st.tuples(
    st.one_of(st.just([]), st.sampled_from(SCHEMAS)),
    st.lists(ids, min_size=1, max_size=9),
    st.lists(ids, min_size=1, max_size=6),
)


def rows_in(batch: dict[str, torch.Tensor]) -> list[tuple[list[int], list[int]]]:
    """Independent reading of a tree batch: ids and labels of each row, from what its last token may see."""
    found = []
    for at in range(len(batch["input_ids"])):
        sees = batch["attention_mask"][at, 0]
        positions = batch["position_ids"][at]
        labels = batch["labels"][at]
        trained = [place for place in range(len(labels)) if labels[place] != IGNORED]
        for place in trained:
            following = place + 1
            if following < len(labels) and labels[following] != IGNORED:
                continue  # not the last token of its answer
            seen = [int(other) for other in sees[place].nonzero().flatten()]
            assert positions[seen].tolist() == list(range(len(seen)))
            found.append((batch["input_ids"][at][seen].tolist(), labels[seen].tolist()))
    return found


@given(st.lists(any_row, min_size=1, max_size=20))
@examples(150)
def test_a_batch_of_trees_holds_the_rows_and_nothing_else(
    made: list[tuple[list[int], list[int], list[int]]],
) -> None:
    rows = [row(n, schema + prompt, answer) for n, (schema, prompt, answer) in enumerate(made)]
    batch = Collator(0, trees=True)(rows)
    assert sorted(batch["row"].tolist()) == list(range(len(rows)))
    expected = sorted((part["input_ids"], part["labels"]) for part in rows)
    if batch["attention_mask"].dim() == 4:
        assert sorted(rows_in(batch)) == expected
        assert int(batch["num_tokens"]) < sum(len(ids) for ids, _ in expected)
    else:
        lengths = batch["attention_mask"].sum(dim=1).tolist()
        found = [
            (ids[:length].tolist(), labels[:length].tolist())
            for ids, labels, length in zip(
                batch["input_ids"], batch["labels"], lengths, strict=True
            )
        ]
        assert sorted(found) == expected
        assert int(batch["num_tokens"]) == sum(lengths)


def answer_losses(model: Any, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    named = ("input_ids", "attention_mask", "position_ids")
    logits = model(**{name: batch[name] for name in named if name in batch}).logits
    return torch.nn.functional.cross_entropy(
        logits[:, :-1].flatten(0, 1), batch["labels"][:, 1:].flatten(), reduction="sum"
    )


def test_loss_and_gradient_are_those_of_the_rows_side_by_side() -> None:
    rows = [*demo_rows(9), *demo_rows(2, SCHEMAS[1]), row(11, [70] * 8, [71, 1])]
    gradients = []
    for trees in (False, True):
        model = tiny.model()
        batch = Collator(0, trees=trees)(rows)
        assert (batch["attention_mask"].dim() == 4) is trees
        loss = answer_losses(model, batch)
        loss.backward()
        gradients.append([loss.detach(), *(part.grad for part in model.parameters())])
    for plain, tree in zip(*gradients, strict=True):
        torch.testing.assert_close(tree, plain, rtol=1e-4, atol=1e-4)


def test_sixteen_rows_of_one_schema_are_two_trees() -> None:
    batch = Collator(0, trees=True)(demo_rows(16))
    assert batch["input_ids"].shape[0] == 2
    assert batch["input_ids"].shape == batch["position_ids"].shape == batch["labels"].shape
    width = batch["input_ids"].shape[1]
    assert batch["attention_mask"].shape == (2, 1, width, width)


def test_rows_that_share_little_stay_side_by_side() -> None:
    strangers = [row(n, [20 + n] * 60, [5, 1]) for n in range(12)]
    related = [row(12 + n, [*SCHEMAS[0], 99 + n], [5, 1]) for n in range(2)]
    for rows in (strangers, [*strangers, *related]):
        assert Collator(0, trees=True)(rows)["attention_mask"].dim() == 2


@given(st.lists(any_row, min_size=1, max_size=20))
@examples(60)
def test_families_have_every_prompt_once_and_share_half(
    made: list[tuple[list[int], list[int], list[int]]],
) -> None:
    prompts = [schema + prompt for schema, prompt, _ in made]
    found = families(prompts)
    assert sorted(place for family in found for place in family) == list(range(len(prompts)))
    for family in found:
        if len(family) > 1:
            shared = shared_tokens([prompts[place] for place in family])
            assert shared >= MIN_SHARED_TOKENS
            assert shared >= max(len(prompts[family[0]]), 2) / 2


def test_families_of_schemas_behind_one_instruction_are_kept_apart() -> None:
    instruction = [7] * 50
    prompts = [[*instruction, *[schema] * 80, 3 + n] for n in range(4) for schema in (8, 9)]
    assert sorted(map(sorted, families(prompts))) == [[0, 2, 4, 6], [1, 3, 5, 7]]


def test_one_token_of_each_row_is_left_over() -> None:
    assert shared_tokens([[1, 2, 3], [1, 2, 3]]) == 2
    assert shared_tokens([[1, 2, 3], [1, 2]]) == 1
    assert shared_tokens([[1], [1, 2]]) == 0


def test_a_llama_takes_trees() -> None:
    assert takes_trees(tiny.model(), demo_rows(4))
    assert takes_trees(tiny.model().bfloat16(), demo_rows(4))


def test_without_a_shared_beginning_there_is_nothing_to_try() -> None:
    assert not takes_trees(tiny.model(), [row(n, [20 + n] * 60, [5, 1]) for n in range(4)])


class IgnoresMask(LlamaForCausalLM):
    """A model that makes its own causal mask."""

    def forward(self, attention_mask: Any = None, **options: Any) -> Any:
        return super().forward(**options)


class IgnoresPositions(LlamaForCausalLM):
    """A model that counts positions itself."""

    def forward(self, position_ids: Any = None, **options: Any) -> Any:
        return super().forward(**options)


class RefusesMask(LlamaForCausalLM):
    """A model whose attention wants a mask of two dimensions."""

    def forward(self, attention_mask: Any = None, **options: Any) -> Any:
        if attention_mask.dim() != 2:
            raise ValueError("two dimensions")
        return super().forward(attention_mask=attention_mask, **options)


@pytest.mark.parametrize("kind", [IgnoresMask, IgnoresPositions, RefusesMask])
def test_a_model_that_does_not_honour_the_mask_gets_no_trees(kind: type) -> None:
    config = tiny.model().config
    torch.manual_seed(0)
    model = kind(config)
    # With weights of the usual size a random model hardly looks at what stands before a token.
    for name, part in model.named_parameters():
        if "proj" in name:
            part.data *= 8
    model.train()
    assert not takes_trees(model, demo_rows(4))
    assert model.training


def test_a_model_with_a_window_gets_no_trees() -> None:
    config = MistralConfig(
        vocab_size=272,
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=4,
        num_key_value_heads=2,
        sliding_window=16,
    )
    assert not takes_trees(MistralForCausalLM(config), demo_rows(4))
