"""Noting who has the duty, so that a change of hands is seen once, whatever was restarted in between."""

from __future__ import annotations

from core import ledger, people
from core.duty import queries
from core.duty.models import Watch
from core.duty.terms import Change, RotationFacts
from core.kit import Actor, Level, Module, NotPermitted, clock, current, verb
from core.kit.numbering import in_line
from core.ledger import Kind


async def changing() -> list[tuple[int, RotationFacts]]:
    """Rotations of every plant whose duty is with somebody else than was noted last."""
    noted = {one.rotation_id: one for one in await Watch.all()}
    found = []
    for plant in await people.plants():
        known = await queries.board(plant.id, clock.now())
        for one in known.rotations:
            turn = known.now(one, clock.now())
            present = None if turn is None else turn.person_id
            if one.id not in noted or noted[one.id].person_id != present:
                found.append((plant.id, one))
    return found


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.DUTY_CHANGE)
async def note_change(actor: Actor, rotation_id: int) -> Change | None:
    """Note who has the duty of a rotation now; None when it was noted already.

    Raises:
        NotPermitted: only the clock itself notes this.
        NotFound: no such standing rotation.
    """
    if not actor.is_system:
        raise NotPermitted
    one = await queries.rotation(actor, rotation_id)
    await in_line(actor.plant_id, f"watch-{one.id}")
    known = await queries.board(actor.plant_id, current().now, [one])
    turn = known.now(one, current().now)
    present = None if turn is None else turn.person_id
    row = await Watch.get_or_none(rotation_id=one.id)
    if row is not None and row.person_id == present:
        return None
    before = None if row is None else row.person_id
    if row is None:
        row = Watch(plant_id=actor.plant_id, rotation_id=one.id)
    row.person_id, row.since = present, current().now
    await row.save()
    await ledger.append(
        Kind.DUTY_CHANGE,
        actor,
        rows=[row],
        before={"person": before},
        facts={"rotation": one.id, "tier": one.tier, "person": present},
    )
    return Change(rotation=one, before=before, after=present, at=current().now)
