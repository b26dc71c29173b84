"""Error declarations (EPCIS 2.0 §7.4.1.2): an event said to be wrong is taken back where nothing was built on it.

What cannot be taken back by a message is refused with its name; doubts and measurements stay, and are flagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core import ledger, lots
from core.epcis.errors import (
    CorrectionUnknown,
    DeclaredAlready,
    DeclaredDiffers,
    EventUnknown,
    PackedElsewhere,
    StaysDone,
    ToldHere,
)
from core.epcis.models import CapturedEvent, Done, Held, Mention
from core.epcis.scene import Scene
from core.epcis.terms import Deed
from core.kit.provenance import Flag
from core.ledger import Kind
from core.lots import UsedSince

_STAYS: Final = {Deed.QUARANTINED, Deed.MEASURED, Deed.READ, Deed.FLAGGED}
"""A doubt is not removed by who raised it, and what was measured was measured."""
_NOTHING: Final = {Deed.NOTED, Deed.WAITING, Deed.SERIALS}
"""Nothing to undo: serial numbers go with their lot."""


async def original(scene: Scene) -> CapturedEvent:
    """Answer the event that is declared wrong: of the same sender, whose captures wait in line, with the same content.

    Raises:
        EventUnknown, DeclaredDiffers, DeclaredAlready: why there is none.
        ToldHere: it tells what was done here, and is put right where it was done.
        CorrectionUnknown: an event that stands in its place has not come.
    """
    event, actor = scene.event, scene.actor
    rows = CapturedEvent.filter(plant_id=actor.plant_id, organisation_id=actor.organisation_id)
    row = await rows.filter(event_id=event.event_id, declared=False).first()
    if row is not None and row.capture_id is None:
        raise ToldHere(event_id=event.event_id[:200])
    if row is None:
        raise EventUnknown(event_id=event.event_id[:200])
    if row.digest != event.digest:
        raise DeclaredDiffers(event_id=event.event_id[:200])
    if await rows.filter(event_id=event.event_id, declared=True).exclude(id=scene.row.id).exists():
        raise DeclaredAlready(event_id=event.event_id[:200])
    for place, one in enumerate(event.body["errorDeclaration"].get("correctiveEventIDs", ())):
        scene.path = f"/errorDeclaration/correctiveEventIDs/{place}"
        if one not in scene.coming and not await rows.filter(event_id=one, declared=False).exists():
            raise CorrectionUnknown(event_id=one[:200])
    return row


async def take_back(scene: Scene) -> None:
    """Undo what the event had done, last things first.

    Raises:
        UsedSince: a lot that it made went on, or another record names it.
        ReceivedAlready, StaysDone, PackedElsewhere: what it did cannot be taken back by a message.
        others: as in ``original``.
    """
    row = await original(scene)
    scene.path = "/errorDeclaration"
    deeds = await Done.filter(event_id=row.id).order_by("-id")
    besides = await _own_rows(row, {one.lot_id for one in deeds if one.lot_id is not None})
    why = f"EPCIS errorDeclaration {scene.event.event_id}"[:500]
    undone: set[tuple[Deed, int | None]] = set()
    for one in deeds:
        deed = Deed(one.deed)
        if deed in _NOTHING or (one.row_id is not None and (deed, one.row_id) in undone):
            continue
        undone.add((deed, one.row_id))
        await _undo(scene, row, one, why, besides)
    waits = any(one.deed == Deed.WAITING.value for one in deeds)
    if waits and await _went_on(row):
        raise UsedSince(number=row.transformation[:60])
    await ledger.append(
        Kind.EPCIS_DECLARE,
        scene.actor,
        rows=[scene.row],
        facts={
            "event": row.event_id,
            "declared_at": scene.event.declared,
            "reason": str(scene.event.body["errorDeclaration"].get("reason", "")),
            "undone": sorted({str(one.deed) for one in deeds}),
        },
    )


async def _went_on(row: CapturedEvent) -> bool:
    """Whether inputs that an event told of went into the outputs of their transformation."""
    events = await CapturedEvent.filter(
        plant_id=row.plant_id, organisation_id=row.organisation_id, transformation=row.transformation
    )
    wrong = {one.event_id for one in events if one.declared}
    later = [one.id for one in events if one.event_id not in wrong and one.id > row.id]
    return await Done.filter(event_id__in=later or [0], deed=Deed.PRODUCED.value).exists()


async def _own_rows(row: CapturedEvent, lot_ids: set[int]) -> Mapping[str, set[int]]:
    """Rows about these lots that do not count as uses: of this event, and of events that were declared wrong."""
    found: dict[str, set[int]] = {}
    for model in (Mention, Done, Held):
        rows = await model.filter(lot_id__in=lot_ids or {0}).prefetch_related("event")
        wrong = await _declared({(one.event.organisation_id, one.event.event_id) for one in rows})
        found[model.table()] = {
            one.id
            for one in rows
            if one.event.id == row.id
            or one.event.declared
            or (one.event.organisation_id, one.event.event_id) in wrong
        }
    return found


async def _declared(wanted: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these events (sender, id) were declared wrong."""
    rows = await CapturedEvent.filter(event_id__in={name for _, name in wanted} or {""}, declared=True)
    return {(one.organisation_id, one.event_id) for one in rows} & wanted


async def _undo(
    scene: Scene, row: CapturedEvent, done: Done, why: str, besides: Mapping[str, set[int]]
) -> None:
    deed, actor = Deed(done.deed), scene.actor
    match deed:
        case Deed.MADE:
            await lots.withdraw(actor, [done.lot_id or 0], why, besides=besides)
        case Deed.PRODUCED | Deed.CONSUMED:
            await lots.void_operation(actor, done.row_id or 0, why, besides=besides)
        case Deed.SHIPPED:
            await lots.void_shipment(actor, done.row_id or 0, why)
        case Deed.PACKED:
            await _unpack(scene, done)
        case Deed.UNPACKED:
            await _pack_again(scene, done)
        case _ if deed in _STAYS:
            scene.did(Deed.FLAGGED, done.lot_id, done.row_id, note=deed.value, flags=(Flag.CLAIM,))
            return
        case _:
            raise StaysDone(deed=deed.value, event_id=row.event_id[:200])
    scene.did(Deed.NOTED, done.lot_id, done.row_id, note=deed.value)


async def _unpack(scene: Scene, done: Done) -> None:
    held = await Held.filter(id=done.row_id or 0).select_for_update().get()
    if held.until is None:
        held.until, held.ended_by = max(held.since, scene.event.event_time), scene.row.id
        await held.save(update_fields=["until", "ended_by"])
        await _told(scene, held)


async def _pack_again(scene: Scene, done: Done) -> None:
    held = await Held.filter(id=done.row_id or 0).select_for_update().get()
    others = Held.filter(plant_id=held.plant_id, holding=held.holding, child=held.child, until=None)
    if held.serial and (there := await others.first()) is not None:
        raise PackedElsewhere(child=held.child, parent=there.parent)
    held.until, held.ended_by = None, None
    await held.save(update_fields=["until", "ended_by"])
    await _told(scene, held)


async def _told(scene: Scene, held: Held) -> None:
    await ledger.append(
        Kind.EPCIS_HOLDING,
        scene.actor,
        rows=[held],
        facts={"event": scene.event.event_id, "parent": held.parent, "children": [held.child]},
    )
