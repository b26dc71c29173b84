"""Recording people, the first administrator, the own language, and the end of access."""

from __future__ import annotations

import functools
import zoneinfo

from core import ledger
from core.kit import Actor, Level, Module, NotFound, NotPermitted, current, plain_text, system, verb
from core.ledger import Kind
from core.people import hooks, queries
from core.people.errors import HasAdministrator, Unlisted
from core.people.models import ChatIdentity, Organisation, Person, RoleAssignment, Session
from core.people.policy import must_go_together
from core.people.roles import given, listed, locked, must_leave_an_administrator
from core.people.terms import Role

NAME = 80
LOCALES = ("zh_CN", "en")
DEMO = "demo"


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _must_be_listed(value: str, choices: frozenset[str] | tuple[str, ...]) -> str:
    if value not in choices:
        raise Unlisted(value=value)
    return value


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.PERSON_ADD)
async def add_person(
    actor: Actor,
    organisation_id: int,
    printed_name: str,
    roles: list[str],
    *,
    locale: str = "zh_CN",
    timezone: str = "Asia/Shanghai",
    site_id: int | None = None,
) -> int:
    """Record a person with their roles; answers the id, which no other person will ever have.

    ``site_id`` bounds the roles to one site; ``timezone`` is an IANA name.

    Raises:
        NotFound: the organisation, or the site, is not of this plant.
        RolesClash, RoleNotForPartner: these roles do not go together here.
        Unlisted: no such role, language or time zone.
    """
    owner = await queries.organisation(organisation_id)
    if owner.plant_id != actor.plant_id:
        raise NotFound(what=f"#{organisation_id}")
    await queries.must_be_own_site(actor, site_id)
    chosen = frozenset(listed(one) for one in roles)
    must_go_together(chosen, partner=organisation_id != actor.plant_id)
    row = await Person.create(
        plant_id=actor.plant_id,
        organisation_id=organisation_id,
        printed_name=plain_text.checked(printed_name, limit=NAME),
        locale=_must_be_listed(locale, LOCALES),
        timezone=_must_be_listed(timezone, _zones()),
    )
    assigned = [
        await RoleAssignment.create(person_id=row.id, role=role.value, site_id=site_id, since=current().now)
        for role in sorted(chosen)
    ]
    await ledger.append(
        Kind.PERSON_ADD,
        actor,
        rows=[row, *assigned],
        facts={"person": row.id, "organisation": organisation_id, "roles": sorted(chosen)},
    )
    return int(row.id)


@verb(None, None, Kind.PERSON_ADD)
async def _first(actor: Actor, printed_name: str, locale: str, timezone: str) -> int:
    """Record the first administrator: the system only, once a plant."""
    if not actor.is_system:
        raise NotPermitted
    found = await Organisation.select_for_update().get_or_none(id=actor.plant_id, plant_id=actor.plant_id)
    if found is None:
        raise NotFound(what=f"#{actor.plant_id}")
    if actor.channel != DEMO:
        await must_lack_administrator(actor.plant_id)
    return await add_person(
        actor, actor.plant_id, printed_name, [Role.ADMINISTRATOR.value], locale=locale, timezone=timezone
    )


async def first_administrator(
    plant_id: int,
    printed_name: str,
    *,
    locale: str = "zh_CN",
    timezone: str = "Asia/Shanghai",
    channel: str = "cli",
) -> int:
    """Record the one who lets the others in; only the command line and the demo do this. Answers the id.

    Raises:
        NotFound: no such plant.
        HasAdministrator: the plant has one already (the demo, channel ``demo``, may all the same).
    """
    return await _first(system(plant_id, channel=channel), printed_name, locale, timezone)


async def must_lack_administrator(plant_id: int) -> None:
    """The command line makes the first administrator only.

    Raises:
        HasAdministrator: there is one; they add the others.
    """
    if await queries.has_role(plant_id, Role.ADMINISTRATOR):
        raise HasAdministrator


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.PERSON_REVOKE)
async def revoke_person(actor: Actor, person_id: int, reason: str) -> None:
    """End a person's access at once: sessions and chats die, records and ids stay (ASVS 7.4.2).

    Invitations and links that are still about open nothing any more. Work that was theirs comes up with others.

    Raises:
        NotFound: no such person in this plant.
        Inactive: it has ended already.
        NeedsReason: no reason was given.
        LastAdministrator: the plant would be left without one.
    """
    why = given(reason)
    row = await locked(actor, person_id)
    await must_leave_an_administrator(actor, row)
    row.active, row.revoked_at = False, current().now
    await row.save()
    identities = await ChatIdentity.filter(person_id=person_id, active=True)
    for identity in identities:
        identity.active = False
        await identity.save()
    sessions = await Session.filter(person_id=person_id, ended_at=None).select_for_update()
    for session in sessions:
        session.ended_at = current().now
        await session.save(update_fields=["ended_at"])
    await ledger.append(
        Kind.PERSON_REVOKE,
        actor,
        rows=[row, *identities, *sessions],
        reason=why,
        facts={"person": person_id},
    )
    await hooks.left.happen(actor, person_id)


@verb(None, None, Kind.PERSON_LOCALE)
async def choose_locale(actor: Actor, locale: str) -> None:
    """A person chooses their own language.

    Raises:
        Unlisted: no such language.
    """
    row = await locked(actor, actor.identity)
    before, row.locale = row.locale, _must_be_listed(locale, LOCALES)
    await row.save()
    await ledger.append(
        Kind.PERSON_LOCALE, actor, rows=[row], facts={"locale": row.locale}, before={"locale": before}
    )
