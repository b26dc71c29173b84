"""Events of carriers: what they see of goods that they carry and do not have. Legs depart and arrive."""

from __future__ import annotations

from typing import Final

from core import lots, orders
from core.epcis import finding
from core.epcis.moving import SUSPECT
from core.epcis.scene import Scene
from core.epcis.terms import Action, Deed, EventType, Key, Line, Role
from core.kit.provenance import Flag
from core.lots import ShipmentFacts
from core.orders import LegFacts

MOST: Final = 500
"""Shipments under way that are looked through."""


async def carry(scene: Scene) -> bool:
    """Record what a carrier says of its shipments; answers False where the event is about something else.

    Raises:
        Refusal: of legs: departed or arrived already, times reversed.
    """
    event = scene.event
    if not scene.by_partner or event.type is not EventType.OBJECT or event.action is not Action.OBSERVE:
        return False
    under_way = await lots.under_way(scene.actor, MOST)
    mine = [one for one in under_way if one.carrier_id == scene.actor.partner_id]
    found = [(line, await _carried(scene, line, mine)) for line in event.of(Role.EPC)] if mine else []
    if not found or not all(shipments for _, shipments in found):
        return False
    doubts = [one for one in event.dispositions if one.rpartition(":")[2] in SUSPECT]
    for line, shipments in found:
        scene.path = line.path
        for one in shipments:
            scene.named(line, one.lot_id, one.quantity)
            await _leg(scene, one)
            if doubts:
                scene.did(Deed.FLAGGED, one.lot_id, one.id, note=" ".join(doubts), flags=(Flag.CLAIM,))
    return True


async def _carried(scene: Scene, line: Line, mine: list[ShipmentFacts]) -> list[ShipmentFacts]:
    """The shipments that a line means: of a lot by its number, of a logistic unit by what is in it."""
    named = line.named
    if named.key is Key.CARRIER:
        inside = {one.lot_id for one in await finding.contents(scene.actor, named.uri)}
        return [one for one in mine if one.lot_id in inside]
    if named.key is not Key.LOT:
        return []
    await finding.article(scene.actor, named)
    return [one for one in mine if one.lot_number == named.lot or one.lot_number.startswith(f"{named.lot}-P")]


async def _leg(scene: Scene, shipment: ShipmentFacts) -> None:
    legs = await orders.legs_of(scene.actor, shipment_id=shipment.id)
    step, at = scene.event.biz_step, scene.event.event_time
    moved: LegFacts | None = None
    for one in legs:
        if step in ("departing", "shipping") and one.departed_at is None:
            moved = await orders.depart(scene.actor, one.id, at=at)
            break
        if step == "arriving" and one.departed_at is not None and one.arrived_at is None:
            moved = await orders.arrive(scene.actor, one.id, at=at)
            break
    if legs:
        scene.leg_id = (moved or legs[0]).id
    scene.did(
        Deed.NOTED if moved is None else Deed.MOVED,
        shipment.lot_id,
        None if moved is None else moved.id,
        note=step,
    )
