"""The base weights of a run: after the first look every model is a local folder with a digest."""

from pathlib import Path

from oracle_sft.config.schema import RunConf
from oracle_sft.errors import UserError
from oracle_sft.model.tiny.build import build_tiny, tiny_fingerprint
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.lock import exclusive
from oracle_sft.record.run import Run


def prepare_base(conf: RunConf, run: Run) -> Path:
    """The folder of the base model, recorded with its digest as a parent of the run.

    Raises:
        UserError: a run that goes on would go on with other weights.
    """
    folder = base_folder(conf)
    digest = sha256_json(digest_folder(folder))
    parent = {"name": conf.model.name, "path": str(folder), "digest": digest}
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
