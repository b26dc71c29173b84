"""Who sees which case, and finding them: lists page by key and count inside the reader's scope."""

from __future__ import annotations

import datetime as dt

import pytest

from core import anomalies, people
from core.anomalies import Filters
from core.kit import NotFound, clock, system
from tests.core.anomalies.cases import confirmed, reported, taken
from tests.plants import Plant, small_plant


async def seen(plant: Plant, name: str) -> set[str]:
    """The last digits of the numbers that a person finds in the list."""
    return {one.number[-1] for one in (await anomalies.page(await plant.actor(name))).rows}


async def test_each_person_sees_what_is_theirs(database: str) -> None:
    plant = await small_plant(enrolled=False)
    await reported(plant, by="coater_operator")
    await reported(plant, by="operator", lot="MC-001")
    await reported(plant, by="second", category="S", lot=None, partner="KG-carrier")
    for name in ("responsible", "manager", "auditor", "administrator", "site_head"):
        assert await seen(plant, name) == {"1", "2", "3"}, name
    assert await seen(plant, "supplier") == {"1"}
    assert await seen(plant, "coater_operator") == {"1"}
    assert await seen(plant, "operator") == {"2"}
    assert await seen(plant, "carrier") == {"3"}
    assert await seen(plant, "laboratory") == set()


async def test_another_plant_sees_nothing_and_learns_nothing(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant)
    other = await small_plant(code="OT", enrolled=False)
    stranger = await other.actor("manager")
    for wanted in (case.id, case.number):
        with pytest.raises(NotFound):
            await anomalies.get(stranger, wanted)
    assert (await anomalies.page(stranger)).rows == []
    with pytest.raises(NotFound):
        await anomalies.acknowledge(await other.actor("responsible"), case.id)
    assert (await reported(other)).number == case.number, "each plant counts for itself"


async def test_a_person_of_one_site_sees_that_sites_cases_and_those_of_none(database: str) -> None:
    plant = await small_plant(enrolled=False)
    root = system(plant.id)
    site = await people.add_site(root, plant.id, "S1", "一厂", "Plant 1")
    person = await people.add_person(root, plant.id, "郭敏", ["responsible"], site_id=site)
    plant.persons["bounded"] = person
    await reported(plant)
    assert await seen(plant, "bounded") == {"1"}


async def test_lists_page_by_key_without_losing_or_doubling_a_case(database: str) -> None:
    plant = await small_plant(enrolled=False)
    for _ in range(5):
        await reported(plant)
    reader = await plant.actor("manager")
    numbers: list[str] = []
    after: int | None = None
    while True:
        page = await anomalies.page(reader, size=2, after=after)
        numbers += [one.number[-1] for one in page.rows]
        after = page.next_key
        if after is None:
            break
        await reported(plant) if len(numbers) == 2 else None
    assert numbers == ["5", "4", "3", "2", "1"], "what comes in meanwhile does not shift the pages"


@pytest.mark.req("G-45a")
async def test_filters_narrow_the_list(database: str) -> None:
    plant = await small_plant()
    process = await taken(plant)
    label = await reported(plant, category="K", lot="PK-001", description="标签错位")
    reader = await plant.actor("manager")

    async def found(filters: Filters) -> list[str]:
        return [one.number[-1] for one in (await anomalies.page(reader, filters)).rows]

    assert await found(Filters(category="K")) == ["2"]
    assert await found(Filters(state="collecting")) == ["1"]
    assert await found(Filters(partner_id=plant.partners["supplier"])) == ["1"]
    assert await found(Filters(text="标签")) == ["2"]
    assert await found(Filters(text="pk-001")) == ["2"]
    assert await found(Filters(text=process.number)) == ["1"]
    assert await found(Filters(text="%")) == []
    await confirmed(plant, process)
    assert await found(Filters(grade="C")) == ["1"]
    assert await found(Filters(overdue=True)) == []
    clock.shift(dt.timedelta(days=8))
    assert await found(Filters(overdue=True)) == ["2", "1"]
    assert await anomalies.overdue_count(reader) == 2
    late = [one.number for one in await anomalies.overdue(clock.now())]
    assert late == [process.number], "an unacknowledged case is the alert's business"
    assert label.number not in late


async def test_counts_and_personal_lists(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case, other = await taken(plant), await reported(plant)
    counts = await anomalies.counts(await plant.actor("manager"))
    assert {state: number for state, number in counts.items() if number} == {"reported": 1, "collecting": 1}
    assert set(counts) == {one.value for one in anomalies.State}
    mine = await anomalies.open_for(plant.persons["responsible"])
    assert {one.id for one in mine} == {case.id, other.id}
    own = await anomalies.reported_by(plant.persons["operator"])
    assert [one.id for one in own] == [other.id, case.id]
    assert await anomalies.counts(await plant.actor("laboratory")) == dict.fromkeys(counts, 0)


async def test_the_grading_steps_of_an_unseen_case_are_not_found(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, lot="MC-001")
    with pytest.raises(NotFound):
        await anomalies.gradings(await plant.actor("supplier"), case.id)
