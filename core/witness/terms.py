"""Words of witnessing: frozen facts, and why somebody is written to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.ledger import Stated


class Why(StrEnum):
    """Why witnesses, or those who answer for the log, are written to."""

    DAILY = "daily"
    CLOSURE = "closure"
    """A critical case was closed."""
    ALARM = "alarm"
    """Nobody has witnessed for too long."""
    CONTRADICTION = "contradict"
    """A checkpoint that this log signed is denied by its present state."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When an unwitnessed tail is too long: after so many days, or so many entries."""

    days: int = 3
    entries: int = 2000


@dataclass(frozen=True, kw_only=True)
class WitnessFacts:
    """A witness: a person, or a chat (then ``person_id`` is None)."""

    id: int
    organisation_id: int
    person_id: int | None
    channel: str
    chat_ref: str
    named_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """A registered witness key."""

    id: int
    organisation_id: int
    name: str
    line: str
    registered_at: dt.datetime
    retired_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Witnessed:
    """A size and root that somebody vouched for: a person by acknowledging, a key by cosigning."""

    organisation_id: int
    size: int
    root: str
    at: dt.datetime
    person_id: int | None = None
    key_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class StampFacts:
    """A time stamp over a signed checkpoint's whole note; ``answer`` is the authority's response (DER)."""

    id: int
    plant_id: int
    size: int
    root: str
    authority: str
    answer: bytes
    stamped_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Cosigned:
    """A cosignature as it stands under its checkpoint."""

    id: int
    size: int
    root: str
    line: str


@dataclass(frozen=True, kw_only=True)
class Vouchers:
    """What stands for a log from outside; ``acknowledgements`` are sizes by id."""

    keys: Sequence[KeyFacts]
    cosignatures: Sequence[Cosigned]
    acknowledgements: Mapping[int, int]
    stamps: Sequence[StampFacts]

    @property
    def sizes(self) -> frozenset[int]:
        """The sizes of the checkpoints that are spoken of."""
        return frozenset(
            {
                *(one.size for one in self.cosignatures),
                *self.acknowledgements.values(),
                *(one.size for one in self.stamps),
            }
        )


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a witness is shown: what they acknowledged last, the present checkpoint, whether it grew out of that."""

    last: Witnessed | None
    present: Stated
    consistent: bool

    @property
    def news(self) -> bool:
        """Whether there is anything to acknowledge."""
        return self.last is None or self.last.size < self.present.size


@dataclass(frozen=True, kw_only=True)
class Unwitnessed:
    """The end of the log that nobody has vouched for: entries of the plant, the instant of the first of them."""

    count: int
    since: dt.datetime | None
    witnessed: Witnessed | None
    organisations: int
    """How many organisations have witnesses; one alone could be persuaded."""
