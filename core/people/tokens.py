"""Secrets that are shown once and kept only as a digest."""

from __future__ import annotations

import hashlib
import secrets


def fresh() -> str:
    """A new token of 160 bits, safe in addresses and as a messenger's start parameter (27 characters)."""
    return secrets.token_urlsafe(20)


def hashed(token: str) -> str:
    """What is stored of a token: SHA-256, lower-case hex. Looked up by equality on a unique column."""
    return hashlib.sha256(token.encode()).hexdigest()
