"""Reads of this room, each named by its question, each inside what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from core import people
from core.anomalies import policy
from core.anomalies.models import Anomaly, GradeRules, Grading
from core.anomalies.terms import ENDED, AnomalyFacts, Grade, Proposal, Rules, State
from core.kit import Actor, Level, Module, NotFound, Page, Permission, clock, plain_text
from core.kit.page import cut
from core.people import PersonFacts

PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list of cases is narrowed to; None means any."""

    state: str | None = None
    states: tuple[str, ...] = ()
    """Any of several states, such as the open ones of a stage."""
    grade: str | None = None
    category: str | None = None
    partner_id: int | None = None
    overdue: bool = False
    text: str = ""


@people.cases_are
def visible(actor: Actor) -> QuerySet[Anomaly]:
    """The cases an actor may see.

    The plant's people see all (of their sites), a partner's those shared with it, a reporter their own, an auditor
    those of the engagement.
    """
    scope = people.scope(actor)
    rows = Anomaly.filter(plant_id=scope.plant_id)
    if (audited := actor.engagement) is not None:
        if audited.cases is not None:
            rows = rows.filter(number__in=sorted(audited.cases))
        if audited.reported_since is not None:
            rows = rows.filter(reported_at__gte=audited.reported_since)
        if audited.reported_until is not None:
            rows = rows.filter(reported_at__lt=audited.reported_until)
    if scope.partner_id is not None:
        return rows.filter(Q(partner_id=scope.partner_id) | Q(reporter_id=actor.person_id or 0))
    if scope.site_ids is not None:
        return rows.filter(
            Q(site_id__in=sorted(scope.site_ids))
            | Q(site_id=None)
            | Q(reporter_id=actor.person_id or 0)
            | Q(owner_id=actor.person_id or 0)
        )
    working = any(
        actor.may(Permission(module, level))
        for module, level in (
            (Module.ANOMALIES, Level.WORK),
            (Module.RECORDS, Level.READ),
            (Module.CAPA, Level.READ),
        )
    )
    return (
        rows
        if working
        else rows.filter(Q(reporter_id=actor.person_id or 0) | Q(owner_id=actor.person_id or 0))
    )


