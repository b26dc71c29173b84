"""Lots and links as events of EPCIS 2.0, in the order in which they happened. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.epcis import epcs, hashing, units
from core.epcis.terms import EventType
from core.kit import canonical
from core.lots import LinkFacts, LotFacts, LotStatus

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
SPACES: Final = {"cbvmda": "urn:epcglobal:cbv:mda:"}
_OUT_OF_USE: Final = {
    LotStatus.SCRAPPED: ("DELETE", "destroying", "destroyed"),
    LotStatus.QUARANTINED: ("OBSERVE", "holding", "non_conformant"),
    LotStatus.ON_HOLD: ("OBSERVE", "holding", "non_conformant"),
}
Said = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told of lots: which, their links, article numbers by product, serial numbers by lot, makers by code."""

    lots: Sequence[LotFacts]
    links: Sequence[LinkFacts]
    gtins: Mapping[int, str]
    serials: Mapping[int, Sequence[str]]
    makers: Mapping[int, str]
    zone: dt.tzinfo
    created: dt.datetime


def document(told: Told) -> Said:
    """Answer a document of events from which the same lots and links follow."""
    return {
        "@context": [CONTEXT, SPACES],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": instant(told.created),
        "epcisHeader": {"epcisMasterData": {"vocabularyList": _masters(told)}},
        "epcisBody": {"eventList": [_named(one) for one in _events(told)]},
    }


def uri_of(lot: LotFacts, gtins: Mapping[int, str]) -> str:
    """Answer the identifier of a lot: by its article number where product and number allow it."""
    gtin = gtins.get(lot.product.id, "")
    if gtin and epcs.fits_link(lot.number):
        return epcs.lot_link(gtin, lot.number)
    return epcs.own_lot(lot.product.code, lot.number)


def _masters(told: Told) -> list[Said]:
    products = {one.product.id: one.product for one in told.lots}
    elements: list[Said] = [
        {
            "id": epcs.class_link(told.gtins[key]) if key in told.gtins else epcs.own_class(one.code),
            "attributes": [
                {"id": "urn:epcglobal:cbv:mda:descriptionShort", "attribute": one.name("zh_CN")},
                {"id": "urn:epcglobal:cbv:mda:additionalTradeItemIdentification", "attribute": one.code},
            ],
        }
        for key, one in sorted(products.items())
    ]
    return [{"type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": elements}]


def _events(told: Told) -> Iterable[Said]:
    lots = {one.id: one for one in told.lots}
    into: dict[int, list[LinkFacts]] = defaultdict(list)
    for link in told.links:
        if link.parent_id in lots and link.child_id in lots:
            into[link.child_id].append(link)
    happened: dict[int, dt.datetime] = {}
    for lot in _in_order(lots, into):
        yield from _made(told, lots, lot, into[lot.id], happened)
        numbers = told.serials.get(lot.id, ())
        if numbers:
            yield _serials(told, lot, numbers, happened[lot.id])
    for lot in told.lots:
        if lot.status in _OUT_OF_USE:
            action, step, disposition = _OUT_OF_USE[lot.status]
            yield _event(told, EventType.OBJECT, told.created, lot) | {
                "action": action,
                "bizStep": step,
                "disposition": disposition,
                "quantityList": [amount(told.gtins, lot)],
            }


def _in_order(lots: Mapping[int, LotFacts], into: Mapping[int, Sequence[LinkFacts]]) -> list[LotFacts]:
    """Inputs before what was made of them; lots on a loop stand where their date puts them."""
    order: list[LotFacts] = []
    done: set[int] = set()
    waiting = sorted(lots.values(), key=lambda one: (one.made_at, one.id))
    while waiting:
        ready = [one for one in waiting if all(link.parent_id in done for link in into.get(one.id, ()))]
        chosen = ready or waiting[:1]
        order += chosen
        done |= {one.id for one in chosen}
        waiting = [one for one in waiting if one.id not in done]
    return order


