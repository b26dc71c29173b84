"""Reads of engagements, and the rights that hang on them."""

from __future__ import annotations

from core.kit import Actor, Level, Module, Permission, clock
from core.kit import engagement as bounds
from core.people.errors import NotEngaged
from core.people.models import Engagement
from core.people.terms import EngagementFacts, Role

_READ = Permission(Module.PEOPLE, Level.READ)


async def engagements(actor: Actor) -> list[EngagementFacts]:
    """Every engagement of the plant, the newest first; an auditor sees the own ones.

    Raises:
        NotPermitted: the actor may not see who has which rights.
    """
    actor.must(_READ)
    rows = Engagement.filter(plant_id=actor.plant_id)
    if Role.AUDITOR in actor.roles:
        rows = rows.filter(person_id=actor.identity)
    return [facts_of(row) for row in await rows.order_by("-id")]


async def open_engagement(person_id: int) -> bounds.Engagement | None:
    """What a person is let in for at this instant."""
    now = clock.now()
    row = (
        await Engagement.filter(person_id=person_id, opens_at__lte=now, closes_at__gt=now, ended_at=None)
        .order_by("-id")
        .first()
    )
    if row is None:
        return None
    return bounds.Engagement(
        id=row.id,
        closes_at=row.closes_at,
        partner_id=row.partner_id,
        cases=frozenset(row.cases) or None,
        reported_since=row.reported_since,
        reported_until=row.reported_until,
    )


def must_be_let_in(actor: Actor) -> None:
    """Say it in plain words to an auditor whose engagement is not open; the rights are gone in any case.

    Raises:
        NotEngaged: see there.
    """
    if Role.AUDITOR in actor.roles and actor.engagement is None:
        raise NotEngaged


def facts_of(row: Engagement) -> EngagementFacts:
    """The engagement as others see it."""
    return EngagementFacts(
        id=row.id,
        plant_id=row.plant_id,
        person_id=row.person_id,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        partner_id=row.partner_id,
        cases=tuple(row.cases),
        reported_since=row.reported_since,
        reported_until=row.reported_until,
        reason=row.reason,
        ended_at=row.ended_at,
    )
