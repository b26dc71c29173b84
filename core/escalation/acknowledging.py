"""Acknowledging: by one person or by several, taken back by a person or by the clock."""

from __future__ import annotations

from core import anomalies, ledger, notices
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.climbing import (
    OWNER,
    begin,
    climb,
    nobody,
    people_of,
    running,
    take_graver,
    tell_people,
)
from core.escalation.errors import AckedAlready, NoAlert
from core.escalation.models import EscalationAcknowledgement, EscalationRun, EscalationTell
from core.escalation.queries import acks_of
from core.escalation.terms import Missing, Policy, RunState, Why
from core.kit import Actor, Level, Module, current, verb
from core.ledger import Kind


async def _stands_for(actor: Actor, run: EscalationRun, anomaly: AnomalyFacts) -> list[int]:
    """The tiers that somebody acknowledges for: owner, told at a tier, or on duty at one that is asked for."""
    found = {OWNER} if anomaly.owner_id == actor.person_id else set[int]()
    told = await EscalationTell.filter(run_id=run.id, person_id=actor.person_id).values_list(
        "tier", flat=True
    )
    found.update(int(str(one)) for one in told if int(str(one)) != OWNER)
    for tier in Policy.from_json(run.policy).acks:
        if tier not in found and actor.person_id in await people_of(anomaly, tier):
            found.add(tier)
    return sorted(found)


async def acknowledged(actor: Actor, anomaly: AnomalyFacts) -> None:
    """Somebody took the case: the alert stops for everyone told, or goes on for those who have to acknowledge too."""
    run = await running(anomaly.id)
    if run is not None:
        await _acknowledge(actor, run, anomaly)


async def _acknowledge(actor: Actor, run: EscalationRun, anomaly: AnomalyFacts) -> Missing:
    policy = Policy.from_json(run.policy)
    rows: list[EscalationRun | EscalationAcknowledgement] = [run]
    given = await acks_of(run.id, run.round)
    if actor.person_id is not None and actor.person_id not in {one.person_id for one in given}:
        rows.append(
            await EscalationAcknowledgement.create(
                run_id=run.id,
                round=run.round,
                person_id=actor.person_id,
                tiers=await _stands_for(actor, run, anomaly),
                at=current().now,
            )
        )
        given = await acks_of(run.id, run.round)
    left = rules.missing(policy, given)
    run.snoozed_until = run.resumes_at = None
    run.acknowledged_by, run.acknowledged_at = actor.person_id, current().now
    if left:
        run.next_due_at = rules.next_due(policy, run.tier, current().now)
    else:
        run.state, run.next_due_at = RunState.ACKNOWLEDGED.value, None
        run.seen_revision = anomaly.revision
        run.expires_at = rules.expires(policy, current().now)
    await run.save()
    await ledger.append(
        Kind.ESCALATION_ACK,
        actor,
        rows=rows,
        case=run.case_number,
        facts={
            "run": run.id,
            "tier": run.tier,
            "missing_tiers": list(left.tiers),
            "missing_people": left.people,
        },
    )
    if left:
        await call_the_others(actor, run, anomaly)
    else:
        await answer_all(actor, run, "escalation:handled")
    return left


async def call_the_others(actor: Actor, run: EscalationRun, anomaly: AnomalyFacts) -> None:
    """The alert goes on for those who have to acknowledge and have not; a tier without anybody is reported."""
    policy = Policy.from_json(run.policy)
    given = await acks_of(run.id, run.round)
    spared = {one.person_id for one in given}
    left = rules.missing(policy, given)
    told: set[int] = set()
    for tier in left.tiers or tuple(one.tier for one in policy.steps):
        persons = [one for one in await people_of(anomaly, tier) if one not in spared]
        fresh = [one for one in persons if one not in told]
        told.update(fresh)
        if fresh:
            await tell_people(actor, run, anomaly, tier, fresh, Why.ALSO)
        elif left.tiers and not persons:
            await nobody(actor, run, tier, Why.ALSO)


@verb(Module.ANOMALIES, Level.WORK, Kind.ESCALATION_ACK, Kind.ESCALATION_TELL)
async def acknowledge_too(actor: Actor, anomaly_id: int) -> Missing:
    """Acknowledge an alert of a case that somebody else has taken up; answers who is still missing.

    Raises:
        NoAlert: none sounds any more.
        AckedAlready: this person has.
        NotFound: the case is out of scope.
    """
    anomaly = await anomalies.get(actor, anomaly_id, lock=True)
    run = await running(anomaly.id)
    if run is None:
        raise NoAlert(number=anomaly.number)
    given = {one.person_id for one in await acks_of(run.id, run.round)}
    if actor.identity in given:
        raise AckedAlready(number=anomaly.number)
    if not given:
        await anomalies.acknowledge(actor, anomaly.id)
        return rules.missing(Policy.from_json(run.policy), await acks_of(run.id, run.round))
    return await _acknowledge(actor, run, anomaly)


async def given_back(actor: Actor, anomaly: AnomalyFacts, reason: str) -> None:
    """An acknowledgement was taken back, by a person or by the clock: the alert sounds and climbs again at once."""
    why = Why.EXPIRED if actor.is_system else Why.GIVEN_BACK
    run = (
        await EscalationRun.filter(anomaly_id=anomaly.id)
        .exclude(state=RunState.ENDED.value)
        .order_by("-id")
        .select_for_update()
        .first()
    )
    if run is None:
        await begin(actor, anomaly, why)
        return
    before: dict[str, object] = {"by": run.acknowledged_by, "at": run.acknowledged_at, "grade": run.grade}
    await take_graver(run, anomaly)
    run.state, run.round = RunState.RUNNING.value, run.round + 1
    run.acknowledged_by = run.acknowledged_at = run.expires_at = run.seen_revision = None
    await run.save()
    await ledger.append(
        Kind.ESCALATION_EXPIRE if actor.is_system else Kind.ESCALATION_RESUME,
        actor,
        rows=[run],
        case=run.case_number,
        reason=reason,
        before=before,
        facts={"run": run.id, "round": run.round, "grade": run.grade, "policy": run.policy},
    )
    if actor.is_system:
        persons = await people_of(anomaly, OWNER)
        if persons:
            await tell_people(actor, run, anomaly, OWNER, persons, why)
    await climb(actor, run, anomaly, why, besides=None if actor.is_system else actor.person_id)


async def answer_all(actor: Actor, run: EscalationRun, kind: str) -> None:
    """Put what became of it in the place of every alert that was sent; whoever did it knows."""
    for tell in await EscalationTell.filter(run_id=run.id).order_by("id"):
        if tell.person_id != actor.person_id:
            await notices.tell(
                actor,
                kind,
                person_id=tell.person_id,
                case=run.case_number,
                facts={"anomaly_id": run.anomaly_id, "number": run.case_number, "by": actor.name},
                edits_id=tell.notice_id,
            )
