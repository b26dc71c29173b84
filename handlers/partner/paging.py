"""Lists by key: an opaque cursor names the last row seen, so that rows which come in meanwhile move nothing."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from yarl import URL

from core.kit import Page, Refusal
from handlers.partner.table import Asked

LARGEST = 2**53


class CursorUnknown(Refusal):
    """The cursor is none of this list."""

    says = "This cursor is not known. Please begin the list anew, without one."


def after_of(asked: Asked, kind: str) -> int | None:
    """The key of the last row seen; None at the beginning.

    Raises:
        CursorUnknown: the cursor is of another list, or none at all.
    """
    if asked.query.cursor is None:
        return None
    try:
        said = base64.urlsafe_b64decode(asked.query.cursor + "=" * (-len(asked.query.cursor) % 4)).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        raise CursorUnknown from None
    name, _colon, key = said.partition(":")
    if name != kind or not (key.isascii() and key.isdecimal()) or len(key) > 16 or int(key) > LARGEST:  # noqa: PLR2004
        raise CursorUnknown
    return int(key)


def next_of(asked: Asked, kind: str, page: Page[Any]) -> tuple[str | None, dict[str, str]]:
    """The cursor of the next page and the header that links to it; None and nothing at the end."""
    if page.next_key is None:
        return None, {}
    made = base64.urlsafe_b64encode(f"{kind}:{page.next_key}".encode()).decode().rstrip("=")
    query = {**asked.request.query, "cursor": made}
    link = URL.build(path=asked.request.path, query=query)
    return made, {"Link": f'<{link}>; rel="next"'}
