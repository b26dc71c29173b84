"""Transformation (EPCIS 2.0 §7.4.5): lots made of lots, by one event or by several that share a transformationID.

What was told to go in waits until outputs are told; each output takes what it needs, what is left waits for the next.
How much waits follows from the deeds of the events and the links that they led to.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core import lots, products
from core.epcis import finding, making, sharing, staging
from core.epcis.errors import NoInputs, OneProductOut, SeveralOut
from core.epcis.making import PROCESS, Output
from core.epcis.models import CapturedEvent, Done
from core.epcis.scene import Scene
from core.epcis.sharing import Need, Offer
from core.epcis.terms import Deed, Role
from core.lots import Circumstances, LotFacts, Made, Taken
from core.products import Factor, NoFactor, NotExact

Inputs = dict[int, tuple[LotFacts, Decimal]]
"""Lots by id with how much of them, in their own unit."""


async def transform(scene: Scene) -> None:
    """Make lots from lots: inputs used up, outputs produced, linked with their quantities.

    Events that share a transformationID belong together: inputs wait for outputs, and outputs take what they need of
    what waits. Inputs that are told when nothing waits any more go into the lot that came out, if it is one. An
    output without a quantity is a lot that is there already.

    Raises:
        NoInputs, OneProductOut, SeveralOut, NotAtYou: why not.
        others: of lots: held, expired or quarantined inputs, more than is left, quantities that do not balance.
    """
    taken = await _taken(scene)
    made = await making.outputs(scene, scene.event.of(Role.OUTPUT))
    if taken and len(made) == 1 and await _into_one_that_is_there(scene, taken, made[0]):
        return
    waiting = await _waiting(scene)
    if not made:
        await _told_to_go_in(scene, taken, waiting)
        return
    scene.path = made[0].path
    if not taken and not waiting:
        raise NoInputs
    first = made[0]
    for other in made[1:]:
        if other.product.id != first.product.id:
            scene.path = other.path
            raise OneProductOut(other=other.product.code)
    if scene.event.text("transformationID"):
        for lot, quantity in taken.values():
            scene.did(Deed.WAITING, lot, quantity=quantity)
        taken = await _needed(scene, _together(waiting, taken), made)
    await _produce(scene, taken, made)


async def _told_to_go_in(scene: Scene, taken: Inputs, waiting: Inputs) -> None:
    produced = await _produced(scene)
    if waiting or not produced:
        for lot, quantity in taken.values():
            scene.did(Deed.WAITING, lot, quantity=quantity)
    elif len(produced) > 1:
        raise SeveralOut(count=len(produced))
    else:
        await _consume(scene, taken, produced[0])


async def _into_one_that_is_there(scene: Scene, taken: Inputs, one: Output) -> bool:
    there = None if one.quantity is not None or one.serials else await lots.exactly(scene.actor, one.number)
    if there is None or there.product.id != one.product.id:
        return False
    scene.path = one.path
    finding.must_have(scene, there)
    scene.named(one.lines[0], there.id)
    await _consume(scene, taken, there)
    return True


def _together(waiting: Inputs, taken: Inputs) -> Inputs:
    found = dict(waiting)
    for key, (lot, quantity) in taken.items():
        before = found[key][1] if key in found else Decimal(0)
        found[key] = (lot, before + quantity)
    return found


async def _needed(scene: Scene, inputs: Inputs, made: list[Output]) -> Inputs:
    """So much of the inputs as the outputs need: by the bill of materials of that time, or by what balances."""
    goal = made[0].product
    ids = {lot.product.id for lot, _quantity in inputs.values()} | {goal.id}
    factors = await products.factors(scene.actor.plant_id, ids)
    total = sum((one.amount for one in made), Decimal(0))
    bom = await products.bom_at(goal.id, scene.event.event_time)
    needs: dict[int, Need] = {0: Need(quantity=total)}
    units = {0: goal.unit}
    if bom is not None:
        needs = {one.component_id: Need(quantity=one.quantity * total, loss=one.loss) for one in bom.lines}
        units = {one.component_id: one.unit for one in bom.lines}
    offers = []
    for key, (lot, quantity) in inputs.items():
        need = 0 if bom is None else lot.product.id
        counted = _counted(quantity, lot.unit, units.get(need), factors)
        offers.append(Offer(lot_id=key, quantity=quantity, counted=counted, need=need))
    return {key: (inputs[key][0], much) for key, much in sharing.drawn(offers, needs).items()}


def _counted(quantity: Decimal, unit: str, into: str | None, factors: list[Factor]) -> Decimal | None:
    if into is None:
        return None
    try:
        return products.convert(quantity, unit, into, factors)
    except (NoFactor, NotExact):
        return None


async def _produce(scene: Scene, inputs: Inputs, made: list[Output]) -> None:
    where, place = await finding.here(scene)
    maker = scene.actor.partner_id if scene.by_partner or where is None else where.organisation_id
    step = scene.event.biz_step
    circumstances = Circumstances(
        at=scene.event.event_time, process=step[:PROCESS], provenance=scene.provenance
    )
    taken = [Taken(lot=lot.number, quantity=quantity) for lot, quantity in inputs.values()]
    new = [Made(number=one.number, quantity=one.amount, place=place) for one in made]
    if step == "repairing" and len(taken) == 1:
        operation = await lots.rework(scene.actor, taken[0], new, circumstances)
    else:
        operation = await lots.produce(
            scene.actor,
            taken,
            made[0].product.code,
            new,
            circumstances,
            maker_id=maker,
            expires_on=making.expiry(scene),
            as_told=True,
        )
    for one in made:
        lot = await lots.exactly(scene.actor, one.number)
        if lot is not None:
            scene.did(Deed.PRODUCED, lot, operation.id, quantity=lot.quantity)
            await making.serials(scene, one, lot)
    await staging.out_of(scene, [one.lot for one in taken], [one.number for one in made])


async def _consume(scene: Scene, inputs: Inputs, into: LotFacts) -> None:
    operation = await lots.consume(
        scene.actor,
        [Taken(lot=lot.number, quantity=quantity) for lot, quantity in inputs.values()],
        into.number,
        Circumstances(
            at=scene.event.event_time,
            process=scene.event.biz_step[:PROCESS],
            provenance=scene.provenance,
        ),
    )
    for lot, quantity in inputs.values():
        scene.did(Deed.CONSUMED, lot, operation.id, quantity=quantity)


async def _taken(scene: Scene) -> Inputs:
    found: Inputs = {}
    for part in await finding.parts(scene, scene.event.of(Role.INPUT)):
        scene.path = part.line.path
        finding.must_have(scene, part.lot)
        found[part.lot.id] = (part.lot, finding.wanted(part))
    return found


async def _deeds(scene: Scene, deed: Deed) -> list[Done]:
    """What events of the same transformation and sender did, those that were declared wrong left out."""
    name = scene.event.text("transformationID")
    if not name:
        return []
    events = await CapturedEvent.filter(
        plant_id=scene.actor.plant_id,
        organisation_id=scene.actor.organisation_id,
        transformation=name,
    )
    wrong = {one.event_id for one in events if one.declared}
    standing = [one.id for one in events if one.event_id not in wrong]
    return await Done.filter(event_id__in=standing or [0], deed=deed.value).order_by("id")


async def _produced(scene: Scene) -> list[LotFacts]:
    rows = await _deeds(scene, Deed.PRODUCED)
    return await lots.some(scene.actor, [one.lot_id for one in rows if one.lot_id is not None])


async def _waiting(scene: Scene) -> Inputs:
    """What was told to go in and has not gone into an output yet, in the order in which it was told."""
    sums: dict[int, Decimal] = {}
    for one in await _deeds(scene, Deed.WAITING):
        if one.lot_id is not None and one.quantity is not None:
            sums[one.lot_id] = sums.get(one.lot_id, Decimal(0)) + one.quantity
    if not sums:
        return {}
    operations = {one.row_id for one in await _deeds(scene, Deed.PRODUCED) if one.row_id is not None}
    gone: Mapping[int, Decimal] = await lots.drawn_by(scene.actor, operations)
    known = {one.id: one for one in await lots.some(scene.actor, sums)}
    left = {key: quantity - gone.get(key, Decimal(0)) for key, quantity in sums.items()}
    return {key: (known[key], much) for key, much in left.items() if much > 0 and key in known}
