"""Writing an event down, with what it names: the same for those that came in and those that we tell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from core.epcis import finding, notation
from core.epcis.models import CapturedEvent, Mention
from core.epcis.terms import Event, Line

LINE: Final = "epcis"
"""Whoever writes events of a plant waits here for the one before: readers go on from the last number they saw."""


async def keep(
    event: Event,
    *,
    plant_id: int,
    organisation_id: int,
    now: dt.datetime,
    capture_id: int | None = None,
    position: int = 0,
) -> CapturedEvent:
    """Write an event; without a capture it tells what was done here."""
    return await CapturedEvent.create(
        plant_id=plant_id,
        organisation_id=organisation_id,
        capture_id=capture_id,
        position=position,
        event_id=event.event_id,
        digest=event.digest,
        declared=event.declared is not None,
        type=event.type.value,
        action="" if event.action is None else event.action.value,
        event_time=event.event_time,
        record_time=now,
        biz_step=event.biz_step,
        disposition=event.text("disposition"),
        read_point=finding.form(event.place("readPoint")),
        biz_location=finding.form(event.place("bizLocation")),
        transformation=event.text("transformationID"),
        body=notation.write(event.body),
        context="" if event.context is None else notation.write(event.context),
    )


async def mention(row: CapturedEvent, line: Line, lot_id: int | None, quantity: Decimal | None) -> Mention:
    """Write that an event names something, which lot that is, and how much of it."""
    return await Mention.create(
        event_id=row.id, role=line.role.value, uri=line.named.uri, lot_id=lot_id, quantity=quantity
    )
