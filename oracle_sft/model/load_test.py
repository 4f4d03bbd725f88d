"""Whether a bundle answers as it did when it was packaged, asked in a process that did not see how it was made."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.record.digest import sha256_json
from oracle_sft.record.files import read_json, write_json
from oracle_sft.record.processes import worker_processes

if TYPE_CHECKING:
    from oracle_sft.model.parity import Asked

PROBE = "probe.json"
"""Questions of a bundle with the answers that it gave when it was packaged."""
NUM_QUESTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """How a bundle that answers as it should was loaded."""

    questions: int
    how: str
    """Library, device and number format, and whether quantised weights were unpacked, as a clause."""
    seconds: float

    @property
    def line(self) -> str:
        """The same for the user."""
        return f"{self.questions} answers as packaged ({self.how})"


def record_probe(
    folder: Path, model: Any, tokenizer: Any, asked: "Asked", max_new_tokens: int
) -> None:
    """Keep what the weights in `folder`, loaded as `model`, answer to the first questions.

    Raises:
        EnvironmentFault: the folder cannot be written to.
    """
    prompts = asked.prompts[:NUM_QUESTIONS]
    said = _probed(model, tokenizer, prompts, max_new_tokens)
    questions = [
        {"pair_id": pair.id, "prompt": prompt, **answered}
        for pair, prompt, answered in zip(asked.pairs, prompts, said, strict=False)
    ]
    write_json(folder / PROBE, {"max_new_tokens": max_new_tokens, "questions": questions})


def load_test(folder: Path) -> Reloaded:
    """Pass when the bundle in `folder`, loaded in a fresh process, answers what its probe.json says.

    Nothing but the folder is read, so a copy on another machine can be tested; there a near tie may be rounded the
    other way.

    Raises:
        CheckFailed: it answers otherwise; pair and both texts are given.
        UserError: the folder holds no probe, or its files do not make a model.
        EnvironmentFault: the process was killed, or lacks a library to load the format with.
    """
    probe = _read_probe(folder)
    started = time.monotonic()
    with worker_processes(1, _begin) as pool:
        said, how = pool.submit(_ask, folder, probe).result()
    for recorded, found in zip(probe["questions"], said, strict=True):
        if found["prompt_ids_sha256"] != recorded["prompt_ids_sha256"]:
            raise CheckFailed(
                f"{folder} reads the prompt of pair {recorded['pair_id']} as other tokens than at packaging; its "
                "tokenizer or its chat template is not the one that was packaged"
            )
        if found["answer"] != recorded["answer"]:
            raise CheckFailed(
                f"{folder}, loaded again ({how}), answers pair {recorded['pair_id']} otherwise than at packaging:\n"
                f"  packaged: {recorded['answer']!r}\n  loaded:   {found['answer']!r}"
            )
    return Reloaded(questions=len(said), how=how, seconds=round(time.monotonic() - started, 3))


def _read_probe(folder: Path) -> dict[str, Any]:
    path = folder / PROBE
    if not path.is_file():
        raise UserError(f"{folder} has no {PROBE}; give a bundle that the package stage wrote")
    try:
        probe: dict[str, Any] = read_json(path)
        _ = probe["max_new_tokens"], [one["prompt"] for one in probe["questions"]]
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path} is no record of questions and answers; package again") from None
    return probe


def _begin() -> None:
    """Let nothing of the process reach for the network: what is not in the folder is missing."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from oracle_sft.model.quiet import quiet_libraries

    quiet_libraries()


def _ask(folder: Path, probe: dict[str, Any]) -> tuple[list[dict[str, str]], str]:
    """What the bundle answers, and how it was loaded; called in the fresh process."""
    from oracle_sft.model.load import read_object

    quantized = read_object(folder / "config.json", "package again").get("quantization_config")
    model, tokenizer = load_bundle(folder)
    prompts = [one["prompt"] for one in probe["questions"]]
    said = _probed(model, tokenizer, prompts, probe["max_new_tokens"])
    how = f"transformers, {model.device}, {str(model.dtype).removeprefix('torch.')}"
    if quantized:
        how += f", {quantized.get('quant_method', 'quantised')} weights unpacked: no kernel for them was used"
    return said, how


def _probed(
    model: Any, tokenizer: Any, prompts: Sequence[str], max_new_tokens: int
) -> list[dict[str, str]]:
    """The hash of each prompt's token ids, and the answer to it, asked alone."""
    from oracle_sft.model.generate import generate
    from oracle_sft.pairs.prompt import prompt_ids

    rows = [prompt_ids([{"role": "user", "content": prompt}], tokenizer) for prompt in prompts]
    answers = generate(model, tokenizer, rows, max_new_tokens=max_new_tokens, batch_rows=1)
    return [
        {"prompt_ids_sha256": sha256_json(ids), "answer": answer.text}
        for ids, answer in zip(rows, answers, strict=True)
    ]


def load_bundle(folder: Path) -> tuple[Any, Any]:
    """Model and tokenizer of a bundle, quantised or not, as its config.json says.

    Raises:
        UserError: the folder does not hold a whole model.
        EnvironmentFault: what unpacks its format is not installed.
    """
    from oracle_sft.model.adapter import inference_dtype
    from oracle_sft.model.load import check_model_folder, load_tokenizer, load_weights, read_object
    from oracle_sft.model.quantize import load_quantized

    check_model_folder(folder)
    if "quantization_config" in read_object(folder / "config.json", "package again"):
        return load_quantized(folder)
    return load_weights(folder, dtype=inference_dtype()).eval(), load_tokenizer(folder)
