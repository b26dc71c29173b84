"""What a canary says: the time, so that no two are the same, and what it is for."""

from __future__ import annotations

from core import watch
from core.kit import clock
from handlers import text
from handlers.chat.vocabulary import Outgoing


async def release(chats: dict[str, str], locale: str, zone: str) -> int:
    """Leave a canary for the chat of each channel whose time has come; answers how many."""
    _ = text.translator(locale)
    sentence = _("This channel works. Such a message comes every quarter of an hour; nothing is to be done.")
    said = Outgoing(head=f"🐤 {text.exact(clock.now(), zone)}", body=sentence)
    return await watch.release(chats, lambda _channel: said.to_payload())
