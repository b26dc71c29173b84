"""Claiming due notices by lease and recording what came of each attempt. One path for both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tortoise.expressions import Q

from core.kit import clock
from core.kit.unit_of_work import dialect, unit_of_work
from core.notices.models import Notice
from core.notices.terms import Outcome, Priority, State

LEASE = dt.timedelta(seconds=30)
BACKOFF = (1, 2, 5, 15, 60, 300)
DOUBT = (20, 120)
"""Seconds until a notice is sent again when nobody knows whether it arrived; then it is left at that."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A notice this process may send until the lease ends."""

    id: int
    plant_id: int
    person_id: int | None
    channel: str | None
    chat_ref: str | None
    kind: str
    facts: dict[str, object]
    payload: dict[str, object] | None
    priority: int
    replaces_key: str | None
    edits_id: int | None
    wanted_while: str | None
    attempts: int
    doubts: int
    """How often it may have arrived without our knowing."""
    tried_channels: tuple[str, ...]
    case_number: str | None
    correlation: str
    created_at: dt.datetime


def _claimed(row: Notice) -> Claimed:
    return Claimed(
        id=row.id,
        plant_id=row.plant_id,
        person_id=row.person_id,
        channel=row.channel,
        chat_ref=row.chat_ref,
        kind=row.kind,
        facts=row.facts,
        payload=row.payload,
        priority=row.priority,
        replaces_key=row.replaces_key,
        edits_id=row.edits_id,
        wanted_while=row.wanted_while,
        attempts=row.attempts,
        doubts=row.doubts,
        tried_channels=tuple(row.tried_channels),
        case_number=row.case_number,
        correlation=row.correlation,
        created_at=row.created_at,
    )


async def claim(
    limit: int = 20,
    *,
    chats_busy: frozenset[str] = frozenset(),
    persons_busy: frozenset[int] = frozenset(),
    least: Priority = Priority.INFO,
) -> list[Claimed]:
    """Take up to ``limit`` due notices, most urgent first, oldest first within a priority.

    A lease that ran out (the sender died) makes a notice due again, and so does an outcome that nobody knows:
    at least once, honestly, and counted as a doubt; a sender that dies over and over ends as unknown. Chats
    (``channel:chat``) and people named busy are passed over however much waits for them, so that they hold
    nobody else up. Nothing less urgent than ``least`` is taken.
    """
    async with unit_of_work() as work:
        await Notice.filter(
            state=State.SENDING.value, lease_until__lte=work.now, doubts__gte=len(DOUBT)
        ).update(state=State.UNKNOWN.value, doubts=len(DOUBT) + 1, lease_until=None)
        due = (
            Notice.filter(
                Q(state=State.PENDING.value, due_at__lte=work.now)
                | Q(state=State.SENDING.value, lease_until__lte=work.now)
                | Q(state=State.UNKNOWN.value, doubts__lte=len(DOUBT), due_at__lte=work.now)
            )
            .filter(*_elsewhere(chats_busy, persons_busy), priority__lte=int(least))
            .order_by("priority", "id")
            .limit(limit)
        )
        if dialect() == "postgres":
            due = due.select_for_update(skip_locked=True)
        rows = await due
        for row in rows:
            row.doubts += row.state == State.SENDING.value
            row.state = State.SENDING.value
            row.lease_until = work.now + LEASE
            row.attempts += 1
            await row.save(update_fields=["state", "lease_until", "attempts", "doubts"])
        return [_claimed(row) for row in rows]


def _elsewhere(chats: frozenset[str], persons: frozenset[int]) -> list[Q]:
    """Conditions for notices of no busy chat; one without a chat yet is told by its person."""
    apart = [
        Q(channel__isnull=True) | Q(chat_ref__isnull=True) | ~Q(channel=channel, chat_ref=chat_ref)
        for channel, _sep, chat_ref in (chat.partition(":") for chat in sorted(chats))
    ]
    if persons:
        apart.append(
            Q(person_id__isnull=True) | Q(channel__isnull=False) | Q(person_id__not_in=sorted(persons))
        )
    return apart


async def put_back(notice_id: int, seconds: float) -> None:
    """Give a claimed notice back because its chat must rest: not an attempt, due again after so many seconds."""
    async with unit_of_work() as work:
        row = await Notice.select_for_update().get(id=notice_id)
        row.state, row.lease_until = State.PENDING.value, None
        row.due_at = work.now + dt.timedelta(seconds=seconds)
        row.attempts -= 1
        await row.save(update_fields=["state", "lease_until", "due_at", "attempts"])


