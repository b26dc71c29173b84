"""Publishing versions: what a product is made of, and what its process parameters should be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core import ledger
from core.kit import Actor, Level, Module, clock, current, plain_text, quantity, verb
from core.kit.numbering import in_line
from core.ledger import Kind
from core.products import effective, policy, queries
from core.products.identifying import own_people
from core.products.models import Bom, BomLine, ParameterSpec
from core.products.terms import BomFacts, NewBomLine, SpecFacts


@verb(Module.LOTS, Level.CONFIGURE, Kind.BOM_PUBLISH)
async def publish_bom(
    actor: Actor,
    product: str,
    lines: Sequence[NewBomLine],
    *,
    effective_from: dt.datetime | None = None,
    note: str = "",
) -> BomFacts:
    """Publish the next version of a bill of materials; it holds from ``effective_from`` on (None: from now).

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ProductUnknown: the product or a component is unknown.
        BomEmpty, ComponentTwice, BomLoops, ShareOutOfRange: the lines do not go together.
        NotLater: the version before it begins at the same time or later.
        NotAQuantity, NotPositive: a quantity is no such thing.
    """
    own_people(actor)
    begins = current().now if effective_from is None else clock.utc(effective_from)
    await in_line(actor.plant_id, "boms")
    known = await queries.by_code(actor.plant_id, [product, *(one.component for one in lines)])
    policy.bom(product, lines, await effective.newest_components(actor.plant_id))
    last = await Bom.filter(product_id=known[product].id).order_by("-version").first()
    policy.later(begins, None if last is None else last.effective_from)
    bom = await Bom.create(
        plant_id=actor.plant_id,
        product_id=known[product].id,
        version=1 if last is None else last.version + 1,
        effective_from=begins,
        note=plain_text.checked(note, limit=500, required=False),
        published_by=actor.person_id,
        published_at=current().now,
    )
    rows = [
        await BomLine.create(
            bom_id=bom.id,
            position=position,
            component_id=known[one.component].id,
            quantity=quantity.parse(format(one.quantity, "f")),
            unit=plain_text.checked(one.unit, limit=20),
            loss=one.loss,
        )
        for position, one in enumerate(lines, start=1)
    ]
    await ledger.append(
        Kind.BOM_PUBLISH,
        actor,
        rows=[bom, *rows],
        facts={
            "product": product,
            "version": bom.version,
            "effective_from": begins,
            "components": [one.component for one in lines],
        },
    )
    return (await effective.boms([bom]))[0]


@verb(Module.LOTS, Level.CONFIGURE, Kind.PARAMETER_PUBLISH)
async def publish_parameter(
    actor: Actor,
    product: str,
    process: str,
    name: str,
    *,
    unit: str,
    lower: Decimal | None = None,
    target: Decimal | None = None,
    upper: Decimal | None = None,
    effective_from: dt.datetime | None = None,
) -> SpecFacts:
    """Publish the next version of what a process parameter should be; it holds from ``effective_from`` on.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ProductUnknown: no such product.
        NoLimits, LimitsReversed: the limits do not go together.
        NotLater: the version before it begins at the same time or later.
        NotAQuantity: a limit is no number that can be stored exactly.
        Empty, TooLong: a name or the unit is missing or longer than its field.
    """
    own_people(actor)
    begins = current().now if effective_from is None else clock.utc(effective_from)
    known = (await queries.by_code(actor.plant_id, [product]))[product]
    values: dict[str, Any] = {
        key: None if value is None else quantity.exact(value)
        for key, value in (("lower", lower), ("target", target), ("upper", upper))
    }
    policy.limits(values["lower"], values["target"], values["upper"])
    names: dict[str, Any] = {
        "process": plain_text.checked(process, limit=60),
        "name": plain_text.checked(name, limit=60),
    }
    await in_line(actor.plant_id, f"parameters-{known.id}")
    last = await ParameterSpec.filter(product_id=known.id, **names).order_by("-version").first()
    policy.later(begins, None if last is None else last.effective_from)
    row = await ParameterSpec.create(
        plant_id=actor.plant_id,
        product_id=known.id,
        version=1 if last is None else last.version + 1,
        unit=plain_text.checked(unit, limit=20),
        effective_from=begins,
        published_by=actor.person_id,
        published_at=current().now,
        **names,
        **values,
    )
    await ledger.append(
        Kind.PARAMETER_PUBLISH,
        actor,
        rows=[row],
        facts={"product": product, "version": row.version, "effective_from": begins, **names, **values},
    )
    return row.facts()
