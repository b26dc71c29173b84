"""Reads of this room, each named by its question."""

from __future__ import annotations

import datetime as dt

from core.escalation.models import EscalationAcknowledgement, EscalationRun, EscalationTell
from core.escalation.terms import Ack, Policy, RunFacts, RunState, TellFacts
from core.kit import clock


async def runs_of(anomaly_id: int) -> list[RunFacts]:
    """Every run of a case with everyone it told, oldest first."""
    found = []
    for run in await EscalationRun.filter(anomaly_id=anomaly_id).order_by("id"):
        tells = await EscalationTell.filter(run_id=run.id).order_by("id")
        found.append(
            RunFacts(
                id=run.id,
                anomaly_id=run.anomaly_id,
                case_number=run.case_number,
                grade=run.grade,
                state=run.state,
                tier=run.tier,
                policy=Policy.from_json(run.policy),
                started_at=run.started_at,
                next_due_at=run.next_due_at,
                acknowledged_by=run.acknowledged_by,
                acknowledged_at=run.acknowledged_at,
                tells=tuple(
                    TellFacts(
                        tier=one.tier,
                        person_id=one.person_id,
                        why=one.why,
                        at=one.at,
                        notice_id=one.notice_id,
                    )
                    for one in tells
                ),
                acks=tuple(await acks_of(run.id)),
                snoozed_until=run.snoozed_until,
            )
        )
    return found


async def acks_of(run_id: int, number: int | None = None) -> list[Ack]:
    """Who acknowledged an alert, in one of its rounds or in all, oldest first."""
    rows = EscalationAcknowledgement.filter(run_id=run_id)
    if number is not None:
        rows = rows.filter(round=number)
    return [
        Ack(person_id=one.person_id, tiers=tuple(one.tiers), at=one.at) for one in await rows.order_by("id")
    ]


async def is_running(run_id: int, person_id: int | None = None) -> bool:
    """Whether an alert still needs to be heard, by this person if one is named: whoever acknowledged is spared."""
    run = await EscalationRun.get_or_none(id=run_id, state=RunState.RUNNING.value)
    if run is None:
        return False
    return person_id is None or person_id not in {one.person_id for one in await acks_of(run.id, run.round)}


async def waits_for(anomaly_id: int, person_id: int) -> bool:
    """Whether a case was taken up and its alert still sounds for others, this person among them."""
    run = (
        await EscalationRun.filter(anomaly_id=anomaly_id, state=RunState.RUNNING.value)
        .order_by("-id")
        .first()
    )
    if run is None:
        return False
    given = {one.person_id for one in await acks_of(run.id, run.round)}
    return bool(given) and person_id not in given


async def steps_late(before: dt.datetime) -> int:
    """How many alerts should have taken their next step, or sounded again, before an instant and did not."""
    due = EscalationRun.filter(state=RunState.RUNNING.value, next_due_at__lte=before)
    expired = EscalationRun.filter(state=RunState.ACKNOWLEDGED.value, expires_at__lte=before)
    return await due.count() + await expired.count()


async def lateness_seconds() -> float:
    """Seconds by which the most overdue step is late (0 when none is due)."""
    row = (
        await EscalationRun.filter(state=RunState.RUNNING.value, next_due_at__lte=clock.now())
        .order_by("next_due_at")
        .first()
    )
    return 0.0 if row is None or row.next_due_at is None else (clock.now() - row.next_due_at).total_seconds()