async def row(actor: Actor, case: int | str, *, lock: bool = False) -> Anomaly:
    """The case itself, by id or number, locked for the running unit if asked.

    Raises:
        NotFound: none inside the actor's scope.
    """
    rows = visible(actor).filter(id=case) if isinstance(case, int) else visible(actor).filter(number=case)
    found = await (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(what=str(case)[:40])
    return found


async def get(actor: Actor, case: int | str, *, lock: bool = False) -> AnomalyFacts:
    """One case, by id or number, locked for the running unit if asked.

    Raises:
        NotFound: none inside the actor's scope.
    """
    return (await row(actor, case, lock=lock)).facts()


async def page(
    actor: Actor, filters: Filters | None = None, *, after: int | None = None, size: int = PAGE
) -> Page[AnomalyFacts]:
    """Cases, newest first, narrowed by filters; ``after`` is the key of the last one seen."""
    wanted = filters or Filters()
    rows = visible(actor)
    for name in ("state", "grade", "category", "partner_id"):
        value = getattr(wanted, name)
        if value:
            rows = rows.filter(**{name: value})
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.overdue:
        rows = rows.filter(due_at__lt=clock.now()).exclude(state__in=[one.value for one in ENDED])
    said = plain_text.clean(wanted.text)[:60]
    if said:
        rows = rows.filter(
            Q(number__icontains=said) | Q(lot_number__icontains=said) | Q(description__icontains=said)
        )
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [one.facts() for one in await rows.order_by("-id").limit(size + 1)]
    return cut(found, size, [one.id for one in found])


async def reported_between(
    actor: Actor, since: dt.datetime, until: dt.datetime, *, most: int
) -> list[AnomalyFacts]:
    """At most ``most`` cases reported from one instant to before another, oldest first."""
    rows = visible(actor).filter(reported_at__gte=clock.utc(since), reported_at__lt=clock.utc(until))
    return [one.facts() for one in await rows.order_by("id").limit(most)]


async def counts(actor: Actor) -> dict[str, int]:
    """How many cases stand at each state, for the pulse of the dashboard."""
    rows = await visible(actor).annotate(n=Count("id")).group_by("state").values("state", "n")
    found = {str(row["state"]): int(row["n"]) for row in rows}
    return {state.value: found.get(state.value, 0) for state in State}


async def moved_since(actor: Actor, since: dt.datetime) -> tuple[int, int]:
    """How many cases were reported, and how many closed, since an instant."""
    rows, moment = visible(actor), clock.utc(since)
    return (
        await rows.filter(reported_at__gte=moment).count(),
        await rows.filter(state=State.CLOSED.value, closed_at__gte=moment).count(),
    )


async def overdue_count(actor: Actor) -> int:
    """How many open cases are past their clock."""
    return (
        await visible(actor)
        .filter(due_at__lt=clock.now())
        .exclude(state__in=[one.value for one in ENDED])
        .count()
    )


async def in_states(
    actor: Actor, states: Collection[str], *, grades: Collection[str], limit: int
) -> list[AnomalyFacts]:
    """Cases in some states whose grade, signed or else proposed, is one of these: the gravest, then the newest first."""
    found: list[AnomalyFacts] = []
    for grade in sorted(grades):
        rows = visible(actor).filter(
            Q(grade=grade) | Q(grade=None, proposed_grade=grade), state__in=sorted(states)
        )
        found += [one.facts() for one in await rows.order_by("-id").limit(limit)]
    return found[:limit]


async def pressing(actor: Actor, *, limit: int = 5) -> list[AnomalyFacts]:
    """Open cases whose clock runs out first, the longest overdue at the top."""
    rows = visible(actor).exclude(state__in=[one.value for one in ENDED]).exclude(due_at=None)
    return [one.facts() for one in await rows.order_by("due_at", "id").limit(limit)]


async def oldest_open(actor: Actor) -> AnomalyFacts | None:
    """The open case that was reported first; None when all are closed."""
    rows = visible(actor).exclude(state__in=[one.value for one in ENDED])
    found = await rows.order_by("reported_at", "id").first()
    return None if found is None else found.facts()


async def open_for(person_id: int) -> list[AnomalyFacts]:
    """Cases a person has to move forward, the most urgent first."""
    rows = await Anomaly.filter(
        owner_id=person_id, state__in=["reported", "collecting", "graded", "contained", "investigating"]
    ).order_by("due_at", "id")
    return [one.facts() for one in rows]


async def owned_by(person_id: int) -> list[AnomalyFacts]:
    """Every open case of a person, whatever its stage, the oldest first."""
    rows = (
        await Anomaly.filter(owner_id=person_id)
        .exclude(state__in=[one.value for one in ENDED])
        .order_by("id")
    )
    return [one.facts() for one in rows]


async def reported_by(person_id: int, *, limit: int = 10) -> list[AnomalyFacts]:
    """A person's own reports, newest first."""
    rows = await Anomaly.filter(reporter_id=person_id).order_by("-id").limit(limit)
    return [one.facts() for one in rows]


async def overdue(now: dt.datetime, *, limit: int = 100) -> list[AnomalyFacts]:
    """Acknowledged cases whose stage clock ran out untold, of every plant, longest overdue first."""
    rows = (
        await Anomaly.filter(overdue_told=False, due_at__lt=clock.utc(now))
        .exclude(state__in=[State.REPORTED.value, *(one.value for one in ENDED)])
        .order_by("due_at", "id")
        .limit(limit)
    )
    return [one.facts() for one in rows]


async def rules_for(plant_id: int) -> Rules:
    """The rule table in force; version 0 is the built-in default."""
    found = (
        await GradeRules.filter(plant_id=plant_id, effective_from__lte=clock.now())
        .order_by("-version")
        .first()
    )
    return Rules() if found is None else Rules.from_json(found.content)


async def asked_lower(anomaly_id: int) -> Grading | None:
    """The lower grade that waits for a second person, if any: the newest step is the asking."""
    newest = await Grading.filter(anomaly_id=anomaly_id).order_by("-id").first()
    return newest if newest is not None and newest.step == "lower_asked" else None


async def lower_asked(anomaly_id: int) -> bool:
    """Whether a lower grade waits for a second person."""
    return await asked_lower(anomaly_id) is not None


async def lower_waiting(actor: Actor) -> list[AnomalyFacts]:
    """Cases whose lower grade waits for a signature that this actor could give."""
    if not actor.may(Permission(Module.ANOMALIES, Level.APPROVE)):
        return []
    open_cases = {
        one.id: one
        for one in await visible(actor)
        .filter(state__in=[State.COLLECTING.value, State.GRADED.value])
        .exclude(reporter_id=actor.person_id or 0)
    }
    newest: dict[int, Grading] = {}
    asked = Grading.filter(anomaly_id__in=list(open_cases) or [0]).order_by("id")
    for line in await asked:
        newest[line.anomaly_id] = line
    return [
        open_cases[key].facts()
        for key, line in sorted(newest.items())
        if line.step == "lower_asked" and line.by_id != actor.person_id
    ]


@dataclass(frozen=True, kw_only=True)
class GradingLine:
    """One step of grading as a record shows it."""

    step: str
    proposal: Proposal
    reason: str | None
    by_id: int | None
    rules_version: int
    signature_id: int | None
    at: dt.datetime


async def gradings(actor: Actor, anomaly_id: int) -> list[GradingLine]:
    """Every step of grading of a case, oldest first."""
    await row(actor, anomaly_id)
    return [
        GradingLine(
            step=one.step,
            proposal=Proposal(s=one.s, o=one.o, d=one.d, grade=Grade(one.grade), reasons=()),
            reason=one.reason,
            by_id=one.by_id,
            rules_version=one.rules_version,
            signature_id=one.signature_id,
            at=one.at,
        )
        for one in await Grading.filter(anomaly_id=anomaly_id).order_by("id")
    ]


def can(person: PersonFacts, level: Level) -> bool:
    """Whether a person's roles give them a level in this room."""
    return any(
        held.module is Module.ANOMALIES and held.level.includes(level)
        for held in people.permissions_of(person.roles)
    )


def may_hand_over(actor: Actor, facts: AnomalyFacts) -> bool:
    """Whether an actor may give a case into other hands as it stands."""
    work, approve = (Permission(Module.ANOMALIES, level) for level in (Level.WORK, Level.APPROVE))
    if State(facts.state) in ENDED or not actor.may(work):
        return False
    return policy.hand_over(facts, by=actor.identity, approves=actor.may(approve))


async def able_to_own(actor: Actor, anomaly_id: int) -> list[PersonFacts]:
    """People who could take a case: they work on anomalies in the plant, and do not own it already."""
    facts = await get(actor, anomaly_id)
    return [
        one
        for one in await people.persons(facts.plant_id)
        if one.organisation_id == facts.plant_id and one.id != facts.owner_id and can(one, Level.WORK)
    ]
