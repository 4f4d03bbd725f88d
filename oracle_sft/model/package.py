"""The package stage, step by step: merge, draw calibration rows, quantise, bundle."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from oracle_sft.config.schema import RunConf
from oracle_sft.config.weights import AwqConf, CalibratedQuantConf, GptqConf
from oracle_sft.errors import UserError
from oracle_sft.model.bundle import write_bundle
from oracle_sft.model.bundle_facts import bundle_facts
from oracle_sft.model.load import check_model_folder, load_tokenizer
from oracle_sft.model.merge import MergeFacts, merge
from oracle_sft.model.quantize import QuantFacts, quantize
from oracle_sft.pairs.dataset import open_dataset
from oracle_sft.pairs.tokens import TokenRow, token_rows
from oracle_sft.record.run import Run


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
            return f"{self.merge.method}, {self.merge.dtype}, {size}"
        made = self.quantization
        said = (
            f"{made.algorithm} {made.bits}-bit, groups of {made.group_size}, {size} ({made.backend}"
        )
        said += f" {made.backend_version}; {len(made.calibration_ids)} calibration rows"
        said += f", {made.calibration_cut} cut" if made.calibration_cut else ""
        said += f", {made.calibration_dropped} dropped" if made.calibration_dropped else ""
        return f"{said})"


def merge_run(run: Run, conf: RunConf) -> Weights:
    """Merge the run's adapter into its base, as package/merged."""
    folder = run.folder / "package" / "merged"
    facts = merge(_base(run), run.folder / "adapter", folder, adapter=conf.adapter)
    return Weights(folder=folder, merge=facts)


def calibration_rows(run: Run, conf: RunConf, quant: CalibratedQuantConf) -> list[TokenRow]:
    """A seeded draw from the run's own training pairs; never from what is scored."""
    dataset = open_dataset(_dataset_folder(run))
    pairs = dataset.train_pairs()
    draw = random.Random(f"calibration/{conf.seed}")
    chosen = draw.sample(pairs, min(quant.calibration_rows, len(pairs)))
    tokenizer = load_tokenizer(run.folder / "package" / "merged")
    return token_rows(chosen, dataset.schemas(), conf.prompt, tokenizer)


def quantize_run(run: Run, conf: RunConf, merged: Weights, rows: Sequence[TokenRow]) -> Weights:
    """Quantise the merged weights, as package/awq or package/gptq."""
    assert isinstance(conf.quant, AwqConf | GptqConf)
    folder = run.folder / "package" / conf.quant.name
    log_path = run.folder / "log.txt"
    facts = quantize(merged.folder, folder, conf.quant, rows, seed=conf.seed, log_path=log_path)
    return Weights(folder=folder, merge=merged.merge, quantization=facts)


def write_bundles(run: Run, conf: RunConf, made: Sequence[Weights]) -> dict[str, dict[str, Any]]:
    """Complete each folder of weights to a bundle; returns `{format: {digest, size_bytes}}`.

    `digest` is that of the manifest.
    """
    written: dict[str, dict[str, Any]] = {}
    merged = next(weights for weights in made if weights.quantization is None)
    facts = bundle_facts(run, conf, merged.folder, merged.merge)
    for weights in made:
        name = f"{run.name}-{weights.folder.name}"
        said = replace(facts, name=name, quantization=weights.quantization)
        manifest = write_bundle(weights.folder, said)
        if weights is merged:
            parents = {**facts.parents, "merged": manifest["weights"]}
            facts = replace(facts, parents=parents)
        written[weights.folder.name] = {
            "digest": manifest["digest"],
            "size_bytes": weights.size_bytes,
        }
    return written


def package_foreign(conf: RunConf) -> Weights:
    """Merge an adapter of another origin into its base, as package.out; no run is needed, and none is recorded.

    Raises:
        UserError: a folder is missing or does not hold what it should, or quant wants rows that nobody has.
    """
    base, adapter, out = (
        Path(str(getattr(conf.package, name))) for name in ("base", "adapter", "out")
    )
    if isinstance(conf.quant, CalibratedQuantConf):
        raise UserError(
            f"quant={conf.quant.name} is calibrated on a run's training pairs, and package.base has no run; "
            "use quant=none"
        )
    if out.exists():
        raise UserError(f"package.out={out} exists; name a folder that does not, or remove it")
    check_model_folder(base)
    return Weights(folder=out, merge=merge(base, adapter, out, adapter=conf.adapter))


def _base(run: Run) -> Path:
    return Path(run.state["parents"]["base_model"]["path"])


def _dataset_folder(run: Run) -> Path:
    return Path(run.state["parents"]["dataset"]["path"])
