"""Whose places and parties identifiers are: recorded by the plant, read by it, and those that nobody recorded yet."""

from __future__ import annotations

from typing import Final

from core import ledger, people
from core.epcis import epcs
from core.epcis.errors import PlaceNamed, PlaceTaken, SiteElsewhere
from core.epcis.models import CapturedEvent, Location
from core.epcis.terms import PlaceFacts
from core.kit import Actor, Level, Module, NotPermitted, Page, Permission, current, plain_text, verb
from core.kit.page import cut
from core.ledger import Kind

LOOKED_AT: Final = 2_000
"""So many of the latest events are looked through for places that nobody recorded."""
_SETS_UP: Final = Permission(Module.LOTS, Level.CONFIGURE)


@verb(Module.LOTS, Level.CONFIGURE, Kind.EPCIS_PLACE)
async def record_place(
    actor: Actor, uri: str, organisation_id: int, *, site_id: int | None = None, name: str = ""
) -> None:
    """Say whose place or party an identifier is (SGLN, PGLN, Digital Link or an address); the same again is no change.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        NotFound: no such organisation of the plant.
        SiteElsewhere: the site is not one of that organisation.
        PlaceNamed: it is recorded already, under another name.
        IdentifierUnfit, PlaceTaken, Empty, TooLong: the identifier.
    """
    _of_the_plant(actor)
    if organisation_id != actor.plant_id:
        await people.must_be_own_partner(actor, organisation_id)
    if site_id is not None and site_id not in {one.id for one in await people.sites(organisation_id)}:
        raise SiteElsewhere
    form = epcs.read(plain_text.checked(uri, limit=400)).uri
    there = await Location.get_or_none(plant_id=actor.plant_id, uri=form)
    if there is not None:
        if (there.organisation_id, there.site_id) != (organisation_id, site_id):
            raise PlaceTaken(uri=form[:200])
        if name.strip() and plain_text.checked(name, limit=120) != there.name:
            raise PlaceNamed(uri=form[:200], name=there.name or "–")
        return
    row = await Location.create(
        plant_id=actor.plant_id,
        uri=form,
        organisation_id=organisation_id,
        site_id=site_id,
        name=plain_text.checked(name, limit=120, required=False),
        recorded_at=current().now,
    )
    await ledger.append(
        Kind.EPCIS_PLACE,
        actor,
        rows=[row],
        facts={"uri": form, "organisation": organisation_id, "site": site_id},
    )


async def places(actor: Actor, *, after: int | None = None, size: int = 50) -> Page[PlaceFacts]:
    """Places and parties that the plant recorded, newest first.

    Raises:
        NotPermitted: the right to set up lots is missing, or the actor belongs to a partner.
    """
    actor.must(_SETS_UP)
    _of_the_plant(actor)
    rows = Location.filter(plant_id=actor.plant_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [
        PlaceFacts(
            id=one.id,
            uri=one.uri,
            organisation_id=one.organisation_id,
            site_id=one.site_id,
            name=one.name,
            recorded_at=one.recorded_at,
        )
        for one in await rows.order_by("-id").limit(size + 1)
    ]
    return cut(found, size, [one.id for one in found])


async def places_to_record(actor: Actor) -> list[str]:
    """Read points and locations of the latest events that nobody said whose they are, the newest first.

    Raises:
        NotPermitted: as in ``places``.
    """
    actor.must(_SETS_UP)
    _of_the_plant(actor)
    latest = CapturedEvent.filter(plant_id=actor.plant_id).order_by("-id").limit(LOOKED_AT)
    named = await latest.values_list("read_point", "biz_location")
    uris = dict.fromkeys(str(one) for pair in named for one in pair if one)
    own = [one for one in uris if not one.startswith(epcs.OWN)]
    known = Location.filter(plant_id=actor.plant_id, uri__in=own or [""])
    recorded = {str(one) for one in await known.values_list("uri", flat=True)}
    return [one for one in own if one not in recorded]


def _of_the_plant(actor: Actor) -> None:
    if actor.partner_id is not None:
        raise NotPermitted
