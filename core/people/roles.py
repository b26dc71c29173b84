"""Granting and withdrawing roles; segregation is checked here, at the grant."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, Level, Module, NotFound, current, plain_text, verb
from core.ledger import Kind
from core.people import queries
from core.people.errors import Inactive, LastAdministrator, NeedsReason, RoleHeld, RoleNotHeld, Unlisted
from core.people.models import Organisation, Person, RoleAssignment
from core.people.policy import must_go_together
from core.people.terms import PersonFacts, Role


def listed(role: str) -> Role:
    """The role of a written name.

    Raises:
        Unlisted: there is no such role.
    """
    if role not in set(Role):
        raise Unlisted(value=role)
    return Role(role)


def given(reason: str) -> str:
    """The reason, cleaned.

    Raises:
        NeedsReason: nothing readable was given.
        TooLong: more than 500 characters.
    """
    said = plain_text.checked(reason, limit=500, required=False)
    if not said:
        raise NeedsReason
    return said


async def locked(actor: Actor, person_id: int) -> Person:
    """An active person of the actor's plant, held until the unit ends: changes of one person wait in line.

    Raises:
        NotFound: no such person in this plant.
        Inactive: the person's access has ended.
    """
    row = await Person.select_for_update().get_or_none(id=person_id, plant_id=actor.plant_id)
    if row is None:
        raise NotFound(what=f"#{person_id}")
    if not row.active:
        raise Inactive
    return row


async def must_leave_an_administrator(actor: Actor, person: Person) -> None:
    """Before a person stops being an administrator: another must be there. The command line may all the same.

    Raises:
        LastAdministrator: there would be none.
    """
    await Organisation.select_for_update().get(id=actor.plant_id)  # two who end one another: one waits
    holders = {one.id for one in await queries.persons(actor.plant_id, role=Role.ADMINISTRATOR.value)}
    if holders == {person.id} and not actor.is_system:
        raise LastAdministrator(name=person.printed_name)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ROLE_GRANT)
async def grant_role(
    actor: Actor, person_id: int, role: str, *, reason: str, site_id: int | None = None
) -> PersonFacts:
    """Give a person one more role; ``site_id`` bounds it to one site.

    Raises:
        NotFound: no such person, or site, in this plant.
        Inactive: the person's access has ended.
        RolesClash, RoleNotForPartner: the roles do not go together here.
        RoleHeld, Unlisted, NeedsReason: there is nothing to grant, or no reason to.
    """
    wanted, why = listed(role), given(reason)
    row = await locked(actor, person_id)
    await queries.must_be_own_site(actor, site_id)
    before = (await queries.person(person_id)).roles
    if await RoleAssignment.exists(person_id=person_id, role=wanted.value, site_id=site_id, until=None):
        raise RoleHeld(name=row.printed_name)
    must_go_together(
        frozenset(Role(one) for one in {*before, wanted}), partner=row.organisation_id != row.plant_id
    )
    assigned = await RoleAssignment.create(
        person_id=person_id, role=wanted.value, site_id=site_id, since=current().now
    )
    await ledger.append(
        Kind.ROLE_GRANT,
        actor,
        rows=[assigned],
        reason=why,
        facts={"person": person_id, "role": wanted, "site": site_id},
        before={"roles": sorted(before)},
    )
    return await queries.person(person_id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ROLE_WITHDRAW)
async def withdraw_role(actor: Actor, person_id: int, role: str, *, reason: str) -> PersonFacts:
    """End a role now, at all sites; past dates still show it.

    Raises:
        NotFound: no such person in this plant.
        Inactive: the person's access has ended.
        RoleNotHeld, Unlisted, NeedsReason: there is nothing to withdraw, or no reason to.
        LastAdministrator: the plant would be left without one.
    """
    wanted, why = listed(role), given(reason)
    person = await locked(actor, person_id)
    before = (await queries.person(person_id)).roles
    ended = await RoleAssignment.filter(person_id=person_id, role=wanted.value, until=None)
    if not ended:
        raise RoleNotHeld(name=person.printed_name)
    if wanted is Role.ADMINISTRATOR:
        await must_leave_an_administrator(actor, person)
    for row in ended:
        row.until = current().now
        await row.save()
    await ledger.append(
        Kind.ROLE_WITHDRAW,
        actor,
        rows=ended,
        reason=why,
        facts={"person": person_id, "role": wanted},
        before={"roles": sorted(before)},
    )
    return await queries.person(person_id)
