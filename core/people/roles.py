"""Recording people, granting and withdrawing roles, ending access."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, Level, Module, NotFound, current, plain_text, verb
from core.ledger import Kind
from core.people import queries
from core.people.errors import NeedsReason, RoleNotForPartner, RolesClash
from core.people.models import ChatIdentity, Person, RoleAssignment, Session
from core.people.permissions import PARTNER_ROLES, clash
from core.people.terms import PersonFacts, Role


def _check(roles: frozenset[Role], *, partner: bool) -> None:
    if partner and not roles <= PARTNER_ROLES:
        raise RoleNotForPartner
    clashing = clash(roles)
    if clashing is not None:
        raise RolesClash(one=clashing[0].says, other=clashing[1].says)


async def _own(actor: Actor, person_id: int) -> Person:
    row = await Person.select_for_update().get_or_none(id=person_id, plant_id=actor.plant_id)
    if row is None:
        raise NotFound(what=f"#{person_id}")
    return row


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.PERSON_ADD, Kind.ROLE_GRANT)
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
    """Record a person with their roles; answers the id.

    Raises:
        NotFound: the organisation is not of this plant.
        RolesClash, RoleNotForPartner: these roles do not go together here.
    """
    owner = await queries.organisation(organisation_id)
    if owner.plant_id != actor.plant_id:
        raise NotFound(what=f"#{organisation_id}")
    wanted = frozenset(Role(one) for one in roles)
    _check(wanted, partner=organisation_id != actor.plant_id)
    row = await Person.create(
        plant_id=actor.plant_id,
        organisation_id=organisation_id,
        printed_name=plain_text.checked(printed_name, limit=80),
        locale=locale,
        timezone=timezone,
    )
    given = [
        await RoleAssignment.create(person_id=row.id, role=role.value, site_id=site_id, since=current().now)
        for role in sorted(wanted)
    ]
    await ledger.append(
        Kind.PERSON_ADD,
        actor,
        rows=[row, *given],
        facts={"person": row.id, "organisation": organisation_id, "roles": sorted(wanted)},
    )
    return int(row.id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ROLE_GRANT)
async def grant_role(
    actor: Actor, person_id: int, role: str, *, reason: str, site_id: int | None = None
) -> PersonFacts:
    """Give a person one more role.

    Raises:
        NotFound: no such person in this plant.
        RolesClash, RoleNotForPartner: the roles do not go together here.
    """
    row = await _own(actor, person_id)
    before = (await queries.person(person_id)).roles
    _check(frozenset(Role(one) for one in {*before, role}), partner=row.organisation_id != row.plant_id)
    given = await RoleAssignment.create(
        person_id=person_id, role=Role(role).value, site_id=site_id, since=current().now
    )
    await ledger.append(
        Kind.ROLE_GRANT,
        actor,
        rows=[given],
        reason=reason,
        facts={"person": person_id, "role": role},
        before={"roles": sorted(before)},
    )
    return await queries.person(person_id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ROLE_WITHDRAW)
async def withdraw_role(actor: Actor, person_id: int, role: str, *, reason: str) -> PersonFacts:
    """End a role now; past dates still show it.

    Raises:
        NotFound: no such person in this plant.
    """
    await _own(actor, person_id)
    before = (await queries.person(person_id)).roles
    ended = []
    for row in await RoleAssignment.filter(person_id=person_id, role=role, until=None):
        row.until = current().now
        await row.save()
        ended.append(row)
    await ledger.append(
        Kind.ROLE_WITHDRAW,
        actor,
        rows=ended,
        reason=reason,
        facts={"person": person_id, "role": role},
        before={"roles": sorted(before)},
    )
    return await queries.person(person_id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.PERSON_REVOKE)
async def revoke_person(actor: Actor, person_id: int, reason: str) -> None:
    """End a person's access at once: sessions and chats die, records and ids stay (ASVS 7.4.2).

    Raises:
        NotFound: no such person in this plant.
        NeedsReason: no reason was given.
    """
    said = plain_text.clean(reason)
    if not said:
        raise NeedsReason
    row = await _own(actor, person_id)
    row.active, row.revoked_at = False, current().now
    await row.save()
    identities = await ChatIdentity.filter(person_id=person_id, active=True)
    for identity in identities:
        identity.active = False
        await identity.save()
    await Session.filter(person_id=person_id, ended_at=None).update(ended_at=current().now)
    await ledger.append(
        Kind.PERSON_REVOKE, actor, rows=[row, *identities], reason=said, facts={"person": person_id}
    )


@verb(None, None, Kind.PERSON_LOCALE)
async def choose_locale(actor: Actor, locale: str) -> None:
    """A person chooses their own language."""
    row = await _own(actor, actor.identity)
    before = row.locale
    row.locale = "en" if locale == "en" else "zh_CN"
    await row.save()
    await ledger.append(
        Kind.PERSON_LOCALE, actor, rows=[row], facts={"locale": row.locale}, before={"locale": before}
    )
