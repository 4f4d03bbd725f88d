"""SIGKILL at random moments of a merge, and what the next start does.

.venv/bin/python -m benchmarks.kills_merge [--kills 100]

A random Llama in 19 files and a LoRA adapter on every linear layer are merged again and again, each merge killed at a
moment drawn from the time that a whole one takes. `none`: nothing has the final name; `whole`: the folder has it and
every tensor and file in it is what an undisturbed merge wrote; `torn`: anything else. The next merge goes on with
what the killed ones have finished; counted are the files that merges found finished and did not write again. After the
last kill one more merge runs to its end, and nothing but the merged folder may be left.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import torch
import transformers
from peft import LoraConfig, get_peft_model

from oracle_sft.config.weights import LoraConf
from oracle_sft.model.merge import merge
from oracle_sft.model.quiet import quiet_libraries
from oracle_sft.record.digest import digest_folder
from tests import tiny

HIDDEN, LAYERS, FILE = 512, 16, "8MB"


class Campaign(NamedTuple):
    """What was found."""

    files: int
    seconds: float
    """Of an undisturbed merge."""
    states: Counter[str]
    resumed: int
    """Files that merges did not write again."""
    is_same_at_the_end: bool
    strays: list[str]


def write_model(folder: Path, hidden: int, layers: int, file: str) -> None:
    """A base and an adapter of random numbers."""
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=1024,
        hidden_size=hidden,
        intermediate_size=4 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=8,
        num_key_value_heads=8,
        tie_word_embeddings=False,
    )
    model = transformers.LlamaForCausalLM(config).bfloat16()
    model.save_pretrained(folder / "base", max_shard_size=file)
    tiny.tokenizer().save_pretrained(folder / "base")
    lora = LoraConfig(r=16, target_modules="all-linear", task_type="CAUSAL_LM")
    wrapped = get_peft_model(model, lora)
    for name, each in wrapped.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(each, std=0.02)
    wrapped.save_pretrained(folder / "adapter")


def in_a_process(folder: Path, report: int) -> int:
    """Merge in a child of this process; returns its number. How many files it found finished goes to `report`."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        facts = merge(folder / "base", folder / "adapter", folder / "out", adapter=LoraConf())
        os.write(report, f"{facts.files_resumed}\n".encode())
        code = 0
    finally:
        os._exit(code)


def campaign(folder: Path, kills: int, *, hidden: int, layers: int, file: str) -> Campaign:
    """Merge and kill so many times."""
    quiet_libraries()
    # A process that is forked must not have threads of torch's.
    torch.set_num_threads(1)
    write_model(folder, hidden, layers, file)
    reading, report = os.pipe()
    draw = random.Random(0)
    started = time.monotonic()
    os.waitpid(in_a_process(folder, report), 0)
    seconds = time.monotonic() - started
    os.read(reading, 100)
    expected = digest_folder(folder / "out")
    shutil.rmtree(folder / "out")
    states: Counter[str] = Counter()
    resumed = 0
    for kill in range(kills + 1):
        child = in_a_process(folder, report)
        if kill < kills:
            time.sleep(draw.uniform(0, seconds))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if not (folder / "out").exists():
            states["none"] += 1
            continue
        states["whole" if digest_folder(folder / "out") == expected else "torn"] += 1
        os.set_blocking(reading, False)
        with contextlib.suppress(BlockingIOError):  # killed between the last rename and its report
            resumed += sum(map(int, os.read(reading, 100).split()))
        if kill < kills:
            shutil.rmtree(folder / "out")
    is_same = digest_folder(folder / "out") == expected
    left = sorted({path.name for path in folder.iterdir()} - {"base", "adapter", "out"})
    files = len(list((folder / "out").glob("*.safetensors")))
    return Campaign(files, seconds, states, resumed, is_same, left)


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as name:
        found = campaign(Path(name), kills, hidden=HIDDEN, layers=LAYERS, file=FILE)
    states = ", ".join(f"{found.states[state]} {state}" for state in ("none", "whole", "torn"))
    print(
        f"{kills} kills of merges of {found.files} files ({found.seconds:.1f} s undisturbed) and one more merge: "
        f"{states}"
    )
    print(f"files found finished and not written again: {found.resumed}")
    same = "yes" if found.is_same_at_the_end else "NO"
    print(f"the same bytes at the end: {same}; strays: {found.strays}")
    if found.states["torn"] or found.strays or not found.is_same_at_the_end:
        sys.exit(1)


if __name__ == "__main__":
    main()
