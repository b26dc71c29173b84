"""What the outbound engine did since this process began, counted for the metrics page."""

from __future__ import annotations

import datetime as dt

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from core import notices
from core.kit import clock
from core.notices import Outcome, Priority, State

QUICK = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300)
"""Seconds of the steps in which times are counted."""


HISTORY = dt.timedelta(minutes=1)
"""How long a count of what is settled holds."""


class Tally:
    """Counters of sends and waits; each engine has its own, so that tests and workers do not mix."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.registry = CollectorRegistry()
        self._sends = Counter(
            "bihuan_sends",
            "Send attempts by channel and what came of them",
            ["channel", "outcome"],
            registry=self.registry,
        )
        self._waits = Counter(
            "bihuan_send_waits",
            "Times a notice had to wait for its chat: for our window, or because the messenger asked",
            ["channel", "cause"],
            registry=self.registry,
        )
        self._waited = Counter(
            "bihuan_send_wait_seconds",
            "Seconds of those waits",
            ["channel", "cause"],
            registry=self.registry,
        )

        self._too_many = Counter(
            "bihuan_send_too_many",
            "Times a messenger said that it was too much at once (Telegram: 429)",
            ["channel"],
            registry=self.registry,
        )
        self._answers = Histogram(
            "bihuan_send_seconds",
            "Seconds until the messenger answered a send",
            ["channel"],
            buckets=QUICK,
            registry=self.registry,
        )
        self._ages = Histogram(
            "bihuan_notice_age_seconds",
            "Seconds from when a notice was left until the messenger took it, holds and waits included",
            ["priority"],
            buckets=QUICK,
            registry=self.registry,
        )

    def sent(self, channel: str, outcome: Outcome, seconds: float) -> None:
        """One attempt is over; it took so many seconds."""
        self._sends.labels(channel, outcome.value).inc()
        self._answers.labels(channel).observe(seconds)

    def taken(self, priority: int, seconds: float) -> None:
        """A messenger took a notice that was left so many seconds ago."""
        self._ages.labels(Priority(priority).name.lower()).observe(seconds)

    def waits(self, channel: str, cause: str, seconds: float) -> None:
        """One notice waits; ``cause`` is ``window`` or ``messenger``."""
        self._waits.labels(channel, cause).inc()
        self._waited.labels(channel, cause).inc(seconds)
        if cause == "messenger":
            self._too_many.labels(channel).inc()


class Outbox:
    """What the outbox holds, for all processes together: asked of the database when somebody looks.

    What is settled is history, and is counted anew once a minute at most.
    """

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self._counted: dt.datetime | None = None
        self.registry = CollectorRegistry()
        self._waiting = Gauge(
            "bihuan_outbox_waiting", "Notices not yet sent", ["priority", "channel"], registry=self.registry
        )
        self._states = Gauge("bihuan_notices", "Notices by state", ["state"], registry=self.registry)
        self._saved = Gauge(
            "bihuan_edits_saved",
            "Changes of messages that were not sent because a newer one said it all",
            registry=self.registry,
        )

    async def look(self) -> None:
        """Count anew. Where no channel is chosen yet it is called ``-``."""
        self._waiting.clear()
        for one in Priority:
            self._waiting.labels(one.name.lower(), "-").set(0)
        for (priority, channel), count in (await notices.waiting()).items():
            self._waiting.labels(priority.name.lower(), channel or "-").set(count)
        now = clock.now()
        history = self._counted is None or not dt.timedelta(0) <= now - self._counted < HISTORY
        for state, count in (await notices.depth(State if history else notices.LIVE)).items():
            self._states.labels(state).set(count)
        if history:
            self._saved.set(await notices.edits_saved())
            self._counted = now
