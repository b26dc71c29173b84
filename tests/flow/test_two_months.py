"""Two months of a plant with three partners come in through the doors alone; every lot then traces both ways, exactly.

The journal beside it is plain arithmetic on fractions and knows nothing of the product: what happened is noted there
when the story plays it, and what must follow from it is found by walking every path.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from pathlib import Path

import pytest

from core import calendars, epcis, ledger, sensors
from handlers import text
from tests.flow import by_command, by_events
from tests.flow.again import all_of_it_again
from tests.flow.by_epcis import GTINS
from tests.flow.by_mqtt import listening
from tests.flow.comparing import Comparing
from tests.flow.days import DAYS, FIRST, LAST, at
from tests.flow.house import FlowHouse, open_house
from tests.flow.story import Story
from tests.flow.telling import Telling
from tests.scenarios.virtual import stopped

_ = text.translator("zh_CN")
SEED = int(os.environ.get("FLOW_SEED", "7"))
ORDERS = int(os.environ.get("FLOW_ORDERS", "10"))


ENGINES = ("sqlite", "postgres") if "FLOW_ORDERS" in os.environ else ("sqlite",)
"""`make flow` plays on both; the rooms that the story goes through are tested on both in every run."""


@pytest.mark.parametrize("database", ENGINES, indirect=True)
@pytest.mark.req("G-91")
async def test_two_months_of_a_plant_with_three_partners(database: str, tmp_path: Path) -> None:
    story = Story(SEED, ORDERS)
    with stopped(at(0, "07:00")) as time:
        async with open_house(tmp_path, time) as house, listening(house) as mqtt:
            telling = Telling(house, mqtt, story)
            await telling.prepared()
            await telling.everything()
            comparing = Comparing(telling.programs, story.journal)
            await comparing.lots_are_those_of_the_journal()
            relatives = await comparing.traces_both_ways(story.journal.things)
            await comparing.cases_are_those_of_the_story(story.cases)
            await comparing.legs_are_those_of_the_story(
                story.drives, {n: telling.api.stage(n, 3) for n in story.drives}
            )
            await comparing.results_are_those_of_the_laboratory(story.measured)
            for day in (10, 20, 30):
                evening = at(day, "20:00")
                there = [one.number for one in story.journal.things.values() if one.at <= evening]
                await comparing.traces_both_ways(story.dice.sample(there, 8), evening)
            await epcis.tell_due()
            brought = {row[0] for one in story.told if one.deed == "bring_lots" for row in one.facts["lots"]}
            events = await by_events.tell_the_genealogy(telling.programs, story.journal, brought)
            told = dict(house.asked)
            await the_wall_calendar_is_the_products(house)
            await papers_stand_on_the_pages(house, story)
            await readings_are_those_of_the_story(house, story)
            await labels_and_lists_in_the_chat(house, story)
            if database == "sqlite":
                by_command.agrees(tmp_path, story.journal, ["MC-06-1", "PK-02-1"])
            await all_of_it_again(telling)
            await house.seals()
            signer = house.real.house.signer
            report = await ledger.verify(verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file)
            assert report.sound, [str(one) for one in report.faults][:5]
    print(
        f"\n{ORDERS} orders, seed {SEED}: {len(story.journal.things)} lots, {len(story.journal.pours)} links, "
        f"{len(story.journal.serials)} numbered boxes, {len(story.readings)} readings, {report.entries} ledger entries; "
        f"{relatives} relatives compared, {events} events read; told by door: {told}"
    )


async def the_wall_calendar_is_the_products(house: FlowHouse) -> None:
    """The days that people worked are those that the product counts."""
    known = await calendars.calendar_of(house.plant.id)
    every = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert [one for one in every if known.works(one)] == DAYS


async def papers_stand_on_the_pages(house: FlowHouse, story: Story) -> None:
    """The page of a bar shows its certificate, with what is out of limits; that of a sample its instrument's report."""
    session = await house.session("responsible")
    shown = {"TI-01": ["COA-TI-01"], "TI-03": ["COA-TI-03", "0.21"]}
    shown |= {lot: [f"R-{lot}"] for lot, (form, _values) in story.measured.items() if form in ("dfq", "qif")}
    for number, words in shown.items():
        url = house.url(f"/admin/lots/{number}")
        async with house.http.get(url, headers={"Cookie": session["Cookie"]}) as answer:
            page = await answer.text()
            assert answer.status == 200
            missing = [one for one in words if one not in page]
            assert not missing, (number, missing)


async def readings_are_those_of_the_story(house: FlowHouse, story: Story) -> None:
    """Each reading once, in its place, whenever and however often it came; the late one says so."""
    actor = await house.plant.actor("responsible")
    [sensor] = [one.sensor for one in await sensors.overview(actor)]
    points = await sensors.points_of(actor, sensor.id)
    assert [(one.at, one.value) for one in points] == sorted(story.readings)
    late = [one.at for one in points if sensors.Doubt.LATE in one.doubts]
    assert late == [at(story.faults.late_from, "13:00")]


async def labels_and_lists_in_the_chat(house: FlowHouse, story: Story) -> None:
    """A piece's label leads to its lot; the list of a trace names every lot of the journal."""
    person = house.persons["responsible"]
    for box, serials in list(story.journal.serials.items())[:3]:
        gtin = GTINS[story.journal.things[box].product]
        await person.says(f"(01){gtin}(21){story.dice.choice(serials)}")
        assert box in person.chat[-1].outgoing.head, person.transcript()
        await person.says(f"/trace {box}")
        await person.taps(_("📄 List as a file (CSV)"))
        [listed] = person.chat[-1].documents.values()
        rows = {cell for row in csv.reader(io.StringIO(listed.decode("utf-8-sig"))) for cell in row}
        relatives = {*story.journal.relatives(box, down=True), *story.journal.relatives(box, down=False)}
        assert relatives <= rows, relatives - rows
