"""What this room decides: which roles go together, who may answer for what, when a session ends. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core.people.errors import (
    AdministratorAlone,
    AuditorAlone,
    EngagementPeriod,
    HeadsApart,
    PartnersOwnOnly,
    ReportDatesReversed,
    RoleNotForPartner,
    TooManyNamed,
)
from core.people.permissions import PARTNER_ROLES
from core.people.terms import Door, Line, Role

IDLE = {
    Door.ADMIN: dt.timedelta(minutes=30),
    Door.CHAT: dt.timedelta(days=30),
    Door.CODE: dt.timedelta(minutes=10),
    Door.SIGN: dt.timedelta(minutes=10),
}
LONGEST = {
    Door.ADMIN: dt.timedelta(hours=12),
    Door.CHAT: dt.timedelta(days=90),
    Door.CODE: dt.timedelta(minutes=10),
    Door.SIGN: dt.timedelta(minutes=10),
}
LONGEST_ENGAGEMENT = dt.timedelta(days=366)
"""An audit programme runs for a year at most (ISO 19011, 5.1); then somebody decides again."""
MOST_NAMED = 200
HEADS = frozenset({Role.MANAGER, Role.SITE_HEAD})


def must_go_together(roles: frozenset[Role], *, partner: bool) -> None:
    """Refuse roles that one person must not hold at once (NMPA D-22a, regulation §4.4).

    Whoever runs the system decides nothing in it, whoever audits has no hand in the work, and the heads of
    production and of quality are two people. ``partner``: the person belongs to a partner.

    Raises:
        RoleNotForPartner: a partner's person would hold a role of the registrant.
        AdministratorAlone, AuditorAlone, HeadsApart: the roles do not go together.
    """
    if partner and not roles <= PARTNER_ROLES:
        raise RoleNotForPartner
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        raise AdministratorAlone
    if Role.AUDITOR in roles and len(roles) > 1:
        raise AuditorAlone
    if roles >= HEADS:
        raise HeadsApart


def must_answer_only_for_own(*, plant_id: int, organisation_id: int, partner_id: int | None) -> None:
    """A partner's person may answer for that partner's cases only, or they would be told of others'.

    Raises:
        PartnersOwnOnly: the line of the matrix reaches beyond the person's organisation.
    """
    if organisation_id not in (plant_id, partner_id):
        raise PartnersOwnOnly


def must_be_engagement(
    *,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    reported_since: dt.datetime | None,
    reported_until: dt.datetime | None,
    cases: int,
    now: dt.datetime,
) -> None:
    """Refuse an engagement without a clear and limited time, or with bounds that nothing lies in.

    Raises:
        EngagementPeriod, ReportDatesReversed, TooManyNamed: see there.
    """
    if not opens_at < closes_at <= opens_at + LONGEST_ENGAGEMENT or closes_at <= now:
        raise EngagementPeriod(days=LONGEST_ENGAGEMENT.days)
    if reported_since is not None and reported_until is not None and reported_until <= reported_since:
        raise ReportDatesReversed
    if cases > MOST_NAMED:
        raise TooManyNamed(most=MOST_NAMED)


def most_specific(lines: Iterable[Line]) -> list[int]:
    """The people of the lines that name most: the partner outweighs the site, the site the category.

    Each person once, in the order of the lines.
    """
    best: dict[int, None] = {}
    heaviest = -1
    for line in lines:
        weight = (
            4 * (line.partner_id is not None) + 2 * (line.site_id is not None) + (line.category is not None)
        )
        if weight > heaviest:
            best, heaviest = {}, weight
        if weight == heaviest:
            best[line.person_id] = None
    return list(best)


def session_end(door: Door, *, started_at: dt.datetime, seen_at: dt.datetime) -> dt.datetime:
    """When a session ends by itself: after its idle time, at the latest after its longest time."""
    return min(seen_at + IDLE[door], started_at + LONGEST[door])
