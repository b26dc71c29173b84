"""温湿度记录: what a logger's record says, as lines and as a card with its curve and the case it opened."""

from __future__ import annotations

from core import anomalies, lots
from core.conditions import SeriesFacts
from core.kit import Level, Module, Permission, current
from handlers.charts import series as drawn
from handlers.chat.actions import Action
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing, Picture

SHOWN = 5


async def facts(talk: Talk, series: SeriesFacts) -> list[tuple[str, str]]:
    """Logger, lot, time, extremes, mean kinetic temperature, what was out of limits and where samples are missing."""
    _ = talk.translate
    lot = None if series.lot_id is None else await lots.get(talk.actor, series.lot_id)
    found = [
        (_("Logger"), series.logger),
        (_("Lot"), "–" if lot is None else lot.number),
        (_("From, to"), f"{talk.moment(series.begins)} – {talk.moment(series.ends)}"),
        (_("Temperature"), f"{drawn.figure(series.lowest)} – {drawn.figure(series.highest)} °C"),
        ("MKT", f"{drawn.figure(series.mkt)} °C"),
        (_("Out of limits"), str(len(series.excursions))),
        (_("Gaps"), str(len(series.gaps))),
    ]
    zone, locale = talk.actor.timezone, talk.actor.locale
    found += [
        (f"⚠ {place}", drawn.told(one, locale, zone))
        for place, one in enumerate(series.excursions[:SHOWN], 1)
    ]
    return found


async def brought(talk: Talk, series: SeriesFacts, number: str) -> None:
    """The record is in: its lines, its curve, its lot, and the case that it opened by itself."""
    _ = talk.translate
    rows: list[tuple[Button, ...]] = []
    said = _("Everything stayed within its limits.")
    if series.excursions or series.gaps:
        said = _("It opened a case by itself; those responsible were told.")
    if series.lot_id is not None:
        if talk.actor.may(Permission(Module.ANOMALIES, Level.READ)):
            opened = [
                one
                for one in await anomalies.open_about(talk.actor, series.lot_id)
                if one.reported_at == current().now
            ]
            rows += [(talk.button(f"⚠ {one.number}", Action.CASE, one.id),) for one in opened]
        lot = await lots.get(talk.actor, series.lot_id)
        rows.append((talk.button(f"🔎 {lot.number}", Action.GENEALOGY_BOTH, lot.id),))
    await talk.reply(
        Outgoing(
            head=_("📥 Logger record brought in as {number}").format(number=number),
            body=said,
            facts=tuple(await facts(talk, series)),
            pictures=(
                Picture(
                    source=f"series:{series.id}", alt=_("Curve of logger {name}").format(name=series.logger)
                ),
            ),
            buttons=tuple(rows) or ((talk.button(_("Menu"), Action.HOME, 0),),),
        )
    )
