"""Words of duty: rotations, turns, stand-ins, swaps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from core.kit.said import Said

HAND_OVER = dt.time(8)
"""When a rotation without a shift changes hands."""


class Every(Said):
    """How often a rotation moves on to the next person."""

    DAY = "day", "every day"
    WEEK = "week", "every week"


class Because(Said):
    """Why a person has a turn."""

    ROTATION = "rotation", "by rotation"
    OVERRIDE = "override", "put in by hand"
    SWAP = "swap", "swapped"
    DEPUTY = "deputy", "stands in"
    MATRIX = "matrix", "by the responsibility table"


class SwapState(Said):
    """Where a swap stands."""

    ASKED = "asked", "waits for an answer"
    ACCEPTED = "accepted", "agreed"
    REFUSED = "refused", "declined"
    WITHDRAWN = "withdrawn", "withdrawn"
    EXPIRED = "expired", "expired"


@dataclass(frozen=True, kw_only=True)
class RotationFacts:
    """Who takes turns at a tier; None in category, site or partner means any.

    Without a shift somebody is on duty round the clock, changing at ``hand_over`` in ``zone``.
    """

    id: int
    tier: int
    category: str | None
    site_id: int | None
    partner_id: int | None
    shift_id: int | None
    every: str
    order: tuple[int, ...]
    starts_on: dt.date
    hand_over: dt.time
    zone: str


@dataclass(frozen=True, kw_only=True)
class OverrideFacts:
    """One person takes the duty of a rotation for a while, whoever would have it."""

    id: int
    rotation_id: int
    person_id: int
    since: dt.datetime
    until: dt.datetime
    swap: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class AbsenceFacts:
    """A person is away; what comes to them goes to the deputy, if there is one."""

    id: int
    person_id: int
    deputy_id: int | None
    since: dt.datetime
    until: dt.datetime
    reason: str


class Turn(NamedTuple):
    """A stretch of time in one rotation; ``person_id`` None is a gap: nobody is on duty."""

    rotation_id: int
    since: dt.datetime
    until: dt.datetime
    person_id: int | None
    because: str
    instead_of: int | None = None


@dataclass(frozen=True, kw_only=True)
class SwapFacts:
    """One person asks another to take a turn, perhaps in exchange for one of theirs."""

    id: int
    rotation_id: int
    asker_id: int
    other_id: int
    since: dt.datetime
    until: dt.datetime
    return_rotation_id: int | None
    return_since: dt.datetime | None
    return_until: dt.datetime | None
    state: str
    expires_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class OnDuty:
    """Who answers at a tier at an instant; nobody when ``persons`` is empty."""

    persons: tuple[int, ...]
    rotations: tuple[int, ...] = ()
    """The rotations that decide; none when the responsibility table itself does."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A rotation changed hands."""

    rotation: RotationFacts
    before: int | None
    after: int | None
    at: dt.datetime
