"""What a run's folder, its dataset and its base say of the weights that were made of them."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from oracle_sft.config.compose import to_dict
from oracle_sft.config.names import config_hash
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import UserError
from oracle_sft.model.bundle import BundleFacts, prompt_facts
from oracle_sft.model.load import load_tokenizer
from oracle_sft.model.merge import MergeFacts
from oracle_sft.pairs.dataset import Dataset, open_dataset
from oracle_sft.pairs.guard import guardrail
from oracle_sft.pairs.trained import TRAINED_LIST, listed_pair
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.environment import environment
from oracle_sft.record.files import read_jsonl
from oracle_sft.record.run import Run

_TRAINING = ("started", "ended", "seconds", "steps", "train_loss", "validation_loss", "tokens")


def bundle_facts(run: Run, conf: RunConf, merged_folder: Path, merge: MergeFacts) -> BundleFacts:
    """The facts of the merged weights of a run; each file that they speak of is hashed once.

    Raises:
        UserError: the dataset is gone or changed, or the base is not the one that the run was trained on.
    """
    dataset = open_dataset(Path(run.state["parents"]["dataset"]["path"]))
    base_model = _base_model(run)
    adapter = digest_folder(run.folder / "adapter")
    trained = run.state["stages"]["train"]
    return BundleFacts(
        name=f"{run.name}-{merged_folder.name}",
        base_model=base_model,
        adapter={
            "kind": conf.adapter.name,
            "path": str(run.folder / "adapter"),
            "digest": sha256_json(adapter),
            "base_quant": trained["model"].get("base_quant"),
            "files": adapter,
        },
        dataset={
            "name": dataset.manifest["name"],
            "path": str(dataset.folder),
            "fingerprint": dataset.fingerprint,
            "suites": dataset.stats["suites"],
            "schemas": dataset.manifest["schemas"],
            "sources": dataset.manifest.get("parents", {}).get("sources", {}),
        },
        provenance=dataset.provenance,
        pairs=_pairs(run, dataset),
        training=_training(run, trained),
        merge=merge,
        quantization=None,
        prompt=prompt_facts(conf.prompt, load_tokenizer(merged_folder)),
        guardrail={"name": conf.guardrail.name, **asdict(guardrail(conf).policy)},
        context_tokens=conf.model.context_tokens,
        max_new_tokens=conf.eval.max_new_tokens,
        config=to_dict(conf),
        config_hash=config_hash(conf),
        environment=environment(),
        parents={
            "dataset": sha256_json(dataset.manifest),
            "base_model": base_model["digest"],
            "adapter": sha256_json(adapter),
        },
    )


def _base_model(run: Run) -> dict[str, Any]:
    """The run's record of its base. Its sizes are looked at again, and its bytes only where no run has hashed them."""
    said = dict(run.state["parents"]["base_model"])
    folder = Path(said["path"])
    if "files" not in said:  # the run is older than the list
        said["files"] = digest_folder(folder)
        if sha256_json(said["files"]) != said["digest"]:
            raise UserError(_other_base(folder, "its digest is another one"))
    for name, facts in said["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != facts["size"]:
            why = f"{name} has another size" if path.is_file() else f"{name} is gone"
            raise UserError(_other_base(folder, why))
    return said


def _other_base(folder: Path, why: str) -> str:
    return (
        f"{folder}: the base changed since the run was trained on it ({why}); "
        "put the old weights back, or train again"
    )


def _pairs(run: Run, dataset: Dataset) -> list[dict[str, Any]]:
    path = run.folder / TRAINED_LIST
    if path.is_file():
        return read_jsonl(path)
    pairs = sorted(dataset.train_pairs(), key=lambda pair: pair.id)
    return [listed_pair(pair, None) for pair in pairs]  # the run is older than the list


def _training(run: Run, trained: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": run.name,
        "created": run.state["created"],
        "command": run.state["command"],
        **{name: trained.get(name) for name in _TRAINING},
        "compute_dtype": trained["model"].get("compute_dtype"),
        "device": trained["model"].get("device"),
        "saw": trained.get("saw"),
        "environment": run.state["environment"],
    }
