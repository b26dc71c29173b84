"""How alike two pictures are: a 64-bit difference hash and the number of bits in which two differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIKE: Final = 6
"""Up to this many differing bits of 64 two pictures count as the same shot."""
_PLAIN: Final = 4


def dhash(picture: Image.Image) -> str:
    """Hash an upright picture: for each of 8 by 8 places, whether the grey right of it is brighter.

    Source: N. Krawetz, "Kind of Like That" (2013). 16 hex digits, much the same for a
    picture scaled or recompressed.
    """
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (grey[at + 1] > grey[at])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """Count the bits in which two hashes differ: 0 is the same picture, about 32 any other."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def is_telling(value: str) -> bool:
    """Answer whether a hash says anything: an even surface hashes to (nearly) one value everywhere."""
    return _PLAIN <= int(value, 16).bit_count() <= 64 - _PLAIN


def nearest(value: str, candidates: Iterable[tuple[int, str]], within: int = ALIKE) -> list[tuple[int, int]]:
    """Choose the ids whose hash differs in at most ``within`` bits, as (id, distance)."""
    bits = int(value, 16)
    near = ((key, (bits ^ int(other, 16)).bit_count()) for key, other in candidates)
    return [(key, apart) for key, apart in near if apart <= within]
