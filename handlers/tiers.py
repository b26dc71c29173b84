"""What the tiers of the responsibility table are called."""

from __future__ import annotations

from handlers.text import mark

TIERS = {
    1: mark("responsible person"),
    2: mark("supervisor"),
    3: mark("quality manager"),
    4: mark("site head"),
}
