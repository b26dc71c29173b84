"""What the labels room needs from outside: somebody who finds codes in a picture."""

from __future__ import annotations

from typing import Protocol

from core.labels.terms import Carrier


class CodeReader(Protocol):
    """Finds codes in pictures, away from the event loop, within bounds of size and time."""

    async def read(self, picture: bytes) -> tuple[Carrier, ...]:
        """Answer every code that was read without doubt, each once; none is an empty answer.

        Raises:
            PictureTooSlow: the search did not end in time.
        """
        ...
