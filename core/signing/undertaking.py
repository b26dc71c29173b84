"""The undertaking (电子签名约定书) that everybody accepts before an authenticator signs for them.

电子签名法 art. 13 lets the parties agree on the conditions of a reliable electronic signature; 21 CFR 11.100(c) wants it
said that these signatures bind like those by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

VERSION = 1
TITLE = "Undertaking on electronic signatures"
CLAUSES = (
    "What I sign here by code, PIN or passkey binds me like my signature by hand.",
    "My authenticator, my PIN and my passkeys stay with me. I give them to nobody, and nobody types for me.",
    "I read what is shown before I sign it; the check word stands for exactly that content.",
    "When my phone is lost, somebody knows my PIN, or a signature is not mine, I send /lost or tell the administrator.",
    "Time, method and content of each signature, and this undertaking, are kept as long as the quality records.",
)
"""In their order; a changed or added one is another version."""


@dataclass(frozen=True, kw_only=True)
class Undertaking:
    """What somebody accepted: the version, in which language, and the SHA-256 of the text as it stood there."""

    version: int
    locale: str
    sha256: str


def text(translate: Callable[[str], str]) -> tuple[str, ...]:
    """Answer title and clauses in a reader's language."""
    return tuple(translate(one) for one in (TITLE, *CLAUSES))


def accepted(translate: Callable[[str], str], locale: str) -> Undertaking:
    """Answer the undertaking of now as a reader of this language accepted it."""
    shown = "\n".join(text(translate))
    return Undertaking(version=VERSION, locale=locale, sha256=hashlib.sha256(shown.encode()).hexdigest())
