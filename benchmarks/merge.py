"""How fast an adapter is merged into a base, and in what memory: shard by shard, by peft, and a plain copy beside them.

The base is a random Llama in bfloat16 of 3 billion parameters in files of 1 GB, the adapter LoRA of rank 16 on every
linear layer. Each way runs in a process of its own, in turn, from files that are not in the page cache where the system
lets go of them. peft loads the model, merges and saves it; the copy reads and rewrites the files through one buffer.
All flush what they wrote to the disk. The tensors of both merges are then compared by digest, and the shard-wise merge
runs on a base of half the layers too.

    python -m benchmarks.merge [--layers 28] [--rounds 3]
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from peft import LoraConfig
from safetensors.torch import save_file

from oracle_sft.model.shards import open_checkpoint
from tests import tiny

ROOT = Path(__file__).parent.parent
HIDDEN, INNER, HEADS, KEYS, VOCABULARY = 3072, 8192, 24, 8, 32_000
RANK = 16

PEAK = """
import re
said = open("/proc/self/status").read()
print(seconds, int(re.search(r"VmHWM:\\s+(\\d+)", said)[1]) // 1024)
"""
OURS = """
import sys, time
from pathlib import Path
from oracle_sft.model.quiet import quiet_libraries
quiet_libraries()
from oracle_sft.config.weights import LoraConf
from oracle_sft.model.merge import merge
started = time.perf_counter()
merge(*map(Path, sys.argv[1:]), adapter=LoraConf())
seconds = time.perf_counter() - started
"""
PEFT = """
import os, sys, time
from oracle_sft.model.quiet import quiet_libraries
quiet_libraries()
import transformers
from peft import PeftModel
base, adapter, out = sys.argv[1:]
started = time.perf_counter()
model = transformers.AutoModelForCausalLM.from_pretrained(base, dtype="auto")
PeftModel.from_pretrained(model, adapter).merge_and_unload().save_pretrained(out, max_shard_size="1GB")
for name in os.listdir(out):
    number = os.open(os.path.join(out, name), os.O_RDONLY)
    os.fsync(number)
    os.close(number)
seconds = time.perf_counter() - started
"""
COPY = """
import os, sys, time
base, adapter, out = sys.argv[1:]
started = time.perf_counter()
os.makedirs(out)
buffer = memoryview(bytearray(8 << 20))
for name in sorted(os.listdir(base)):
    with open(os.path.join(base, name), "rb", 0) as source, open(os.path.join(out, name), "wb", 0) as target:
        while count := source.readinto(buffer):
            target.write(buffer[:count])
        os.fsync(target.fileno())
seconds = time.perf_counter() - started
"""
WAYS = {"peft": PEFT, "shard by shard": OURS, "plain copy": COPY}


def shapes(layers: int) -> dict[str, tuple[int, ...]]:
    """The tensors of the base."""
    keys = HIDDEN // HEADS * KEYS
    linear = {
        "self_attn.q_proj": (HIDDEN, HIDDEN),
        "self_attn.k_proj": (keys, HIDDEN),
        "self_attn.v_proj": (keys, HIDDEN),
        "self_attn.o_proj": (HIDDEN, HIDDEN),
        "mlp.gate_proj": (INNER, HIDDEN),
        "mlp.up_proj": (INNER, HIDDEN),
        "mlp.down_proj": (HIDDEN, INNER),
    }
    found: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (VOCABULARY, HIDDEN)}
    for layer in range(layers):
        for name, shape in linear.items():
            found[f"model.layers.{layer}.{name}.weight"] = shape
        for norm in ("input_layernorm", "post_attention_layernorm"):
            found[f"model.layers.{layer}.{norm}.weight"] = (HIDDEN,)
    return {**found, "model.norm.weight": (HIDDEN,), "lm_head.weight": (VOCABULARY, HIDDEN)}


def write_base(folder: Path, layers: int) -> None:
    """Random weights, a file at a time."""
    dice = torch.Generator().manual_seed(0)
    folder.mkdir()
    files: list[dict[str, tuple[int, ...]]] = [{}]
    size = 0
    for name, shape in shapes(layers).items():
        num_bytes = 2 * torch.Size(shape).numel()
        if size + num_bytes > 1e9:
            files.append({})
            size = 0
        files[-1][name] = shape
        size += num_bytes
    index = {}
    for number, held in enumerate(files, 1):
        file = f"model-{number:05}-of-{len(files):05}.safetensors"
        tensors = {
            name: torch.empty(shape, dtype=torch.bfloat16).normal_(0, 0.02, generator=dice)
            for name, shape in held.items()
        }
        save_file(tensors, folder / file, metadata={"format": "pt"})
        index.update(dict.fromkeys(held, file))
    total = sum(path.stat().st_size for path in folder.iterdir())
    said = {"metadata": {"total_size": total}, "weight_map": index}
    (folder / "model.safetensors.index.json").write_text(json.dumps(said))
    transformers.LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        intermediate_size=INNER,
        num_hidden_layers=layers,
        num_attention_heads=HEADS,
        num_key_value_heads=KEYS,
        tie_word_embeddings=False,
        dtype="bfloat16",
    ).save_pretrained(folder)
    tiny.tokenizer().save_pretrained(folder)


def write_adapter(folder: Path, layers: int) -> None:
    """LoRA of random numbers on every linear layer."""
    dice = torch.Generator().manual_seed(1)
    tensors = {}
    for name, shape in shapes(layers).items():
        if name.endswith("_proj.weight"):
            stem = f"base_model.model.{name.removesuffix('.weight')}"
            tensors[f"{stem}.lora_A.weight"] = torch.randn(RANK, shape[1], generator=dice) / 50
            tensors[f"{stem}.lora_B.weight"] = torch.randn(shape[0], RANK, generator=dice) / 50
    targets = sorted({name.split(".")[-2] for name in shapes(1) if name.endswith("_proj.weight")})
    LoraConfig(
        r=RANK, lora_alpha=32, target_modules=targets, task_type="CAUSAL_LM"
    ).save_pretrained(folder)
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})


def forget(folder: Path) -> None:
    """Ask the system to let go of what it holds of the files."""
    for path in folder.iterdir():
        number = os.open(path, os.O_RDONLY)
        os.fsync(number)
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(number)


def run(code: str, base: Path, adapter: Path, out: Path) -> tuple[float, int]:
    """Seconds, and peak memory in MB."""
    shutil.rmtree(out, ignore_errors=True)
    forget(base)
    done = subprocess.run(
        [sys.executable, "-c", code + PEAK, base, adapter, out],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    seconds, peak = done.stdout.split()[-2:]
    forget(out)
    return float(seconds), int(peak)


def digests(folder: Path) -> dict[str, str]:
    """Of each tensor."""
    return {
        name: hashlib.sha256(stored.read().view(torch.uint8).numpy()).hexdigest()
        for name, stored in open_checkpoint(folder).tensors()
    }


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        base, adapter = folder / "base", folder / "adapter"
        write_base(base, asked.layers)
        write_adapter(adapter, asked.layers)
        held = open_checkpoint(base)
        print(
            f"{held.parameters / 1e9:.2f} billion parameters, {held.num_bytes / 1e9:.1f} GB in "
            f"{len(held.files)} files, LoRA of rank {RANK} on every linear layer; medians of {asked.rounds}, "
            f"{len(os.sched_getaffinity(0))} cores"
        )
        found: dict[str, list[tuple[float, int]]] = {way: [] for way in WAYS}
        for _ in range(asked.rounds):
            for way, code in WAYS.items():
                found[way].append(run(code, base, adapter, folder / way.replace(" ", "-")))
        print(f"{'':<16}{'s':>8}{'of peft':>9}{'GB/s':>7}{'peak MB':>9}{'of peft':>9}")
        (theirs, most) = (statistics.median(each) for each in zip(*found["peft"], strict=True))
        for way, runs in found.items():
            seconds, peak = (statistics.median(each) for each in zip(*runs, strict=True))
            print(
                f"{way:<16}{seconds:>8.1f}{seconds / theirs:>9.2f}{held.num_bytes / 1e9 / seconds:>7.2f}"
                f"{peak:>9,.0f}{peak / most:>9.2f}",
                flush=True,
            )
        one, other = digests(folder / "peft"), digests(folder / "shard-by-shard")
        same = sum(one[tensor] == other.get(tensor) for tensor in one)
        print(f"tensors with the same bits: {same} of {len(one)}, {len(other)} written")
        for way in WAYS:
            shutil.rmtree(folder / way.replace(" ", "-"))
        for path in (base, adapter):
            shutil.rmtree(path)
        write_base(base, asked.layers // 2)
        write_adapter(adapter, asked.layers // 2)
        seconds, peak = run(OURS, base, adapter, folder / "half")
        half = open_checkpoint(base)
        print(
            f"shard by shard, {half.parameters / 1e9:.2f} billion: {seconds:.1f} s, peak {peak:,} MB"
        )


if __name__ == "__main__":
    main()
