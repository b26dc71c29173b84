"""What the demo plant's sensors and its bar's certificate say: a day of readings, limits, what stands under them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import inspections, sensors
from core.inspections import Bound, NewFinding, NewReport
from core.kit import Actor, clock
from core.kit.provenance import Provenance, Source
from core.sensors import Kind, Message, NewRule, NewSensor

BAR = "TI64-010"
STORED = ("PK-0311",)
_STEP = dt.timedelta(minutes=5)
_STEPS = 24 * 12
_WARM = range(150, 162)
"""Steps in which the store's door stood open: above the warning, below the alarm."""
# name, unit, value, at least, at most (ASTM F136 gives such limits)
_BAR = (
    ("O", "%", "0.11", None, "0.13"),
    ("Fe", "%", "0.18", None, "0.25"),
    ("Rm", "MPa", "985", "860", None),
    ("A", "%", "14", "10", None),
)


async def plan(root: Actor) -> None:
    """Record it all as the system, through front-door verbs."""
    await _certificate(root)
    store = NewSensor(
        code="WH-T1",
        kind=Kind.TEMPERATURE,
        unit="°C",
        topic="kanggu/store/1/temperature",
        interval=_STEP,
        place="成品库 B 区",
        equipment="温湿度变送器 TH-21",
        calibrated_until=(clock.now() + dt.timedelta(days=150)).date(),
    )
    made = await sensors.record_sensor(root, store)
    for lot in STORED:
        await sensors.stand(root, made.id, lot=lot)
    # no gateway sends to a demo: silence is left unwatched, or it would open a case by itself
    limits = NewRule(
        warning_high=Decimal(25),
        alarm_high=Decimal(28),
        alarm_low=Decimal(10),
        hysteresis=Decimal("0.5"),
        missing=None,
    )
    await sensors.set_rule(root, made.id, limits, reason="成品贮存条件 10–28 ℃")
    begins = clock.now() - _STEPS * _STEP
    await sensors.receive(
        [
            Message(
                topic=store.topic,
                payload=b'{"value": %s, "unit": "\xc2\xb0C", "at": "%s"}'
                % (str(_value(step)).encode(), (begins + step * _STEP).isoformat().encode()),
            )
            for step in range(_STEPS)
        ]
    )
    while await sensors.take_in():
        pass


def _value(step: int) -> Decimal:
    daily = abs(step - _STEPS // 2) * Decimal("0.01")
    return Decimal("22.8") - daily + Decimal(step % 7) / 10 + (3 if step in _WARM else 0)


async def _certificate(root: Actor) -> None:
    await inspections.record_report(
        root,
        NewReport(
            form=inspections.Form.EN10168,
            lot=BAR,
            number="MC-26-1107",
            standard="EN 10204 3.1",
            issuer="宝钛特材",
            product="TC4 ELI φ8",
            claims=True,
            issued_on=(clock.now() - dt.timedelta(days=60)).date(),
            findings=tuple(
                NewFinding(
                    name=name,
                    unit=unit,
                    value=Decimal(value),
                    lower=None if low is None else Bound(Decimal(low)),
                    upper=None if high is None else Bound(Decimal(high)),
                )
                for name, unit, value, low, high in _BAR
            ),
            provenance=Provenance(source=Source.FILE, ref="MC-26-1107.json"),
        ),
    )
