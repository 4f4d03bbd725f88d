"""What training demands of where its pairs come from: every record valid, every pair approved and none excluded."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from oracle_sft.config.data import DataConf, FilesDataConf, JsonlDataConf, Malformed
from oracle_sft.errors import UserError
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.provenance import SOURCES
from oracle_sft.pairs.provenance.rules import problems

INVALID = "invalid_provenance"
"""The stage of rejected.jsonl that sets aside pairs whose records break a rule."""

_MAX_SHOWN = 10


def known_sources(conf: DataConf) -> tuple[str, ...]:
    """What a pair's `source` may be under this config."""
    added = conf.provenance.allow_sources if isinstance(conf, FilesDataConf) else ()
    return (*SOURCES, *added)


def check_dataset(dataset: Dataset, conf: DataConf) -> None:
    """Pass when no pair was set aside for an invalid record, or the config says that such pairs may be.

    Raises:
        UserError: names the first ten with file, line and fault, and says what mends them.
    """
    if isinstance(conf, FilesDataConf) and conf.malformed is Malformed.set_aside:
        return
    if fault := invalid_records(dataset, conf):
        raise UserError(f"nothing is trained: {fault}")


def invalid_records(dataset: Dataset, conf: DataConf) -> str:
    """The pairs that were set aside for an invalid record, and what mends them; '' where there are none."""
    count = dataset.stats["rejected"].get(INVALID, 0)
    if not count:
        return ""
    shown: list[str] = []
    sources: set[str] = set()
    for row in dataset.rejected():
        if row["stage"] == INVALID:
            sources.update(_named(row["provenance"].get("source")))
            if len(shown) < _MAX_SHOWN:
                shown.append(f"{_place(row)}: {row['reason']}")
    if count > len(shown):
        shown.append(f"... and {count - len(shown):,} more in {dataset.folder / 'rejected.jsonl'}")
    listed = "\n  ".join(shown)
    verb = "pairs have" if count > 1 else "pair has"
    return f"{count:,} {verb} invalid provenance:\n  {listed}\n{mending(sources, conf)}"


def mending(sources: Iterable[object], conf: DataConf) -> str:
    """What mends records that name these sources and are invalid, a line for each way."""
    known = known_sources(conf)
    added = known[len(SOURCES) :]
    unknown = sorted({name for one in sources for name in _named(one)}.difference(known))
    ways = []
    if unknown:
        names = [*added, *unknown]
        is_plain = all(re.fullmatch(r"[A-Za-z][\w.-]*", name) for name in names)
        listed = ",".join(names) if is_plain else "NAME,..."
        ways.append(f"data.provenance.allow_sources=[{listed}] where the sources are meant")
    if isinstance(conf, JsonlDataConf):
        allowed = "".join(f" --allow-source {name}" for name in added)
        ways.append(
            f"correct the file; python -m oracle_sft.provenance validate {conf.path}{allowed} lists every line"
        )
    elif isinstance(conf, FilesDataConf):
        ways.append(f"correct {conf.path}")
    if not (isinstance(conf, FilesDataConf) and conf.malformed is Malformed.set_aside):
        ways.append("data.malformed=set_aside goes on without these pairs")
    return "to mend it:\n  " + "\n  ".join(ways)


def check_pairs(pairs: Sequence[Pair], dataset: Dataset, conf: DataConf) -> None:
    """Pass when each of these pairs of a dataset may be trained on.

    The build lets no other pair into train.jsonl; a folder that somebody else made may hold any.

    Raises:
        UserError: a record is invalid, or a pair is excluded or not approved; names the first ten.
    """
    known = known_sources(conf)
    wrong = [(pair, fault) for pair in pairs if (fault := _fault(pair, known))]
    if not wrong:
        return
    shown = [f"{pair.suite} pair {pair.id}: {fault}" for pair, fault in wrong[:_MAX_SHOWN]]
    if len(wrong) > len(shown):
        shown.append(f"... and {len(wrong) - len(shown):,} more")
    listed = "\n  ".join(shown)
    raise UserError(
        f"{dataset.folder} holds pairs that may not be trained on, {len(wrong):,} of {len(pairs):,}:\n  {listed}\n"
        "to mend it: complete the records of the file that it was made of (python -m oracle_sft.provenance backfill "
        "FILE --source NAME --model NAME), remove the folder, and start again"
    )


def _fault(pair: Pair, known: Sequence[str]) -> str:
    """Why a pair may not be trained on; '' for one that may."""
    said = pair.provenance
    if errors := problems(said, known):
        return "; ".join(errors)
    if said.get("excluded"):
        return f"excluded: {said['exclusion_reason']}"
    return "" if said["approved"] else "not approved"


def _named(source: object) -> list[str]:
    """The source where it is a name at all: an invalid record may say anything."""
    return [source] if isinstance(source, str) and source.strip() else []


def _place(row: dict[str, Any]) -> str:
    return f"{row['where']}: pair {row['id']}" if row.get("where") else f"pair {row['id']}"
