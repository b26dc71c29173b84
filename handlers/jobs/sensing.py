"""What sensors need of time: messages taken in, silence noticed, readings written into chunks."""

from __future__ import annotations

import datetime as dt

from core import sensors
from core.kit import clock

GRACE = dt.timedelta(minutes=1)
"""After a start, so that what a broker kept for us comes in before anybody is called silent."""


class Sensing:
    """The jobs of one process."""

    def __init__(self) -> None:
        """Note when it began."""
        self._began = clock.now()

    async def look(self) -> int:
        """Find sensors that fell silent, and alarms without a case; answers how many sensors that were."""
        if clock.now() - self._began < GRACE:
            return 0
        return await sensors.look()
