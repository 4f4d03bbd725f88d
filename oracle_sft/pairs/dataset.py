"""A built dataset on disk: pairs by suite, and a copy of each schema that they speak of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair
from oracle_sft.record.digest import digest_folder
from oracle_sft.record.files import read_json, read_jsonl
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.schema import Schema

UNSCORED = ("train", "validation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A folder below outputs/datasets."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        return str(self.manifest["fingerprint"])

    @property
    def stats(self) -> dict[str, Any]:
        """What the build counted: rows in and out, by reason; provenance; suites."""
        stats: dict[str, Any] = read_json(self.folder / "stats.json")
        return stats

    @property
    def num_rejected(self) -> int:
        """Pairs, and places without one, that are in rejected.jsonl."""
        return sum(self.stats["rejected"].values())

    @property
    def provenance(self) -> dict[str, Any]:
        """The provenance figures of a run: of all pairs that were read, and how many took theirs from the config."""
        stats = self.stats
        figures: dict[str, Any] = stats["provenance"]
        return {**figures, "annotated": stats["counts"].get("annotated", 0)}

    def rejected(self) -> Iterator[dict[str, Any]]:
        """What was set aside, a row at a time: the pair with its `stage`, `reason` and place."""
        return rejected_rows(self.folder)

    def train_pairs(self) -> list[Pair]:
        """The pairs to train on, in their fixed order."""
        return [Pair.from_dict(said) for said in read_jsonl(self.folder / "train.jsonl")]

    def validation_pairs(self) -> list[Pair]:
        """The pairs whose loss is watched; never scored."""
        return [pair for pair in self._eval_pairs() if pair.suite == "validation"]

    def held_out_pairs(self) -> list[Pair]:
        """All that is not trained on: the watched pairs and those of the scored suites."""
        return self._eval_pairs()

    def suites(self) -> dict[str, list[Pair]]:
        """The scored suites by name, in the order in which they first appear."""
        found: dict[str, list[Pair]] = {}
        for pair in self._eval_pairs():
            if pair.suite not in UNSCORED:
                found.setdefault(pair.suite, []).append(pair)
        return found

    def schemas(self) -> dict[str, Schema]:
        """The schemas by id."""
        folders = sorted(path for path in (self.folder / "schemas").iterdir() if path.is_dir())
        return {
            folder.name: read_ddl(
                (folder / "schema.sql").read_text(encoding="utf-8"), schema_id=folder.name
            )
            for folder in folders
        }

    def rows_path(self, schema_id: str) -> Path | None:
        """The rows of a schema, or None where it has none."""
        path = self.folder / "schemas" / schema_id / "rows.json"
        return path if path.exists() else None

    def _eval_pairs(self) -> list[Pair]:
        return [Pair.from_dict(said) for said in read_jsonl(self.folder / "eval.jsonl")]


def rejected_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of a dataset's rejected.jsonl."""
    with (folder / "rejected.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def open_dataset(folder: Path) -> Dataset:
    """The dataset in a folder.

    Raises:
        UserError: there is none, or its files are not those of its manifest.
    """
    if not (folder / "MANIFEST.json").is_file():
        raise UserError(f"{folder} holds no dataset; start the train command again to build it")
    manifest = read_json(folder / "MANIFEST.json")
    found = digest_folder(folder)
    changed = [name for name, facts in manifest["files"].items() if found.get(name) != facts]
    if changed:
        raise UserError(
            f"{folder}: {', '.join(changed)} changed since the dataset was built; remove the folder to build it again"
        )
    return Dataset(folder=folder, manifest=manifest)
