"""Who may export, what may be asked for. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from core.exchange.errors import DatesReversed, NothingAsked, TooManyCases
from core.exchange.terms import MOST_CASES, Wanted
from core.kit.actor import Actor
from core.kit.refusal import NotPermitted
from core.people.terms import Role

EXPORTERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""A bundle holds original photos, roles and views: it is for those who watch, not for those who work."""


def must_export(actor: Actor) -> None:
    """Refuse everyone but auditors, administrators and the command line; a partner's people never export.

    Raises:
        NotPermitted: another role, or another organisation's person.
    """
    if not actor.is_system and (actor.partner_id is not None or not EXPORTERS & actor.roles):
        raise NotPermitted


def must_be_clear(wanted: Wanted) -> None:
    """Refuse what names nothing, too much, or a period that runs backwards.

    Raises:
        NothingAsked, DatesReversed, TooManyCases: see there.
    """
    if not wanted.cases and wanted.since is None and wanted.until is None:
        raise NothingAsked
    if wanted.since is not None and wanted.until is not None and wanted.until < wanted.since:
        raise DatesReversed(since=wanted.since, until=wanted.until)
    if len(wanted.cases) > MOST_CASES:
        raise TooManyCases(most=MOST_CASES)


def period(wanted: Wanted, zone: str, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The instants from the first day's midnight to the midnight after the last day, on a zone's clock."""
    first = wanted.since or dt.date(2000, 1, 1)
    last = wanted.until or now.astimezone(ZoneInfo(zone)).date()
    after = last + dt.timedelta(days=1) if last < dt.date.max else last
    return tuple(dt.datetime.combine(day, dt.time(), ZoneInfo(zone)) for day in (first, after))  # type: ignore[return-value]
