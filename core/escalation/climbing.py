"""The alert climbs: who is told first, who next when nobody reacts."""

from __future__ import annotations

from core import anomalies, duty, ledger, notices, people
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.models import EscalationRun, EscalationTell
from core.escalation.policies import policy_for
from core.escalation.terms import Policy, RunState, Why
from core.kit import Actor, Refusal, current, measures
from core.kit.measures import Measure
from core.ledger import Kind

OWNER = 1


def urgency(grade: str) -> notices.Priority:
    """Grade A overtakes everything."""
    return notices.Priority.CRITICAL if grade == "A" else notices.Priority.ALERT


async def _reached(person_id: int, anomaly: AnomalyFacts) -> bool:
    """Whether a person is active and may see the case: nobody else counts as told."""
    try:
        await anomalies.get(await people.actor_of(person_id, "system"), anomaly.id)
    except Refusal:
        return False
    return True


async def people_of(anomaly: AnomalyFacts, tier: int, *, besides: int | None = None) -> list[int]:
    """Who answers at a tier now and may see the case: the owner, or whoever is on duty, deputies included."""
    if tier == OWNER:
        found = await duty.standing_in(anomaly.plant_id, [anomaly.owner_id], current().now)
    else:
        standing = await duty.on_duty(
            anomaly.plant_id,
            category=anomaly.category,
            site_id=anomaly.site_id,
            partner_id=anomaly.partner_id,
            tier=tier,
            at=current().now,
        )
        found = standing.persons
    return [one for one in dict.fromkeys(found) if one != besides and await _reached(one, anomaly)]


async def tell_people(
    actor: Actor, run: EscalationRun, anomaly: AnomalyFacts, tier: int, persons: list[int], why: Why
) -> None:
    """Alert people and put on the record who was told, at which tier and why."""
    sounds = run.state == RunState.RUNNING.value
    rows = []
    for person_id in persons:
        notice_id = await notices.tell(
            actor,
            "escalation:alert" if sounds else "escalation:help",
            person_id=person_id,
            priority=urgency(run.grade),
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
            wanted_while=f"run:{run.id}:{person_id}" if sounds else None,
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


async def nobody(actor: Actor, run: EscalationRun, tier: int, why: Why) -> None:
    """A tier is passed over: the administrators hear of the gap, and the record shows it."""
    measures.say(Measure.NOBODY_ON_DUTY)
    administrators = [one.id for one in await people.persons(run.plant_id, role="administrator")]
    for person_id in administrators:
        await notices.tell(
            actor,
            "escalation:nobody",
            person_id=person_id,
            case=run.case_number,
            priority=urgency(run.grade),
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
    """Tell the next tier; an empty one is passed over at once. At the top the alert sounds again.

    What was put off is not any more: whoever is told now has the usual time.
    """
    policy = Policy.from_json(run.policy)
    run.snoozed_until = run.resumes_at = None
    while True:
        step = rules.step_after(policy, run.tier)
        tier = run.tier = run.tier if step is None else step.tier
        if run.state == RunState.RUNNING.value:
            run.next_due_at = rules.next_due(policy, tier, current().now)
        await run.save()
        persons = await people_of(anomaly, tier, besides=besides)
        if persons:
            await tell_people(actor, run, anomaly, tier, persons, why)
            return
        await nobody(actor, run, tier, why)
        if step is None or rules.step_after(policy, tier) is None:
            return


async def begin(actor: Actor, anomaly: AnomalyFacts, why: Why = Why.START) -> None:
    """An anomaly was reported: freeze the ladder of its proposed grade and tell the owner. In a sandbox nobody is."""
    if await people.is_sandbox(anomaly.plant_id):
        return
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


async def take_graver(run: EscalationRun, anomaly: AnomalyFacts) -> bool:
    """Put an alert on the ladder of its case's grade when that is the graver one; answers whether it is."""
    grade = anomaly.grade or anomaly.proposed_grade
    if grade is None or grade >= run.grade:
        return False
    run.grade, run.policy = grade, (await policy_for(anomaly.plant_id, grade)).to_json()
    return True


async def running(anomaly_id: int) -> EscalationRun | None:
    """The alert that still climbs, locked: the clock must not take a step at the same moment."""
    return (
        await EscalationRun.filter(anomaly_id=anomaly_id, state=RunState.RUNNING.value)
        .order_by("-id")
        .select_for_update()
        .first()
    )
