"""The matrix finds who answers for a case: the most specific lines, people with access, the own plant."""

from __future__ import annotations

import pytest

from core import people
from core.kit import NotFound, plain_text
from core.people.models import Responsibility
from tests.core.people.house import House, opened


async def names(
    house: House, *, category: str = "P", site: int | None = None, partner: int | None = None, tier: int = 1
) -> set[str]:
    """Who answers, by printed name."""
    found = await people.responsible(
        house.plant, category=category, site_id=site, partner_id=partner, tier=tier
    )
    return {one.printed_name for one in found}


async def test_the_most_specific_line_answers(house: House) -> None:
    site = await people.add_site(house.boss, house.plant, "N", "北厂", "North")
    hired = {name: await house.hire(name, "responsible") for name in ("甲", "乙", "丙", "丁")}
    assert await names(house) == set()
    await people.set_responsible(house.boss, hired["甲"], tier=1)
    await people.set_responsible(house.boss, hired["乙"], tier=1, category="P")
    await people.set_responsible(house.boss, hired["丙"], tier=1, site_id=site)
    await people.set_responsible(house.boss, hired["丁"], tier=1, partner_id=house.supplier)
    assert await names(house, category="M") == {"甲"}
    assert await names(house) == {"乙"}
    assert await names(house, site=site) == {"丙"}
    assert await names(house, site=site, partner=house.supplier) == {"丁"}
    assert await names(house, partner=house.carrier) == {"乙"}
    assert await names(house, tier=2) == set()


async def test_equal_lines_answer_together_and_a_line_set_twice_is_one(house: House) -> None:
    first = await people.set_responsible(house.boss, house.li, tier=1, category="P")
    assert await people.set_responsible(house.boss, house.li, tier=1, category=" P ") == first
    await people.set_responsible(house.boss, house.wang, tier=1, category="P")
    assert await names(house) == {"李明", "王芳"}
    assert await Responsibility.all().count() == 2


async def test_when_somebody_leaves_the_next_line_answers(house: House) -> None:
    await people.set_responsible(house.boss, house.wang, tier=1)
    await people.set_responsible(house.boss, house.li, tier=1, category="P")
    await people.revoke_person(house.boss, house.li, "left the company")
    assert await names(house) == {"王芳"}
    with pytest.raises(people.Inactive):
        await people.set_responsible(house.boss, house.li, tier=2)


async def test_an_ended_line_answers_no_more_and_can_be_set_again(house: House) -> None:
    line = await people.set_responsible(house.boss, house.li, tier=1)
    with pytest.raises(people.NeedsReason):
        await people.end_responsibility(house.boss, line, " ")
    await people.end_responsibility(house.boss, line, "new duties")
    assert await names(house) == set()
    with pytest.raises(NotFound):
        await people.end_responsibility(house.boss, line, "again")
    assert await people.set_responsible(house.boss, house.li, tier=1) != line
    assert await names(house) == {"李明"}


@pytest.mark.parametrize("tier", [0, 5, -1])
async def test_tiers_run_from_one_to_four(house: House, tier: int) -> None:
    with pytest.raises(people.Unlisted):
        await people.set_responsible(house.boss, house.li, tier=tier)


async def test_a_partners_person_is_told_of_that_partners_cases_only(house: House) -> None:
    for reach in (None, house.carrier):
        with pytest.raises(people.PartnersOwnOnly):
            await people.set_responsible(house.boss, house.he, tier=1, partner_id=reach)
    await people.set_responsible(house.boss, house.he, tier=1, partner_id=house.supplier)
    assert await names(house, partner=house.supplier) == {"何军"}
    assert await names(house, partner=house.carrier) == set()


async def test_lines_name_people_sites_and_partners_of_the_plant(house: House) -> None:
    other = await opened()
    foreign = await people.add_site(other.boss, other.plant, "N", "北厂", "North")
    for tried in (
        people.set_responsible(house.boss, other.li, tier=1),
        people.set_responsible(house.boss, house.li, tier=1, site_id=foreign),
        people.set_responsible(house.boss, house.li, tier=1, partner_id=other.supplier),
        people.set_responsible(house.boss, house.li, tier=1, partner_id=house.plant),
        people.end_responsibility(
            other.boss, await people.set_responsible(house.boss, house.li, tier=3), "x"
        ),
    ):
        with pytest.raises(NotFound):
            await tried
    with pytest.raises(plain_text.TooLong):
        await people.set_responsible(house.boss, house.li, tier=1, category="P" * 50)
