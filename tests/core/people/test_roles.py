"""Granting and withdrawing roles, segregation at the grant, and a plant that keeps an administrator."""

from __future__ import annotations

import pytest

from core import people
from core.kit import NotFound, NotPermitted, clock, plain_text
from core.ledger.models import LedgerEntry
from core.people.models import RoleAssignment
from tests.core.people.house import House, met, opened

DECIDING = ["supervisor", "manager", "site_head"]


async def test_a_granted_role_counts_at_once_and_a_withdrawn_one_no_more(house: House) -> None:
    facts = await people.grant_role(house.boss, house.li, "supervisor", reason="leads the line")
    assert facts.roles == {"responsible", "supervisor"}
    assert (await house.actor(house.li)).roles == {"responsible", "supervisor"}
    facts = await people.withdraw_role(house.boss, house.li, "responsible", reason="new duties")
    assert facts.roles == (await house.actor(house.li)).roles == {"supervisor"}


@pytest.mark.req("D-22b")
async def test_a_past_date_still_shows_who_held_what(house: House) -> None:
    before = clock.now()
    await people.withdraw_role(house.boss, house.li, "responsible", reason="new duties")
    row = await RoleAssignment.get(person_id=house.li)
    assert row.until is not None
    assert row.since < before < row.until


@pytest.mark.parametrize("role", DECIDING)
@pytest.mark.req("D-22a")
async def test_an_administrator_is_never_given_a_deciding_role(house: House, role: str) -> None:
    count = await LedgerEntry.all().count()
    with pytest.raises(people.AdministratorAlone):
        await people.grant_role(house.boss, house.boss.identity, role, reason="short of people")
    decider = await house.hire("刘洋", role)
    with pytest.raises(people.RolesClash):
        await people.grant_role(house.root, decider, "administrator", reason="short of people")
    with pytest.raises(people.RolesClash):
        await house.hire("赵敏", role, "administrator")
    assert (await people.person(decider)).roles == {role}
    assert await LedgerEntry.all().count() == count + 1  # the one person recorded


@pytest.mark.req("D-22a")
async def test_two_grants_at_once_never_add_up_to_a_forbidden_pair(house: House) -> None:
    """Each alone is fine; whoever comes second meets the first."""
    for number in range(5):
        person_id = await house.hire(f"新人{number}")
        came = await met(
            people.grant_role(house.boss, person_id, "administrator", reason="x"),
            people.grant_role(house.root, person_id, "manager", reason="y"),
        )
        assert came == {"in": 1, "AdministratorAlone": 1}
        assert len((await people.person(person_id)).roles) == 1


async def test_a_partners_person_is_given_no_role_of_the_registrant(house: House) -> None:
    for role in ("manager", "responsible", "auditor", "administrator"):
        with pytest.raises(people.RoleNotForPartner):
            await people.grant_role(house.boss, house.he, role, reason="trusted")
    assert (
        "operator" in (await people.grant_role(house.boss, house.he, "operator", reason="on the line")).roles
    )


async def test_the_same_grant_twice_is_one_role(house: House) -> None:
    with pytest.raises(people.RoleHeld) as refused:
        await people.grant_role(house.boss, house.li, "responsible", reason="sure")
    assert str(refused.value).startswith("李明 has this role already")
    tries = (people.grant_role(house.boss, house.wang, "responsible", reason="x") for _ in range(6))
    assert await met(*tries) == {"in": 1, "RoleHeld": 5}


async def test_what_is_not_held_cannot_be_withdrawn(house: House) -> None:
    with pytest.raises(people.RoleNotHeld):
        await people.withdraw_role(house.boss, house.li, "manager", reason="sure")


@pytest.mark.parametrize("reason", ["", "   ", "\u200b\u202e", "\n"])
@pytest.mark.req("G-46a")
async def test_every_change_of_rights_says_why(house: House, reason: str) -> None:
    with pytest.raises(people.NeedsReason):
        await people.grant_role(house.boss, house.li, "supervisor", reason=reason)
    with pytest.raises(people.NeedsReason):
        await people.withdraw_role(house.boss, house.li, "responsible", reason=reason)
    with pytest.raises(people.NeedsReason):
        await people.revoke_person(house.boss, house.li, reason)


async def test_a_reason_of_a_novels_length_is_refused(house: House) -> None:
    with pytest.raises(plain_text.TooLong):
        await people.revoke_person(house.boss, house.li, "x" * 10_000)


