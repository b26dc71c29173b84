"""Counters of what rooms and doors say in passing, for the metrics page."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from core.kit.measures import Measure

LATE = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)


class Measuring:
    """One process's counters since it began."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.registry = CollectorRegistry()
        self._late = Histogram(
            "bihuan_escalation_lateness_seconds",
            "Seconds by which steps of alerts were taken late",
            buckets=LATE,
            registry=self.registry,
        )
        self._nobody = Counter(
            "bihuan_steps_with_nobody_on_duty",
            "Tiers of alerts at which nobody was on duty",
            registry=self.registry,
        )
        self._rejected = Counter(
            "bihuan_callbacks_rejected",
            "Taps that were refused: forged, expired, stale",
            ["reason"],
            registry=self.registry,
        )
        self._tokens = Counter(
            "bihuan_token_refreshes",
            "Access tokens fetched, by channel",
            ["channel"],
            registry=self.registry,
        )
        self._sensors = Counter(
            "bihuan_sensor_messages",
            "Values of sensors by what became of them",
            ["outcome"],
            registry=self.registry,
        )

    def heard(self, measure: Measure, value: float, label: str) -> None:
        """Count what was said."""
        match measure:
            case Measure.STEP_LATENESS:
                self._late.observe(max(value, 0.0))
            case Measure.NOBODY_ON_DUTY:
                self._nobody.inc(value)
            case Measure.CALLBACK_REJECTED:
                self._rejected.labels(label).inc(value)
            case Measure.TOKEN_REFRESHED:
                self._tokens.labels(label).inc(value)
            case Measure.SENSOR_MESSAGE:
                self._sensors.labels(label).inc(value)
