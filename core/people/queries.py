"""Reads of this room, each named by its question; and the one place of isolation."""

from __future__ import annotations

from collections.abc import Iterable

from tortoise.expressions import Q

from core.kit import Actor, NotFound, NotPermitted, clock, plain_text
from core.kit.permission import Level, Module, Permission
from core.people.engagements import open_engagement
from core.people.errors import Inactive, NameUnclear
from core.people.models import (
    ChatIdentity,
    Organisation,
    Person,
    Responsibility,
    RoleAssignment,
    Site,
)
from core.people.permissions import TABLE, permissions_of
from core.people.policy import most_specific
from core.people.terms import (
    Line,
    OrganisationFacts,
    PersonFacts,
    ResponsibilityFacts,
    Role,
    Scope,
    SiteFacts,
)

BROWSER = "browser"


def scope(actor: Actor) -> Scope:
    """What bounds the actor's reads: the own organisation, and for an auditor what the engagement names."""
    audited = actor.engagement
    return Scope(
        plant_id=actor.plant_id,
        partner_id=actor.partner_id if audited is None else audited.partner_id,
        site_ids=actor.site_ids,
        by_case=audited is not None and audited.by_case,
    )


def must_see(actor: Actor, *, plant_id: int, partner_ids: Iterable[int | None] = (), what: str = "") -> None:
    """Refuse, as if it did not exist, what lies outside the actor's plant or is not shared with the partner.

    Raises:
        NotFound: out of scope.
    """
    if not scope(actor).sees(plant_id=plant_id, partner_ids=partner_ids):
        raise NotFound(what=what or "–")


async def must_be_own_site(actor: Actor, site_id: int | None) -> None:
    """Refuse a site that is not of the actor's plant or one of its partners; None names no site.

    Raises:
        NotFound: no such site here.
    """
    if site_id is not None and not await Site.exists(id=site_id, organisation__plant_id=actor.plant_id):
        raise NotFound(what=f"#{site_id}")


async def must_be_own_partner(actor: Actor, partner_id: int | None) -> None:
    """Refuse an organisation that is not a partner of the actor's plant; None names no partner.

    Raises:
        NotFound: no such partner here.
    """
    if partner_id is None:
        return
    if partner_id == actor.plant_id or not await Organisation.exists(id=partner_id, plant_id=actor.plant_id):
        raise NotFound(what=f"#{partner_id}")


async def _roles(person_ids: Iterable[int]) -> dict[int, list[RoleAssignment]]:
    wanted = list(person_ids)
    found: dict[int, list[RoleAssignment]] = {one: [] for one in wanted}
    now = clock.now()
    for row in await RoleAssignment.filter(person_id__in=wanted, since__lte=now).order_by("id"):
        if row.until is None or row.until > now:
            found[row.person_id].append(row)
    return found


def _person(row: Person, assignments: list[RoleAssignment]) -> PersonFacts:
    return PersonFacts(
        id=row.id,
        plant_id=row.plant_id,
        organisation_id=row.organisation_id,
        printed_name=row.printed_name,
        roles=frozenset(one.role for one in assignments),
        locale=row.locale,
        timezone=row.timezone,
        active=row.active,
    )


async def _persons(rows: list[Person]) -> list[PersonFacts]:
    roles = await _roles(row.id for row in rows)
    return [_person(row, roles[row.id]) for row in rows]


async def person(person_id: int) -> PersonFacts:
    """One person, active or not.

    Raises:
        NotFound: no such person.
    """
    row = await Person.get_or_none(id=person_id)
    if row is None:
        raise NotFound(what=f"#{person_id}")
    return (await _persons([row]))[0]


async def persons(plant_id: int, role: str | None = None) -> list[PersonFacts]:
    """The plant's active people, its partners' included, optionally of one role; by name."""
    rows = await Person.filter(plant_id=plant_id, active=True).order_by("printed_name", "id")
    return [one for one in await _persons(rows) if role is None or role in one.roles]


async def everyone(actor: Actor) -> list[PersonFacts]:
    """Every person of the plant, revoked ones too, for the administrator's list.

    A partner sees its own; an auditor let in for a partner sees that partner's and the registrant's.
    """
    rows = Person.filter(plant_id=actor.plant_id)
    if actor.partner_id is not None:
        rows = rows.filter(organisation_id=actor.partner_id)
    elif (bounded := scope(actor).partner_id) is not None:
        rows = rows.filter(organisation_id__in=[actor.plant_id, bounded])
    return await _persons(await rows.order_by("organisation_id", "printed_name", "id"))


async def able_to_act(actor: Actor, partner_id: int | None) -> list[PersonFacts]:
    """Who can carry out an action: people of the plant who work on CAPAs, and those of the case's partner.

    A partner's actor is never shown another partner's people.
    """
    meets = scope(actor).meets
    able = {
        role.value
        for role, rights in TABLE.items()
        if any(module is Module.CAPA and level.includes(Level.WORK) for module, level in rights)
    }
    return [
        one
        for one in await persons(actor.plant_id)
        if one.roles & able
        and one.organisation_id in (actor.plant_id, partner_id)
        and meets(one.organisation_id)
    ]


async def named(actor: Actor, text: str) -> PersonFacts:
    """The active person whose printed name is exactly or uniquely this, among those the actor may meet.

    Raises:
        NameUnclear: none or several.
    """
    wanted = plain_text.clean(text).casefold()
    known = [one for one in await persons(actor.plant_id) if scope(actor).meets(one.organisation_id)]
    found = [one for one in known if one.printed_name.casefold() == wanted] or [
        one for one in known if wanted and wanted in one.printed_name.casefold()
    ]
    if len(found) != 1:
        raise NameUnclear(name=plain_text.clean(text)[:40])
    return found[0]


