"""Cases: the filtered list, one case with everything that is known of it, and its evidence."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from aiohttp import web

from core import anomalies, capa, escalation, evidence, ledger, lots, notices, people, signing
from core.anomalies import AnomalyFacts, Filters, Grade, Stage, State
from core.kit import NotFound, clock
from core.sop import CATEGORIES, DETECTIONS
from handlers import charts
from handlers.reporters import reported_by
from handlers.web import showing, words
from handlers.web.asking import Asked
from handlers.web.pages import sensing
from handlers.web.rooms import ROOMS

KEPT = ("text", "stage", "state", "grade", "category", "partner", "overdue")
ENDED = (State.CLOSED, State.REJECTED, State.CANCELLED)


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Cases, newest first, by filters, paged by key."""
    state, grade, stage = asked.query("state"), asked.query("grade"), asked.number("stage")
    filters = Filters(
        state=state if state in set(State) else None,
        states=open_states(stage),
        grade=grade if grade in set(Grade) else None,
        category=asked.query("category", 4) or None,
        partner_id=asked.number("partner"),
        overdue=asked.query("overdue") == "1",
        text=asked.query("text"),
    )
    found = await anomalies.page(asked.actor, filters, after=asked.number("after"))
    kept = {name: asked.query(name) for name in KEPT if asked.query(name)}
    return showing.shown(
        asked,
        "cases.html",
        rows=found.rows,
        filters=filters,
        stage=stage,
        stages=list(Stage),
        states=list(State),
        grades=list(Grade),
        categories=CATEGORIES,
        partners=[one for one in await people.organisations_for(asked.actor) if one.kind != "maker"],
        next_link=None if found.next_key is None else "?" + urlencode({**kept, "after": found.next_key}),
        stage_of=anomalies.stage_of,
        category_name=anomalies.category_name,
        now=clock.now(),
    )


def open_states(stage: int | None) -> tuple[str, ...]:
    """The states in which a case is open at a stage; none for no such stage."""
    return tuple(one.value for one in State if one not in ENDED and anomalies.stage_of(one).position == stage)


async def _names(asked: Asked) -> dict[int, str]:
    return {one.id: one.printed_name for one in await people.everyone(asked.actor)}


async def case(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Everything on one page: facts, photos, timeline, grading, alerts, CAPA, holds, signatures, genealogy, ledger."""
    actor = asked.actor
    found = await anomalies.get(actor, asked.request.match_info["number"][:40])
    opened = await capa.of_anomaly(actor, found.id)
    told = await notices.told_about(found.number, plant_id=found.plant_id)
    signatures = await signing.signatures_of(found.number, plant_id=actor.plant_id)
    return showing.shown(
        asked,
        "case.html",
        case=found,
        now=clock.now(),
        stage=anomalies.stage_of(found.state),
        stages=list(Stage),
        names=await _names(asked),
        reporter=await reported_by(actor, found, asked.translate),
        category=anomalies.category_name(found.category, actor.locale),
        interface=anomalies.interface_name(found.interface_from, found.interface_to, actor.locale),
        detection=_detection(found.detection, actor.locale),
        partner=await _partner(asked, found.partner_id),
        photos=await evidence.evidence_of_case(actor, found.number),
        lines=await ledger.timeline(found.number, plant_id=found.plant_id),
        gradings=await anomalies.gradings(actor, found.id),
        runs=await escalation.runs_of(found.id),
        told=told,
        owed=await anomalies.partner_clocks(actor, found.id),
        asked_more=await anomalies.extensions_of(actor, found.id),
        partner_steps={one.value: one.says for one in anomalies.PartnerStep},
        extension_states={one.value: one.says for one in anomalies.ExtensionState},
        notices={one.id: one for one in told},
        tiers=words.TIERS,
        capa=opened,
        actions=[] if opened is None else await capa.actions(opened.id),
        holds=await lots.holds_of(actor, found.number),
        signatures=signatures,
        rendered={one.id: signing.render(one, asked.translate) for one in signatures},
        chart=await _chart(asked, found),
        sensor_charts=await sensing.of_case(asked, found.number),
        checkpoint=await ledger.latest_checkpoint(),
        short=ledger.short_form,
        quote=quote,
        capa_words=_words(),
    )


def _detection(value: str, locale: str) -> str:
    found = next((one for one in DETECTIONS if one.value == value), None)
    return value if found is None else found.label["zh" if locale.startswith("zh") else "en"]


async def _partner(asked: Asked, partner_id: int | None) -> str | None:
    if partner_id is None:
        return None
    return (await people.organisation(partner_id)).name(asked.actor.locale)


def _words() -> dict[str, str]:
    """Words of CAPA codes as msgids."""
    families = (capa.CapaState, capa.CauseCategory, capa.ActionKind, capa.EffectKind, capa.EffectResult)
    return {one.value: one.says for family in families for one in family}


async def _chart(asked: Asked, found: AnomalyFacts) -> str | None:
    if found.lot_id is None:
        return None
    try:
        traced = await lots.trace(asked.actor, found.lot_id, lots.Way.BOTH, most=charts.LISTED)
    except NotFound:  # an auditor let in for one partner, and a lot that the partner never had
        return None
    return charts.svg.draw(charts.genealogy.chart(traced, asked.actor.locale, zone=asked.actor.timezone))


async def number_of(asked: Asked) -> str | None:
    """The case that an address names, for the access log."""
    return asked.request.match_info["number"][:40]


async def case_of_evidence(asked: Asked) -> str | None:
    """The case that a photo or file speaks for, for the access log."""
    numbers = await evidence.cases_of(asked.actor.plant_id, int(asked.request.match_info["id"][:18]))
    return numbers[0] if numbers else None


async def evidence_part(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """A photo's preview or thumbnail, or the file as it was sent (as a download)."""
    number, part = int(asked.request.match_info["id"][:18]), asked.request.match_info["part"]
    room = asked.request.app[ROOMS].darkroom
    opening = {"preview": room.open_preview, "thumb": room.open_thumbnail, "original": room.open_original}[
        part
    ]
    opened = await opening(asked.actor, number)
    if not opened.data:
        raise NotFound(what=f"#{number}")
    headers = dict(showing.HEADERS)
    if part == "original":
        headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{quote(opened.name or f'evidence-{number}')}"
        )
        return web.Response(body=opened.data, content_type="application/octet-stream", headers=headers)
    return web.Response(body=opened.data, content_type=opened.media_type, headers=headers)
