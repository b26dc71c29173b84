"""Pictures for messages by their source, loaded as their reader may see them, just before sending."""

from __future__ import annotations

import asyncio

from core import lots
from core.evidence import Darkroom
from core.kit import Actor, Refusal
from handlers.charts import LISTED, genealogy, impact, png


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
                spec = genealogy.chart(
                    traced, reader.locale, most=genealogy.PICTURE_LOTS, zone=reader.timezone
                )
                return await asyncio.to_thread(png.draw, spec)
            if kind == "impact":
                reached = await lots.impact(reader, int(rest), most=LISTED)
                spec = impact.chart(reached, reader.locale, most=genealogy.PICTURE_LOTS)
                return await asyncio.to_thread(png.draw, spec)
        except Refusal:
            return None
        msg = f"no picture of kind {kind}"
        raise LookupError(msg)
