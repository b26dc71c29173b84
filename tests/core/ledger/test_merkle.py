"""The tree is that of RFC 6962: the public vectors pass, the must-fail ones fail, every proof holds."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledger import merkle
from core.ledger.merkle import Frontier, Unproven
from tests.paths import SHARED_DATA

VECTORS = SHARED_DATA / "sec_merkle" / "testdata"
LEAVES = st.lists(st.binary(max_size=8).map(merkle.leaf_hash), min_size=1, max_size=70)


def vectors(kind: str) -> list[Any]:
    found = sorted((VECTORS / kind).rglob("*.json"))
    assert found
    return [pytest.param(path, id=str(path.relative_to(VECTORS))) for path in found]


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def outcome(vector: dict[str, Any], verify: Any, *facts: Any) -> None:
    """Run a vector: it must be refused exactly when it says so."""
    proof = [raw(value) for value in vector["proof"] or []]
    if vector["wantErr"]:
        with pytest.raises(Unproven):
            verify(*facts, proof)
    else:
        verify(*facts, proof)


@pytest.mark.parametrize("path", vectors("inclusion"))
def test_inclusion_vectors(path: Path) -> None:
    """Each public inclusion vector is accepted or refused as it demands."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    index, size = vector["leafIdx"], vector["treeSize"]
    leaf, root = raw(vector["leafHash"]), raw(vector["root"])
    outcome(vector, lambda proof: merkle.verify_inclusion(index, size, leaf, proof, root))


@pytest.mark.parametrize("path", vectors("consistency"))
def test_consistency_vectors(path: Path) -> None:
    """Each public consistency vector is accepted or refused as it demands."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    first, second = raw(vector["root1"]), raw(vector["root2"])
    outcome(
        vector,
        lambda proof: merkle.verify_consistency(vector["size1"], vector["size2"], first, second, proof),
    )


@pytest.mark.parametrize("path", vectors("subtreeinclusion"))
def test_subtree_inclusion_vectors(path: Path) -> None:
    """Each public vector of a leaf in a subtree is accepted or refused as it demands."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    index, start, end = vector["leafIdx"], vector["start"], vector["end"]
    leaf, root = raw(vector["leafHash"]), raw(vector["root"])
    outcome(vector, lambda proof: merkle.verify_subtree_inclusion(index, start, end, leaf, proof, root))


@pytest.mark.parametrize("path", vectors("subtreeconsistency"))
def test_subtree_consistency_vectors(path: Path) -> None:
    """Each public vector of a subtree in a tree is accepted or refused as it demands."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    start, end, size = vector["start"], vector["end"], vector["size"]
    first, second = raw(vector["root1"]), raw(vector["root2"])
    outcome(
        vector,
        lambda proof: merkle.verify_subtree_consistency(start, end, size, first, second, proof),
    )


def test_every_public_vector_is_used() -> None:
    """The 103 vectors are of four kinds; both the ones that must pass and the ones that must fail are there."""
    kinds = ("inclusion", "consistency", "subtreeinclusion", "subtreeconsistency")
    used = [one.values[0] for kind in kinds for one in vectors(kind)]
    assert sorted(used) == sorted(VECTORS.rglob("*.*"))
    wanted = [json.loads(one.read_text(encoding="utf-8"))["wantErr"] for one in used]
    assert (wanted.count(False), wanted.count(True)) == (7, 96)


def plain_root(leaves: list[bytes]) -> bytes:
    """The root straight from the words of RFC 6962 §2.1, as the oracle."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    joined = b"\x01" + plain_root(leaves[:middle]) + plain_root(leaves[middle:])
    return hashlib.sha256(joined).digest()


def test_the_known_roots() -> None:
    """The empty tree and one empty leaf have the hashes everyone knows."""
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(LEAVES)
def test_the_frontier_gives_the_root_of_the_standard(leaves: list[bytes]) -> None:
    """After every append the root is that of the recursive definition, with one peak per set bit."""
    frontier = Frontier()
    for count, leaf in enumerate(leaves, 1):
        frontier.append(leaf)
        assert frontier.root() == plain_root(leaves[:count])
        assert len(frontier.peaks) == count.bit_count()


@given(LEAVES, st.data())
def test_a_stored_frontier_goes_on_as_if_never_stored(leaves: list[bytes], data: st.DataObject) -> None:
    """Encoding and decoding anywhere changes nothing of what follows."""
    cut = data.draw(st.integers(0, len(leaves)))
    first = Frontier()
    for leaf in leaves[:cut]:
        first.append(leaf)
    again = Frontier.decode(first.size, first.encode())
    for leaf in leaves[cut:]:
        again.append(leaf)
    assert again.root() == plain_root(leaves)


@given(LEAVES, st.data())
def test_every_inclusion_proof_holds_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    """A proof shows its leaf at its place, not another leaf, place or root, and not with a bit turned."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root, leaf = merkle.inclusion_proof(leaves, index), plain_root(leaves), leaves[index]
    merkle.verify_inclusion(index, len(leaves), leaf, proof, root)
    turned = bytes([leaf[0] ^ 1]) + leaf[1:]
    for attempt in (
        (index, len(leaves), turned, proof, root),
        (index, len(leaves), leaf, [*proof, root], root),
        (index, len(leaves), leaf, proof, turned),
        (len(leaves), len(leaves), leaf, proof, root),
        (-1, len(leaves), leaf, proof, root),
        (index, len(leaves), leaf[:-1], proof, root),
        (index, len(leaves), leaf, proof, b""),
    ):
        with pytest.raises(Unproven):
            merkle.verify_inclusion(*attempt)
    if proof:
        with pytest.raises(Unproven):
            merkle.verify_inclusion(index, len(leaves), leaf, [turned, *proof[1:]], root)


@given(LEAVES, st.data())
def test_every_consistency_proof_holds_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    """A log that only grew proves it; one with a changed past cannot."""
    size = data.draw(st.integers(1, len(leaves)))
    proof = merkle.consistency_proof(leaves, size)
    first, second = plain_root(leaves[:size]), plain_root(leaves)
    merkle.verify_consistency(size, len(leaves), first, second, proof)
    turned = bytes([first[0] ^ 1]) + first[1:]
    for attempt in (
        (size, len(leaves), turned, second, proof),
        (size, len(leaves), first, turned, proof),
        (size, len(leaves), first, second, [*proof, first]),
        (0, len(leaves), first, second, proof),
        (len(leaves) + 1, len(leaves), first, second, proof),
        (size, len(leaves), first, b"", proof),
    ):
        with pytest.raises(Unproven):
            merkle.verify_consistency(*attempt)


@pytest.mark.parametrize(("size", "stored"), [(3, b"x" * 32), (1, b"x" * 33), (0, b"x" * 32), (-1, b"")])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, stored: bytes) -> None:
    """Nothing goes on from a damaged frontier."""
    with pytest.raises(ValueError):
        Frontier.decode(size, stored)


@pytest.mark.parametrize("before", range(10))
def test_many_leaves_at_once_are_as_one_after_the_other(before: int) -> None:
    """Whatever the tree holds already, and however many come."""
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(50)]
    for many in range(40):
        one, all_at_once = merkle.Frontier(), merkle.Frontier()
        for leaf in leaves[: before + many]:
            one.append(leaf)
        all_at_once.extend(leaves[:before])
        all_at_once.extend(leaves[before : before + many])
        assert (all_at_once.size, all_at_once.peaks) == (one.size, one.peaks)
