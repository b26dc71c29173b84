"""Links kept in memory answer what SQL answers in the same transaction: nothing missed, nothing shown too early."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import lots
from core.kit import NotFound, system
from core.kit.unit_of_work import unit_of_work
from core.lots import remembered
from core.lots.adjacency import Adjacency, Gaps, of_columns
from core.lots.models import LinkVoid, Lot, LotLink
from tests.core.lots.graphs import DAWN, Graph, graphs, planted
from tests.core.lots.shop import Shop


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    remembered.forget()
    yield
    remembered.forget()


async def link(plant: int, parent: int, child: int) -> LotLink:
    return await LotLink.create(
        plant_id=plant, parent_id=parent, child_id=child, quantity=Decimal(1), unit="pcs", at=DAWN
    )


async def both(plant: int, lot: int) -> tuple[set[int], set[int]]:
    """What memory answers and what SQL answers."""
    kept = await remembered.reached(plant, lot)
    assert kept is not None
    found, scrapped = kept.distance, set(kept.scrapped)
    (down,) = await lots.reach(system(plant), lot, lots.Way.DOWN)
    assert found == down.distance
    return set(found) - (scrapped - {lot}), {
        one for one, status in down.statuses().items() if one == lot or status is not lots.LotStatus.SCRAPPED
    }


@given(graph=graphs(), data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_it_answers_as_sql_does(database: object, graph: Graph, data: st.DataObject) -> None:
    """Whatever was linked before and after it was read, voided, scrapped or held."""
    known = data.draw(st.integers(0, len(graph.edges)))
    plant, ids = await planted(Graph(graph.lots, graph.edges[:known]))
    voided = data.draw(st.sets(st.integers(0, max(0, known - 1)), max_size=known))
    made = await LotLink.filter(plant_id=plant).order_by("id")
    remembered.forget()
    await remembered.remember()
    for place in voided:
        await LinkVoid.create(plant_id=plant, link_id=made[place].id, reason="–", at=DAWN)
    for lot in data.draw(st.sets(st.sampled_from(ids))):
        status = data.draw(st.sampled_from(["scrapped", "on_hold"]))
        await Lot.filter(id=lot).update(status=status)
    for parent, child, _, _ in graph.edges[known:]:
        await link(plant, ids[parent], ids[child])
        if data.draw(st.booleans()):
            await remembered.reached(plant, ids[0])
    for lot in ids:
        mine, sql = await both(plant, lot)
        assert mine == sql
        assert set(await lots.affected(system(plant), lot)) == sql


async def test_what_a_transaction_did_is_seen_in_it_and_gone_when_it_is_undone(database: object) -> None:
    """Its own links count inside; after it was undone they do not, nor does the next link take their place."""
    plant, ids = await planted(Graph(4, ((0, 1, Decimal(1), "pcs"),)))
    await remembered.remember()

    async def undone() -> None:
        async with unit_of_work():
            await link(plant, ids[1], ids[2])
            mine, sql = await both(plant, ids[0])
            assert mine == sql == {ids[0], ids[1], ids[2]}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    assert await both(plant, ids[0]) == ({ids[0], ids[1]},) * 2
    await link(plant, ids[1], ids[3])
    assert await both(plant, ids[0]) == ({ids[0], ids[1], ids[3]},) * 2
    assert await both(plant, ids[0]) == ({ids[0], ids[1], ids[3]},) * 2


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.parametrize("comes", [True, False])
@pytest.mark.parametrize("read_first", [True, False])
async def test_a_link_that_is_committed_late_is_not_missed(
    database: str, comes: bool, read_first: bool
) -> None:
    """PostgreSQL gives numbers in one order and commits in another: a smaller number may come after a larger one.

    SQLite has one writer at a time.
    """
    plant, ids = await planted(Graph(4, ((0, 1, Decimal(1), "pcs"),)))
    if read_first:
        await remembered.remember()
    numbered, end = asyncio.Event(), asyncio.Event()

    async def late() -> None:
        async with unit_of_work():
            await link(plant, ids[1], ids[2])
            numbered.set()
            await end.wait()
            if not comes:
                raise ZeroDivisionError

    writing = asyncio.create_task(late())
    await numbered.wait()
    await link(plant, ids[1], ids[3])
    if not read_first:
        await remembered.remember()
    for _ in range(2):
        assert await both(plant, ids[0]) == ({ids[0], ids[1], ids[3]},) * 2
    end.set()
    await asyncio.wait({writing})
    assert (writing.exception() is None) is comes
    whole = {ids[0], ids[1], ids[3]} | ({ids[2]} if comes else set())
    for _ in range(2):
        assert await both(plant, ids[0]) == (whole, whole)


async def test_the_holds_of_everything_affected_come_out_of_memory(shop: Shop) -> None:
    """The verb that people use answers alike with and without it, nearest first; partners are answered by SQL."""
    top, here, scrap, there = [await shop.lot(name) for name in ("T", "H", "S", "E")]
    await shop.link(top, here)
    await shop.link(here, scrap)
    await shop.link(scrap, there)
    await Lot.filter(id=scrap.id).update(status="scrapped")
    plain = await lots.affected(shop.worker, top.id)
    await remembered.remember()
    assert await lots.affected(shop.worker, top.id) == plain == [top.id, here.id, there.id]
    with pytest.raises(NotFound):
        await lots.affected(shop.partner(shop.coater), top.id)
    with pytest.raises(NotFound):
        await lots.affected(shop.worker, there.id + 1000)
    await Lot.filter(id=there.id).update(status="withdrawn")
    with pytest.raises(NotFound):
        await lots.affected(shop.worker, there.id)


async def test_a_large_recall_has_the_links_read_for_the_next(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside everything else, outside the transaction that asked; from then on memory answers."""
    monkeypatch.setattr(remembered, "LARGE", 2)
    top, here = [await shop.lot(name) for name in ("T", "H")]
    await shop.link(top, here)
    async with unit_of_work():
        assert await lots.affected(shop.worker, top.id) == [top.id, here.id]
        assert await remembered.reached(shop.plant, top.id) is None
    assert remembered._held.reading is not None
    await remembered._held.reading
    known = await remembered.reached(shop.plant, top.id)
    assert known is not None
    assert known.distance == {top.id: 0, here.id: 1}


