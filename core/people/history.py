"""Who could do what when, and who looked: the questions of an auditor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from core.kit import Actor, Level, Module, Permission
from core.people.models import AccessLog, RoleAssignment
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
    if actor.partner_id is not None:
        rows = rows.filter(person__organisation_id=actor.partner_id)
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
        found += [
            AccessFacts(
                id=row.id,
                at=row.at,
                person_id=row.person_id,
                door=row.door,
                subject=row.subject,
                case_number=row.case_number,
                detail=row.detail,
            )
            for row in await rows.order_by("id")
        ]
    return sorted(found, key=lambda one: one.id)
