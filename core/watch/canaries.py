"""A canary of each channel: a small message every quarter of an hour, by the way of all messages.

It goes out late, or not at all, before a message that matters does, and at night as well.
"""

from __future__ import annotations

from collections.abc import Callable

from core import notices, people, wires
from core.kit import clock, system, unit_of_work
from core.notices import Priority
from core.watch import policy
from core.watch.terms import Canary

KIND = "watch:canary"
CHANNEL, NOTE = "watch", "canaries"
KEPT = 2 * policy.CANARY
"""How long a channel is expected to have one: whoever takes a setting back is not alarmed for long."""
LOOK_BACK = 20


async def release(chats: dict[str, str], say: Callable[[str], dict[str, object]]) -> int:
    """Leave a canary for the chat of each channel when its quarter of an hour has come; answers how many.

    ``say`` makes the message for a channel.
    """
    left = 0
    async with unit_of_work() as work:
        plants = await people.plants()
        await wires.keep(CHANNEL, NOTE, {"channels": sorted(chats)}, KEPT)
        for channel, chat_ref in chats.items() if plants else ():
            newest = await notices.last_left(_key(channel), newest=1)
            if newest and newest[0].created_at >= policy.quarter(work.now):
                continue
            await notices.tell(
                system(plants[0].id, channel="job", correlation=f"canary-{channel}"),
                KIND,
                channel=channel,
                chat_ref=chat_ref,
                payload=say(channel),
                priority=Priority.INFO,
                replaces_key=_key(channel),
            )
            left += 1
    return left


async def canaries() -> list[Canary]:
    """How the canary of each channel that has one is."""
    kept = await wires.note(CHANNEL, NOTE)
    channels = kept["channels"] if kept is not None else []
    return [await _canary(str(one)) for one in channels] if isinstance(channels, list) else []


async def _canary(channel: str) -> Canary:
    """Lost when one that should have come has not, and none after it has; its age is that of the last that came."""
    now, newest = clock.now(), await notices.last_left(_key(channel), newest=LOOK_BACK)
    came = next((one.created_at for one in newest if one.went), None)
    should = next((one.created_at for one in newest if now - one.created_at > policy.CANARY_LATE), None)
    begun = newest[-1].created_at if newest else now
    return Canary(
        channel=channel,
        age=(now - (came or begun)).total_seconds(),
        lost=should is not None and (came is None or came < should),
    )


def _key(channel: str) -> str:
    return f"canary:{channel}"
