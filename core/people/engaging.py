"""Engagements: an auditor is let in for a time and for certain cases, and sees nothing before, after or beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core import ledger
from core.kit import Actor, Level, Module, NotFound, clock, current, plain_text, verb
from core.ledger import Kind
from core.people import queries, roles, seeing
from core.people.engagements import facts_of
from core.people.errors import (
    CasesUnknown,
    EngagementOver,
    EngagementOverlaps,
    NotAnAuditor,
)
from core.people.models import Engagement
from core.people.policy import must_be_engagement
from core.people.terms import EngagementFacts, EngagementState, Role

_NUMBER = 40


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ENGAGEMENT_OPEN)
async def engage(
    actor: Actor,
    person_id: int,
    *,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    reason: str,
    partner_id: int | None = None,
    cases: Iterable[str] = (),
    reported_since: dt.datetime | None = None,
    reported_until: dt.datetime | None = None,
) -> EngagementFacts:
    """Let an auditor in from one instant to before another, for a partner's cases, named ones, or days of reports.

    Bounds that are given all hold together; without any the auditor reads the whole plant.

    Raises:
        NotFound: no such person or partner in this plant.
        Inactive: the person's access has ended.
        NotAnAuditor, EngagementPeriod, EngagementOverlaps: it cannot be opened so.
        ReportDatesReversed, CasesUnknown, TooManyNamed: its bounds are not clear.
        NeedsReason: no reason was given.
    """
    why = roles.given(reason)
    person = await roles.locked(actor, person_id)
    if Role.AUDITOR not in (await queries.person(person_id)).roles:
        raise NotAnAuditor(name=person.printed_name)
    await queries.must_be_own_partner(actor, partner_id)
    numbers = sorted({plain_text.clean(one)[:_NUMBER] for one in cases} - {""})
    must_be_engagement(
        opens_at=opens_at,
        closes_at=closes_at,
        reported_since=reported_since,
        reported_until=reported_until,
        cases=len(numbers),
        now=current().now,
    )
    unknown = set(numbers) - await seeing.known(actor, numbers)
    if unknown:
        raise CasesUnknown(numbers=", ".join(sorted(unknown)[:5]))
    standing = Engagement.filter(person_id=person_id, ended_at=None)
    if await standing.filter(opens_at__lt=clock.utc(closes_at), closes_at__gt=clock.utc(opens_at)).exists():
        raise EngagementOverlaps(name=person.printed_name)
    row = await Engagement.create(
        plant_id=actor.plant_id,
        person_id=person_id,
        opens_at=clock.utc(opens_at),
        closes_at=clock.utc(closes_at),
        partner_id=partner_id,
        cases=numbers,
        reported_since=None if reported_since is None else clock.utc(reported_since),
        reported_until=None if reported_until is None else clock.utc(reported_until),
        reason=why,
    )
    await ledger.append(
        Kind.ENGAGEMENT_OPEN,
        actor,
        rows=[row],
        reason=why,
        facts={
            "person": person_id,
            "opens": row.opens_at,
            "closes": row.closes_at,
            "partner": partner_id,
            "cases": numbers,
            "reported_since": row.reported_since,
            "reported_until": row.reported_until,
        },
    )
    return facts_of(row)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ENGAGEMENT_END)
async def end_engagement(actor: Actor, engagement_id: int, reason: str) -> EngagementFacts:
    """End an engagement now; what the auditor saw stays on record.

    Raises:
        NotFound: no such engagement in this plant.
        EngagementOver: it is over already.
        NeedsReason: no reason was given.
    """
    why = roles.given(reason)
    row = await Engagement.select_for_update().get_or_none(id=engagement_id, plant_id=actor.plant_id)
    if row is None:
        raise NotFound(what=f"#{engagement_id}")
    now = current().now
    if facts_of(row).state(now) not in (EngagementState.OPEN, EngagementState.COMING):
        raise EngagementOver
    row.ended_at = now
    await row.save()
    await ledger.append(
        Kind.ENGAGEMENT_END,
        actor,
        rows=[row],
        reason=why,
        facts={"person": row.person_id, "engagement": row.id},
    )
    return facts_of(row)
