"""The hash over many ids, and its proofs."""

import hashlib
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.record.merkle import merkle_root, proof, verify

IDS = st.sets(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), min_size=1)


def rfc_6962(leaves: list[bytes]) -> bytes:
    """The definition: split at the largest power of two below the number of leaves."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    halves = rfc_6962(leaves[:split]) + rfc_6962(leaves[split:])
    return hashlib.sha256(b"\x01" + halves).digest()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 7, 8, 9, 64, 100])
def test_the_root_is_that_of_the_rfc(count: int) -> None:
    ids = [f"{number:04x}" for number in range(count)]
    assert merkle_root(ids) == rfc_6962([one.encode() for one in ids]).hex()


@given(IDS, st.randoms())
def test_neither_order_nor_repetition_counts(ids: set[str], draw: Random) -> None:
    shuffled = [*ids, *list(ids)[:2]]
    draw.shuffle(shuffled)
    assert merkle_root(shuffled) == merkle_root(sorted(ids))


@given(IDS)
def test_each_id_has_a_proof(ids: set[str]) -> None:
    root = merkle_root(ids)
    assert all(verify(root, proof(ids, one)) for one in ids)


@given(IDS, st.text(st.characters(exclude_categories=["Cs"])))
def test_no_other_id_has_one(ids: set[str], other: str) -> None:
    root, said = merkle_root(ids), proof(ids, min(ids))
    assert verify(root, replace(said, id=other)) == (other == said.id)
    if other not in ids:
        with pytest.raises(ValueError, match="list"):
            proof(ids, other)


@given(st.sets(st.integers(0, 999), min_size=2, max_size=40), st.data())
def test_a_changed_proof_proves_nothing(numbers: set[int], data: st.DataObject) -> None:
    ids = [str(number) for number in numbers]
    root, said = merkle_root(ids), proof(ids, data.draw(st.sampled_from(ids)))
    at = data.draw(st.integers(0, len(said.path) - 1))
    wrong = [*said.path]
    wrong[at] = hashlib.sha256(bytes.fromhex(wrong[at])).hexdigest()
    for changed in (
        replace(said, path=tuple(wrong)),
        replace(said, path=said.path[1:]),
        replace(said, path=(*said.path, said.path[0])),
        replace(said, index=said.count),
        replace(said, index=-1),
    ):
        assert not verify(root, changed)
    assert not verify(merkle_root([*ids, "more"]), said)


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    left, right = (hashlib.sha256(b"\x00" + one).digest() for one in (b"a", b"b"))
    assert merkle_root(["a", "b"]) != hashlib.sha256(b"\x00" + left + right).hexdigest()
