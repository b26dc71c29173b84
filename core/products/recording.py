"""Bringing products in, and correcting their names, units and risk flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core import ledger, people
from core.kit import Actor, Level, Module, NotPermitted, plain_text, verb
from core.ledger import Kind
from core.products.errors import ProductTwice
from core.products.models import Product
from core.products.terms import NewProduct, ProductFacts

ROWS_PER_ENTRY = 500
_FLAGS = ("sterile", "implant", "label_critical")


@verb(Module.LOTS, Level.CONFIGURE, Kind.PRODUCT_RECORD)
async def record_products(actor: Actor, rows: Sequence[NewProduct]) -> list[ProductFacts]:
    """Record new products and correct known ones (found by code); answers them in the order given.

    A product that is the same as before is left alone. The ledger keeps the old values of what changed.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ProductTwice: the list names one code more than once.
        TooLong: a code, name or unit is longer than its field.
        Empty: a code, name or unit is missing.
    """
    if people.scope(actor).partner_id is not None:
        raise NotPermitted
    wanted = [_checked(row) for row in rows]
    codes = [row.code for row in wanted]
    for code, times in Counter(codes).items():
        if times > 1:
            raise ProductTwice(code=code)
    known = {row.code: row for row in await Product.filter(plant_id=actor.plant_id, code__in=codes or [""])}
    changed: list[Product] = []
    before: dict[str, object] = {}
    for new in wanted:
        columns = vars(new)
        row = known.get(new.code)
        if row is None:
            known[new.code] = row = await Product.create(plant_id=actor.plant_id, **columns)
        else:
            old = {name: getattr(row, name) for name in columns if getattr(row, name) != columns[name]}
            if not old:
                continue
            before[str(row.id)] = old
            row.update_from_dict(columns)
            await row.save()
        changed.append(row)
    for start in range(0, len(changed), ROWS_PER_ENTRY):
        part = changed[start : start + ROWS_PER_ENTRY]
        await ledger.append(
            Kind.PRODUCT_RECORD,
            actor,
            rows=part,
            facts={"count": len(part), "codes": [row.code for row in part]},
            before={str(row.id): before[str(row.id)] for row in part if str(row.id) in before} or None,
        )
    return [known[code].facts() for code in codes]


def _checked(row: NewProduct) -> NewProduct:
    return NewProduct(
        code=plain_text.checked(row.code, limit=60),
        name_zh=plain_text.checked(row.name_zh, limit=120),
        name_en=plain_text.checked(row.name_en, limit=120),
        unit=plain_text.checked(row.unit, limit=20),
        **{flag: bool(getattr(row, flag)) for flag in _FLAGS},
    )
