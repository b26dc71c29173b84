"""What happens to the alert when something happens to the case. Joined to the case by hooks."""

from __future__ import annotations

from core import anomalies, capa, ledger, notices
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.acknowledging import acknowledged, answer_all
from core.escalation.climbing import OWNER, begin, climb, people_of, running, take_graver, tell_people
from core.escalation.models import EscalationRun
from core.escalation.terms import Policy, RunState, Why
from core.kit import Actor, current, system
from core.ledger import Kind


async def reassigned(actor: Actor, anomaly: AnomalyFacts) -> None:
    """The new owner is told and gets the owner's full time; after an acknowledgement a new alert begins."""
    run = await running(anomaly.id)
    if run is None:
        await begin(actor, anomaly, Why.REASSIGNED)
        return
    run.tier = OWNER
    run.snoozed_until = run.resumes_at = None
    run.next_due_at = rules.next_due(Policy.from_json(run.policy), OWNER, current().now)
    await run.save()
    await tell_people(actor, run, anomaly, OWNER, [anomaly.owner_id], Why.REASSIGNED)


async def left(actor: Actor, person_id: int) -> None:
    """The owner's access ended: each of their open cases goes to the next tier at once and climbs from there."""
    for anomaly in await anomalies.owned_by(person_id):
        run = await running(anomaly.id)
        if run is None:
            await begin(actor, anomaly, Why.LEFT)
        elif run.tier <= OWNER:
            await climb(actor, run, anomaly, Why.LEFT)


async def help_asked(actor: Actor, anomaly: AnomalyFacts) -> None:
    """Help was asked for: the next tier of the present grade is told at once, acknowledged or not."""
    run = await EscalationRun.filter(anomaly_id=anomaly.id).order_by("-id").select_for_update().first()
    if run is None:
        return
    before = dict(run.policy)
    if await take_graver(run, anomaly):
        await run.save()
        await _regraded(actor, run, {"policy": before})
    await climb(actor, run, anomaly, Why.HELP, besides=actor.person_id)


async def _regraded(actor: Actor, run: EscalationRun, before: dict[str, object]) -> None:
    await ledger.append(
        Kind.ESCALATION_REGRADE,
        actor,
        rows=[run],
        case=run.case_number,
        before=before,
        facts={"run": run.id, "policy": run.policy, "next_due_at": run.next_due_at},
    )


async def ended(actor: Actor, anomaly: AnomalyFacts) -> None:
    """A case that was rejected, withdrawn or closed needs no alert any more."""
    run = await running(anomaly.id)
    if run is None:
        return
    run.state, run.next_due_at = RunState.ENDED.value, None
    await run.save()
    await ledger.append(Kind.ESCALATION_END, actor, rows=[run], case=run.case_number, facts={"run": run.id})
    await answer_all(actor, run, "escalation:over")


async def regraded(actor: Actor, anomaly: AnomalyFacts) -> None:
    """A graver grade while nobody has reacted: the alert goes on by the ladder of that grade, never later."""
    run = await running(anomaly.id)
    if run is None:
        return
    before, due = dict(run.policy), run.next_due_at
    if not await take_graver(run, anomaly):
        return
    fresh = rules.next_due(Policy.from_json(run.policy), run.tier, current().now)
    run.next_due_at = fresh if due is None else min(due, fresh)
    run.snoozed_until = run.resumes_at = None
    await run.save()
    await _regraded(actor, run, {"policy": before, "next_due_at": due})
    persons = await people_of(anomaly, run.tier)
    if persons:
        await tell_people(actor, run, anomaly, run.tier, persons, Why.REGRADED)


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
