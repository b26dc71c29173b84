"""What time brings about: alerts climb or sound again, overdue stages are told. Called by a timed job."""

from __future__ import annotations

from core import anomalies, duty, ledger, notices
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.acknowledging import call_the_others
from core.escalation.climbing import climb, urgency
from core.escalation.models import EscalationRun
from core.escalation.putting_off import sound_again
from core.escalation.terms import Policy, RunState, Why
from core.kit import clock, current, dialect, each_alone, measures, system
from core.kit.measures import Measure
from core.ledger import Kind


async def tick(limit: int = 100) -> int:
    """Escalate runs whose time has come, each in its own transaction; answers how many climbed."""
    due = (
        await EscalationRun.filter(state=RunState.RUNNING.value, next_due_at__lte=clock.now())
        .order_by("next_due_at", "id")
        .limit(limit)
        .values_list("id", flat=True)
    )
    return await each_alone(due, _step, "escalation_step", number=str)


async def expire(limit: int = 100) -> int:
    """Let alerts sound again whose acknowledgement was followed by no step in time; answers how many did."""
    due = (
        await EscalationRun.filter(state=RunState.ACKNOWLEDGED.value, expires_at__lte=clock.now())
        .order_by("expires_at", "id")
        .limit(limit)
        .values_list("id", flat=True)
    )
    return await each_alone(due, _expire, "ack_expire", number=str)


async def _step(run_id: object) -> bool:
    """Take one due step, unless another process takes it or somebody reacted meanwhile."""
    wanted = EscalationRun.filter(id=run_id, state=RunState.RUNNING.value, next_due_at__lte=current().now)
    if dialect() == "postgres":
        wanted = wanted.select_for_update(skip_locked=True)
    run = await wanted.first()
    if run is None:
        return False
    if run.next_due_at is not None:
        measures.say(Measure.STEP_LATENESS, (current().now - run.next_due_at).total_seconds())
    actor = system(run.plant_id, correlation=f"run-{run.id}")
    anomaly = await anomalies.get(actor, run.anomaly_id)
    if run.snoozed_until is not None:
        await sound_again(actor, run, anomaly)
    elif run.acknowledged_by is not None:
        run.next_due_at = rules.next_due(Policy.from_json(run.policy), run.tier, current().now)
        await run.save()
        await call_the_others(actor, run, anomaly)
    else:
        await climb(actor, run, anomaly, Why.UNACKNOWLEDGED)
    return True


async def _expire(run_id: object) -> bool:
    """Locks the case before its alert, in the order of everybody who reacts: so nobody waits in a circle."""
    due = EscalationRun.filter(id=run_id, state=RunState.ACKNOWLEDGED.value, expires_at__lte=current().now)
    found = await due.first()
    if found is None:
        return False
    actor = system(found.plant_id, correlation=f"run-{found.id}")
    anomaly = await anomalies.get(actor, found.anomaly_id, lock=True)
    run = await due.select_for_update().first()
    if run is None:
        return False
    if anomaly.state != anomalies.State.COLLECTING or anomaly.revision != run.seen_revision:
        run.expires_at = None  # something was done
        await run.save(update_fields=["expires_at"])
        return False
    minutes = Policy.from_json(run.policy).progress_minutes
    await anomalies.give_back(actor, anomaly.id, reason=f"expired: {minutes} min without a step")
    return True


async def tell_overdue(limit: int = 100) -> int:
    """Tell owner and supervisor, once per stage, that a stage's clock ran out; partners too; answers how many."""
    late = await anomalies.overdue(clock.now(), limit=limit)
    told = await each_alone(late, _tell_overdue, "overdue", number=lambda one: one.id)
    owed = await anomalies.late_partner_steps(limit=limit)
    return told + await each_alone(owed, _tell_partner_late, "partner_late", number=lambda one: one.id)


async def _tell_partner_late(owed: anomalies.PartnerClock) -> bool:
    actor = system(owed.plant_id, correlation=f"partner-{owed.id}")
    return await anomalies.mark_partner_late(actor, owed.id) is not None


async def _tell_overdue(anomaly: AnomalyFacts) -> bool:
    actor = system(anomaly.plant_id, correlation=f"overdue-{anomaly.id}")
    late = await anomalies.mark_overdue(actor, anomaly.id)
    if late is None:
        return False
    second = await duty.on_duty(
        late.plant_id, category=late.category, site_id=late.site_id, partner_id=late.partner_id, tier=2
    )
    owners = await duty.standing_in(late.plant_id, [late.owner_id]) or (late.owner_id,)
    persons = list(dict.fromkeys([*owners, *second.persons]))
    await ledger.append(
        Kind.ESCALATION_TELL,
        actor,
        rows=[],
        case=late.number,
        facts={"why": Why.OVERDUE.value, "persons": persons, "state": late.state},
    )
    grade = late.grade or late.proposed_grade or "C"
    for person_id in persons:
        await notices.tell(
            actor,
            "escalation:overdue",
            person_id=person_id,
            case=late.number,
            priority=urgency(grade),
            facts={"anomaly_id": late.id, "number": late.number, "state": late.state, "grade": grade},
        )
    return True
