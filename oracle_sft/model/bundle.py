"""A folder of weights becomes a bundle: it says how to be prompted, what it is good for, and where it came from.

MANIFEST.json is written last, so a folder that has one is whole.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oracle_sft.config.schema import PromptConf
from oracle_sft.errors import UserError
from oracle_sft.model.bundle_pairs import PAIRS
from oracle_sft.model.card import model_card
from oracle_sft.model.load import SAMPLING
from oracle_sft.model.manifest import (
    MANIFEST,
    MANIFEST_VERSION,
    is_sealed,
    read_manifest,
    weights_digest,
    write_manifest,
)
from oracle_sft.model.merge import MergeFacts
from oracle_sft.model.quantize import QuantFacts
from oracle_sft.model.serving import vllm_yaml
from oracle_sft.pairs.prompt import RENDERER_VERSION, prompt_hash
from oracle_sft.pairs.selection import SELECTION_VERSION
from oracle_sft.record.digest import digest_folder, sha256_file
from oracle_sft.record.files import read_json, write_json, write_jsonl, write_text
from oracle_sft.record.merkle import merkle_root
from oracle_sft.record.run import now
from oracle_sft.record.signature import SIGNATURE

CARD = "README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFacts:
    """Where the weights of a bundle come from. Dictionaries hold JSON values."""

    name: str
    """What the model is called: the run's name and the format."""
    base_model: dict[str, Any]
    """name, path, digest, files; repository and revision where it has them."""
    adapter: dict[str, Any]
    """kind (lora, qlora, full), digest, files, and base_quant: how training saw the base."""
    dataset: dict[str, Any]
    """name, path, fingerprint, `suites`: pairs by suite, `train` among them; `schemas`: fingerprints by id; `sources`:
    SHA-256 by path of what it was made from."""
    provenance: dict[str, Any]
    """The tracker's report over the training pairs."""
    pairs: Sequence[dict[str, Any]]
    """The training pairs, as `trained_list` gives them; with state null where the run is older than that."""
    training: dict[str, Any]
    """The run: name, command, times, figures, where it happened, and `saw`: what `trained_facts` gives."""
    merge: MergeFacts
    quantization: QuantFacts | None
    """None for the merged weights themselves."""
    prompt: dict[str, Any]
    """What `prompt_facts` gives."""
    guardrail: dict[str, Any]
    """The policy that the pairs were judged by and the answers are to be."""
    context_tokens: int
    """Longest prompt plus answer."""
    max_new_tokens: int
    """Longest answer that the bundle gives when it is not told otherwise."""
    config: dict[str, Any]
    """The run's resolved config."""
    config_hash: str
    environment: dict[str, Any]
    """What record.environment gives: platform, packages, git."""
    parents: dict[str, Any]
    """Digests of the manifests that this one stands on, by name."""
    parity: dict[str, Any] | None = None
    """How the weights answer beside the adapter: figures and limits; None where they were not compared."""


def prompt_facts(conf: PromptConf, tokenizer: Any) -> dict[str, Any]:
    """How a question is to be shown to the model, and the hash by which a mismatch is noticed.

    The selection stands beside the hash: it changes no prompt of a schema that fits into the budget.
    """
    return {
        "style": conf.name,
        "hash": prompt_hash(conf.name, tokenizer),
        "renderer_version": RENDERER_VERSION,
        "max_schema_tokens": conf.max_schema_tokens,
        "selection_version": SELECTION_VERSION,
    }


def write_bundle(folder: Path, facts: BundleFacts) -> dict[str, Any]:
    """Complete the weights in `folder` to a bundle; returns the manifest.

    Adds prompt.json, guardrail.json, schemas.json, pairs.jsonl, vllm.yaml, a greedy generation_config.json, README.md
    and MANIFEST.json. Doing it again gives the same files but for the time in the manifest.

    Raises:
        EnvironmentFault: the folder may not be written to, or the disk is full.
    """
    for old in (MANIFEST, SIGNATURE):
        (folder / old).unlink(missing_ok=True)
    write_json(folder / "prompt.json", facts.prompt)
    write_json(folder / "guardrail.json", facts.guardrail)
    write_json(folder / "schemas.json", facts.dataset["schemas"])
    write_jsonl(folder / PAIRS, facts.pairs)
    _write_greedy(folder / "generation_config.json", facts.max_new_tokens)
    serving = vllm_yaml(
        name=facts.name,
        context_tokens=facts.context_tokens,
        dtype=facts.merge.dtype,
        max_new_tokens=facts.max_new_tokens,
    )
    write_text(folder / "vllm.yaml", serving)
    manifest = _manifest(facts)
    write_text(folder / CARD, model_card(manifest))
    manifest["files"] = digest_folder(folder)
    manifest["weights"] = weights_digest(manifest["files"])
    return write_manifest(folder, manifest)


def record_eval(folder: Path, summary: dict[str, Any]) -> dict[str, Any]:
    """Put scores into the bundle's card and manifest; returns the manifest.

    `summary` is a run's summary.json: `{"targets": {target: {suite: {metric: {"value", "low", "high", "n"}}}}}`.

    Raises:
        UserError: the folder holds no bundle, or its manifest is not as it was written.
    """
    manifest = read_manifest(folder)
    if not is_sealed(manifest):  # to write it again would say that all is well
        raise UserError(f"{folder / MANIFEST} changed since it was written")
    manifest["eval"] = summary["targets"]
    write_text(folder / CARD, model_card(manifest))
    manifest["files"][CARD] = {
        "sha256": sha256_file(folder / CARD),
        "size": (folder / CARD).stat().st_size,
    }
    return write_manifest(folder, manifest)


def _manifest(facts: BundleFacts) -> dict[str, Any]:
    quantization = None if facts.quantization is None else asdict(facts.quantization)
    calibration = None
    if quantization is not None:
        said = {
            "source": quantization.pop("calibration_source"),
            "pair_ids": quantization.pop("calibration_ids"),
            "digest": quantization.pop("calibration_digest"),
            "tokens": quantization.pop("calibration_tokens"),
            "cut": quantization.pop("calibration_cut"),
            "dropped": quantization.pop("calibration_dropped"),
            "loss": quantization.pop("calibration_loss"),
        }
        calibration = said if said["pair_ids"] else None
    return {
        "manifest_version": MANIFEST_VERSION,
        "name": facts.name,
        "created": now(),
        "format": "safetensors" if quantization is None else quantization["format"],
        "quantization": quantization,
        "calibration": calibration,
        "merge": asdict(facts.merge),
        "base_model": facts.base_model,
        "adapter": facts.adapter,
        "dataset": {
            **facts.dataset,
            "merkle_root": merkle_root(pair["id"] for pair in facts.pairs),
        },
        "provenance": facts.provenance,
        "training": facts.training,
        "prompt": facts.prompt,
        "guardrail": facts.guardrail,
        "context_tokens": facts.context_tokens,
        "max_new_tokens": facts.max_new_tokens,
        "parity": facts.parity,
        "eval": None,
        "config_hash": facts.config_hash,
        "config": facts.config,
        "environment": facts.environment,
        "parents": facts.parents,
        "weights": "",
        "files": {},
    }


def _write_greedy(path: Path, max_new_tokens: int) -> None:
    """Servers take their defaults from this file: the most likely query is asked for, not a choice of queries."""
    kept = read_json(path) if path.is_file() else {}
    for name in SAMPLING:
        kept.pop(name, None)
    kept.update(do_sample=False, temperature=0.0, max_new_tokens=max_new_tokens)
    write_json(path, dict(sorted(kept.items())))
