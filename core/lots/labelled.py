"""From what a label says to the lot: the product by its device identifier, the lot within that product.

Nothing is guessed: a lot of another product, a serial number of another lot or an unknown identifier is refused, and
what fits several lots is offered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core import labels, products
from core.kit import Actor, Refusal, clock, plain_text
from core.labels import Carrier, LabelFacts, Scheme
from core.lots import queries
from core.lots.errors import (
    DeviceUnknown,
    LabelNamesNoLot,
    LabelOfOtherProduct,
    LotUnknown,
    LotUnknownNearest,
    SerialElsewhere,
    SeveralLabels,
)
from core.lots.models import Lot, Serial
from core.lots.terms import LotFacts
from core.products.terms import ProductFacts

OFFERED = 6


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """What a label led to: one lot, or several to choose from, with what the label says beside it."""

    lots: tuple[LotFacts, ...]
    label: LabelFacts
    expired: bool = False
    """The label's date or the lot's has passed."""
    dates_differ: bool = False
    """Label and records name different days."""

    @property
    def lot(self) -> LotFacts | None:
        """Answer the lot when there is only one."""
        return self.lots[0] if len(self.lots) == 1 else None


def today(actor: Actor) -> dt.date:
    """The reader's own day."""
    return clock.now().astimezone(ZoneInfo(actor.timezone)).date()


async def of_text(actor: Actor, text: str) -> Labelled:
    """The lot of a typed or pasted label; a lot number as printed is one too.

    Raises:
        Refusal: the label is broken, or says nothing that is known here.
    """
    lot = await _exact(actor, text)
    if lot is not None:
        return _told(lot, LabelFacts(scheme=Scheme.PLAIN), today(actor))
    readings = labels.read(Carrier(text=text), today(actor))
    if any(one.scheme is not Scheme.PLAIN for one in readings):
        return await of_readings(actor, readings)
    found = await _by_plain(actor, text)
    return _told(await queries.find(actor, text), readings[0], today(actor)) if found is None else found


async def _exact(actor: Actor, number: str) -> LotFacts | None:
    """The lot of this very number, as people type it: case and spaces around it do not matter."""
    wanted = plain_text.clean(number)
    if not 0 < len(wanted) <= queries.LIMIT:
        return None
    return await queries.in_any_case(actor, wanted)


async def of_codes(actor: Actor, codes: Sequence[Carrier]) -> Labelled:
    """The lot of the codes of one picture; halves of one label are joined, other codes beside it do not matter.

    Raises:
        NoCodeFound: there is no code.
        SeveralLabels: labels of different goods lie in the picture.
        Refusal: no code of it can be read, or leads anywhere.
    """
    if not codes:
        raise labels.NoCodeFound
    plain: list[str] = []
    whole: list[LabelFacts] = []
    open_readings: list[tuple[LabelFacts, ...]] = []
    trouble: Refusal | None = None
    for code in codes:
        try:
            readings = labels.read(code, today(actor))
        except Refusal as refused:
            trouble = trouble or refused
            continue
        told = tuple(one for one in readings if one.scheme is not Scheme.PLAIN)
        if not told:
            plain.append(code.text)
        elif len(told) == 1:
            whole.append(told[0])
        else:
            open_readings.append(told)
    if isinstance(trouble, (labels.CheckDigitWrong, labels.FieldTwice, labels.LabelDateImpossible)):
        raise trouble
    return await _of_all(actor, list(labels.labels_of(whole)), open_readings, plain, trouble)


async def _of_all(
    actor: Actor,
    whole: list[LabelFacts],
    several: list[tuple[LabelFacts, ...]],
    plain: list[str],
    trouble: Refusal | None,
) -> Labelled:
    ways = [(one,) for one in whole] + several
    found: list[Labelled] = []
    for readings in ways:
        try:
            found.append(await of_readings(actor, readings))
        except Refusal as refused:
            trouble = trouble or refused
            if isinstance(refused, (LabelOfOtherProduct, SerialElsewhere)):
                raise
    if not ways:
        for text in plain:
            led = await _by_plain(actor, text)
            if led is not None:
                found.append(led)
    if not found:
        raise trouble or LotUnknown(number=(plain or ["–"])[0][:60])
    sure = [one for one in found if one.lot is not None]
    if len({one.lot.id for one in sure if one.lot is not None}) > 1:
        raise SeveralLabels(names=" · ".join(sorted({one.lot.number for one in sure if one.lot is not None})))
    return (sure or found)[0]


