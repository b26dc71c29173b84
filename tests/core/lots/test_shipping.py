"""Shipments: where a lot is now, from its records; held, quarantined and unreleased lots do not go where they must not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from core import lots
from core.kit import Level, NotFound, NotPermitted, clock
from core.lots import Consignment, LotStatus, Whereabouts
from core.lots.models import Lot, Shipment
from tests.core.lots.shop import Shop


async def where(shop: Shop, lot_id: int) -> tuple[Whereabouts, int | None]:
    """Where a lot is, and who has it."""
    found = await lots.where_is(shop.worker, lot_id)
    return found.where, found.organisation_id


async def test_a_lot_goes_to_a_partner_and_comes_back(shop: Shop) -> None:
    """In stock, on its way, at the partner, on its way back, in stock: each from the record."""
    lot = await shop.lot("A")
    coater = shop.partner(shop.coater, Level.REPORT)
    assert await where(shop, lot.id) == (Whereabouts.IN_STOCK, shop.plant)
    sent = await lots.ship(
        shop.worker,
        lot.id,
        Consignment(receiver_id=shop.coater, due_at=clock.now() + dt.timedelta(days=1), document="WB-1"),
    )
    assert await where(shop, lot.id) == (Whereabouts.IN_TRANSIT, shop.coater)
    assert [one.id for one in await lots.under_way(coater)] == [sent.id]
    with pytest.raises(lots.LotAway):
        await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.carrier))
    with pytest.raises(NotFound):
        await lots.receive(shop.partner(shop.carrier, Level.REPORT), sent.id, "Here")
    await lots.receive(coater, sent.id, "Coating line 2")
    assert await where(shop, lot.id) == (Whereabouts.AT_PARTNER, shop.coater)
    assert await shop.status(lot) is LotStatus.AVAILABLE
    with pytest.raises(lots.ReceivedAlready):
        await lots.receive(coater, sent.id, "Again")
    with pytest.raises(NotPermitted):
        await lots.ship(coater, lot.id, Consignment(customer="Somebody"))
    back = await lots.ship(coater, lot.id, Consignment(receiver_id=shop.plant))
    await lots.receive(shop.worker, back.id, "Goods in", quantity=Decimal(98))
    assert await where(shop, lot.id) == (Whereabouts.IN_STOCK, shop.plant)
    assert await shop.status(lot) is LotStatus.QUARANTINED
    assert (await Shipment.get(id=back.id)).flags == ["count"]


@pytest.mark.req("G-88")
async def test_only_released_lots_go_to_customers(shop: Shop) -> None:
    """Available is not enough, expired is too late; a part is a lot of its own and the rest stays."""
    lot = await shop.lot("A", expires_on=clock.now().date() + dt.timedelta(days=9))
    part = Consignment(customer="East hospital", quantity=Decimal(30), part_number="A-1")
    with pytest.raises(lots.LotNotReleased):
        await lots.ship(shop.worker, lot.id, part)
    await Lot.filter(id=lot.id).update(status="released")
    sent = await lots.ship(shop.worker, lot.id, part)
    found = await lots.where_is(shop.worker, sent.lot_id)
    assert (found.where, found.place, found.left) == (Whereabouts.SHIPPED, "East hospital", Decimal(30))
    assert await where(shop, lot.id) == (Whereabouts.IN_STOCK, shop.plant)
    clock.shift(dt.timedelta(days=30))
    with pytest.raises(lots.LotExpired):
        await lots.ship(shop.worker, lot.id, Consignment(customer="West hospital"))


async def test_a_quarantined_lot_goes_back_to_its_maker_alone(shop: Shop) -> None:
    """Returning what is bad is allowed, passing it on is not."""
    lot = await shop.lot("A", organisation_id=shop.coater)
    await lots.quarantine(shop.worker, lot.id, "peels off")
    with pytest.raises(lots.LotQuarantined):
        await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.carrier))
    await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.coater))


async def test_a_hold_placed_on_the_way_outlives_the_arrival(shop: Shop) -> None:
    """The lot arrives, and is still held; nothing frees it but the decision."""
    lot = await shop.lot("A")
    sent = await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.coater))
    [hold] = await lots.hold(shop.worker, [lot.id], "AN-2026-000001", "Cracks")
    assert hold.status_before is LotStatus.SHIPPED
    await lots.receive(shop.worker, sent.id, "Coater")
    assert await shop.status(lot) is LotStatus.ON_HOLD
    [hold] = await lots.holds_on(shop.worker, lot.id)
    assert hold.status_before is LotStatus.AVAILABLE


async def test_a_shipment_has_one_receiver_and_times_in_order(shop: Shop) -> None:
    """Nobody, two, or whoever has it already is no receiver, in the verb and in the database."""
    lot = await shop.lot("A")
    for to in (
        Consignment(),
        Consignment(receiver_id=shop.coater, customer="Hospital"),
        Consignment(receiver_id=shop.plant),
    ):
        with pytest.raises(lots.ShipElsewhere):
            await lots.ship(shop.worker, lot.id, to)
    now = clock.now()
    for times in (
        {"sent_at": now + dt.timedelta(hours=1)},
        {"sent_at": now, "due_at": now - dt.timedelta(hours=1)},
    ):
        with pytest.raises(lots.NotYet):
            await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.coater, **times))
    sent = await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.coater))
    with pytest.raises(IntegrityError):
        await Shipment.filter(id=sent.id).update(customer="Hospital")
