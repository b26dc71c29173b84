"""An invitation binds one chat account to one person, once, within a day."""

from __future__ import annotations

import datetime as dt

import pytest

from core import people
from core.kit import NotFound, NotPermitted, Refusal, clock
from core.people.models import ChatIdentity, Invite
from tests.core.people.house import House, met, opened

AT_ONCE = 12


async def test_an_invited_person_is_known_in_that_chat_from_then_on(house: House) -> None:
    assert await people.actor_for("telegram", "4711") is None
    token = await people.invite(house.boss, house.li)
    joined = await people.accept_invite("telegram", "4711", "c4711", token)
    again = await people.actor_for("telegram", "4711", correlation="abc")
    assert again is not None
    assert (joined.person_id, joined.name, joined.channel) == (house.li, "李明", "telegram")
    assert (again.person_id, again.roles, again.correlation) == (house.li, {"responsible"}, "abc")
    assert await people.actor_for("wecom", "4711") is None
    assert await people.actor_for("telegram", "4711", tenant="other") is None


async def test_the_token_is_long_and_nowhere_at_rest(house: House) -> None:
    """128 bits or more, and only its digest is in the database."""
    token = await people.invite(house.boss, house.li)
    assert len(token) >= 22
    assert token.replace("-", "").replace("_", "").isalnum()
    row = await Invite.get()
    assert token not in str(dict(row))
    assert len(row.token_hash) == 64
    assert len({await people.invite(house.boss, house.li) for _ in range(5)}) == 5


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "\u202ex\u200b", "9" * 10_000])
async def test_a_made_up_token_opens_nothing(house: House, token: str) -> None:
    await people.invite(house.boss, house.li)
    with pytest.raises(people.InviteUnknown):
        await people.accept_invite("telegram", "1", "1", token)


async def test_an_invitation_works_once(house: House) -> None:
    token = await people.invite(house.boss, house.li)
    await people.accept_invite("telegram", "1", "1", token)
    with pytest.raises(people.InviteUsed):
        await people.accept_invite("telegram", "2", "2", token)
    assert await people.actor_for("telegram", "2") is None


async def test_an_invitation_lives_for_a_day(house: House) -> None:
    first, second = await people.invite(house.boss, house.li), await people.invite(house.boss, house.wang)
    clock.shift(dt.timedelta(hours=23, minutes=59))
    await people.accept_invite("telegram", "1", "1", first)
    clock.shift(dt.timedelta(minutes=2))
    with pytest.raises(people.InviteExpired):
        await people.accept_invite("telegram", "2", "2", second)


async def test_an_invitation_for_one_messenger_opens_in_that_one_only_and_is_not_lost(house: House) -> None:
    token = await people.invite(house.boss, house.li, "wecom")
    with pytest.raises(people.InviteElsewhere):
        await people.accept_invite("telegram", "1", "1", token)
    assert (await people.accept_invite("wecom", "1", "1", token)).person_id == house.li


@pytest.mark.req("D-22c")
async def test_an_account_is_never_handed_on(house: House) -> None:
    """Not while its person works here, and not after; the invitation stays good for the right account."""
    await people.accept_invite("telegram", "1", "1", await people.invite(house.boss, house.li))
    token = await people.invite(house.boss, house.wang)
    with pytest.raises(people.AccountTaken):
        await people.accept_invite("telegram", "1", "1", token)
    await people.revoke_person(house.boss, house.li, "left the company")
    with pytest.raises(people.AccountTaken):
        await people.accept_invite("telegram", "1", "1", token)
    assert await people.actor_for("telegram", "1") is None
    assert (await people.accept_invite("telegram", "2", "2", token)).person_id == house.wang


