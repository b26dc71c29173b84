"""Sensor elements of events (EPCIS 2.0 §7.3.7): series and readings of the conditions room, traps of units flagged.

A doubtful value never refuses the event that carries it: it stays in the event, and its doubt is kept and shown.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from core import conditions
from core.conditions import NewReading, NewReadings, NewSeries, Point
from core.epcis import checking, units
from core.epcis.scene import Scene
from core.epcis.terms import Deed
from core.kit.provenance import Flag, Provenance
from core.kit.refusal import Refusal
from core.lots import LotFacts

_COLDEST, _HOTTEST = Decimal(-250), Decimal(1000)
"""Colder than any goods are kept, hotter than any kiln of theirs."""
_STRANGE: Final = (Decimal(-100), Decimal(60))
"""Beyond these a value in °C is possible, but looks like one of another unit."""
_TEMPERATURE, _HUMIDITY = "Temperature", "RelativeHumidity"
_NAMES: Final = {"P1": "%", "CEL": "°C", "FAH": "°F", "KEL": "K", "PAL": "Pa", "KPA": "kPa", "BAR": "bar"}
_VALUES: Final = ("value", "meanValue", "minValue", "maxValue")
_LONGEST: Final = 60


@dataclass(kw_only=True)
class Logged:
    """What one device measured: by instant temperature and humidity, other values, doubts."""

    temperatures: dict[dt.datetime, Decimal] = field(default_factory=dict)
    humidities: dict[dt.datetime, Decimal] = field(default_factory=dict)
    others: dict[dt.datetime, list[NewReading]] = field(default_factory=lambda: defaultdict(list))
    flags: set[Flag] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)


async def measure(scene: Scene, found: Sequence[LotFacts]) -> None:
    """Record what sensors measured for the lots of the event; without a lot it stays in the event alone."""
    devices: dict[str, Logged] = defaultdict(Logged)
    for element in scene.event.body.get("sensorElementList", ()):
        metadata = element.get("sensorMetadata", {})
        for report in element["sensorReport"]:
            device = report.get("deviceID") or metadata.get("deviceID") or scene.event.place("readPoint")
            _take(scene, devices[device or "–"], report, metadata)
    for device, logged in devices.items():
        for doubt in logged.doubts:
            scene.did(Deed.FLAGGED, note=doubt, flags=tuple(sorted(logged.flags)))
        if not found and scene.leg_id is not None:
            await _record(scene, device, logged, None)
        elif not found:
            scene.did(Deed.NOTED, note=device)
        for lot in found:
            await _record(scene, device, logged, lot)


def _take(scene: Scene, logged: Logged, report: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
    said = report.get("time") or metadata.get("time") or metadata.get("endTime")
    at = scene.event.event_time if said is None else checking.moment(said)
    if said is None:
        logged.flags.add(Flag.CLOCK)
    kind, uom = str(report["type"]), str(report.get("uom", ""))
    name = next((one for one in _VALUES if one in report), None)
    if name is None:
        return
    if name != "value":
        logged.flags.add(Flag.ESTIMATED)
    if "exception" in report:
        logged.flags.add(Flag.CLAIM)
        logged.doubts.append(f"{kind} {report['exception']}")
    value: Decimal = report[name]
    if kind == _TEMPERATURE:
        _temperature(logged, at, value, uom)
    elif kind == _HUMIDITY:
        _humidity(logged, at, value, uom)
    else:
        unit = units.CODES[uom].name if uom in units.CODES else _NAMES.get(uom, uom)
        full = f"{kind} {report['component']}" if "component" in report else kind
        if unit and len(unit) <= 20:  # noqa: PLR2004  as long as units may be here
            logged.others[at].append(NewReading(name=full[:_LONGEST], value=value, unit=unit))
        else:
            logged.flags.add(Flag.UNIT)
            logged.doubts.append(f"{full[:60]} {value} {uom[:20]}")


def _temperature(logged: Logged, at: dt.datetime, value: Decimal, uom: str) -> None:
    match uom:
        case "CEL":
            celsius = value
        case "FAH":
            celsius = (value - 32) * 5 / 9
            logged.flags.add(Flag.UNIT)
        case "KEL":
            celsius = value - Decimal("273.15")
            logged.flags.add(Flag.UNIT)
        case _:
            logged.flags.add(Flag.UNIT)
            logged.doubts.append(f"Temperature {value} {uom[:20] or '?'}")
            return
    if not _COLDEST <= celsius <= _HOTTEST:
        logged.flags.add(Flag.IMPLAUSIBLE)
        logged.doubts.append(f"Temperature {value} {uom}")
        return
    low, high = _STRANGE
    if not low <= celsius <= high:
        logged.flags |= {Flag.IMPLAUSIBLE, Flag.UNIT}
        logged.doubts.append(f"Temperature {value} {uom}")
    if at in logged.temperatures:
        logged.flags.add(Flag.DUPLICATE)
    logged.temperatures[at] = celsius


def _humidity(logged: Logged, at: dt.datetime, value: Decimal, uom: str) -> None:
    share = value * 100 if uom == "C62" else value
    if uom not in ("P1", "C62"):
        logged.flags.add(Flag.UNIT)
    if not 0 <= share <= 100:  # noqa: PLR2004  per cent
        logged.flags.add(Flag.IMPLAUSIBLE)
        logged.doubts.append(f"RelativeHumidity {value} {uom[:20]}")
        return
    logged.humidities[at] = share


async def _record(scene: Scene, device: str, logged: Logged, lot: LotFacts | None) -> None:
    flags = tuple(one for one in Flag if one in logged.flags)
    told = Provenance(
        source=scene.provenance.source,
        ref=scene.provenance.ref,
        sha256=scene.provenance.sha256,
        flags=flags,
    )
    try:
        if logged.temperatures:
            series = await conditions.record_series(scene.actor, _series(scene, device, logged, lot, told))
            scene.did(Deed.MEASURED, lot, series.id, note=device, flags=series.provenance.flags)
        if lot is None:
            return
        others = {at: list(values) for at, values in logged.others.items()}
        for at, one in logged.humidities.items():
            if at not in logged.temperatures:
                others.setdefault(at, []).append(NewReading(name="RelativeHumidity", value=one, unit="%"))
        for at, values in sorted(others.items()):
            await conditions.record_readings(
                scene.actor,
                NewReadings(
                    lot=lot.number,
                    process=(scene.event.biz_step or "sensor_reporting")[:_LONGEST],
                    values=tuple({one.name: one for one in values}.values()),
                    at=at,
                    equipment=device[-80:],
                    provenance=told,
                ),
            )
            scene.did(Deed.READ, lot, note=device, flags=flags)
    except Refusal as why:
        scene.did(Deed.FLAGGED, lot, note=f"{device} {why.code}", flags=(*flags, Flag.IMPLAUSIBLE))


def _series(scene: Scene, device: str, logged: Logged, lot: LotFacts | None, told: Provenance) -> NewSeries:
    points = tuple(
        Point(at=at, temperature=logged.temperatures[at], humidity=logged.humidities.get(at))
        for at in sorted(logged.temperatures)
    )
    steps = Counter(after.at - before.at for before, after in pairwise(points) if after.at > before.at)
    usual = min(steps, key=lambda step: (-steps[step], step)) if steps else dt.timedelta(minutes=1)
    least, most = dt.timedelta(seconds=1), dt.timedelta(days=1)
    return NewSeries(
        logger=device[-_LONGEST:],
        interval=min(max(dt.timedelta(seconds=int(usual.total_seconds())), least), most),
        points=points,
        lot="" if lot is None else lot.number,
        leg_id=scene.leg_id if lot is None else None,
        provenance=told,
    )
