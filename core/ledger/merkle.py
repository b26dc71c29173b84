"""The Merkle tree of RFC 6962: frontier, inclusion and consistency proofs. Pure; hashes are 32 bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Unproven(ValueError):  # noqa: N818  the name says what the proof left open
    """A proof does not show what it should; the text says why."""


def leaf_hash(body: bytes) -> bytes:
    """Hash a leaf: SHA-256 over 0x00 and the body (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node: SHA-256 over 0x01, left and right (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


Node = tuple[int, bytes]
"""A full subtree of a tree: the logarithm of how many leaves it has, and its root."""


def compact(leaves: Iterable[bytes], start: int) -> list[Node]:
    """Answer the largest full subtrees over leaves that stand from a place on, left to right, made level by level.

    They are all that a tree needs of those leaves: whoever has the leaves before them joins these on the right.
    """
    nodes, sha256 = list(leaves), hashlib.sha256
    before: list[Node] = []
    after: list[Node] = []
    level = 0
    while nodes:
        if start & 1:
            before.append((level, nodes.pop(0)))
            start += 1
        if len(nodes) & 1:
            after.append((level, nodes.pop()))
        pairs = iter(nodes)
        nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
        start >>= 1
        level += 1
    return before + after[::-1]


class Frontier:
    """The roots of the full subtrees of a growing tree, largest first: one per set bit of its size.

    Appending costs O(1) hashes on average and O(log n) memory whatever the size.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Go on from a stored frontier.

        Raises:
            ValueError: the number or length of the hashes does not fit the size.
        """
        self.size = size
        self.peaks = list(peaks)
        if size < 0 or len(self.peaks) != size.bit_count() or any(len(p) != HASH_SIZE for p in self.peaks):
            msg = f"{len(self.peaks)} peaks are no frontier of {size} leaves"
            raise ValueError(msg)

    @classmethod
    def decode(cls, size: int, stored: bytes) -> Frontier:
        """Read the form of ``encode``.

        Raises:
            ValueError: the bytes do not fit the size.
        """
        if len(stored) % HASH_SIZE:
            msg = "a frontier is a row of whole hashes"
            raise ValueError(msg)
        return cls(size, (stored[at : at + HASH_SIZE] for at in range(0, len(stored), HASH_SIZE)))

    def encode(self) -> bytes:
        """Write the peaks one after the other, largest subtree first."""
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash on the right."""
        node, full = leaf, self.size
        while full & 1:
            node = node_hash(self.peaks.pop(), node)
            full >>= 1
        self.peaks.append(node)
        self.size += 1

    def join(self, nodes: Iterable[Node]) -> None:
        """Add on the right what ``compact`` made of the leaves that follow.

        Raises:
            ValueError: the first of them does not stand at this size.
        """
        for level, root_of in nodes:
            if self.size & ((1 << level) - 1):
                msg = f"no subtree of {1 << level} leaves begins at {self.size}"
                raise ValueError(msg)
            node, full = root_of, self.size >> level
            while full & 1:
                node = node_hash(self.peaks.pop(), node)
                full >>= 1
            self.peaks.append(node)
            self.size += 1 << level

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add many leaves' hashes on the right: as ``append`` of each, in less time."""
        self.join(compact(leaves, self.size))

    def root(self) -> bytes:
        """Answer the tree's root; SHA-256 of nothing when it is empty."""
        return fold(self.peaks)


def fold(peaks: Sequence[bytes]) -> bytes:
    """Join subtree roots, largest first, to the root above them."""
    if not peaks:
        return EMPTY_ROOT
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = node_hash(peak, node)
    return node


def root(leaves: Iterable[bytes]) -> bytes:
    """Answer the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def split(size: int) -> int:
    """Answer the largest power of two below a size of at least 2: where its tree divides."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(index: int, size: int) -> list[tuple[int, int]]:
    """Name the subtrees ``[start, end)`` whose roots prove a leaf, nearest first (RFC 6962 §2.1.1).

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        msg = f"a tree of {size} leaves has no leaf {index}"
        raise ValueError(msg)
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_path(size: int, later: int) -> list[tuple[int, int]]:
    """Name the subtrees whose roots prove that a later tree only added leaves (RFC 6962 §2.1.2).

    Raises:
        ValueError: sizes that no proof exists for.
    """
    if not 0 < size <= later:
        msg = f"there is no consistency proof from {size} to {later} leaves"
        raise ValueError(msg)
    return subtree_path(0, size, later)


def subtree_path(start: int, end: int, size: int) -> list[tuple[int, int]]:
    """Name the subtrees that prove ``[start, end)`` to be a part of a tree (draft-ietf-plants-merkle-tree-certs §4.4).

    Raises:
        ValueError: ``[start, end)`` is no subtree of a tree of that size.
    """
    if not 0 <= start < end <= size or start % (1 << (end - start - 1).bit_length()):
        msg = f"[{start}, {end}) is no subtree of a tree of {size} leaves"
        raise ValueError(msg)
    low, high, path, whole = 0, size, [], True
    while (low, high) != (start, end):
        middle = low + split(high - low)
        if end <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            if start < middle:
                start, whole = middle, False
            low = middle
    return ([] if whole else [(low, high)]) + path[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Prove a leaf of a tree held in memory; ``inclusion_path`` serves stored trees."""
    return [root(leaves[start:end]) for start, end in inclusion_path(index, len(leaves))]


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Prove that the tree of the first ``size`` leaves only grew into this one."""
    return [root(leaves[start:end]) for start, end in consistency_path(size, len(leaves))]


def _sized(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != HASH_SIZE:
            msg = f"a hash has {HASH_SIZE} bytes, not {len(value)}"
            raise Unproven(msg)


def _complete(proof: Sequence[bytes], path: Sequence[tuple[int, int]]) -> None:
    if len(proof) != len(path):
        msg = f"the proof has {len(proof)} hashes where {len(path)} are needed"
        raise Unproven(msg)


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes) -> None:
    """Hold a leaf hash and its proof to a root (RFC 9162 §2.1.3.2).

    Raises:
        Unproven: the leaf is not shown to be at that index of the tree of that root.
    """
    verify_subtree_inclusion(index, 0, size, leaf, proof, expected)


def verify_subtree_inclusion(
    index: int, start: int, end: int, leaf: bytes, proof: Sequence[bytes], expected: bytes
) -> None:
    """Hold a leaf hash and its proof to the root of the subtree ``[start, end)``; ``index`` counts in the whole tree.

    Raises:
        Unproven: the leaf is not shown to be there.
    """
    if not 0 <= start <= index < end or start % (1 << (end - start - 1).bit_length()):
        msg = f"[{start}, {end}) is no subtree with a leaf {index}"
        raise Unproven(msg)
    _sized(leaf, expected, *proof)
    path = inclusion_path(index - start, end - start)
    _complete(proof, path)
    node = leaf
    for value, (left, _) in zip(proof, path, strict=True):
        node = node_hash(node, value) if left > index - start else node_hash(value, node)
    if node != expected:
        msg = "the proof leads to another root"
        raise Unproven(msg)


def verify_consistency(size: int, later: int, first: bytes, second: bytes, proof: Sequence[bytes]) -> None:
    """Hold two roots and a proof together: the later tree begins with the earlier one (RFC 9162 §2.1.4.2).

    Raises:
        Unproven: the earlier tree is not shown to be the beginning of the later.
    """
    _sized(first, second)
    verify_subtree_consistency(0, size, later, first, second, proof)


def verify_subtree_consistency(
    start: int, end: int, size: int, part: bytes, whole: bytes, proof: Sequence[bytes]
) -> None:
    """Hold the root of the subtree ``[start, end)`` to that of a tree of ``size`` leaves.

    Raises:
        Unproven: the subtree is not shown to be a part of the tree.
    """
    try:
        path = subtree_path(start, end, size)
    except ValueError as wrong:
        raise Unproven(str(wrong)) from None
    _sized(*proof)
    _complete(proof, path)
    inside = bool(path) and path[0][1] == end
    earlier = later = proof[0] if inside else part
    for value, (low, _) in zip(proof[inside:], path[inside:], strict=True):
        if low >= end:
            later = node_hash(later, value)
        else:
            later = node_hash(value, later)
            earlier = node_hash(value, earlier) if low >= start else earlier
    if earlier != part or later != whole:
        msg = "the proof leads to other roots"
        raise Unproven(msg)
