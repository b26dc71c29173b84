"""Who could do what when, and who looked: the questions of an auditor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tortoise.expressions import Q

from core.kit import Actor, Level, Module, Page, Permission
from core.kit.page import cut
from core.people import seeing
from core.people.models import AccessLog, RoleAssignment
from core.people.queries import scope
from core.people.terms import AccessFacts

_READ = Permission(Module.RECORDS, Level.READ)
_PART = 200


@dataclass(frozen=True, kw_only=True)
class RoleLine:
    """One role of one person, from a moment on and, if it ended, until one."""

    id: int
    person_id: int
    printed_name: str
    organisation_id: int
    role: str
    site_id: int | None
    since: dt.datetime
    until: dt.datetime | None


async def role_history(actor: Actor) -> list[RoleLine]:
    """Every role that anybody of the plant or its partners ever held, oldest first (G-46a).

    Raises:
        NotPermitted: only who reads the records of the whole plant reads this.
    """
    actor.must(_READ)
    rows = RoleAssignment.filter(person__plant_id=actor.plant_id)
    if (partner := scope(actor).partner_id) is not None:
        rows = rows.filter(person__organisation_id__in=[actor.plant_id, partner])
    return [
        RoleLine(
            id=row.id,
            person_id=row.person_id,
            printed_name=row.person.printed_name,
            organisation_id=row.person.organisation_id,
            role=row.role,
            site_id=row.site_id,
            since=row.since,
            until=row.until,
        )
        for row in await rows.order_by("id").select_related("person")
    ]


async def views_of(actor: Actor, cases: Iterable[str]) -> list[AccessFacts]:
    """Every view of these cases, oldest first.

    Raises:
        NotPermitted: only who reads the records of the whole plant reads this.
    """
    actor.must(_READ)
    wanted, found = list(cases), list[AccessFacts]()
    for at in range(0, len(wanted), _PART):
        rows = AccessLog.filter(plant_id=actor.plant_id, case_number__in=wanted[at : at + _PART])
        found += [_access(row) for row in await rows.order_by("id")]
    return sorted(found, key=lambda one: one.id)


async def accesses(
    actor: Actor, *, case: str | None = None, after: int | None = None, size: int = 50
) -> Page[AccessFacts]:
    """Who looked at what, newest first; an auditor let in for certain cases sees the views of those and the own.

    Raises:
        NotPermitted: only who reads the records of the whole plant reads this.
    """
    actor.must(_READ)
    rows = AccessLog.filter(plant_id=actor.plant_id)
    bounds = scope(actor)
    if bounds.by_case or bounds.partner_id is not None:
        rows = rows.filter(Q(case_number__in=seeing.case_numbers(actor)) | Q(person_id=actor.person_id or 0))
    if case is not None:
        rows = rows.filter(case_number=case)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_access(row) for row in await rows.order_by("-id").limit(size + 1)]
    return cut(found, size, [row.id for row in found])


def _access(row: AccessLog) -> AccessFacts:
    return AccessFacts(
        id=row.id,
        at=row.at,
        person_id=row.person_id,
        door=row.door,
        subject=row.subject,
        case_number=row.case_number,
        detail=row.detail,
    )
