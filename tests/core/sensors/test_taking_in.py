"""Messages become readings in their place; alarms open one case each; what is no reading is put aside and counted."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from core import anomalies, lots, sensors
from core.kit import NotFound, NotPermitted, clock
from core.sensors import Doubt, EpisodeState, Format, Kind, Message, NewSensor, Trouble, Why
from core.sensors.models import Arrival, Fresh, SensorChunk, SensorEpisode
from tests.core.sensors.hall import MINUTE, RULE, TOPIC, Hall, hall


@pytest.fixture
async def cold(database: str) -> Hall:
    return await hall()


async def asides(cold: Hall) -> dict[Why, int]:
    return {one.why: one.count for one in await sensors.asides(await cold.plant.actor("manager"))}


async def episodes(cold: Hall) -> list[sensors.EpisodeFacts]:
    return await sensors.episodes_of(await cold.plant.actor("manager"), cold.sensor.id)


async def points(cold: Hall) -> list[sensors.Point]:
    return await sensors.points_of(await cold.plant.actor("manager"), cold.sensor.id)


async def test_an_alarm_opens_one_case_and_the_case_hears_its_end(cold: Hall) -> None:
    """It names the lots under the sensor, holds all of them in one tap, and is told when the episode is over."""
    worker = await cold.plant.actor("responsible")
    for number in ("CT-001", "MC-002"):
        await sensors.stand(worker, cold.sensor.id, lot=number)
    for minute in range(12):
        await cold.at(minute)
        await cold.bring(cold.message(minute, "5" if minute < 2 else "9.5"))
    (case,) = await cold.cases()
    assert (case.category, case.subcode, case.lot_number) == ("P", "P05", "CT-001")
    for said in ("COLD-1", "9.5 °C > 8 °C", "CT-001, MC-002", "hysteresis 1"):
        assert said in case.description, said
    held = {one.lot_number for one in await anomalies.hold_affected(worker, case.id)}
    assert held >= {"CT-001", "MC-002", "PK-001", "PK-002"}
    for minute in range(12, 15):
        await cold.at(minute)
        await cold.bring(cold.message(minute, "6.5"))
    assert len(await cold.cases()) == 1
    alarm, warning = sorted(await episodes(cold), key=lambda one: one.episode.severity)
    assert (alarm.state, alarm.case_number, alarm.episode.worst) == (
        EpisodeState.OVER,
        case.number,
        Decimal("9.5"),
    )
    assert alarm.episode.ends == cold.start + 12 * MINUTE
    assert (warning.episode.severity, warning.state, warning.case_number) == (
        "warning",
        EpisodeState.OPEN,
        "",
    )
    timeline = await anomalies_timeline(cold, case.number)
    assert any("已结束 over" in one for one in timeline)


async def anomalies_timeline(cold: Hall, number: str) -> list[str]:
    from core.anomalies.models import Supplement

    return [one.reason for one in await Supplement.filter(anomaly__number=number).order_by("id")]


async def test_what_comes_twice_is_taken_once(cold: Hall) -> None:
    """Delivered anew by the broker, published again by the sender, or both at once: one reading, one chunk of it."""
    first = cold.message(0, "5", seq=1)
    await cold.at(1)
    await sensors.receive([replace(first, packet=7), replace(first, packet=7, anew=True), first])
    await cold.bring(replace(first, packet=8))
    await cold.bring(cold.message(0, "6", seq=2))
    assert [(one.value, one.doubts) for one in await points(cold)] == [(Decimal(5), Doubt.NONE)]
    assert await asides(cold) == {Why.DIFFERS: 1}
    await cold.at(30)
    await sensors.pack_due()
    await cold.bring(cold.message(0, "5", seq=1))
    assert await SensorChunk.filter(sensor_id=cold.sensor.id).count() == 1
    assert await Fresh.filter(sensor_id=cold.sensor.id).count() == 0
    assert len(await points(cold)) == 1


async def test_bare_numbers_have_our_time_and_are_known_by_their_packet(database: str) -> None:
    """Two at one instant are two readings; the same packet delivered anew is none."""
    cold = await hall(format=Format.BARE)
    one = Message(topic=TOPIC, payload=b" 5.25\n", packet=3)
    await cold.bring(one, replace(one, anew=True), Message(topic=TOPIC, payload=b"5.5", packet=4))
    assert [point.value for point in await points(cold)] == [Decimal("5.25"), Decimal("5.5")]
    await cold.bring(Message(topic=TOPIC, payload=b"5.5", packet=9, retained=True))
    assert await asides(cold) == {Why.RETAINED: 1}


async def test_a_pack_of_senml_is_many_readings(database: str) -> None:
    """Base fields carry on; relative times are counted from receipt; a field that must be understood is refused."""
    cold = await hall(format=Format.SENML)
    await cold.at(10)
    base = cold.start.timestamp()
    pack = [
        {"bn": "urn:dev:1", "bt": base, "bu": "Cel", "v": 5.1},
        {"t": 60, "v": 5.2},
        {"n": "note", "vs": "door open"},
        {"t": 120, "v": 5.3},
    ]
    bad = [{"v": 5, "critical_": 1}]
    await cold.bring(*(Message(topic=TOPIC, payload=json.dumps(one).encode()) for one in (pack, bad)))
    assert [(one.at, one.value) for one in await points(cold)] == [
        (cold.start + n * MINUTE, Decimal(value)) for n, value in enumerate(("5.1", "5.2", "5.3"))
    ]
    assert await asides(cold) == {Why.SHAPE: 1}


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"[" * 100_000, Why.SHAPE),
        (b'{"value": NaN}', Why.NUMBER),
        (b'{"value": Infinity}', Why.NUMBER),
        (b'{"value": 1e999}', Why.NUMBER),
        (b'{"value": "5"}', Why.NUMBER),
        (b'{"value": true}', Why.NUMBER),
        (b'{"value": 5, "value": 6}', Why.SHAPE),
        (b'{"value": 5, "at": "2026-12-01T08:00:00"}', Why.SHAPE),
        (b'{"value": 5, "at": "0001-01-01T00:00:00+14:00"}', Why.SHAPE),
        (b'{"value": 5, "at": 1e30}', Why.NUMBER),
        (b'{"value": 5, "at": 999999999999}', Why.SHAPE),
        (b'{"value": 5, "unit": "\\u0000"}', Why.UNIT),
        (b'{"value": 41, "unit": "Fahrenheit"}', Why.UNIT),
        (b'{"value": -300}', Why.RANGE),
        (b'{"value": 5, "at": 1}', Why.OLD),
        (b'{"value": 5' + b" " * 300_000 + b"}", Why.LARGE),
        (b"\xff\xfe5", Why.ENCODING),
        (b"\x00", Why.SHAPE),
        (b"", Why.SHAPE),
        (b"null", Why.SHAPE),
        ("５".encode(), Why.SHAPE),
    ],
)
async def test_what_is_no_reading_is_put_aside_for_its_reason(
    sqlite_cold: Hall, payload: bytes, why: Why
) -> None:
    """Counted, shown with how it began; the series is as it was."""
    await sqlite_cold.bring(Message(topic=TOPIC, payload=payload), Message(topic=TOPIC, payload=payload))
    assert await asides(sqlite_cold) == {why: 2}
    assert await points(sqlite_cold) == []
    assert await Arrival.filter(done_at=None).count() == 0


@pytest.fixture
async def sqlite_cold(sqlite_files: object) -> Hall:
    from tests.databases import close_database, open_database

    await open_database(await sqlite_files.fresh())  # type: ignore[attr-defined]
    yield await hall()  # type: ignore[misc]
    await close_database()


async def test_topics_of_nobody_are_counted_and_a_flood_of_them_is_one_row(
    cold: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wildcards, NUL and what a stranger makes up: nothing of it is a sensor's."""
    monkeypatch.setattr("core.sensors.receiving.MOST_ASIDE", 3)
    await cold.bring(
        *(Message(topic=name, payload=b"1") for name in ("+/#", "a\0b", "", *(f"x{n}" for n in range(50))))
    )
    found = await sensors.asides(await cold.plant.actor("manager"))
    assert sum(one.count for one in found) == 53
    assert len(found) <= 5


