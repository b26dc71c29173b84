"""Claiming due notices by lease, and getting one ready to be sent. One path for both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from core.kit import clock
from core.kit.unit_of_work import current, dialect, unit_of_work
from core.notices import pacing, policy
from core.notices.models import Notice, Pace
from core.notices.terms import WAITING, Budget, Priority, State, Turn

LEASE = dt.timedelta(seconds=30)
_CLAIM = 0x636C6169  # "clai": processes claim one after the other, so that each sees what the others hold
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
    """Channels that refused it for good."""
    unproven_channels: tuple[str, ...]
    """Channels that took it, while nothing proves that it arrived."""
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
        unproven_channels=tuple(row.unproven_channels),
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
    nobody else up; so are chats that another process writes to at this moment, that must rest, and those in which
    somebody more urgent waits for room. Nothing less urgent than ``least`` is taken.
    """
    async with unit_of_work() as work:
        if dialect() == "postgres":
            await work.db.execute_query(f"SELECT pg_advisory_xact_lock({_CLAIM})")
        await Notice.filter(
            state=State.SENDING.value, lease_until__lte=work.now, doubts__gte=len(DOUBT)
        ).update(state=State.UNKNOWN.value, doubts=len(DOUBT) + 1, lease_until=None)
        due = (
            Notice.filter(
                Q(state__in=WAITING, due_at__lte=work.now)
                | Q(state=State.SENDING.value, lease_until__lte=work.now)
                | Q(state=State.UNKNOWN.value, doubts__lte=len(DOUBT), due_at__lte=work.now)
            )
            .filter(
                *_elsewhere(chats_busy, persons_busy),
                *_in_no_hand(work.now),
                *await _has_room(policy.instant(work.now)),
                priority__lte=int(least),
            )
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
        if rows:
            await Notice.bulk_update(rows, fields=["state", "lease_until", "attempts", "doubts"])
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


def _in_no_hand(now: dt.datetime) -> list[Q]:
    """Conditions for notices whose chat nobody writes to now, this process or another: a chat keeps its order."""
    held = Notice.filter(state=State.SENDING.value, lease_until__gt=now)
    chats = Subquery(held.filter(scope__isnull=False).values("scope"))
    persons = Subquery(held.filter(person_id__isnull=False).values("person_id"))
    return [
        Q(scope__isnull=True) | ~Q(scope__in=chats),
        Q(person_id__isnull=True) | Q(channel__isnull=False) | ~Q(person_id__in=persons),
    ]


async def _has_room(now: int) -> list[Q]:
    """Conditions for notices whose chat does not rest, and in which (as in its channel) nobody as urgent waits."""
    resting = Pace.filter(rests_until__gt=now)
    full = Pace.filter(first_until__gt=now)
    conditions = [Q(scope__isnull=True) | ~Q(scope__in=Subquery(resting.values("scope")))]
    for priority in sorted(set(await full.values_list("first_priority", flat=True))):
        behind = full.filter(first_priority=priority).values("scope")
        conditions += [
            Q(scope__isnull=True) | Q(priority__lt=priority) | ~Q(scope__in=Subquery(behind)),
            Q(channel__isnull=True) | Q(priority__lt=priority) | ~Q(channel__in=Subquery(behind)),
        ]
    return conditions


async def more_urgent_waits(claimed: Claimed) -> bool:
    """Whether a critical notice for the same chat or person is due now, so that what is in hand should let it pass."""
    same = Q(person_id=claimed.person_id) if claimed.person_id is not None else Q(person_id=-1)
    if claimed.channel and claimed.chat_ref:
        same |= Q(scope=pacing.scope_of(claimed.channel, claimed.chat_ref))
    return await Notice.filter(
        same, state__in=WAITING, priority=int(Priority.CRITICAL), due_at__lte=clock.now()
    ).exists()


async def put_back(claimed: list[Claimed], seconds: float) -> None:
    """Give claimed notices back because their chat must rest: not an attempt, due again after so many seconds.

    One whose lease ran out, so that another sender has it by now, is left to that one.
    """
    async with unit_of_work():
        for one in claimed:
            await _put_back(one, dt.timedelta(seconds=seconds))


def _in_hand(one: Claimed) -> QuerySet[Notice]:
    """The notice as it was claimed; nothing once another sender claimed it after that."""
    return Notice.filter(id=one.id, state=State.SENDING.value, attempts=one.attempts, doubts=one.doubts)


async def _put_back(one: Claimed, wait: dt.timedelta) -> None:
    await _in_hand(one).update(
        state=State.PENDING.value,
        lease_until=None,
        due_at=current().now + wait,
        attempts=one.attempts - 1,
    )


async def ready(
    claimed: Claimed, *, channel: str, chat_ref: str, payload: dict[str, object], budget: Budget | None
) -> float | None:
    """Keep the rendered message and its address, and count it, in one step; answers how long it must wait.

    0: it is counted, the lease is renewed, it may be sent now; a resend will be the same bytes. More: there is no
    room, and it was put back for so many seconds. None: the lease ran out meanwhile, or it ended, and the notice is
    not ours any more: hands off.
    """
    async with unit_of_work() as work:
        if (
            not await _in_hand(claimed)
            .filter(lease_until__gt=work.now)
            .update(
                channel=channel,
                chat_ref=chat_ref,
                scope=pacing.scope_of(channel, chat_ref),
                payload=payload,
                lease_until=work.now + LEASE,
            )
        ):
            return None
        if budget is None:
            return 0.0
        wait = await pacing.wait_for(channel, chat_ref, budget, Turn(claimed.priority, claimed.id))
        if wait:
            await _put_back(claimed, dt.timedelta(microseconds=wait))
        return wait / policy.SECOND


async def overtaken(claimed: Claimed) -> bool:
    """Whether a newer notice says it instead: one with the same key, or a later change of the same message."""
    same = Q(replaces_key=claimed.replaces_key) if claimed.replaces_key is not None else None
    if claimed.edits_id is not None:
        edits = Q(edits_id=claimed.edits_id)
        same = edits if same is None else same | edits
    if same is None:
        return False
    newer = Notice.filter(same, id__gt=claimed.id).exclude(state=State.FAILED_PERMANENT.value)
    return await newer.exists()
