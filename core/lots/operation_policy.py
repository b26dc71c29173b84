"""Quantities through operations: nothing comes from nothing, nothing disappears. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.kit.canonical import decimal_text
from core.lots.errors import (
    BomNotMet,
    DifferentProducts,
    LotTwice,
    NotConserved,
    NothingLeft,
    NotInBom,
    TooFewParts,
    TooMuchTaken,
)
from core.lots.terms import LotStatus, Made, Take
from core.products.policy import convert
from core.products.terms import BomFacts, Factor

_STRICTEST = (LotStatus.QUARANTINED, LotStatus.AVAILABLE, LotStatus.RELEASED)


def draw(takes: Sequence[Take]) -> None:
    """Allow lots to be drawn on: each once, and no more than is left of it.

    Raises:
        TooFewParts, LotTwice, NothingLeft, TooMuchTaken: why not.
    """
    if not takes:
        raise TooFewParts
    for number, times in Counter(one.lot.number for one in takes).items():
        if times > 1:
            raise LotTwice(number=number)
    for one in takes:
        if one.left <= 0:
            raise NothingLeft(number=one.lot.number)
        if one.quantity > one.left:
            raise TooMuchTaken(
                number=one.lot.number,
                left=decimal_text(one.left),
                asked=decimal_text(one.quantity),
                unit=one.lot.unit,
            )


def come_out(made: Sequence[Made]) -> Decimal:
    """Answer how much comes out in all, scrap included; each number once, at least one.

    Raises:
        TooFewParts, LotTwice: why not.
    """
    if not made:
        raise TooFewParts
    for number, times in Counter(one.number for one in made).items():
        if times > 1:
            raise LotTwice(number=number)
    return sum((one.quantity for one in made), Decimal(0))


def conserve(takes: Sequence[Take], made: Sequence[Made], unit: str, factors: Iterable[Factor]) -> None:
    """Hold an operation to its balance: what goes in, converted to one unit, is what comes out, scrap included.

    Raises:
        NotConserved: it is more or less.
        NoFactor, NotExact: units do not compare.
        TooFewParts, LotTwice: nothing comes out, or one lot twice.
    """
    known = list(factors)
    taken = sum((convert(one.quantity, one.lot.unit, unit, known) for one in takes), Decimal(0))
    out = come_out(made)
    if taken != out:
        raise NotConserved(taken=decimal_text(taken), made=decimal_text(out), unit=unit)


def one_product(takes: Sequence[Take]) -> None:
    """Allow lots to become one: they are of one product.

    Raises:
        DifferentProducts: they are not.
    """
    first = takes[0].lot
    for one in takes[1:]:
        if one.lot.product.id != first.product.id:
            raise DifferentProducts(number=first.number, other=one.lot.number)


def by_recipe(
    bom: BomFacts, product: str, takes: Sequence[Take], total: Decimal, factors: Iterable[Factor]
) -> None:
    """Hold a production to its bill of materials: each component within what it takes and what may be lost of it.

    Raises:
        NotInBom: something goes in that is not named there.
        BomNotMet: too little of a component, or more than may be lost.
        NoFactor, NotExact: units do not compare.
    """
    known = list(factors)
    lines = {one.component_id: one for one in bom.lines}
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for one in takes:
        line = lines.get(one.lot.product.id)
        if line is None:
            raise NotInBom(component=one.lot.product.code, version=bom.version, product=product)
        taken[line.component_id] += convert(one.quantity, one.lot.unit, line.unit, known)
    for line in bom.lines:
        needed, used = line.quantity * total, taken[line.component_id]
        if used < needed or used * (1 - line.loss) > needed:
            raise BomNotMet(
                version=bom.version,
                needed=decimal_text(needed),
                unit=line.unit,
                component=line.component,
                taken=decimal_text(used),
            )


def belongs(bom: BomFacts, product: str, takes: Iterable[Take]) -> None:
    """Allow material into a lot in part: it stands in the bill of materials.

    Raises:
        NotInBom: it does not.
    """
    known = {one.component_id for one in bom.lines}
    for one in takes:
        if one.lot.product.id not in known:
            raise NotInBom(component=one.lot.product.code, version=bom.version, product=product)


def strictest(statuses: Iterable[LotStatus]) -> LotStatus:
    """Answer what a merged lot is: quarantined if a part is, released only if all parts are."""
    return min(statuses, key=_STRICTEST.index)


def shares(takes: Sequence[Take], made: Sequence[Made]) -> list[tuple[Take, Made, Decimal]]:
    """Answer how much of each lot taken goes into each lot made, in the taken lot's unit, to the last piece.

    Several lots into several: each made lot gets its share of each taken one. What is rounded is how much has gone in
    so far, so that no share is negative and the last one takes the sum to what was taken.
    """
    total = come_out(made)
    found: list[tuple[Take, Made, Decimal]] = []
    for take in takes:
        given, upto = Decimal(0), Decimal(0)
        for one in made:
            upto += one.quantity
            reached = (take.quantity * upto / total).quantize(Decimal("0.000001"))
            if reached > given:
                found.append((take, one, reached - given))
                given = reached
    return found
