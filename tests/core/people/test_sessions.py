"""Sessions of the pages: known by a secret of which only the digest is kept, and ended from anywhere."""

from __future__ import annotations

import datetime as dt

import pytest

from core import people
from core.kit import NotFound, clock
from core.people.models import Session
from tests.core.people.house import House, met


async def test_a_session_is_known_by_its_token_at_its_door(house: House) -> None:
    made = await people.open_session(house.li, "admin")
    held = await people.session(made.token, "admin")
    assert held is not None
    assert (held.person_id, held.csrf, held.second_factor) == (house.li, made.csrf, False)
    assert await people.session(made.token, "chat") is None
    for wrong in ("", "x", "\ud800", made.csrf):
        assert await people.session(wrong, "admin") is None
    kept = str(dict(await Session.get()))
    assert made.token not in kept


async def test_an_idle_admin_session_ends_after_half_an_hour(house: House) -> None:
    made = await people.open_session(house.li, "admin")
    for _ in range(3):
        clock.shift(dt.timedelta(minutes=29))
        assert await people.session(made.token, "admin") is not None
    clock.shift(dt.timedelta(minutes=31))
    assert await people.session(made.token, "admin") is None


async def test_a_busy_admin_session_ends_after_twelve_hours(house: House) -> None:
    made = await people.open_session(house.li, "admin")
    for _ in range(35):
        clock.shift(dt.timedelta(minutes=20))
        held = await people.session(made.token, "admin")
        assert held is not None
    assert held.expires_at - clock.now() <= dt.timedelta(minutes=20)
    clock.shift(dt.timedelta(minutes=21))
    assert await people.session(made.token, "admin") is None


async def test_the_phone_page_stays_signed_in_for_thirty_days_of_rest(house: House) -> None:
    made = await people.open_session(house.wang, "chat")
    clock.shift(dt.timedelta(days=29))
    assert await people.session(made.token, "chat") is not None
    clock.shift(dt.timedelta(days=31))
    assert await people.session(made.token, "chat") is None


async def test_the_second_factor_gives_a_fresh_token_and_ends_the_first(house: House) -> None:
    """A token that someone planted before sign-in gains nothing (session fixation)."""
    first = await people.open_session(house.li, "admin")
    second = await people.confirm_second_factor(first.token, "admin")
    assert await people.session(first.token, "admin") is None
    held = await people.session(second.token, "admin")
    assert held is not None
    assert held.second_factor
    assert first.csrf != second.csrf


async def test_a_session_that_is_over_cannot_be_confirmed(house: House) -> None:
    made = await people.open_session(house.li, "admin")
    clock.shift(dt.timedelta(minutes=31))
    with pytest.raises(people.SessionOver):
        await people.confirm_second_factor(made.token, "admin")
    with pytest.raises(people.SessionOver):
        await people.confirm_second_factor("nonsense", "admin")


async def test_two_confirmations_at_once_make_one_session(house: House) -> None:
    made = await people.open_session(house.li, "admin")
    tries = (people.confirm_second_factor(made.token, "admin") for _ in range(6))
    assert await met(*tries) == {"in": 1, "SessionOver": 5}
    assert await Session.filter(ended_at=None).count() == 1


async def test_leaving_ends_that_session_and_no_other(house: House) -> None:
    here, there = await people.open_session(house.li, "chat"), await people.open_session(house.li, "chat")
    await people.close_session(here.token, "chat")
    assert await people.session(here.token, "chat") is None
    assert await people.session(there.token, "chat") is not None


async def test_revoking_a_person_ends_all_their_sessions_at_once(house: House) -> None:
    made = [(door, await people.open_session(house.li, door)) for door in ("admin", "chat", "chat")]
    await people.revoke_person(house.boss, house.li, "left the company")
    assert [await people.session(one.token, door) for door, one in made] == [None, None, None]
    with pytest.raises(people.Inactive):
        await people.open_session(house.li, "chat")
    with pytest.raises(NotFound):
        await people.open_session(999_999, "chat")
