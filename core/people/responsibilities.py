"""The matrix of responsibility: who answers for which category, site and partner, at which tier."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, Level, Module, NotFound, current, plain_text, verb
from core.ledger import Kind
from core.people import queries, roles
from core.people.errors import Unlisted
from core.people.models import Responsibility
from core.people.policy import must_answer_only_for_own

CODE = 4
TIERS = range(1, 5)


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
    """Add a line to the matrix; None means any. Answers its id, the standing one's when the line stands already.

    Raises:
        NotFound: the person, site or partner is not of this plant.
        Inactive: the person's access has ended.
        Unlisted: tiers run from 1 (owner) to 4 (site head).
        PartnersOwnOnly: a partner's person would answer for cases of others.
    """
    if tier not in TIERS:
        raise Unlisted(value=tier)
    code = None if category is None else plain_text.checked(category, limit=CODE)
    person = await roles.locked(actor, person_id)
    await queries.must_be_own_site(actor, site_id)
    await queries.must_be_own_partner(actor, partner_id)
    must_answer_only_for_own(
        plant_id=actor.plant_id, organisation_id=person.organisation_id, partner_id=partner_id
    )
    row, made = await Responsibility.get_or_create(
        plant_id=actor.plant_id,
        category=code,
        site_id=site_id,
        partner_id=partner_id,
        tier=tier,
        person_id=person_id,
        until=None,
    )
    if not made:
        return int(row.id)
    await ledger.append(
        Kind.RESPONSIBILITY_SET,
        actor,
        rows=[row],
        facts={
            "person": person_id,
            "tier": tier,
            "category": code,
            "site": site_id,
            "partner": partner_id,
        },
    )
    return int(row.id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.RESPONSIBILITY_END)
async def end_responsibility(actor: Actor, responsibility_id: int, reason: str) -> None:
    """End a line of the matrix; the record of it stays.

    Raises:
        NotFound: no such line in this plant.
        NeedsReason: no reason was given.
    """
    why = roles.given(reason)
    row = await Responsibility.select_for_update().get_or_none(
        id=responsibility_id, plant_id=actor.plant_id, until=None
    )
    if row is None:
        raise NotFound(what=f"#{responsibility_id}")
    row.until = current().now
    await row.save()
    await ledger.append(
        Kind.RESPONSIBILITY_END,
        actor,
        rows=[row],
        reason=why,
        facts={"person": row.person_id, "line": row.id},
    )
