"""What the outbound engine did since this process began, counted for the metrics page."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from core.notices import Outcome


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

    def sent(self, channel: str, outcome: Outcome) -> None:
        """One attempt is over."""
        self._sends.labels(channel, outcome.value).inc()

    def waits(self, channel: str, cause: str, seconds: float) -> None:
        """One notice waits; ``cause`` is ``window`` or ``messenger``."""
        self._waits.labels(channel, cause).inc()
        self._waited.labels(channel, cause).inc(seconds)