async def test_an_unheard_of_role_is_refused(house: House) -> None:
    for role in ("emperor", "", "MANAGER"):
        with pytest.raises(people.Unlisted):
            await people.grant_role(house.boss, house.li, role, reason="x")
        with pytest.raises(people.Unlisted):
            await people.withdraw_role(house.boss, house.li, role, reason="x")
        with pytest.raises(people.Unlisted):
            await house.hire("新人", role)


async def test_only_administrators_change_people_and_only_those_of_their_plant(house: House) -> None:
    other = await opened()
    for person_id in (house.li, house.wang, house.he):
        actor = await house.actor(person_id)
        for tried in (
            people.grant_role(actor, house.wang, "manager", reason="x"),
            people.withdraw_role(actor, house.wang, "operator", reason="x"),
            people.revoke_person(actor, house.wang, "x"),
            people.add_person(actor, house.plant, "新人", ["operator"]),
            people.add_organisation(actor, "N", "新", "New", "supplier"),
            people.add_site(actor, house.plant, "S", "厂区", "Site"),
            people.set_responsible(actor, house.li, tier=1),
            people.end_responsibility(actor, 1, "x"),
        ):
            with pytest.raises(NotPermitted):
                await tried
    for stranger in (
        people.grant_role(house.boss, other.li, "manager", reason="x"),
        people.withdraw_role(house.boss, other.li, "responsible", reason="x"),
        people.revoke_person(house.boss, other.li, "x"),
        people.add_person(house.boss, other.supplier, "新人", ["operator"]),
        people.add_site(house.boss, other.plant, "S", "厂区", "Site"),
    ):
        with pytest.raises(NotFound):
            await stranger


async def test_the_last_administrator_stays(house: House) -> None:
    boss = house.boss.identity
    with pytest.raises(people.LastAdministrator):
        await people.revoke_person(house.boss, boss, "holiday")
    with pytest.raises(people.LastAdministrator):
        await people.withdraw_role(house.boss, boss, "administrator", reason="holiday")
    await house.hire("周洁", "administrator")
    await people.revoke_person(house.boss, boss, "left the company")
    assert not (await people.person(boss)).active


async def test_two_administrators_who_revoke_one_another_at_once_leave_one(house: House) -> None:
    second = await house.actor(await house.hire("周洁", "administrator"))
    came = await met(
        people.revoke_person(house.boss, second.identity, "x"),
        people.revoke_person(second, house.boss.identity, "y"),
    )
    assert came == {"in": 1, "LastAdministrator": 1}
    assert len(await people.persons(house.plant, role="administrator")) == 1


async def test_a_revoked_person_is_out_and_stays_on_record(house: House) -> None:
    await people.revoke_person(house.boss, house.li, "left the company")
    with pytest.raises(people.Inactive):
        await house.actor(house.li)
    facts = await people.person(house.li)
    assert (facts.printed_name, facts.active) == ("李明", False)
    assert house.li not in {one.id for one in await people.persons(house.plant)}
    assert house.li in {one.id for one in await people.everyone(house.boss)}
    for tried in (
        people.revoke_person(house.boss, house.li, "again"),
        people.grant_role(house.boss, house.li, "manager", reason="x"),
        people.withdraw_role(house.boss, house.li, "responsible", reason="x"),
    ):
        with pytest.raises(people.Inactive):
            await tried


@pytest.mark.req("D-22c", "P-100")
async def test_ids_are_never_used_again(house: House) -> None:
    await people.revoke_person(house.boss, house.he, "left the company")
    assert await house.hire("新人", "operator") > house.he


async def test_a_person_whose_every_role_is_at_one_site_is_bounded_to_it(house: House) -> None:
    site = await people.add_site(house.boss, house.plant, "N", "北厂", "North")
    there = await people.add_person(house.boss, house.plant, "新人", ["operator"], site_id=site)
    assert people.scope(await house.actor(there)).site_ids == {site}
    await people.grant_role(house.boss, there, "responsible", reason="everywhere")
    assert people.scope(await house.actor(there)).site_ids is None
    other = await opened()
    foreign = await people.add_site(other.boss, other.plant, "N", "北厂", "North")
    with pytest.raises(NotFound):
        await people.grant_role(house.boss, house.li, "supervisor", reason="x", site_id=foreign)


async def test_people_choose_their_own_language(house: House) -> None:
    await people.choose_locale(await house.actor(house.li), "en")
    assert (await house.actor(house.li)).locale == "en"
    with pytest.raises(people.Unlisted):
        await people.choose_locale(await house.actor(house.li), "tlh")
    with pytest.raises(NotPermitted):
        await people.choose_locale(house.root, "en")
