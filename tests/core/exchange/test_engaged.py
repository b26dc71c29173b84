"""What an auditor who was let in for certain cases reaches, from every door: those cases and what belongs to them."""

from __future__ import annotations

import datetime as dt
import io
import random
from typing import Any

import pytest

from core import anomalies, evidence, lots, people
from core.anomalies import AnomalyFacts
from core.exchange import NothingThere
from core.exchange.verifier.bundle import Bundle
from core.exchange.verifier.places import Container
from core.kit import Actor, NotFound, clock, system
from core.people.models import AccessLog
from tests.core.anomalies.cases import reported
from tests.core.exchange import second_verifier
from tests.core.exchange.office import Office
from tests.plants import Plant, small_plant

DAY = dt.timedelta(days=1)


async def let_in(plant: Plant, **bounds: Any) -> Actor:
    """The auditor, with these bounds instead of those that stood."""
    root = system(plant.id)
    auditor = plant.persons["auditor"]
    for one in await people.engagements(root):
        if one.state(clock.now()) is people.EngagementState.OPEN:
            await people.end_engagement(root, one.id, "other bounds")
    await people.engage(
        root, auditor, opens_at=clock.now(), closes_at=clock.now() + 30 * DAY, reason="audit", **bounds
    )
    return await plant.actor("auditor", "admin")


async def two_cases(records_office: Office) -> tuple[AnomalyFacts, AnomalyFacts]:
    """One of the coater's lot, one of a lot machined at home, each with a photo."""
    return await records_office.reported("coater_operator"), await records_office.reported(
        "operator", lot="MC-002"
    )


async def test_an_auditor_let_in_for_one_case_sees_its_record_and_nothing_beside(
    records_office: Office,
) -> None:
    theirs, other = await two_cases(records_office)
    await lots.hold(
        await records_office.plant.actor("responsible"),
        [records_office.plant.lots["PK-001"]],
        theirs.number,
        "suspect",
    )
    before = await AccessLog.all().count()
    await people.log_access(await records_office.plant.actor("manager"), "admin", "case", case=theirs.number)
    await people.log_access(await records_office.plant.actor("manager"), "admin", "case", case=other.number)
    auditor = await let_in(records_office.plant, cases=[theirs.number])
    assert [one.number for one in (await anomalies.page(auditor)).rows] == [theirs.number]
    assert sum((await anomalies.counts(auditor)).values()) == 1
    with pytest.raises(NotFound):
        await anomalies.get(auditor, other.number)
    with pytest.raises(NotFound):
        await anomalies.get(auditor, other.id)
    assert {one.number for one in (await lots.page(auditor)).rows} == {"CT-001", "PK-001"}
    with pytest.raises(lots.LotUnknown):
        await lots.find(auditor, "MC-002")
    with pytest.raises(NotFound):
        await lots.trace_both(auditor, records_office.plant.lots["MC-002"])
    family = await lots.trace_both(auditor, records_office.plant.lots["CT-001"])
    assert {one.lot.number for one in family.nodes} == {"TI-001", "MC-001", "CT-001", "PK-001", "PK-002"}
    assert await lots.openable(auditor, [one.lot.id for one in family.nodes]) == {
        records_office.plant.lots["CT-001"],
        records_office.plant.lots["PK-001"],
    }
    assert await lots.undecided_for(auditor) == 1
    (mine,) = await evidence.evidence_of_case(auditor, theirs.number)
    assert (await records_office.darkroom.open_original(auditor, mine.id)).data
    (foreign,) = await evidence.evidence_of_case(system(records_office.plant.id), other.number)
    assert await evidence.evidence_of_case(auditor, other.number) == []
    for opening in (
        records_office.darkroom.open_original,
        records_office.darkroom.open_preview,
        records_office.darkroom.open_thumbnail,
    ):
        with pytest.raises(NotFound):
            await opening(auditor, foreign.id)
    views = (await people.accesses(auditor)).rows
    assert {one.case_number for one in views} == {theirs.number}
    assert await AccessLog.all().count() == before + 2


