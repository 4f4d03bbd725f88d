"""The package stage, step by step: merge, draw calibration rows, quantise, bundle."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from oracle_sft.config.schema import RunConf
from oracle_sft.config.weights import ARCHIVED, CalibratedQuantConf, QuantizerConf
from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model.bundle import write_bundle
from oracle_sft.model.bundle_facts import bundle_facts
from oracle_sft.model.load import check_model_folder, load_tokenizer
from oracle_sft.model.load_test import (
    NUM_QUESTIONS,
    Reloaded,
    load_bundle,
    load_test,
    record_probe,
)
from oracle_sft.model.manifest import MANIFEST
from oracle_sft.model.merge import MergeFacts, OnProgress, merge
from oracle_sft.model.parity import Asked, draw, memory_given_back
from oracle_sft.model.quantize import QuantFacts, quantize
from oracle_sft.pairs.calibration import balanced, read_calibration_file
from oracle_sft.pairs.dataset import open_dataset
from oracle_sft.pairs.tokens import TokenRow, token_rows
from oracle_sft.record.digest import sha256_file
from oracle_sft.record.files import replace_folder
from oracle_sft.record.run import Run

UNCHECKED = Path("package") / "unchecked"
"""Below a run's folder: weights on their way to a bundle. They stay there where a check stops them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A folder of weights on its way to a bundle."""

    folder: Path
    merge: MergeFacts
    quantization: QuantFacts | None = None

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.glob("*.safetensors"))

    @property
    def line(self) -> str:
        """What was made, for the user."""
        size = f"{self.size_bytes / 1e6:,.1f} MB"
        if self.quantization is None:
            return f"{self.merge.line}, {size}"
        made = self.quantization
        groups = "" if made.group_size is None else f", groups of {made.group_size}"
        said = f"{made.algorithm} {made.bits}-bit{groups}, {size}, stored as {made.format} ({made.backend} "
        said += made.backend_version
        if made.backend in [backend.value for backend in ARCHIVED]:
            said += ", archived upstream"
        if made.calibration_ids:
            said += f"; {len(made.calibration_ids)} calibration rows, {made.calibration_tokens:,} tokens"
        else:
            said += "; no calibration"
        said += f", {made.calibration_cut} cut" if made.calibration_cut else ""
        said += f", {made.calibration_dropped} dropped" if made.calibration_dropped else ""
        return f"{said})"


def merge_run(run: Run, conf: RunConf, on_progress: OnProgress) -> Weights:
    """Merge the run's adapter into its base, as package/unchecked/merged."""
    folder = run.folder / UNCHECKED / "merged"
    facts = merge(
        _base(run),
        run.folder / "adapter",
        folder,
        adapter=conf.adapter,
        base_weights=conf.package.base_weights,
        # Runs of earlier versions say it here alone.
        base_quant=run.state["stages"]["train"]["model"].get("base_quant"),
        on_progress=on_progress,
    )
    return Weights(folder=folder, merge=facts)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the quantiser is shown, and where it was taken from."""

    rows: list[TokenRow]
    source: dict[str, str] | None
    """`{"split": "train"}`, or `file` and its sha256; None: nothing is shown."""


def calibration(run: Run, conf: RunConf, quant: QuantizerConf, merged: Weights) -> Calibration:
    """A seeded draw, balanced by tags, from the run's training pairs or a file; never from what is scored."""
    if not isinstance(quant, CalibratedQuantConf):
        return Calibration([], None)
    dataset = open_dataset(_dataset_folder(run))
    if quant.calibration_file is None:
        pairs, source = dataset.train_pairs(), {"split": "train"}
    else:
        path = Path(quant.calibration_file)
        pairs = read_calibration_file(path, dataset)
        source = {"file": path.name, "sha256": sha256_file(path)}
    chosen = balanced(pairs, quant.calibration_rows, conf.seed)
    tokenizer = load_tokenizer(merged.folder)
    return Calibration(token_rows(chosen, dataset.schemas(), conf.prompt, tokenizer), source)


