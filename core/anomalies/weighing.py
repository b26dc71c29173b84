"""Collecting what the rule table looks at: answers, product, what the lot reached, the same thing before."""

from __future__ import annotations

import datetime as dt

from core import lots
from core.anomalies import policy, queries
from core.anomalies.models import Anomaly
from core.anomalies.terms import GradingFacts, State
from core.kit import clock, system
from core.lots import LotFacts, LotStatus

GONE_OUT = frozenset({LotStatus.RELEASED, LotStatus.SHIPPED})
NO_ANOMALY = (State.REJECTED.value, State.CANCELLED.value)


async def grading_facts(
    plant_id: int,
    category: str,
    answers: dict[str, str],
    lot: LotFacts | None,
    *,
    partner_id: int | None,
    at: dt.datetime,
    case: Anomaly | None = None,
) -> GradingFacts:
    """What the rule table looks at; ``case`` is the record itself once there is one."""
    rules = await queries.rules_for(plant_id)
    kinds = await _before(
        plant_id,
        category,
        None if lot is None else lot.product.id,
        partner_id,
        at - dt.timedelta(days=rules.repeat_days),
        at,
        case,
    )
    statuses, held = await _reached(plant_id, lot, case)
    product = None if lot is None else lot.product
    return GradingFacts(
        category=category,
        risk=answers.get("risk", "none"),
        detection=answers.get("detection", ""),
        repeats=len(kinds),
        same_kind=sum(one == answers.get("subcode") for one in kinds),
        lots_affected=max(held, 0 if lot is None else 1),
        marks=policy.marks_of(answers, rules),
        sterile=product is not None and product.sterile,
        implant=product is not None and product.implant,
        label_critical=product is not None and product.label_critical,
        shipped=bool(statuses & GONE_OUT),
    )


async def _before(
    plant_id: int,
    category: str,
    product_id: int | None,
    partner_id: int | None,
    since: dt.datetime,
    until: dt.datetime,
    case: Anomaly | None,
) -> list[str | None]:
    """The sub-codes of earlier cases of the same partner, product and category; nothing known, nothing counted."""
    if product_id is None and partner_id is None:
        return []
    rows = Anomaly.filter(
        plant_id=plant_id,
        category=category,
        product_id=product_id,
        partner_id=partner_id,
        reported_at__gte=clock.utc(since),
        reported_at__lte=clock.utc(until),
    ).exclude(state__in=NO_ANOMALY)
    if case is not None:
        rows = rows.filter(id__lt=case.id)
    return [row.subcode for row in await rows.only("id", "subcode")]


async def _reached(plant_id: int, lot: LotFacts | None, case: Anomaly | None) -> tuple[set[LotStatus], int]:
    """The statuses of the lot and all made from it, as they were before this case held them; and how many it holds."""
    if lot is None:
        return set(), 0
    root = system(plant_id)
    (down,) = await lots.reach(root, lot.id, lots.Way.DOWN)
    found = down.statuses()
    holds = [] if case is None else await lots.holds_of(root, case.number)
    before: dict[int, LotStatus] = {}
    for hold in holds:
        before.setdefault(hold.lot_id, hold.status_before)
    return set((found | before).values()), len(before)


async def case_facts(case: Anomaly) -> GradingFacts:
    """What the rule table looks at for a recorded case, as it stands now."""
    lot = None if case.lot_id is None else await lots.get(system(case.plant_id), case.lot_id)
    return await grading_facts(
        case.plant_id,
        case.category,
        case.answers,
        lot,
        partner_id=case.partner_id,
        at=case.reported_at,
        case=case,
    )


async def grade_for(anomaly_id: int, s: int, o: int, d: int) -> str:
    """The grade that scores given by a person lead to, overrides included."""
    case = await Anomaly.get(id=anomaly_id)
    rules = await queries.rules_for(case.plant_id)
    return policy.regrade(s, o, d, await case_facts(case), rules).value
