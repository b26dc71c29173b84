"""What is done here by chat, page and API becomes events too: told from the sealed ledger, each once, in its order.

The ledger is read on from where it was read last, so nothing is told that was not committed, nothing is missed, and no
verb waits for it. What an event that came in has done is told by that event; imports of whole files are not told.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from core import ledger, lots, people
from core.epcis import epcs, exporting, keeping, reading, told, writing
from core.epcis.models import CapturedEvent, Concern, Done, Location, Mention, ToldTo
from core.epcis.terms import Deed, Event
from core.epcis.told import Around, Telling
from core.kit import Actor, current, system, unit_of_work
from core.kit.numbering import in_line
from core.ledger import Followed, Kind
from core.lots import LotFacts

log = logging.getLogger(__name__)
STEP: Final = 500
"""Places of the log that are read in one unit."""
_LINK, _LOT, _SHIPMENT, _SERIAL = "lots_link", "lots_lot", "lots_shipment", "lots_serial"
_TURNED: Final = frozenset(
    {Kind.LOT_SPLIT, Kind.LOT_MERGE, Kind.LOT_REWORK, Kind.LOT_CONSUME, Kind.LOT_PRODUCE, Kind.LOT_LINK}
)
_MADE: Final = frozenset({Kind.LOT_MAKE, Kind.LOT_IMPORT})
_SENT: Final = frozenset({Kind.LOT_SHIP, Kind.LOT_RECEIVE})
KINDS: Final = (
    _TURNED | _MADE | _SENT | told.JUDGED.keys() | {Kind.LOT_SERIALS, Kind.LOT_MOVE, Kind.LOT_DISPOSE}
)
_DEEDS: Final = {
    Kind.LOT_MAKE: Deed.MADE,
    Kind.LOT_IMPORT: Deed.MADE,
    Kind.LOT_SERIALS: Deed.SERIALS,
    Kind.LOT_PRODUCE: Deed.PRODUCED,
    Kind.LOT_REWORK: Deed.PRODUCED,
    Kind.LOT_CONSUME: Deed.CONSUMED,
    Kind.LOT_SHIP: Deed.SHIPPED,
    Kind.LOT_RECEIVE: Deed.RECEIVED,
    Kind.LOT_MOVE: Deed.MOVED,
    Kind.LOT_QUARANTINE: Deed.QUARANTINED,
    Kind.LOT_SCRAP: Deed.SCRAPPED,
}
"""As what an event that came in says that it did this."""


async def tell_due() -> int:
    """Tell what was sealed since the last time; answers how many events that were."""
    count = 0
    while True:
        start = await _told_to()
        end = await ledger.size()
        if start >= end:
            return count
        async with unit_of_work():
            row = await _line()
            stop = min(end, row.position + STEP)
            count += await _tell(await ledger.follow(row.position, stop, KINDS))
            row.position = max(row.position, stop)
            await row.save(update_fields=["position"])


async def _told_to() -> int:
    row = await ToldTo.get_or_none(id=1)
    return 0 if row is None else row.position


async def _line() -> ToldTo:
    """The place up to which is told, for one teller at a time."""
    row = await ToldTo.select_for_update().get_or_none(id=1)
    if row is None:
        await ToldTo.bulk_create([ToldTo(id=1)], ignore_conflicts=True)
        row = await ToldTo.select_for_update().get(id=1)
    return row


async def _tell(entries: Sequence[Followed]) -> int:
    count = 0
    for plant_id in dict.fromkeys(one.plant_id for one in entries):
        actor = system(plant_id, channel="epcis")
        await in_line(plant_id, keeping.LINE)
        rows: list[CapturedEvent | Concern | Mention] = []
        names: list[str] = []
        for entry in (one for one in entries if one.plant_id == plant_id):
            for name, one in await _unknown(actor, entry):
                event = _understood(name, one)
                if event is None:
                    continue
                rows += await _kept(actor, entry, event, one)
                names.append(name)
        if names:
            facts: dict[str, object] = {"count": len(names), "events": names}
            await ledger.append(Kind.EPCIS_TELL, actor, rows=rows, facts=facts)
        count += len(names)
    return count


async def _unknown(actor: Actor, entry: Followed) -> list[tuple[str, Telling]]:
    """What an entry tells that is not told yet, by the ids that follow from the entry."""
    found = {
        f"urn:uuid:{uuid.uuid5(entry.event_id, str(place))}": one
        for place, one in enumerate(await _tellings(actor, entry))
    }
    known = CapturedEvent.filter(plant_id=actor.plant_id, event_id__in=list(found) or [""])
    names = {str(one) for one in await known.values_list("event_id", flat=True)}
    return [(name, one) for name, one in found.items() if name not in names]


def _understood(name: str, one: Telling) -> Event | None:
    """The event as our reader takes it; None where a lot's number makes no identifier."""
    said = {"type": one.said["type"], "eventID": name, **one.said}
    try:
        return reading.understood(said, [writing.CONTEXT, writing.SPACES])
    except reading.Unfit:
        numbers = [lot.number for lot in one.lots]
        log.warning("no event can name a lot", extra={"action": "epcis_untold", "lots": numbers})
        return None


