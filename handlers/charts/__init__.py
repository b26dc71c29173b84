"""Pictures for people: a layout makes a ``ChartSpec``; it is drawn as SVG for pages or as PNG for chats."""

from __future__ import annotations

from handlers.charts import genealogy, impact, png, svg
from handlers.charts.spec import ChartSpec

LISTED = 60
"""Lots a direction that a picture is chosen from, with held ones wherever they are; the others are counted."""

__all__ = ["LISTED", "ChartSpec", "genealogy", "impact", "png", "svg"]
