"""Leaving notices in the outbox, inside the unit that caused them. A wire carries them after the commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from core.kit import canonical
from core.kit.actor import Actor
from core.kit.unit_of_work import Work, current
from core.notices import pacing
from core.notices.models import Notice
from core.notices.terms import WAITING, Priority, State

_waiting: list[Callable[[], None]] = []


def on_notice(wake: Callable[[], None]) -> None:
    """Have a quick call made after every commit that left a notice (wakes the delivery)."""
    if wake not in _waiting:
        _waiting.append(wake)


def no_wake() -> None:
    """Forget every wake call; used when a process shuts its delivery down."""
    _waiting.clear()


async def tell(
    actor: Actor,
    kind: str,
    *,
    person_id: int | None = None,
    channel: str | None = None,
    chat_ref: str | None = None,
    facts: dict[str, object] | None = None,
    payload: dict[str, object] | None = None,
    priority: Priority = Priority.ALERT,
    due_at: dt.datetime | None = None,
    replaces_key: str | None = None,
    edits_id: int | None = None,
    wanted_while: str | None = None,
    case: str | None = None,
) -> int:
    """Leave one notice for a person (any of their channels) or for one chat; answers its id.

    A pending notice with the same ``replaces_key``, or one that would change the same message, becomes superseded:
    many changes are one edit. ``wanted_while`` names a condition that the
    sender checks just before sending (see ``handlers/chat/notices``). ``edits_id`` names an earlier notice whose
    message should be changed in place where the messenger can.
    """
    work = current()
    if replaces_key is not None:
        await Notice.filter(replaces_key=replaces_key, state__in=WAITING).update(state=State.SUPERSEDED.value)
    if edits_id is not None:
        await Notice.filter(edits_id=edits_id, state__in=WAITING).update(state=State.SUPERSEDED.value)
    plain_facts = canonical.plain(facts or {})
    notice = await Notice.create(
        plant_id=actor.plant_id,
        person_id=person_id,
        channel=channel,
        chat_ref=chat_ref,
        scope=pacing.scope_of(channel, chat_ref) if channel and chat_ref else None,
        kind=kind,
        facts=plain_facts,
        payload=payload,
        priority=int(priority),
        state=State.PENDING.value,
        replaces_key=replaces_key,
        edits_id=edits_id,
        wanted_while=wanted_while,
        due_at=due_at or work.now,
        case_number=case,
        correlation=actor.correlation,
        created_at=work.now,
    )
    if edits_id is not None:
        await _edit_copies(notice)
    wake_after(work)
    return int(notice.id)


async def _edit_copies(change: Notice) -> None:
    """The same alert on another channel, left because nothing proved that it arrived, changes too."""
    copies = await Notice.filter(copy_of=change.edits_id).order_by("id").values_list("id", flat=True)
    for copy in copies:
        await Notice.filter(edits_id=copy, state__in=WAITING).update(state=State.SUPERSEDED.value)
        await Notice.create(
            plant_id=change.plant_id,
            person_id=change.person_id,
            kind=change.kind,
            facts=change.facts,
            payload=change.payload,
            priority=change.priority,
            edits_id=copy,
            due_at=change.due_at,
            case_number=change.case_number,
            correlation=change.correlation,
            created_at=change.created_at,
        )


def wake_after(work: Work) -> None:
    """Wake whoever delivers once the unit is committed."""
    for wake in _waiting:
        work.after_commit(wake)


async def due_now(person_id: int) -> None:
    """A person's wishes changed: what was put back for them is looked at again at once."""
    await Notice.filter(person_id=person_id, state__in=WAITING).update(due_at=current().now)
    wake_after(current())
