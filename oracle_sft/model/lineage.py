"""From a bundle back to what it was made of: each link with what is recorded of it, and whether it is still so here."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from oracle_sft.model.manifest import MANIFEST, weights_digest
from oracle_sft.record.digest import digest_folder, sha256_file, sha256_json
from oracle_sft.record.files import read_json


class State(Enum):
    """How a link is found on this machine."""

    agrees = "as recorded"
    differs = "not as recorded"
    gone = "not on this machine"
    unchecked = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something that weights were made of."""

    kind: str
    name: str
    said: str
    """What the manifest says of it, for people."""
    digest: str
    path: str
    """Where it was when the bundle was made; `found`, where it is now."""
    found: Path | None
    state: State
    parents: tuple["Link", ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The link and all behind it as JSON values."""
        return {
            "kind": self.kind,
            "name": self.name,
            "said": self.said,
            "digest": self.digest,
            "path": self.path,
            "found": None if self.found is None else str(self.found),
            "state": self.state.value,
            "parents": [parent.as_dict() for parent in self.parents],
        }


class Machine:
    """Where things of a bundle's manifest are on this machine, if they are."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """`folder` is the bundle's; outputs that were moved as a whole are found from it."""
        self._outputs_then = Path(manifest["config"].get("outputs_dir", "outputs"))
        self._run = str(manifest["training"]["run"])
        near = folder.absolute().parents
        is_at_home = len(near) > 2 and near[1].name == self._run and near[0].name == "package"
        self.home = near[1] if is_at_home and (near[1] / "run.json").is_file() else None
        """The folder of the run, where the bundle is in it."""

    def find(self, recorded: str) -> Path | None:
        """The file or folder that a manifest names."""
        path, places = Path(recorded), []
        if self.home is not None and path.is_relative_to(self._outputs_then):
            places.append(self.home.parent / path.relative_to(self._outputs_then))
        places.append(path)  # relative ones start where the user stands, as they did then
        return next((place for place in places if place.exists()), None)

    def run_folder(self, manifest: Mapping[str, Any]) -> Path | None:
        """The folder of the run that made the bundle."""
        found = self.find(str(self._outputs_then / self._run))
        if found is None or not (found / "run.json").is_file():
            return None
        return found if _run_json(found).get("created") == manifest["training"]["created"] else None


def recorded_digest(run_folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """The digest that a run has of a bundle's manifest; None where it has none."""
    name = str(manifest["name"]).removeprefix(f"{manifest['training']['run']}-")
    bundles = _run_json(run_folder).get("bundles")
    digest = bundles.get(name) if isinstance(bundles, dict) else None
    return None if digest is None else str(digest)


def lineage(folder: Path, manifest: Mapping[str, Any]) -> tuple[Link, ...]:
    """What stands directly behind a bundle, with all that stands behind that; hashes what is still there."""
    machine = Machine(folder, manifest)
    made_of = (_adapter(machine, manifest), _base(machine, manifest))
    if manifest["quantization"] is None:
        return made_of
    return (_merged(machine, manifest, made_of),)


def states(links: Iterable[Link]) -> Counter[str]:
    """How many of the links, and of those behind them, are found in which state."""
    found = Counter[str]()
    for link in links:
        found[link.state.value] += 1
        found += states(link.parents)
    return found


def _merged(machine: Machine, manifest: Mapping[str, Any], made_of: tuple[Link, ...]) -> Link:
    run = machine.run_folder(manifest)
    found = None if run is None else run / "package" / "merged"
    recorded = str(manifest["parents"]["merged"])
    merge = manifest["merge"]
    return Link(
        kind="merged weights",
        name=f"{manifest['training']['run']}-merged",
        said=f"{merge['method']}, {merge['dtype']}, into {merge['base_weights']} base weights",
        digest=recorded,
        path=str(Path(manifest["adapter"]["path"]).parent / "package" / "merged"),
        found=found if found is not None and found.is_dir() else None,
        state=_state(found, lambda path: weights_digest(digest_folder(path)) == recorded),
        parents=made_of,
    )


def _adapter(machine: Machine, manifest: Mapping[str, Any]) -> Link:
    adapter = manifest["adapter"]
    found = machine.find(adapter["path"])
    quant = adapter["base_quant"]
    return Link(
        kind="adapter",
        name=str(adapter["kind"]),
        said="" if quant is None else f"trained over a base in {quant['method']}",
        digest=adapter["digest"],
        path=adapter["path"],
        found=found,
        state=_state(found, lambda path: sha256_json(digest_folder(path)) == adapter["digest"]),
        parents=(_run(machine, manifest),),
    )


def _base(machine: Machine, manifest: Mapping[str, Any]) -> Link:
    base = manifest["base_model"]
    found = machine.find(base["path"])
    repository, revision = base.get("repository"), base.get("revision")
    known = [text for text in (repository, revision and f"revision {revision}") if text]
    return Link(
        kind="base model",
        name=base["name"],
        said=", ".join([*known, f"{len(base['files'])} files"]),
        digest=base["digest"],
        path=base["path"],
        found=found,
        state=_state(found, lambda path: sha256_json(digest_folder(path)) == base["digest"]),
    )


def _run(machine: Machine, manifest: Mapping[str, Any]) -> Link:
    training, git = manifest["training"], manifest["training"]["environment"].get("git") or {}
    found = machine.run_folder(manifest)
    code = "code unknown"
    if "commit" in git:
        code = f"code {git['commit'][:12]}{' with uncommitted changes' if git['dirty'] else ''}"
    return Link(
        kind="run",
        name=training["run"],
        said=f"{training['steps']:,} steps, ended {training['ended']}, {code}, seed {manifest['config'].get('seed')}",
        digest=manifest["config_hash"],
        path=str(Path(manifest["adapter"]["path"]).parent),
        found=found,
        state=_state(found, lambda path: recorded_digest(path, manifest) == manifest["digest"]),
        parents=(_dataset(machine, manifest),),
    )


def _dataset(machine: Machine, manifest: Mapping[str, Any]) -> Link:
    dataset, saw = manifest["dataset"], manifest["training"]["saw"]
    found = machine.find(dataset["path"])
    pairs = f"{dataset['suites']['train']:,} pairs to train on"
    if saw is not None:
        pairs += f", {saw['pairs']:,} trained on"
    sources = dict(manifest["dataset"]["sources"])
    return Link(
        kind="dataset",
        name=dataset["name"],
        said=f"{pairs}, Merkle root {dataset['merkle_root'][:12]}",
        digest=dataset["fingerprint"],
        path=dataset["path"],
        found=found,
        state=_state(found, lambda path: _is_dataset(path, manifest["parents"]["dataset"])),
        parents=tuple(_source(machine, path, digest) for path, digest in sources.items())
        or (_generated(manifest),),
    )


def _generated(manifest: Mapping[str, Any]) -> Link:
    """Pairs without a file: the demo's, which the package holds."""
    version = manifest["training"]["environment"].get("packages", {}).get("oracle-sft", "unknown")
    return Link(
        kind="source",
        name=f"data={manifest['dataset']['name']}",
        said=f"made by oracle-sft {version}",
        digest="",
        path="",
        found=None,
        state=State.unchecked,
    )


def _source(machine: Machine, path: str, digest: str) -> Link:
    found = machine.find(path)
    return Link(
        kind="source",
        name=path,
        said="",
        digest=digest,
        path=path,
        found=found,
        state=_state(found, lambda file: sha256_file(file) == digest),
    )


def _is_dataset(folder: Path, recorded: str) -> bool:
    manifest = _object(folder / MANIFEST)
    files = digest_folder(folder)
    files.pop(MANIFEST, None)
    return sha256_json(manifest) == recorded and files == manifest.get("files")


def _state(found: Path | None, agrees: Any) -> State:
    if found is None or not found.exists():
        return State.gone
    try:
        return State.agrees if agrees(found) else State.differs
    except OSError:  # a folder where a file was, or one that may not be read
        return State.differs


def _run_json(folder: Path) -> dict[str, Any]:
    return _object(folder / "run.json")


def _object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; an empty one where there is none."""
    try:
        said = read_json(path)
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
