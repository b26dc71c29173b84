"""Mean kinetic temperature of a sliding window: sums of whole numbers, the same wherever one begins. Pure."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import accumulate
from typing import Final

from core.sensors.terms import Point

_ACTIVATION: Final = 83.144 / 8.3144e-3
"""Activation energy over the gas constant, in kelvin (USP 1160), as of loggers' records."""
_ZERO_C: Final = 273.15
_SCALE: Final = 2.0**160
_COLDEST: Final = Decimal(-100)


class Window:
    """The readings that windows are cut from."""

    def __init__(self, points: Sequence[Point], first: dt.datetime | None) -> None:
        """Keep readings in the order of time; ``first`` is the instant of the sensor's very first reading."""
        self._at = [one.at for one in points]
        self._first = first
        self._sums = [0, *accumulate(_rate(one.value) for one in points)]

    def mean(self, at: dt.datetime, window: dt.timedelta) -> Decimal | None:
        """Answer the mean of the readings in the window before and at an instant; None while it is not full."""
        if self._first is None or at - self._first < window:
            return None
        begin, end = bisect_left(self._at, at - window), bisect_right(self._at, at)
        if begin >= end:
            return None
        rate = (self._sums[end] - self._sums[begin]) / _SCALE / (end - begin)
        return Decimal(_ACTIVATION / -math.log(rate) - _ZERO_C).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def _rate(value: Decimal) -> int:
    return round(math.exp(-_ACTIVATION / (float(max(value, _COLDEST)) + _ZERO_C)) * _SCALE)
