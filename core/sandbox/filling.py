"""Making a sandbox, or making it anew: the same goods each time, by the verbs that real records come in by."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import clients, inspections, lots, orders, people, products, sop
from core.clients import SandboxFacts
from core.inspections import NewCharacteristic, NewMethod
from core.kit import Actor, Level, Module, current, system, verb
from core.ledger import Kind
from core.lots import Consignment, NewLink, NewLot
from core.orders import NewLeg, NewOrder, NewStage, StageKind
from core.people import Role
from core.products import NewProduct

RAW, BARE, COATED = "SBX-BAR", "SBX-SCREW", "SBX-SCREW-C"


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.SANDBOX_MAKE)
async def make_sandbox(actor: Actor, organisation_id: int) -> SandboxFacts:
    """Make an organisation's sandbox anew: clients for trying out work in it from now on, the one before is left.

    Raises:
        NotFound: no such organisation of the plant.
    """
    made = await clients.found_sandbox(actor, organisation_id)
    root = system(made.world_id, channel=actor.channel)
    await people.add_person(root, made.world_id, "Sandbox", [Role.RESPONSIBLE.value])
    await sop.publish_builtin(root)
    await products.record_products(
        root,
        [
            _product(RAW, "钛棒", "Titanium bar", "kg"),
            _product(BARE, "骨螺钉", "Bone screw", "pcs"),
            _product(COATED, "涂层骨螺钉", "Coated bone screw", "pcs"),
        ],
    )
    await _goods(root, made)
    await _method(root)
    await _order(root, made)
    return made


def _product(code: str, zh: str, en: str, unit: str) -> NewProduct:
    return NewProduct(
        code=code, name_zh=zh, name_en=en, unit=unit, sterile=False, implant=False, label_critical=False
    )


async def _goods(root: Actor, made: SandboxFacts) -> None:
    """A bar, two lots made of it; one is on its way to the partner, one there already."""
    at = current().now - dt.timedelta(days=3)
    partner = None if made.twin_id == made.world_id else made.twin_id

    def lot(number: str, product: str, quantity: int, unit: str, *, there: bool = False) -> NewLot:
        return NewLot(
            number=number,
            product=product,
            organisation_id=made.world_id,
            partner_id=partner if there else None,
            quantity=Decimal(quantity),
            unit=unit,
            made_at=at,
            place="SBX",
        )

    first, *_rest = await lots.record_lots(
        root,
        [
            lot("SBX-MC-001", BARE, 1000, "pcs"),
            lot("SBX-MC-002", BARE, 500, "pcs", there=True),
            lot("SBX-TI-001", RAW, 40, "kg"),
        ],
    )
    await lots.record_links(
        root,
        [
            NewLink(parent="SBX-TI-001", child=child, quantity=Decimal(15), unit="kg", at=at)
            for child in ("SBX-MC-001", "SBX-MC-002")
        ],
    )
    if partner is not None:
        await lots.ship(root, first.id, Consignment(receiver_id=partner, document="SBX-1"))


async def _method(root: Actor) -> None:
    thick = NewCharacteristic(
        key="thickness",
        name_zh="涂层厚度",
        name_en="Coating thickness",
        unit="um",
        lower=Decimal(25),
        upper=Decimal(35),
    )
    new = NewMethod(
        code="SBX-THICKNESS",
        name_zh="涂层厚度",
        name_en="Coating thickness",
        characteristics=(thick,),
        effective_from=current().now - dt.timedelta(days=3),
    )
    await inspections.publish_method(root, new)


async def _order(root: Actor, made: SandboxFacts) -> None:
    """An order of three stages for the partner: process, inspection, transport with a leg."""
    partner = None if made.twin_id == made.world_id else made.twin_id
    stages = tuple(
        NewStage(kind=kind, process=process, partner_id=partner)
        for kind, process in (
            (StageKind.PROCESS, "coating"),
            (StageKind.INSPECTION, ""),
            (StageKind.TRANSPORT, ""),
        )
    )
    order = await orders.plan_order(root, NewOrder(product=COATED, quantity=Decimal(1000), stages=stages))
    await orders.place_order(root, order.id)
    leg = NewLeg(from_place="SBX A", to_place="SBX B", stage_id=order.stages[2].id, carrier_id=partner)
    await orders.plan_leg(root, leg)
