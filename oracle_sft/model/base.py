"""The base weights of a run: after the first look every model is a local folder with a digest."""

import re
from pathlib import Path

from oracle_sft.config.schema import RunConf
from oracle_sft.errors import UserError
from oracle_sft.model.tiny.build import build_tiny, tiny_fingerprint
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.lock import exclusive
from oracle_sft.record.run import Run


def prepare_base(conf: RunConf, run: Run) -> Path:
    """The folder of the base model, recorded with its files and their digest as a parent of the run.

    Raises:
        UserError: a run that goes on would go on with other weights.
    """
    folder = base_folder(conf)
    files = digest_folder(folder)
    digest = sha256_json(files)
    parent = {
        "name": conf.model.name,
        "path": str(folder),
        "digest": digest,
        **origin(folder),
        "files": files,
    }
    known = run.state["parents"].get("base_model", parent)
    if known["digest"] != digest:
        raise UserError(
            f"{folder}: the weights changed since this run began (digest {known['digest'][:12]} is now {digest[:12]}); "
            "set another run_name, or put the old weights back"
        )
    run.note(parents={**run.state["parents"], "base_model": parent})
    return folder


def base_folder(conf: RunConf) -> Path:
    """Where the base's weights lie; the tiny base is put into outputs/models on first use."""
    if conf.model.path is not None:
        return Path(conf.model.path)
    models = Path(conf.outputs_dir) / "models"
    folder = models / f"tiny-{tiny_fingerprint()[:12]}"
    with exclusive(models / ".tiny.lock", wait=True):
        return build_tiny(folder)


def origin(folder: Path) -> dict[str, str]:
    """The repository and the revision that a model hub's client says the weights in `folder` are, as far as it does.

    Its cache has them in the folder's path; a download into a folder of one's own leaves notes beside the files.
    """
    found = _CACHED.search(folder.resolve().as_posix())
    if found is not None:
        return {
            "repository": found["repository"].replace("--", "/", 1),
            "revision": found["revision"],
        }
    notes = sorted((folder / ".cache/huggingface/download").glob("*.metadata"))
    revisions = {note.read_text(encoding="utf-8").partition("\n")[0].strip() for note in notes}
    return {"revision": revisions.pop()} if len(revisions) == 1 else {}


_CACHED = re.compile(r"/models--(?P<repository>[^/]+)/snapshots/(?P<revision>[^/]+)/?$")
