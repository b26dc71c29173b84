"""Units of sensors: how senders write them, and values that look like another unit's. Pure; converts nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from statistics import median
from typing import Final

from core.sensors.terms import Kind

UNITS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.TEMPERATURE: ("°C", "°F", "K"),
    Kind.HUMIDITY: ("%RH",),
    Kind.PRESSURE: ("Pa", "hPa", "kPa", "bar"),
    Kind.DIFFERENTIAL: ("Pa", "hPa", "kPa"),
}
"""``Kind.OTHER`` takes any word."""
_WRITTEN: Final = {
    "°c": "°C", "℃": "°C", "cel": "°C", "c": "°C", "degc": "°C", "celsius": "°C",
    "°f": "°F", "℉": "°F", "f": "°F", "degf": "°F", "fahrenheit": "°F",
    "k": "K", "kelvin": "K",
    "%rh": "%RH", "% rh": "%RH", "%": "%RH", "rh%": "%RH",
    "pa": "Pa", "hpa": "hPa", "mbar": "hPa", "kpa": "kPa", "bar": "bar",
}  # fmt: skip
"""How senders and SenML (RFC 8428 §12.1) write the units we know; mbar and hPa are the same unit."""
RANGES: Final[dict[str, tuple[Decimal, Decimal]]] = {
    "°C": (Decimal("-273.15"), Decimal(2000)),
    "°F": (Decimal("-459.67"), Decimal(3632)),
    "K": (Decimal(0), Decimal(2273)),
    "%RH": (Decimal(0), Decimal(105)),
}
"""What can be: condensing sensors say a little above 100 %RH."""
KNOWN: Final = 5
"""So many earlier readings tell what is usual."""
_NEAR: Final[dict[Kind, Decimal]] = {Kind.TEMPERATURE: Decimal(3), Kind.HUMIDITY: Decimal(8)}

Turn = Callable[[Decimal], Decimal]
_F_TO_C: Turn = lambda value: (value - 32) * 5 / 9  # noqa: E731
_C_TO_F: Turn = lambda value: value * 9 / 5 + 32  # noqa: E731
_ZERO: Final = Decimal("273.15")


def _times(factor: str) -> Turn:
    return lambda value: value * Decimal(factor)


_TRAPS: Final[dict[str, tuple[Turn, ...]]] = {
    "°C": (_F_TO_C, lambda value: value - _ZERO),
    "°F": (_C_TO_F, lambda value: _C_TO_F(value - _ZERO)),
    "K": (lambda value: value + _ZERO, lambda value: _F_TO_C(value) + _ZERO),
    "%RH": (_times("100"),),
    "Pa": (_times("100"), _times("1000"), _times("100000")),
    "hPa": (_times("0.01"), _times("10"), _times("1000")),
    "kPa": (_times("0.001"), _times("0.1"), _times("100")),
    "bar": (_times("0.00001"), _times("0.001"), _times("0.01")),
}
"""By the sensor's unit: what a value would be, were it of one of the units that are mistaken for it."""


def known(unit: str) -> str:
    """Answer our word for a unit as senders write it; one we do not know stays as it is."""
    return _WRITTEN.get(unit.strip().lower(), unit.strip())


def impossible(value: Decimal, unit: str) -> bool:
    """Whether nothing can have this value."""
    low, high = RANGES.get(unit, (None, None))
    return low is not None and high is not None and not low <= value <= high


def trap(value: Decimal, kind: Kind, unit: str, before: Sequence[Decimal]) -> bool:
    """Whether a value is far from what is usual, and just usual were it of another unit (°F, K, a fraction, mbar)."""
    if len(before) < KNOWN:
        return kind is Kind.HUMIDITY and Decimal(0) < value <= 1
    usual = median(before)
    near = _NEAR.get(kind, max(abs(usual) / 5, Decimal("0.001")))
    if abs(value - usual) <= 2 * near:
        return False
    return any(abs(turn(value) - usual) <= near for turn in _TRAPS.get(unit, ()))
