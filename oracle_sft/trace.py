"""Check a bundle and show what it was made of: adapter, run, dataset, sources; or find the bundles of a pair."""

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from oracle_sft.config.cli import guarded
from oracle_sft.errors import CheckFailed, EnvironmentFault, OracleSftError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from oracle_sft.model.bundle_pairs import Part
    from oracle_sft.record.console import Console, Step
    from oracle_sft.record.digest import OnBytes

_MAX_NAMED = 20


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    return guarded(lambda: _trace(arguments))


def _trace(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)
    try:
        if asked.pair is not None:
            _show_parts(asked)
        elif asked.bundle is None:
            raise UserError(
                "give the folder of a bundle, or --pair ID; --help shows how to call it"
            )
        elif asked.pairs:
            _show_pairs(Path(asked.bundle), as_json=asked.json)
        else:
            _show_lineage(Path(asked.bundle), asked)
    except PermissionError as error:
        raise EnvironmentFault(f"{error.filename} cannot be read: {error.strerror}") from error


# --- one bundle -----------------------------------------------------------------------------------


def _show_lineage(folder: Path, asked: argparse.Namespace) -> None:
    from oracle_sft.model.lineage import lineage, states
    from oracle_sft.model.lineage_tree import tree
    from oracle_sft.model.manifest import read_manifest
    from oracle_sft.record.console import Console
    from oracle_sft.record.signature import SIGNATURE

    manifest = read_manifest(folder)
    console = None if asked.json else Console()
    with _step(console, "verify") as step:
        wrong = _wrong(folder, manifest, step.update)
        if any(wrong.values()):
            if asked.json:
                _print_json({"bundle": str(folder), "verified": False, "wrong": wrong})
            raise CheckFailed(f"{folder} is not as it was made: {_listed(wrong)}")
        step.done(f"{len(manifest['files'])} files, all as recorded")
    if asked.sign is not None or asked.public_key is not None:
        with _step(console, "signature") as step:
            step.done(_signature(folder, asked))
    with _step(console, "lineage") as step:
        links = lineage(folder, manifest)
        step.done(", ".join(f"{count} {state}" for state, count in states(links).items()))
    note = "" if asked.public_key is not None else _unchecked(folder, manifest)
    if (folder / SIGNATURE).is_file() and asked.public_key is None and asked.sign is None:
        note = "; ".join(filter(None, [note, f"{SIGNATURE}: give --public-key to check it"]))
    if console is None:
        _print_json(
            {
                "bundle": str(folder),
                "verified": True,
                "name": manifest["name"],
                "digest": manifest["digest"],
                "unchecked": note,
                "lineage": [link.as_dict() for link in links],
            }
        )
        return
    console.rich.print(tree(folder, manifest, links), soft_wrap=False, overflow="fold")
    if note:
        console.say(f"not checked: {note}")


def _signature(folder: Path, asked: argparse.Namespace) -> str:
    """Sign a bundle that was verified, or check its signature; returns what was done."""
    from oracle_sft.record.signature import check_signature, sign

    if asked.sign is not None:
        return f"written to {sign(folder, Path(asked.sign))}"
    check_signature(folder, Path(asked.public_key))
    return f"that of {asked.public_key}"


def _step(console: "Console | None", title: str) -> "AbstractContextManager[Step]":
    """A step for the user to see; one for nobody where JSON is printed."""
    from oracle_sft.record.console import Step

    return nullcontext(Step(title, None)) if console is None else console.step(title)


def _wrong(folder: Path, manifest: dict[str, Any], on_progress: "OnBytes") -> dict[str, list[str]]:
    """What is not as it was made, by kind: names of files."""
    from oracle_sft.model.lineage import Machine, recorded_digest
    from oracle_sft.model.manifest import MANIFEST, compare, is_sealed

    found = compare(folder, manifest, on_progress)
    wrong = {"changed": found.changed, "missing": found.missing, "extra": found.extra}
    if not is_sealed(manifest):
        wrong["changed"] = [MANIFEST, *found.changed]
        return wrong  # nothing that it says leads anywhere
    run = Machine(folder, manifest).home
    if run is not None and recorded_digest(run, manifest) != manifest["digest"]:
        wrong[f"not the manifest that {run / 'run.json'} records"] = [MANIFEST]
    return wrong


def _unchecked(folder: Path, manifest: dict[str, Any]) -> str:
    """What nobody here can say of a bundle whose files are as its manifest says; empty where nothing is left."""
    from oracle_sft.model.lineage import Machine, recorded_digest

    run = Machine(folder, manifest).run_folder(manifest)
    if run is None:
        return (
            "the run that made it is not on this machine, so only its own digest says that MANIFEST.json is the one "
            f"that was written; compare {manifest['digest']} with `bundles` in that run's run.json"
        )
    if recorded_digest(run, manifest) == manifest["digest"]:
        return ""
    return (
        f"{run / 'run.json'} records another manifest for {_shown(manifest['name'])}: the bundle was made anew or "
        "scored since this copy was made, or the copy was changed"
    )


