"""Events in the stages of an outsourcing order: lots that a partner receives go in, what it makes of them comes out."""

from __future__ import annotations

from collections.abc import Sequence

from core import lots, orders
from core.epcis.scene import Scene
from core.lots import LotFacts, LotStatus
from core.orders import Flow, StageFacts, StageState

_KEPT_BACK = (LotStatus.ON_HOLD, LotStatus.SCRAPPED)


async def into(scene: Scene, lot: LotFacts) -> None:
    """Record that a received lot went into the stage that its receiver works on, where there is only one."""
    if not scene.by_partner:
        return
    running = [one for one in await orders.open_stages(scene.actor) if one.state is StageState.RUNNING]
    now = await lots.exactly(scene.actor, lot.number)
    if len(running) == 1 and now is not None and now.status not in _KEPT_BACK:
        await _record(scene, running[0], Flow.IN, [now.number])


async def out_of(scene: Scene, inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Record that lots came out of the running stage of the sender that their inputs went into."""
    if not scene.by_partner:
        return
    found: dict[int, StageFacts] = {}
    for number in inputs:
        lot = await lots.exactly(scene.actor, number)
        for one in await orders.stages_of_lot(scene.actor, lot.id) if lot is not None else ():
            into_it = any(part.lot_number == number and part.flow is Flow.IN for part in one.lots)
            if one.state is StageState.RUNNING and one.partner_id == scene.actor.partner_id and into_it:
                found[one.id] = one
    if len(found) == 1:
        await _record(scene, next(iter(found.values())), Flow.OUT, list(outputs))


async def _record(scene: Scene, stage: StageFacts, flow: Flow, numbers: list[str]) -> None:
    await orders.record_lots(
        scene.actor, stage.id, flow, numbers, at=scene.event.event_time, provenance=scene.provenance
    )
