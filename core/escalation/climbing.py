"""The alert: who is told first, who next when nobody reacts, and when it ends. Joined to the case by hooks."""

from __future__ import annotations

from core import capa, ledger, notices, people
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.models import EscalationRun, EscalationTell
from core.escalation.policies import policy_for
from core.escalation.terms import Policy, RunState, Why
from core.kit import Actor, current, system
from core.ledger import Kind

TOP = 4


def _priority(grade: str) -> notices.Priority:
    return notices.Priority.CRITICAL if grade == "A" else notices.Priority.ALERT


async def _people_of(anomaly: AnomalyFacts, tier: int) -> list[int]:
    if tier == 1:
        return [anomaly.owner_id]
    found = await people.responsible(
        anomaly.plant_id,
        category=anomaly.category,
        site_id=anomaly.site_id,
        partner_id=anomaly.partner_id,
        tier=tier,
    )
    return [person.id for person in found]


async def _tell(
    actor: Actor, run: EscalationRun, anomaly: AnomalyFacts, tier: int, persons: list[int], why: Why
) -> None:
    rows = []
    for person_id in persons:
        notice_id = await notices.tell(
            actor,
            "escalation:alert",
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
            },
            wanted_while=f"run:{run.id}",
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


async def climb(actor: Actor, run: EscalationRun, anomaly: AnomalyFacts, why: Why) -> None:
    """Tell the next tier; an empty tier is passed over at once and the administrators hear of it."""
    policy = Policy.from_json(run.policy)
    while (step := rules.step_after(policy, run.tier)) is not None:
        run.tier = step.tier
        run.next_due_at = rules.next_due(policy, step.tier, current().now)
        persons = await _people_of(anomaly, step.tier)
        await run.save()
        if persons:
            await _tell(actor, run, anomaly, step.tier, persons, why)
            return
        await _nobody(actor, run, step.tier)
    run.next_due_at = None
    await run.save()
    await ledger.append(
        Kind.ESCALATION_TELL,
        actor,
        rows=[run],
        case=run.case_number,
        facts={"run": run.id, "tier": run.tier, "why": why.value, "persons": [], "top": True},
    )


async def _nobody(actor: Actor, run: EscalationRun, tier: int) -> None:
    for person in await people.persons(run.plant_id, role="administrator"):
        await notices.tell(
            actor,
            "escalation:nobody",
            person_id=person.id,
            case=run.case_number,
            priority=_priority(run.grade),
            facts={"number": run.case_number, "tier": tier},
        )


async def begin(actor: Actor, anomaly: AnomalyFacts) -> None:
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
    await climb(actor, run, anomaly, Why.START)


async def _running(anomaly_id: int) -> EscalationRun | None:
    return (
        await EscalationRun.filter(anomaly_id=anomaly_id, state=RunState.RUNNING.value)
        .order_by("-id")
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
    for tell in await EscalationTell.filter(run_id=run.id):
        if tell.person_id != actor.person_id:
            await notices.tell(
                actor,
                "escalation:handled",
                person_id=tell.person_id,
                case=run.case_number,
                facts={"anomaly_id": anomaly.id, "number": anomaly.number, "by": actor.name},
                edits_id=tell.notice_id,
                replaces_key=f"handled:{run.id}:{tell.person_id}",
            )


async def reassigned(actor: Actor, anomaly: AnomalyFacts) -> None:
    """The new owner is told; the clock of the present tier starts again."""
    run = await _running(anomaly.id)
    if run is None:
        await begin(actor, anomaly)
        return
    policy = Policy.from_json(run.policy)
    run.tier = 1
    run.next_due_at = rules.next_due(policy, 1, current().now)
    await run.save()
    await _tell(actor, run, anomaly, 1, [anomaly.owner_id], Why.REASSIGNED)


async def help_asked(actor: Actor, anomaly: AnomalyFacts) -> None:
    """Help was asked for: the next tier is told at once, whether or not the alert was acknowledged."""
    run = await EscalationRun.filter(anomaly_id=anomaly.id).order_by("-id").first()
    if run is None:
        return
    policy = Policy.from_json(run.policy)
    step = rules.step_after(policy, run.tier)
    tier = step.tier if step else run.tier
    persons = [one for one in await _people_of(anomaly, tier) if one != actor.person_id]
    if run.state == RunState.RUNNING and step is not None:
        await climb(actor, run, anomaly, Why.HELP)
        return
    run.tier = tier
    await run.save()
    rows = []
    for person_id in persons:
        notice_id = await notices.tell(
            actor,
            "escalation:help",
            person_id=person_id,
            case=anomaly.number,
            priority=_priority(run.grade),
            facts={"anomaly_id": anomaly.id, "number": anomaly.number, "by": actor.name},
        )
        rows.append(
            await EscalationTell.create(
                run_id=run.id,
                tier=tier,
                person_id=person_id,
                why=Why.HELP.value,
                notice_id=notice_id,
                at=current().now,
            )
        )
    await ledger.append(
        Kind.ESCALATION_TELL,
        actor,
        rows=[*rows, run],
        case=anomaly.number,
        facts={"run": run.id, "tier": tier, "why": Why.HELP.value, "persons": persons},
    )


async def ended(actor: Actor, anomaly: AnomalyFacts) -> None:
    """A case that was rejected, withdrawn or closed needs no alert any more."""
    run = await _running(anomaly.id)
    if run is None:
        return
    run.state, run.next_due_at = RunState.ENDED.value, None
    await run.save()
    await ledger.append(Kind.ESCALATION_END, actor, rows=[run], case=run.case_number, facts={"run": run.id})


async def graded(actor: Actor, anomaly: AnomalyFacts) -> None:
    """The confirmed grade decides about the CAPA: A opens it by rule, B asks the owner, C may be waived."""
    if anomaly.grade == "A":
        if await capa.of_anomaly(system(anomaly.plant_id), anomaly.id) is None:
            await capa.open_capa(
                system(anomaly.plant_id, channel="rule", correlation=actor.correlation), anomaly.id
            )
        return
    await notices.tell(
        actor,
        "capa:ask" if anomaly.grade == "B" else "capa:may_waive",
        person_id=anomaly.owner_id,
        case=anomaly.number,
        facts={"anomaly_id": anomaly.id, "number": anomaly.number},
    )
