"""Telling those who answer for the log: nobody witnesses, or a signed checkpoint is denied by the log."""

from __future__ import annotations

from core import ledger, notices, people
from core.kit import Actor, clock, current, system, unit_of_work
from core.ledger import Kind
from core.notices import Priority
from core.people import Role
from core.witness import policy
from core.witness.models import Posting
from core.witness.queries import unwitnessed
from core.witness.terms import Limits, Why

TOLD = (Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)


async def _guards(plant_id: int) -> list[int]:
    """Those who answer for the log: quality managers, administrators, auditors."""
    found = [one.id for role in TOLD for one in await people.persons(plant_id, role=role.value)]
    return list(dict.fromkeys(found))


async def alarm_tails(limits: Limits) -> int:
    """Tell of every plant whose unwitnessed tail is too long, once a day while it stands; answers how many."""
    told = 0
    for plant in await people.plants():
        tail = await unwitnessed(plant.id)
        if not policy.too_long(tail, clock.now(), limits):
            continue
        async with unit_of_work() as work:
            last = (
                await Posting.select_for_update()
                .filter(plant_id=plant.id, why=Why.ALARM.value)
                .order_by("-id")
                .first()
            )
            if not policy.alarm_due(tail, last.asked_at if last else None, work.now, limits):
                continue
            await Posting.create(plant_id=plant.id, why=Why.ALARM.value, asked_at=work.now, done_at=work.now)
            actor = system(plant.id)
            for person_id in await _guards(plant.id):
                await notices.tell(
                    actor,
                    "witness:unwitnessed",
                    person_id=person_id,
                    facts={
                        "count": tail.count,
                        "since": tail.since,
                        "organisations": tail.organisations,
                    },
                    replaces_key=f"witness:unwitnessed:{person_id}",
                )
            told += 1
    return told


async def contradicted(actor: Actor, *, size: int, digits: str, verdict: str) -> None:
    """Record that the log denies what it once stated, and tell at once; the same finding once a day."""
    now = current().now
    known = await Posting.filter(
        plant_id=actor.plant_id,
        why=Why.CONTRADICTION.value,
        size=size,
        asked_at__gt=now - policy.AGAIN,
    ).exists()
    if known:
        return
    await Posting.create(
        plant_id=actor.plant_id, why=Why.CONTRADICTION.value, asked_at=now, done_at=now, size=size
    )
    short = ledger.short_form(size, digits)
    await ledger.append(Kind.WITNESS_CONTRADICTION, actor, facts={"checkpoint": short, "verdict": verdict})
    for person_id in await _guards(actor.plant_id):
        await notices.tell(
            actor,
            "witness:contradiction",
            person_id=person_id,
            facts={"short": short, "by": actor.name, "verdict": verdict},
            priority=Priority.CRITICAL,
        )