async def test_the_clock_of_the_sender_holds_unless_it_runs_ahead(cold: Hall) -> None:
    """Two minutes are nothing; more is placed at receipt and said; late and out of order is told apart."""
    await cold.at(20)
    await cold.bring(cold.message(21, "5"), cold.message(90, "5.1"), cold.message(90, "5.1"))
    await cold.at(40)
    await cold.bring(cold.message(39, "5.2"), cold.message(30, "5.3"))
    found = await points(cold)
    assert [one.doubts for one in sorted(found, key=lambda one: one.value)] == [
        Doubt.NONE,
        Doubt.CLOCK | Doubt.ORDER,
        Doubt.GAP,
        Doubt.LATE | Doubt.ORDER | Doubt.GAP,
    ]
    assert [one.at for one in found] == sorted(one.at for one in found)


async def test_values_that_look_like_another_unit_are_flagged_and_stay_as_they_are(cold: Hall) -> None:
    """41 in a room of 5 °C is what 5 °C is in Fahrenheit: it alarms, says so, and is not converted."""
    await cold.at(8)
    await cold.bring(*(cold.message(n, f"{4.9 + n % 3 / 10:.1f}") for n in range(8)))
    for minute in range(8, 15):
        await cold.at(minute)
        await cold.bring(cold.message(minute, "41"))
    assert {one.value for one in await points(cold) if Doubt.UNIT in one.doubts} == {Decimal(41)}
    (case,) = await cold.cases()
    assert "41 °C > 8 °C" in case.description
    assert "unit in doubt" in case.description


