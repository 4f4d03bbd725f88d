"""The training pairs behind a bundle, and the proof that one of them is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.errors import CheckFailed
from oracle_sft.model.manifest import MANIFEST, is_sealed, read_manifest
from oracle_sft.pairs.trained import CUT, TRAINED
from oracle_sft.record.digest import sha256_file
from oracle_sft.record.files import read_jsonl
from oracle_sft.record.merkle import Proof, merkle_root, proof, verify

PAIRS = "pairs.jsonl"
"""The file of a bundle that lists them: one JSON object a line, as `trained_list` gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a pair was to the weights of a bundle."""

    bundle: str
    folder: Path
    pair: Mapping[str, Any]
    """Its line in pairs.jsonl."""
    is_calibration: bool
    """Whether it was shown to the quantiser."""
    root: str
    """Merkle root of the ids that were trained on; of all that the dataset had to train on, where it was not."""
    proof: Proof

    @property
    def is_trained(self) -> bool:
        return self.pair["state"] in (TRAINED, CUT)

    @property
    def is_proved(self) -> bool:
        return verify(self.root, self.proof)

    def as_dict(self) -> dict[str, Any]:
        """The part as JSON values."""
        return {
            "bundle": self.bundle,
            "folder": str(self.folder),
            **self.pair,
            "calibration": self.is_calibration,
            "root": self.root,
            "proof": self.proof.as_dict(),
            "proved": self.is_proved,
        }


def bundle_pairs(folder: Path, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a bundle's pairs.jsonl, sorted by id.

    Raises:
        CheckFailed: the manifest or the list is not as it was written.
    """
    if not is_sealed(manifest):
        raise CheckFailed(f"{folder / MANIFEST} changed since it was written")
    path = folder / PAIRS
    if not path.is_file():
        raise CheckFailed(f"{path} is missing")
    if sha256_file(path) != manifest["files"].get(PAIRS, {}).get("sha256"):
        raise CheckFailed(f"{path} changed since the bundle was made")
    pairs = read_jsonl(path)
    if merkle_root(pair["id"] for pair in pairs) != manifest["dataset"]["merkle_root"]:
        raise CheckFailed(f"{path} does not give the Merkle root of {MANIFEST}")
    return pairs


def find_bundles(outputs: Path) -> Iterator[Path]:
    """The folders of the bundles below `outputs`, in the order of their names."""
    for path in sorted(outputs.rglob(f"package/*/{MANIFEST}")):
        yield path.parent


def part_in(folder: Path, pair_id: str) -> Part | None:
    """What a pair was to the bundle in a folder; None where it had no part in it.

    Raises:
        UserError: there is no bundle of this version.
        CheckFailed: its manifest or its list of pairs is not as it was written.
    """
    manifest = read_manifest(folder)
    pairs = bundle_pairs(folder, manifest)
    pair = next((pair for pair in pairs if pair["id"] == pair_id), None)
    if pair is None:
        return None
    saw, root = manifest["training"]["saw"], str(manifest["dataset"]["merkle_root"])
    ids = [one["id"] for one in pairs]
    if saw is not None and pair["state"] in (TRAINED, CUT):
        ids = [one["id"] for one in pairs if one["state"] in (TRAINED, CUT)]
        root = str(saw["merkle_root"])
    return Part(
        bundle=manifest["name"],
        folder=folder,
        pair=pair,
        is_calibration=pair_id in ((manifest["calibration"] or {}).get("pair_ids") or ()),
        root=root,
        proof=proof(ids, pair_id),
    )
