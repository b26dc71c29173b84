"""The matrix of responsibility: who answers for which category, site and partner, at which tier."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, Level, Module, NotFound, current, verb
from core.ledger import Kind
from core.people import queries
from core.people.models import Responsibility


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.RESPONSIBILITY_SET)
async def set_responsible(
    actor: Actor,
    person_id: int,
    *,
    tier: int,
    category: str | None = None,
    site_id: int | None = None,
    partner_id: int | None = None,
) -> int:
    """Add a line to the matrix; None means any. Answers its id.

    Raises:
        NotFound: the person is not of this plant.
    """
    person = await queries.person(person_id)
    if person.plant_id != actor.plant_id or not person.active:
        raise NotFound(what=f"#{person_id}")
    row = await Responsibility.create(
        plant_id=actor.plant_id,
        category=category,
        site_id=site_id,
        partner_id=partner_id,
        tier=tier,
        person_id=person_id,
    )
    await ledger.append(
        Kind.RESPONSIBILITY_SET,
        actor,
        rows=[row],
        facts={
            "person": person_id,
            "tier": tier,
            "category": category,
            "site": site_id,
            "partner": partner_id,
        },
    )
    return int(row.id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.RESPONSIBILITY_SET)
async def end_responsibility(actor: Actor, responsibility_id: int, reason: str) -> None:
    """End a line of the matrix; the record of it stays.

    Raises:
        NotFound: no such line in this plant.
    """
    row = await Responsibility.get_or_none(id=responsibility_id, plant_id=actor.plant_id, until=None)
    if row is None:
        raise NotFound(what=f"#{responsibility_id}")
    row.until = current().now
    await row.save()
    await ledger.append(
        Kind.RESPONSIBILITY_SET,
        actor,
        rows=[row],
        reason=reason,
        facts={"person": row.person_id, "ended": True},
    )
