"""What a blob's key looks like; every store refuses any other."""

from __future__ import annotations

import re

_KEY = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,63}/){1,4}[0-9a-f]{64}")


def is_key(key: str) -> bool:
    """Whether this is path segments in lower case and a SHA-256 at the end."""
    return _KEY.fullmatch(key) is not None


def checked(key: str) -> str:
    """Answer the key.

    Raises:
        ValueError: it is none.
    """
    if not is_key(key):
        msg = f"{key!r} is no blob key"
        raise ValueError(msg)
    return key
