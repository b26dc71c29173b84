"""A logger's record as a picture: temperature over time, its limits, what lay beyond them, where samples lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from core.conditions import Excursion, Point, Quantity, SeriesFacts
from core.kit.canonical import decimal_text
from handlers import text
from handlers.charts import lettering, marks
from handlers.charts.spec import MARGIN, WIDTH, Anchor, Box, ChartSpec, Path, Shape, Words

MOST = 600
"""Points that are drawn; of more, the lowest and highest of each stretch are kept, so that no peak is lost."""
_TOP, _BASE, _LEFT = 66.0, 236.0, 46.0
_RIGHT = WIDTH - MARGIN
_LIMIT = "#d98a00"


def figure(value: Decimal) -> str:
    """A temperature with at most two decimals."""
    return decimal_text(round(value, 2))


def told(one: Excursion, locale: str, zone: str) -> str:
    """An excursion in a line: when, how long, the worst value, what it adds up to."""
    _ = text.translator(locale)
    unit = "°C" if one.quantity is Quantity.TEMPERATURE else "%RH"
    return _("{begin}, {minutes} min, {side} {worst} {unit}, {sum} {unit}·min").format(
        begin=text.moment(one.begins, zone),
        minutes=round(one.lasted.total_seconds() / 60),
        side=_("up to") if one.above else _("down to"),
        worst=figure(one.worst),
        unit=unit,
        sum=figure(one.minutes_beyond),
    )


def chart(series: SeriesFacts, points: Sequence[Point], locale: str, zone: str) -> ChartSpec:
    """Lay out a record; its description tells the figures and each excursion in words."""
    _ = text.translator(locale)
    title = _("Logger {name}").format(name=series.logger)
    said = _("MKT {mkt} °C, {low} to {high} °C, out of limits: {n}, gaps: {gaps}").format(
        mkt=figure(series.mkt),
        low=figure(series.lowest),
        high=figure(series.highest),
        n=len(series.excursions),
        gaps=len(series.gaps),
    )
    plot = _Plot(series)
    shapes: list[Shape] = [
        Box(x=0, y=0, width=WIDTH, height=_BASE + 40, fill=marks.PAGE),
        Words(x=MARGIN, y=26, text=lettering.fit(title, 17, _RIGHT - MARGIN), size=17, bold=True),
        Words(x=MARGIN, y=48, text=lettering.fit(said, 14, _RIGHT - MARGIN), fill=marks.QUIET),
        Box(x=_LEFT, y=_TOP, width=_RIGHT - _LEFT, height=_BASE - _TOP, fill=marks.CARD, stroke=marks.RULE),
    ]
    shapes += [plot.band(one.begins, one.ends, "#e4e8ec") for one in series.gaps]
    shapes += [plot.band(one.begins, one.ends, marks.HELD_CARD) for one in series.excursions]
    for limit in (series.limits.temperature_lower, series.limits.temperature_upper):
        if limit is not None:
            y = plot.y(limit)
            shapes += [
                Path(points=((_LEFT, y), (_RIGHT, y)), stroke=_LIMIT, stroke_width=1.5),
                Words(x=_LEFT - 4, y=y + 5, text=figure(limit), fill="#744600", anchor=Anchor.END),
            ]
    shapes.append(Path(points=tuple(plot.at(one) for one in _thinned(points)), stroke=marks.FLOW))
    ends = ((series.begins, _LEFT, Anchor.START), (series.ends, _RIGHT, Anchor.END))
    shapes += [
        Words(x=x, y=_BASE + 22, text=text.moment(at, zone), fill=marks.QUIET, anchor=anchor)
        for at, x, anchor in ends
    ]
    spells = [told(one, locale, zone) for one in series.excursions]
    return ChartSpec(
        height=_BASE + 40,
        title=title,
        description="\n".join([f"{title}: {said}", *spells]),
        shapes=tuple(shapes),
        locale=locale,
    )


class _Plot:
    """Where a moment and a temperature lie on the sheet."""

    def __init__(self, series: SeriesFacts) -> None:
        limits = [
            one
            for one in (series.limits.temperature_lower, series.limits.temperature_upper)
            if one is not None
        ]
        self._low = float(min([series.lowest, *limits])) - 1
        self._high = float(max([series.highest, *limits])) + 1
        self._begins = series.begins
        self._seconds = max((series.ends - series.begins).total_seconds(), 1.0)

    def x(self, at: dt.datetime) -> float:
        part = (at - self._begins).total_seconds() / self._seconds
        return _LEFT + (_RIGHT - _LEFT) * min(max(part, 0.0), 1.0)

    def y(self, value: Decimal) -> float:
        return _BASE - (_BASE - _TOP) * (float(value) - self._low) / (self._high - self._low)

    def at(self, point: Point) -> tuple[float, float]:
        return self.x(point.at), self.y(point.temperature)

    def band(self, begins: dt.datetime, ends: dt.datetime, fill: str) -> Box:
        left, right = self.x(begins), self.x(ends)
        return Box(x=left, y=_TOP, width=max(right - left, 2.0), height=_BASE - _TOP, fill=fill)


def _thinned(points: Sequence[Point]) -> list[Point]:
    if len(points) <= MOST:
        return list(points)
    step = -(-len(points) * 2 // MOST)
    kept: list[Point] = []
    for start in range(0, len(points), step):
        stretch = points[start : start + step]
        ends = {
            id(one): one
            for one in (
                min(stretch, key=lambda one: one.temperature),
                max(stretch, key=lambda one: one.temperature),
            )
        }
        kept += sorted(ends.values(), key=lambda one: one.at)
    return kept
