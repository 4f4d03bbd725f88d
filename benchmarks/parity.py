"""What the figures of the parity gate are for weights that are right, and for weights that are wrong in a known way.

.venv/bin/python -m benchmarks.parity outputs/demo [--prompts 64]

The folder is that of a finished run with a LoRA or QLoRA adapter. Its adapter is the reference; what is compared with
it is merged in this process: exactly, rounded to bfloat16, into the full-precision base, with a scale that is off, and
not at all.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from oracle_sft.config.compose import load
from oracle_sft.config.schema import RunConf
from oracle_sft.config.weights import QloraConf
from oracle_sft.model.adapter import load_for_inference, put_on
from oracle_sft.model.generate import generate
from oracle_sft.model.load import load_weights
from oracle_sft.model.parity import Asked, Reference, draw
from oracle_sft.model.quiet import quiet_libraries
from oracle_sft.pairs.dataset import open_dataset
from oracle_sft.record.run import Run


def variants(base: Path, adapter: Path, conf: RunConf) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Names, and what makes a model of each."""

    def adapted(scale: float = 1.0) -> Any:
        model, _ = load_for_inference(base, adapter, conf.adapter)
        for layer in model.modules():
            if isinstance(getattr(layer, "scaling", None), dict):
                layer.scaling = {name: scale * value for name, value in layer.scaling.items()}
        return model

    yield "merged, float32", lambda: adapted().merge_and_unload()
    yield "merged, bfloat16", lambda: adapted().merge_and_unload().bfloat16().float()
    if isinstance(conf.adapter, QloraConf):
        yield (
            "merged into the original, bfloat16",
            lambda: put_on(load_weights(base, dtype="auto"), adapter).merge_and_unload().float(),
        )
    for scale in (0.9, 1.1, 0.5):
        yield f"scale x {scale}", lambda scale=scale: adapted(scale)
    yield "no adapter", lambda: load_weights(base, dtype=torch.float32)


def answers(model: Any, tokenizer: Any, asked: Asked, conf: RunConf) -> list[str]:
    """The greedy texts."""
    prompts = [row.prompt_ids for row in asked.rows]
    length, rows = conf.eval.max_new_tokens, conf.eval.batch_rows
    found = generate(model, tokenizer, prompts, max_new_tokens=length, batch_rows=rows)
    return [answer.text for answer in found]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--prompts", type=int, default=64)
    said = parser.parse_args()
    quiet_libraries()
    run, conf = Run(said.run), load(said.run / "config.yaml")
    dataset = open_dataset(Path(run.state["parents"]["dataset"]["path"]))
    base, adapter = Path(run.state["parents"]["base_model"]["path"]), said.run / "adapter"
    model, tokenizer = load_for_inference(base, adapter, conf.adapter)
    asked = draw(dataset, conf, tokenizer, said.prompts)
    print(f"{conf.adapter.name} on {conf.model.name}, {len(asked.rows)} {asked.drawn_from}")
    print(f"{'':<36}{'next token':>11}{'mean KL':>10}{'max KL':>10}{'same text':>11}")
    with tempfile.TemporaryDirectory() as folder, Reference(Path(folder)) as reference:
        reference.record(model, asked.rows, lambda done, total: None)
        first = answers(model, tokenizer, asked, conf)
        for name, make in variants(base, adapter, conf):
            model = make().eval()
            found = reference.compare(model, asked.rows, lambda done, total: None)
            second = answers(model, tokenizer, asked, conf)
            same = sum(one == two for one, two in zip(first, second, strict=True))
            print(
                f"{name:<36}{found.agreement:>11.2%}{found.mean_kl_nats:>10.2g}{found.max_kl_nats:>10.2g}"
                f"{same:>7}/{len(first)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
