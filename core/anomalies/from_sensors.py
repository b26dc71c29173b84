"""传感器报警自动报告: an alarm of a sensor opens its case by itself, in the same unit; the case hears how it went on.

One episode is one case. The case names every lot that stood under the sensor; containment holds them all.
"""

from __future__ import annotations

from core import ledger, lots, notices, orders, people, sensors, sop
from core.anomalies import sensor_policy
from core.anomalies.models import Anomaly, Supplement
from core.anomalies.reporting import record
from core.anomalies.terms import ENDED, ITSELF, AnomalyFacts, State
from core.kit import Actor, Level, Module, current, verb
from core.ledger import Kind
from core.lots import LotStatus
from core.orders import StageKind
from core.sensors import Told


async def alarmed(rule: Actor, told: Told) -> None:
    """An alarm was found: its case is opened and its number kept with the episode."""
    case = await open_for_sensor(rule, told)
    await sensors.name_case(rule, told.episode.id, case.number)


@verb(Module.ANOMALIES, Level.REPORT, Kind.ANOMALY_REPORT, Kind.GRADE_PROPOSE)
async def open_for_sensor(rule: Actor, told: Told) -> AnomalyFacts:
    """Open the case of an alarm: L02, L03, L07 on the way, P05 elsewhere, E01 where the measuring itself fails.

    Raises:
        UnknownCategory: the plant reports nothing under this category.
        NobodyResponsible: neither matrix nor roles name anybody.
    """
    lot = await lots.get(rule, told.lot_ids[0]) if told.lot_ids else None
    stage = None if told.stage_id is None else await orders.stage(rule, told.stage_id)
    moving = stage is not None and stage.kind is StageKind.TRANSPORT
    moving = moving or (stage is None and lot is not None and lot.status is LotStatus.SHIPPED)
    named = await lots.numbers(told.lot_ids)
    template = await sop.current_template(rule.plant_id, sensor_policy.category(told, moving=moving)[0])
    good = sensor_policy.answers_for(
        told,
        template.fields,
        [named[one] for one in told.lot_ids],
        moving=moving,
        place="" if lot is None else lot.place,
    )
    owner = told.sensor.organisation_id
    partner = owner if owner != rule.plant_id else None
    return await record(
        rule,
        template,
        good,
        lot,
        evidence_ids=[],
        channel=rule.channel,
        order_stage_id=told.stage_id,
        partner_id=(None if stage is None else stage.partner_id) or partner,
    )


async def moved(rule: Actor, told: Told) -> None:
    """An episode got worse, ended, or was not borne out: its case hears of it, and its owner where that matters."""
    row = (
        await Anomaly.filter(plant_id=rule.plant_id, number=told.episode.case_number)
        .select_for_update()
        .first()
    )
    if row is None:
        return
    said = sensor_policy.moved(told)
    added = await Supplement.create(
        anomaly_id=row.id,
        before={},
        after={},
        evidence_ids=[],
        reason=said,
        by_id=ITSELF,
        at=current().now,
    )
    await ledger.append(
        Kind.ANOMALY_SUPPLEMENT,
        rule,
        rows=[added],
        case=row.number,
        reason=said,
        facts={"sensor": told.sensor.code, "state": told.episode.state, "ends": told.episode.episode.ends},
    )
    if State(row.state) in ENDED or told.episode.state is sensors.EpisodeState.OPEN:
        return
    owner = await people.person(row.owner_id)
    if owner.active:
        await notices.tell(
            rule,
            "anomalies:sensor_moved",
            person_id=row.owner_id,
            case=row.number,
            priority=notices.Priority.INFO,
            facts={"anomaly_id": row.id, "number": row.number, "said": said},
            replaces_key=f"sensor:{row.id}",
        )
