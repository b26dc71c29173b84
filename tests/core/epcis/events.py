"""Events of a made-up coater and its plant, in both writings of their identifiers."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from core.kit import clock

GTIN = "06901234567892"
"""The screw."""
POWDER = "06901234000016"
CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"x": "http://ns.example.com/x/"},
]


def at(hours: float) -> str:
    """A moment of the last days, written with the offset of China."""
    china = dt.timezone(dt.timedelta(hours=8))
    day = clock.now().astimezone(china).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day - dt.timedelta(days=4) + dt.timedelta(hours=hours)).isoformat(timespec="milliseconds")


def link(lot: str, gtin: str = GTIN) -> str:
    return f"https://id.gs1.org/01/{gtin}/10/{lot}"


def urn(lot: str) -> str:
    return f"urn:epc:class:lgtin:690123456.0789.{lot}"


def serial(number: str, gtin: str = GTIN) -> str:
    return f"https://id.gs1.org/01/{gtin}/21/{number}"


def amount(uri: str, quantity: Any = None, uom: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {"epcClass": uri}
    if quantity is not None:
        said["quantity"] = quantity
    if uom:
        said["uom"] = uom
    return said


def event(kind: str, when: str = "", **more: Any) -> dict[str, Any]:
    said = {"type": kind, "eventTime": when or at(8), "eventTimeZoneOffset": "+08:00"}
    if kind != "TransformationEvent":
        said["action"] = "ADD"
    return said | more


def made(
    lot: str, quantity: Any, when: str = "", gtin: str = GTIN, uom: str = "", **more: Any
) -> dict[str, Any]:
    """A lot commissioned."""
    return event(
        "ObjectEvent",
        when,
        bizStep="commissioning",
        quantityList=[amount(link(lot, gtin), quantity, uom)],
        **more,
    )


def turned(
    into: list[dict[str, Any]], out: list[dict[str, Any]], when: str = "", **more: Any
) -> dict[str, Any]:
    """Lots turned into lots."""
    said = event("TransformationEvent", when or at(9), **more)
    if into:
        said["inputQuantityList"] = into
    if out:
        said["outputQuantityList"] = out
    return said


def seen(step: str, things: list[dict[str, Any]], when: str = "", **more: Any) -> dict[str, Any]:
    """Lots seen somewhere."""
    return event(
        "ObjectEvent",
        when or at(10),
        **({"action": "OBSERVE", "bizStep": step, "quantityList": things} | more),
    )


def document(*events: dict[str, Any]) -> str:
    return json.dumps(
        {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-11-20T12:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
    )
