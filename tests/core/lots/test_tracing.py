"""Genealogy: every relative once, at its true distance, with what truly flowed, on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal

import aiosqlite
import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tortoise import connections

from core import lots
from core.kit import NotFound, system
from core.kit.quantity import Quantity
from core.kit.unit_of_work import ALIAS
from core.lots import Direction, LotStatus, TraceNode, Way
from tests.core.lots.graphs import DAWN, Graph, cut, graphs, planted, shares, walked
from tests.core.lots.shop import Shop

ONE = Decimal(1)
DIAMOND = Graph(4, ((0, 1, ONE, "pcs"), (0, 2, ONE, "pcs"), (1, 3, ONE, "pcs"), (2, 3, ONE, "pcs")))
LOOP = Graph(3, ((0, 1, ONE, "pcs"), (1, 2, ONE, "pcs"), (2, 0, ONE, "pcs")))
LADDER = Graph(
    9, tuple((a, b, ONE, "pcs") for step in range(0, 8, 2) for a, b in ((step, step + 1), (step, step + 2)))
)


@given(graph=graphs())
@example(graph=DIAMOND)
@example(graph=LOOP)
@example(graph=LADDER)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.req("G-81")
async def test_both_directions_agree_with_a_walk_over_the_bare_graph(
    database: object,
    graph: Graph,
) -> None:
    """Splits, merges, diamonds, repeated links and loops: same lots, same depths, same quantities per unit."""
    plant, ids = await planted(graph)
    number_of = {lot_id: number for number, lot_id in enumerate(ids)}
    for down, trace in ((True, lots.trace_down), (False, lots.trace_up)):
        traced = await trace(system(plant), ids[0])
        found = {
            number_of[node.lot.id]: (node.depth, {flow.unit: flow.amount for flow in node.contributed})
            for node in traced.nodes
        }
        assert found == walked(graph, 0, down=down)
        assert len(traced.nodes) == len(found)
        carried = {number_of[node.lot.id]: node.carried and node.carried.amount for node in traced.nodes}
        assert carried == shares(graph, 0, down=down)
        depths = [node.depth for node in traced.nodes]
        assert depths == sorted(depths)


async def test_a_held_lot_that_a_loop_leads_back_to_does_not_stop_its_own_trace(database: object) -> None:
    """Nor does what flowed out of it count twice."""
    plant, ids = await planted(LOOP, frozenset({0}))
    traced = await lots.trace(system(plant), ids[0], Way.DOWN, stop_at_held=True)
    assert [ids.index(node.lot.id) for node in traced.nodes] == [0, 1, 2]
    assert {flow.amount for node in traced.nodes for flow in node.contributed} == {ONE}
    assert len(traced.links) == 3
    assert traced.stopped == frozenset()


@given(graph=graphs(), data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_trace_ends_at_held_lots_and_at_a_day_when_asked(
    database: object, graph: Graph, data: st.DataObject
) -> None:
    """As if the later links, and the ways out of held lots, were not there; a shortened list counts the rest."""
    held = frozenset(data.draw(st.sets(st.integers(0, graph.lots - 1))))
    until = data.draw(st.integers(0, len(graph.edges)))
    plant, ids = await planted(graph, held)
    number_of = {lot_id: number for number, lot_id in enumerate(ids)}
    for way in (Way.DOWN, Way.UP):
        down = way is Way.DOWN
        seen = cut(graph, 0, until=until, held=held, down=down)
        traced = await lots.trace(
            system(plant),
            ids[0],
            way,
            as_of=DAWN + dt.timedelta(minutes=until - 1),
            stop_at_held=True,
        )
        found = {
            number_of[node.lot.id]: (node.depth, {flow.unit: flow.amount for flow in node.contributed})
            for node in traced.nodes
        }
        assert found == walked(seen, 0, down=down)
        assert {number_of[one] for one in traced.stopped} == (found.keys() & held) - {0}
        few = await lots.trace(
            system(plant),
            ids[0],
            way,
            as_of=DAWN + dt.timedelta(minutes=until - 1),
            stop_at_held=True,
            most=1,
        )
        assert few.count(way.directions[0]) == len(found) - 1
        assert {node.lot.id for node in few.nodes} >= {ids[one] for one in found.keys() & held}
        whole = {node.lot.id: node for node in traced.nodes}
        assert all(node == whole[node.lot.id] for node in few.nodes)


@pytest.mark.req("G-81")
async def test_a_diamond_shows_its_last_lot_once_with_both_flows_added(shop: Shop) -> None:
    """The lot below two branches stands once, two steps away, and received the sum of both."""
    top, left, right, bottom = [await shop.lot(name) for name in ("TOP", "LEFT", "RIGHT", "BOTTOM")]
    await shop.link(top, left, "40")
    await shop.link(top, right, "60")
    await shop.link(left, bottom, "35.5")
    await shop.link(right, bottom, "50")
    traced = await lots.trace_down(shop.worker, top.id)
    assert [(node.lot.number, node.depth) for node in traced.nodes] == [
        ("TOP", 0),
        ("LEFT", 1),
        ("RIGHT", 1),
        ("BOTTOM", 2),
    ]
    assert traced.nodes[-1].contributed == (Quantity(amount=Decimal("85.5"), unit="pcs"),)
    assert len(traced.links) == 4
    up = await lots.trace_up(shop.worker, bottom.id)
    assert [node.lot.number for node in up.nodes] == ["BOTTOM", "LEFT", "RIGHT", "TOP"]
    assert up.nodes[-1].contributed == (Quantity(amount=Decimal(100), unit="pcs"),)


async def test_a_node_says_what_is_left_of_its_lot(shop: Shop) -> None:
    """Left is the quantity less what is recorded as taken in the same unit, never below zero."""
    top, used, over = [await shop.lot(name) for name in ("A", "B", "C")]
    await shop.link(top, used, "30")
    await shop.link(used, over, "100")
    await shop.link(used, over, "1")
    traced = await lots.trace_down(shop.worker, top.id)
    assert [(node.lot.number, node.left) for node in traced.nodes] == [
        ("A", Decimal(70)),
        ("B", Decimal(0)),
        ("C", Decimal(100)),
    ]


@pytest.mark.req("G-91")
async def test_both_sides_of_a_lot_come_in_one_genealogy(shop: Shop) -> None:
    """The root first, then what went in, then what came of it, each link once."""
    before, here, after = [await shop.lot(name) for name in ("BEFORE", "HERE", "AFTER")]
    await shop.link(before, here)
    await shop.link(here, after)
    traced = await lots.trace_both(shop.worker, here.id)

    def short(node: TraceNode) -> tuple[str, Direction, int]:
        return node.lot.number, node.direction, node.depth

    assert [short(node) for node in traced.nodes] == [
        ("HERE", Direction.ROOT, 0),
        ("BEFORE", Direction.UP, 1),
        ("AFTER", Direction.DOWN, 1),
    ]
    assert traced.root.lot.id == here.id
    assert len(traced.links) == 2


async def test_the_number_of_statements_does_not_grow_with_the_genealogy(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One recursive statement per direction, and a handful of look-ups, for two lots as for forty."""
    chain = [await shop.lot(f"N{step:02}") for step in range(40)]
    for near, far in itertools.pairwise(chain):
        await shop.link(near, far)
    sent: list[str] = []
    sqlite = connections.get(ALIAS).capabilities.dialect == "sqlite"
    driver, call = (aiosqlite.Connection, "execute_fetchall") if sqlite else (asyncpg.Connection, "fetch")
    plain = getattr(driver, call)

    async def counted(self: object, query: str, *rest: object, **more: object) -> object:
        sent.append(query)
        return await plain(self, query, *rest, **more)

    monkeypatch.setattr(driver, call, counted)
    assert len((await lots.trace_down(shop.worker, chain[38].id)).nodes) == 2
    short = len(sent)
    sent.clear()
    assert len((await lots.trace_down(shop.worker, chain[0].id)).nodes) == 40
    assert len(sent) == short
    assert sum("RECURSIVE" in query for query in sent) == 1


