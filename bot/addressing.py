"""Where a notice goes now: the channels its reader has and wishes, less those that refused it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import notices, people
from core.kit import clock
from core.notices import Claimed, Priority
from core.people import Reach
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


async def reach_of(one: Claimed) -> Reach | None:
    """How the reader of a notice is reached at this moment; None when it is for a chat, not for a person."""
    return None if one.person_id is None else await people.reach(one.person_id, grade=_grade(one))


async def way_of(one: Claimed, reach: Reach | None, shelf: Shelf) -> Way | None:
    """The next channel of a notice; None when no channel reaches its reader."""
    if one.channel and one.chat_ref:
        known = one.channel in shelf.messengers
        return Way(channel=one.channel, chat_ref=one.chat_ref, prove_in=_proof(one, reach)) if known else None
    if reach is None:
        return None
    tried = {*one.tried_channels, *one.unproven_channels}
    if one.edits_id is not None:
        channel, chat_ref, shown = await notices.message_ref(one.edits_id)
        if shown and channel in shelf.messengers and channel not in tried and chat_ref:
            return Way(channel=channel, chat_ref=chat_ref)
    for channel, chat_ref in reach.addresses:
        if channel in shelf.messengers and channel not in tried:
            return Way(channel=channel, chat_ref=chat_ref, prove_in=_proof(one, reach))
    return None


def _proof(one: Claimed, reach: Reach | None) -> dt.timedelta | None:
    """Within which time a proof is wanted: for critical news only, if the reader set it so."""
    wanted = reach is not None and one.priority == Priority.CRITICAL and one.edits_id is None
    if not wanted or reach is None or reach.prove_minutes is None:
        return None
    return dt.timedelta(minutes=reach.prove_minutes)


async def held_for(one: Claimed, reach: Reach | None, zone: str) -> float:
    """Seconds that a notice waits for its reader: until quiet hours end, or until news come in the day's digest.

    Never what is critical, never the answer to what the person just sent, and not the change of a message that is
    on the screen already: that makes no sound.
    """
    awaited = one.priority in (Priority.CRITICAL, Priority.REPLY) or one.edits_id is not None
    if reach is None or awaited:
        return 0.0
    if reach.quiet_until is not None:
        return (reach.quiet_until - clock.now()).total_seconds()
    return await digests.held_for(one, zone)
