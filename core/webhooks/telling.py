"""What happened is put into the outbox of webhooks, in the transaction of its cause: for whom it concerns, once each."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from core import anomalies, inspections, lots, orders
from core.anomalies import AnomalyFacts
from core.inspections import ResultFacts
from core.kit import Actor, canonical, current
from core.lots import HoldFacts
from core.orders import OrderFacts
from core.webhooks.models import Delivery, Subscription
from core.webhooks.terms import DeliveryState, EventKind

LISTED = 100
"""Lots that one message lists; it counts them all."""


async def message_for(row: Subscription, kind: EventKind, data: Mapping[str, object]) -> Delivery:
    """Leave one message for one subscription, inside the running unit."""
    now = current().now
    body = {"type": kind.value, "timestamp": canonical.instant_text(now), "data": data}
    return await Delivery.create(
        subscription_id=row.id,
        message=f"msg_{secrets.token_hex(14)}",
        kind=kind.value,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        state=DeliveryState.PENDING.value,
        created_at=now,
        due_at=now,
    )


async def _tell(
    plant_id: int, kind: EventKind, partners: Iterable[int | None], data: Mapping[str, object]
) -> None:
    concerned = {plant_id, *(one for one in partners if one is not None)}
    wanting = Subscription.filter(
        plant_id=plant_id, organisation_id__in=sorted(concerned), ended_at=None, off_at=None
    )
    for row in await wanting.order_by("id"):
        if kind.value in row.kinds:
            await message_for(row, kind, data)


def _of_case(kind: EventKind) -> Callable[[Actor, AnomalyFacts], Awaitable[None]]:
    async def told(_actor: Actor, facts: AnomalyFacts) -> None:
        data = {"anomaly": facts.number, "state": facts.state, "grade": facts.grade}
        await _tell(facts.plant_id, kind, (facts.partner_id,), data)

    return told


async def held(actor: Actor, holds: Sequence[HoldFacts], concerned: Mapping[int, frozenset[int]]) -> None:
    """Lots were put on hold: each organisation hears of the lots that it made or has."""
    await _of_lots(actor, EventKind.HOLD_PLACED, holds, concerned)


async def decided(actor: Actor, holds: Sequence[HoldFacts], concerned: Mapping[int, frozenset[int]]) -> None:
    """Holds were decided."""
    await _of_lots(actor, EventKind.HOLD_DECIDED, holds, concerned)


async def _of_lots(
    actor: Actor, kind: EventKind, holds: Sequence[HoldFacts], concerned: Mapping[int, frozenset[int]]
) -> None:
    shares: dict[int, list[HoldFacts]] = defaultdict(list)
    for one in holds:
        for organisation in {actor.plant_id, *concerned.get(one.lot_id, ())}:
            shares[organisation].append(one)
    wanting = Subscription.filter(
        plant_id=actor.plant_id, organisation_id__in=sorted(shares) or [0], ended_at=None, off_at=None
    )
    for row in await wanting.order_by("id"):
        if kind.value in row.kinds:
            own = shares[row.organisation_id]
            decision = own[0].decision
            data: dict[str, object] = {
                "anomaly": own[0].case_number,
                "lots": [one.lot_number for one in own[:LISTED]],
                "count": len(own),
            }
            await message_for(row, kind, data if decision is None else {**data, "decision": decision.value})


async def placed(_actor: Actor, facts: OrderFacts) -> None:
    """An order was placed with its partners."""
    await _of_order(EventKind.ORDER_PLACED, facts)


async def changed(_actor: Actor, facts: OrderFacts) -> None:
    """An order was cancelled or its stages planned anew."""
    await _of_order(EventKind.ORDER_CHANGED, facts)


async def _of_order(kind: EventKind, facts: OrderFacts) -> None:
    partners = {one.partner_id for one in facts.stages}
    await _tell(facts.plant_id, kind, partners, {"order": facts.number, "state": facts.state.value})


async def result(_actor: Actor, facts: ResultFacts) -> None:
    """A result was judged: who handed it in and its laboratory hear our verdict."""
    data = {
        "result": facts.id,
        "lot": facts.lot_number,
        "method": facts.method,
        "verdict": facts.verdict.value,
    }
    await _tell(facts.plant_id, EventKind.RESULT_RECORDED, (facts.laboratory_id, facts.organisation_id), data)


def join() -> None:
    """Listen to the rooms below; once, when this room is loaded."""
    for hook, kind in (
        (anomalies.reported, EventKind.ANOMALY_REPORTED),
        (anomalies.acknowledged, EventKind.ANOMALY_ACKNOWLEDGED),
        (anomalies.graded, EventKind.ANOMALY_GRADED),
        (anomalies.contained, EventKind.ANOMALY_CONTAINED),
        (anomalies.ended, EventKind.ANOMALY_ENDED),
    ):
        hook.join(_of_case(kind))
    lots.held.join(held)
    lots.decided.join(decided)
    orders.placed.join(placed)
    orders.changed.join(changed)
    inspections.recorded.join(result)
