"""The weights of a run that can be asked: base, adapter, merged, quantised; and their answers."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.config.schema import RunConf
from oracle_sft.errors import UserError
from oracle_sft.model.generate import Generation, generate
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.tokens import token_rows
from oracle_sft.record.run import Run

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Weights with a name: base, adapter, merged, awq, gptq."""

    name: str
    load: Callable[[], tuple[Any, Any]]
    """Model and tokenizer, ready to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a target answered."""

    by_pair: dict[str, Generation]
    """Pair id -> answer."""
    seconds: float

    @property
    def facts(self) -> dict[str, Any]:
        """Figures for run.json."""
        tokens = sum(answer.num_tokens for answer in self.by_pair.values())
        return {
            "answers": len(self.by_pair),
            "cut_answers": sum(
                answer.finish_reason == "length" for answer in self.by_pair.values()
            ),
            "generation_seconds": round(self.seconds, 1),
            "tokens_per_second": round(tokens / self.seconds, 1),
        }

    @property
    def line(self) -> str:
        """The same for the user."""
        facts = self.facts
        cut = f", {facts['cut_answers']} cut at eval.max_new_tokens" if facts["cut_answers"] else ""
        return f"{facts['answers']:,} answers, {facts['tokens_per_second']:,.0f} tokens/s{cut}"


def find_targets(run: Run, conf: RunConf) -> tuple[list[Target], list[str]]:
    """The targets of eval.targets that the run has, and a sentence for each that it has not."""
    found, missing = [], []
    for wanted in conf.eval.targets:
        target = _target(wanted, run, conf)
        if isinstance(target, str):
            missing.append(target)
        else:
            found.append(target)
    if not found:
        raise UserError(f"run={run.folder} has none of eval.targets: {'; '.join(missing)}")
    return found, missing


def generate_answers(
    target: Target, pairs: Sequence[Pair], dataset: Dataset, conf: RunConf, on_progress: OnProgress
) -> Answers:
    """Ask a target the question of each pair, greedily.

    Raises:
        UserError: a prompt leaves no room for an answer in the model's context.
    """
    model, tokenizer = target.load()
    rows = token_rows(pairs, dataset.schemas(), conf.prompt, tokenizer)
    longest = max(rows, key=lambda row: len(row.prompt_ids))
    room = conf.model.context_tokens - len(longest.prompt_ids)
    if room < conf.eval.max_new_tokens:
        raise UserError(
            f"the prompt of pair {longest.pair_id} leaves {max(room, 0)} of model.context_tokens="
            f"{conf.model.context_tokens} for the answer; lower eval.max_new_tokens={conf.eval.max_new_tokens}"
        )
    started = time.monotonic()
    answers = generate(
        model,
        tokenizer,
        [row.prompt_ids for row in rows],
        max_new_tokens=conf.eval.max_new_tokens,
        batch_rows=conf.eval.batch_rows,
        on_progress=lambda done: on_progress(done, len(rows)),
    )
    seconds = time.monotonic() - started
    by_pair = {pair.id: answer for pair, answer in zip(pairs, answers, strict=True)}
    return Answers(by_pair=by_pair, seconds=seconds)


def _target(wanted: str, run: Run, conf: RunConf) -> Target | str:
    """The target, or why there is none."""
    from oracle_sft.model.adapter import load_for_inference
    from oracle_sft.model.quantize import load_quantized

    base = Path(run.state["parents"]["base_model"]["path"])
    trained = run.folder / "adapter"
    merged = run.folder / "package" / "merged"
    quantized = run.folder / "package" / conf.quant.name
    match wanted:
        case "base":
            return Target(name="base", load=lambda: load_for_inference(base, None, conf.adapter))
        case "adapter":
            return Target(
                name="adapter", load=lambda: load_for_inference(base, trained, conf.adapter)
            )
        case "merged" if merged.is_dir():
            return Target(
                name="merged", load=lambda: load_for_inference(merged, None, conf.adapter)
            )
        case "merged":
            return f"merged: {merged} does not exist; stages has no package"
        case "quantized" if conf.quant.name == "none":
            return "quantized: quant=none"
        case "quantized" if quantized.is_dir():
            return Target(name=conf.quant.name, load=lambda: load_quantized(quantized))
    return (
        f"quantized: {quantized} does not exist; run the package stage with quant={conf.quant.name}"
    )