async def test_another_database_is_not_taken_for_the_one_that_was_read(database: object) -> None:
    """What is kept says which link was the last; where another stands there, nothing is answered from it."""
    plant, ids = await planted(Graph(3, ((0, 1, Decimal(1), "pcs"),)))
    await remembered.remember()
    kept = remembered._held.links
    assert kept is not None
    kept.last = (kept.last[0], kept.last[1], kept.last[2] + 1)
    assert await remembered.reached(plant, ids[0]) is None
    assert remembered._held.links is None


@given(
    edges=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40),
    known=st.integers(0, 40),
    order=st.randoms(use_true_random=False),
)
def test_links_are_pressed_and_learnt_in_any_order(
    edges: list[tuple[int, int]], known: int, order: object
) -> None:
    """Numbers missing at first may come in any order, and pressing changes no answer."""
    numbered = [(number, parent, child) for number, (parent, child) in enumerate(edges, 1)]
    first, rest = numbered[:known], numbered[known:]
    made = of_columns(*(type(Adjacency().ends)("I", (edge[place] for edge in first)) for place in (1, 2)))
    made.last = first[-1] if first else (0, 0, 0)
    order.shuffle(rest)  # type: ignore[attr-defined]
    for edge in rest:
        made.learn([edge])
    assert made.gaps.ranges == []

    def plain(root: int) -> set[int]:
        found = {root}
        while more := {b for a, b in edges if a in found} - found:
            found |= more
        return found

    for links in (made, made.pressed()):
        for root in range(14):
            assert links.down(root, more={}, gone=()).keys() == plain(root)


def test_missing_numbers_are_ranges_that_shrink() -> None:
    """From either end, from the middle, to nothing."""
    gaps = Gaps()
    gaps.behind(0, [3, 4, 10])
    assert gaps.ranges == [(1, 2), (5, 9)]
    for number, left in ((7, [(1, 2), (5, 6), (8, 9)]), (5, [(1, 2), (6, 6), (8, 9)]), (6, [(1, 2), (8, 9)])):
        gaps.filled(number)
        assert gaps.ranges == left
