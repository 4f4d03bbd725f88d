"""The split into what is trained on, watched and scored: what belongs together never stands on two sides."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from oracle_sft.config.data import FilesDataConf, SplitBy
from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.provenance.tracker import BACKFILL_SESSION, UNKNOWN_SESSION

Key = tuple[str, ...]


def split_suites(
    pairs: Sequence[Pair],
    canonicals: Mapping[int, str],
    conf: FilesDataConf,
    *,
    seed: int,
    counts: Counter[str],
) -> list[str]:
    """The suite of each pair: `train`, `validation` or `heldout`.

    Pairs with one canonical SQL on one schema belong together, and so do those with one key of `data.split_by`, and
    whatever hangs together by a chain of both. The side of a group is drawn by the hash of its least key, so that a
    pair that comes later moves others only where it ties two groups together. `canonicals` has the canonical SQL
    by `id(pair)`; what the keys are worth is counted in `counts`.

    Raises:
        UserError: all pairs belong together, and some are to be scored or watched.
    """
    groups = _Groups()
    for pair in pairs:
        query = ("", pair.schema_id, canonicals[id(pair)])
        groups.tie(query, split_key(pair, conf) or query)
    roots = [groups.root(("", pair.schema_id, canonicals[id(pair)])) for pair in pairs]
    sizes = Counter(roots)
    if conf.split_by is not SplitBy.canonical:
        counts["no_split_key"] = sum(not split_key(pair, conf) for pair in pairs)
        counts["split_groups"] = len(sizes)
        counts["largest_split_group"] = max(sizes.values(), default=0)
        _check(sizes, conf)
    names = groups.least_by_root()
    suites = {root: _drawn(names[root], conf, seed) for root in sizes}
    if conf.eval_fraction > 0 and "heldout" not in suites.values():
        counts["groups_none_heldout"] = len(sizes)
    return [suites[root] for root in roots]


def split_key(pair: Pair, conf: FilesDataConf) -> Key:
    """What the pair shares with those that belong to it beside its SQL; empty where it says no such thing."""
    match conf.split_by:
        case SplitBy.template:
            value = pair.template
        case SplitBy.session:
            value = str(pair.provenance.get("source_session_id") or "")
            if value in (conf.provenance.session, BACKFILL_SESSION, UNKNOWN_SESSION):
                value = ""  # filled in for want of one: its pairs have nothing in common
        case SplitBy.schema:
            value = pair.schema_id
        case SplitBy.canonical:
            value = ""
    return (conf.split_by.value, value) if value.strip() else ()


class _Groups:
    """Keys that hang together (union-find); the root of a group is some key of it."""

    def __init__(self) -> None:
        self._parents: dict[Key, Key] = {}

    def root(self, key: Key) -> Key:
        """Known keys only."""
        while (parent := self._parents[key]) != key:
            self._parents[key] = self._parents[parent]
            key = parent
        return key

    def tie(self, one: Key, other: Key) -> None:
        for key in (one, other):
            self._parents.setdefault(key, key)
        self._parents[self.root(one)] = self.root(other)

    def least_by_root(self) -> dict[Key, Key]:
        """The key that a group is named by: one of `data.split_by` where it has one, else a query."""
        least: dict[Key, Key] = {}
        for key in self._parents:
            root = self.root(key)
            least[root] = min(least.get(root, key), key, key=lambda each: (not each[0], each))
        return least


def _check(sizes: Counter[Key], conf: FilesDataConf) -> None:
    fractions = conf.eval_fraction + conf.validation_fraction
    if len(sizes) == 1 and fractions > 0 and conf.eval_fraction < 1:
        raise UserError(
            f"data.split_by={conf.split_by.value}: all {sizes.total()} pairs belong together, so that none can be "
            "scored or watched; use another data.split_by, or set data.eval_fraction and data.validation_fraction to 0"
        )


def _drawn(name: Key, conf: FilesDataConf, seed: int) -> str:
    kind, *rest = name
    said = ["split", str(seed), *([kind] if kind else []), *rest]
    digest = hashlib.sha256("\0".join(said).encode()).digest()
    draw = int.from_bytes(digest[:8]) / 2**64
    if draw < conf.eval_fraction:
        return "heldout"
    return "validation" if draw < conf.eval_fraction + conf.validation_fraction else "train"
