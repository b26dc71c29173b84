"""Being away, with a deputy or without, and coming back."""

from __future__ import annotations

import datetime as dt

from tortoise.expressions import F

from core import ledger, notices
from core.calendars import reasoned
from core.duty import policy, queries
from core.duty.errors import AwayAlready
from core.duty.models import Absence
from core.duty.terms import AbsenceFacts
from core.kit import Actor, Level, Module, NotFound, Permission, clock, current, verb
from core.kit.numbering import in_line
from core.ledger import Kind

PLANS = Permission(Module.ESCALATION, Level.CONFIGURE)
WORKS = Permission(Module.ANOMALIES, Level.WORK)


def _whose(actor: Actor, person_id: int | None) -> int:
    """Oneself, or somebody else for those who plan duty."""
    if person_id is None or person_id == actor.person_id:
        actor.must(WORKS)
        return actor.identity
    actor.must(PLANS)
    return person_id


@verb(Module.ESCALATION, Level.READ, Kind.DUTY_AWAY)
async def be_away(
    actor: Actor,
    *,
    until: dt.datetime,
    deputy_id: int | None,
    reason: str,
    since: dt.datetime | None = None,
    person_id: int | None = None,
) -> AbsenceFacts:
    """Note that oneself, or for planners somebody else, is away; alerts and turns go to the deputy meanwhile.

    Raises:
        NotPermitted: it is somebody else, and the actor does not plan duty; or it is nobody who works on cases.
        PeriodBroken, OwnDeputy, CannotServe, AwayAlready, NeedsReason: why not.
    """
    whose, said = _whose(actor, person_id), reasoned(reason)
    begin, end = clock.utc(since or current().now), clock.utc(until)
    policy.lasting(begin, end, current().now)
    known = {one.id for one in await queries.able(actor.plant_id)}
    if whose not in known:
        raise NotFound(what=f"#{whose}")
    policy.deputise(whose, deputy_id, known)
    await in_line(actor.plant_id, f"away-{whose}")
    if await Absence.exists(person_id=whose, since__lt=end, until__gt=begin, until__gte=F("since")):
        raise AwayAlready
    row = await Absence.create(
        plant_id=actor.plant_id,
        person_id=whose,
        deputy_id=deputy_id,
        since=begin,
        until=end,
        reason=said,
        set_by=actor.person_id,
    )
    await ledger.append(
        Kind.DUTY_AWAY,
        actor,
        rows=[row],
        reason=said,
        facts={"person": whose, "deputy": deputy_id, "since": begin, "until": end},
    )
    if deputy_id is not None and deputy_id != actor.person_id:
        await notices.tell(
            actor,
            "duty:deputy",
            person_id=deputy_id,
            facts={"person": whose, "since": begin, "until": end},
        )
    return row.facts()


@verb(Module.ESCALATION, Level.READ, Kind.DUTY_BACK)
async def be_back(actor: Actor, *, person_id: int | None = None) -> AbsenceFacts:
    """End the absence that runs, or the next one, now; one that has not begun ends before its beginning.

    Raises:
        NotPermitted: it is somebody else, and the actor does not plan duty.
        NotFound: nobody is away.
    """
    whose = _whose(actor, person_id)
    row = (
        await Absence.filter(plant_id=actor.plant_id, person_id=whose, until__gt=current().now)
        .order_by("since", "id")
        .select_for_update()
        .first()
    )
    if row is None:
        raise NotFound(what="/away")
    before = row.until
    row.until = current().now
    await row.save()
    await ledger.append(
        Kind.DUTY_BACK,
        actor,
        rows=[row],
        before={"until": before},
        facts={"person": whose, "absence": row.id, "until": row.until},
    )
    if row.deputy_id is not None and row.deputy_id != actor.person_id:
        await notices.tell(actor, "duty:back", person_id=row.deputy_id, facts={"person": whose})
    return row.facts()