async def actor_of(person_id: int, channel: str, *, correlation: str = "") -> Actor:
    """The actor that a person is at a door, with the rights of this moment; an auditor's while engaged.

    Raises:
        NotFound: no such person.
        Inactive: the access was revoked.
    """
    row = await Person.get_or_none(id=person_id)
    if row is None:
        raise NotFound(what=f"#{person_id}")
    if not row.active:
        raise Inactive
    assignments = (await _roles([row.id]))[row.id]
    roles = frozenset(one.role for one in assignments)
    audits = Role.AUDITOR in roles
    engagement = await open_engagement(row.id) if audits else None
    sites = frozenset(one.site_id for one in assignments if one.site_id is not None)
    bounded = bool(assignments) and all(one.site_id is not None for one in assignments)
    return Actor(
        person_id=row.id,
        name=row.printed_name,
        organisation_id=row.organisation_id,
        plant_id=row.plant_id,
        partner_id=None if row.organisation_id == row.plant_id else row.organisation_id,
        site_ids=sites if bounded else None,
        roles=roles,
        permissions=frozenset() if audits and engagement is None else permissions_of(roles),
        engagement=engagement,
        locale=row.locale,
        timezone=row.timezone,
        channel=channel,
        correlation=correlation,
    )


async def addresses(person_id: int) -> list[tuple[str, str]]:
    """Where a person can be told, in the order in which they joined; the phone page is always there, at the end.

    What the person wishes instead is ``contacting.reach``.
    """
    rows = await ChatIdentity.filter(person_id=person_id, active=True).order_by("bound_at", "id")
    return [*((row.channel, row.chat_ref) for row in rows), (BROWSER, f"p{person_id}")]


def _organisation(row: Organisation) -> OrganisationFacts:
    return OrganisationFacts(
        id=row.id,
        plant_id=row.plant_id,
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=row.kind,
        active=row.active,
    )


async def organisation(organisation_id: int) -> OrganisationFacts:
    """One organisation.

    Raises:
        NotFound: there is none.
    """
    row = await Organisation.get_or_none(id=organisation_id)
    if row is None:
        raise NotFound(what=f"#{organisation_id}")
    return _organisation(row)


async def organisations(plant_id: int, kind: str | None = None) -> list[OrganisationFacts]:
    """The plant's organisations, itself first, optionally of one kind."""
    rows = Organisation.filter(plant_id=plant_id)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [_organisation(row) for row in await rows.order_by("id")]


async def organisations_for(actor: Actor, kind: str | None = None) -> list[OrganisationFacts]:
    """The organisations that an actor may know of: a partner learns of the registrant and itself only."""
    return [one for one in await organisations(actor.plant_id, kind) if scope(actor).meets(one.id)]


async def person_for(actor: Actor, person_id: int) -> PersonFacts:
    """One person among those the actor may meet, active or not.

    Raises:
        NotFound: no such person here; existence elsewhere is not revealed.
    """
    found = await person(person_id)
    if found.plant_id != actor.plant_id or not scope(actor).meets(found.organisation_id):
        raise NotFound(what=f"#{person_id}")
    return found


async def plants() -> list[OrganisationFacts]:
    """Every registrant of this installation."""
    return [_organisation(row) for row in await Organisation.filter(kind="maker").order_by("id")]


async def sites(organisation_id: int) -> list[SiteFacts]:
    """The sites of an organisation."""
    rows = await Site.filter(organisation_id=organisation_id).order_by("id")
    return [
        SiteFacts(
            id=row.id,
            organisation_id=row.organisation_id,
            code=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
        )
        for row in rows
    ]


async def responsible(
    plant_id: int, *, category: str, site_id: int | None, partner_id: int | None, tier: int
) -> list[PersonFacts]:
    """Who answers for this at a tier: only the most specific lines of the matrix (partner, site, category)."""
    rows = await Responsibility.filter(
        Q(category=category) | Q(category=None),
        Q(site_id=site_id) | Q(site_id=None),
        Q(partner_id=partner_id) | Q(partner_id=None),
        plant_id=plant_id,
        tier=tier,
        until=None,
    ).order_by("id")
    alive = {one.id: one for one in await persons(plant_id)}
    lines = [
        Line(person_id=row.person_id, category=row.category, site_id=row.site_id, partner_id=row.partner_id)
        for row in rows
        if row.person_id in alive
    ]
    return [alive[one] for one in most_specific(lines)]


async def matrix(actor: Actor) -> list[ResponsibilityFacts]:
    """Every standing line of the plant's matrix: who answers for what, lowest tier first.

    Raises:
        NotPermitted: the right to read people is missing, or the actor belongs to a partner.
    """
    actor.must(Permission(Module.PEOPLE, Level.READ))
    if actor.partner_id is not None:
        raise NotPermitted
    rows = await Responsibility.filter(plant_id=actor.plant_id, until=None).order_by("tier", "id")
    return [
        ResponsibilityFacts(
            id=one.id,
            person_id=one.person_id,
            tier=one.tier,
            category=one.category,
            site_id=one.site_id,
            partner_id=one.partner_id,
        )
        for one in rows
    ]


async def has_role(plant_id: int, role: Role) -> bool:
    """Whether anybody active of the plant holds a role."""
    return bool(await persons(plant_id, role=role.value))
