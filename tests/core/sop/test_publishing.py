"""Publishing templates: versions follow one another, records keep theirs, partners stay among themselves."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from core import sop
from core.kit import NotFound, NotPermitted, clock, system
from core.ledger.models import LedgerEntry
from core.sop import BUILTIN, Field
from tests.plants import small_plant

SHIFT = Field(key="shift", type="text", label={"zh": "班次", "en": "Shift"}, required=False)
PARTNER = next(one for one in BUILTIN["S"] if one.key == "partner")


@pytest.mark.req("G-43")
async def test_the_next_version_takes_over_and_the_old_one_stays_readable(database: str) -> None:
    plant = await small_plant(enrolled=False)
    before = await sop.current_template(plant.id, "P")
    admin = await plant.actor("administrator")
    made = await sop.publish(admin, "P", (*BUILTIN["P"], SHIFT), reason="夜班追溯")
    assert (before.version, made.version) == (1, 2)
    assert await sop.current_template(plant.id, "P") == made
    assert await sop.template(before.id) == before
    assert [one.version for one in await sop.templates(plant.id) if one.category == "P"] == [2, 1]
    assert await LedgerEntry.filter(kind="sop:template:publish", plant_id=plant.id).count() == 11


async def test_a_template_counts_from_its_date_on(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    later = clock.now() + dt.timedelta(days=1)
    made = await sop.publish(admin, "P", (*BUILTIN["P"], SHIFT), effective_from=later)
    assert (await sop.current_template(plant.id, "P")).version == 1
    clock.shift(dt.timedelta(days=1, minutes=1))
    assert (await sop.current_template(plant.id, "P")).id == made.id


async def test_built_in_templates_are_published_once(database: str) -> None:
    plant = await small_plant(enrolled=False)
    assert await sop.publish_builtin(system(plant.id)) == 0
    assert [one.code for one in await sop.categories(plant.id)] == list(BUILTIN)


async def test_only_who_configures_procedures_publishes_them(database: str) -> None:
    plant = await small_plant(enrolled=False)
    for name in ("operator", "responsible", "manager", "supplier", "auditor"):
        with pytest.raises(NotPermitted):
            await sop.publish(await plant.actor(name), "P", BUILTIN["P"])


async def test_a_broken_template_or_an_unknown_category_changes_nothing(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    broken = (*BUILTIN["P"][:-1], dataclasses.replace(BUILTIN["P"][-1], photos_max=50))
    with pytest.raises(sop.TemplateBroken):
        await sop.publish(admin, "P", broken)
    with pytest.raises(sop.UnknownCategory):
        await sop.publish(admin, "X", BUILTIN["P"])
    with pytest.raises(sop.UnknownCategory):
        await sop.current_template(plant.id, "X")
    with pytest.raises(NotFound):
        await sop.template(10**9)
    assert len(await sop.templates(plant.id)) == 10


async def test_a_partners_people_are_offered_no_other_partner(database: str) -> None:
    plant = await small_plant(enrolled=False)
    own = await sop.choices_of(await plant.actor("coater_operator"), PARTNER, "zh_CN")
    assert own == [("KG-supplier", "晨光涂层")]
    everyone = await sop.choices_of(await plant.actor("operator"), PARTNER, "en")
    assert everyone == [
        ("KG-supplier", "Chenguang Coating"),
        ("KG-laboratory", "Jingce Laboratory"),
        ("KG-carrier", "Suda Cold Chain"),
    ]


async def test_options_come_in_the_readers_language(database: str) -> None:
    plant = await small_plant(enrolled=False)
    actor = await plant.actor("operator")
    stage = next(one for one in BUILTIN["P"] if one.key == "interface_from")
    assert ("coating", "涂层") in await sop.choices_of(actor, stage, "zh_CN")
    assert ("coating", "Coating") in await sop.choices_of(actor, stage, "en")
