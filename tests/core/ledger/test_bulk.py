"""Rows written many at once are what was given, and their digests are those that the objects have."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tortoise import connections

from core.kit.canonical import instant_text, plain
from core.kit.unit_of_work import ALIAS, current, unit_of_work
from core.ledger import BulkTable
from core.ledger.bulk import ROWS_A_STATEMENT
from core.lots.models import LinkVoid, Lot
from tests.core.lots.graphs import DAWN, Graph, planted

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
)
_numbers = itertools.count(1)


@given(texts=st.lists(TEXTS, min_size=1, max_size=8), same=TEXTS)
@example(texts=['a"b', "c\\d", "e\tf", "g\nh\r", "50%", "%s", "中文", "\x7f", "\\N", "\\."], same='%d "\\')
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_is_written_as_it_is(database: object, texts: list[str], same: str) -> None:
    """Quotes, backslashes, line breaks, percent signs, what COPY takes for nothing or for the end."""
    first = next(_numbers) * 1000
    async with unit_of_work():
        table, db = BulkTable(LinkVoid), current().db
        keys = await table.keys(db, len(texts))
        recorded = await table.insert(
            db,
            len(texts),
            {
                "id": keys,
                "plant_id": 7,
                "link_id": [first + place for place in range(len(texts))],
                "reason": texts if len(texts) > 1 else same,
                "at": instant_text(DAWN),
            },
        )
    rows = await LinkVoid.filter(id__in=keys).order_by("id")
    assert [row.reason for row in rows] == (texts if len(texts) > 1 else [same])
    assert all(row.at == DAWN for row in rows)
    assert [one.digest for one in recorded] == [row.state_digest() for row in rows]
    assert [(one.key, one.table) for one in recorded] == [(str(row.id), "lots_link_void") for row in rows]


@pytest.mark.parametrize("count", [1, ROWS_A_STATEMENT, ROWS_A_STATEMENT + 1, 2 * ROWS_A_STATEMENT + 3])
async def test_every_row_is_written_and_digested_however_many(database: object, count: int) -> None:
    """Full statements and what is left over; columns that are not given hold their default."""
    plant, ids = await planted(Graph(1, ()))
    like = await Lot.get(id=ids[0])
    async with unit_of_work():
        table, db = BulkTable(Lot), current().db
        recorded = await table.insert(
            db,
            count,
            {
                "id": await table.keys(db, count),
                "plant_id": plain(plant),
                "number": [f"B{place}" for place in range(count)],
                "product_id": like.product_id,
                "organisation_id": plain(plant),
                "partner_id": [None if place % 2 else plain(plant) for place in range(count)],
                "quantity": [str(place + 1) for place in range(count)],
                "unit": "pcs",
                "made_at": instant_text(DAWN),
            },
        )
    rows = await Lot.filter(plant_id=plant, number__startswith="B").order_by("id")
    assert [row.number for row in rows] == [f"B{place}" for place in range(count)]
    assert {(row.place, row.status, row.site_id, row.expires_on) for row in rows} == {
        ("", "available", None, None)
    }
    assert [one.digest for one in recorded] == [row.state_digest() for row in rows]


async def test_a_refused_row_takes_all_with_it(database: object) -> None:
    """The guards of the database stand on every row of a statement."""
    plant, ids = await planted(Graph(1, ()))
    like = await Lot.get(id=ids[0])
    given_rows = {
        "plant_id": plain(plant),
        "number": ["N1", "N2", "N1"],
        "product_id": like.product_id,
        "organisation_id": plain(plant),
        "quantity": "1",
        "unit": "pcs",
        "made_at": instant_text(DAWN),
    }
    table = BulkTable(Lot)
    with pytest.raises(Exception, match=r"kept record|uid_lots_lot"):
        async with unit_of_work():
            keys = await table.keys(current().db, 3)
            await table.insert(current().db, 3, given_rows | {"id": keys})
    _, rows = await connections.get(ALIAS).execute_query("SELECT COUNT(*) FROM lots_lot WHERE number = 'N1'")
    assert rows[0][0] == 0
