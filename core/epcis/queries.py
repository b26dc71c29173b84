"""Reads of the EPCIS room: captures and events, each inside what the actor may see.

The plant's people see every event of their plant; a partner's what its own organisation sent or did, and what we tell
that concerns it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from core import lots, people
from core.epcis import finding
from core.epcis.errors import EventUnknown
from core.epcis.models import Capture, CapturedEvent, Concern, Done, Held, Mention
from core.epcis.terms import CaptureFacts, Deed, DeedFacts, EventFacts, HeldFacts, Wanted
from core.kit import Actor, Level, Module, NotFound, NotPermitted, Page, Permission, clock
from core.kit.page import cut
from core.kit.provenance import Flag


def _organisation(actor: Actor) -> int | None:
    """Whose events alone the actor may see; None: every one of the plant.

    Raises:
        NotPermitted: no right to read lots, or an auditor let in for certain cases.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    if scope.by_case:
        raise NotPermitted
    return scope.partner_id


def visible(actor: Actor) -> QuerySet[CapturedEvent]:
    """Answer the events that the actor may see."""
    own = _organisation(actor)
    rows = CapturedEvent.filter(plant_id=actor.plant_id)
    if own is None:
        return rows
    concern = Concern.filter(organisation_id=own).values("event_id")
    return rows.filter(Q(organisation_id=own) | Q(id__in=Subquery(concern)))


async def capture_of(actor: Actor, number: str) -> CaptureFacts:
    """One capture job by its number.

    Raises:
        NotFound: none in the actor's scope.
    """
    own = _organisation(actor)
    rows = Capture.filter(plant_id=actor.plant_id, number=number[:40])
    row = await (rows if own is None else rows.filter(organisation_id=own)).first()
    if row is None:
        raise NotFound(what=number[:40])
    return row.facts()


async def captures(actor: Actor, *, after: int | None = None, size: int = 50) -> Page[CaptureFacts]:
    """Capture jobs in the actor's scope, newest first."""
    own = _organisation(actor)
    rows = Capture.filter(plant_id=actor.plant_id)
    if own is not None:
        rows = rows.filter(organisation_id=own)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [one.facts() for one in await rows.order_by("-id").limit(size + 1)]
    return cut(found, size, [one.id for one in found])


async def events(
    actor: Actor, wanted: Wanted, *, after: int | None = None, size: int = 30
) -> Page[EventFacts]:
    """Events that a query asks for, in the order in which they were recorded."""
    rows = _asked(visible(actor), wanted)
    if after is not None:
        rows = rows.filter(id__gt=after)
    found = await rows.order_by("id").limit(size + 1)
    return cut(await facts_of(found), size, [row.id for row in found])


def _asked(rows: QuerySet[CapturedEvent], wanted: Wanted) -> QuerySet[CapturedEvent]:
    plain: dict[str, Sequence[str]] = {
        "type__in": wanted.types,
        "action__in": wanted.actions,
        "biz_step__in": wanted.biz_steps,
        "disposition__in": wanted.dispositions,
        "event_id__in": wanted.event_ids,
        "transformation__in": wanted.transformations,
        "read_point__in": [finding.form(one) for one in wanted.read_points],
        "biz_location__in": [finding.form(one) for one in wanted.biz_locations],
    }
    times: dict[str, Any] = {
        "event_time__gte": wanted.event_from,
        "event_time__lt": wanted.event_before,
        "record_time__gte": wanted.record_from,
        "record_time__lt": wanted.record_before,
    }
    rows = rows.filter(**{name: list(one) for name, one in plain.items() if one})
    rows = rows.filter(**{name: clock.utc(one) for name, one in times.items() if one is not None})
    if wanted.declared is not None:
        rows = rows.filter(declared=wanted.declared)
    for roles, uris in wanted.epcs:
        named = Mention.filter(_like(uris))
        if None not in roles:
            named = named.filter(role__in=[one.value for one in roles if one is not None])
        rows = rows.filter(id__in=Subquery(named.values("event_id")))
    return rows


