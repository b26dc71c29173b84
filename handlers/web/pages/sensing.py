"""Sensors: how each stands now, its readings against its limits, what stood under it; forms of those who work on it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from core import lots, people, sensors
from core.kit import Level, Malformed, Module, NotPermitted, Permission, Refusal, clock, quantity
from core.sensors import Format, Kind, NewRule, NewSensor
from handlers import charts, text
from handlers.charts import sensing
from handlers.text import mark
from handlers.web import showing
from handlers.web.asking import Asked, day_of, key_of

WORKS = Permission(Module.LOTS, Level.WORK)
CONFIGURES = Permission(Module.LOTS, Level.CONFIGURE)
LABELS = {
    "interval": mark("A reading every … seconds"),
    "jump": mark("Largest believable jump"),
    "kind": mark("Measures"),
    "calibrated_until": mark("Calibrated until"),
    "since": mark("From"),
    "alarm_low": mark("Alarm below"),
    "warning_low": mark("Warning below"),
    "warning_high": mark("Warning above"),
    "alarm_high": mark("Alarm above"),
    "delay": mark("Only after … minutes"),
    "hysteresis": mark("Over when back inside by"),
    "rate": mark("Change in an hour at most"),
    "stuck": mark("Unchanged for at most … minutes"),
    "missing": mark("Silent for at most … intervals"),
    "mkt": mark("MKT at most (°C)"),
    "mkt_hours": mark("MKT over … hours"),
}
"""What the forms call the fields that may be unreadable."""
SPANS = {"day": dt.timedelta(days=1), "week": dt.timedelta(days=7), "month": dt.timedelta(days=31)}


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Every sensor in scope, those with something going on first, and what was put aside."""
    return await _listed(asked)


async def _listed(
    asked: Asked, *, typed: dict[str, str] | None = None, wrong: str = ""
) -> web.StreamResponse:
    """The list; with what was typed into its form, and what is wrong with that."""
    rows = await sensors.overview(asked.actor)
    locale = asked.actor.locale
    sparks = {
        one.sensor.id: charts.svg.draw(drawn)
        for one in rows
        if (drawn := sensing.spark(one.points, one.rule, one.sensor, locale)) is not None
    }
    return showing.shown(
        asked,
        "sensors.html",
        status=409 if wrong else 200,
        wrong=wrong,
        typed=defaultdict(str, typed or {}),
        rows=rows,
        sparks=sparks,
        now=clock.now(),
        asides=await sensors.asides(asked.actor),
        may=_may(asked),
        kinds=list(Kind),
        formats=list(Format),
        organisations=await people.organisations_for(asked.actor),
        quote=quote,
    )


def _may(asked: Asked) -> bool:
    return asked.actor.may(WORKS) or asked.actor.may(CONFIGURES)


async def sensor(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """One sensor: picture, episodes, rules by version, what stood under it."""
    return await _sensor(asked, asked.request.match_info["code"][:60])


async def _sensor(
    asked: Asked, code: str, *, typed: dict[str, str] | None = None, wrong: str = ""
) -> web.StreamResponse:
    """A sensor's page; with what was typed into one of its forms, and what is wrong with that."""
    actor = asked.actor
    found = await sensors.get(actor, code)
    span = asked.query("span") if asked.query("span") in SPANS else "day"
    now = clock.now()
    points = await sensors.points_of(actor, found.id, since=now - SPANS[span])
    episodes = await sensors.episodes_of(actor, found.id)
    (state,) = await sensors.overview(actor, only=[found.id])
    standings = await sensors.standings_of(actor, found.id)
    drawn = sensing.chart(
        found,
        points,
        state.rule,
        [one for one in episodes if one.episode.ends is None or one.episode.ends >= now - SPANS[span]],
        actor.locale,
        actor.timezone,
    )
    return showing.shown(
        asked,
        "sensor.html",
        status=409 if wrong else 200,
        wrong=wrong,
        typed=typed or {},
        sensor=found,
        state=state,
        span=span,
        chart=charts.svg.draw(drawn),
        episodes=episodes,
        told=sensing.told,
        rules=await sensors.rules_of(found.id),
        standings=standings,
        numbers=await lots.numbers(one.lot_id for one in standings if one.lot_id is not None),
        doubts=sensors.doubt_words,
        may=_may(asked),
        works=asked.actor.may(WORKS),
        now=now,
        quote=quote,
    )


async def of_case(asked: Asked, case_number: str) -> list[tuple[str, str]]:
    """The code of each sensor of a case, and its readings around the episode as a picture."""
    actor, drawn = asked.actor, []
    for found, one in await sensors.of_case(actor, case_number):
        begins, ends = one.episode.begins, one.episode.ends or clock.now()
        around = max((ends - begins) / 2, 20 * found.interval)
        points = await sensors.points_of(actor, found.id, since=begins - around, until=ends + around)
        rules = await sensors.rules_of(found.id)
        rule = next((rule for rule in rules if rule.version == one.episode.version), None)
        picture = sensing.chart(found, points, rule, [one], actor.locale, actor.timezone)
        drawn.append((found.code, charts.svg.draw(picture)))
    return drawn


def _number(form: dict[str, str], name: str) -> Decimal | None:
    said = form.get(name, "").strip()
    if not said:
        return None
    try:
        return quantity.exact(Decimal(said))
    except (InvalidOperation, quantity.NotAQuantity):
        raise Malformed(field=name, why=said[:20]) from None


def _whole(form: dict[str, str], name: str) -> int | None:
    found = _number(form, name)
    if found is None:
        return None
    if found != found.to_integral_value() or not 0 <= found <= 10**6:
        raise Malformed(field=name, why=form[name][:20])
    return int(found)


def _minutes(form: dict[str, str], name: str) -> dt.timedelta | None:
    found = _whole(form, name)
    return None if found is None else dt.timedelta(minutes=found)


def _instant(form: dict[str, str], name: str, zone: str) -> dt.datetime | None:
    said = form.get(name, "").strip()
    if not said:
        return None
    try:
        return clock.utc(dt.datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone)))
    except ValueError:
        raise Malformed(field=name, why=said[:20]) from None


