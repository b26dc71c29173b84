"""Moving lots: where they are is on the record; held lots do not leave."""

from __future__ import annotations

import json

import pytest

from core import lots
from core.kit import NotFound
from core.ledger.models import LedgerEntry
from core.lots import LotStatus
from tests.core.lots.shop import Shop


async def test_a_lot_is_shipped_and_arrives(shop: Shop) -> None:
    """On its way it is shipped; on arrival it is available at the partner, who now sees it."""
    lot = await shop.lot("A")
    moved = await lots.move(shop.worker, lot.id, "Truck", partner_id=shop.carrier, shipped=True)
    assert moved.status is LotStatus.SHIPPED
    moved = await lots.move(shop.worker, lot.id, "Coater's gate", partner_id=shop.coater)
    assert (moved.status, moved.place, moved.partner_id) == (
        LotStatus.AVAILABLE,
        "Coater's gate",
        shop.coater,
    )
    assert (await lots.get(shop.partner(shop.coater), lot.id)).number == "A"
    with pytest.raises(NotFound):
        await lots.get(shop.partner(shop.carrier), lot.id)
    entry = await LedgerEntry.filter(plant_id=shop.plant, kind="lots:lot:move").order_by("-id").first()
    assert entry is not None
    assert json.loads(entry.body)["before"]["place"] == "Truck"


@pytest.mark.req("G-09", "G-88")
async def test_a_held_lot_stays_until_decided(shop: Shop) -> None:
    """It may go to another shelf and come home, but neither be shipped nor handed to a partner."""
    lot = await shop.lot("A", partner_id=shop.coater)
    await lots.hold(shop.worker, [lot.id], "AN-2026-000001", "Cracks")
    with pytest.raises(lots.LotOnHold):
        await lots.move(shop.worker, lot.id, "Truck", partner_id=shop.coater, shipped=True)
    with pytest.raises(lots.LotOnHold):
        await lots.move(shop.worker, lot.id, "Truck", partner_id=shop.carrier)
    caged = await lots.move(shop.worker, lot.id, "Locked cage", partner_id=shop.coater)
    assert (caged.place, caged.status) == ("Locked cage", LotStatus.ON_HOLD)
    home = await lots.move(shop.worker, lot.id, "Our locked cage")
    assert (home.partner_id, home.status) == (None, LotStatus.ON_HOLD)


async def test_a_lot_goes_only_to_organisations_of_the_plant(shop: Shop) -> None:
    """An unknown partner is refused and the lot stays where it was."""
    lot = await shop.lot("A")
    with pytest.raises(NotFound):
        await lots.move(shop.worker, lot.id, "Somewhere", partner_id=shop.plant + 10**6)
    with pytest.raises(NotFound):
        await lots.move(shop.worker, lot.id + 10**6, "Somewhere")
    assert (await lots.get(shop.worker, lot.id)).place == "Finished goods"
