import itertools
import json

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from oracle_sft.model.tiny import corpus, pretrain
from oracle_sft.model.tiny.build import tiny_model_dir
from oracle_sft.model.tiny.tokenizer import tokenizer_digest
from oracle_sft.pairs.prompt import answer_ids, prompt_ids, render

RECIPE = json.loads((tiny_model_dir() / "RECIPE.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(tiny_model_dir())


def test_recipe_starts_from_the_same_corpus() -> None:
    seed = f"{pretrain.SEED}/train"
    found = corpus.digest(seed, asked=pretrain.ASKED, first=RECIPE["corpus_sha256_examples"])
    assert found == RECIPE["corpus_sha256"]


@pytest.mark.slow
def test_recipe_makes_the_same_tokenizer(tmp_path) -> None:
    pretrain.build_tokenizer().save_pretrained(tmp_path)
    assert tokenizer_digest(tmp_path) == RECIPE["tokenizer_sha256"]


@torch.no_grad()
@pytest.mark.slow
def test_recipe_starts_with_the_same_loss(tokenizer) -> None:
    batch = next(pretrain.batches(tokenizer))
    loss = pretrain.step_loss(pretrain.new_model(tokenizer), batch, "fp32").item()
    assert loss == pytest.approx(RECIPE["first_losses"][0], abs=0.02)


@pytest.mark.slow
def test_recipe_goes_on_with_the_same_losses(tokenizer) -> None:
    recipe = pretrain.Recipe(steps=RECIPE["steps"])
    steps = pretrain.training_steps(pretrain.new_model(tokenizer), tokenizer, recipe)
    # The shipped weights were trained with bf16 products where the processor has them; this is fp32.
    assert list(itertools.islice(steps, 3)) == pytest.approx(RECIPE["first_losses"], abs=0.02)


def test_each_question_sees_what_it_would_see_alone(tokenizer) -> None:
    model = AutoModelForCausalLM.from_pretrained(tiny_model_dir(), dtype=torch.float32)
    example = next(corpus.examples("alone", asked=4))
    prompts = [
        prompt_ids(render(question, example.schema, style="compact"), tokenizer)
        for question, _, _ in example.asked
    ]
    answers = [answer_ids(sql, tokenizer) for _, sql, _ in example.asked]
    row = pretrain.pack(prompts, answers)
    assert len(row.ids) < sum(map(len, prompts))
    short = pretrain.pack(prompts[:1], answers[:1])
    batch = pretrain.collate([row, short], tokenizer.pad_token_id)
    with torch.no_grad():
        packed, targets = pretrain.logits_and_targets(model, batch)
        alone = [
            model(input_ids=torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1]
            for prompt, answer in zip(prompts, answers, strict=True)
        ]
    wanted = torch.cat([*alone, alone[0]])
    assert targets[: len(wanted)].tolist() == [*itertools.chain(*answers), *answers[0]]
    assert (targets[len(wanted) :] == -100).all()
    torch.testing.assert_close(packed[: len(wanted)], wanted, atol=2e-4, rtol=1e-4)


def test_learning_rate_rises_and_falls() -> None:
    recipe = pretrain.Recipe(steps=1000, warmup_steps=100)
    fractions = [pretrain.schedule(recipe, step) for step in (0, 99, 100, 550, 1000)]
    assert fractions == pytest.approx([0.01, 1.0, 1.0, 0.515, 0.03])
