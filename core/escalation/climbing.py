"""The alert: who is told first, who next when nobody reacts, and when it ends. Joined to the case by hooks."""

from __future__ import annotations

from core import anomalies, capa, ledger, notices, people
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.models import EscalationRun, EscalationTell
from core.escalation.policies import policy_for
from core.escalation.terms import Policy, RunState, Why
from core.kit import Actor, Refusal, current, system
from core.ledger import Kind

OWNER = 1


def _priority(grade: str) -> notices.Priority:
    return notices.Priority.CRITICAL if grade == "A" else notices.Priority.ALERT


async def _reached(person_id: int, anomaly: AnomalyFacts) -> bool:
    """Whether a person is active and may see the case: nobody else counts as told."""
    try:
        await anomalies.get(await people.actor_of(person_id, "system"), anomaly.id)
    except Refusal:
        return False
    return True


async def _people_of(anomaly: AnomalyFacts, tier: int, *, besides: int | None = None) -> list[int]:
    if tier == OWNER:
        found = [anomaly.owner_id]
    else:
        answering = await people.responsible(
            anomaly.plant_id,
            category=anomaly.category,
            site_id=anomaly.site_id,
            partner_id=anomaly.partner_id,
            tier=tier,
        )
        found = [person.id for person in answering]
    return [one for one in dict.fromkeys(found) if one != besides and await _reached(one, anomaly)]


async def _tell(
    actor: Actor, run: EscalationRun, anomaly: AnomalyFacts, tier: int, persons: list[int], why: Why
) -> None:
    """Alert people and put on the record who was told, at which tier and why."""
    running = run.state == RunState.RUNNING.value
    rows = []
    for person_id in persons:
        notice_id = await notices.tell(
            actor,
            "escalation:alert" if running else "escalation:help",
            person_id=person_id,
            priority=_priority(run.grade),
            case=run.case_number,
            facts={
                "anomaly_id": anomaly.id,
                "number": anomaly.number,
                "run_id": run.id,
                "tier": tier,
                "grade": run.grade,
                "why": why.value,
                "by": actor.name,
            },
            wanted_while=f"run:{run.id}" if running else None,
        )
        rows.append(
            await EscalationTell.create(
                run_id=run.id,
                tier=tier,
                person_id=person_id,
                why=why.value,
                notice_id=notice_id,
                at=current().now,
            )
        )
    await ledger.append(
        Kind.ESCALATION_TELL,
        actor,
        rows=[*rows, run],
        case=run.case_number,
        facts={
            "run": run.id,
            "tier": tier,
            "why": why.value,
            "persons": persons,
            "next_due_at": run.next_due_at,
        },
    )


async def _nobody(actor: Actor, run: EscalationRun, tier: int, why: Why) -> None:
    """A tier is passed over: the administrators hear of the gap, and the record shows it."""
    administrators = [one.id for one in await people.persons(run.plant_id, role="administrator")]
    for person_id in administrators:
        await notices.tell(
            actor,
            "escalation:nobody",
            person_id=person_id,
            case=run.case_number,
            priority=_priority(run.grade),
            facts={"number": run.case_number, "tier": tier},
        )
    await ledger.append(
        Kind.ESCALATION_TELL,
        actor,
        rows=[run],
        case=run.case_number,
        facts={
            "run": run.id,
            "tier": tier,
            "why": why.value,
            "persons": [],
            "administrators": administrators,
            "next_due_at": run.next_due_at,
        },
    )


async def climb(
    actor: Actor, run: EscalationRun, anomaly: AnomalyFacts, why: Why, *, besides: int | None = None
) -> None:
    """Tell the next tier; an empty one is passed over at once. At the top the alert sounds again."""
    policy = Policy.from_json(run.policy)
    while True:
        step = rules.step_after(policy, run.tier)
        tier = run.tier = run.tier if step is None else step.tier
        if run.state == RunState.RUNNING.value:
            run.next_due_at = rules.next_due(policy, tier, current().now)
        await run.save()
        persons = await _people_of(anomaly, tier, besides=besides)
        if persons:
            await _tell(actor, run, anomaly, tier, persons, why)
            return
        await _nobody(actor, run, tier, why)
        if step is None or rules.step_after(policy, tier) is None:
            return


async def begin(actor: Actor, anomaly: AnomalyFacts, why: Why = Why.START) -> None:
    """An anomaly was reported: freeze the ladder of its proposed grade and tell the owner."""
    grade = anomaly.grade or anomaly.proposed_grade or "C"
    policy = await policy_for(anomaly.plant_id, grade)
    run = await EscalationRun.create(
        plant_id=anomaly.plant_id,
        anomaly_id=anomaly.id,
        case_number=anomaly.number,
        grade=grade,
        policy=policy.to_json(),
        state=RunState.RUNNING.value,
        tier=0,
        started_at=current().now,
    )
    await ledger.append(
        Kind.ESCALATION_START,
        actor,
        rows=[run],
        case=anomaly.number,
        facts={"run": run.id, "policy": policy.to_json()},
    )
    await climb(actor, run, anomaly, why)