async def test_humidity_as_a_fraction_and_an_old_calibration_are_flagged(database: str) -> None:
    cold = await hall(kind=Kind.HUMIDITY, unit="%RH", calibrated_until=dt.date(2020, 1, 1), jump=Decimal(10))
    await cold.at(3)
    await cold.bring(cold.message(0, "0.45"), cold.message(1, "45"))
    assert [one.doubts for one in await points(cold)] == [
        Doubt.UNIT | Doubt.UNCALIBRATED,
        Doubt.JUMP | Doubt.UNCALIBRATED,
    ]


async def test_silence_alarms_without_any_reading_and_late_readings_take_it_back(cold: Hall) -> None:
    """A timed job finds it; when a gateway hands in what it kept, the case hears that nothing is missing."""
    for minute in range(3):
        await cold.at(minute)
        await cold.bring(cold.message(minute, "5"))
    await cold.at(11.9)
    assert await sensors.look() == 0
    await cold.at(13)
    assert await sensors.look() == 1
    assert await sensors.look() == 0
    (case,) = await cold.cases()
    assert (case.category, case.subcode) == ("E", "E01")
    await cold.bring(*(cold.message(minute, "5.1") for minute in range(3, 13)))
    (only,) = await episodes(cold)
    assert (only.state, only.episode.trouble) == (EpisodeState.RETRACTED, Trouble.MISSING)
    worker = await cold.plant.actor("responsible")
    await cold.at(30)
    await sensors.look()
    await sensors.change_sensor(worker, cold.sensor.id, reason="停用", active=False)
    assert [one.state for one in await episodes(cold)] == [EpisodeState.OVER, EpisodeState.RETRACTED]
    assert await sensors.look() == 0
    assert any("do not bear" in one for one in await anomalies_timeline(cold, case.number))
    assert len(await cold.cases()) == 2


async def test_an_alarm_known_late_says_so_and_opens_one_case(cold: Hall) -> None:
    """What was kept back in a tunnel is judged as if it had come in time."""
    await cold.at(0)
    await cold.bring(cold.message(0, "5"))
    await cold.at(60)
    await cold.bring(cold.message(60, "5"))
    await cold.bring(
        *(cold.message(n, "12") for n in range(20, 40)), *(cold.message(n, "5") for n in (40, 41))
    )
    late = [one for one in await episodes(cold) if one.episode.trouble is Trouble.HIGH and one.case_number]
    assert [(one.late, one.state) for one in late] == [(True, EpisodeState.OVER)]
    [case] = [one for one in await cold.cases() if one.number == late[0].case_number]
    assert "Known late" in case.description


async def test_any_order_of_arrival_records_the_same_episodes(cold: Hall) -> None:
    """The whole way through the database: shuffled with duplicates, in packs of any size, chunks written between."""
    dice = random.Random(7)
    told = [(n, "9.5" if 20 <= n < 45 or 60 <= n < 75 else "1" if 90 <= n < 99 else "5") for n in range(110)]
    await cold.at(110)
    shuffled = [*told, *dice.choices(told, k=20)]
    dice.shuffle(shuffled)
    while shuffled:
        size = dice.randint(1, 40)
        part, shuffled = shuffled[:size], shuffled[size:]
        await cold.bring(*(cold.message(*one) for one in part))
        await cold.at(110 + dice.randint(0, 9))
    live = [one for one in await episodes(cold) if one.state is not EpisodeState.RETRACTED]
    at = sorted(
        (
            one.episode.trouble.value,
            one.episode.severity.value,
            (one.episode.begins - cold.start) // MINUTE,
            (one.episode.ends - cold.start) // MINUTE,
        )
        for one in live
        if one.episode.ends is not None
    )
    assert at == [
        ("high", "alarm", 20, 45),
        ("high", "alarm", 60, 75),
        ("high", "warning", 20, 45),
        ("high", "warning", 60, 75),
        ("low", "alarm", 90, 99),
    ]
    assert len(live) == len(at)
    rows = await SensorEpisode.filter(sensor_id=cold.sensor.id).exclude(case_number="")
    live_cases = [one.case_number for one in live if one.case_number]
    assert len(live_cases) == len(set(live_cases)) == 3
    assert {one.case_number for one in rows} >= set(live_cases)


