"""One hash over many ids, and a short proof that an id is among them (RFC 6962, section 2.1).

A leaf is an id, sorted with the others; leaves and inner nodes are hashed with different prefixes, so that neither
passes for the other.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Proof:
    """That an id is among those of a root."""

    id: str
    index: int
    """Its place among the sorted ids."""
    count: int
    """How many ids there are."""
    path: tuple[str, ...]
    """The hashes (hex) beside its way to the root, from the leaf up."""

    def as_dict(self) -> dict[str, Any]:
        """The proof as JSON values."""
        return {**asdict(self), "path": list(self.path)}


def merkle_root(ids: Iterable[str]) -> str:
    """The root (hex) over ids: sorted, each counted once, so their order does not matter."""
    level = [_leaf(one) for one in sorted(set(ids))]
    while len(level) > 1:
        level = _above(level)
    return (level[0] if level else hashlib.sha256().digest()).hex()


def proof(ids: Iterable[str], wanted: str) -> Proof:
    """The proof that an id is among ids.

    Raises:
        ValueError: it is not.
    """
    leaves = sorted(set(ids))
    index = leaves.index(wanted)
    level, at, path = [_leaf(one) for one in leaves], index, []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):  # the last of an odd number goes up as it is
            path.append(level[beside].hex())
        level, at = _above(level), at // 2
    return Proof(wanted, index, len(leaves), tuple(path))


def verify(root: str, said: Proof) -> bool:
    """Whether a proof leads from its id to a root."""
    if not 0 <= said.index < said.count:
        return False
    path = [bytes.fromhex(one) for one in said.path]
    node, at, last = _leaf(said.id), said.index, said.count - 1
    while last:
        if at % 2 or at < last:
            if not path:
                return False
            beside = path.pop(0)
            node = _node(beside, node) if at % 2 else _node(node, beside)
        at, last = at // 2, last // 2
    return not path and node.hex() == root


def _above(level: list[bytes]) -> list[bytes]:
    paired = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return paired + level[len(paired) * 2 :]


def _leaf(one: str) -> bytes:
    return hashlib.sha256(_LEAF + one.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
