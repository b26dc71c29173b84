"""Recording organisations, sites and the first people of a plant."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, Level, Module, NotFound, NotPermitted, current, plain_text, system, verb
from core.ledger import Kind
from core.people import queries
from core.people.errors import HasAdministrator, PlantExists
from core.people.models import Organisation, Site
from core.people.terms import OrganisationKind, Role

NAME, CODE = 120, 24


async def _record(actor: Actor, row: Organisation) -> None:
    await ledger.append(
        Kind.ORGANISATION_ADD,
        actor,
        rows=[row],
        facts={"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en, "kind": row.kind},
    )


@verb(None, None, Kind.ORGANISATION_ADD)
async def _found(actor: Actor, code: str, name_zh: str, name_en: str) -> int:
    if not actor.is_system:
        raise NotPermitted
    if await Organisation.exists(code=code):
        raise PlantExists(code=code)
    row = await Organisation.create(
        plant_id=0,
        code=plain_text.checked(code, limit=CODE),
        name_zh=plain_text.checked(name_zh, limit=NAME),
        name_en=plain_text.checked(name_en, limit=NAME),
        kind=OrganisationKind.MAKER.value,
    )
    row.plant_id = row.id
    await row.save(update_fields=["plant_id"])
    await _record(system(row.id, channel=actor.channel), row)
    return int(row.id)


async def found_plant(code: str, name_zh: str, name_en: str, *, channel: str = "cli") -> int:
    """Found a registrant; only the command line and the demo do this. Answers its id.

    Raises:
        PlantExists: the code is taken.
    """
    return await _found(system(0, channel=channel), code, name_zh, name_en)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ORGANISATION_ADD)
async def add_organisation(actor: Actor, code: str, name_zh: str, name_en: str, kind: str) -> int:
    """Record a partner of the plant; answers its id.

    Raises:
        PlantExists: the code is taken.
    """
    if await Organisation.exists(code=code):
        raise PlantExists(code=code)
    row = await Organisation.create(
        plant_id=actor.plant_id,
        code=plain_text.checked(code, limit=CODE),
        name_zh=plain_text.checked(name_zh, limit=NAME),
        name_en=plain_text.checked(name_en, limit=NAME),
        kind=OrganisationKind(kind).value,
    )
    await _record(actor, row)
    return int(row.id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.SITE_ADD)
async def add_site(actor: Actor, organisation_id: int, code: str, name_zh: str, name_en: str) -> int:
    """Record a site of the plant or a partner; answers its id.

    Raises:
        NotFound: the organisation is not of this plant.
    """
    owner = await queries.organisation(organisation_id)
    if owner.plant_id != actor.plant_id:
        raise NotFound(what=f"#{organisation_id}")
    row = await Site.create(
        organisation_id=organisation_id,
        code=plain_text.checked(code, limit=CODE),
        name_zh=plain_text.checked(name_zh, limit=NAME),
        name_en=plain_text.checked(name_en, limit=NAME),
    )
    await ledger.append(
        Kind.SITE_ADD,
        actor,
        rows=[row],
        facts={"organisation": organisation_id, "code": row.code, "at": current().now},
    )
    return int(row.id)


async def must_lack_administrator(plant_id: int) -> None:
    """The command line makes the first administrator only.

    Raises:
        HasAdministrator: there is one; they add the others.
    """
    if await queries.has_role(plant_id, Role.ADMINISTRATOR):
        raise HasAdministrator
