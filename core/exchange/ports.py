"""What the room needs from outside: somebody who prints records for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.exchange.terms import CaseFile, Gathered


class Printer(Protocol):
    """Makes sealed PDF documents. Called in a thread; the same facts give the same bytes."""

    @property
    def certificate(self) -> bytes:
        """The certificate (PEM) that the documents are sealed with."""
        ...

    def case(self, gathered: Gathered, file: CaseFile, locale: str, pictures: Mapping[int, bytes]) -> bytes:
        """Print one case in a language; ``pictures`` are JPEG by evidence id."""
        ...

    def genealogy(self, file: CaseFile, locale: str) -> bytes | None:
        """Draw the genealogy of the case's lot (SVG); None when there is none to draw."""
        ...

    def access(self, gathered: Gathered, locale: str) -> bytes:
        """Print who had which role when, and who looked at the cases."""
        ...