async def _kept(
    actor: Actor, entry: Followed, event: Event, one: Telling
) -> list[CapturedEvent | Concern | Mention]:
    """Keep an event with what it names and whom it concerns."""
    sender = entry.organisation_id or actor.plant_id
    row = await keeping.keep(event, plant_id=actor.plant_id, organisation_id=sender, now=current().now)
    ids = {lot.number: lot.id for lot in one.lots}
    mentions = [
        await keeping.mention(row, line, ids.get(line.named.lot, one.lots[0].id), line.quantity)
        for line in event.lines
    ]
    concerns = [
        await Concern.create(event_id=row.id, organisation_id=partner)
        for partner in sorted(told.concerned(one, actor.plant_id))
    ]
    return [row, *mentions, *concerns]


async def _tellings(actor: Actor, entry: Followed) -> list[Telling]:
    """What an entry tells; nothing where an event did it, a file brought it in, or its lots were withdrawn since."""
    if "import" in entry.facts:
        return []
    if entry.kind in _TURNED:
        found = await _turned(actor, entry)
    elif entry.kind in _MADE:
        around, known = await _around(actor, entry, entry.keys(_LOT))
        found = [told.made(around, lot) for lot in known.values()]
    elif entry.kind in _SENT:
        found = await _shipments(actor, entry)
    elif entry.kind is Kind.LOT_SERIALS:
        found = await _numbered(actor, entry)
    else:
        found = await _states(actor, entry)
    return [one for one in found if not await _by_an_event(entry, one.lots)]


async def _turned(actor: Actor, entry: Followed) -> list[Telling]:
    links = await lots.links_at(actor, entry.keys(_LINK))
    around, known = await _around(
        actor, entry, [end for one in links for end in (one.parent_id, one.child_id)]
    )
    groups = [links] if entry.kind is not Kind.LOT_LINK else [[one] for one in links]
    return [
        told.turned(around, group, known, entry.kind)
        for group in groups
        if group and all(one.parent_id in known and one.child_id in known for one in group)
    ]


async def _shipments(actor: Actor, entry: Followed) -> list[Telling]:
    around, known = await _around(actor, entry, entry.keys(_LOT))
    found = []
    for key in entry.keys(_SHIPMENT):
        shipment = await lots.shipment(actor, key)
        if shipment.lot_id in known:
            tell = told.sent if entry.kind is Kind.LOT_SHIP else told.arrived
            found.append(tell(around, known[shipment.lot_id], shipment))
    return found


async def _numbered(actor: Actor, entry: Followed) -> list[Telling]:
    numbers = await lots.serial_numbers(actor, entry.keys(_SERIAL))
    around, known = await _around(actor, entry, numbers)
    return [told.numbered(around, lot, numbers[key], entry.at) for key, lot in known.items()]


async def _states(actor: Actor, entry: Followed) -> list[Telling]:
    around, known = await _around(actor, entry, entry.keys(_LOT))
    if entry.kind is Kind.LOT_MOVE:
        facts = entry.facts
        return [
            told.moved(around, lot, entry.at, facts["partner"], facts["site"], facts["status"])
            for lot in known.values()
        ]
    if entry.kind is not Kind.LOT_DISPOSE:
        return told.judged(around, known.values(), told.JUDGED[entry.kind], entry.at)
    found = []
    for status, state in told.DECIDED.items():
        of_it = [lot for key, lot in known.items() if entry.facts["status"].get(str(key)) == status]
        found += told.judged(around, of_it, state, entry.at)
    return found


async def _around(
    actor: Actor, entry: Followed, lot_ids: Iterable[int]
) -> tuple[Around, dict[int, LotFacts]]:
    """The lots of an entry that still stand, and what their event is written with."""
    known = {one.id: one for one in await lots.some(actor, lot_ids)}
    organisations = await people.organisations(actor.plant_id)
    codes = {one.id: one.code for one in organisations}
    places: dict[tuple[int, int | None], str] = {
        (key, None): epcs.own_party(code) for key, code in codes.items()
    }
    for owner in {actor.plant_id} | {lot.partner_id or actor.plant_id for lot in known.values()}:
        for site in await people.sites(owner):
            places[owner, site.id] = epcs.own_site(codes[owner], site.code)
    for row in await Location.filter(plant_id=actor.plant_id).order_by("-id"):
        places[row.organisation_id, row.site_id] = row.uri
    return Around(
        gtins=await exporting.gtins_of({one.product.id for one in known.values()}),
        places=places,
        codes=codes,
        plant_id=actor.plant_id,
        zone=ZoneInfo(entry.zone),
    ), known


async def _by_an_event(entry: Followed, of: Sequence[LotFacts]) -> bool:
    """Whether an event that came in did this: in the same unit, with these lots."""
    deed = _DEEDS.get(entry.kind)
    if deed is None:
        return False
    return await Done.filter(
        deed=deed.value,
        lot_id__in=[one.id for one in of] or [0],
        event__plant_id=entry.plant_id,
        event__record_time=entry.at,
    ).exists()
