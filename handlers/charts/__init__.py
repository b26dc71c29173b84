"""Pictures for people: a layout makes a ``ChartSpec``; it is drawn as SVG for pages or as PNG for chats."""

from __future__ import annotations

from handlers.charts import genealogy, impact, png, svg
from handlers.charts.spec import ChartSpec

__all__ = ["ChartSpec", "genealogy", "impact", "png", "svg"]
