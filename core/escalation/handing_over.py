"""The change of shift: whoever comes on duty gets the alerts that sound, and a list of what is open."""

from __future__ import annotations

from core import anomalies, duty, notices, people
from core.anomalies import AnomalyFacts
from core.duty import Change
from core.escalation.climbing import running, tell_people
from core.escalation.models import EscalationTell
from core.escalation.terms import Why
from core.kit import each_alone, system

GRADES = ("A", "B")
MOST = 50
"""Open cases of one plant that are looked through; the list in the notice says how many there are."""
SHOWN = 8
IN_WORK = frozenset({"reported", "collecting", "graded"})


async def hand_over() -> int:
    """Note every duty that changed hands, and tell those who have it now; answers how many were told."""
    return await each_alone(await duty.changing(), _change, "hand_over", number=lambda one: one[1].id)


async def _change(found: tuple[int, duty.RotationFacts]) -> bool:
    plant_id, rotation = found
    change = await duty.note_change(system(plant_id), rotation.id)
    return change is not None and change.after is not None and await _tell(plant_id, change, change.after)


async def _tell(plant_id: int, change: Change, person_id: int) -> bool:
    """Only of what the person may see: nobody is called for a case that stays closed to them."""
    actor = system(plant_id, correlation=f"duty-{change.rotation.id}")
    reader = await people.actor_of(person_id, "system")
    found = [
        case
        for case in await anomalies.in_states(reader, IN_WORK, grades=GRADES, limit=MOST)
        if await _covers(change, case)
    ]
    for case in found:
        run = await running(case.id)
        if run is None or run.tier != change.rotation.tier:
            continue
        if not await EscalationTell.exists(run_id=run.id, person_id=person_id):
            await tell_people(actor, run, case, run.tier, [person_id], Why.SHIFT)
    if not found:
        return False
    await notices.tell(
        actor,
        "escalation:hand_over",
        person_id=person_id,
        facts={
            "before": change.before,
            "tier": change.rotation.tier,
            "count": len(found),
            "cases": [one.id for one in found[:SHOWN]],
        },
    )
    return True


async def _covers(change: Change, case: AnomalyFacts) -> bool:
    standing = await duty.on_duty(
        case.plant_id,
        tier=change.rotation.tier,
        category=case.category,
        site_id=case.site_id,
        partner_id=case.partner_id,
        at=change.at,
    )
    return change.rotation.id in standing.rotations
