"""What is inside what, and attached to what: aggregation (EPCIS 2.0 §7.4.2) and association (§7.4.6)."""

from __future__ import annotations

from decimal import Decimal

from core import ledger, lots
from core.epcis import finding
from core.epcis.errors import InsideItself, NotInside, PackedElsewhere, PackedTooMuch
from core.epcis.finding import Part
from core.epcis.models import Held
from core.epcis.scene import Scene
from core.epcis.terms import Action, Deed, EventType, Holding, Key, Line, Role
from core.kit.canonical import decimal_text
from core.ledger import Kind


async def hold_together(scene: Scene) -> None:
    """Pack, unpack, attach or detach; a sighting changes nothing.

    Raises:
        PackedElsewhere, PackedTooMuch, NotInside, NotAtYou, UnitElsewhere, InsideItself: why not.
        others: what the event names leads nowhere.
    """
    event = scene.event
    holding = Holding.ASSOCIATED if event.type is EventType.ASSOCIATION else Holding.PACKED
    for line in event.of(Role.PARENT):
        scene.named(line)
    parent = next((one.named.uri for one in event.of(Role.PARENT)), "")
    children = event.of(Role.CHILD)
    if event.action is Action.ADD:
        if holding is Holding.PACKED:
            for line in event.of(Role.PARENT):
                scene.path = line.path
                await finding.must_have_unit(scene, line.named.uri, line.named.written[:80])
        for line in children:
            await _put(scene, holding, parent, line)
    elif event.action is Action.DELETE:
        await _take_out(scene, holding, parent, children)
    else:
        for line in children:
            scene.path = line.path
            part = await _part(scene, holding, line)
            scene.named(line, None if part is None else part.lot.id, None if part is None else part.quantity)


async def _part(scene: Scene, holding: Holding, line: Line) -> Part | None:
    """The lot that a child is of; logistic units and assets have none, nor need what is only attached."""
    if line.named.key in (Key.LOT, Key.SERIAL):
        return await finding.part_of(scene, line)
    if line.named.key is Key.CLASS and holding is Holding.PACKED:
        return await finding.part_of(scene, line)
    return None


async def _put(scene: Scene, holding: Holding, parent: str, line: Line) -> None:
    scene.path = line.path
    part = await _part(scene, holding, line)
    if line.named.key is Key.CARRIER and holding is Holding.PACKED:
        await _unit_fits(scene, parent, line)
    open_rows = Held.filter(plant_id=scene.actor.plant_id, holding=holding.value, until=None)
    if line.named.key is not Key.LOT:  # pieces, units and assets are in one place
        elsewhere = await open_rows.filter(child=line.named.uri).first()
        if elsewhere is not None:
            known = not scene.by_partner or elsewhere.organisation_id == scene.actor.organisation_id
            raise PackedElsewhere(child=line.named.written[:120], parent=elsewhere.parent if known else "–")
    quantity = None
    if part is not None:
        if holding is Holding.PACKED:
            finding.must_have(scene, part.lot)
            quantity = finding.wanted(part)
            await _fits(scene, part, quantity)
        else:
            quantity = part.quantity
    row = await Held.create(
        plant_id=scene.actor.plant_id,
        organisation_id=scene.actor.organisation_id,
        holding=holding.value,
        parent=parent,
        child=line.named.uri,
        lot_id=None if part is None else part.lot.id,
        serial=part.serials[0] if part is not None and part.serials else "",
        quantity=quantity,
        unit="" if part is None else part.lot.unit,
        since=scene.event.event_time,
        event_id=scene.row.id,
    )
    await _recorded(scene, [row])
    scene.named(line, row.lot_id, quantity)
    scene.did(Deed.PACKED, row.lot_id, row.id, quantity=quantity, note=parent)


