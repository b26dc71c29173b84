"""Where a notice goes now: the channels its reader has and wishes, less those that refused it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import notices, people
from core.kit import clock
from core.notices import Claimed, Priority
from handlers.chat import digests
from handlers.chat.vocabulary import Shelf


@dataclass(frozen=True, kw_only=True)
class Way:
    """A chat of a channel, and within which time a proof of arrival is wanted there."""

    channel: str
    chat_ref: str
    prove_in: dt.timedelta | None = None


def _grade(one: Claimed) -> str | None:
    """The grade that a reader's rules ask about; what is critical without one counts as the gravest."""
    named = one.facts.get("grade")
    if named is not None:
        return str(named)
    return "A" if one.priority == Priority.CRITICAL else None


async def way_of(one: Claimed, shelf: Shelf) -> Way | None:
    """The next channel of a notice; None when no channel reaches its reader."""
    if one.channel and one.chat_ref:
        known = one.channel in shelf.messengers
        return Way(channel=one.channel, chat_ref=one.chat_ref, prove_in=await _proof(one)) if known else None
    if one.person_id is None:
        return None
    tried = {*one.tried_channels, *one.unproven_channels}
    if one.edits_id is not None:
        channel, chat_ref, shown = await notices.message_ref(one.edits_id)
        if shown and channel in shelf.messengers and channel not in tried and chat_ref:
            return Way(channel=channel, chat_ref=chat_ref)
    reach = await people.reach(one.person_id, grade=_grade(one))
    left = [way for way in reach.addresses if way[0] in shelf.messengers and way[0] not in tried]
    if not left:
        return None
    channel, chat_ref = left[0]
    prove = _minutes(reach.prove_minutes) if one.priority == Priority.CRITICAL and len(left) > 1 else None
    return Way(channel=channel, chat_ref=chat_ref, prove_in=prove)


async def _proof(one: Claimed) -> dt.timedelta | None:
    """What proof a notice wants that has its channel already, because an attempt there was made before."""
    if one.person_id is None or one.priority != Priority.CRITICAL or one.edits_id is not None:
        return None
    return _minutes((await people.contact_of(one.person_id)).prove_minutes)


def _minutes(count: int | None) -> dt.timedelta | None:
    return None if count is None else dt.timedelta(minutes=count)


async def held_for(one: Claimed) -> float:
    """Seconds that a notice waits for its reader: until quiet hours end, or until news come in the day's digest.

    Never what is critical, never the answer to what the person just sent, and not the change of a message that is
    on the screen already: that makes no sound.
    """
    if one.person_id is None or one.priority in (Priority.CRITICAL, Priority.REPLY) or one.edits_id is not None:
        return 0.0
    quiet_until = (await people.reach(one.person_id, grade=_grade(one))).quiet_until
    if quiet_until is not None:
        return (quiet_until - clock.now()).total_seconds()
    return await digests.held_for(one)
