"""Readings of sensors for gateways that speak no MQTT: committed before the answer, taken in within a second."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from core import sensors
from core.clients import Scope
from core.sensors import Sample
from handlers.partner.routes.results import Figure
from handlers.partner.shapes import Asks, In, Instant, Out, Whole
from handlers.partner.table import Asked, Route, Said


class BySensor(Asks):
    """A sensor by its code."""

    code: Annotated[str, Field(min_length=1, max_length=60)]


class ReadingIn(In):
    """One reading; without `at` it is of now, without `unit` of the sensor's own."""

    value: Figure
    unit: Annotated[str, Field(max_length=20)] = ""
    at: Instant | None = None
    seq: Annotated[int, Field(ge=0, le=2**53), Whole] | None = None


class ReadingsIn(In):
    """Readings of one sensor, in any order; those that came before count once."""

    readings: Annotated[list[ReadingIn], Field(min_length=1, max_length=1000)]


class ReadingsBody(Out):
    """How many were committed; what becomes of each is on the page of the sensor."""

    committed: int


async def hand_in(asked: Asked) -> Said:
    """Hand readings in."""
    body: ReadingsIn = asked.body
    samples = [
        Sample(value=Decimal(one.value), unit=one.unit, at=one.at, seq=one.seq) for one in body.readings
    ]
    return Said(body=ReadingsBody(committed=await sensors.hand_in(asked.actor, asked.path.code, samples)))


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/sensors/{code}/readings",
        scope=Scope.CONDITIONS_WRITE,
        summary="Hand in readings of a sensor",
        call=hand_in,
        subject="readings of sensor {code}",
        body=ReadingsIn,
        path_model=BySensor,
        answer=ReadingsBody,
        status=202,
        statuses=(404,),
    ),
)
