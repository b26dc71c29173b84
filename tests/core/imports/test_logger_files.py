"""A logger's file comes in whole and once; each doubt is told by line and column; what it proves opens its case."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import conditions, imports, lots
from core.anomalies.models import Anomaly
from core.conditions.models import Series
from core.imports import Faulty, SeriesKnown, SeriesStays, Subject, samples
from core.kit import Refusal, clock, system
from core.kit.provenance import Source
from core.notices.models import Notice
from tests.core.imports.test_importing import is_sound
from tests.plants import Plant, small_plant

HEAD = "批号,记录仪编号,采样时间,时区,温度（℃）,湿度（%RH）,温度下限（℃）,温度上限（℃）\n"
NOW = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
async def plant(database: object) -> Plant:
    """The small plant."""
    return await small_plant(enrolled=False)


def row(step: int, temperature: str, humidity: str = "45", rest: str = ",", zone: str = "+08:00") -> str:
    """A sample every ten minutes from 8:00."""
    return f"CT-001,SD-7,2026/11/2 {8 + step // 6}:{step % 6}0,{zone},{temperature},{humidity},{rest}\n"


GOOD = HEAD + row(0, "5", rest="2,8") + row(1, "5.5") + row(2, "9.5") + row(3, "5") + row(4, "4")


async def brought(plant: Plant, folder: Path, content: bytes) -> imports.Report:
    """A file handed in."""
    file = folder / "logger.csv"
    file.write_bytes(content)
    return await imports.import_file(
        system(plant.id, channel="cli"), file, imports.by_content(file), name="SD-7.csv"
    )


@pytest.mark.req("G-45a")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_from_file_to_alert(plant: Plant, tmp_path: Path, encoding: str) -> None:
    """The series with its file, the case with its facts, the owner told; the same file again changes nothing."""
    done = await brought(plant, tmp_path, GOOD.encode(encoding))
    assert done.run is not None
    assert (done.rows, done.run.subject) == (5, Subject.SERIES)
    lot = await lots.find(system(plant.id), "CT-001")
    (series,) = await conditions.series_of(system(plant.id), lot.id)
    assert done.series == series
    assert (series.begins, series.interval) == (
        dt.datetime(2026, 11, 2, 0, 0, tzinfo=dt.UTC),
        dt.timedelta(minutes=10),
    )
    assert (series.provenance.source, series.provenance.sha256) == (Source.FILE, done.run.file_digest)
    (case,) = await Anomaly.filter(plant_id=plant.id)
    assert (case.lot_number, case.owner_id) == ("CT-001", plant.persons["responsible"])
    assert "9.5 °C > 8" in case.description
    assert await Notice.filter(case_number=case.number, person_id=case.owner_id).exists()
    again = await brought(plant, tmp_path, GOOD.encode(encoding))
    assert (again.before, again.run) == (True, done.run)
    other = "utf-8" if encoding == "gb18030" else "gb18030"
    with pytest.raises(Faulty) as known:
        await brought(plant, tmp_path, GOOD.encode(other))
    assert isinstance(known.value.faults[0].why, SeriesKnown)
    assert await Anomaly.filter(plant_id=plant.id).count() == 1
    with pytest.raises(SeriesStays):
        await imports.undo(system(plant.id), done.run.number, "错")
    assert await is_sound(tmp_path)


async def test_trying_a_file_changes_nothing(plant: Plant, tmp_path: Path) -> None:
    """What it would come to is told; no series, no case, no notice."""
    file = tmp_path / "a.csv"
    file.write_bytes(GOOD.encode())
    tried = await imports.try_file(system(plant.id), file, imports.by_content(file))
    assert tried.series is not None
    assert len(tried.series.excursions) == 1
    assert (await Series.all().count(), await Anomaly.filter(plant_id=plant.id).count()) == (0, 0)


FIRST = row(0, "5", rest="2,8")


@pytest.mark.parametrize(
    ("text", "line", "column", "why"),
    [
        (HEAD + FIRST + row(1, "NaN"), 3, "温度（℃）", imports.NotMeasured),
        (HEAD + FIRST + row(1, "inf"), 3, "温度（℃）", imports.NotMeasured),
        (HEAD + FIRST + row(1, ""), 3, "温度（℃）", imports.CellMissing),
        (HEAD + FIRST + row(1, "850"), 3, "温度（℃）", imports.Absurd),
        (HEAD + FIRST + row(1, "5", "101"), 3, "湿度（%RH）", imports.Absurd),
        (HEAD + FIRST + row(1, '"1,234"'), 3, "温度（℃）", imports.MarkUnsure),
        (HEAD + FIRST + row(1, "5.5") + row(2, '"5,5"'), 4, "温度（℃）", imports.MarksMixed),
        (HEAD + FIRST + row(1, "5") + row(1, "5"), 4, "采样时间", imports.SampleTwice),
        (HEAD + FIRST + row(2, "5") + row(1, "5"), 4, "采样时间", imports.OutOfOrder),
        (HEAD + FIRST + "CT-001,SD-7,nix,,5,,,\n", 3, "采样时间", imports.NotAnInstant),
        (HEAD + row(0, "5", rest="2,8", zone=""), 2, "采样时间", imports.ZoneMissing),
        (HEAD + row(0, "5", rest="2,8", zone="Mars"), 2, "时区", imports.ZoneUnknown),
        (HEAD + FIRST + row(1, "5", rest="2,9"), 3, "温度上限（℃）", imports.SeriesMixed),
        (HEAD + FIRST + row(1, "5").replace("CT-001", "MC-001"), 3, "批号", imports.SeriesMixed),
        (HEAD + row(0, "5") + row(1, "5"), 2, "", imports.LimitsMissing),
        (HEAD + row(0, "5", rest="8,2") + row(1, "5"), 2, "", imports.LimitsCrossed),
        (HEAD + FIRST, 2, "interval", imports.IntervalUnclear),
        ((HEAD + FIRST + row(1, "5")).replace("CT-001", "NO-1"), 2, "批号", lots.LotUnknown),
        ((HEAD + FIRST + row(1, "5")).replace("2026/", "2027/"), 2, "", conditions.FromTheFuture),
    ],
)
async def test_every_doubt_is_told_by_line_and_column_and_nothing_comes_in(
    plant: Plant, tmp_path: Path, text: str, line: int, column: str, why: type[Refusal]
) -> None:
    """Not a figure, absurd, two readings, twice, out of order, no zone, another record, no limits, no such lot."""
    with pytest.raises(Faulty) as found:
        await brought(plant, tmp_path, text.encode())
    fault = found.value.faults[0]
    assert (fault.line, fault.column, type(fault.why)) == (line, column, why)
    assert await Series.filter(plant_id=plant.id).count() == 0


async def test_decimal_commas_come_in_where_semicolons_part_the_cells(plant: Plant, tmp_path: Path) -> None:
    """5,5 is five and a half; a plain CSV from a program set to German."""
    text = (HEAD + FIRST + row(1, "6.5") + row(2, "7.25")).replace(",", ";").replace(".", ",")
    done = await brought(plant, tmp_path, text.encode())
    assert done.series is not None
    assert done.series.highest == Decimal("7.25")


FIGURES = st.decimals(min_value=-200, max_value=200, places=2)
MOMENTS = st.datetimes(min_value=dt.datetime(2000, 1, 1), max_value=dt.datetime(2100, 1, 1))
OFFSETS = st.integers(min_value=-14 * 60, max_value=14 * 60)


@given(FIGURES, st.sampled_from(".,"))
def test_what_was_written_is_what_is_read(value: Decimal, mark: str) -> None:
    """Either mark, any figure of two decimals."""
    assert samples.Figures().temperature(str(value).replace(".", mark)) == value


@given(MOMENTS, OFFSETS)
def test_a_moment_is_the_same_with_its_own_offset_and_in_the_zone_stated(
    naive: dt.datetime, minutes: int
) -> None:
    """To the second; never shifted, whichever way the zone is said."""
    naive = naive.replace(microsecond=0)
    stated = dt.timezone(dt.timedelta(minutes=minutes))
    sign, (hours, rest) = "+" if minutes >= 0 else "-", divmod(abs(minutes), 60)
    offset = f"{sign}{hours:02}:{rest:02}"
    wanted = naive.replace(tzinfo=stated)
    plain = naive.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
    assert samples.zone(offset).utcoffset(naive) == stated.utcoffset(naive)
    assert samples.moment(plain + offset, None) == wanted
    assert samples.moment(plain.replace("-", "/"), samples.zone(offset)) == wanted


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else comes out: no crash, no NaN, no value beyond what goods meet, no time without a zone."""
    with suppress(Refusal):
        assert samples.COLDEST <= samples.Figures().temperature(text) <= samples.HOTTEST
    with suppress(Refusal):
        assert samples.moment(text, dt.UTC).utcoffset() == dt.timedelta(0)
    with suppress(Refusal):
        samples.zone(text)


def test_a_time_that_was_there_twice_or_never_is_refused() -> None:
    """Clocks put back and forward in Berlin; Shanghai's are not."""
    berlin, shanghai = samples.zone("Europe/Berlin"), samples.zone("Asia/Shanghai")
    for cell in ("2026-10-25 02:30", "2026-03-29 02:30"):
        with pytest.raises(imports.TimeTwice):
            samples.moment(cell, berlin)
        assert samples.moment(cell, shanghai).hour == 18
    assert clock.utc(NOW) == samples.moment("2026-11-02 16:00", shanghai)
