"""温湿度超限自动报告: a logger's record out of its limits, or with a gap, opens its case by itself, in the same unit.

What a logger proves needs no reporter. The case says what the record says and leaves open what only people know.
"""

from __future__ import annotations

from core import lots, orders, sop
from core.anomalies.reporting import record
from core.anomalies.series_policy import answers_for
from core.anomalies.terms import AnomalyFacts
from core.conditions import SeriesFacts
from core.kit import Actor, Level, Module, system, verb
from core.ledger import Kind
from core.lots import LotFacts, LotStatus
from core.orders import StageFacts, StageKind


async def logged(actor: Actor, series: SeriesFacts) -> None:
    """A series was recorded: one that says that something was wrong opens a case, the rule acting."""
    if series.excursions or series.gaps:
        await open_for_series(system(series.plant_id, channel="rule", correlation=actor.correlation), series)


@verb(Module.ANOMALIES, Level.REPORT, Kind.ANOMALY_REPORT, Kind.GRADE_PROPOSE)
async def open_for_series(rule: Actor, series: SeriesFacts) -> AnomalyFacts:
    """Open the case of a series out of limits: L02, L03 or L07 on the way (reference §7.1), P05 elsewhere.

    Raises:
        UnknownCategory: the plant reports nothing under this category.
        NobodyResponsible: neither matrix nor roles name anybody.
    """
    lot = None if series.lot_id is None else await lots.get(rule, series.lot_id)
    stage, carrier = await _where(rule, series, lot)
    moving = series.leg_id is not None or (stage is not None and stage.kind is StageKind.TRANSPORT)
    moving = moving or (stage is None and lot is not None and lot.status is LotStatus.SHIPPED)
    template = await sop.current_template(series.plant_id, "L" if moving else "P")
    good = answers_for(
        series, template.fields, moving=moving, place=series.logger if lot is None else lot.place
    )
    if lot is not None:
        good["lot"] = lot.number
    at = carrier or (None if stage is None else stage.partner_id)
    sender = None if series.organisation_id == series.plant_id else series.organisation_id
    return await record(
        rule,
        template,
        good,
        lot,
        evidence_ids=[],
        channel=rule.channel,
        order_stage_id=None if stage is None else stage.id,
        partner_id=at or sender,
    )


async def _where(
    rule: Actor, series: SeriesFacts, lot: LotFacts | None
) -> tuple[StageFacts | None, int | None]:
    """The stage where it was logged, and who drove: the one named, else the lot's stage that ran at that time."""
    if series.leg_id is not None:
        leg = await orders.leg(rule, series.leg_id)
        return (None if leg.stage_id is None else await orders.stage(rule, leg.stage_id)), leg.carrier_id
    if series.stage_id is not None:
        return await orders.stage(rule, series.stage_id), None
    ran = [] if lot is None else await orders.stages_of_lot(rule, lot.id)
    during = [
        one
        for one in ran
        if one.started_at is not None
        and one.started_at <= series.ends
        and (one.ended_at is None or one.ended_at >= series.begins)
    ]
    return (during[-1] if during else None), None
