"""What was measured, by forms: process parameters of a lot, and results by an inspection method."""

from __future__ import annotations

from core import conditions, inspections, lots
from core.conditions import NewReading, NewReadings
from core.inspections import NewResult, NewValue
from core.kit import Malformed, clock
from handlers.text import mark
from handlers.web.acts.filled import REPORT, Act, Filled, Input, measured
from handlers.web.acts.lot_acts import lot_input, page

_READING = mark("parameter; value; unit (empty: as specified)")
_VALUE = mark("characteristic; value, or ok / nok; unit (empty: as in the method)")
_JUDGED = {"ok": True, "nok": False, "合格": True, "不合格": False}


async def _reading_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        lot_input(filled),
        Input(name="process", label=_("Process"), limit=60),
        Input(name="values", label=_("Process parameters"), kind="lines", hint=_(_READING)),
        Input(name="at", label=_("When (empty: now)"), kind="moment", required=False),
        Input(name="equipment", label=_("Equipment"), required=False, limit=80),
    ]


async def _readings(filled: Filled) -> str:
    values = []
    for name, said, unit in filled.lines("values", filled.translate(_READING), 2, 3):
        value = measured(said, name)
        if value is None:
            raise Malformed(field=name[:40], why="–")
        values.append(NewReading(name=name, value=value, unit=unit))
    lot = await lots.find(filled.actor, filled.text("lot"))
    new = NewReadings(
        lot=lot.number,
        process=filled.text("process"),
        values=tuple(values),
        at=filled.moment("at"),
        equipment=filled.text("equipment"),
    )
    await conditions.record_readings(filled.actor, new)
    return page(lot.number)


async def _result_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    known = {one.code: one for one in reversed(await inspections.methods(filled.actor))}
    choices = tuple(
        (code, f"{code} · {one.name(filled.actor.locale)}") for code, one in sorted(known.items())
    )
    return [
        lot_input(filled),
        Input(name="method", label=_("Inspection method"), kind="choice", choices=choices),
        Input(name="values", label=_("Values"), kind="lines", hint=_(_VALUE)),
        Input(name="at", label=_("When (empty: now)"), kind="moment", required=False),
        Input(name="instrument", label=_("Instrument"), required=False, limit=80),
        Input(name="analyst", label=_("Analyst"), required=False, limit=80),
    ]


async def _result(filled: Filled) -> str:
    values = []
    for key, said, unit in filled.lines("values", filled.translate(_VALUE), 2, 3):
        passed = _JUDGED.get(said.casefold())
        value = None if passed is not None else measured(said, key)
        values.append(NewValue(key=key, value=value, passed=passed, unit=unit))
    lot = await lots.find(filled.actor, filled.text("lot"))
    new = NewResult(
        lot=lot.number,
        method=filled.text("method"),
        values=tuple(values),
        measured_at=filled.moment("at") or clock.now(),
        instrument=filled.text("instrument"),
        analyst=filled.text("analyst"),
    )
    await inspections.record_result(filled.actor, new)
    return page(lot.number)


ACTS = (
    Act(
        name="lot-readings",
        title=mark("Record process parameters"),
        needs=REPORT,
        inputs=_reading_inputs,
        do=_readings,
    ),
    Act(name="lot-result", title=mark("Record a result"), needs=REPORT, inputs=_result_inputs, do=_result),
)
