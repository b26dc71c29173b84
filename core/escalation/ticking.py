"""What time brings about: unacknowledged alerts climb, overdue stages are told. Called by a timed job."""

from __future__ import annotations

import logging

from core import anomalies, ledger, notices, people
from core.escalation.climbing import climb
from core.escalation.models import EscalationRun, OverdueTold
from core.escalation.terms import RunState, Why
from core.kit import clock, current, dialect, system, unit_of_work
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
        async with unit_of_work():
            wanted = EscalationRun.filter(
                id=run_id, state=RunState.RUNNING.value, next_due_at__lte=current().now
            )
            if dialect() == "postgres":
                wanted = wanted.select_for_update(skip_locked=True)
            run = await wanted.first()
            if run is None:
                continue
            actor = system(run.plant_id, correlation=f"run-{run.id}")
            await climb(actor, run, await anomalies.get(actor, run.anomaly_id), Why.UNACKNOWLEDGED)
            climbed += 1
    return climbed


async def tell_overdue(limit: int = 100) -> int:
    """Tell owner and supervisor, once per stage, that a stage's clock ran out; answers how many cases."""
    told = 0
    for anomaly in await anomalies.overdue(clock.now(), limit=limit):
        async with unit_of_work() as work:
            if await OverdueTold.exists(anomaly_id=anomaly.id, state=anomaly.state, cycle=anomaly.cycle):
                continue
            actor = system(anomaly.plant_id, correlation=f"overdue-{anomaly.id}")
            row = await OverdueTold.create(
                anomaly_id=anomaly.id, state=anomaly.state, cycle=anomaly.cycle, at=work.now
            )
            second = await people.responsible(
                anomaly.plant_id,
                category=anomaly.category,
                site_id=anomaly.site_id,
                partner_id=anomaly.partner_id,
                tier=2,
            )
            persons = list(dict.fromkeys([anomaly.owner_id, *(one.id for one in second)]))
            for person_id in persons:
                await notices.tell(
                    actor,
                    "escalation:overdue",
                    person_id=person_id,
                    case=anomaly.number,
                    facts={"anomaly_id": anomaly.id, "number": anomaly.number, "state": anomaly.state},
                )
            await ledger.append(
                Kind.ESCALATION_TELL,
                actor,
                rows=[row],
                case=anomaly.number,
                facts={"why": Why.OVERDUE.value, "persons": persons, "state": anomaly.state},
            )
            told += 1
    return told
