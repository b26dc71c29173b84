"""Putting an alert off: 30 minutes, two hours, until the next shift; never one of grade A."""

from __future__ import annotations

import datetime as dt

from core import anomalies, calendars, ledger
from core.anomalies import AnomalyFacts
from core.escalation import policy as rules
from core.escalation.climbing import nobody, people_of, running, tell_people
from core.escalation.errors import NoAlert
from core.escalation.models import EscalationRun
from core.escalation.terms import Policy, Snooze, Why
from core.kit import Actor, Level, Module, current, verb
from core.ledger import Kind

LASTS = {Snooze.HALF_HOUR: dt.timedelta(minutes=30), Snooze.TWO_HOURS: dt.timedelta(hours=2)}


async def _until(anomaly: AnomalyFacts, how: Snooze) -> dt.datetime:
    if how in LASTS:
        return current().now + LASTS[how]
    shifts = [
        one
        for one in await calendars.shifts(anomaly.plant_id)
        if one.site_id is None or one.site_id == anomaly.site_id
    ]
    days = await calendars.calendar_of(anomaly.plant_id, anomaly.site_id)
    return calendars.next_shift_start(shifts, days, current().now)


@verb(Module.ANOMALIES, Level.WORK, Kind.ESCALATION_SNOOZE)
async def snooze(actor: Actor, anomaly_id: int, how: Snooze) -> dt.datetime:
    """Put the alert of a case off; it sounds again at the tier it had reached. Answers when.

    Raises:
        NoAlert, NeverGradeA, PutOffOften: why not.
        NotFound: the case is out of scope.
    """
    anomaly = await anomalies.get(actor, anomaly_id, lock=True)
    run = await running(anomaly.id)
    if run is None:
        raise NoAlert(number=anomaly.number)
    grade = min(run.grade, anomaly.grade or anomaly.proposed_grade or run.grade)
    rules.put_off(state=run.state, grade=grade, times=run.snoozes, number=anomaly.number)
    until = await _until(anomaly, how)
    if run.snoozed_until is None:
        run.resumes_at = run.next_due_at
    run.snoozed_until = run.next_due_at = until
    run.snoozes += 1
    await run.save()
    await ledger.append(
        Kind.ESCALATION_SNOOZE,
        actor,
        rows=[run],
        case=run.case_number,
        facts={"run": run.id, "how": how.value, "until": until, "times": run.snoozes},
    )
    return until


async def sound_again(actor: Actor, run: EscalationRun, anomaly: AnomalyFacts) -> None:
    """The time is over: the tier that was told last is told again, and has its time before the next one is."""
    policy = Policy.from_json(run.policy)
    run.next_due_at = rules.after_putting_off(policy, run.tier, planned=run.resumes_at, now=current().now)
    run.snoozed_until = run.resumes_at = None
    await run.save()
    persons = await people_of(anomaly, run.tier)
    if persons:
        await tell_people(actor, run, anomaly, run.tier, persons, Why.SNOOZED)
    else:
        await nobody(actor, run, run.tier, Why.SNOOZED)