async def test_a_large_trace_is_worked_out_beside_the_event_loop_and_says_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads of their own put it in order, choose what is listed and add up; the answers do not differ."""
    top, here, there = [await shop.lot(name) for name in ("TOP", "HERE", "THERE")]
    await shop.link(top, here, "40")
    await shop.link(here, there, "25")
    small = await lots.trace_both(shop.worker, here.id), await lots.impact(shop.worker, top.id, most=1)
    beside: list[str] = []
    plain = asyncio.to_thread

    async def counted(work: Callable[..., object], *args: object, **more: object) -> object:
        beside.append(work.__name__)
        return await plain(work, *args, **more)

    monkeypatch.setattr(asyncio, "to_thread", counted)
    monkeypatch.setattr("core.lots.tracing.MANY", 0)
    assert (
        await lots.trace_both(shop.worker, here.id),
        await lots.impact(shop.worker, top.id, most=1),
    ) == small
    assert {"arranged", "listed", "_carried", "of_reach"} <= set(beside)


async def test_a_partners_trace_ends_where_its_own_lots_end(shop: Shop) -> None:
    """A partner sees neither foreign lots nor, behind them, its own: no walk through what is hidden."""
    mine = await shop.lot("MINE", organisation_id=shop.coater)
    shared = await shop.lot("SHARED", partner_id=shop.coater)
    hidden = await shop.lot("HIDDEN")
    beyond = await shop.lot("BEYOND", partner_id=shop.coater)
    await shop.link(mine, shared, "10")
    await shop.link(shared, hidden, "25")
    await shop.link(hidden, beyond, "5")
    coater = shop.partner(shop.coater)
    traced = await lots.trace_down(coater, mine.id)
    assert [node.lot.number for node in traced.nodes] == ["MINE", "SHARED"]
    assert [(link.parent_id, link.child_id) for link in traced.links] == [(mine.id, shared.id)]
    assert traced.nodes[1].left == Decimal(75)
    assert len((await lots.trace_down(shop.worker, mine.id)).nodes) == 4
    with pytest.raises(NotFound):
        await lots.trace_up(coater, hidden.id)


@pytest.mark.req("G-126")
async def test_the_impact_adds_up_what_is_left_by_unit_place_and_status(shop: Shop) -> None:
    """Pieces that went on count in the later lot only; used-up lots are counted but lie nowhere."""
    bar = await shop.lot("BAR", product="TI-6", unit="kg", quantity=Decimal(5), place="Raw store")
    made = await shop.lot("MADE", place="Shop floor")
    store = await shop.lot("STORE", quantity=Decimal(60))
    road = await shop.lot("ROAD", quantity=Decimal(40), place="On the road", status=LotStatus.SHIPPED)
    await shop.link(bar, made, "4.5", "kg")
    await shop.link(made, store, "60")
    await shop.link(made, road, "40")
    await lots.hold(shop.worker, [store.id], "AN-2026-000001", "Coating peels off")
    reached = await lots.impact(shop.worker, bar.id)
    assert (reached.lots, reached.held, reached.used_up) == (4, 1, 1)
    assert reached.totals == (("kg", Decimal("0.5")), ("pcs", Decimal(100)))
    assert {total.name: (total.lots, total.held) for total in reached.by_place} == {
        "Finished goods": (1, 1),
        "On the road": (1, 0),
        "Raw store": (1, 0),
    }
    assert {total.name for total in reached.by_status} == {"available", "on_hold", "shipped"}
    assert [node.lot.number for node in reached.nodes] == ["BAR", "MADE", "ROAD", "STORE"]
