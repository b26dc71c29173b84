"""Every view of a record is a record itself, on the ledger, for those who may read records."""

from __future__ import annotations

import pytest

from core import people
from core.kit import NotPermitted, Refused
from core.ledger.models import LedgerEntry
from core.people.models import AccessLog
from tests.core.people.house import House, opened


async def test_a_view_is_kept_with_who_what_where_and_vouched_for(house: House) -> None:
    li = await house.actor(house.li)
    await people.log_access(li, "admin", "/admin/cases/7", case="AN-2026-000007", detail="photo 2")
    page = await people.accesses(house.boss)
    one = page.rows[0]
    assert (one.person_id, one.door, one.subject, one.case_number, one.detail) == (
        house.li,
        "admin",
        "/admin/cases/7",
        "AN-2026-000007",
        "photo 2",
    )
    entry = await LedgerEntry.filter(kind="records:access:view").get()
    assert b'"table":"people_access_log"' in entry.body
    assert entry.case_number is None  # a case's timeline tells what happened, not who read it


async def test_views_are_paged_newest_first_without_gaps_or_repeats(house: House) -> None:
    for number in range(7):
        await people.log_access(house.boss, "admin", f"/{number}", case="AN-1" if number % 2 else None)
    seen: list[str] = []
    after = None
    while True:
        page = await people.accesses(house.boss, after=after, size=3)
        seen += [one.subject for one in page.rows]
        after = page.next_key
        if after is None:
            break
    assert seen == [f"/{number}" for number in reversed(range(7))]
    assert [one.subject for one in (await people.accesses(house.boss, case="AN-1")).rows] == [
        "/5",
        "/3",
        "/1",
    ]


async def test_only_readers_of_records_read_it_and_only_their_plants(house: House) -> None:
    await people.log_access(house.boss, "admin", "/here")
    for person_id in (house.wang, house.he):
        with pytest.raises(NotPermitted):
            await people.accesses(await house.actor(person_id))
    other = await opened()
    assert (await people.accesses(other.boss)).rows == []
    auditor = await house.actor(await house.engaged("周洁"))
    assert len((await people.accesses(auditor)).rows) == 1


async def test_a_view_can_be_neither_changed_nor_removed(house: House) -> None:
    await people.log_access(house.boss, "admin", "/here")
    row = await AccessLog.get()
    row.subject = "/elsewhere"
    with pytest.raises(Refused):
        await row.save()
    with pytest.raises(Refused):
        await row.delete()


async def test_whatever_stands_in_an_address_the_view_is_kept(house: House) -> None:
    """Control characters and endless addresses cannot make a view disappear."""
    await people.log_access(house.boss, "admin", "/a\x00b" + "x" * 5000, detail="q=\x00\ud800" + "y" * 5000)
    row = (await people.accesses(house.boss)).rows[0]
    assert (row.subject, len(row.subject)) == (f"/ab{'x' * 117}", 120)
    assert (row.detail[:4], len(row.detail)) == ("q=yy", 200)
