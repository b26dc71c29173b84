"""Moving lots between places and organisations."""

from __future__ import annotations

from core import ledger, people
from core.kit import Actor, Level, Module, NotFound, plain_text, verb
from core.ledger import Kind
from core.lots import policy, queries
from core.lots.models import Lot
from core.lots.terms import LotFacts, LotStatus


async def known_organisations(plant_id: int, *ids: int | None) -> None:
    """Refuse organisations that the plant does not work with.

    Raises:
        NotFound: one of them is not the plant's.
    """
    known = {organisation.id for organisation in await people.organisations(plant_id)} | {plant_id}
    for organisation_id in ids:
        if organisation_id is not None and organisation_id not in known:
            raise NotFound(what=f"#{organisation_id}")


async def locked(actor: Actor, lot_id: int) -> Lot:
    """Take a lot for changing, inside the actor's scope.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    row = await queries.visible(actor).filter(id=lot_id).select_for_update().first()
    if row is None:
        raise NotFound(what=f"#{lot_id}")
    return row


@verb(Module.LOTS, Level.WORK, Kind.LOT_MOVE)
async def move(
    actor: Actor,
    lot_id: int,
    place: str,
    *,
    partner_id: int | None = None,
    site_id: int | None = None,
    shipped: bool = False,
) -> LotFacts:
    """Record where a lot is now: a place, at a partner (``partner_id``) or in the own plant (None).

    ``shipped`` says that it is on its way; the next move without it is the arrival and makes it available
    again. A held lot may change its place where it is and may be brought back to the own plant, nothing else.

    Raises:
        NotFound: no such lot in the actor's scope, or no such partner of the plant.
        LotOnHold: a held lot was to be shipped or handed to a partner.
        LotScrapped: a scrapped lot was to be shipped or handed to a partner.
        TooLong: the place is longer than 120 characters.
        Empty: no place is given.
    """
    lot = await locked(actor, lot_id)
    await known_organisations(actor.plant_id, partner_id)
    status = LotStatus(lot.status)
    if shipped or partner_id not in (None, lot.partner_id):
        policy.may_leave(lot.number, status)
    before: dict[str, object] = {
        "place": lot.place,
        "partner": lot.partner_id,
        "site": lot.site_id,
        "status": status.value,
    }
    lot.place = plain_text.checked(place, limit=120)
    lot.partner_id, lot.site_id = partner_id, site_id
    if shipped:
        lot.status = LotStatus.SHIPPED.value
    elif status is LotStatus.SHIPPED:
        lot.status = LotStatus.AVAILABLE.value
    await lot.save()
    await ledger.append(
        Kind.LOT_MOVE,
        actor,
        rows=[lot],
        facts={
            "number": lot.number,
            "place": lot.place,
            "partner": partner_id,
            "site": site_id,
            "status": lot.status,
        },
        before=before,
    )
    return (await queries.facts_of([lot]))[0]