async def test_an_auditor_let_in_for_a_partner_sees_what_is_shared_with_that_partner(
    records_office: Office,
) -> None:
    theirs, other = await two_cases(records_office)
    auditor = await let_in(records_office.plant, partner_id=records_office.plant.partners["supplier"])
    assert [one.number for one in (await anomalies.page(auditor)).rows] == [theirs.number]
    with pytest.raises(NotFound):
        await anomalies.get(auditor, other.number)
    assert {one.number for one in (await lots.page(auditor)).rows} == {"CT-001"}
    organisations = {one.organisation_id for one in await people.everyone(auditor)}
    assert organisations == {records_office.plant.id, records_office.plant.partners["supplier"]}
    assert {one.organisation_id for one in await people.role_history(auditor)} == organisations
    (foreign,) = await evidence.evidence_of_case(system(records_office.plant.id), other.number)
    with pytest.raises(NotFound):
        await records_office.darkroom.open_preview(auditor, foreign.id)


async def test_a_bundle_holds_what_the_engagement_names_and_tells_of_it(records_office: Office) -> None:
    theirs, other = await two_cases(records_office)
    await let_in(records_office.plant, cases=[theirs.number])
    with pytest.raises(NotFound):
        await records_office.bundle(other.number)
    made, raw = await records_office.made(theirs.number)
    assert made.cases == (theirs.number,)
    second_verifier.verify(raw)
    report = Bundle(Container(io.BytesIO(raw)), [], None).json("access/report.json")
    assert [one["cases"] for one in report["engagements"]] == [[], [theirs.number]]
    assert {one["case_number"] for one in report["views"]} == {theirs.number}
    assert all("engagement " in one["detail"] for one in report["views"])


async def test_days_of_reports_bound_an_export_by_date_as_well(records_office: Office) -> None:
    first = await records_office.reported()
    clock.shift(5 * DAY)
    second = await records_office.reported()
    auditor = await let_in(
        records_office.plant, reported_since=clock.now() - DAY, reported_until=clock.now() + DAY
    )
    assert [one.number for one in (await anomalies.page(auditor)).rows] == [second.number]
    made, _raw = await records_office.made(
        since=first.reported_at.date(), until=second.reported_at.date() + DAY
    )
    assert made.cases == (second.number,)
    with pytest.raises(NothingThere):
        await records_office.bundle(since=first.reported_at.date(), until=first.reported_at.date() + DAY)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_the_bounds_the_cases_seen_are_those_that_lie_in_all_of_them(
    database: str, seed: int
) -> None:
    """Random cases and random bounds against a plain statement of the rule."""
    chance = random.Random(seed)
    plant = await small_plant(enrolled=False)
    everything = []
    for _number in range(6):
        clock.shift(chance.randint(0, 30) * dt.timedelta(hours=5))
        by, lot = chance.choice([("coater_operator", "CT-001"), ("operator", "MC-001")])
        everything.append(await reported(plant, by=by, lot=lot))
    for _try in range(8):
        named = chance.choice([[], [one.number for one in everything if chance.random() < 0.6]])
        partner = chance.choice([None, plant.partners["supplier"], plant.partners["carrier"]])
        since, until = sorted(chance.sample([one.reported_at for one in everything], 2))
        since = chance.choice([None, since])
        until = chance.choice([None, until + dt.timedelta(seconds=1)])
        auditor = await let_in(
            plant, cases=named, partner_id=partner, reported_since=since, reported_until=until
        )
        expected = {
            one.number
            for one in everything
            if (not named or one.number in named)
            and partner in (None, one.partner_id)
            and (since is None or one.reported_at >= since)
            and (until is None or one.reported_at < until)
        }
        assert {one.number for one in (await anomalies.page(auditor)).rows} == expected
        for one in everything:
            if one.number not in expected:
                with pytest.raises(NotFound):
                    await anomalies.get(auditor, one.number)
