"""Pre-trains the tiny model: `python -m oracle_sft.model.tiny.pretrain --out DIR [--steps N]`.

One row of a batch is one schema with several questions: the schema is read once, every question sees it
and itself only (block-diagonal mask, positions that go on from the schema), so each answer is learned
exactly as if it stood alone. Loss on answers only.
"""

import argparse
import hashlib
import itertools
import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from oracle_sft.model.tiny import corpus
from oracle_sft.model.tiny.tokenizer import (
    MAX_TOKENS,
    VOCAB_SIZE,
    tokenizer_digest,
    train_tokenizer,
)
from oracle_sft.pairs.prompt import answer_ids, prompt_ids, render

SEED = 20260101
ASKED = 5
"""Questions a row."""
ROWS = 16
"""Rows a step."""
DIGEST_EXAMPLES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    steps: int = 2000
    learning_rate: float = 3e-3
    """Of the matrices, which Muon trains."""
    embedding_learning_rate: float = 1.5e-3
    """Of the embedding and the norms, which AdamW trains."""
    warmup_steps: int = 100
    final_fraction: float = 0.03
    weight_decay: float = 0.05
    max_gradient_norm: float = 1.0
    compute: str = "fp32"
    """bf16: matrix products in bfloat16, weights and optimizer in fp32."""


