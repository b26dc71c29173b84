"""Words of people and organisations: kinds, roles, frozen facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.kit.said import Said


class OrganisationKind(Said):
    """What an organisation is to the plant."""

    MAKER = "maker", "Registrant"
    SUPPLIER = "supplier", "Supplier"
    LABORATORY = "laboratory", "Laboratory"
    CARRIER = "carrier", "Carrier"
    SANDBOX = "sandbox", "Sandbox"
    """A plant apart, in which a partner's programs are tried out; nobody works in it."""


PARTNERS = frozenset({OrganisationKind.SUPPLIER, OrganisationKind.LABORATORY, OrganisationKind.CARRIER})
"""What a partner can be."""


class Role(Said):
    """What a person is here for; rights follow from roles."""

    OPERATOR = "operator", "Line operator"
    RESPONSIBLE = "responsible", "Quality engineer"
    SUPERVISOR = "supervisor", "Supervisor"
    MANAGER = "manager", "Quality manager"
    SITE_HEAD = "site_head", "Site head"
    SUPPLIER = "supplier", "Supplier's contact"
    LABORATORY = "laboratory", "Laboratory's contact"
    CARRIER = "carrier", "Carrier's contact"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class Purpose(StrEnum):
    """What a one-time link opens."""

    ADMIN = "admin"
    CHAT = "chat"
    ENROL = "enrol"
    SIGN = "sign"
    """The page that opens a signing session; for oneself only."""


class Door(StrEnum):
    """Where a session lives."""

    ADMIN = "admin"
    CHAT = "chat"
    CODE = "code"
    """Between a link to the phone page and the code: good for nothing but the code."""
    SIGN = "sign"
    """After PIN and code on the signing page: good for the own passkeys, for ten minutes."""


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """An organisation as others see it."""

    id: int
    plant_id: int
    code: str
    name_zh: str
    name_en: str
    kind: str
    active: bool

    def name(self, locale: str) -> str:
        """The name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@dataclass(frozen=True, kw_only=True)
class SiteFacts:
    """A site of an organisation."""

    id: int
    organisation_id: int
    code: str
    name_zh: str
    name_en: str

    def name(self, locale: str) -> str:
        """Answer its name in the reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@dataclass(frozen=True, kw_only=True)
class ResponsibilityFacts:
    """A line of the matrix; None means any."""

    id: int
    person_id: int
    tier: int
    category: str | None
    site_id: int | None
    partner_id: int | None


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """A person as others see them: the least that is needed."""

    id: int
    plant_id: int
    organisation_id: int
    printed_name: str
    roles: frozenset[str]
    locale: str
    timezone: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """An open session of the admin page or the phone page."""

    person_id: int
    door: str
    csrf: str
    second_factor: bool
    expires_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """An open session in a list; ``present`` is the one that the list was asked from."""

    id: int
    door: str
    started_at: dt.datetime
    seen_at: dt.datetime
    present: bool


@dataclass(frozen=True, kw_only=True)
class SessionMade:
    """The secrets of a new session, given once to the browser."""

    token: str
    csrf: str


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """What an opened one-time link says."""

    person_id: int
    made_by: int | None


@dataclass(frozen=True, kw_only=True)
class AccessFacts:
    """One view of a record."""

    id: int
    at: dt.datetime
    person_id: int | None
    door: str
    subject: str
    case_number: str | None
    detail: str


class EngagementState(Said):
    """Where an engagement stands at an instant."""

    COMING = "coming", "not open yet"
    OPEN = "open", "open now"
    OVER = "over", "over"
    ENDED = "ended", "ended early"


@dataclass(frozen=True, kw_only=True)
class EngagementFacts:
    """What an auditor was, is or will be let in for."""

    id: int
    plant_id: int
    person_id: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    partner_id: int | None
    cases: tuple[str, ...]
    reported_since: dt.datetime | None
    reported_until: dt.datetime | None
    reason: str
    ended_at: dt.datetime | None

    def state(self, now: dt.datetime) -> EngagementState:
        """Where it stands: open from ``opens_at`` to before ``closes_at`` unless it was ended."""
        if self.ended_at is not None and self.ended_at <= now:
            return EngagementState.ENDED
        if now < self.opens_at:
            return EngagementState.COMING
        return EngagementState.OPEN if now < self.closes_at else EngagementState.OVER


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the matrix of responsibility; None means any."""

    person_id: int
    category: str | None
    site_id: int | None
    partner_id: int | None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What an actor's reads are bounded by; None means unbounded in that direction."""

    plant_id: int
    partner_id: int | None
    site_ids: frozenset[int] | None
    by_case: bool = False
    """An auditor let in for certain cases: reads reach those cases and what belongs to them, nothing else."""

    def sees(self, *, plant_id: int, partner_ids: Iterable[int | None] = ()) -> bool:
        """Whether a record of a plant, shared with these partners, lies inside. The one rule of isolation."""
        if plant_id != self.plant_id:
            return False
        return self.partner_id is None or self.partner_id in set(partner_ids)

    def meets(self, organisation_id: int) -> bool:
        """Whether people of an organisation of the plant may be shown: a partner meets no other partner."""
        return self.partner_id is None or organisation_id in (self.plant_id, self.partner_id)
