"""A chat got another address: bindings, witnesses and what still waits to be sent follow it in one step."""

from __future__ import annotations

import logging

from core import notices, people, witness
from core.kit import unit_of_work

log = logging.getLogger(__name__)


async def follow(channel: str, before: str, after: str) -> None:
    """Use a chat's new address from now on. Following twice changes nothing."""
    async with unit_of_work():
        bound = await people.chat_moved(channel, before, after)
        bound += await witness.chat_moved(channel, before, after)
        waiting = await notices.chat_moved(channel, before, after)
    log.info(
        "a chat has another address now",
        extra={"action": "chat_moved", "channel": channel, "bound": bound, "waiting": waiting},
    )
