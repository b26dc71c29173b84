"""The sealed secrets of subscriptions, and whether this machine's own addresses may be told (tests, trying out)."""

from __future__ import annotations

import datetime as dt

from core.kit.keys import KeyRing
from core.webhooks import policy
from core.webhooks.models import Subscription

_given: list[KeyRing] = []
_loopback: list[bool] = [False]


def use_keys(ring: KeyRing, *, allow_loopback: bool = False) -> None:
    """Give the room its keys, once at assembly."""
    _given[:] = [ring]
    _loopback[:] = [allow_loopback]


def allows_loopback() -> bool:
    """Whether a webhook may lead to this very machine."""
    return _loopback[0]


def _ring() -> KeyRing:
    if not _given:
        msg = "webhooks.use_keys was not called at assembly"
        raise RuntimeError(msg)
    return _given[0]


def _place(plant_id: int, organisation_id: int) -> bytes:
    return f"webhooks:secret\x1f{plant_id}\x1f{organisation_id}".encode()


def sealed(key: bytes, *, plant_id: int, organisation_id: int) -> bytes:
    """Seal a secret for one organisation; it opens in no other's row."""
    return _ring().for_organisation(organisation_id).seal(key, _place(plant_id, organisation_id))


def opened(row: Subscription, now: dt.datetime) -> tuple[str, ...]:
    """The secrets that sign for a subscription now, the newest first.

    Raises:
        SealBroken: the row was changed or its key is not in the ring.
    """
    kept = [row.secret]
    if (
        row.secret_before is not None
        and row.secret_before_until is not None
        and now < row.secret_before_until
    ):
        kept.append(row.secret_before)
    seal = _ring().for_organisation(row.organisation_id)
    place = _place(row.plant_id, row.organisation_id)
    return tuple(policy.written(seal.open(one, place)) for one in kept)
