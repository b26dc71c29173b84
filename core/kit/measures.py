"""What happens in passing and is worth counting: rooms and doors say it, whoever keeps metrics listens."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Measure(StrEnum):
    """What is counted."""

    STEP_LATENESS = "step_lateness"
    """Seconds by which a step of an alert was taken late."""
    NOBODY_ON_DUTY = "nobody_on_duty"
    """An alert met a tier without anybody."""
    CALLBACK_REJECTED = "callback_rejected"
    """A tap was refused; the label says why: forged, expired or stale."""
    TOKEN_REFRESHED = "token_refreshed"  # noqa: S105  it names what happened
    """A messenger gave a new access token; the label is its channel."""

    SENSOR_MESSAGE = "sensor_message"
    """A message of a sensor came to be a reading or a duplicate, or was put aside; the label says which, or why."""


Listener = Callable[[Measure, float, str], None]
_listeners: list[Listener] = []


def say(measure: Measure, value: float = 1.0, label: str = "") -> None:
    """Something happened."""
    for listener in _listeners:
        listener(measure, value, label)


def listen(listener: Listener) -> None:
    """Hear everything from now on, in the place of whoever heard it before."""
    _listeners[:] = [listener]