def _new_sensor(form: dict[str, str]) -> NewSensor:
    kind, form_of = form.get("kind", ""), form.get("format", "")
    if kind not in set(Kind):
        raise Malformed(field="kind", why=kind[:20] or "–")
    return NewSensor(
        code=form.get("code", ""),
        kind=Kind(kind),
        unit=form.get("unit", ""),
        topic=form.get("topic", ""),
        format=Format(form_of) if form_of in set(Format) else Format.JSON,
        interval=dt.timedelta(seconds=_whole(form, "interval") or 60),
        place=form.get("place", ""),
        equipment=form.get("equipment", ""),
        organisation_id=key_of(form, "organisation") or None,
        calibrated_until=day_of(form, "calibrated_until"),
        jump=_number(form, "jump"),
    )


def _new_rule(form: dict[str, str]) -> NewRule:
    hours = _whole(form, "mkt_hours")
    return NewRule(
        warning_low=_number(form, "warning_low"),
        warning_high=_number(form, "warning_high"),
        alarm_low=_number(form, "alarm_low"),
        alarm_high=_number(form, "alarm_high"),
        delay=_minutes(form, "delay") or dt.timedelta(0),
        hysteresis=_number(form, "hysteresis") or Decimal(0),
        rate=_number(form, "rate"),
        stuck=_minutes(form, "stuck"),
        missing=_whole(form, "missing"),
        mkt=_number(form, "mkt"),
        mkt_window=None if hours is None else dt.timedelta(hours=hours),
    )


async def change(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """One change, as the form's button names it; what is wrong is told on the form's own page, nothing typed is lost.

    Raises:
        NotPermitted: the reader only reads.
        NotFound: no such sensor in the reader's scope.
    """
    if not _may(asked):
        raise NotPermitted
    fresh = form.get("what") == "sensor"
    code = "" if fresh else (await sensors.get(asked.actor, key_of(form, "sensor"))).code
    try:
        return await _changed(asked, form)
    except NotPermitted:
        raise
    except Refusal as why:
        named = why
        if isinstance(why, Malformed) and (label := LABELS.get(str(why.facts["field"]))) is not None:
            named = Malformed(field=asked.translate(label), why=why.facts["why"])
        wrong = text.said(named, asked.actor.locale)
        return await (
            _listed(asked, typed=form, wrong=wrong)
            if fresh
            else _sensor(asked, code, typed=form, wrong=wrong)
        )


async def _changed(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    actor, what = asked.actor, form.get("what", "")
    works = actor.may(WORKS)
    if what == "sensor":
        record = sensors.record_sensor if works else sensors.bring_sensor
        made = await record(actor, _new_sensor(form))
        return _to(made.code)
    found = await sensors.get(actor, key_of(form, "sensor"))
    if what == "rule":
        put = sensors.set_rule if works else sensors.bring_rule
        since = _instant(form, "since", actor.timezone)
        await put(actor, found.id, _new_rule(form), reason=form.get("reason", ""), since=since)
    elif what == "stand":
        await sensors.stand(
            actor,
            found.id,
            lot=form.get("lot", "").strip(),
            stage_id=key_of(form, "stage") or None,
            since=_instant(form, "since", actor.timezone),
        )
    elif what == "leave":
        await sensors.leave(actor, key_of(form, "standing"), until=_instant(form, "until", actor.timezone))
    elif what == "change":
        active = form.get("active", "")
        await sensors.change_sensor(
            actor,
            found.id,
            reason=form.get("reason", ""),
            calibrated_until=day_of(form, "calibrated_until"),
            active=None if active not in ("0", "1") else active == "1",
        )
    else:
        raise Malformed(field="what", why=what[:20] or "–")
    return _to(found.code)


def _to(code: str) -> web.StreamResponse:
    return showing.elsewhere(f"/admin/sensors/{quote(code, safe='')}")
