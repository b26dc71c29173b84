"""Whose places identifiers are: recorded by those who set up lots, once; listed; what nobody recorded is named."""

from __future__ import annotations

import pytest

from core import epcis
from core.epcis import epcs
from core.epcis.errors import PlaceNamed, PlaceTaken, SiteElsewhere
from core.kit import Actor, NotPermitted
from tests.core.epcis.events import document, made
from tests.plants import Plant

DOOR = "urn:epc:id:sgln:690123456.007.0"


async def test_a_place_is_recorded_once_and_belongs_to_one(plant: Plant, own: Actor) -> None:
    """The same again is no change; another organisation, or a site of another, is refused."""
    coater, coating = plant.partners["supplier"], plant.sites["coating"]
    for organisation, site in ((plant.id, coating), (coater, plant.sites["packing"]), (coater, 10**9)):
        with pytest.raises(SiteElsewhere):
            await epcis.record_place(own, DOOR, organisation, site_id=site)
    for _ in range(2):
        await epcis.record_place(own, DOOR, coater, site_id=coating, name="门")
    await epcis.record_place(own, DOOR, coater, site_id=coating)
    with pytest.raises(PlaceNamed):
        await epcis.record_place(own, DOOR, coater, site_id=coating, name="另一扇门")
    with pytest.raises(PlaceTaken):
        await epcis.record_place(own, DOOR, plant.id)
    [newest, *_] = (await epcis.places(own)).rows
    assert (newest.uri, newest.organisation_id, newest.site_id, newest.name) == (
        epcs.read(DOOR).uri,
        coater,
        coating,
        "门",
    )


async def test_places_are_listed_by_pages_newest_first(plant: Plant, own: Actor) -> None:
    for number in range(3):
        await epcis.record_place(own, f"urn:epc:id:sgln:690123456.10{number}.0", plant.id, name=str(number))
    first = await epcis.places(own, size=2)
    rest = await epcis.places(own, after=first.next_key, size=2)
    assert [one.name for one in first.rows + rest.rows] == ["2", "1", "0", "晨光"]


async def test_what_events_name_and_nobody_recorded(plant: Plant, own: Actor) -> None:
    """Each once, the newest first; our own codes and recorded places are left out."""
    known, ours = "urn:epc:id:sgln:690123456.001.0", "urn:x-bihuan:site:KG:packing"
    for number, (read, located) in enumerate(
        ((DOOR, known), (ours, "https://example.org/hall"), (DOOR, ours))
    ):
        at = {"readPoint": {"id": read}, "bizLocation": {"id": located}}
        await epcis.capture(own, document(made(f"P-{number}", 1, **at)))
    assert await epcis.places_to_record(own) == [epcs.read(DOOR).uri, "https://example.org/hall"]
    await epcis.record_place(own, DOOR, plant.id)
    assert await epcis.places_to_record(own) == ["https://example.org/hall"]


@pytest.mark.parametrize("name", ["operator", "supplier"])
async def test_only_those_who_set_up_lots_see_or_record_them(plant: Plant, name: str) -> None:
    actor = await plant.actor(name)
    for call in (
        epcis.places(actor),
        epcis.places_to_record(actor),
        epcis.record_place(actor, DOOR, plant.id),
    ):
        with pytest.raises(NotPermitted):
            await call