def build_tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer, learned from the first examples of the corpus."""
    return train_tokenizer(_tokenizer_texts())


def _tokenizer_texts() -> Iterator[str]:
    for example in itertools.islice(corpus.examples(f"{SEED}/tokenizer", asked=ASKED), 2000):
        yield render("", example.schema, style="compact")[0]["content"]
        for question, sql, _ in example.asked:
            yield question
            yield sql


def new_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """The model before its first step."""
    torch.manual_seed(SEED)
    config = LlamaConfig(
        vocab_size=VOCAB_SIZE,
        hidden_size=256,
        intermediate_size=512,
        num_hidden_layers=6,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=MAX_TOKENS,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Row:
    """One schema and its questions as ids; `block` is 0 for the shared start, then 1, 2, ..."""

    ids: list[int]
    block: list[int]
    positions: list[int]
    is_answer: list[bool]


def pack(prompts: list[list[int]], answers: list[list[int]]) -> Row:
    """The prompts' common start once, then each prompt's rest with its answer."""
    shared = 0
    shortest = min(map(len, prompts)) - 1
    while shared < shortest and len({ids[shared] for ids in prompts}) == 1:
        shared += 1
    row = Row(prompts[0][:shared], [0] * shared, list(range(shared)), [False] * shared)
    for number, (prompt, answer) in enumerate(zip(prompts, answers, strict=True), 1):
        rest = prompt[shared:]
        size = len(rest) + len(answer)
        row.ids.extend(rest + answer)
        row.block.extend([number] * size)
        row.positions.extend(range(shared, shared + size))
        row.is_answer.extend([False] * len(rest) + [True] * len(answer))
    return row


@dataclass(frozen=True, slots=True)
class Batch:
    """Shapes: (rows, tokens); `mask` (rows, 1, tokens, tokens), true where a token may look."""

    ids: Tensor
    positions: Tensor
    mask: Tensor
    targets: Tensor
    """The next token where it belongs to an answer, else -100."""


def collate(rows: list[Row], pad_id: int) -> Batch:
    # Few different shapes: oneDNN compiles a kernel for each, which took longer than the step itself.
    width = 32 * math.ceil(max(len(row.ids) for row in rows) / 32)
    ids = torch.full((len(rows), width), pad_id)
    positions = torch.zeros((len(rows), width), dtype=torch.long)
    block = torch.full((len(rows), width), -1)
    targets = torch.full((len(rows), width), -100)
    for index, row in enumerate(rows):
        size = len(row.ids)
        ids[index, :size] = torch.tensor(row.ids)
        positions[index, :size] = torch.tensor(row.positions)
        block[index, :size] = torch.tensor(row.block)
        following = torch.tensor(row.ids[1:])
        following[~torch.tensor(row.is_answer[1:])] = -100
        targets[index, : size - 1] = following
    mine, theirs = block[:, :, None], block[:, None, :]
    earlier = torch.ones((width, width), dtype=torch.bool).tril()
    mask = earlier & ((theirs == mine) | (theirs == 0))
    return Batch(ids, positions, mask[:, None], targets)


def rows_of(seed: str, tokenizer: PreTrainedTokenizerFast, *, asked: int = ASKED) -> Iterator[Row]:
    for example in corpus.examples(seed, asked=asked):
        prompts = [
            prompt_ids(render(question, example.schema, style="compact"), tokenizer)
            for question, _, _ in example.asked
        ]
        yield pack(prompts, [answer_ids(sql, tokenizer) for _, sql, _ in example.asked])


def batches(tokenizer: PreTrainedTokenizerFast) -> Iterator[Batch]:
    """Endless batches; rows of like length stand together, which saves padding."""
    source = rows_of(f"{SEED}/train", tokenizer)
    pad_id = int(tokenizer.pad_token_id)
    generator = torch.Generator().manual_seed(SEED)
    while True:
        window = sorted(itertools.islice(source, ROWS * 8), key=lambda row: len(row.ids))
        groups = [window[start : start + ROWS] for start in range(0, len(window), ROWS)]
        for index in torch.randperm(len(groups), generator=generator).tolist():
            yield collate(groups[index], pad_id)


def logits_and_targets(model: LlamaForCausalLM, batch: Batch) -> tuple[Tensor, Tensor]:
    """Logits (places, vocabulary) and targets (places,): every answer token, filled up with -100."""
    hidden = model.model(
        input_ids=batch.ids,
        attention_mask=batch.mask,
        position_ids=batch.positions,
        use_cache=False,
    ).last_hidden_state
    targets = batch.targets.flatten()
    places = (targets != -100).nonzero().flatten()
    filler = torch.zeros(-len(places) % 256, dtype=torch.long)
    following = torch.cat([targets[places], torch.full_like(filler, -100)])
    places = torch.cat([places, filler])
    return model.lm_head(hidden.flatten(0, 1)[places]), following


def step_loss(model: LlamaForCausalLM, batch: Batch, compute: str) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16, enabled=compute == "bf16"):
        logits, targets = logits_and_targets(model, batch)
    return torch.nn.functional.cross_entropy(logits.float(), targets)


def optimizers_of(model: LlamaForCausalLM, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the layers, AdamW for the rest."""
    matrices = [p for name, p in model.named_parameters() if p.dim() > 1 and "embed" not in name]
    others = [p for name, p in model.named_parameters() if p.dim() <= 1 or "embed" in name]
    return [
        torch.optim.Muon(
            matrices,
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(
            others, lr=recipe.embedding_learning_rate, betas=(0.9, 0.95), weight_decay=0.0
        ),
    ]


def schedule(recipe: Recipe, step: int) -> float:
    """The fraction of the full learning rates at `step`: linear warm-up, then a cosine."""
    if step < recipe.warmup_steps:
        return (step + 1) / recipe.warmup_steps
    done = (step - recipe.warmup_steps) / max(1, recipe.steps - recipe.warmup_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return recipe.final_fraction + (1 - recipe.final_fraction) * cosine


def training_steps(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> Iterator[float]:
    """Train, and yield the loss of each step."""
    optimizers = optimizers_of(model, recipe)
    full = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
    model.train()
    for step, batch in enumerate(itertools.islice(batches(tokenizer), recipe.steps)):
        loss = step_loss(model, batch, recipe.compute)
        model.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.max_gradient_norm)
        for optimizer, rate in zip(optimizers, full, strict=True):
            optimizer.param_groups[0]["lr"] = rate * schedule(recipe, step)
            optimizer.step()
        yield loss.item()


@torch.no_grad()
def held_out_scores(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, *, num_pairs: int, greedy: int
) -> dict[str, Any]:
    """Loss and token accuracy on schemas that training never drew, and greedy exact match by shape."""
    model.train(False)
    pad_id = int(tokenizer.pad_token_id)
    seed = f"{SEED}/held-out"
    loss = right = total = 0.0
    rows = itertools.islice(rows_of(seed, tokenizer), num_pairs // ASKED)
    while group := list(itertools.islice(rows, 8)):
        logits, targets = logits_and_targets(model, collate(group, pad_id))
        loss += float(torch.nn.functional.cross_entropy(logits, targets, reduction="sum"))
        right += int((logits.argmax(-1) == targets).sum())
        total += int((targets != -100).sum())
    by_shape: dict[str, list[bool]] = {}
    examples = itertools.islice(corpus.examples(seed, asked=ASKED), greedy // ASKED)
    while some := list(itertools.islice(examples, 5)):
        pairs = [(example.schema, *asked) for example in some for asked in example.asked]
        asked = [render(question, schema, style="compact") for schema, question, _, _ in pairs]
        answers = greedy_answers(model, tokenizer, asked)
        for (_, _, sql, shape), answer in zip(pairs, answers, strict=True):
            by_shape.setdefault(shape, []).append(answer == sql)
    hits = [hit for found in by_shape.values() for hit in found]
    model.train()
    return {
        "loss": round(loss / total, 4),
        "token_accuracy": round(right / total, 4),
        "exact_match": round(sum(hits) / len(hits), 4),
        "num_greedy": len(hits),
        "by_shape": {
            name: f"{sum(found)}/{len(found)}" for name, found in sorted(by_shape.items())
        },
    }


@torch.no_grad()
def greedy_answers(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    asked: list[list[dict[str, str]]],
    *,
    max_new_tokens: int = 160,
) -> list[str]:
    prompts = [prompt_ids(messages, tokenizer) for messages in asked]
    width = max(map(len, prompts))
    pad_id = int(tokenizer.pad_token_id)
    ids = torch.tensor([[pad_id] * (width - len(prompt)) + prompt for prompt in prompts])
    attention = torch.tensor(
        [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
    )
    written = model.generate(  # type: ignore[misc]
        input_ids=ids, attention_mask=attention, max_new_tokens=max_new_tokens, do_sample=False
    )
    return tokenizer.batch_decode(written[:, width:], skip_special_tokens=True)


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Weights in bfloat16, config and tokenizer, as a Hugging Face folder."""
    folder.mkdir(parents=True, exist_ok=True)
    config = LlamaConfig.from_dict({**model.config.to_dict(), "dtype": "bfloat16"})
    copy = LlamaForCausalLM(config)  # type: ignore[no-untyped-call]
    copy.bfloat16()
    copy.load_state_dict(model.state_dict())
    copy.generation_config.do_sample = False
    copy.generation_config.eos_token_id = tokenizer.eos_token_id
    copy.generation_config.pad_token_id = tokenizer.pad_token_id
    copy.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def bf16_is_fast() -> bool:
    """Whether this processor multiplies bfloat16 in hardware."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def write_recipe(
    folder: Path,
    recipe: Recipe,
    *,
    first_losses: list[float],
    scores: dict[str, Any],
    seconds: float,
    steps_done: int,
) -> None:
    """RECIPE.json beside the weights that it made."""
    said = {
        "seed": SEED,
        **asdict(recipe),
        "steps_done": steps_done,
        "rows_per_step": ROWS,
        "questions_per_row": ASKED,
        "corpus_sha256": corpus.digest(f"{SEED}/train", asked=ASKED, first=DIGEST_EXAMPLES),
        "corpus_sha256_examples": DIGEST_EXAMPLES,
        "tokenizer_sha256": tokenizer_digest(folder),
        "weights_sha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        "first_losses": [round(loss, 4) for loss in first_losses[:3]],
        "held_out": scores,
        "torch": torch.__version__.partition("+")[0],
        "threads": torch.get_num_threads(),
        "seconds": round(seconds),
    }
    temporary = folder / "RECIPE.json.tmp"
    temporary.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    temporary.replace(folder / "RECIPE.json")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m oracle_sft.model.tiny.pretrain", description=__doc__
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the finished model")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--checkpoint-every", type=int, default=250, metavar="STEPS")
    parser.add_argument("--compute", choices=("auto", "fp32", "bf16"), default="auto")
    said = parser.parse_args(arguments)
    torch.set_num_threads(os.cpu_count() or 1)
    compute = said.compute if said.compute != "auto" else "bf16" if bf16_is_fast() else "fp32"
    recipe = Recipe(steps=said.steps, compute=compute)
    tokenizer = build_tokenizer()
    model = new_model(tokenizer)
    started = time.monotonic()
    losses: list[float] = []
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {compute}", flush=True)
    for loss in training_steps(model, tokenizer, recipe):
        losses.append(loss)
        step = len(losses)
        if step % 20 == 0 or step <= 3:
            recent = sum(losses[-20:]) / len(losses[-20:])
            print(f"step {step} loss {recent:.4f} {time.monotonic() - started:.0f} s", flush=True)
        if step % said.checkpoint_every == 0 or step == recipe.steps:
            last = step == recipe.steps
            folder = said.out if last else said.out.with_name(f"ckpt-{step}")
            scores = held_out_scores(
                model, tokenizer, num_pairs=2000 if last else 400, greedy=600 if last else 100
            )
            save(model, tokenizer, folder)
            seconds = time.monotonic() - started
            write_recipe(
                folder, recipe, first_losses=losses, scores=scores, seconds=seconds, steps_done=step
            )
            print(f"step {step} held out {json.dumps(scores)}", flush=True)


if __name__ == "__main__":
    main()
