"""How a comparison of a kept checkpoint with the log is said, the same at every door."""

from __future__ import annotations

from core.ledger import Comparison
from handlers.text import Translate


def verdict(found: Comparison, _: Translate) -> str:
    """The verdict in one plain sentence."""
    return _(found.verdict.says).format_map(
        {"size": found.size, "now": found.now, "origin": found.origin or "–"}
    )


def signature(found: Comparison, _: Translate) -> str:
    """What is known of the signature on the pasted text."""
    return _(found.signed.says)
