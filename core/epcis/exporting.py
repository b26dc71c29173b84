"""The genealogy of a lot as an EPCIS document, for partners and other plants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from core import lots, people, products
from core.epcis import notation, writing
from core.epcis.terms import EventFacts
from core.kit import Actor, clock
from core.lots import Way
from core.products import Agency

MOST_SERIALS = 100_000


def query_document(events: Sequence[EventFacts], *, created: dt.datetime) -> str:
    """Write events as they were sent, with their ids and times of record, as an EPCISQueryDocument (§10)."""
    said = {
        "@context": [writing.CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": writing.instant(created),
        "epcisBody": {
            "queryResults": {
                "queryName": "SimpleEventQuery",
                "resultsBody": {"eventList": [_kept(one) for one in events]},
            }
        },
    }
    return notation.write(said)


def _kept(facts: EventFacts) -> dict[str, Any]:
    said: dict[str, Any] = notation.read(facts.body)
    if facts.context:
        said["@context"] = notation.read(facts.context)
    return {**said, "eventID": facts.event_id, "recordTime": writing.instant(facts.record_time)}


async def genealogy(actor: Actor, lot_id: int, way: Way = Way.BOTH) -> str:
    """Write everything that went into a lot and came of it as events, with what else went into those lots.

    A plant that knows the products takes it in and answers the same trace.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    traced = await lots.trace(actor, lot_id, way)
    own = {node.lot.id for node in traced.nodes}
    links = await lots.links_into(actor, own)
    found = await lots.some(actor, own | {one.parent_id for one in links})
    gtins = await gtins_of({one.product.id for one in found})
    said = writing.document(
        writing.Told(
            lots=found,
            links=links,
            gtins=gtins,
            serials={one.id: await lots.serials_of(actor, one.id, MOST_SERIALS) for one in found},
            makers={one.id: one.code for one in await people.organisations_for(actor)},
            zone=ZoneInfo(actor.timezone),
            created=clock.now(),
        )
    )
    return notation.write(said)


async def gtins_of(product_ids: Collection[int]) -> dict[int, str]:
    """Answer the article number of one piece of each of these products, where it has one."""
    found: dict[int, str] = {}
    for product_id in product_ids:
        for one in await products.identifiers_of(product_id):
            if one.agency is Agency.GS1 and one.contains == 1 and one.until is None:
                found.setdefault(product_id, one.code)
    return found
