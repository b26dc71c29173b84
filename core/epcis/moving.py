"""Events that see lots somewhere: shipped, received, stored, set apart (EPCIS 2.0 §7.4.1, action OBSERVE and DELETE)."""

from __future__ import annotations

from typing import Final

from tortoise.expressions import Subquery

from core import ledger, lots
from core.epcis import finding, staging
from core.epcis.errors import ArrivedOtherwise, NotUnderWay, PlaceUnknown, ReceiverWanted
from core.epcis.finding import Part, Place
from core.epcis.models import CapturedEvent, Done, Mention
from core.epcis.scene import Scene
from core.epcis.terms import Action, Deed, Holding, Key, Role
from core.kit import Level, Module, Permission
from core.kit.provenance import Flag
from core.ledger import Kind
from core.lots import Consignment, LotFacts, LotStatus, ShipmentFacts, Whereabouts

_SENT: Final = {"shipping", "departing"}
_ARRIVED: Final = {"receiving", "accepting"}
_KEPT: Final = {"storing", "stocking", "holding"}
SUSPECT: Final = frozenset(
    {
        "non_conformant", "damaged", "recalled", "expired", "destroyed", "disposed", "stolen", "mismatch_instance",
        "mismatch_class", "mismatch_quantity", "needs_replacement", "non_sellable_other", "no_pedigree_match",
        "quarantined",
    }
)  # fmt: skip
"""Dispositions (CBV 2.0 §7.2) that set a lot apart here. None of the others ever takes one out of quarantine."""
_WORK: Final = Permission(Module.LOTS, Level.WORK)
_FREE: Final = {LotStatus.AVAILABLE, LotStatus.RELEASED}
_NUMBER: Final = 60
_DOCUMENT: Final = 60


async def observe(scene: Scene) -> None:
    """Do what a sighting of lots means; without a meaning here it is kept and shown.

    Raises:
        Refusal: of the finding and moving of lots.
    """
    step, deleted = scene.event.biz_step, scene.event.action is Action.DELETE
    if step == "void_shipping":
        await _unship(scene)
        return
    parts = await finding.parts(scene, scene.event.of(Role.EPC))
    if step in _SENT and not deleted:
        await _ship(scene, parts)
    elif step in _ARRIVED and not deleted:
        await _receive(scene, parts)
    elif step in _KEPT and not deleted:
        await _keep(scene, parts)
    for part in parts:
        scene.path = part.line.path
        await set_apart(scene, part.lot, gone=deleted)


async def set_apart(scene: Scene, lot: LotFacts, *, gone: bool = False) -> None:
    """Put a lot in quarantine that its sender doubts, or says is gone; who may scrap here has it scrapped.

    Held lots stay held, and a lot that the sender does not have is flagged: nothing of it is ever released.
    """
    doubts = [one for one in scene.event.dispositions if one.rpartition(":")[2] in SUSPECT]
    if not doubts and not gone:
        return
    why = " ".join([scene.event.biz_step, *doubts]).strip() or "DELETE"
    found = await lots.exactly(scene.actor, lot.number) or lot
    if gone and scene.actor.may(Permission(Module.LOTS, Level.APPROVE)):
        await lots.scrap(scene.actor, found.id, f"EPCIS {why}"[:500])
        scene.did(Deed.SCRAPPED, found)
    elif found.status in _FREE and scene.has(found) and scene.actor.may(_WORK):
        await lots.quarantine(scene.actor, found.id, f"EPCIS {why}"[:500])
        scene.did(Deed.QUARANTINED, found, note=why)
    else:
        scene.did(Deed.FLAGGED, found, note=why, flags=(Flag.CLAIM,))


def _transactions(scene: Scene) -> str:
    """The number of the delivery note or waybill, as far as the event names one."""
    said = scene.event.body.get("bizTransactionList", [])
    ranked = sorted(said, key=lambda one: one.get("type", "") not in ("desadv", "bol"))
    return ranked[0]["bizTransaction"].rpartition("/")[2].rpartition(":")[2][:_DOCUMENT] if ranked else ""


async def _party(scene: Scene, name: str, member: str) -> Place | None:
    said = scene.event.body.get(name, [])
    order = ("possessing_party", "owning_party", "location")
    unknown: PlaceUnknown | None = None
    for kind in order:
        for place, one in enumerate(said):
            if one["type"] == kind:
                scene.path = f"/{name}/{place}"
                try:
                    return await finding.place(scene.actor, one[member])
                except PlaceUnknown as why:
                    unknown = unknown or why
    if unknown is not None:
        raise unknown
    return None


async def _ship(scene: Scene, parts: list[Part]) -> None:
    to = await _party(scene, "destinationList", "destination")
    receiver = to.organisation_id if to is not None else None
    if receiver is None and scene.by_partner:
        receiver = scene.actor.plant_id
    for part in parts:
        scene.path = part.line.path
        found = await lots.where_is(scene.actor, part.lot.id)
        if scene.event.biz_step == "departing" and found.where is Whereabouts.IN_TRANSIT:
            scene.did(Deed.NOTED, part.lot)
            continue
        if receiver is None:
            raise ReceiverWanted
        finding.must_have(scene, part.lot)
        whole = part.quantity is None or part.quantity == found.left
        number = "" if whole else await _part_number(scene, part.lot)
        sent = await lots.ship(
            scene.actor,
            part.lot.id,
            Consignment(
                receiver_id=receiver,
                quantity=None if whole else part.quantity,
                part_number=number,
                document=_transactions(scene),
                sent_at=scene.event.event_time,
                provenance=scene.provenance,
            ),
        )
        scene.did(Deed.SHIPPED, sent.lot_id, sent.id, quantity=sent.quantity)
        if not whole:
            scene.named(part.line, sent.lot_id, sent.quantity)
            await _follow(scene, part, sent)