def _like(uris: Iterable[str]) -> Q:
    """Identifiers as they are, in any writing; a pattern of all pieces of an article matches by how it begins."""
    wanted = list(uris)
    patterns = [finding.form(one) for one in wanted if one.endswith("*")]
    plain = [finding.form(one.rstrip(".")) for one in wanted if not one.endswith("*")]
    begins = [Q(uri__startswith=f"{one}/") for one in patterns]
    return Q(Q(uri__in=[*plain, *patterns]), *begins, join_type=Q.OR)


async def facts_of(rows: Sequence[CapturedEvent]) -> list[EventFacts]:
    """Turn rows into facts, with whether a declaration took them back."""
    ids = {one.event_id for one in rows}
    wrong = await CapturedEvent.filter(event_id__in=ids or {""}, declared=True)
    declared = {(one.plant_id, one.organisation_id, one.event_id) for one in wrong}
    return [
        one.facts(voided=not one.declared and (one.plant_id, one.organisation_id, one.event_id) in declared)
        for one in rows
    ]


async def event(actor: Actor, event_id: str) -> EventFacts:
    """One event by its id, with what came of it; its error declaration, where it has one, is another.

    Raises:
        EventUnknown: none in the actor's scope.
    """
    row = await visible(actor).filter(event_id=event_id, declared=False).order_by("id").first()
    if row is None:
        raise EventUnknown(event_id=event_id[:200])
    return (await _with_deeds(actor, [row]))[0]


async def _with_deeds(actor: Actor, rows: Sequence[CapturedEvent]) -> list[EventFacts]:
    done = await Done.filter(event_id__in=[one.id for one in rows] or [0]).order_by("id")
    seen = {one.id: one.number for one in await lots.some(actor, [one.lot_id or 0 for one in done])}
    return [
        replace(
            facts,
            deeds=tuple(
                DeedFacts(
                    deed=Deed(one.deed),
                    lot_id=one.lot_id if one.lot_id in seen else None,
                    lot_number=seen.get(one.lot_id or 0, ""),
                    row_id=one.row_id,
                    note=one.note,
                    flags=tuple(Flag(code) for code in one.flags),
                )
                for one in done
                if one.event_id == facts.id
            ),
        )
        for facts in await facts_of(rows)
    ]


async def events_on(actor: Actor, lot_id: int, limit: int = 50) -> list[EventFacts]:
    """Events about a lot that came in and that the actor may see, newest first, with what came of them.

    What is told of the lot itself is left out: its readers see that as it was done.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    await lots.get(actor, lot_id)
    if people.scope(actor).by_case:
        return []
    named = await Mention.filter(lot_id=lot_id).values_list("event_id", flat=True)
    done = await Done.filter(lot_id=lot_id).values_list("event_id", flat=True)
    ids = {int(str(one)) for one in [*named, *done]}
    sent = visible(actor).filter(id__in=ids or {0}, capture_id__not_isnull=True)
    return await _with_deeds(actor, await sent.order_by("-event_time", "-id").limit(limit))


async def held_of(actor: Actor, lot_id: int) -> list[HeldFacts]:
    """What a lot, or pieces of it, was packed in or attached to, newest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    lot = await lots.get(actor, lot_id)
    scope = people.scope(actor)
    own = scope.partner_id
    rows = Held.filter(lot_id=0 if scope.by_case else lot_id)
    if own is not None:
        rows = rows.filter(organisation_id=own)
    found = await rows.order_by("-since", "-id").limit(200)
    return await _held(found, {lot.id: lot.number})


async def contents_of(actor: Actor, uri: str) -> list[HeldFacts]:
    """What is in a logistic unit now, through units in units, as far as the actor may see the lots."""
    rows = await finding.contents(actor, finding.form(uri))
    seen = {one.id: one.number for one in await lots.some(actor, [one.lot_id or 0 for one in rows])}
    return await _held([one for one in rows if one.lot_id in seen], seen)


async def _held(rows: Sequence[Held], numbers: dict[int, str]) -> list[HeldFacts]:
    ids = {one.event_id for one in rows}
    told = {one.id: one.event_id for one in await CapturedEvent.filter(id__in=ids or {0})}
    return [
        one.facts(lot_number=numbers.get(one.lot_id or 0, ""), event_id=told[one.event_id]) for one in rows
    ]