async def test_a_new_account_in_the_same_messenger_ends_the_earlier_one(house: House) -> None:
    """One person, one account a messenger; another messenger is an account of its own, and back is possible."""
    for channel, account in (("telegram", "old"), ("wecom", "w"), ("telegram", "new")):
        await people.accept_invite(channel, account, account, await people.invite(house.boss, house.li))
    assert await people.actor_for("telegram", "old") is None
    for channel, account in (("wecom", "w"), ("telegram", "new")):
        assert await people.actor_for(channel, account) is not None
    await people.accept_invite("telegram", "old", "old", await people.invite(house.boss, house.li))
    assert await people.actor_for("telegram", "new") is None
    assert await ChatIdentity.filter(active=True, channel="telegram").count() == 1


async def test_a_revoked_person_cannot_join_with_an_invitation_made_before(house: House) -> None:
    token = await people.invite(house.boss, house.li)
    await people.revoke_person(house.boss, house.li, "left the company")
    with pytest.raises(people.Inactive):
        await people.accept_invite("telegram", "1", "1", token)
    with pytest.raises(NotFound):
        await people.invite(house.boss, house.li)


async def test_only_administrators_invite_and_only_people_of_their_plant(house: House) -> None:
    for person_id in (house.li, house.wang, house.he):
        with pytest.raises(NotPermitted):
            await people.invite(await house.actor(person_id), house.wang)
    other = await opened()
    with pytest.raises(NotFound):
        await people.invite(house.boss, other.li)


async def test_many_accounts_with_one_invitation_at_once_bind_one(house: House) -> None:
    token = await people.invite(house.boss, house.li)
    tries = (people.accept_invite("telegram", str(one), str(one), token) for one in range(AT_ONCE))
    assert await met(*tries) == {"in": 1, "InviteUsed": AT_ONCE - 1}
    assert await ChatIdentity.all().count() == 1


async def test_one_account_with_the_invitations_of_many_at_once_belongs_to_one(house: House) -> None:
    invited = [await house.hire(f"新人{number}", "operator") for number in range(AT_ONCE)]
    made = [await people.invite(house.boss, one) for one in invited]
    tries = (people.accept_invite("telegram", "same", "same", token) for token in made)
    assert await met(*tries) == {"in": 1, "AccountTaken": AT_ONCE - 1}
    assert await Invite.filter(used_at=None).count() == AT_ONCE - 1


async def test_one_person_with_two_invitations_at_once_keeps_one_account(house: House) -> None:
    made = [await people.invite(house.boss, house.li) for _ in range(4)]
    tries = (people.accept_invite("telegram", str(at), str(at), token) for at, token in enumerate(made))
    assert await met(*tries) == {"in": 4}
    assert await ChatIdentity.filter(person_id=house.li, active=True).count() == 1


async def test_people_are_told_in_the_order_in_which_channels_joined_the_phone_page_at_the_end(
    house: House,
) -> None:
    for channel in ("telegram", "wecom"):
        await people.accept_invite(channel, "1", f"c-{channel}", await people.invite(house.boss, house.li))
        clock.shift(dt.timedelta(minutes=5))
    page = ("browser", f"p{house.li}")
    await people.actor_for("wecom", "1")
    assert await people.addresses(house.li) == [("telegram", "c-telegram"), ("wecom", "c-wecom"), page]
    await people.revoke_person(house.boss, house.li, "left the company")
    assert await people.addresses(house.li) == [page]


@pytest.mark.parametrize("account", ["", "0", "abc", "-1", "１２", "9" * 30, "999999999999999999"])
async def test_an_account_of_the_phone_page_that_is_nobodys_is_a_stranger(house: House, account: str) -> None:
    assert await people.actor_for("browser", account) is None


async def test_the_phone_page_knows_its_person_until_they_are_revoked(house: House) -> None:
    found = await people.actor_for("browser", str(house.wang))
    assert found is not None
    assert found.person_id == house.wang
    await people.revoke_person(house.boss, house.wang, "left the company")
    assert await people.actor_for("browser", str(house.wang)) is None


async def test_every_refusal_is_a_whole_sentence_that_says_what_to_do(house: House) -> None:
    for one in vars(people).values():
        if isinstance(one, type) and issubclass(one, Refusal):
            assert one.says.endswith((".", "moment."))
            assert one.says != Refusal.says
            assert len(one.says.split()) >= 6
