"""What an alarm of a sensor answers of a report: kind, moment, figures; nothing that it does not know. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from core.anomalies.series_policy import range_of
from core.kit.canonical import decimal_text, instant_text
from core.sensors import Doubt, Kind, Told, Trouble
from core.sop import Field

_TOLD: Final = 30
"""So many lots are named in a description; the case holds all."""
_LONGEST: Final = 200
_WORDS: Final = {
    Trouble.HIGH: "超上限 Above limit",
    Trouble.LOW: "超下限 Below limit",
    Trouble.RATE: "变化过快 Changes too fast",
    Trouble.STUCK: "数值不变 Stuck value",
    Trouble.MISSING: "无读数 No readings",
    Trouble.MKT: "MKT 超限 MKT above limit",
}
_DOUBTS: Final = {
    Doubt.LATE: "迟到 late",
    Doubt.ORDER: "乱序 out of order",
    Doubt.CLOCK: "时钟存疑 clock in doubt",
    Doubt.UNIT: "单位存疑（数值未换算） unit in doubt (nothing was converted)",
    Doubt.JUMP: "跳变存疑 implausible jump",
    Doubt.STUCK: "数值不变 stuck",
    Doubt.UNCALIBRATED: "校准过期 calibration expired",
    Doubt.GAP: "有缺口 gaps",
}
OUT: Final = frozenset({Trouble.HIGH, Trouble.LOW, Trouble.RATE, Trouble.MKT})
"""Troubles of what is measured; the others are the measuring's."""


def category(told: Told, *, moving: bool) -> tuple[str, str]:
    """Answer category and sub-code: on the way transport's, elsewhere the environment's, or the equipment's."""
    if moving:
        if told.episode.episode.trouble not in OUT:
            return "L", "L07"
        return "L", "L03" if told.sensor.kind is Kind.HUMIDITY else "L02"
    return ("P", "P05") if told.episode.episode.trouble in OUT else ("E", "E01")


def answers_for(
    told: Told, fields: tuple[Field, ...], numbers: Sequence[str], *, moving: bool, place: str
) -> dict[str, str]:
    """Answer the questions of a template that an alarm itself answers, as far as the template asks them so."""
    one = told.episode.episode
    known = {
        "subcode": category(told, moving=moving)[1],
        "occurred_at": instant_text(one.begins),
        "place": (told.sensor.place or place or told.sensor.code)[:80],
        "detection": "automatic",
        "logger": "excursion" if one.trouble in OUT else "gap",
        "parameter": figures(told)[:_LONGEST],
        "equipment": (told.sensor.equipment or told.sensor.code)[:60],
        "description": described(told, numbers),
    }
    if one.trouble in (Trouble.HIGH, Trouble.LOW) and told.sensor.unit == "°C":
        known["temperature"] = range_of(one.worst)
    if numbers:
        known["lot"] = numbers[0]
    needed = {"occurred_at", "place", "description", "lot"}
    by_key = {field.key: field for field in fields}
    good: dict[str, str] = {}
    for key, value in known.items():
        field = by_key.get(key)
        if key in needed or (field is not None and field.is_asked(good) and _fits(field, value)):
            good[key] = value
    return good


def _fits(field: Field, value: str) -> bool:
    return not field.options or value in {one.value for one in field.options}


def described(told: Told, numbers: Sequence[str]) -> str:
    """Answer what the alarm says, in figures and words of both languages."""
    one = told.episode.episode
    lines = [
        f"传感器 Sensor {told.sensor.code}: {figures(told)}",
        f"{_minute(one.begins)} – {'…' if one.ends is None else _minute(one.ends)}, 规则 rule v{one.version}",
    ]
    if told.rule.delay and one.trouble in (Trouble.HIGH, Trouble.LOW):
        minutes = int(told.rule.delay.total_seconds() // 60)
        lines.append(f"延时 delay {minutes} min, 回差 hysteresis {decimal_text(told.rule.hysteresis)}")
    if told.episode.late:
        lines.append(f"补到数据所知 Known late: {_minute(told.episode.known_at)}")
    if told.doubts:
        lines.append(
            f"数据质量 Data quality: {'; '.join(_DOUBTS[doubt] for doubt in Doubt if doubt in told.doubts)}"
        )
    if numbers:
        more = f" +{len(numbers) - _TOLD}" if len(numbers) > _TOLD else ""
        lines.append(f"其下批次 Lots under it: {', '.join(numbers[:_TOLD])}{more}")
    return "\n".join(lines)


def figures(told: Told) -> str:
    """Answer the worst value against its limit."""
    one, unit = told.episode.episode, told.sensor.unit
    said = _WORDS[one.trouble]
    if one.trouble is Trouble.MISSING:
        return f"{said} > {told.rule.missing} × {int(told.sensor.interval.total_seconds())} s"
    worst = f"{decimal_text(one.worst)} {unit}"
    if one.trouble is Trouble.STUCK:
        return f"{said}: {worst}"
    limit = _limit(told)
    beyond = "<" if one.trouble is Trouble.LOW else ">"
    per = "/h" if one.trouble is Trouble.RATE else ""
    return f"{said}: {worst}{per} {beyond} {'–' if limit is None else decimal_text(limit)} {unit}{per}"


def _limit(told: Told) -> Decimal | None:
    return {
        Trouble.HIGH: told.rule.alarm_high,
        Trouble.LOW: told.rule.alarm_low,
        Trouble.RATE: told.rule.rate,
        Trouble.MKT: told.rule.mkt,
    }.get(told.episode.episode.trouble)


def moved(told: Told) -> str:
    """Answer what became of an episode since the case was opened, in both languages."""
    one = told.episode.episode
    if told.episode.state.value == "retracted":
        return f"传感器 Sensor {told.sensor.code}: 后到读数不支持此报警 later readings do not bear this alarm out"
    if one.ends is None:
        return f"传感器 Sensor {told.sensor.code}: 仍在持续 going on, {figures(told)}"
    late = "（补到数据所知 known late）" if told.episode.known_at > one.ends + told.sensor.patience else ""
    minutes = int((one.ends - one.begins).total_seconds() // 60)
    return f"传感器 Sensor {told.sensor.code}: 已结束 over {_minute(one.ends)} ({minutes} min){late}, {figures(told)}"


def _minute(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%MZ")
