"""The impact of a large recall, added up by the database, is what it is where every row is read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import lots
from core.kit import NotFound, system
from core.lots import far, remembered
from core.lots.models import LinkVoid, Lot, LotLink
from tests.core.lots.graphs import DAWN, Graph, graphs, planted
from tests.core.lots.shop import Shop

AMOUNTS = ("0.000001", "1", "99.999999", "100", "1.2E+3", "5000.5", "300000000000", "999999999999.999999")
STATES = ("available", "scrapped", "on_hold", "shipped")


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(remembered, "LARGE", 1)
    monkeypatch.setattr(remembered, "wanted", lambda: None)
    remembered.forget()
    yield
    remembered.forget()


@given(graph=graphs(), data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_it_says_what_the_rows_say(database: object, graph: Graph, data: st.DataObject) -> None:
    """Loops, voids, links read later, units, states, places, amounts of every written form, any length of the list."""
    known = data.draw(st.integers(0, len(graph.edges)))
    plant, ids = await planted(Graph(graph.lots, graph.edges[:known]))
    remembered.forget()
    await remembered.remember()
    for lot in ids:
        await Lot.filter(id=lot).update(
            status=data.draw(st.sampled_from(STATES)),
            place=data.draw(st.sampled_from(("", "仓库", "Shelf"))),
            unit=data.draw(st.sampled_from(("pcs", "pcs", "kg"))),
            quantity=Decimal(data.draw(st.sampled_from(AMOUNTS))),
        )
    for parent, child, _, unit in graph.edges[known:]:
        amount = Decimal(data.draw(st.sampled_from(AMOUNTS)))
        await LotLink.create(
            plant_id=plant, parent_id=ids[parent], child_id=ids[child], quantity=amount, unit=unit, at=DAWN
        )
    for made in await LotLink.filter(plant_id=plant):
        if data.draw(st.integers(0, 3)) == 0:
            await LinkVoid.create(plant_id=plant, link_id=made.id, reason="–", at=DAWN)
    actor = system(plant)
    most = data.draw(st.integers(0, graph.lots))
    for lot in ids:
        mine = await far.found(plant, lot, most)
        quick = await lots.impact(actor, lot, most=most)
        page = await lots.overview(actor, lot, lots.Way.BOTH, most=most)
        kept, remembered._held.links = remembered._held.links, None
        assert await far.found(plant, lot, most) is None
        plain = await lots.impact(actor, lot, most=most)
        assert (mine is not None) is (plain.lots > most)
        assert quick == plain
        told, reached = await lots.overview(actor, lot, lots.Way.BOTH, most=most)
        assert page[0] == told
        assert page[1] is not None
        assert reached is not None
        assert (page[1].lots, page[1].held, page[1].used_up) == (plain.lots, plain.held, plain.used_up)
        assert (page[1].quantities, page[1].by_place) == (plain.quantities, plain.by_place)
        remembered._held.links = kept


async def test_partners_are_answered_by_rows_and_unknown_lots_by_nobody(shop: Shop) -> None:
    """A partner reaches its own lots alone, whatever is remembered."""
    top, here, there = [await shop.lot(name) for name in ("T", "H", "E")]
    await shop.link(top, here)
    await shop.link(here, there)
    await Lot.filter(id=top.id).update(partner_id=shop.coater)
    await remembered.remember()
    assert (await lots.impact(shop.worker, top.id, most=1)).lots == 3
    partner = shop.partner(shop.coater)
    seen = await lots.impact(partner, top.id, most=0)
    assert seen.lots == 1
    with pytest.raises(NotFound):
        await lots.impact(partner, there.id, most=0)
    with pytest.raises(NotFound):
        await lots.overview(shop.worker, there.id + 1000, lots.Way.DOWN, most=0)
