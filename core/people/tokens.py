"""Secrets that are shown once and kept only as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def fresh() -> str:
    """A new token of 160 bits, safe in addresses and as a messenger's start parameter (27 characters)."""
    return secrets.token_urlsafe(20)


def hashed(token: str) -> str:
    """What is stored of a token: SHA-256, lower-case hex. Any text a door hands over has one, broken or not."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def same(token: str, stored: str) -> bool:
    """Whether a token is the one whose digest is stored, in a time that tells nothing of either."""
    return hmac.compare_digest(hashed(token), stored)
