"""Frozen values of recall rehearsals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RehearsalFacts:
    """A recall rehearsal: what it reached, and, once it is ended, what was located and how long it took."""

    id: int
    number: str
    lot_id: int
    lot_number: str
    lots: int
    shipped: int
    located: int | None
    remark: str
    begun_at: dt.datetime
    ended_at: dt.datetime | None

    @property
    def lasted(self) -> dt.timedelta | None:
        """From its beginning to its end; None while it runs."""
        return None if self.ended_at is None else self.ended_at - self.begun_at
