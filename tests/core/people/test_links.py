"""One-time links into the pages: ten minutes, one use, and a look never burns one."""

from __future__ import annotations

import datetime as dt

import pytest

from core import people
from core.kit import NotFound, NotPermitted, clock
from core.people.models import OneTimeLink
from tests.core.people.house import House, met, opened

AT_ONCE = 12


async def test_a_link_opens_once_for_the_person_it_was_made_for(house: House) -> None:
    token = await people.one_time_link(await house.actor(house.li), house.li, "admin")
    opened_for = await people.open_link(token, "admin")
    assert (opened_for.person_id, opened_for.made_by) == (house.li, house.li)
    with pytest.raises(people.LinkDead):
        await people.open_link(token, "admin")


async def test_looking_at_a_link_never_uses_it_up(house: House) -> None:
    """Messengers fetch what people post, to show a preview."""
    token = await people.one_time_link(house.root, house.li, "chat")
    assert [await people.peek_link(token, "chat") for _ in range(10)] == [True] * 10
    await people.open_link(token, "chat")
    assert not await people.peek_link(token, "chat")


async def test_a_link_lives_for_ten_minutes(house: House) -> None:
    kept, late = [await people.one_time_link(house.root, house.li, "chat") for _ in range(2)]
    clock.shift(dt.timedelta(minutes=9, seconds=50))
    await people.open_link(kept, "chat")
    clock.shift(dt.timedelta(seconds=11))
    assert not await people.peek_link(late, "chat")
    with pytest.raises(people.LinkDead):
        await people.open_link(late, "chat")


async def test_a_link_opens_its_own_purpose_only(house: House) -> None:
    token = await people.one_time_link(house.root, house.li, "chat")
    for other in ("admin", "enrol"):
        assert not await people.peek_link(token, other)
        with pytest.raises(people.LinkDead):
            await people.open_link(token, other)
    assert (await people.open_link(token, "chat")).made_by is None


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "9" * 10_000])
async def test_a_made_up_link_is_dead(house: House, token: str) -> None:
    await people.one_time_link(house.root, house.li, "chat")
    assert not await people.peek_link(token, "chat")
    with pytest.raises(people.LinkDead):
        await people.open_link(token, "chat")


async def test_only_the_digest_is_kept(house: House) -> None:
    token = await people.one_time_link(house.root, house.li, "chat")
    assert len(token) >= 22
    assert token not in str(dict(await OneTimeLink.get()))


async def test_many_who_open_one_link_at_once_are_one(house: House) -> None:
    token = await people.one_time_link(house.root, house.li, "admin")
    tries = (people.open_link(token, "admin") for _ in range(AT_ONCE))
    assert await met(*tries) == {"in": 1, "LinkDead": AT_ONCE - 1}


@pytest.mark.req("P-200c")
async def test_identity_is_proven_by_a_second_person(house: House) -> None:
    """Nobody makes their own enrolment link; an administrator makes it, or the command line."""
    with pytest.raises(people.EnrolByAnother) as refused:
        await people.one_time_link(house.boss, house.boss.identity, "enrol")
    assert "ask another administrator" in str(refused.value)
    with pytest.raises(NotPermitted):
        await people.one_time_link(await house.actor(house.li), house.li, "enrol")
    token = await people.one_time_link(house.boss, house.li, "enrol")
    assert (await people.open_link(token, "enrol")).made_by == house.boss.person_id


async def test_links_for_others_are_for_administrators_and_people_of_the_plant(house: House) -> None:
    with pytest.raises(NotPermitted):
        await people.one_time_link(await house.actor(house.he), house.li, "chat")
    other = await opened()
    for made_by in (house.boss, house.root):
        with pytest.raises(NotFound):
            await people.one_time_link(made_by, other.li, "chat")


async def test_a_link_of_a_revoked_person_opens_nothing(house: House) -> None:
    token = await people.one_time_link(house.root, house.li, "admin")
    await people.revoke_person(house.boss, house.li, "left the company")
    with pytest.raises(people.Inactive):
        await people.open_link(token, "admin")
    with pytest.raises(NotFound):
        await people.one_time_link(house.root, house.li, "admin")