def _listed(wrong: dict[str, list[str]]) -> str:
    said = []
    for kind, names in wrong.items():
        if names:
            more = f" and {len(names) - _MAX_NAMED:,} more" if names[_MAX_NAMED:] else ""
            said.append(f"{kind}: {', '.join(map(_shown, names[:_MAX_NAMED]))}{more}")
    return "; ".join(said)


def _show_pairs(folder: Path, *, as_json: bool) -> None:
    from oracle_sft.model.bundle_pairs import bundle_pairs
    from oracle_sft.model.manifest import read_manifest

    pairs = bundle_pairs(folder, read_manifest(folder))
    if as_json:
        _print_json(pairs)
        return
    for pair in pairs:
        print(_shown(pair["id"]), pair["state"] or "not recorded", _shown(pair["source"]), sep="\t")


# --- one pair -------------------------------------------------------------------------------------


def _show_parts(asked: argparse.Namespace) -> None:
    parts, folders, unread = _parts(asked)
    if asked.json:
        said = {
            "pair": asked.pair,
            "looked_at": [str(folder) for folder in folders],
            "parts": [part.as_dict() for part in parts],
            "unread": {str(folder): reason for folder, reason in unread.items()},
        }
        _print_json(said)
    else:
        for part in parts:
            print(f"{part.folder}: {_said_of(part)}")
    if unread:
        reasons = "; ".join(unread.values())
        raise CheckFailed(
            f"{len(unread)} of {len(folders)} bundles cannot say whether it is theirs: {reasons}"
        )
    if not parts:
        raise CheckFailed(
            f"pair {_shown(asked.pair)} is behind none of {len(folders)} bundles; "
            "--pairs lists the pairs behind one"
        )


def _parts(
    asked: argparse.Namespace,
) -> "tuple[list[Part], Sequence[Path], dict[Path, str]]":
    """What the pair was to each bundle, the bundles that were looked at, and why some could not be."""
    from oracle_sft.model.bundle_pairs import find_bundles, part_in

    if asked.bundle is not None:
        part = part_in(Path(asked.bundle), asked.pair)
        return [part] if part else [], [Path(asked.bundle)], {}
    outputs = Path(asked.outputs)
    folders = [*find_bundles(outputs)]
    if not folders:
        why = "holds no bundle" if outputs.is_dir() else "does not exist"
        raise UserError(f"--outputs {outputs} {why}; give the folder that runs are in")
    parts, unread = [], {}
    for folder in folders:
        try:
            part = part_in(folder, asked.pair)
        except OracleSftError as error:
            unread[folder] = str(error)
            continue
        if part is not None:
            parts.append(part)
    return parts, folders, unread


def _said_of(part: "Part") -> str:
    """What a pair was to a bundle, in one line."""
    state = part.pair["state"]
    said = {
        "trained": "trained on",
        "cut": "trained on without the end of its answer, which was too long",
        "dropped": "left out of the training, since it was too long",
        "unreached": "not come to before the last step of the training",
        None: "in the dataset; what training saw of it was not recorded",
    }[state]
    if part.is_trained:
        said += f" ({part.pair['tokens']:,} tokens, {part.pair['sha256'][:12]})"
    if part.is_calibration:
        said += ", shown to the quantiser"
    of = "the ids that were trained on" if part.is_trained else "the dataset's ids"
    proved = "proved" if part.is_proved else "NOT proved"
    return f"{said}; {proved} by {len(part.proof.path)} hashes up to the Merkle root {part.root[:12]} of {of}"


# --- the command line -----------------------------------------------------------------------------


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2))  # escaped: the name of a file may be no text


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; --help shows how to call it")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m oracle_sft.trace",
        description=__doc__,
        epilog="exit codes: 0 all is as it was made, 1 something is not, or the pair is in no bundle, 2 the request "
        "must change, 3 the machine must change",
    )
    about = "folder of a bundle, as outputs/NAME/package/awq; a copy of it will do"
    parser.add_argument("bundle", nargs="?", metavar="BUNDLE", help=about)
    asks = parser.add_mutually_exclusive_group()
    asks.add_argument("--pairs", action="store_true", help="list the training pairs behind BUNDLE")
    about = "say what a pair was to BUNDLE, or to each bundle below --outputs, with the proof"
    asks.add_argument("--pair", metavar="ID", help=about)
    about = "where --pair looks for bundles; default: outputs"
    parser.add_argument("--outputs", metavar="DIR", default="outputs", help=about)
    about = "sign BUNDLE with a private key (PEM) once it is verified; wants the extra `sign`"
    asks.add_argument("--sign", metavar="KEY", help=about)
    about = "check that BUNDLE is signed by the owner of a public key (PEM); wants the extra `sign`"
    asks.add_argument("--public-key", metavar="KEY", help=about)
    parser.add_argument("--json", action="store_true", help="print JSON, with proofs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