def quantize_run(run: Run, conf: RunConf, merged: Weights, shown: Calibration) -> Weights:
    """Quantise the merged weights, as package/unchecked/awq, gptq or fp8."""
    assert isinstance(conf.quant, QuantizerConf)
    folder = run.folder / UNCHECKED / conf.quant.name
    facts = quantize(
        merged.folder,
        folder,
        conf.quant,
        shown.rows,
        source=shown.source,
        seed=conf.seed,
        log_path=run.folder / "log.txt",
    )
    return Weights(folder=folder, merge=merged.merge, quantization=facts)


def parity_prompts(run: Run, conf: RunConf, merged: Weights) -> Asked:
    """What all weights are asked, to compare them and to load them again."""
    count = conf.package.parity_prompts if conf.package.parity else NUM_QUESTIONS
    dataset = open_dataset(_dataset_folder(run))
    return draw(dataset, conf, load_tokenizer(merged.folder), count)


def write_bundles(
    run: Run, conf: RunConf, made: Sequence[Weights], parity: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Complete each folder of weights to a bundle; returns `{format: {digest, size_bytes}}`.

    `digest` is that of the manifest. `parity` is what the manifests say of the comparison with the adapter, by format;
    empty where there was none.
    """
    written: dict[str, dict[str, Any]] = {}
    merged = next(weights for weights in made if weights.quantization is None)
    facts = bundle_facts(run, conf, merged.folder, merged.merge)
    for weights in made:
        said = replace(
            facts,
            name=f"{run.name}-{weights.folder.name}",
            quantization=weights.quantization,
            parity=parity.get(weights.folder.name),
        )
        manifest = write_bundle(weights.folder, said)
        if weights is merged:
            parents = {**facts.parents, "merged": manifest["weights"]}
            facts = replace(facts, parents=parents)
        written[weights.folder.name] = {
            "digest": manifest["digest"],
            "size_bytes": weights.size_bytes,
        }
    return written


def record_answers(conf: RunConf, made: Sequence[Weights], asked: Asked) -> None:
    """Keep what the weights answer to the first questions, where nothing else asks them.

    Raises:
        EnvironmentFault: they do not fit into the memory, or the disk is full.
    """
    for weights in made:
        with memory_given_back():
            model_and_tokenizer = load_bundle(weights.folder)
            record_probe(weights.folder, *model_and_tokenizer, asked, conf.eval.max_new_tokens)
            del model_and_tokenizer


def load_again(made: Sequence[Weights]) -> dict[str, Reloaded]:
    """Ask each bundle again in a fresh process; returns how it was loaded, by format.

    Raises:
        CheckFailed: one answers otherwise than before; it is no bundle any more.
    """
    found = {}
    for weights in made:
        try:
            found[weights.folder.name] = load_test(weights.folder)
        except CheckFailed:
            for every in made:
                (every.folder / MANIFEST).unlink(missing_ok=True)
            raise
    return found


def publish(run: Run, made: Sequence[Weights]) -> list[Path]:
    """Give the bundles their names below package/, in place of what stood there; returns their folders."""
    finals = [run.folder / "package" / weights.folder.name for weights in made]
    for weights, final in zip(made, finals, strict=True):
        replace_folder(weights.folder, final)
    shutil.rmtree(run.folder / UNCHECKED)
    return finals


def package_foreign(conf: RunConf, on_progress: OnProgress) -> Weights:
    """Merge an adapter of another origin into its base, as package.out; no run is needed, and none is recorded.

    Raises:
        UserError: a folder is missing or does not hold what it should, or quant wants rows that nobody has.
    """
    base, adapter, out = (
        Path(str(getattr(conf.package, name))) for name in ("base", "adapter", "out")
    )
    if isinstance(conf.quant, QuantizerConf):
        raise UserError(
            f"quant={conf.quant.name} is for the weights of a run, and package.base has none; use quant=none"
        )
    if out.exists():
        raise UserError(f"package.out={out} exists; name a folder that does not, or remove it")
    check_model_folder(base)
    facts = merge(
        base,
        adapter,
        out,
        adapter=conf.adapter,
        base_weights=conf.package.base_weights,
        on_progress=on_progress,
    )
    return Weights(folder=out, merge=facts)


def _base(run: Run) -> Path:
    return Path(run.state["parents"]["base_model"]["path"])


def _dataset_folder(run: Run) -> Path:
    return Path(run.state["parents"]["dataset"]["path"])
