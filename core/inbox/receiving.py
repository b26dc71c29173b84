"""Storing updates durably and handing them out once, in order within a chat."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from core.inbox.models import Inbound, PollCursor
from core.kit import clock
from core.kit.unit_of_work import current, unit_of_work

MAX_ATTEMPTS = 5
PAUSES = (1, 3, 10, 30)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """An update as the wire delivers it: its own id within the channel makes it unique."""

    update_id: str
    chat_ref: str
    raw: dict[str, object]


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


async def store(channel: str, arrived: list[Arrived], *, next_offset: int | None = None) -> int:
    """Commit updates (and the polling cursor) before anything is acknowledged; answers how many were new."""
    new = 0
    async with unit_of_work() as work:
        for update in arrived:
            if await Inbound.exists(channel=channel, update_id=update.update_id):
                continue
            with contextlib.suppress(
                IntegrityError
            ):  # the same update, stored by another process at this instant
                async with unit_of_work():
                    await Inbound.create(
                        channel=channel,
                        update_id=update.update_id,
                        chat_ref=update.chat_ref,
                        body=update.raw,
                        due_at=work.now,
                        received_at=work.now,
                    )
                new += 1
        if next_offset is not None:
            cursor = await PollCursor.get_or_none(channel=channel)
            if cursor is None:
                await PollCursor.create(channel=channel, next_offset=next_offset)
            elif next_offset > cursor.next_offset:
                cursor.next_offset = next_offset
                await cursor.save()
    return new


async def cursor(channel: str) -> int:
    """The next offset to ask a polling channel for (0 at first)."""
    row = await PollCursor.get_or_none(channel=channel)
    return 0 if row is None else row.next_offset


async def rewind(channel: str) -> None:
    """Forget how far a channel was read: everything is confirmed, and numbering may start anew."""
    async with unit_of_work():
        await PollCursor.filter(channel=channel).delete()


async def waiting_chats(limit: int = 50) -> list[tuple[str, str]]:
    """(channel, chat) pairs with updates due now, longest waiting first."""
    rows = (
        await Inbound.filter(state="waiting", due_at__lte=clock.now())
        .order_by("id")
        .limit(limit * 4)
        .values_list("channel", "chat_ref")
    )
    return list(dict.fromkeys((str(channel), str(chat)) for channel, chat in rows))[:limit]


async def next_of(channel: str, chat_ref: str) -> Waiting | None:
    """The oldest waiting update of a chat, or None; an update that pauses holds back those behind it."""
    row = await Inbound.filter(channel=channel, chat_ref=chat_ref, state="waiting").order_by("id").first()
    if row is None or row.due_at > clock.now():
        return None
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


async def failed(inbound_id: int, error: str) -> bool:
    """Record a fault of ours; after MAX_ATTEMPTS the update is set aside. Answers whether it was set aside."""
    async with unit_of_work() as work:
        row = await Inbound.select_for_update().get(id=inbound_id)
        row.attempts += 1
        row.last_error = error[:300]
        row.due_at = work.now + dt.timedelta(seconds=PAUSES[min(row.attempts, len(PAUSES)) - 1])
        if row.attempts >= MAX_ATTEMPTS:
            row.state = "aside"
        await row.save()
        return row.state == "aside"


async def lag_seconds() -> float:
    """Seconds that the oldest unhandled update has waited (0 when none waits)."""
    row = await Inbound.filter(state="waiting").order_by("id").first()
    return 0.0 if row is None else (clock.now() - row.received_at).total_seconds()


async def counts() -> dict[str, int]:
    """Count updates by state: waiting, done, aside."""
    return {state: await Inbound.filter(state=state).count() for state in ("waiting", "done", "aside")}
