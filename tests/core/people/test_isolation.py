"""Every organisation sees its own: on random plants, a partner meets nobody and nothing of another partner."""

from __future__ import annotations

import random

import pytest

from core import people
from core.kit import Actor, NotFound, NotPermitted, system
from core.people.permissions import PARTNER_ROLES
from core.people.terms import Role
from tests.core.people.house import House

OWN_ROLES = [role.value for role in Role]
THEIR_ROLES = sorted(role.value for role in PARTNER_ROLES)


async def random_plant(chance: random.Random, code: str) -> list[Actor]:
    """A plant with one to four partners and people of any role; answers everybody as an actor."""
    plant = await people.found_plant(code, "厂", "Plant")
    root = system(plant)
    organisations = [plant]
    for number in range(chance.randint(1, 4)):
        kind = chance.choice(["supplier", "laboratory", "carrier"])
        organisations.append(await people.add_organisation(root, f"{code}-{number}", "伙伴", "Partner", kind))
    hired = []
    for organisation in organisations:
        for _ in range(chance.randint(1, 3)):
            role = chance.choice(OWN_ROLES if organisation == plant else THEIR_ROLES)
            name = chance.choice("王李张刘陈杨赵黄周吴") + chance.choice("伟芳娜敏静强磊洋艳勇")
            hired.append(await people.add_person(root, organisation, name, [role]))
    return [await people.actor_of(one, "telegram") for one in hired]


@pytest.mark.parametrize("seed", range(4))
async def test_on_random_plants_nobody_is_shown_who_is_not_theirs(database: str, seed: int) -> None:
    chance = random.Random(seed)
    everybody = [one for code in ("A", "B") for one in await random_plant(chance, code)]
    for actor in everybody:
        own = {actor.plant_id, actor.organisation_id}
        any_partner = chance.choice([None, *(one.partner_id for one in everybody)])
        shown = [*await people.everyone(actor), *await people.able_to_act(actor, any_partner)]
        for name in {one.name for one in everybody} | {one.name[0] for one in everybody}:
            try:
                shown.append(await people.named(actor, name))
            except people.NameUnclear:
                continue
        for one in everybody:
            try:
                shown.append(await people.person_for(actor, one.identity))
            except NotFound:
                assert one.plant_id != actor.plant_id or one.organisation_id not in own
        assert actor.person_id in {one.id for one in shown}
        assert all(one.plant_id == actor.plant_id for one in shown)
        if actor.partner_id is not None:
            assert {one.organisation_id for one in shown} <= own
            assert {one.id for one in await people.organisations_for(actor)} == own
            with pytest.raises(NotPermitted):
                await people.accesses(actor)


@pytest.mark.parametrize("seed", range(4))
async def test_on_random_plants_a_record_is_seen_by_its_plant_and_those_it_is_shared_with(
    database: str, seed: int
) -> None:
    """Whatever actor the database makes of a person, the scope is that of their organisation."""
    chance = random.Random(100 + seed)
    everybody = [one for code in ("A", "B") for one in await random_plant(chance, code)]
    partners = [one.partner_id for one in everybody]
    seen = hidden = 0
    for _ in range(300):
        actor, owner = chance.choice(everybody), chance.choice(everybody)
        shared = chance.sample(partners, chance.randint(0, 2))
        record = {"plant_id": owner.plant_id, "partner_ids": shared}
        of_the_plant = actor.organisation_id == owner.plant_id
        invited = actor.plant_id == owner.plant_id and actor.organisation_id in shared
        if of_the_plant or invited:
            people.must_see(actor, **record)
            seen += 1
        else:
            with pytest.raises(NotFound):
                people.must_see(actor, **record)
            hidden += 1
    assert seen
    assert hidden


async def test_able_to_act_offers_the_plant_and_the_cases_partner(house: House) -> None:
    carrier = await house.hire("冯涛", "carrier", organisation_id=house.carrier)
    found = {one.id for one in await people.able_to_act(house.boss, house.supplier)}
    assert {house.li, house.he} <= found
    assert not found & {carrier, house.wang, house.boss.identity}
    theirs = await people.able_to_act(await house.actor(house.he), house.carrier)
    assert carrier not in {one.id for one in theirs}


async def test_a_name_finds_one_person_or_nobody(house: House) -> None:
    await house.hire("李明华", "operator")
    assert (await people.named(house.boss, " 李明 ")).id == house.li  # exact beats part
    assert (await people.named(house.boss, "芳")).id == house.wang
    for unclear in ("", " ", "\u200b", "李", "没有这个人", "x" * 10_000):
        with pytest.raises(people.NameUnclear):
            await people.named(house.boss, unclear)
    await people.revoke_person(house.boss, house.wang, "left the company")
    with pytest.raises(people.NameUnclear):
        await people.named(house.boss, "王芳")
