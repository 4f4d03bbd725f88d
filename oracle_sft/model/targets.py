"""What can be asked: the weights of a run, a bundle, an adapter of another origin, a server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from oracle_sft.config.schema import RunConf
from oracle_sft.errors import UserError
from oracle_sft.model.answers import Answerer, LocalAnswerer
from oracle_sft.model.manifest import open_bundle
from oracle_sft.optional import require
from oracle_sft.pairs.prompt import prompt_hash
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.run import Run

ENDPOINT = "endpoint"
"""The name of a target that is a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something with a name that can be asked: base, adapter, merged, awq, gptq, endpoint."""

    name: str
    open: Callable[[], Answerer]
    """Load the weights, or find the server."""
    origin: Mapping[str, Any] = field(default_factory=dict)
    """What it is, as far as that is known before it is opened, for the report: JSON values."""
    prompt: Mapping[str, Any] = field(default_factory=dict)
    """What `prompt_facts` said of the prompts that it was trained on; empty where that is not known."""


def find_targets(run: Run, conf: RunConf) -> tuple[list[Target], list[str]]:
    """The targets that a config asks for and that are there, and a sentence for each that is not.

    Raises:
        UserError: there are none, or a folder does not hold what it should.
    """
    if conf.eval.endpoint is not None:
        return [_endpoint(run, conf, conf.eval.endpoint)], []
    if conf.bundle is not None:
        return [_bundle(Path(conf.bundle), conf)], []
    found, missing = [], []
    is_foreign = conf.eval.adapter is not None
    for wanted in conf.eval.targets:
        target = _foreign(wanted, conf) if is_foreign else _of_run(wanted, run, conf)
        if isinstance(target, str):
            missing.append(target)
        else:
            found.append(target)
    if not found:
        of = f"eval.adapter={conf.eval.adapter}" if is_foreign else f"run={run.folder}"
        raise UserError(f"{of} has none of eval.targets: {'; '.join(missing)}")
    return found, missing


def _endpoint(run: Run, conf: RunConf, url: str) -> Target:
    """A server; its tokens are those of the run whose pairs it is asked, or of the folder that `model.path` names."""
    from oracle_sft.model.endpoint import Endpoint

    base_model = run.state["parents"].get("base_model")
    folder = conf.model.path if base_model is None else base_model["path"]
    tokenizer = None if folder is None else partial(_tokenizer, Path(folder))
    return Target(
        name=ENDPOINT,
        open=lambda: Endpoint(conf.eval, tokenizer),
        origin={"endpoint": url},
        prompt=_trained_on(run),
    )


def _tokenizer(folder: Path) -> Any:
    for module in ("torch", "transformers"):
        require(module, extra="train")
    from oracle_sft.model.load import load_tokenizer

    return load_tokenizer(folder)


def _trained_on(run: Run) -> Mapping[str, Any]:
    """What a run recorded of its prompts; nothing where it is older than that, or has not trained."""
    said: Mapping[str, Any] = run.state["stages"].get("train", {}).get("prompt", {})
    return said


def _bundle(folder: Path, conf: RunConf) -> Target:
    """The weights of a bundle, asked in the way that its prompt.json says."""
    manifest = open_bundle(folder)
    quantization = manifest["quantization"]
    # The folder is called after the format; a manifest of version 1 has no other name for it.
    name = "merged" if quantization is None else str(quantization["algorithm"]).lower()
    origin = {
        "bundle": manifest["name"],
        "files": sha256_json(manifest["files"]),
        "dataset": manifest["dataset"]["fingerprint"],
    }

    def opened() -> Answerer:
        answerer = _plain(folder, conf) if quantization is None else _quantized(folder, conf)
        _check_prompt(folder, manifest["prompt"], answerer.tokenizer, conf)
        return answerer

    return Target(name=name, open=opened, origin=origin, prompt=manifest["prompt"])


def _check_prompt(folder: Path, said: Mapping[str, Any], tokenizer: Any, conf: RunConf) -> None:
    if prompt_hash(conf.prompt.name, tokenizer) != said["hash"]:
        raise UserError(
            f"bundle={folder} was trained on prompts of style {said['style']!r} (renderer "
            f"{said['renderer_version']}), and prompt={conf.prompt.name} would show it others; leave prompt=... out, "
            "or use the version of oracle-sft that made the bundle"
        )


def _foreign(wanted: str, conf: RunConf) -> Target | str:
    """A target of an adapter without a run, or why there is none."""
    base, adapter = Path(str(conf.eval.base)), Path(str(conf.eval.adapter))
    match wanted:
        case "base":
            origin = {"base": _digest(base)}
            return Target(name="base", open=lambda: _plain(base, conf), origin=origin)
        case "adapter":
            origin = {"base": _digest(base), "adapter": _digest(adapter)}
            return Target(
                name="adapter", open=lambda: _with_adapter(base, adapter, conf), origin=origin
            )
    return f"{wanted}: eval.adapter={adapter} is no run"


def _of_run(wanted: str, run: Run, conf: RunConf) -> Target | str:
    """A target of a run, or why there is none."""
    base_model = dict(run.state["parents"]["base_model"])
    base_model.pop("files", None)  # their digest says it
    base = Path(base_model["path"])
    trained = run.folder / "adapter"
    merged = run.folder / "package" / "merged"
    quantized = run.folder / "package" / conf.quant.name
    origin = {"base": base_model}
    tuned = partial(Target, origin=origin, prompt=_trained_on(run))
    match wanted:
        case "base":
            return Target(name="base", open=lambda: _plain(base, conf), origin=origin)
        case "adapter":
            return tuned(name="adapter", open=lambda: _with_adapter(base, trained, conf))
        case "merged" if merged.is_dir():
            return tuned(name="merged", open=lambda: _plain(merged, conf))
        case "merged":
            return f"merged: {merged} does not exist; stages has no package"
        case "quantized" if conf.quant.name == "none":
            return "quantized: quant=none"
        case "quantized" if quantized.is_dir():
            return tuned(name=conf.quant.name, open=lambda: _quantized(quantized, conf))
    return (
        f"quantized: {quantized} does not exist; run the package stage with quant={conf.quant.name}"
    )


def _plain(folder: Path, conf: RunConf) -> LocalAnswerer:
    from oracle_sft.model.adapter import load_for_inference

    return LocalAnswerer(*load_for_inference(folder, None, conf.adapter), conf)


def _with_adapter(base: Path, adapter: Path, conf: RunConf) -> LocalAnswerer:
    from oracle_sft.model.adapter import load_for_inference

    return LocalAnswerer(*load_for_inference(base, adapter, conf.adapter), conf)


def _quantized(folder: Path, conf: RunConf) -> LocalAnswerer:
    from oracle_sft.model.quantize import load_quantized

    return LocalAnswerer(*load_quantized(folder), conf)


def _digest(folder: Path) -> dict[str, str]:
    return {"path": str(folder), "digest": sha256_json(digest_folder(folder))}
