"""When the next message may go: decisions about sliding windows and turns, nothing but arithmetic.

Instants and lengths are whole microseconds.
"""

from __future__ import annotations

import datetime as dt

from core.notices.terms import Priority, Turn, Window

SECOND = 1_000_000
GRACE = SECOND
"""How long a place in the queue is kept after its wait is over."""
AGAIN = SECOND // 10
"""When somebody asks again whose turn comes after one that is due but has not come yet."""
SKEW = 5 * SECOND
"""How far another machine's clock may be ahead before its counts are taken as a fault."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def instant(moment: dt.datetime) -> int:
    """An instant as microseconds since 1970."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def length(window: Window) -> int:
    """How long a window is."""
    return round(window.seconds * SECOND)


def surplus(window: Window, *, used: int, messages: int, urgent: bool) -> int:
    """How many messages must leave a window before so many more fit in; 0 or less when they fit now.

    The last quarter of a window is kept for what is urgent. What is larger than the window goes out whole once
    the window is empty: an album is not torn.
    """
    usable = window.count if urgent else window.count - window.count // 4
    return used + messages - max(usable, messages)


def is_urgent(turn: Turn) -> bool:
    """Whether a message may use the reserve."""
    return turn.priority == Priority.CRITICAL


def behind(first: Turn, until: int, turn: Turn, now: int) -> int:
    """How long a turn must wait for the one that waits before it: nobody slips past while its wait lasts."""
    if first >= turn or now >= until + GRACE:
        return 0
    return max(until - now, AGAIN)


def takes_place(first: Turn, until: int, turn: Turn, now: int) -> bool:
    """Whether a turn that must wait becomes the first that waits."""
    return turn <= first or now >= until + GRACE
