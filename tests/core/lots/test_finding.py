"""Finding lots: by number, by likeness, and never beyond what the reader may see."""

from __future__ import annotations

import datetime as dt

import pytest

from core import lots
from core.kit import Actor, NotFound, NotPermitted, clock
from core.lots import LotStatus
from tests.core.lots.shop import Shop, opened


@pytest.mark.req("G-91")
async def test_a_number_is_found_whatever_its_case_and_spaces(shop: Shop) -> None:
    """People type labels by hand: case, blanks around and invisible marks do not matter."""
    made = await shop.lot("LS-C-260918-01")
    for typed in ("LS-C-260918-01", "  ls-c-260918-01 ", "LS-C-\u200b260918-01"):
        assert (await lots.find(shop.worker, typed)).id == made.id
    assert (await lots.get(shop.worker, made.id)).product.sterile


async def test_an_unknown_number_brings_the_three_nearest_names(shop: Shop) -> None:
    """Best first, at most three, and in the sentence that people read."""
    for name in ("LS-C-260918-01", "LS-C-260918-02", "LS-C-260918-03", "LS-C-260918-14", "TI-0001"):
        await shop.lot(name)
    with pytest.raises(lots.LotUnknown) as refused:
        await lots.find(shop.worker, "LS-C-26O918-01")
    assert refused.value.nearest[0] == "LS-C-260918-01"
    assert len(refused.value.nearest) == 3
    assert "LS-C-260918-01" in str(refused.value)
    with pytest.raises(lots.LotUnknown) as strange:
        await lots.find(shop.worker, "很多")
    assert strange.value.nearest == ()
    assert "很多" in str(strange.value)


async def test_nearest_names_never_leave_the_readers_scope(shop: Shop) -> None:
    """A partner is offered its own lots only, and another plant's lots are offered to nobody here."""
    await shop.lot("SECRET-01")
    own = await shop.lot("SECRET-02", partner_id=shop.coater)
    other = await opened()
    await other.lot("SECRET-03")
    coater = shop.partner(shop.coater)
    with pytest.raises(lots.LotUnknown) as refused:
        await lots.find(coater, "SECRET-01")
    assert refused.value.nearest == (own.number,)
    with pytest.raises(lots.LotUnknown) as here:
        await lots.find(shop.worker, "SECRET-03")
    assert set(here.value.nearest) == {"SECRET-01", "SECRET-02"}


async def test_every_read_is_bounded_by_the_readers_scope(shop: Shop) -> None:
    """Get, recent, pages and holds of a partner hold what it made or has, and nothing else."""
    foreign = await shop.lot("FOREIGN")
    made = await shop.lot("MADE", organisation_id=shop.coater)
    here = await shop.lot("HERE", partner_id=shop.coater)
    await lots.hold(shop.worker, [foreign.id, made.id], "AN-2026-000001", "Cracks")
    coater, carrier = shop.partner(shop.coater), shop.partner(shop.carrier)
    with pytest.raises(NotFound):
        await lots.get(coater, foreign.id)
    with pytest.raises(NotFound):
        await lots.holds_on(coater, foreign.id)
    assert {lot.number for lot in await lots.recent(coater)} == {made.number, here.number}
    assert {lot.number for lot in (await lots.page(coater)).rows} == {made.number, here.number}
    assert [hold.lot_number for hold in await lots.holds_of(coater, "AN-2026-000001")] == ["MADE"]
    assert await lots.recent(carrier) == []


async def test_recent_lots_come_newest_first(shop: Shop) -> None:
    """What was made last is offered first."""
    await shop.lot("OLD", made_at=clock.now() - dt.timedelta(days=9))
    await shop.lot("NEW", made_at=clock.now() - dt.timedelta(hours=1))
    await shop.lot("MIDDLE", made_at=clock.now() - dt.timedelta(days=2))
    assert [lot.number for lot in await lots.recent(shop.worker, 2)] == ["NEW", "MIDDLE"]


async def test_pages_follow_one_another_by_key(shop: Shop) -> None:
    """Every lot stands on exactly one page; filters narrow them."""
    for step in range(5):
        await shop.lot(f"P-{step}", status=LotStatus.RELEASED if step == 3 else LotStatus.AVAILABLE)
    first = await lots.page(shop.worker, size=2)
    second = await lots.page(shop.worker, size=2, after=first.next_key)
    third = await lots.page(shop.worker, size=2, after=second.next_key)
    assert [lot.number for page in (first, second, third) for lot in page.rows] == [
        "P-4",
        "P-3",
        "P-2",
        "P-1",
        "P-0",
    ]
    assert third.next_key is None
    assert [lot.number for lot in (await lots.page(shop.worker, status=LotStatus.RELEASED)).rows] == ["P-3"]
    assert [lot.number for lot in (await lots.page(shop.worker, search="p-1")).rows] == ["P-1"]


async def test_nobody_without_the_right_reads_lots(shop: Shop) -> None:
    """A person without any role finds nothing, not even that there is something."""
    nobody = Actor(person_id=9, name="Nobody", organisation_id=shop.plant, plant_id=shop.plant)
    with pytest.raises(NotPermitted):
        await lots.recent(nobody)
