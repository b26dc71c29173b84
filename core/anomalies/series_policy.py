"""What a logger's record answers of a report: kind, moment, measured facts; nothing that it does not know. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from core.conditions import Excursion, Gap, Quantity, SeriesFacts
from core.kit.canonical import decimal_text, instant_text
from core.sop import Field

UNIT: Final = {Quantity.TEMPERATURE: "°C", Quantity.HUMIDITY: "%RH"}
_TOLD: Final = 5
"""So many excursions and gaps stand in the description; the series holds all."""
_LONGEST: Final = 200
_RANGES: Final = (
    (Decimal(2), "below_2"),
    (Decimal(8), "from_2_to_8"),
    (Decimal(15), "from_8_to_15"),
    (Decimal(30), "from_15_to_30"),
    (Decimal(40), "from_30_to_40"),
)
_HOTTEST: Final = "above_40"


def answers_for(
    series: SeriesFacts, fields: tuple[Field, ...], *, moving: bool, place: str
) -> dict[str, str]:
    """Answer the questions of a template that the record itself answers, as far as the template asks them so."""
    first = min([*(one.begins for one in series.excursions), *(one.begins for one in series.gaps)])
    out = [one for one in series.excursions if one.quantity is Quantity.TEMPERATURE]
    known = {
        "subcode": subcode(series, moving=moving),
        "occurred_at": instant_text(first),
        "place": place or series.logger,
        "detection": "automatic",
        "logger": "excursion" if series.excursions else "gap",
        "parameter": _parameter(series)[:_LONGEST],
        "description": described(series),
    }
    if out:
        known["temperature"] = range_of(_most_extreme(out))
    needed = {"occurred_at", "place", "description"}
    by_key = {one.key: one for one in fields}
    good: dict[str, str] = {}
    for key, value in known.items():
        field = by_key.get(key)
        if key in needed or (field is not None and field.is_asked(good) and _fits(field, value)):
            good[key] = value
    return good


def subcode(series: SeriesFacts, *, moving: bool) -> str:
    """Answer the sub-code: temperature before humidity before a gap; out of transport it is the environment."""
    if not moving:
        return "P05"
    found = {one.quantity for one in series.excursions}
    if Quantity.TEMPERATURE in found:
        return "L02"
    return "L03" if found else "L07"


def described(series: SeriesFacts) -> str:
    """Answer what the record says, in figures and words of both languages: a record is read by both."""
    lines = [
        f"记录仪 Logger {series.logger}: {_minute(series.begins)} – {_minute(series.ends)}, n = {series.count}",
        f"MKT {series.mkt} °C, min {decimal_text(series.lowest)} °C, max {decimal_text(series.highest)} °C",
        *(_excursion(series, one) for one in series.excursions[:_TOLD]),
        *(_gap(one) for one in series.gaps[:_TOLD]),
    ]
    more = max(0, len(series.excursions) - _TOLD) + max(0, len(series.gaps) - _TOLD)
    return "\n".join([*lines, *([f"… +{more}"] if more else [])])


def _excursion(series: SeriesFacts, one: Excursion) -> str:
    lasted = _minutes(one.ends - one.begins)
    return (
        f"超限 Excursion: {_beyond(series, one)}, {_minute(one.begins)} – {_minute(one.ends)} ({lasted} min), "
        f"{decimal_text(one.minutes_beyond)} {UNIT[one.quantity]}·min"
    )


def _beyond(series: SeriesFacts, one: Excursion) -> str:
    limit = series.limits.of(one.quantity)[int(one.above)]
    said = "–" if limit is None else decimal_text(limit)
    return f"{decimal_text(one.worst)} {UNIT[one.quantity]} {'>' if one.above else '<'} {said}"


def _gap(one: Gap) -> str:
    return f"缺口 Gap: {_minute(one.begins)} – {_minute(one.ends)} ({_minutes(one.ends - one.begins)} min)"


def _parameter(series: SeriesFacts) -> str:
    if series.excursions:
        return "; ".join(_beyond(series, one) for one in series.excursions[:_TOLD])
    return _gap(series.gaps[0])


def _most_extreme(out: list[Excursion]) -> Decimal:
    """The coldest value where it was too cold, since warmth elsewhere excuses no freezing; else the warmest."""
    cold = [one.worst for one in out if not one.above]
    return min(cold) if cold else max(one.worst for one in out)


def range_of(worst: Decimal) -> str:
    """Answer the range of a template that a temperature lies in."""
    return next((name for limit, name in _RANGES if worst < limit), _HOTTEST)


def _fits(field: Field, value: str) -> bool:
    return not field.options or value in {one.value for one in field.options}


def _minute(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%MZ")


def _minutes(lasted: dt.timedelta) -> str:
    return str(int(lasted.total_seconds() // 60))
