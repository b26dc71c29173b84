"""Planning duty: rotations, and people put in by hand for a while."""

from __future__ import annotations

import datetime as dt

from core import calendars, ledger, notices, people
from core.calendars import reasoned
from core.duty import policy, queries
from core.duty.errors import CannotServe
from core.duty.models import Override, Rotation
from core.duty.terms import HAND_OVER, Every, OverrideFacts, RotationFacts
from core.kit import Actor, Level, Malformed, Module, NotFound, clock, current, plain_text, verb
from core.ledger import Kind

CODE = 4


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.DUTY_ROTATE)
async def set_rotation(
    actor: Actor,
    *,
    tier: int,
    order: tuple[int, ...],
    reason: str,
    every: str = Every.WEEK.value,
    shift_id: int | None = None,
    category: str | None = None,
    site_id: int | None = None,
    partner_id: int | None = None,
    starts_on: dt.date | None = None,
    hand_over: dt.time = HAND_OVER,
) -> RotationFacts:
    """Let people take turns at a tier, within a shift or round the clock.

    Raises:
        RotationBroken, CannotServe: the order or the tier is none.
        NotFound: the shift, site or partner is not of this plant.
        Malformed, NeedsReason: no such rhythm, no reason.
    """
    said = reasoned(reason)
    if every not in set(Every):
        raise Malformed(field="every", why=every[:20])
    policy.sound(order, tier, (one.id for one in await queries.able(actor.plant_id)))
    code = None if category is None else plain_text.checked(category, limit=CODE)
    await people.must_be_own_site(actor, site_id)
    await people.must_be_own_partner(actor, partner_id)
    rule = await calendars.rule_of(actor.plant_id)
    zone = rule.zone
    if shift_id is not None:
        zone = (await calendars.shift(actor.plant_id, shift_id)).zone
    row = await Rotation.create(
        plant_id=actor.plant_id,
        tier=tier,
        category=code,
        site_id=site_id,
        partner_id=partner_id,
        shift_id=shift_id,
        every=every,
        order=list(order),
        starts_on=starts_on or clock.in_zone(current().now, zone).date(),
        hand_over_minute=hand_over.hour * 60 + hand_over.minute,
        zone=zone,
    )
    await ledger.append(
        Kind.DUTY_ROTATE,
        actor,
        rows=[row],
        reason=said,
        facts={
            "tier": tier,
            "category": code,
            "site": site_id,
            "partner": partner_id,
            "shift": shift_id,
            "every": every,
            "order": list(order),
            "starts_on": row.facts().starts_on,
        },
    )
    return row.facts()


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.DUTY_ROTATION_END)
async def end_rotation(actor: Actor, rotation_id: int, *, reason: str) -> None:
    """End a rotation; from now on the responsibility table decides again.

    Raises:
        NotFound: no such standing rotation.
        NeedsReason: no reason was given.
    """
    said = reasoned(reason)
    row = await Rotation.select_for_update().get_or_none(
        id=rotation_id, plant_id=actor.plant_id, ended_at=None
    )
    if row is None:
        raise NotFound(what=f"#{rotation_id}")
    row.ended_at = current().now
    await row.save()
    await ledger.append(
        Kind.DUTY_ROTATION_END, actor, rows=[row], reason=said, facts={"rotation": row.id, "tier": row.tier}
    )


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.DUTY_OVERRIDE)
async def put_in(
    actor: Actor, rotation_id: int, person_id: int, *, since: dt.datetime, until: dt.datetime, reason: str
) -> OverrideFacts:
    """Put a person in for a while, whoever would have the turn, also where nobody has it; they are told.

    Raises:
        NotFound: no such rotation.
        PeriodBroken, CannotServe, NeedsReason: why not.
    """
    said = reasoned(reason)
    found = await queries.rotation(actor, rotation_id)
    begin, end = clock.utc(since), clock.utc(until)
    policy.lasting(begin, end, current().now)
    if person_id not in {one.id for one in await queries.able(actor.plant_id)}:
        raise CannotServe
    row = await Override.create(
        plant_id=actor.plant_id,
        rotation_id=found.id,
        person_id=person_id,
        since=begin,
        until=end,
        reason=said,
        set_by=actor.person_id,
    )
    await ledger.append(
        Kind.DUTY_OVERRIDE,
        actor,
        rows=[row],
        reason=said,
        facts={"rotation": found.id, "person": person_id, "since": begin, "until": end},
    )
    if person_id != actor.person_id:
        await notices.tell(
            actor,
            "duty:put_in",
            person_id=person_id,
            facts={
                "by": actor.name,
                "tier": found.tier,
                "since": begin,
                "until": end,
                "reason": said,
            },
        )
    return row.facts()


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.DUTY_OVERRIDE_END)
async def take_out(actor: Actor, override_id: int, *, reason: str) -> None:
    """Take a person out again; the rotation goes on as planned.

    Raises:
        NotFound: no such standing override.
        NeedsReason: no reason was given.
    """
    said = reasoned(reason)
    row = await Override.select_for_update().get_or_none(
        id=override_id, plant_id=actor.plant_id, ended_at=None
    )
    if row is None:
        raise NotFound(what=f"#{override_id}")
    row.ended_at = current().now
    await row.save()
    await ledger.append(
        Kind.DUTY_OVERRIDE_END,
        actor,
        rows=[row],
        reason=said,
        facts={"override": row.id, "person": row.person_id},
    )
