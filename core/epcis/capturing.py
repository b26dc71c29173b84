"""Capture: a document of events comes in, all of it or none, each event once (EPCIS 2.0 §8.2, §12)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from core import ledger, lots, people
from core.epcis import (
    carrying,
    declaring,
    finding,
    keeping,
    making,
    measuring,
    moving,
    packing,
    queries,
    reading,
    turning,
)
from core.epcis.errors import CaptureRefused, EventIdTaken, EventTimeAhead, WrongShape
from core.epcis.models import Capture, CapturedEvent, Done
from core.epcis.scene import Scene
from core.epcis.terms import Action, Behaviour, CaptureFacts, Deed, EventFacts, EventType, Fault, Role
from core.kit import (
    Actor,
    Level,
    Module,
    NotPermitted,
    Permission,
    Refusal,
    current,
    plain_text,
    unit_of_work,
    verb,
)
from core.kit.numbering import in_line, next_number
from core.kit.provenance import flag_codes
from core.ledger import Kind
from core.people import OrganisationKind

SLACK: Final = dt.timedelta(minutes=2)
_KINDS: Final = (Kind.EPCIS_CAPTURE, Kind.EPCIS_DECLARE, Kind.EPCIS_HOLDING)
MOST_FAULTS: Final = 20
"""So many are told; later ones often follow from the first."""


async def capture(
    actor: Actor, raw: bytes | str, *, behaviour: Behaviour = Behaviour.ROLLBACK
) -> CaptureFacts:
    """Take an event, a list of events or a document. The same event again, with the same content, changes nothing.

    The plant's people need the right to work on lots. A partner's organisation reports what it did to lots that it has;
    within that it may make, use and pack them.

    Raises:
        NotPermitted: the right is missing.
        CaptureRefused: with every fault, its event and its place; nothing was taken. With ``PROCEED`` only a document
            that is none as a whole is refused; the faults of events stand in the answer.
    """
    actor.must(Permission(Module.LOTS, Level.REPORT))
    return await _capture(actor, reading.read(raw), behaviour)


async def capture_event(actor: Actor, raw: bytes | str) -> EventFacts:
    """Take one event; answers it as it is kept.

    Raises:
        CaptureRefused: it is none, or several, or cannot be taken.
        NotPermitted: the right is missing.
    """
    actor.must(Permission(Module.LOTS, Level.REPORT))
    read = reading.read(raw)
    if read.count != 1 and not read.faults:
        raise CaptureRefused([Fault(index=None, path="", why=WrongShape(wanted="event"))])
    await _capture(actor, read, Behaviour.ROLLBACK)
    return await queries.event(actor, read.events[0][1].event_id)


async def bring(actor: Actor, raw: bytes | str) -> CaptureFacts:
    """Take a document of events out of an imported file, by the right to import.

    Raises:
        Refusal: as ``capture``.
    """
    return await _bring(actor, reading.read(raw))


@verb(Module.LOTS, Level.REPORT, *_KINDS)
async def _capture(actor: Actor, read: reading.Read, behaviour: Behaviour) -> CaptureFacts:
    """Take the events of a document into the records."""
    if actor.partner_id is None:
        actor.must(Permission(Module.LOTS, Level.WORK))
    return await _take(actor, read, behaviour)


@verb(Module.LOTS, Level.CONFIGURE, *_KINDS)
async def _bring(actor: Actor, read: reading.Read) -> CaptureFacts:
    """Take the events of an imported file into the records."""
    if actor.partner_id is not None:
        raise NotPermitted
    return await _take(actor, read, Behaviour.ROLLBACK)


async def _take(actor: Actor, read: reading.Read, behaviour: Behaviour) -> CaptureFacts:
    if people.scope(actor).by_case:
        raise NotPermitted
    faults = list(read.faults)
    if faults and behaviour is Behaviour.ROLLBACK:
        raise CaptureRefused(faults[:MOST_FAULTS])
    await in_line(actor.plant_id, keeping.LINE)
    row = await Capture.create(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        number=await next_number(actor.plant_id, "EC"),
        digest=read.digest,
        behaviour=behaviour.value,
        events=0,
        known=0,
        channel=actor.channel[:20],
        person_id=actor.person_id,
        made_at=current().now,
    )
    coming = frozenset(one.event_id for _, one in read.events)
    events = known = 0
    able = await _able(actor)
    for index, event in read.events:
        scene = Scene(actor=able, event=event, row=CapturedEvent(), coming=coming)
        try:
            async with unit_of_work():
                new = await _one(scene, row, index)
        except Refusal as why:
            faults.append(Fault(index=index, path=scene.path, why=why))
            if behaviour is Behaviour.ROLLBACK and len(faults) >= MOST_FAULTS:
                break
            continue
        events, known = events + new, known + (not new)
    if faults and behaviour is Behaviour.ROLLBACK:
        raise CaptureRefused(faults)
    row.events, row.known, row.errors = events, known, [_told(one) for one in faults[:MOST_FAULTS]]
    await row.save(update_fields=["events", "known", "errors"])
    await ledger.append(
        Kind.EPCIS_CAPTURE,
        actor,
        rows=[row],
        facts={
            "number": row.number,
            "digest": row.digest,
            "events": events,
            "known": known,
            "refused": len(faults),
        },
    )
    return row.facts()


async def _able(actor: Actor) -> Actor:
    """The sender with the right to work on lots: suppliers on those that they have, the plant by the right to import.

    Laboratories and carriers report what they see and move; they make nothing.
    """
    work = Permission(Module.LOTS, Level.WORK)
    if actor.may(work):
        return actor
    if actor.partner_id is not None:
        own = await people.organisation(actor.partner_id)
        if own.kind != OrganisationKind.SUPPLIER.value:
            return actor
    return dataclasses.replace(actor, permissions=actor.permissions | {work})


def _told(fault: Fault) -> Mapping[str, Any]:
    return {"index": fault.index, "path": fault.path, "code": fault.why.code, "detail": str(fault.why)[:400]}


async def _one(scene: Scene, capture_row: Capture, index: int) -> bool:
    """Take one event; answers False for one that came before."""
    event, actor = scene.event, scene.actor
    same = await CapturedEvent.get_or_none(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        event_id=event.event_id,
        declared=event.declared is not None,
    )
    if same is None and event.declared is None and "eventID" in event.body:  # what we told comes back to us
        same = await CapturedEvent.get_or_none(
            plant_id=actor.plant_id, event_id=event.event_id, capture_id=None, declared=False
        )
    if same is not None:
        if "eventID" in event.body and same.digest != event.digest:
            scene.path = "/eventID"
            raise EventIdTaken(event_id=event.event_id[:200])
        return False
    if event.event_time > current().now + SLACK:
        scene.path = "/eventTime"
        raise EventTimeAhead
    scene.row = await keeping.keep(
        event,
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        now=current().now,
        capture_id=capture_row.id,
        position=index,
    )
    if event.declared is not None:
        await declaring.take_back(scene)
    else:
        await _meant(scene)
    scene.path = ""
    await _written(scene)
    return True


async def _meant(scene: Scene) -> None:
    """Do what the event means here."""
    event = scene.event
    match event.type:
        case EventType.TRANSFORMATION:
            await turning.transform(scene)
        case EventType.AGGREGATION | EventType.ASSOCIATION:
            await packing.hold_together(scene)
        case EventType.TRANSACTION:
            await finding.parts(scene, event.of(Role.EPC))
            for line in event.of(Role.PARENT):
                scene.named(line)
        case EventType.OBJECT if event.action is Action.ADD:
            await making.commission(scene)
        case _ if await carrying.carry(scene):
            pass
        case _:
            await moving.observe(scene)
    await _besides(scene)
    if not scene.outcomes:
        scene.did(Deed.NOTED)


async def _besides(scene: Scene) -> None:
    """Look at dispositions and sensors, which every type of event may carry."""
    event = scene.event
    ids = {one.lot_id for one in scene.outcomes if one.lot_id} | {lot for _, lot, _ in scene.mentions if lot}
    role = Role.OUTPUT if event.type is EventType.TRANSFORMATION else Role.EPC
    wanted = {lot for line, lot, _ in scene.mentions if lot and line.role in (role, Role.CHILD)}
    if event.dispositions and not (event.type is EventType.OBJECT and event.action is not Action.ADD):
        for lot in await lots.some(scene.actor, wanted):
            await moving.set_apart(scene, lot)
    if event.body.get("sensorElementList"):
        scene.path = "/sensorElementList"
        await measuring.measure(scene, await lots.some(scene.actor, wanted or ids))


async def _written(scene: Scene) -> None:
    """Keep what the event names and what came of it, and vouch for all of it in the ledger."""
    mentions = [
        await keeping.mention(scene.row, line, lot_id, quantity) for line, lot_id, quantity in scene.mentions
    ]
    deeds = [
        await Done.create(
            event_id=scene.row.id,
            deed=one.deed.value,
            lot_id=one.lot_id,
            row_id=one.row_id,
            quantity=one.quantity,
            note=plain_text.clean(one.note)[:200],
            flags=flag_codes(one.flags),
        )
        for one in scene.outcomes
    ]
    await ledger.append(
        Kind.EPCIS_CAPTURE,
        scene.actor,
        rows=[scene.row, *mentions, *deeds],
        facts={
            "event": scene.row.event_id,
            "type": scene.row.type,
            "digest": scene.row.digest,
            "deeds": sorted({one.deed for one in deeds}),
        },
    )
