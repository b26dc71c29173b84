"""A sealed blob opens whole, in its own place, or not at all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from core.evidence import FaultKind, Part
from core.evidence.sealing import Seal
from core.evidence.terms import MEGABYTE
from tests.core.evidence.people import PLANT, SUPPLIER, Ring

if TYPE_CHECKING:
    from tests.fakes.blobs import MemoryBlobs


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("size", [1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 3 * MEGABYTE])
async def test_content_of_any_size_comes_back(blobs: MemoryBlobs, size: int) -> None:
    """On, below and above the edge of a segment."""
    plain = bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)
    seal = Seal(blobs, Ring(), PLANT)
    key = await seal.put(Part.ORIGINAL, digest(plain[:size]), plain[:size])
    assert await seal.look(key, digest(plain[:size])) == plain[:size]
    assert plain[:64] not in blobs.kept[key] or size < 64


def cut(blob: bytes) -> list[bytes]:
    """The segments of a blob, each with its length in front."""
    found, at = [], 4
    while at < len(blob):
        end = at + 4 + int.from_bytes(blob[at : at + 4], "big")
        found.append(blob[at:end])
        at = end
    return found


def count(number: int) -> bytes:
    return number.to_bytes(4, "big")


async def test_segments_cannot_be_left_out_moved_or_added(blobs: MemoryBlobs) -> None:
    """Whoever has the disk but no key can only destroy."""
    plain = b"".join(bytes([number]) * MEGABYTE for number in range(3))
    seal = Seal(blobs, Ring(), PLANT)
    key = await seal.put(Part.ORIGINAL, digest(plain), plain)
    whole = blobs.kept[key]
    one, two, three = cut(whole)
    assert count(3) + one + two + three == whole
    for spoilt in (
        count(2) + one + two,
        count(3) + one + two,
        count(3) + two + one + three,
        count(4) + one + two + three + three,
        whole + b"\x00",
        whole[:-1],
        count(0),
        b"",
        b"\xff" * 64,
    ):
        blobs.kept[key] = spoilt
        assert await seal.look(key, digest(plain)) is FaultKind.UNREADABLE


async def test_another_organisations_key_opens_nothing(blobs: MemoryBlobs) -> None:
    """Nor does the same organisation's key of another key ring."""
    key = await Seal(blobs, Ring(), PLANT).put(Part.ORIGINAL, digest(b"x"), b"x")
    for seal in (Seal(blobs, Ring(), SUPPLIER), Seal(blobs, Ring(b"stolen"), PLANT)):
        assert await seal.look(key, digest(b"x")) is FaultKind.UNREADABLE