def _made(
    told: Told,
    lots: Mapping[int, LotFacts],
    lot: LotFacts,
    links: Sequence[LinkFacts],
    happened: dict[int, dt.datetime],
) -> Iterable[Said]:
    """A lot from its inputs in one event where they balance; else the lot, and then what went into it."""
    groups = _groups(links)
    whole = groups[0] if groups else []
    out = amount(told.gtins, lot, lot.quantity, lot.unit)
    if not whole or not _balances(lot, whole):
        happened[lot.id] = lot.made_at
        yield _event(told, EventType.OBJECT, lot.made_at, lot) | {
            "action": "ADD",
            "bizStep": "commissioning",
            "quantityList": [out],
            **use_by(lot),
        }
        out = amount(told.gtins, lot)
    for group in groups:
        at = max([group[0].at, *(happened.get(one.parent_id, group[0].at) for one in group)])
        at = max(at, happened.get(lot.id, at))
        happened.setdefault(lot.id, at)
        yield _event(told, EventType.TRANSFORMATION, at, lot) | {
            "inputQuantityList": _inputs(told, lots, group),
            "outputQuantityList": [out],
            **({} if "quantity" not in out else use_by(lot)),
        }
        out = amount(told.gtins, lot)


def _groups(links: Sequence[LinkFacts]) -> list[list[LinkFacts]]:
    found: dict[object, list[LinkFacts]] = defaultdict(list)
    for one in links:
        found[one.operation_id if one.operation_id is not None else one.at].append(one)
    return sorted(found.values(), key=lambda group: (group[0].at, group[0].id))


def _balances(lot: LotFacts, group: Sequence[LinkFacts]) -> bool:
    if any(one.unit != lot.unit for one in group):
        return units.of_name(lot.unit) is not None and lot.unit == lot.product.unit
    return sum((one.quantity for one in group), Decimal(0)) == lot.quantity and lot.unit == lot.product.unit


def _inputs(told: Told, lots: Mapping[int, LotFacts], group: Sequence[LinkFacts]) -> list[Said]:
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for one in group:
        sums[one.parent_id, one.unit] += one.quantity
    return [amount(told.gtins, lots[key], quantity, unit) for (key, unit), quantity in sums.items()]


def amount(gtins: Mapping[int, str], lot: LotFacts, quantity: Decimal | None = None, unit: str = "") -> Said:
    """Write a lot with so much of it; without a quantity, all of it."""
    said: Said = {"epcClass": uri_of(lot, gtins)}
    if quantity is not None:
        said["quantity"] = Decimal(canonical.decimal_text(quantity))
        code = units.code_of(unit)
        if code and code != "H87":
            said["uom"] = code
    return said


def use_by(lot: LotFacts) -> Said:
    """Write the use-by date of a lot, where it has one (CBV 2.0 §9)."""
    if lot.expires_on is None:
        return {}
    return {"ilmd": {"cbvmda:itemExpirationDate": lot.expires_on.isoformat()}}


def _serials(told: Told, lot: LotFacts, numbers: Sequence[str], at: dt.datetime) -> Said:
    return _event(told, EventType.OBJECT, at, lot) | pieces(told.gtins, lot, numbers)


def pieces(gtins: Mapping[int, str], lot: LotFacts, numbers: Sequence[str]) -> Said:
    """Write that pieces of a lot have these serial numbers."""
    gtin = gtins.get(lot.product.id, "")
    linked = bool(gtin) and all(epcs.fits_link(one) for one in numbers)
    return {
        "action": "ADD",
        "bizStep": "commissioning",
        "epcList": [
            epcs.serial_link(gtin, one) if linked else epcs.own_serial(lot.product.code, one)
            for one in numbers
        ],
        "ilmd": {"cbvmda:lotNumber": lot.number},
    }


def _event(told: Told, kind: EventType, at: dt.datetime, lot: LotFacts) -> Said:
    said = when(kind, at, told.zone)
    if lot.organisation_id in told.makers:
        said["readPoint"] = {"id": epcs.own_party(told.makers[lot.organisation_id])}
    return said


def _named(said: Said) -> Said:
    """Give an event the id that follows from its content, so that it is the same in every export."""
    named = hashing.event_id(said | {"@context": [SPACES]})
    return {"type": said["type"], "eventID": named, **{k: v for k, v in said.items() if k != "type"}}


def instant(at: dt.datetime) -> str:
    """Write an instant in UTC with milliseconds."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def when(kind: EventType, at: dt.datetime, zone: dt.tzinfo) -> Said:
    """Begin an event: its type, its time in UTC, and the offset in force where it was."""
    text = at.astimezone(zone).strftime("%z")
    return {
        "type": kind.value,
        "eventTime": instant(at),
        "eventTimeZoneOffset": f"{text[:3]}:{text[3:5]}",
    }
