"""Finding lots: by number, by likeness, and never beyond what the reader may see."""

from __future__ import annotations

import datetime as dt

import pytest
from tortoise import connections

from core import lots
from core.kit import Actor, NotFound, NotPermitted, clock
from core.kit.unit_of_work import ALIAS
from core.lots import LotStatus, queries
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


async def test_one_slip_of_the_finger_is_mended_in_a_large_plant_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong, missing, extra or exchanged letters anywhere, and what begins alike, without a look at every number."""
    monkeypatch.setattr("core.lots.numbered.ALIKE_IN", 3)
    for name in ("Ls-C-260918-01", "LS-C-260918-02", "TI-0001", "TI-0002", "QQ-7"):
        await shop.lot(name)
    hidden = await shop.lot("TI-0003")
    for typed in ("XS-C-260918-01", "SL-C-260918-01", "S-C-260918-01", "LLS-C-260918-01", "ls-c-26091-01"):
        with pytest.raises(lots.LotUnknown) as refused:
            await lots.find(shop.worker, typed)
        assert refused.value.nearest[0] == "Ls-C-260918-01"
    with pytest.raises(lots.LotUnknown) as begun:
        await lots.find(shop.worker, "TI-00")
    assert begun.value.nearest == ("TI-0001", "TI-0002", hidden.number)
    coater = shop.partner(shop.coater)
    own = await shop.lot("TI-0004", partner_id=shop.coater)
    with pytest.raises(lots.LotUnknown) as scoped:
        await lots.find(coater, "TI-000")
    assert scoped.value.nearest == (own.number,)
    with pytest.raises(lots.LotUnknown) as strange:
        await lots.find(shop.worker, "完全不同的一句话")
    assert strange.value.nearest == ()


async def test_a_search_takes_signs_of_patterns_as_they_are(shop: Shop) -> None:
    """Percent signs, underscores and backslashes are letters; partners find their own; pages go on."""
    for name in ("A%1", "A_1", "A\\1", "AB1"):
        await shop.lot(name)
    mine = await shop.lot("a_1b", partner_id=shop.coater)

    async def found(actor: Actor, text: str, **more: object) -> list[str]:
        return [lot.number for lot in (await lots.page(actor, search=text, **more)).rows]  # type: ignore[arg-type]

    assert await found(shop.worker, "%") == ["A%1"]
    assert await found(shop.worker, "_1") == ["a_1b", "A_1"]
    assert await found(shop.worker, "\\") == ["A\\1"]
    assert await found(shop.worker, "a", size=2) == ["a_1b", "AB1"]
    assert await found(shop.worker, "a", after=mine.id, status=LotStatus.AVAILABLE) == [
        "AB1",
        "A\\1",
        "A_1",
        "A%1",
    ]
    assert await found(shop.partner(shop.coater), "1") == ["a_1b"]
    assert await lots.numbers_like(shop.worker, "A_") == ["A_1"]


async def test_lots_are_looked_up_by_their_ids(shop: Shop) -> None:
    """No list of lots sorts them or goes through a plant's lots on SQLite, which has no figures to choose a plan by."""
    made = await shop.lot("ONE")
    db = connections.get(ALIAS)
    if db.capabilities.dialect != "sqlite":
        return
    for rows in (
        queries.visible_of(shop.worker, [made.id]).order_by("-id"),
        queries.visible_of(shop.partner(shop.coater), [made.id, made.id + 1]),
    ):
        plan = [
            row[3]
            for row in (await db.execute_query(f"EXPLAIN QUERY PLAN {rows.sql(params_inline=True)}"))[1]
        ]
        assert plan == ["SEARCH lots_lot USING INTEGER PRIMARY KEY (rowid=?)"]
    of_product = queries.visible_made_as(shop.worker, made.product.id).limit(1).sql(params_inline=True)
    (row,) = (await db.execute_query(f"EXPLAIN QUERY PLAN {of_product}"))[1]
    assert row[3].endswith("(product_id=?)")