async def _running(anomaly_id: int) -> EscalationRun | None:
    """The alert that still climbs, locked: the clock must not take a step at the same moment."""
    return (
        await EscalationRun.filter(anomaly_id=anomaly_id, state=RunState.RUNNING.value)
        .order_by("-id")
        .select_for_update()
        .first()
    )


async def acknowledged(actor: Actor, anomaly: AnomalyFacts) -> None:
    """Somebody took the case: the alert stops, and everyone who was told learns who took it."""
    run = await _running(anomaly.id)
    if run is None:
        return
    run.state, run.next_due_at = RunState.ACKNOWLEDGED.value, None
    run.acknowledged_by, run.acknowledged_at = actor.person_id, current().now
    await run.save()
    await ledger.append(
        Kind.ESCALATION_ACK, actor, rows=[run], case=run.case_number, facts={"run": run.id, "tier": run.tier}
    )
    await _answer_all(actor, run, "escalation:handled")


async def _answer_all(actor: Actor, run: EscalationRun, kind: str) -> None:
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


async def reassigned(actor: Actor, anomaly: AnomalyFacts) -> None:
    """The new owner is told and gets the owner's full time; after an acknowledgement a new alert begins."""
    run = await _running(anomaly.id)
    if run is None:
        await begin(actor, anomaly, Why.REASSIGNED)
        return
    run.tier = OWNER
    run.next_due_at = rules.next_due(Policy.from_json(run.policy), OWNER, current().now)
    await run.save()
    await _tell(actor, run, anomaly, OWNER, [anomaly.owner_id], Why.REASSIGNED)


async def left(actor: Actor, person_id: int) -> None:
    """The owner's access ended: each of their open cases goes to the next tier at once and climbs from there."""
    for anomaly in await anomalies.owned_by(person_id):
        run = await _running(anomaly.id)
        if run is None:
            await begin(actor, anomaly, Why.LEFT)
        elif run.tier <= OWNER:
            await climb(actor, run, anomaly, Why.LEFT)


async def help_asked(actor: Actor, anomaly: AnomalyFacts) -> None:
    """Help was asked for: the next tier is told at once, whether or not the alert was acknowledged."""
    run = await EscalationRun.filter(anomaly_id=anomaly.id).order_by("-id").select_for_update().first()
    if run is not None:
        await climb(actor, run, anomaly, Why.HELP, besides=actor.person_id)


async def ended(actor: Actor, anomaly: AnomalyFacts) -> None:
    """A case that was rejected, withdrawn or closed needs no alert any more."""
    run = await _running(anomaly.id)
    if run is None:
        return
    run.state, run.next_due_at = RunState.ENDED.value, None
    await run.save()
    await ledger.append(Kind.ESCALATION_END, actor, rows=[run], case=run.case_number, facts={"run": run.id})
    await _answer_all(actor, run, "escalation:over")


async def regraded(actor: Actor, anomaly: AnomalyFacts) -> None:
    """A graver grade while nobody has reacted: the alert goes on by the ladder of that grade, never later."""
    run = await _running(anomaly.id)
    grade = anomaly.grade or anomaly.proposed_grade
    if run is None or grade is None or grade >= run.grade:
        return
    before, due = dict(run.policy), run.next_due_at
    policy = await policy_for(anomaly.plant_id, grade)
    fresh = rules.next_due(policy, run.tier, current().now)
    run.grade, run.policy = grade, policy.to_json()
    run.next_due_at = fresh if due is None else min(due, fresh)
    await run.save()
    await ledger.append(
        Kind.ESCALATION_REGRADE,
        actor,
        rows=[run],
        case=run.case_number,
        before={"policy": before, "next_due_at": due},
        facts={"run": run.id, "policy": policy.to_json(), "next_due_at": run.next_due_at},
    )
    persons = await _people_of(anomaly, run.tier)
    if persons:
        await _tell(actor, run, anomaly, run.tier, persons, Why.REGRADED)


async def graded(actor: Actor, anomaly: AnomalyFacts) -> None:
    """The signed grade decides about the CAPA: A opens it by rule, B asks the owner, C may be waived."""
    if actor.person_id == anomaly.owner_id:
        await acknowledged(actor, anomaly)  # who signs the grade of a case has taken it up
    else:
        await regraded(actor, anomaly)
    rule = system(anomaly.plant_id, channel="rule", correlation=actor.correlation)
    if await capa.of_anomaly(rule, anomaly.id) is not None:
        return
    if anomaly.grade == "A":
        await capa.open_capa(rule, anomaly.id)
        return
    await notices.tell(
        actor,
        "capa:ask" if anomaly.grade == "B" else "capa:may_waive",
        person_id=anomaly.owner_id,
        case=anomaly.number,
        facts={"anomaly_id": anomaly.id, "number": anomaly.number},
    )