async def test_readings_are_kept_even_where_no_case_can_be_opened(database: str) -> None:
    """A plant without templates loses no reading; once it has some, the case is opened."""
    from core import people, sop
    from core.kit import system

    root = system(await people.found_plant("BARE", "空厂", "Bare"))
    await people.add_person(root, root.plant_id, "甲", ["manager"])
    sensor = await sensors.record_sensor(
        root, NewSensor(code="S", kind=Kind.TEMPERATURE, unit="Cel", topic="s")
    )
    await sensors.set_rule(root, sensor.id, replace(RULE, delay=dt.timedelta(0), missing=None), reason="2–8")
    await sensors.receive([Message(topic="s", payload=b'{"value": 9}')])
    await sensors.take_in()
    assert await SensorEpisode.filter(severity="alarm").values_list("case_number", flat=True) == [""]
    await sop.publish_builtin(root)
    await sensors.look()
    assert (await SensorEpisode.get(severity="alarm")).case_number.startswith("AN-")


async def test_a_fault_in_opening_a_case_costs_no_reading(
    cold: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The readings are committed, the case is opened when the fault is gone; a fault in reading puts one message aside."""

    async def fault(*_said: object) -> None:
        msg = "a fault of ours"
        raise RuntimeError(msg)

    with monkeypatch.context() as broken:
        broken.setattr(sensors.alarmed, "_joined", [fault])
        for minute in range(7):
            await cold.at(minute)
            await cold.bring(cold.message(minute, "9"))
    assert len(await points(cold)) == 7
    assert await cold.cases() == []
    await sensors.look()
    assert len(await cold.cases()) == 1
    with monkeypatch.context() as broken:
        broken.delattr("core.sensors.taking_in.payloads.read")
        await cold.bring(cold.message(7, "9"))
        for _try in range(3):
            await sensors.take_in()
    await cold.at(8)
    await cold.bring(cold.message(8, "9"))
    assert len(await points(cold)) == 8
    assert await asides(cold) == {Why.FAILED: 1}


async def test_rights_and_scopes(cold: Hall) -> None:
    """Operators set no limits; a partner sees and records its own sensors alone; versions never begin in the past."""
    operator, supplier = await cold.plant.actor("operator"), await cold.plant.actor("supplier")
    with pytest.raises(NotPermitted):
        await sensors.set_rule(operator, cold.sensor.id, RULE, reason="x")
    with pytest.raises(NotFound):
        await sensors.get(supplier, "COLD-1")
    assert await sensors.overview(supplier) == []
    worker, admin = await cold.plant.actor("responsible"), await cold.plant.actor("administrator")
    with pytest.raises(sensors.RuleInThePast):
        await sensors.set_rule(
            worker, cold.sensor.id, RULE, reason="x", since=clock.now() - dt.timedelta(days=1)
        )
    new = NewSensor(code="COLD-2", kind=Kind.TEMPERATURE, unit="C", topic="plant/cold-2")
    made = await sensors.bring_sensor(admin, new)
    assert made.unit == "°C"
    for wrong, refusal in (
        (replace(new, code="COLD-1", topic="t"), sensors.CodeTaken),
        (replace(new, code="X"), sensors.TopicTaken),
        (replace(new, code="X", topic="a/#"), sensors.TopicMalformed),
        (replace(new, code="X", topic="t", unit="Pa"), sensors.UnitUnknown),
    ):
        with pytest.raises(refusal):
            await sensors.bring_sensor(admin, wrong)
    for bad, refusal in (
        (replace(RULE, alarm_low=Decimal(9)), sensors.LimitsCrossed),
        (replace(RULE, hysteresis=Decimal(-1)), sensors.HysteresisMalformed),
        (replace(RULE, mkt=Decimal(7)), sensors.SpanMalformed),
        (sensors.NewRule(missing=None), sensors.NothingWatched),
    ):
        with pytest.raises(refusal):
            await sensors.bring_rule(admin, made.id, bad, reason="x")
    lot = await lots.find(worker, "CT-001")
    standing = await sensors.stand(worker, made.id, lot="CT-001")
    assert [one[1].code for one in await sensors.of_lot(worker, lot.id)] == ["COLD-2"]
    await sensors.leave(worker, standing.id)
    with pytest.raises(sensors.StandingEnded):
        await sensors.leave(worker, standing.id)
