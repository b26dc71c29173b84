"""Pictures and files for messages by their source, loaded as their reader may see them, just before sending."""

from __future__ import annotations

import asyncio
import datetime as dt

from core import conditions, imports, lots, sensors
from core.evidence import Darkroom
from core.kit import Actor, Refusal, clock
from handlers import blanks, bringing, csv_lists
from handlers.charts import LISTED, genealogy, impact, png, sensing, series
from handlers.charts.spec import ChartSpec


class PictureDesk:
    """Knows how each kind of picture is made."""

    def __init__(self, darkroom: Darkroom) -> None:
        """Keep the room that opens evidence."""
        self._darkroom = darkroom

    async def load(self, source: str, reader: Actor) -> bytes | None:
        """Give the picture's bytes, or None when this reader may not see it (any more)."""
        kind, _sep, rest = source.partition(":")
        try:
            if kind == "evidence":
                return (await self._darkroom.open_preview(reader, int(rest))).data
            if kind == "genealogy":
                lot_id, _sep, way = rest.partition(":")
                traced = await lots.trace(reader, int(lot_id), lots.Way(way), most=LISTED)
                traced = await lots.with_sources(traced)
                spec = genealogy.chart(
                    traced, reader.locale, most=genealogy.PICTURE_LOTS, zone=reader.timezone
                )
                return await asyncio.to_thread(png.draw, spec)
            if kind == "impact":
                reached = await lots.impact(reader, int(rest), most=LISTED)
                spec = impact.chart(reached, reader.locale, most=genealogy.PICTURE_LOTS)
                return await asyncio.to_thread(png.draw, spec)
            if kind == "series":
                found = await conditions.series(reader, int(rest))
                points = await conditions.points_of(reader, int(rest))
                spec = series.chart(found, points, reader.locale, reader.timezone)
                return await asyncio.to_thread(png.draw, spec)
            if kind == "sensor":
                return await asyncio.to_thread(png.draw, await self._sensor(int(rest), reader))
            if kind in ("trace", "template", "faults"):
                return await self._file(kind, rest, reader)
        except Refusal:
            return None
        msg = f"no picture of kind {kind}"
        raise LookupError(msg)

    async def _sensor(self, sensor_id: int, reader: Actor) -> ChartSpec:
        """The readings of the last day against the limits of now."""
        since = clock.now() - dt.timedelta(days=1)
        (state,) = await sensors.overview(reader, only=[sensor_id])
        episodes = [
            one
            for one in await sensors.episodes_of(reader, sensor_id)
            if one.episode.ends is None or one.episode.ends >= since
        ]
        return sensing.chart(state.sensor, state.points, state.rule, episodes, reader.locale, reader.timezone)

    async def _file(self, kind: str, rest: str, reader: Actor) -> bytes | None:
        """A genealogy as a list, a template, or what is wrong with a file that was sent."""
        if kind == "trace":
            lot_id, _sep, way = rest.partition(":")
            traced = await lots.with_sources(await lots.trace(reader, int(lot_id), lots.Way(way)))
            return await asyncio.to_thread(csv_lists.of_trace, traced, reader.locale, reader.timezone)
        if kind == "template":
            subject, form, locale = rest.split(":")
            return blanks.made(imports.Subject(subject), form, locale)
        organisation, _sep, digest = rest.partition("/")
        if int(organisation) != reader.organisation_id:
            return None
        content = await self._darkroom.unreceived(reader.organisation_id, digest)
        try:
            await bringing.brought(reader, content, digest, dry=True)
        except imports.Faulty as faulty:
            return bringing.faults_file(faulty, reader.locale)
        return None
