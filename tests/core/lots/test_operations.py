"""Split, merge, rework, use, produce: quantities are conserved, held lots stay, links say what went where."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from core import lots, products
from core.kit import Level, clock
from core.lots import Circumstances, LotStatus, Made, Taken
from core.lots.models import Lot, LotLink, Operation
from core.products import NewBomLine, NoFactor
from tests.core.lots.shop import BAR, SCREW, Shop


def made(number: str, quantity: str, *, scrap: bool = False) -> Made:
    """A lot that comes out."""
    return Made(number=number, quantity=Decimal(quantity), scrap=scrap)


async def left(shop: Shop, number: str) -> Decimal:
    """What is left of a lot."""
    return (await lots.where_is(shop.worker, (await lots.find(shop.worker, number)).id)).left


@pytest.mark.req("G-09")
async def test_parts_are_taken_off_until_nothing_is_left(shop: Shop) -> None:
    """A part is a lot like the one it came from; more than is left is refused and changes nothing."""
    lot = await shop.lot("A", expires_on=dt.date(2030, 1, 31))
    done = await lots.split(shop.worker, "A", [made("A-1", "60"), made("A-2", "2.5", scrap=True)])
    part = await lots.find(shop.worker, "A-1")
    assert (part.quantity, part.made_at, part.expires_on) == (Decimal(60), lot.made_at, lot.expires_on)
    assert (await lots.find(shop.worker, "A-2")).status is LotStatus.SCRAPPED
    assert [link.quantity for link in done.links] == [Decimal(60), Decimal("2.5")]
    assert await left(shop, "A") == Decimal("37.5")
    for parts, refusal in (
        ([made("A-3", "37.500001")], lots.TooMuchTaken),
        ([made("A-1", "1")], lots.LotNumberTaken),
        ([made("A-3", "1"), made("A-3", "1")], lots.LotTwice),
        ([], lots.TooFewParts),
    ):
        with pytest.raises(refusal):
            await lots.split(shop.worker, "A", parts)
    await lots.split(shop.worker, "A", [made("A-3", "37.5")])
    with pytest.raises(lots.NothingLeft):
        await lots.split(shop.worker, "A", [made("A-4", "1")])
    assert (await lots.where_is(shop.worker, lot.id)).where is lots.Whereabouts.USED_UP
    assert await Operation.filter(plant_id=shop.plant).count() == 2
    told = await lots.operations_on(shop.worker, lot.id)
    assert [one.kind for one in told] == [lots.OperationKind.SPLIT] * 2


async def test_merged_lots_are_as_good_as_the_worst_and_expire_with_the_first(shop: Shop) -> None:
    """Nothing is won or lost in merging; two products never become one lot."""
    await shop.lot("A", expires_on=dt.date(2031, 1, 1))
    second = await shop.lot("B", expires_on=dt.date(2030, 1, 1))
    await shop.lot("BAR", product=BAR, unit="kg")
    await lots.quarantine(shop.worker, second.id, "mixed up?")
    takes = [Taken(lot="A"), Taken(lot="B", quantity=Decimal(40))]
    with pytest.raises(lots.NotConserved):
        await lots.merge(shop.worker, takes, [made("AB", "150")])
    with pytest.raises(lots.DifferentProducts):
        await lots.merge(shop.worker, [*takes, Taken(lot="BAR")], [made("AB", "140")])
    done = await lots.merge(shop.worker, takes, [made("AB", "139"), made("AB-X", "1", scrap=True)])
    whole = await lots.find(shop.worker, "AB")
    assert (whole.status, whole.expires_on) == (LotStatus.QUARANTINED, dt.date(2030, 1, 1))
    from_first = [link.quantity for link in done.links if link.parent_id != second.id]
    assert sum(from_first) == Decimal(100)
    assert await left(shop, "B") == Decimal(60)


@pytest.mark.req("G-89")
async def test_a_reworked_lot_waits_for_a_new_inspection(shop: Shop) -> None:
    """It gets a number of its own and is quarantined."""
    await shop.lot("A")
    await lots.rework(shop.worker, Taken(lot="A"), [made("A-R", "100")], Circumstances(reason="burr"))
    again = await lots.find(shop.worker, "A-R")
    assert again.status is LotStatus.QUARANTINED


async def test_production_follows_the_bill_of_materials_of_its_time(shop: Shop) -> None:
    """Within what may be lost, neither less nor more; without a bill, only by a declared factor."""
    await shop.lot("BAR", product=BAR, unit="kg", quantity=Decimal(10))
    takes = [Taken(lot="BAR", quantity=Decimal(2000), unit="g")]
    with pytest.raises(NoFactor):
        await lots.produce(shop.worker, takes, SCREW, [made("S", "100")])
    await products.declare_factor(shop.boss, None, "kg", "g", Decimal(1000))
    bom = [NewBomLine(component=BAR, quantity=Decimal("0.02"), unit="kg", loss=Decimal("0.05"))]
    await products.publish_bom(shop.boss, SCREW, bom)
    for pieces in ("94", "101"):
        with pytest.raises(lots.BomNotMet):
            await lots.produce(shop.worker, takes, SCREW, [made("S", pieces)])
    await shop.lot("OTHER")
    with pytest.raises(lots.NotInBom):
        await lots.produce(shop.worker, [*takes, Taken(lot="OTHER")], SCREW, [made("S", "100")])
    await lots.produce(
        shop.worker,
        takes,
        SCREW,
        [made("S", "90"), made("S-X", "6", scrap=True)],
        Circumstances(process="machining"),
    )
    assert await left(shop, "BAR") == Decimal(8)
    links = await LotLink.filter(plant_id=shop.plant)
    assert sum(link.quantity for link in links) == Decimal(2)


async def test_material_goes_into_a_lot_that_is_there_but_never_into_its_own_origin(shop: Shop) -> None:
    """Using material takes it from its lot; a loop is refused however long it is."""
    await shop.lot("A")
    await lots.split(shop.worker, "A", [made("B", "10")])
    await lots.split(shop.worker, "B", [made("C", "5")])
    with pytest.raises(lots.WouldLoop):
        await lots.consume(shop.worker, [Taken(lot="C")], "A")
    await shop.lot("FOIL")
    await lots.consume(shop.worker, [Taken(lot="FOIL", quantity=Decimal(30))], "C")
    assert await left(shop, "FOIL") == Decimal(70)


@pytest.mark.req("G-88")
@pytest.mark.parametrize(
    "name", ["split", "merge", "rework", "consume", "produce", "ship", "quarantine", "scrap"]
)
async def test_no_operation_opens_a_held_lot(shop: Shop, name: str) -> None:
    """Whatever is tried, a held lot stays as it is until its hold is decided."""
    lot = await shop.lot("A")
    await shop.lot("B")
    await lots.hold(shop.worker, [lot.id], "AN-2026-000001", "Cracks")
    takes, out = [Taken(lot="A")], [made("X", "100")]
    tried = {
        "split": lambda: lots.split(shop.worker, "A", out),
        "merge": lambda: lots.merge(shop.worker, takes, out),
        "rework": lambda: lots.rework(shop.worker, takes[0], out),
        "consume": lambda: lots.consume(shop.worker, takes, "B"),
        "produce": lambda: lots.produce(shop.worker, takes, SCREW, out),
        "ship": lambda: lots.ship(shop.worker, lot.id, lots.Consignment(customer="Hospital")),
        "quarantine": lambda: lots.quarantine(shop.worker, lot.id, "?"),
        "scrap": lambda: lots.scrap(shop.quality, lot.id, "?"),
    }
    with pytest.raises(lots.LotOnHold):
        await tried[name]()
    assert await shop.status(lot) is LotStatus.ON_HOLD


async def test_times_and_expiry_are_held_to(shop: Shop) -> None:
    """Nothing is done in the future or before the lot was made; expired material is not used."""
    await shop.lot("A", expires_on=clock.now().date() - dt.timedelta(days=2))
    for at in (clock.now() + dt.timedelta(hours=1), clock.now() - dt.timedelta(days=3)):
        with pytest.raises(lots.NotYet):
            await lots.split(shop.worker, "A", [made("B", "1")], Circumstances(at=at))
    await shop.lot("C")
    with pytest.raises(lots.LotExpired):
        await lots.consume(shop.worker, [Taken(lot="A")], "C")


async def test_a_partner_operates_on_what_it_has(shop: Shop) -> None:
    """Another partner's lots are not found, and what a partner's operation links to elsewhere is not shown to it."""
    mine = await shop.lot("MINE", partner_id=shop.coater)
    coater = shop.partner(shop.coater, Level.WORK)
    await lots.split(coater, "MINE", [made("MINE-1", "10")])
    assert (await lots.find(coater, "MINE-1")).partner_id == shop.coater
    with pytest.raises(lots.LotUnknown):
        await lots.split(shop.partner(shop.carrier, Level.WORK), "MINE", [made("X", "1")])
    await lots.move(shop.worker, (await lots.find(shop.worker, "MINE-1")).id, "Home")
    [seen] = await lots.operations_on(coater, mine.id)
    assert seen.links == ()


async def test_serial_numbers_are_given_once(shop: Shop) -> None:
    """One product never has a serial number twice, and a lot no more of them than pieces."""
    lot, other = await shop.lot("A", quantity=Decimal(2)), await shop.lot("B")
    assert await lots.record_serials(shop.worker, lot.id, ["S2", "S1"]) == 2
    assert await lots.serials_of(shop.worker, lot.id) == ["S1", "S2"]
    with pytest.raises(lots.SerialTaken):
        await lots.record_serials(shop.worker, other.id, ["S1"])
    with pytest.raises(lots.TooManySerials):
        await lots.record_serials(shop.worker, lot.id, ["S3"])


async def test_the_database_itself_refuses_what_cannot_be(shop: Shop) -> None:
    """Past every verb: no negative quantity, no unknown status, no maker that is nobody."""
    lot = await shop.lot("A")
    for change in ({"quantity": Decimal(-1)}, {"status": "fine"}, {"organisation_id": 10**12}):
        with pytest.raises(IntegrityError):
            await Lot.filter(id=lot.id).update(**change)
