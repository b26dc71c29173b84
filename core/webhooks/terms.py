"""Words of webhooks: what programs are told of, how a delivery stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.kit.said import Said


class EventKind(Said):
    """What a program can be told of; bodies hold numbers and kinds, never a person or a text."""

    ANOMALY_REPORTED = "anomaly.reported", "Anomaly reported"
    ANOMALY_ACKNOWLEDGED = "anomaly.acknowledged", "Anomaly acknowledged"
    ANOMALY_GRADED = "anomaly.graded", "Grade of an anomaly signed"
    ANOMALY_CONTAINED = "anomaly.contained", "Containment signed"
    ANOMALY_ENDED = "anomaly.ended", "Case ended"
    HOLD_PLACED = "hold.placed", "Lots put on hold"
    HOLD_DECIDED = "hold.decided", "Hold decided"
    ORDER_PLACED = "order.placed", "Order placed"
    ORDER_CHANGED = "order.changed", "Order replanned or cancelled"
    RESULT_RECORDED = "result.recorded", "Inspection result judged"
    TEST = "webhook.test", "Test of a webhook"


class DeliveryState(Said):
    """Where a delivery stands."""

    PENDING = "pending", "waiting"
    DELIVERED = "delivered", "taken"
    FAILED = "failed", "given up"
    DROPPED = "dropped", "not wanted any more"


@dataclass(frozen=True, kw_only=True)
class SubscriptionFacts:
    """A subscription as its owner and the administrator see it; the secret is never shown again."""

    id: int
    plant_id: int
    organisation_id: int
    client: str
    url: str
    kinds: tuple[EventKind, ...]
    made_at: dt.datetime
    off_at: dt.datetime | None
    off_because: str
    secret_before_until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class SubscriptionMade:
    """A subscription with a new secret, which is told this once."""

    subscription: SubscriptionFacts
    secret: str


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts:
    """A delivery as the log shows it."""

    id: int
    subscription_id: int
    message: str
    kind: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str
    created_at: dt.datetime
    due_at: dt.datetime
    done_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Due:
    """A delivery that this process may send until its lease ends."""

    id: int
    message: str
    url: str
    body: str
    secrets: tuple[str, ...]
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an attempt came to; ``status`` None is no answer, ``later`` what the receiver asked to wait."""

    status: int | None = None
    error: str = ""
    later: dt.timedelta | None = None
