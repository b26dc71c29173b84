"""Webhooks: programs of partners are told of what concerns them, signed, at least once, for three days."""

from __future__ import annotations

from core.webhooks import telling as _telling
from core.webhooks.carrying import claim, record
from core.webhooks.errors import AddressUnfit, KindsUnfit, SubscriptionOn, SubscriptionsTooMany
from core.webhooks.keys import allows_loopback, use_keys
from core.webhooks.policy import PAUSES, loopback, public, signature
from core.webhooks.queries import deliveries, subscriptions
from core.webhooks.subscribing import rotate, send_test, subscribe, switch_on, unsubscribe
from core.webhooks.terms import (
    DeliveryFacts,
    DeliveryState,
    Due,
    EventKind,
    Outcome,
    SubscriptionFacts,
    SubscriptionMade,
)

_telling.join()

__all__ = [
    "PAUSES",
    "AddressUnfit",
    "DeliveryFacts",
    "DeliveryState",
    "Due",
    "EventKind",
    "KindsUnfit",
    "Outcome",
    "SubscriptionFacts",
    "SubscriptionMade",
    "SubscriptionOn",
    "SubscriptionsTooMany",
    "allows_loopback",
    "claim",
    "deliveries",
    "loopback",
    "public",
    "record",
    "rotate",
    "send_test",
    "signature",
    "subscribe",
    "subscriptions",
    "switch_on",
    "unsubscribe",
    "use_keys",
]
