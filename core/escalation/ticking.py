"""What time brings about: unacknowledged alerts climb, overdue stages are told. Called by a timed job."""

from __future__ import annotations

import logging

from core import anomalies, duty, ledger, notices
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.acknowledging import call_the_others
from core.escalation.climbing import climb
from core.escalation.models import EscalationRun
from core.escalation.putting_off import sound_again
from core.escalation.terms import Policy, RunState, Why
from core.kit import clock, current, dialect, measures, system, unit_of_work
from core.kit.measures import Measure
from core.ledger import Kind

log = logging.getLogger(__name__)


async def tick(limit: int = 100) -> int:
    """Escalate runs whose time has come, each in its own transaction; answers how many climbed."""
    due = (
        await EscalationRun.filter(state=RunState.RUNNING.value, next_due_at__lte=clock.now())
        .order_by("next_due_at", "id")
        .limit(limit)
        .values_list("id", flat=True)
    )
    climbed = 0
    for run_id in due:
        try:
            async with unit_of_work():
                climbed += await _step(run_id)
        except Exception:  # one that cannot climb must not silence the alerts behind it
            log.exception("alert cannot climb", extra={"action": "escalation_step", "run": run_id})
    return climbed


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


async def tell_overdue(limit: int = 100) -> int:
    """Tell owner and supervisor, once per stage, that a stage's clock ran out; answers how many cases."""
    told = 0
    for anomaly in await anomalies.overdue(clock.now(), limit=limit):
        try:
            async with unit_of_work():
                told += await _tell_overdue(anomaly)
        except Exception:  # the cases behind it are late too
            log.exception("overdue case not told", extra={"action": "overdue", "anomaly": anomaly.id})
    for owed in await anomalies.late_partner_steps(limit=limit):
        try:
            actor = system(owed.plant_id, correlation=f"partner-{owed.id}")
            told += await anomalies.mark_partner_late(actor, owed.id) is not None
        except Exception:  # the partners behind it are late too
            log.exception("partner's step not told", extra={"action": "partner_late", "clock": owed.id})
    return told


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
    for person_id in persons:
        await notices.tell(
            actor,
            "escalation:overdue",
            person_id=person_id,
            case=late.number,
            facts={"anomaly_id": late.id, "number": late.number, "state": late.state},
        )
    return True
