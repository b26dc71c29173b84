"""Readings packed into chunks: milliseconds, millionths, when received, doubts; deflated, as text. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import struct
import zlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from core.sensors.terms import Doubt, Point

_ONE: Final = struct.Struct("<qqqH")
_MILLION: Final = 10**6
_STEP: Final = dt.timedelta(milliseconds=1)


def pack(points: Sequence[Point]) -> str:
    """Write readings compactly; the first one's instant is kept beside the text."""
    first = points[0].at
    raw = b"".join(
        _ONE.pack(
            (one.at - first) // _STEP,
            int(one.value * _MILLION),
            (one.received_at - one.at) // _STEP,
            int(one.doubts),
        )
        for one in points
    )
    return base64.b64encode(zlib.compress(raw, 6)).decode()


def unpack(packed: str, first: dt.datetime) -> list[Point]:
    """Read readings back."""
    points = []
    for at, value, received, doubts in _ONE.iter_unpack(zlib.decompress(base64.b64decode(packed))):
        when = first + at * _STEP
        points.append(
            Point(
                at=when,
                value=Decimal(value) / _MILLION,
                received_at=when + received * _STEP,
                doubts=Doubt(doubts),
            )
        )
    return points
