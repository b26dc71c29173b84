"""What a chart consists of: plain shapes in logical pixels, 360 wide, the width of a phone held upright."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

WIDTH = 360
MARGIN = 12
TEXT = 14
"""Smallest text, in logical pixels."""


class Anchor(Enum):
    """Which end of a text stands at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 1
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Path:
    """A line through points, or a filled shape within them."""

    points: tuple[tuple[float, float], ...]
    stroke: str | None = None
    stroke_width: float = 2
    fill: str | None = None


@dataclass(frozen=True, kw_only=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    fill: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """One line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: int = TEXT
    bold: bool = False
    fill: str = "#1b2530"
    anchor: Anchor = Anchor.START


Shape = Box | Path | Disc | Words


@dataclass(frozen=True, kw_only=True)
class ChartSpec:
    """A chart ready to draw. ``description`` says in words what the picture shows, one line per card."""

    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]
    locale: str
    width: float = WIDTH
