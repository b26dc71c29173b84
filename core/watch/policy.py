"""From when on something counts as a fault. With a look every 30 s each of STEPS is found within 60 s."""

from __future__ import annotations

import datetime as dt

from core.watch.terms import Fault, Seen

STEP = dt.timedelta(seconds=25)
"""A due step of an alert, which is taken every second."""
SEALED = 60.0
UPDATE = 120.0
SENDER = dt.timedelta(seconds=60)
"""A lease that ran out; any sender takes such a message up again."""
CLOCK = dt.timedelta(seconds=90)
CANARY = dt.timedelta(minutes=15)
"""Between two canaries of a channel."""
CANARY_LATE = dt.timedelta(minutes=3)
"""In which one has to be taken by its messenger, attempts that failed included."""
OFF_THE_CROWD = dt.timedelta(minutes=7)
"""After the full hour: at :00 and :30 everybody sends."""
AGAIN = dt.timedelta(days=1)
"""A fault that stands is told again after so long."""


def faults(seen: Seen) -> dict[Fault, int]:
    """What is wrong, with how much of it."""
    found = {
        Fault.STEPS: seen.steps_late,
        Fault.SEAL: int(seen.seal_seconds > SEALED),
        Fault.SENDERS: seen.senders_gone,
        Fault.MESSAGES: seen.messages_late,
        Fault.UPDATES: int(seen.update_seconds > UPDATE),
        Fault.ASIDE: seen.aside,
        Fault.CLOCKS: seen.clocks_untold,
        Fault.CANARIES: seen.canaries_lost,
    }
    return {fault: count for fault, count in found.items() if count}


def quarter(now: dt.datetime) -> dt.datetime:
    """When the present quarter of an hour of canaries began: 7, 22, 37 or 52 minutes past."""
    since = now - OFF_THE_CROWD
    into = dt.timedelta(minutes=since.minute % 15, seconds=since.second, microseconds=since.microsecond)
    return now - into
