"""Bringing lots and links in: all rows or none, vouched for by the ledger, refused in plain words."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from core import lots
from core.kit import Level, NotFound, NotPermitted, clock
from core.kit.quantity import NotAQuantity, NotPositive
from core.ledger.models import LedgerEntry
from core.lots import LotStatus, NewLink, NewLot
from core.lots.models import Lot, LotLink
from core.products import ProductUnknown
from tests.core.lots.shop import SCREW, Shop, person


def many(shop: Shop, count: int) -> list[NewLot]:
    """Answer so many new lots."""
    return [
        NewLot(
            number=f"M-{step:04}",
            product=SCREW,
            organisation_id=shop.plant,
            quantity=Decimal("12.5"),
            unit="pcs",
            made_at=clock.now(),
            place="库房",
        )
        for step in range(count)
    ]


async def test_an_import_keeps_its_order_and_splits_its_ledger_entries(shop: Shop) -> None:
    """501 lots are two entries, and each entry vouches for each of its rows as the database holds it."""
    made = await lots.record_lots(shop.worker, many(shop, 501))
    assert [lot.number for lot in made] == [f"M-{step:04}" for step in range(501)]
    entries = await LedgerEntry.filter(plant_id=shop.plant, kind="lots:lot:import").order_by("id")
    bodies = [json.loads(entry.body) for entry in entries]
    assert [body["facts"]["count"] for body in bodies] == [500, 1]
    vouched = {int(record["key"]): record["digest"] for body in bodies for record in body["records"]}
    assert vouched == {row.id: row.state_digest() for row in await Lot.filter(plant_id=shop.plant)}


async def test_links_are_vouched_for_as_they_are_stored(shop: Shop) -> None:
    """The entry of a link carries the digest of the row that the database holds."""
    first, second = await shop.lot("A"), await shop.lot("B")
    await shop.link(first, second, "3.250000")
    (entry,) = await LedgerEntry.filter(plant_id=shop.plant, kind="lots:link:record")
    link = await LotLink.get(plant_id=shop.plant)
    assert json.loads(entry.body)["records"] == [
        {"table": "lots_link", "key": str(link.id), "digest": link.state_digest()}
    ]


async def test_one_wrong_row_leaves_nothing_behind(shop: Shop) -> None:
    """A list with an unknown product, a taken number or a bad quantity records no lot at all."""
    await shop.lot("TAKEN")
    good = many(shop, 1)[0]
    said = vars(good)
    wrong = {
        ProductUnknown: NewLot(**{**said, "number": "W1", "product": "NO-SUCH"}),
        lots.LotNumberTaken: NewLot(**{**said, "number": "TAKEN"}),
        NotPositive: NewLot(**{**said, "number": "W2", "quantity": Decimal(-1)}),
        NotAQuantity: NewLot(**{**said, "number": "W3", "quantity": Decimal("NaN")}),
        lots.HoldStatusNotRecorded: NewLot(**{**said, "number": "W4", "status": LotStatus.ON_HOLD}),
        NotFound: NewLot(**{**said, "number": "W5", "organisation_id": shop.plant + 10**6}),
    }
    for refusal, row in wrong.items():
        with pytest.raises(refusal):
            await lots.record_lots(shop.worker, [good, row])
    with pytest.raises(lots.LotNumberTaken):
        await lots.record_lots(shop.worker, [good, good])
    assert [lot.number for lot in await Lot.filter(plant_id=shop.plant)] == ["TAKEN"]


async def test_a_link_needs_two_known_lots_and_a_quantity(shop: Shop) -> None:
    """Unknown lots, a lot into itself and zero are refused."""
    first, second = await shop.lot("A"), await shop.lot("B")
    with pytest.raises(lots.LotUnknown):
        await lots.record_links(
            shop.worker, [NewLink(parent="A", child="NOPE", quantity=Decimal(1), unit="pcs", at=clock.now())]
        )
    with pytest.raises(lots.LinkToItself):
        await shop.link(first, first)
    with pytest.raises(NotPositive):
        await shop.link(first, second, "0")
    assert not await LotLink.filter(plant_id=shop.plant).exists()


@pytest.mark.req("G-88")
async def test_a_held_or_scrapped_lot_does_not_go_into_another(shop: Shop) -> None:
    """The link is refused as long as the input is held; the held lot may still receive."""
    held, other = await shop.lot("HELD"), await shop.lot("OTHER")
    scrapped = await shop.lot("GONE", status=LotStatus.SCRAPPED)
    await lots.hold(shop.worker, [held.id], "AN-2026-000001", "Coating peels off")
    with pytest.raises(lots.LotOnHold):
        await shop.link(held, other)
    with pytest.raises(lots.LotScrapped):
        await shop.link(scrapped, other)
    await shop.link(other, held)
    assert await LotLink.filter(plant_id=shop.plant).count() == 1


async def test_reading_and_reporting_do_not_give_the_right_to_record(shop: Shop) -> None:
    """Recording lots and links is work; a reader is refused and nothing is written."""
    reader = person(7, shop.plant, Level.REPORT)
    with pytest.raises(NotPermitted):
        await lots.record_lots(reader, many(shop, 1))
    assert not await Lot.filter(plant_id=shop.plant).exists()


async def test_a_partner_records_only_what_it_made(shop: Shop) -> None:
    """A partner's worker brings in lots of the own organisation, not the plant's."""
    worker = shop.partner(shop.coater, Level.WORK)
    row = many(shop, 1)[0]
    with pytest.raises(NotPermitted):
        await lots.record_lots(worker, [row])
    made = await lots.record_lots(worker, [NewLot(**{**vars(row), "organisation_id": shop.coater})])
    assert made[0].maker("en") == "Coater"
    assert made[0].maker("zh_CN") == "表面处理厂"