async def store_rendered(
    claimed: Claimed, *, channel: str, chat_ref: str, payload: dict[str, object]
) -> bool:
    """Keep the rendered message and its address before the first send, so that a resend is the same bytes.

    Also renews the lease. False when the lease ran out meanwhile and the notice is another sender's now: hands off.
    """
    async with unit_of_work() as work:
        held = Notice.filter(
            id=claimed.id,
            state=State.SENDING.value,
            attempts=claimed.attempts,
            doubts=claimed.doubts,
            lease_until__gt=work.now,
        )
        return bool(
            await held.update(
                channel=channel, chat_ref=chat_ref, payload=payload, lease_until=work.now + LEASE
            )
        )


async def overtaken(claimed: Claimed) -> bool:
    """Whether a newer notice says it instead: one with the same key, or a later change of the same message."""
    same = Q(replaces_key=claimed.replaces_key) if claimed.replaces_key is not None else None
    if claimed.edits_id is not None:
        edits = Q(edits_id=claimed.edits_id)
        same = edits if same is None else same | edits
    if same is None:
        return False
    return await Notice.filter(same, id__gt=claimed.id).exclude(state=State.FAILED.value).exists()


async def record(
    notice_id: int,
    outcome: Outcome,
    *,
    message_ref: dict[str, object] | None = None,
    error: str | None = None,
) -> None:
    """Write down what a send attempt came to; a retry waits longer each time."""
    async with unit_of_work() as work:
        row = await Notice.select_for_update().get(id=notice_id)
        row.lease_until = None
        row.last_error = error[:300] if error else None
        if outcome is Outcome.SENT:
            row.state, row.sent_at, row.message_ref = State.SENT.value, work.now, message_ref
        elif outcome is Outcome.RETRY:
            pause = BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
            row.state, row.due_at = State.PENDING.value, work.now + dt.timedelta(seconds=pause)
        elif outcome is Outcome.GONE:
            row.tried_channels = [*row.tried_channels, row.channel or ""]
            row.state = State.PENDING.value if row.person_id is not None else State.FAILED.value
            row.channel, row.chat_ref, row.payload, row.due_at = (
                (None, None, None, work.now)
                if row.person_id is not None
                else (row.channel, row.chat_ref, row.payload, row.due_at)
            )
        elif outcome is Outcome.REFUSED:
            row.state = State.FAILED.value
        else:
            row.state = State.UNKNOWN.value
            row.due_at = work.now + dt.timedelta(seconds=DOUBT[min(row.doubts, len(DOUBT) - 1)])
            row.doubts += 1
        await row.save()


async def chat_moved(channel: str, before: str, after: str) -> int:
    """Send what waits for a chat to its new address; answers how much does. Messages sent before stay where they are."""
    waiting = [State.PENDING.value, State.SENDING.value, State.UNKNOWN.value]
    async with unit_of_work():
        return int(
            await Notice.filter(channel=channel, chat_ref=before, state__in=waiting).update(chat_ref=after)
        )


async def drop(notice_id: int, why: str, *, failed: bool = False) -> None:
    """End a notice that nobody wants any more (superseded) or that no channel can carry (failed)."""
    async with unit_of_work():
        await Notice.filter(id=notice_id).update(
            state=State.FAILED.value if failed else State.SUPERSEDED.value,
            last_error=why[:300],
            lease_until=None,
        )


async def message_ref(notice_id: int) -> tuple[str | None, str | None, dict[str, object] | None]:
    """Answer channel, chat and message reference of a sent notice, for editing it in place."""
    row = await Notice.get_or_none(id=notice_id)
    return (None, None, None) if row is None else (row.channel, row.chat_ref, row.message_ref)


async def depth() -> dict[str, int]:
    """Count notices by state, for health pages and metrics."""
    return {state.value: await Notice.filter(state=state.value).count() for state in State}


async def waiting_by_priority() -> dict[str, int]:
    """Count the notices not yet sent by priority, those in a sender's hand included; for metrics."""
    unsent = Notice.filter(state__in=[State.PENDING.value, State.SENDING.value])
    return {one.name.lower(): await unsent.filter(priority=int(one)).count() for one in Priority}


async def oldest_due_seconds() -> float:
    """Seconds that the oldest due notice has waited (0 when none is due)."""
    row = await Notice.filter(state=State.PENDING.value, due_at__lte=clock.now()).order_by("due_at").first()
    return 0.0 if row is None else (clock.now() - row.due_at).total_seconds()
