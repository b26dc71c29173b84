"""Everybody sees and ends the own sign-ins, administrators anybody's with a reason; each end is on record."""

from __future__ import annotations

import datetime as dt

import pytest

from core import people
from core.kit import NotFound, NotPermitted, clock
from core.ledger.models import LedgerEntry
from core.people.models import Session
from tests.core.people.house import House, met, opened


async def ends() -> int:
    """How many entries tell of an end."""
    return await LedgerEntry.filter(kind="people:session:end").count()


async def test_a_person_sees_the_own_open_sessions_and_ends_one(house: House) -> None:
    first = await people.open_session(house.li, "admin", second_factor=True)
    clock.shift(dt.timedelta(minutes=5))
    second = await people.open_session(house.li, "chat")
    await people.open_session(house.wang, "chat")
    li = await house.actor(house.li)
    lines = await people.sessions_of(li, house.li, token=second.token)
    assert [(one.door, one.present) for one in lines] == [("chat", True), ("admin", False)]
    await people.end_session(li, lines[1].id)
    assert await people.session(first.token, "admin") is None
    assert await people.session(second.token, "chat") is not None
    assert await ends() == 1
    with pytest.raises(NotFound):
        await people.end_session(li, lines[1].id)


async def test_what_rested_too_long_is_in_no_list(house: House) -> None:
    await people.open_session(house.li, "admin", second_factor=True)
    clock.shift(dt.timedelta(minutes=31))
    assert await people.sessions_of(await house.actor(house.li), house.li) == []


async def test_all_others_end_and_the_one_in_hand_stays(house: House) -> None:
    made = [await people.open_session(house.li, door) for door in ("chat", "chat", "admin")]
    li = await house.actor(house.li)
    assert await people.end_sessions(li, house.li, token=made[1].token) == 2
    assert await people.session(made[1].token, "chat") is not None
    assert await people.session(made[0].token, "chat") is None


async def test_an_administrator_ends_anybodys_with_a_reason_and_nobody_else_does(house: House) -> None:
    made = await people.open_session(house.he, "chat")
    (line,) = await people.sessions_of(house.boss, house.he)
    with pytest.raises(people.NeedsReason):
        await people.end_session(house.boss, line.id)
    for person in (house.li, house.wang):
        other = await house.actor(person)
        with pytest.raises(NotPermitted):
            await people.sessions_of(other, house.he)
        with pytest.raises(NotPermitted):
            await people.end_session(other, line.id, reason="mine")
        with pytest.raises(NotPermitted):
            await people.end_sessions(other, house.he, reason="mine")
    elsewhere = await opened()
    for asked in (
        people.sessions_of(elsewhere.boss, house.he),
        people.end_session(elsewhere.boss, line.id, reason="not ours"),
        people.end_sessions(elsewhere.boss, house.he, reason="not ours"),
    ):
        with pytest.raises(NotFound):
            await asked
    assert await people.session(made.token, "chat") is not None
    await people.end_session(house.boss, line.id, reason="phone was stolen")
    assert await people.session(made.token, "chat") is None
    entry = await LedgerEntry.filter(kind="people:session:end").order_by("-id").first()
    assert entry is not None
    assert b"phone was stolen" in bytes(entry.body)


async def test_of_two_who_end_the_same_session_one_does(house: House) -> None:
    await people.open_session(house.li, "chat")
    li = await house.actor(house.li)
    (line,) = await people.sessions_of(li, house.li)
    came = await met(*(people.end_session(li, line.id) for _time in range(3)))
    assert came == {"in": 1, "NotFound": 2}
    assert await Session.filter(ended_at=None).count() == 0
    assert await ends() == 1
