"""Recall rehearsals: what a lot reached is fixed at the beginning, what was located and the time it took at the end."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tortoise.exceptions import IntegrityError

from core import lots
from core.kit import Level, NotFound, NotPermitted, clock
from core.kit.refusal import Refusal
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.lots import LocatedBeyond, LotStatus, RehearsalOver
from core.lots.models import Rehearsal
from tests.core.lots.shop import Shop

HOUR = dt.timedelta(hours=1)


async def chain(shop: Shop) -> list[int]:
    """A bar in two screws."""
    made = [await shop.lot(number) for number in ("BAR", "S1", "S2")]
    for child in ("S1", "S2"):
        await shop.link(made[0], await lots.find(shop.worker, child))
    return [one.id for one in made]


@pytest.mark.req("G-126")
async def test_the_time_from_the_suspect_lot_to_the_last_one_located_is_kept(shop: Shop) -> None:
    """Nothing is held; begun twice it is one; both ends are on the ledger with counts and seconds."""
    bar, *_others = await chain(shop)
    begun = await lots.begin_rehearsal(shop.worker, bar)
    assert (begun.lots, begun.shipped, begun.lasted) == (3, 0, None)
    clock.shift(HOUR)
    assert await lots.begin_rehearsal(shop.worker, bar) == begun
    ended = await lots.end_rehearsal(shop.worker, begun.id, located=3)
    assert ended.lasted is not None
    assert HOUR <= ended.lasted < HOUR + dt.timedelta(minutes=1)
    for number in ("BAR", "S1", "S2"):
        assert (await lots.find(shop.worker, number)).status is LotStatus.AVAILABLE
    kinds = [Kind.RECALL_BEGIN.value, Kind.RECALL_END.value]
    entries = await LedgerEntry.filter(plant_id=shop.plant, kind__in=kinds).order_by("id")
    assert [one.kind for one in entries] == kinds
    assert json.loads(bytes(entries[0].body))["facts"]["lots"] == 3
    assert json.loads(bytes(entries[1].body))["facts"]["seconds"] >= 3600
    with pytest.raises(RehearsalOver):
        await lots.end_rehearsal(shop.worker, begun.id, located=3)
    again = await lots.begin_rehearsal(shop.worker, bar)
    assert [one.number for one in await lots.rehearsals_of(shop.worker, bar)] == [again.number, begun.number]


async def test_what_was_not_located_is_said(shop: Shop) -> None:
    """Never more than it reached; some missing need a reason; the database holds to it too."""
    bar, *_others = await chain(shop)
    begun = await lots.begin_rehearsal(shop.worker, bar)
    for located in (-1, 4):
        with pytest.raises(LocatedBeyond):
            await lots.end_rehearsal(shop.worker, begun.id, located=located)
    with pytest.raises(Refusal) as empty:
        await lots.end_rehearsal(shop.worker, begun.id, located=2, remark="  ")
    assert empty.value.code == "Empty"
    ended = await lots.end_rehearsal(shop.worker, begun.id, located=2, remark="S2 不在货位上")
    assert (ended.located, ended.remark) == (2, "S2 不在货位上")
    with pytest.raises(IntegrityError):
        await Rehearsal.filter(id=begun.id).update(located=4)


async def test_only_the_plants_own_people_who_work_on_lots_rehearse(shop: Shop) -> None:
    """Partners do not, and see none; nor do readers; another plant's do not exist."""
    bar, *_others = await chain(shop)
    begun = await lots.begin_rehearsal(shop.worker, bar)
    for actor in (shop.partner(shop.coater), shop.partner(shop.coater, Level.REPORT)):
        with pytest.raises(NotPermitted):
            await lots.begin_rehearsal(actor, bar)
        with pytest.raises(NotPermitted):
            await lots.end_rehearsal(actor, begun.id, located=3)
        with pytest.raises(NotPermitted):
            await lots.rehearsal(actor, begun.id)
        assert await lots.rehearsals_of(actor, bar) == []
    with pytest.raises(NotFound):
        await lots.end_rehearsal(shop.worker, begun.id + 1, located=0)
