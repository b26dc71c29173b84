"""What an auditor was let in for: the bounds of every read, carried by the actor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """An open engagement; None in a bound means any. ``reported_until`` is the first instant outside."""

    id: int
    closes_at: dt.datetime
    partner_id: int | None = None
    cases: frozenset[str] | None = None
    reported_since: dt.datetime | None = None
    reported_until: dt.datetime | None = None

    @property
    def by_case(self) -> bool:
        """Whether it names cases, by number or by the day of their report, and not the plant or a partner."""
        return not (self.cases is None and self.reported_since is None and self.reported_until is None)
