"""What a delegation covers and between whom it may stand. Pure: facts in, decision or refusal out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.people import Role
from core.signing.errors import (
    DelegationMismatch,
    DelegationPeriod,
    NotDelegable,
)
from core.signing.policy import LIFETIME
from core.signing.segregation import HEADS, Hand
from core.signing.table import TABLE
from core.signing.terms import Shown

LONGEST = dt.timedelta(days=92)
GRADES = ("A", "B", "C")


@dataclass(frozen=True, kw_only=True)
class DelegationFacts:
    """Who signs for whom: ``acts`` and ``categories`` empty mean all; ``worst_grade`` is the gravest covered."""

    id: int
    number: str
    plant_id: int
    delegator_id: int
    delegate_id: int
    acts: tuple[str, ...]
    categories: tuple[str, ...]
    worst_grade: str | None
    since: dt.datetime
    until: dt.datetime
    reason: str
    ended_at: dt.datetime | None
    ended_by: int | None = None
    ended_reason: str | None = None

    def live(self, now: dt.datetime) -> bool:
        """Whether it holds at an instant."""
        return self.ended_at is None and self.since <= now < self.until


def delegable(code: str) -> bool:
    """Whether an act may be signed for somebody else."""
    return code in TABLE and TABLE[code].delegable


def covers(given: DelegationFacts, code: str, shown: Shown, now: dt.datetime) -> bool:
    """Whether a delegation reaches an act on a record. What the record does not say counts as outside a limit."""
    if not given.live(now) or not delegable(code):
        return False
    if given.acts and code not in given.acts:
        return False
    if given.categories and shown.category not in given.categories:
        return False
    if given.worst_grade in (None, "A"):
        return True
    return shown.grade in GRADES and shown.grade >= str(given.worst_grade)


def may_give(
    *,
    delegator: Hand,
    delegate: Hand,
    same_house: bool,
    acts: tuple[str, ...],
    worst_grade: str | None,
    since: dt.datetime,
    until: dt.datetime,
    now: dt.datetime,
) -> None:
    """Refuse a delegation that must not stand.

    Raises:
        NotDelegable: an act that nobody signs for another, or a grade that does not exist.
        DelegationPeriod: it ends before it begins, lasts longer than 92 days, or is dated back: what is signed now
            begins at the earliest when its showing did.
        DelegationMismatch: oneself, another house, heads of production and quality, administrators, auditors.
    """
    if any(not delegable(code) for code in acts) or worst_grade not in (None, *GRADES):
        raise NotDelegable
    if not (now < until and now - LIFETIME <= since < until <= since + LONGEST):
        raise DelegationPeriod(days=LONGEST.days)
    roles = delegator.roles | delegate.roles
    mixed = roles >= HEADS or Role.ADMINISTRATOR in roles or Role.AUDITOR in roles
    if delegator.person_id == delegate.person_id or not same_house or mixed:
        raise DelegationMismatch
