"""Whether the times that entries state fit the order in which they were sealed (regulation §3.5). Pure.

An entry that says it was recorded long before the one sealed ahead of it was entered with a clock set back;
one that says it was recorded after the checkpoint over it was made, with a clock set forward.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from core.kit.canonical import instant_text

if TYPE_CHECKING:
    from collections.abc import Sequence

TOLERANCE: Final = dt.timedelta(minutes=5)
"""What clocks of several processes and transactions that take long may differ by."""


def spread(recorded: Sequence[str]) -> tuple[str, str] | None:
    """Answer the earliest and the latest of some entries' times; None when one lies too long before an earlier one."""
    if [*recorded] == sorted(recorded):
        return recorded[0], recorded[-1]
    latest = ""
    for text in recorded:
        latest = max(latest, text)
        if text < latest and _behind(text, latest):
            return None
    return min(recorded), latest


def _behind(text: str, latest: str) -> bool:
    return dt.datetime.fromisoformat(latest) - dt.datetime.fromisoformat(text) > TOLERANCE


class TimeBounds:
    """Follows the log in its order; instants are canonical texts, which compare as the instants do."""

    def __init__(self) -> None:
        """Begin before the first entry."""
        self._latest = ""
        self._until = ""

    def under(self, made_at: dt.datetime | None) -> None:
        """Go on with the entries under the checkpoint made at this instant; None while none covers them."""
        self._until = "" if made_at is None else instant_text(made_at + TOLERANCE)

    def fit(self, recorded: Sequence[str]) -> bool:
        """Answer whether the times of the next entries stand in order and in bounds; if not, ``judge`` each."""
        if recorded[0] < self._latest or (self._until and recorded[-1] > self._until):
            return False
        if [*recorded] != sorted(recorded):
            return False
        self._latest = recorded[-1]
        return True

    def passes(self, earliest: str, latest: str) -> bool:
        """Answer whether ``judge`` has nothing against the next entries, of whose times ``spread`` answered these."""
        if self._until and latest > self._until:
            return False
        if earliest < self._latest and _behind(earliest, self._latest):
            return False
        self._latest = max(self._latest, latest)
        return True

    def judge(self, recorded_at: str) -> str | None:
        """Answer what is wrong with the time of the next entry; None when it fits."""
        if self._until and recorded_at > self._until:
            return f"it says it was recorded at {recorded_at}, after it was sealed"
        if recorded_at >= self._latest:
            self._latest = recorded_at
            return None
        if not _behind(recorded_at, self._latest):
            return None
        return (
            f"it says it was recorded at {recorded_at}, but was sealed after one recorded at {self._latest}"
        )