async def of_readings(actor: Actor, readings: Sequence[LabelFacts]) -> Labelled:
    """The lot of a label that may be read in several ways: the one that exists, or all that do, to choose from.

    Raises:
        DeviceUnknown, LabelOfOtherProduct, SerialElsewhere, LabelNamesNoLot, LotUnknown: why there is none.
    """
    found: list[Labelled] = []
    trouble: Refusal | None = None
    for facts in readings:
        if facts.scheme is Scheme.PLAIN:
            led = await _by_plain(actor, facts.lot)
            if led is not None:
                found.append(led)
            continue
        try:
            found.append(await _of_facts(actor, facts))
        except Refusal as refused:
            trouble = trouble or refused
    if not found:
        raise trouble or LabelNamesNoLot
    sure = [one for one in found if one.lot is not None]
    if len(sure) == 1:
        return sure[0]
    choices = {lot.id: lot for one in (sure or found) for lot in one.lots}
    return Labelled(lots=tuple(choices.values())[:OFFERED], label=found[0].label)


async def _of_facts(actor: Actor, facts: LabelFacts) -> Labelled:
    product = await _product(actor, facts.device) if facts.device else None
    if facts.lot:
        lot = await _lot(actor, product, facts.lot)
        await _serial_fits(lot, facts.serial)
        return _told(lot, facts, today(actor))
    if facts.serial:
        return _several(await _of_serial(actor, product, facts.serial), facts, today(actor))
    if product is None:
        raise LabelNamesNoLot
    rows = queries.visible_made_as(actor, product.id).order_by("-made_at", "-id").limit(OFFERED)
    offered = await queries.facts_of(await rows)
    if not offered:
        raise DeviceUnknown(code=facts.device)
    return Labelled(lots=tuple(offered), label=facts, expired=facts.expired(today(actor)))


async def _product(actor: Actor, device: str) -> ProductFacts:
    """The product of a device identifier; a partner meets it only where it has a lot of it."""
    product = await products.identified(actor.plant_id, device)
    if product is None or not await queries.visible_made_as(actor, product.id).exists():
        raise DeviceUnknown(code=device)
    return product


async def _lot(actor: Actor, product: ProductFacts | None, number: str) -> LotFacts:
    lot = await _exact(actor, number)
    if lot is None:
        raise await _unknown(actor, product, number)
    if product is not None and lot.product.id != product.id:
        raise LabelOfOtherProduct(
            number=lot.number, product=lot.product.name(actor.locale), other=product.name(actor.locale)
        )
    return lot


async def _unknown(actor: Actor, product: ProductFacts | None, number: str) -> LotUnknown:
    """No such lot; where the product is known, its own numbers that look alike are named."""
    names = await queries.nearest(actor, number)
    if product is not None:
        same = queries.visible(actor).filter(product_id=product.id, number__in=list(names) or [""])
        alike = {row.number for row in await same}
        names = tuple(one for one in names if one in alike)
    return LotUnknownNearest(number=number, nearest=names) if names else LotUnknown(number=number)


async def _serial_fits(lot: LotFacts, serial: str) -> None:
    if not serial:
        return
    row = await Serial.filter(plant_id=lot.plant_id, product_id=lot.product.id, number=serial).first()
    if row is not None and row.lot_id != lot.id:
        raise SerialElsewhere(serial=serial, number=lot.number)


async def _of_serial(actor: Actor, product: ProductFacts | None, serial: str) -> list[LotFacts]:
    rows = Serial.filter(plant_id=actor.plant_id, number=serial)
    if product is not None:
        rows = rows.filter(product_id=product.id)
    seen: Iterable[Lot] = await queries.visible_of(actor, [row.lot_id for row in await rows.limit(OFFERED)])
    found = await queries.facts_of(seen)
    if not found:
        raise LotUnknown(number=serial)
    return found


async def _by_plain(actor: Actor, text: str) -> Labelled | None:
    """Text without rules: a lot number, a serial number or a device identifier, each only as a whole."""
    plain = LabelFacts(scheme=Scheme.PLAIN, lot=text)
    lot = await _exact(actor, text)
    if lot is not None:
        return _told(lot, plain, today(actor))
    try:
        return _several(await _of_serial(actor, None, text), plain, today(actor))
    except LotUnknown:
        pass
    try:
        return await _of_facts(actor, LabelFacts(scheme=Scheme.PLAIN, device=text))
    except Refusal:
        return None


def _several(found: Sequence[LotFacts], facts: LabelFacts, day: dt.date) -> Labelled:
    return _told(found[0], facts, day) if len(found) == 1 else Labelled(lots=tuple(found), label=facts)


def _told(lot: LotFacts, facts: LabelFacts, day: dt.date) -> Labelled:
    until = None if facts.expires_on is None else facts.expires_on
    differs = (
        until is not None
        and lot.expires_on is not None
        and (
            until.last != lot.expires_on
            if until.day is not None
            else (until.year, until.month) != (lot.expires_on.year, lot.expires_on.month)
        )
    )
    gone = facts.expired(day) or (lot.expires_on is not None and lot.expires_on < day)
    return Labelled(lots=(lot,), label=facts, expired=gone, dates_differ=differs)