async def _unit_fits(scene: Scene, parent: str, line: Line) -> None:
    """Let a logistic unit into another: the sender has it, and it does not come to lie inside itself.

    Raises:
        UnitElsewhere, InsideItself: why not.
    """
    child = line.named.uri
    await finding.must_have_unit(scene, child, line.named.written[:80])
    below = {row.child for row in await finding.everything_in(scene.actor, child)}
    if parent == child or parent in below:
        raise InsideItself(child=line.named.written[:120])


async def _fits(scene: Scene, part: Part, quantity: Decimal) -> None:
    """Hold what is packed of a lot to what is left of it.

    Raises:
        PackedTooMuch: it is more.
    """
    left = (await lots.where_is(scene.actor, part.lot.id)).left
    rows = await Held.filter(lot_id=part.lot.id, holding=Holding.PACKED.value, until=None)
    packed = sum((one.quantity for one in rows if one.quantity is not None), Decimal(0)) + quantity
    if packed > left:
        raise PackedTooMuch(
            packed=decimal_text(packed),
            left=decimal_text(left),
            unit=part.lot.unit,
            number=part.lot.number,
        )


async def _take_out(scene: Scene, holding: Holding, parent: str, children: list[Line]) -> None:
    inside = Held.filter(
        plant_id=scene.actor.plant_id, holding=holding.value, parent=parent, until=None
    ).order_by("id")
    rows = await _its_own(scene, await inside.select_for_update())
    if not children:
        scene.path = "/parentID"
        if not rows:
            raise NotInside(child="–", parent=parent)
        await _ended(scene, rows)
        return
    for line in children:
        scene.path = line.path
        part = await _part(scene, holding, line)
        found = [one for one in rows if one.child == line.named.uri and one.until is None]
        if not found:
            raise NotInside(child=line.named.written[:120], parent=parent)
        row = found[0]
        taken = None if part is None else part.quantity
        if taken is not None and row.quantity is not None and line.named.key is Key.LOT:
            if taken > row.quantity:
                raise NotInside(child=line.named.written[:120], parent=parent)
            if taken < row.quantity:
                await _remain(scene, row, row.quantity - taken)
        scene.named(line, row.lot_id, taken)
        await _ended(scene, [row])


async def _its_own(scene: Scene, rows: list[Held]) -> list[Held]:
    """What of a unit the sender may take out: a partner the lots that it has, whoever packed them, and its units."""
    if not scene.by_partner:
        return rows
    known = await lots.some(scene.actor, {one.lot_id for one in rows if one.lot_id is not None})
    here = {one.id for one in known if scene.has(one)}
    own = scene.actor.organisation_id
    return [
        one for one in rows if (one.lot_id in here if one.lot_id is not None else one.organisation_id == own)
    ]


async def _remain(scene: Scene, row: Held, quantity: Decimal) -> None:
    """What stays inside when a part is taken out is a row of its own from then on."""
    rest = await Held.create(
        plant_id=row.plant_id,
        organisation_id=row.organisation_id,
        holding=row.holding,
        parent=row.parent,
        child=row.child,
        lot_id=row.lot_id,
        serial=row.serial,
        quantity=quantity,
        unit=row.unit,
        since=max(row.since, scene.event.event_time),
        event_id=scene.row.id,
    )
    await _recorded(scene, [rest])
    scene.did(Deed.PACKED, rest.lot_id, rest.id, quantity=quantity, note=row.parent)


async def _ended(scene: Scene, rows: list[Held]) -> None:
    for row in rows:
        row.until, row.ended_by = max(scene.event.event_time, row.since), scene.row.id
        await row.save(update_fields=["until", "ended_by"])
        scene.did(Deed.UNPACKED, row.lot_id, row.id, quantity=row.quantity, note=row.parent)
    await _recorded(scene, rows)


async def _recorded(scene: Scene, rows: list[Held]) -> None:
    await ledger.append(
        Kind.EPCIS_HOLDING,
        scene.actor,
        rows=rows,
        facts={
            "event": scene.event.event_id,
            "parent": rows[0].parent,
            "children": [one.child for one in rows],
        },
    )
