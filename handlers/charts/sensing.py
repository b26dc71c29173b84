"""A sensor's readings as a picture: the line, the limits it is held to, the stretches of its episodes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from core.kit.canonical import decimal_text
from core.sensors import Episode, EpisodeFacts, EpisodeState, Point, Rule, SensorFacts, Trouble
from handlers import text
from handlers.charts import lettering
from handlers.charts.spec import MARGIN, TEXT, WIDTH, Anchor, Box, ChartSpec, Path, Shape, Words

_INK, _QUIET, _RULE, _LINE = "#1b2530", "#4a5763", "#c9d1d9", "#144e8c"
_ALARM, _WARN, _SHADE = "#a4262c", "#8a5a00", "#fdebe9"
_HEIGHT, _TOP, _BOTTOM = 268, 56, 222
_LEFT, _RIGHT = MARGIN + 4, WIDTH - MARGIN
MOST = 320
"""Points that a phone can tell apart; of more, the lowest and highest of each stretch are drawn."""
_SPARK = (120.0, 28.0)


def thinned(points: Sequence[Point], most: int = MOST) -> list[Point]:
    """Answer at most so many points, among them the lowest and highest of every stretch."""
    if len(points) <= most:
        return list(points)
    size = -(-len(points) * 2 // most)
    kept: list[Point] = []
    for start in range(0, len(points), size):
        part = points[start : start + size]
        low, high = min(part, key=lambda one: one.value), max(part, key=lambda one: one.value)
        kept += sorted({low.at: low, high.at: high}.values(), key=lambda one: one.at)
    return kept


def _lines(rule: Rule | None) -> list[tuple[Decimal, str]]:
    if rule is None:
        return []
    pairs = (
        (rule.alarm_high, _ALARM),
        (rule.warning_high, _WARN),
        (rule.warning_low, _WARN),
        (rule.alarm_low, _ALARM),
    )
    return [(limit, colour) for limit, colour in pairs if limit is not None]


class _Scale:
    """From instants and values to pixels."""

    def __init__(self, begins: dt.datetime, ends: dt.datetime, values: Sequence[Decimal]) -> None:
        low, high = float(min(values)), float(max(values))
        room = (high - low) * 0.08 or 1.0
        self._low, self._span = low - room, high - low + 2 * room
        self._begins, self._lasts = begins, max(ends - begins, dt.timedelta(seconds=1))

    def x(self, at: dt.datetime) -> float:
        """Where an instant stands."""
        share = (at - self._begins) / self._lasts
        return _LEFT + (_RIGHT - _LEFT) * min(max(share, 0.0), 1.0)

    def y(self, value: Decimal) -> float:
        """Where a value stands."""
        return _BOTTOM - (_BOTTOM - _TOP) * (float(value) - self._low) / self._span


def _pieces(points: Sequence[Point], apart: dt.timedelta) -> list[list[Point]]:
    """The readings cut where some are missing: no line is drawn over what nobody measured."""
    pieces: list[list[Point]] = []
    for one in points:
        if pieces and one.at - pieces[-1][-1].at <= apart:
            pieces[-1].append(one)
        else:
            pieces.append([one])
    return pieces


def chart(
    sensor: SensorFacts,
    points: Sequence[Point],
    rule: Rule | None,
    episodes: Sequence[EpisodeFacts],
    locale: str,
    zone: str,
) -> ChartSpec:
    """Lay out the readings of a stretch of time; without any, the picture says so."""
    _ = text.translator(locale)
    title = f"{sensor.code} · {_(sensor.kind.says)} ({sensor.unit})"
    shapes: list[Shape] = [
        Words(x=MARGIN, y=26, text=lettering.fit(title, 16, WIDTH - 2 * MARGIN), size=16, bold=True)
    ]
    if not points:
        said = _("No readings in this time.")
        shapes.append(Words(x=MARGIN, y=90, text=said, fill=_QUIET))
        return ChartSpec(height=120, title=title, description=said, shapes=tuple(shapes), locale=locale)
    low, high = min(one.value for one in points), max(one.value for one in points)
    figures = _("{n} readings, lowest {low}, highest {high}").format(
        n=len(points), low=decimal_text(low), high=decimal_text(high)
    )
    shapes.append(Words(x=MARGIN, y=46, text=lettering.fit(figures, TEXT, WIDTH - 2 * MARGIN), fill=_QUIET))
    limits = _lines(rule)
    scale = _Scale(points[0].at, points[-1].at, [low, high, *(one for one, _colour in limits)])
    sentences = [title, figures]
    for one in episodes:
        if one.state is not EpisodeState.RETRACTED:
            shapes.append(_shade(one.episode, scale, points[-1].at))
            sentences.append(told(one.episode, locale, zone))
    for limit, colour in limits:
        y = scale.y(limit)
        shapes.append(Path(points=((_LEFT, y), (_RIGHT, y)), stroke=colour, stroke_width=1.2))
        shapes.append(
            Words(x=_RIGHT, y=y - 4, text=decimal_text(limit), size=TEXT, fill=colour, anchor=Anchor.END)
        )
        sentences.append(_("Limit {value}").format(value=decimal_text(limit)))
    drawn = thinned(points)
    longest = max(3 * sensor.interval, (points[-1].at - points[0].at) / 60)
    for piece in _pieces(drawn, longest):
        line = tuple((scale.x(one.at), scale.y(one.value)) for one in piece)
        shapes.append(Path(points=line * 2 if len(line) == 1 else line, stroke=_LINE, stroke_width=1.8))
    shapes += [
        Path(points=((_LEFT, _BOTTOM + 6), (_RIGHT, _BOTTOM + 6)), stroke=_RULE, stroke_width=1),
        Words(x=_LEFT, y=_BOTTOM + 26, text=text.moment(points[0].at, zone), fill=_QUIET),
        Words(
            x=_RIGHT, y=_BOTTOM + 26, text=text.moment(points[-1].at, zone), fill=_QUIET, anchor=Anchor.END
        ),
    ]
    return ChartSpec(
        height=_HEIGHT, title=title, description="\n".join(sentences), shapes=tuple(shapes), locale=locale
    )


def _shade(one: Episode, scale: _Scale, last: dt.datetime) -> Box:
    left, right = scale.x(one.begins), scale.x(one.ends or last)
    return Box(x=left, y=_TOP - 4, width=max(right - left, 2), height=_BOTTOM - _TOP + 8, fill=_SHADE)


def told(one: Episode, locale: str, zone: str) -> str:
    """Answer an episode as a sentence: what, how bad, from when to when."""
    _ = text.translator(locale)
    ends = _("going on") if one.ends is None else text.moment(one.ends, zone)
    worst = "" if one.trouble is Trouble.MISSING else f" {decimal_text(one.worst)}"
    return f"{_(one.severity.says)}: {_(one.trouble.says)}{worst}, {text.moment(one.begins, zone)} → {ends}"


def spark(points: Sequence[Point], rule: Rule | None, sensor: SensorFacts, locale: str) -> ChartSpec | None:
    """Lay out a line as small as a word; None where there is nothing to draw."""
    if len(points) < 2:  # noqa: PLR2004  one point is no line
        return None
    _ = text.translator(locale)
    width, height = _SPARK
    limits = [one for one, _colour in _lines(rule)]
    low = float(min([*(one.value for one in points), *limits]))
    high = float(max([*(one.value for one in points), *limits]))
    lasts = max(points[-1].at - points[0].at, dt.timedelta(seconds=1))

    def place(at: dt.datetime, value: Decimal) -> tuple[float, float]:
        share = (float(value) - low) / ((high - low) or 1.0)
        return 2 + (width - 4) * ((at - points[0].at) / lasts), height - 3 - (height - 6) * share

    shapes: list[Shape] = [
        Path(
            points=(place(points[0].at, limit), place(points[-1].at, limit)), stroke=colour, stroke_width=0.8
        )
        for limit, colour in _lines(rule)
    ]
    shapes.append(
        Path(
            points=tuple(place(one.at, one.value) for one in thinned(points, 80)),
            stroke=_LINE,
            stroke_width=1.4,
        )
    )
    title = _("Readings of {sensor} in the last 24 hours").format(sensor=sensor.code)
    return ChartSpec(
        width=width, height=height, title=title, description=title, shapes=tuple(shapes), locale=locale
    )
