"""Ending a case early: judged to be no anomaly, or withdrawn by its reporter. The record stays."""

from __future__ import annotations

from core import ledger
from core.anomalies import hooks, policy, queries
from core.anomalies.errors import NotReporter, SamePerson
from core.anomalies.models import Anomaly
from core.anomalies.responding import move, news, reasoned
from core.anomalies.terms import AnomalyFacts, State
from core.kit import Actor, Level, Module, current, verb
from core.ledger import Kind


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_REJECT)
async def reject(actor: Actor, anomaly_id: int, *, reason: str) -> AnomalyFacts:
    """Judge that a report is no anomaly; the reporter learns why.

    Raises:
        NeedsReason, WrongStage: why not.
        SamePerson: nobody rejects their own report; they withdraw it.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    to = policy.step(row.facts(), "reject")
    if row.reporter_id == actor.person_id:
        raise SamePerson
    await _end(actor, row, to, Kind.ANOMALY_REJECT, said)
    return row.facts()


@verb(Module.ANOMALIES, Level.REPORT, Kind.ANOMALY_CANCEL)
async def cancel(actor: Actor, anomaly_id: int, *, reason: str) -> AnomalyFacts:
    """The reporter takes a report back before anybody took it up; the record stays.

    Raises:
        NotReporter, NeedsReason, WrongStage: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    if row.reporter_id != actor.person_id:
        raise NotReporter
    await _end(actor, row, policy.step(row.facts(), "cancel"), Kind.ANOMALY_CANCEL, said)
    return row.facts()


async def _end(actor: Actor, row: Anomaly, to: State, kind: Kind, reason: str) -> None:
    row.closed_at = current().now
    await move(row, to)
    await ledger.append(kind, actor, rows=[row], case=row.number, reason=reason)
    await news(actor, row, reason=reason)
    await hooks.ended.happen(actor, row.facts())
