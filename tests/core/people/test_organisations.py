"""Plants, partners, sites, people and the first administrator."""

from __future__ import annotations

import pytest

from core import people
from core.kit import NotFound, plain_text, system
from core.people.models import Organisation, Person
from tests.core.people.house import House, met, opened


async def test_a_plant_is_its_own_registrant(house: House) -> None:
    made = await people.organisation(house.plant)
    assert (made.plant_id, made.kind, made.name("zh_CN"), made.name("en")) == (
        house.plant,
        "maker",
        "螺钉厂",
        "Screw maker",
    )
    partners = await people.organisations(house.plant, kind="supplier")
    assert [(one.id, one.plant_id) for one in partners] == [(house.supplier, house.plant)]
    assert [one.id for one in await people.organisations(house.plant)] == [
        house.plant,
        house.supplier,
        house.carrier,
    ]
    with pytest.raises(NotFound):
        await people.organisation(999_999)


async def test_a_code_names_one_organisation(house: House) -> None:
    code = (await people.organisation(house.supplier)).code
    for taken in (code, f"  {code}\u200b "):
        with pytest.raises(people.PlantExists) as refused:
            await people.add_organisation(house.boss, taken, "新", "New", "supplier")
        assert code in str(refused.value)
        with pytest.raises(people.PlantExists):
            await people.found_plant(taken, "新", "New")


async def test_of_many_who_take_a_code_at_once_one_gets_it(house: House) -> None:
    tries = (people.add_organisation(house.boss, "SAME", "新", "New", "carrier") for _ in range(8))
    assert await met(*tries) == {"in": 1, "PlantExists": 7}
    assert await Organisation.filter(code="SAME").count() == 1


@pytest.mark.parametrize("kind", ["maker", "planet", ""])
async def test_a_partner_is_a_supplier_a_laboratory_or_a_carrier(house: House, kind: str) -> None:
    with pytest.raises(people.Unlisted):
        await people.add_organisation(house.boss, "N", "新", "New", kind)


async def test_names_are_readable_and_within_bounds(house: House) -> None:
    for empty in ("", " ", "\u200b"):
        with pytest.raises(plain_text.Empty):
            await people.add_organisation(house.boss, "N", empty, "New", "supplier")
        with pytest.raises(plain_text.Empty):
            await house.hire(empty, "operator")
    with pytest.raises(plain_text.TooLong):
        await house.hire("长" * 10_000, "operator")
    person_id = await house.hire("\u202e 李\u200b娜 \u0007", "operator")
    assert (await people.person(person_id)).printed_name == "李娜"


async def test_a_site_has_its_own_code_within_its_organisation(house: House) -> None:
    north = await people.add_site(house.boss, house.plant, "N", "北厂", "North")
    theirs = await people.add_site(house.boss, house.supplier, "N", "涂层北厂", "Coating north")
    with pytest.raises(people.SiteExists):
        await people.add_site(house.boss, house.plant, "N", "另一个", "Another")
    assert [one.id for one in await people.sites(house.plant)] == [north]
    assert [one.id for one in await people.sites(house.supplier)] == [theirs]


async def test_a_person_has_a_listed_language_and_time_zone(house: House) -> None:
    for wrong in ({"locale": "tlh"}, {"timezone": "Mars/Olympus"}, {"timezone": "../etc/passwd"}):
        with pytest.raises(people.Unlisted):
            await people.add_person(house.boss, house.plant, "新人", ["operator"], **wrong)
    with pytest.raises(NotFound):
        await people.add_person(house.boss, 999_999, "新人", ["operator"])


async def test_the_first_administrator_is_made_once(house: House) -> None:
    plant = await people.found_plant("FRESH", "新厂", "Fresh")
    made = await people.first_administrator(plant, "钱进", locale="en")
    assert (await people.actor_of(made, "page")).roles == {"administrator"}
    with pytest.raises(people.HasAdministrator):
        await people.first_administrator(plant, "孙悦")
    assert await people.first_administrator(plant, "孙悦", channel="demo") != made
    for nowhere in (house.supplier, 999_999):
        with pytest.raises(NotFound):
            await people.first_administrator(nowhere, "孙悦")


async def test_after_the_only_administrator_was_revoked_from_the_command_line_there_can_be_a_new_first(
    house: House,
) -> None:
    await people.revoke_person(house.root, house.boss.identity, "lost phone, nobody else")
    assert await people.first_administrator(house.plant, "钱进")


async def test_two_first_administrators_at_once_are_one(database: str) -> None:
    plant = await people.found_plant("FRESH", "新厂", "Fresh")
    tries = (people.first_administrator(plant, f"管理员{one}") for one in range(6))
    assert await met(*tries) == {"in": 1, "HasAdministrator": 5}
    assert await Person.filter(plant_id=plant).count() == 1


async def test_the_registrants_of_an_installation_do_not_mix(house: House) -> None:
    other = await opened()
    assert {one.id for one in await people.plants()} == {house.plant, other.plant}
    assert not {one.id for one in await people.persons(house.plant)} & {
        one.id for one in await people.persons(other.plant)
    }
    with pytest.raises(NotFound):
        await people.add_person(system(other.plant), house.supplier, "新人", ["operator"])
