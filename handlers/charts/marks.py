"""Colours, icons and words by which a reader tells the state of a lot. Never colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from core.lots import LotStatus
from handlers.charts.spec import Disc, Path, Shape

INK = "#1b2530"
QUIET = "#4a5764"
RULE = "#c9d2db"
WIRE = "#8494a4"
PAGE = "#f3f6f9"
CARD = "#ffffff"
ROOT = "#123a6b"
ROOT_CARD = "#eaf2fc"
FLOW = "#144e8c"
HELD = "#b3261e"
HELD_CARD = "#fdebe9"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a status looks: the pill's ground and ink, and the stripe at the card's edge."""

    ground: str
    ink: str
    stripe: str


LOOKS: dict[LotStatus, Look] = {
    LotStatus.AVAILABLE: Look(ground="#e6f4ea", ink="#1b6b36", stripe="#2e8b4f"),
    LotStatus.RELEASED: Look(ground="#d9f0f0", ink="#0b5e63", stripe="#128087"),
    LotStatus.ON_HOLD: Look(ground=HELD, ink="#ffffff", stripe=HELD),
    LotStatus.QUARANTINED: Look(ground="#fff0d1", ink="#744600", stripe="#d98a00"),
    LotStatus.SCRAPPED: Look(ground="#e4e8ec", ink="#3c4650", stripe="#6b7783"),
    LotStatus.SHIPPED: Look(ground="#e3eefb", ink="#144e8c", stripe="#2f74c0"),
    LotStatus.WITHDRAWN: Look(ground="#eeeaf5", ink="#4b3a73", stripe="#7a68a6"),
}


def icon(status: LotStatus, x: float, y: float, *, turned: bool = False) -> list[Shape]:
    """Draw a status' sign, 16 pixels across; ``turned`` swaps ink and ground, for pale places."""
    look = LOOKS[status]
    ink, line = (look.ground, look.ink) if turned else (look.ink, look.ground)
    if status is LotStatus.QUARANTINED:
        return [
            Path(points=((x, y - 8), (x + 8.5, y + 7), (x - 8.5, y + 7)), fill=ink),
            Path(points=((x, y - 3), (x, y + 1.6)), stroke=line, stroke_width=2),
            Disc(x=x, y=y + 4.4, radius=1.2, fill=line),
        ]
    strokes: dict[LotStatus, tuple[tuple[tuple[float, float], ...], ...]] = {
        LotStatus.AVAILABLE: (((-3.8, 0.2), (-1, 3), (4, -2.8)),),
        LotStatus.RELEASED: (((-5.2, 0.2), (-2.8, 2.8), (1, -2.4)), ((-0.4, 2), (0.6, 2.9), (4.9, -2.4))),
        LotStatus.ON_HOLD: (((-2.5, -3.6), (-2.5, 3.6)), ((2.5, -3.6), (2.5, 3.6))),
        LotStatus.SCRAPPED: (((-3.2, -3.2), (3.2, 3.2)), ((-3.2, 3.2), (3.2, -3.2))),
        LotStatus.WITHDRAWN: (((4, 0), (-4, 0)), ((-0.6, 3.6), (-4.2, 0), (-0.6, -3.6))),
        LotStatus.SHIPPED: (((-4.4, 0), (4, 0)), ((0.6, -3.6), (4.2, 0), (0.6, 3.6))),
    }
    width = 2.6 if status is LotStatus.ON_HOLD else 1.9
    return [
        Disc(x=x, y=y, radius=8, fill=ink),
        *(
            Path(points=tuple((x + dx, y + dy) for dx, dy in stroke), stroke=line, stroke_width=width)
            for stroke in strokes[status]
        ),
    ]
