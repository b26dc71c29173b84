"""Photos for scenarios, made once, and a bench that remembers what it prepared."""

from __future__ import annotations

import functools
import io

from PIL import Image

from core.evidence import Prepared, imaging


@functools.cache
def photo(colour: str = "silver") -> bytes:
    """A small believable JPEG; another colour is another photo."""
    kept = io.BytesIO()
    picture = Image.effect_noise((160, 120), 60).convert("RGB")
    picture.paste(colour, (20, 20, 90, 60))
    picture.save(kept, "JPEG")
    return kept.getvalue()


@functools.cache
def _prepared(data: bytes, must_be_picture: bool) -> Prepared:
    return imaging.prepare(data, must_be_picture=must_be_picture)


class MemoryBench:
    """The real work, done once for each picture."""

    async def prepare(self, data: bytes, *, must_be_picture: bool) -> Prepared:
        return _prepared(data, must_be_picture)

    async def close(self) -> None:
        """Nothing is held."""
