"""The same message twice is dropped by WeCom, which makes resends harmless and equal answers invisible.

So a message that says what another one said before gets something of its own that nobody sees: texts an invisible
character more, pictures an id of their own, cards have their task. A resend of the same notice stays the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from bot.adapters.wecom.names import CHANNEL
from core import wires
from core.kit import unit_of_work

INTERVAL = 1800
"""Seconds in which WeCom looks for the same message."""
INVISIBLE = "\u200b"


async def place(chat_ref: str, content: bytes, stamp: str) -> int:
    """How many other notices said the same to this chat just before; the same number for the same notice."""
    digest = hashlib.sha256(chat_ref.encode() + b"\n" + content).hexdigest()
    name = f"said:{digest}"
    async with unit_of_work():
        known = dict(await wires.note(CHANNEL, name) or {})
        number = int(str(known.setdefault(stamp, len(known))))
        await wires.keep(CHANNEL, name, known, dt.timedelta(seconds=2 * INTERVAL))
    return number
