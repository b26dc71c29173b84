"""Handing stored updates out once, in order within a chat."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from tortoise.expressions import Subquery
from tortoise.functions import Min

from core.inbox.models import Inbound, PollCursor
from core.inbox.putting_aside import ASIDE, is_ours, oldest
from core.kit import clock
from core.kit.spoilt import SPOILT
from core.kit.unit_of_work import current, dialect, unit_of_work

MAX_ATTEMPTS = 5
PAUSES = (1, 3, 10, 30)
OUTAGE_PAUSE = 60
IN_HAND = dt.timedelta(seconds=10)
"""How long an update is left to the process that took it up. It takes effect once even if that takes longer."""
PATIENCE = dt.timedelta(hours=24)
"""How long an update waits for what is out of order outside: messengers keep files a day at least."""


class Fate(StrEnum):
    """What becomes of an update that could not be handled."""

    AGAIN = "again"
    """It is tried again soon, unless another process is done with it."""
    LATER = "later"
    """Something outside has been out of order for a while: it goes on waiting, and its sender should know."""
    ASIDE = ASIDE
    """It is set aside until somebody takes it up again."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A stored update that waits to take effect."""

    id: int
    channel: str
    update_id: str
    chat_ref: str
    raw: dict[str, object]
    attempts: int
    received_at: dt.datetime


async def cursor(channel: str) -> int:
    """The next offset to ask a polling channel for (0 at first)."""
    row = await PollCursor.get_or_none(channel=channel)
    return 0 if row is None else row.next_offset


async def rewind(channel: str) -> None:
    """Forget how far a channel was read: everything is confirmed, and numbering may start anew."""
    async with unit_of_work():
        await PollCursor.filter(channel=channel).delete()


async def waiting_chats(limit: int = 50) -> list[tuple[str, str]]:
    """(channel, chat) pairs whose oldest waiting update is due now, longest waiting first."""
    oldest = Inbound.filter(state="waiting").annotate(oldest=Min("id")).group_by("channel", "chat_ref")
    rows = (
        await Inbound.filter(id__in=Subquery(oldest.values("oldest")), due_at__lte=clock.now())
        .order_by("id")
        .limit(limit)
        .values_list("channel", "chat_ref")
    )
    return [(str(channel), str(chat)) for channel, chat in rows]


async def next_of(channel: str, chat_ref: str) -> Waiting | None:
    """Take up the oldest waiting update of a chat, or None; an update that pauses holds back those behind it.

    Where several processes may share the database the others leave it, and with it the chat, to this one for a while.
    A row that this program did not store, or that cannot be read, takes no effect: it is set aside, however often
    somebody takes it up again.
    """
    while True:
        row = await oldest(Inbound.filter(channel=channel, chat_ref=chat_ref, state="waiting"))
        if row is None or row.due_at > clock.now():
            return None
        if await is_ours(row):
            break
    if dialect() == "postgres":
        async with unit_of_work() as work:
            due = Inbound.filter(id=row.id, state="waiting", due_at=row.due_at)
            if not await due.update(due_at=work.now + IN_HAND):
                return None
    return _waiting(row)


async def waiting_since(
    channel: str, before: dt.datetime, *, after: int = 0, limit: int = 50
) -> tuple[list[Waiting], int]:
    """Updates of a channel that came before an instant and still wait, oldest first; and after which to go on.

    Whoever goes on from there sees them all, however many wait; after the last ones that is 0 again.
    """
    found = Inbound.filter(channel=channel, state="waiting", received_at__lte=before, id__gt=after)
    numbers = [int(str(one)) for one in await found.order_by("id").limit(limit).values_list("id", flat=True)]
    try:
        rows = await Inbound.filter(id__in=numbers, state="waiting").order_by("id")
    except SPOILT:
        each = [await oldest(Inbound.filter(id=one, state="waiting")) for one in numbers]
        rows = [row for row in each if row is not None]
    sound = [_waiting(row) for row in rows if await is_ours(row)]
    return sound, numbers[-1] if len(numbers) == limit else 0


def _waiting(row: Inbound) -> Waiting:
    return Waiting(
        id=row.id,
        channel=row.channel,
        update_id=row.update_id,
        chat_ref=row.chat_ref,
        raw=row.body,
        attempts=row.attempts,
        received_at=row.received_at,
    )


async def take(inbound_id: int) -> bool:
    """Mark an update done inside the unit of its effects; False when another process already did."""
    row = await Inbound.select_for_update().get(id=inbound_id)
    if row.state != "waiting":
        return False
    # what a person wrote (a signing code among it) is not kept once it has taken effect
    row.state, row.done_at, row.body = "done", current().now, {}
    await row.save(update_fields=["state", "done_at", "body"])
    return True


async def failed(inbound_id: int, error: str, *, passing: bool = False) -> Fate:
    """Record that an update could not be handled; answers what becomes of it. One that took effect meanwhile stays done.

    After MAX_ATTEMPTS it is set aside, so that a fault of ours does not hold its chat up for ever. A ``passing`` fault
    (the store, the messenger or the network is out of order) is waited out instead, for PATIENCE at most.
    """
    async with unit_of_work() as work:
        row = await Inbound.select_for_update().get(id=inbound_id)
        if row.state != "waiting":
            return Fate.AGAIN
        row.attempts += 1
        row.last_error = error[:300]
        pauses = (*PAUSES, OUTAGE_PAUSE)
        row.due_at = work.now + dt.timedelta(seconds=pauses[min(row.attempts, len(pauses)) - 1])
        fate = Fate.AGAIN
        if work.now - row.received_at >= PATIENCE if passing else row.attempts >= MAX_ATTEMPTS:
            row.state, fate = Fate.ASIDE.value, Fate.ASIDE
        elif passing and row.attempts == len(PAUSES):
            fate = Fate.LATER
        await row.save()
        return fate


async def lag_seconds() -> float:
    """Seconds that the oldest unhandled update has waited (0 when none waits)."""
    row = await oldest(Inbound.filter(state="waiting"))
    return 0.0 if row is None else (clock.now() - row.received_at).total_seconds()


async def counts() -> dict[str, int]:
    """Count updates by state: waiting, done, aside."""
    return {state: await Inbound.filter(state=state).count() for state in ("waiting", "done", "aside")}
