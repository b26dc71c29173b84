"""Device identifiers of products (UDI-DI), and the units that products are counted in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import ledger, people
from core.kit import Actor, Level, Module, NotPermitted, current, plain_text, verb
from core.ledger import Kind
from core.products import policy, queries
from core.products.errors import FactorOfItself, IdentifierTaken
from core.products.models import Identifier, Product, UnitFactor
from core.products.terms import Agency, Factor, IdentifierFacts


def own_people(actor: Actor) -> None:
    """Master data is the plant's own.

    Raises:
        NotPermitted: the actor belongs to a partner.
    """
    if people.scope(actor).partner_id is not None:
        raise NotPermitted


@verb(Module.LOTS, Level.CONFIGURE, Kind.PRODUCT_IDENTIFY)
async def add_identifier(
    actor: Actor,
    product: str,
    agency: Agency,
    code: str,
    *,
    contains: int = 1,
    since: dt.datetime | None = None,
) -> IdentifierFacts:
    """Give a product a device identifier; the same one again changes nothing.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ProductUnknown: no such product.
        IdentifierMalformed: the code does not follow the rules of its agency.
        IdentifierTaken: it belongs to another product of the plant.
    """
    own_people(actor)
    known = (await queries.by_code(actor.plant_id, [product]))[product]
    plain = policy.identifier(agency, code)
    row = await Identifier.get_or_none(plant_id=actor.plant_id, agency=agency.value, code=plain)
    if row is not None:
        if row.product_id != known.id:
            other = await Product.get(id=row.product_id)
            raise IdentifierTaken(code=plain, product=other.code)
        return row.facts()
    row = await Identifier.create(
        plant_id=actor.plant_id,
        product_id=known.id,
        agency=agency.value,
        code=plain,
        contains=max(1, contains),
        since=current().now if since is None else since,
    )
    await ledger.append(
        Kind.PRODUCT_IDENTIFY,
        actor,
        rows=[row],
        facts={"product": known.code, "agency": agency, "code": plain, "contains": row.contains},
    )
    return row.facts()


@verb(Module.LOTS, Level.CONFIGURE, Kind.PRODUCT_FACTOR)
async def declare_factor(actor: Actor, product: str | None, unit: str, into: str, factor: Decimal) -> Factor:
    """Declare how many ``into`` one ``unit`` is; of one product, or of all (None). The newest declaration holds.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ProductUnknown: no such product.
        FactorOfItself: both units are the same.
        NotAQuantity, NotPositive, Empty, TooLong: the factor or a unit is no such thing.
    """
    own_people(actor)
    names = [plain_text.checked(one, limit=20) for one in (unit, into)]
    if names[0] == names[1]:
        raise FactorOfItself
    product_id = None if product is None else (await queries.by_code(actor.plant_id, [product]))[product].id
    row = await UnitFactor.create(
        plant_id=actor.plant_id,
        product_id=product_id,
        unit=names[0],
        into=names[1],
        factor=policy.factor(factor),
        since=current().now,
    )
    await ledger.append(
        Kind.PRODUCT_FACTOR,
        actor,
        rows=[row],
        facts={"product": product, "unit": row.unit, "into": row.into, "factor": row.factor},
    )
    return Factor(product_id=product_id, unit=row.unit, into=row.into, factor=row.factor)