async def _part_number(scene: Scene, lot: LotFacts) -> str:
    """The next free number for a part that is sent apart: the lot's own with a count."""
    taken = set(await lots.numbers_like(scene.actor, lot.number[: _NUMBER - 6] + "-P"))
    count = 1
    while f"{lot.number[: _NUMBER - 6]}-P{count}" in taken:
        count += 1
    return f"{lot.number[: _NUMBER - 6]}-P{count}"


async def _follow(scene: Scene, part: Part, sent: ShipmentFacts) -> None:
    """What is packed goes by the number of the part that was sent."""
    if part.line.named.key is not Key.CARRIER:
        return
    rows = [
        one
        for one in await finding.contents(scene.actor, part.line.named.uri)
        if one.lot_id == part.lot.id and one.holding == Holding.PACKED.value
    ]
    for row in rows:
        row.lot_id = sent.lot_id
        await row.save(update_fields=["lot_id"])
    if rows:
        await ledger.append(
            Kind.EPCIS_HOLDING,
            scene.actor,
            rows=rows,
            facts={"event": scene.event.event_id, "parent": part.line.named.uri, "lot": sent.lot_number},
        )


async def _coming(scene: Scene, lot: LotFacts) -> ShipmentFacts | None:
    """The shipment of a lot that is on its way to the sender of the event."""
    own = scene.actor.organisation_id
    for one in await lots.shipments_of(scene.actor, lot.id):
        if one.received_at is None and one.receiver_id is not None:
            return one if one.receiver_id == own or not scene.by_partner else None
    return None


async def _receive(scene: Scene, parts: list[Part]) -> None:
    _place, name = await finding.here(scene)
    for part in parts:
        scene.path = part.line.path
        lot, shipment = await _arriving(scene, part)
        if shipment is None:
            if scene.event.biz_step == "accepting" and scene.holds(lot):
                scene.did(Deed.NOTED, lot)
                continue
            raise NotUnderWay(number=part.lot.number)
        got = await lots.receive(
            scene.actor,
            shipment.id,
            name or scene.event.biz_step,
            quantity=part.quantity,
            at=scene.event.event_time,
        )
        await staging.into(scene, lot)
        differs = (Flag.COUNT,) if got.received_quantity != got.quantity else ()
        scene.did(Deed.RECEIVED, lot, got.id, quantity=got.received_quantity, flags=differs)


async def _arriving(scene: Scene, part: Part) -> tuple[LotFacts, ShipmentFacts | None]:
    """The part of a lot that arrives: the only one on its way, or the one of this quantity.

    Raises:
        ArrivedOtherwise: several are on their way, and none is of this quantity.
    """
    known = [part.lot]
    if part.line.named.key is Key.LOT:
        product, _contains = await finding.article(scene.actor, part.line.named)
        known = await finding.family(scene.actor, part.line.named, product)
    coming = [(lot, sent) for lot in known if (sent := await _coming(scene, lot)) is not None]
    if len(coming) > 1:
        coming = [one for one in coming if one[1].quantity == part.quantity]
        if len(coming) != 1:
            raise ArrivedOtherwise(number=part.lot.number)
    return coming[0] if coming else (part.lot, None)


async def _unship(scene: Scene) -> None:
    """Take back what the sender shipped last under these identifiers, by CBV's own step for it (void_shipping).

    Raises:
        NotUnderWay: it shipped nothing of the kind.
        ReceivedAlready: it arrived.
    """
    for line in scene.event.of(Role.EPC):
        scene.path = line.path
        for lot_id, shipment_id in await _sent(scene, line.named.uri):
            why = f"EPCIS void_shipping {scene.event.event_id}"[:500]
            await lots.void_shipment(scene.actor, shipment_id, why)
            scene.named(line, lot_id)
            scene.did(Deed.NOTED, lot_id, shipment_id, note="void_shipping")


async def _sent(scene: Scene, uri: str) -> list[tuple[int | None, int]]:
    """Lots and shipments of the sender's newest shipping event that named an identifier."""
    own = CapturedEvent.filter(
        plant_id=scene.actor.plant_id, organisation_id=scene.actor.organisation_id
    ).filter(biz_step__in=_SENT)
    named = await Mention.filter(uri=uri, event_id__in=Subquery(own.values("id"))).order_by("-event_id")
    inside = {one.lot_id for one in await finding.contents(scene.actor, uri)}
    if not named:
        raise NotUnderWay(number=uri[:60])
    newest = named[0].event_id
    wanted = {one.lot_id for one in named if one.event_id == newest and one.lot_id} | inside
    rows = await Done.filter(event_id=newest, deed=Deed.SHIPPED.value).order_by("id")
    return [(one.lot_id, one.row_id) for one in rows if one.lot_id in wanted and one.row_id is not None]


async def _keep(scene: Scene, parts: list[Part]) -> None:
    where, name = await finding.here(scene)
    for part in parts:
        scene.path = part.line.path
        lot = part.lot
        holder = lot.partner_id or lot.plant_id
        known = where is not None and where.organisation_id == holder
        if known and lot.status is not LotStatus.SHIPPED and scene.has(lot) and name != lot.place:
            site = None if where is None else where.site_id
            await lots.move(scene.actor, lot.id, name, partner_id=lot.partner_id, site_id=site)
            scene.did(Deed.MOVED, lot, note=name)
