"""A logger's record in a file: samples checked by line and column, then one series of one lot, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

from core import conditions, lots
from core.conditions import Limits, NewSeries, Point, Quantity
from core.imports import samples
from core.imports.errors import (
    CellMissing,
    IntervalUnclear,
    LimitsCrossed,
    LimitsMissing,
    NotAnInstant,
    OutOfOrder,
    SampleTwice,
    SeriesKnown,
    SeriesMixed,
)
from core.imports.models import ImportRun
from core.imports.subjects import Checked, Writer
from core.imports.terms import LIMITS
from core.kit import Actor, Level, Module, NotPermitted, Permission, Refusal
from core.kit.provenance import Provenance, Source
from core.lots import Brought

_SAME: Final = ("lot", "logger", "zone", "interval", "calibrated_until", *LIMITS)
"""What the first row says for the whole file; below it stands the same or nothing."""
_MOST_MINUTES: Final = 24 * 60


class Series(Writer):
    """One record of one logger with one lot."""

    first: dict[str, str] | None = None
    first_line: int = 0

    def more(self, checked: Checked) -> None:
        """The first row's words for all; each moment after the one above; figures beyond doubt."""
        if self.first is None:
            self.first = {name: checked.of(name)[0] for name in _SAME}
            self.first_line = checked.lines[0]
            self.points: list[Point] = []
            self.figures = samples.Figures()
            self.last: dt.datetime | None = None
            self.zone: dt.tzinfo | None = None
            if self.first["zone"]:
                try:
                    self.zone = samples.zone(self.first["zone"])
                except Refusal as why:
                    checked.fault(0, "zone", why)
                    self.zone = dt.UTC
        for name in _SAME:
            said = self.first[name]
            for place, cell in enumerate(checked.of(name)):
                if cell and cell != said:
                    checked.fault(place, name, SeriesMixed(text=cell[:40], first=said[:40]))
        for place, cells in enumerate(
            zip(checked.of("at"), checked.of("temperature"), checked.of("humidity"), strict=True)
        ):
            self._sample(checked, place, *cells)

    def _sample(self, checked: Checked, place: int, at: str, temperature: str, humidity: str) -> None:
        try:
            moment = samples.moment(_filled(at), self.zone)
            if self.last is not None and moment <= self.last:
                checked.fault(place, "at", SampleTwice() if moment == self.last else OutOfOrder())
            self.last = moment if self.last is None else max(moment, self.last)
        except Refusal as why:
            checked.fault(place, "at", why)
            moment = dt.datetime.min.replace(tzinfo=dt.UTC)
        try:
            warm = self.figures.temperature(_filled(temperature))
        except Refusal as why:
            checked.fault(place, "temperature", why)
            return
        try:
            wet = self.figures.humidity(humidity) if humidity else None
        except Refusal as why:
            checked.fault(place, "humidity", why)
            return
        if place not in checked.bad:
            self.points.append(Point(at=moment, temperature=warm, humidity=wet))

    async def write(self, _actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Count the samples; they are written together at the end."""
        return Brought(written=len(checked.lines) - len(checked.bad), digests=[], faults=[])

    async def finish(self, actor: Actor, run: ImportRun) -> list[tuple[int, str, Refusal]]:
        """Record the series of all samples: the room of conditions judges it, and a case opens if it must."""
        if self.first is None:
            return []
        name = ""
        try:
            found: dict[str, Decimal | None] = {}
            for name in LIMITS:
                found[name] = self.figures.read(self.first[name]) if self.first[name] else None
            name = ""
            limits = _sound(Limits(**found))
            name = "interval"
            interval = self._interval(self.first["interval"])
            name = "calibrated_until"
            until = _day(self.first["calibrated_until"])
            name = "lot"
            await self._not_known(actor, self.first)
            name = ""
            hands_in = actor.may(Permission(Module.LOTS, Level.REPORT))
            self.made = await (conditions.record_series if hands_in else conditions.bring_series)(
                actor,
                NewSeries(
                    logger=self.first["logger"],
                    interval=interval,
                    points=tuple(self.points),
                    limits=limits,
                    lot=self.first["lot"],
                    calibrated_until=until,
                    provenance=Provenance(source=Source.FILE, ref=run.file_name, sha256=run.file_digest),
                ),
            )
        except NotPermitted:
            raise
        except Refusal as why:
            return [(self.first_line, name, why)]
        return []

    def _interval(self, said: str) -> dt.timedelta:
        """The interval stated, else the most usual step; of two as usual the shorter, which hides no gap."""
        if said:
            try:
                minutes = Decimal(said.replace(",", "."))
            except InvalidOperation:
                raise IntervalUnclear from None
            if not minutes.is_finite() or not 0 < minutes <= _MOST_MINUTES:
                raise IntervalUnclear
            return dt.timedelta(seconds=int(minutes * 60))
        steps = Counter(after.at - before.at for before, after in pairwise(self.points))
        if not steps:
            raise IntervalUnclear
        return min(steps, key=lambda step: (-steps[step], step))

    async def _not_known(self, actor: Actor, first: dict[str, str]) -> None:
        lot = await lots.find(actor, first["lot"])
        begins, ends = self.points[0].at, self.points[-1].at
        for one in await conditions.series_of(actor, lot.id):
            if (one.logger, one.begins, one.ends, one.count) == (
                first["logger"],
                begins,
                ends,
                len(self.points),
            ):
                raise SeriesKnown(logger=one.logger, lot=lot.number)


def _sound(limits: Limits) -> Limits:
    """Answer limits of which at least one is stated, and none lies above its other."""
    pairs = [limits.of(quantity) for quantity in Quantity]
    if not any(one is not None for pair in pairs for one in pair):
        raise LimitsMissing
    if any(low is not None and high is not None and low > high for low, high in pairs):
        raise LimitsCrossed
    return limits


def _filled(cell: str) -> str:
    if not cell:
        raise CellMissing
    return cell


def _day(said: str) -> dt.date | None:
    if not said:
        return None
    try:
        return dt.date.fromisoformat(said.replace("/", "-")[:10])
    except ValueError:
        raise NotAnInstant(text=said[:40]) from None
