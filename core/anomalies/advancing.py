"""Moving a case through its later stages; the rooms above decide when, this room decides whether in order."""

from __future__ import annotations

from core import ledger
from core.anomalies import hooks, partner_clocks, policy, queries
from core.anomalies.responding import move, news
from core.anomalies.terms import ENDED, AnomalyFacts, State
from core.kit import Actor, Level, Module, NotPermitted, current, verb
from core.ledger import Kind


@verb(Module.CAPA, Level.WORK, Kind.ANOMALY_STAGE)
async def advance(actor: Actor, anomaly_id: int, *, to: str) -> AnomalyFacts:
    """Move a case one step on (or back to investigating when a plan is returned).

    Raises:
        WrongStage: the step is not next.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    before = row.state
    await move(row, policy.step(row.facts(), to))
    await ledger.append(
        Kind.ANOMALY_STAGE,
        actor,
        rows=[row],
        case=row.number,
        before={"state": before},
        facts={"state": row.state},
    )
    await partner_clocks.meet(actor, row.id, partner_clocks.MET_BY.get(row.state, ()), row.number)
    return row.facts()


@verb(Module.CAPA, Level.APPROVE, Kind.ANOMALY_REOPEN)
async def reopen(actor: Actor, anomaly_id: int, *, reason: str) -> AnomalyFacts:
    """Send a case back to its cause because the measures did not work; a new cycle begins.

    Raises:
        WrongStage: the effect is not being judged.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    to = policy.step(row.facts(), "reopen")
    row.cycle += 1
    await move(row, to)
    await ledger.append(
        Kind.ANOMALY_REOPEN, actor, rows=[row], case=row.number, reason=reason, facts={"cycle": row.cycle}
    )
    return row.facts()


@verb(Module.CAPA, Level.APPROVE, Kind.ANOMALY_CLOSE)
async def mark_closed(actor: Actor, anomaly_id: int, *, signature_id: int | None) -> AnomalyFacts:
    """闭环: end a case whose effect is proven (or whose CAPA was waived).

    Raises:
        WrongStage: it is not there yet.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    to = policy.step(row.facts(), "close")
    row.closed_at = current().now
    await move(row, to)
    await ledger.append(
        Kind.ANOMALY_CLOSE,
        actor,
        rows=[row],
        case=row.number,
        facts={"signature": signature_id, "days_open": (current().now - row.reported_at).days},
    )
    await news(actor, row)
    await hooks.ended.happen(actor, row.facts())
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_OVERDUE)
async def mark_overdue(actor: Actor, anomaly_id: int) -> AnomalyFacts | None:
    """Note, once a stage, that its clock ran out; None when it was noted before or the case moved on meanwhile.

    The revision stays: what somebody is about to sign is not changed by the clock.

    Raises:
        NotPermitted: only the clock itself notes this.
    """
    if not actor.is_system:
        raise NotPermitted
    row = await queries.row(actor, anomaly_id, lock=True)
    late = row.due_at is not None and row.due_at < current().now
    if row.overdue_told or not late or State(row.state) in {State.REPORTED, *ENDED}:
        return None
    row.overdue_told = True
    await row.save()
    await ledger.append(
        Kind.ANOMALY_OVERDUE,
        actor,
        rows=[row],
        case=row.number,
        facts={"state": row.state, "due_at": row.due_at, "cycle": row.cycle},
    )
    return row.facts()
