"""What became of a notice: the outcome of an attempt, the proof that it arrived, its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tortoise.functions import Count
from tortoise.queryset import QuerySet

from core.kit import clock
from core.kit.unit_of_work import unit_of_work
from core.notices import pacing
from core.notices.carrying import DOUBT
from core.notices.models import Notice
from core.notices.terms import WAITING, Outcome, Priority, State

BACKOFF = (1, 2, 5, 15, 60, 300)
CHANGES = (
    *("state", "due_at", "lease_until", "doubts", "last_error", "sent_at", "message_ref", "prove_by"),
    *("tried_channels", "channel", "chat_ref", "scope", "payload", "attempts"),
)
LOOK_BACK = 50
"""Messages of a chat among which a tapped one is looked for."""


async def record(
    notice_id: int,
    outcome: Outcome,
    *,
    doubts: int,
    message_ref: dict[str, object] | None = None,
    error: str | None = None,
    prove_in: dt.timedelta | None = None,
) -> None:
    """Write down what a send attempt came to; a retry waits longer each time, the next channel begins anew.

    ``prove_in``: when nothing proves by then that it arrived, it takes the next channel as well. ``doubts`` are those
    with which it was claimed: when its lease ran out meanwhile and another sender took it, only that it was sent
    counts; how it failed here says nothing about what the other one does.
    """
    async with unit_of_work() as work:
        row = await Notice.select_for_update().get(id=notice_id)
        if outcome is not Outcome.SENT and row.doubts != doubts:
            return
        row.lease_until = None
        row.last_error = error[:300] if error else None
        if outcome is Outcome.SENT:
            row.state, row.sent_at, row.message_ref = State.SENT.value, work.now, message_ref
            row.prove_by = None if prove_in is None else work.now + prove_in
        elif outcome is Outcome.RETRY:
            pause = BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
            row.state, row.due_at = State.FAILED_TEMPORARY.value, work.now + dt.timedelta(seconds=pause)
        elif outcome is Outcome.GONE:
            row.tried_channels, row.attempts = [*row.tried_channels, row.channel or ""], 0
            row.state = State.PENDING.value if row.person_id is not None else State.FAILED_PERMANENT.value
            row.channel, row.chat_ref, row.scope, row.payload, row.due_at = (
                (None, None, None, None, work.now)
                if row.person_id is not None
                else (row.channel, row.chat_ref, row.scope, row.payload, row.due_at)
            )
        elif outcome is Outcome.REFUSED:
            row.state = State.FAILED_PERMANENT.value
        else:
            row.state = State.UNKNOWN.value
            row.due_at = work.now + dt.timedelta(seconds=DOUBT[min(row.doubts, len(DOUBT) - 1)])
            row.doubts += 1
        await row.save(update_fields=CHANGES)


async def proven(channel: str, chat_ref: str, message: object) -> int:
    """Somebody tapped on a message, so it arrived; answers how many notices that proves."""
    if message is None:
        return 0
    newest = _unproven(channel, chat_ref).order_by("-id").limit(LOOK_BACK)
    found = await newest.values_list("id", "message_ref")
    return await _delivered([one for one, reference in found if reference.get("id") == message])


async def proven_up_to(channel: str, chat_ref: str, message: int) -> int:
    """A page fetched its messages up to a number, so those arrived; answers how many notices that proves."""
    found = await _unproven(channel, chat_ref).values_list("id", "message_ref")
    return await _delivered(
        [one for one, reference in found if int(reference.get("id", message + 1)) <= message]
    )


def _unproven(channel: str, chat_ref: str) -> QuerySet[Notice]:
    states = [State.SENT.value, State.UNKNOWN.value]
    return Notice.filter(channel=channel, chat_ref=chat_ref, state__in=states, message_ref__isnull=False)


async def _delivered(ids: list[int]) -> int:
    if not ids:
        return 0
    async with unit_of_work() as work:
        return int(
            await Notice.filter(id__in=ids).update(
                state=State.DELIVERED.value, delivered_at=work.now, prove_by=None
            )
        )


async def chat_moved(channel: str, before: str, after: str) -> int:
    """Send what waits for a chat to its new address; answers how much does. Messages sent before stay where they are."""
    waiting = [*WAITING, State.SENDING.value, State.UNKNOWN.value]
    async with unit_of_work():
        return int(
            await Notice.filter(channel=channel, chat_ref=before, state__in=waiting).update(
                chat_ref=after, scope=pacing.scope_of(channel, after)
            )
        )


async def drop(notice_id: int, why: str, *, failed: bool = False) -> None:
    """End a notice that nobody wants any more (superseded) or that no channel can carry (failed)."""
    async with unit_of_work():
        await Notice.filter(id=notice_id).update(
            state=State.FAILED_PERMANENT.value if failed else State.SUPERSEDED.value,
            last_error=why[:300],
            lease_until=None,
        )


async def message_ref(notice_id: int) -> tuple[str | None, str | None, dict[str, object] | None]:
    """Answer channel, chat and message reference of a sent notice, for editing it in place."""
    row = await Notice.get_or_none(id=notice_id)
    return (None, None, None) if row is None else (row.channel, row.chat_ref, row.message_ref)


async def depth(states: Iterable[State] = State) -> dict[str, int]:
    """Count notices by state. Those of ``LIVE`` states are few; counting the others goes through the whole history."""
    wanted = [state.value for state in states]
    rows = (
        await Notice.filter(state__in=wanted).annotate(n=Count("id")).group_by("state").values("state", "n")
    )
    return {**dict.fromkeys(wanted, 0), **{str(row["state"]): int(row["n"]) for row in rows}}


async def waiting() -> dict[tuple[Priority, str | None], int]:
    """Count the notices not yet sent by priority and channel, those in a sender's hand included; for metrics."""
    unsent = Notice.filter(state__in=[*WAITING, State.SENDING.value])
    rows = (
        await unsent.annotate(n=Count("id"))
        .group_by("priority", "channel")
        .values("priority", "channel", "n")
    )
    return {(Priority(row["priority"]), row["channel"]): int(row["n"]) for row in rows}


async def edits_saved() -> int:
    """Count the changes of messages that a newer change made needless; for metrics."""
    return await Notice.filter(state=State.SUPERSEDED.value, edits_id__isnull=False).count()


async def oldest_due_seconds() -> float:
    """Seconds that the oldest due notice has waited (0 when none is due)."""
    row = await Notice.filter(state__in=WAITING, due_at__lte=clock.now()).order_by("due_at").first()
    return 0.0 if row is None else (clock.now() - row.due_at).total_seconds()
