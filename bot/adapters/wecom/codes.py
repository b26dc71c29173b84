"""The codes by which a sent card may be changed: each counts once, and not for long."""

from __future__ import annotations

import datetime as dt

from bot.adapters.wecom.names import CHANNEL, root_of
from core import wires

LIFETIME = dt.timedelta(hours=24)
"""Older descriptions of WeCom say 24 hours, newer ones 72: a card that is older is sent anew."""
_KINDS = ("tapped", "sent")
"""The code of the last tap comes first: it is the freshest."""


async def keep(kind: str, task: str, code: str) -> None:
    """Remember a code that came with a send or a tap."""
    if task and code:
        await wires.keep(CHANNEL, f"{kind}:{root_of(task)}"[:120], {"code": code}, LIFETIME)


async def spend(task: str) -> str | None:
    """A code for one change; of two who would change a card at once, each gets another one or none."""
    for kind in _KINDS:
        kept = await wires.take(CHANNEL, f"{kind}:{root_of(task)}"[:120])
        if kept is not None:
            return str(kept["code"])
    return None
