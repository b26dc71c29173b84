"""Recording organisations and sites, and founding a plant."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError

from core import ledger
from core.kit import Actor, Level, Module, NotFound, NotPermitted, plain_text, system, unit_of_work, verb
from core.kit.numbering import mark_sandbox
from core.ledger import Kind
from core.people import queries
from core.people.errors import PlantExists, SiteExists, Unlisted
from core.people.models import Organisation, Site
from core.people.terms import PARTNERS, OrganisationKind

NAME, CODE = 120, 24


async def _made(code: str, name_zh: str, name_en: str, kind: OrganisationKind, plant_id: int) -> Organisation:
    clean = plain_text.checked(code, limit=CODE)
    names = plain_text.checked(name_zh, limit=NAME), plain_text.checked(name_en, limit=NAME)
    try:
        async with unit_of_work():
            return await Organisation.create(
                plant_id=plant_id, code=clean, name_zh=names[0], name_en=names[1], kind=kind.value
            )
    except IntegrityError as taken:
        raise PlantExists(code=clean) from taken


async def _record(actor: Actor, row: Organisation) -> int:
    await ledger.append(
        Kind.ORGANISATION_ADD,
        actor,
        rows=[row],
        facts={"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en, "kind": row.kind},
    )
    return int(row.id)


@verb(None, None, Kind.ORGANISATION_ADD)
async def _found(actor: Actor, code: str, name_zh: str, name_en: str) -> int:
    """Found a registrant: the system only, from the command line or the demo."""
    if not actor.is_system:
        raise NotPermitted
    row = await _made(code, name_zh, name_en, OrganisationKind.MAKER, 0)
    row.plant_id = row.id
    await row.save(update_fields=["plant_id"])
    return await _record(system(row.id, channel=actor.channel), row)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ORGANISATION_ADD)
async def found_sandbox(actor: Actor, code: str, name_zh: str, name_en: str) -> int:
    """Found a plant apart, in which programs are tried out: no plant's list names it. Answers its id.

    Raises:
        PlantExists: the code is taken.
    """
    row = await _made(code, name_zh, name_en, OrganisationKind.SANDBOX, 0)
    row.plant_id = row.id
    await row.save(update_fields=["plant_id"])
    await mark_sandbox(row.id)
    return await _record(system(row.id, channel=actor.channel), row)


async def is_sandbox(plant_id: int) -> bool:
    """Whether a plant is a sandbox: nobody is alarmed of what happens there."""
    return await Organisation.exists(id=plant_id, kind=OrganisationKind.SANDBOX.value)


async def found_plant(code: str, name_zh: str, name_en: str, *, channel: str = "cli") -> int:
    """Found a registrant; only the command line and the demo do this. Answers its id.

    Raises:
        PlantExists: the code is taken.
    """
    return await _found(system(0, channel=channel), code, name_zh, name_en)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.ORGANISATION_ADD)
async def add_organisation(actor: Actor, code: str, name_zh: str, name_en: str, kind: str) -> int:
    """Record a partner of the plant (supplier, laboratory or carrier); answers its id.

    Raises:
        PlantExists: the code is taken.
        Unlisted: no such kind of partner.
    """
    if kind not in PARTNERS:
        raise Unlisted(value=kind)
    return await _record(actor, await _made(code, name_zh, name_en, OrganisationKind(kind), actor.plant_id))


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.SITE_ADD)
async def add_site(actor: Actor, organisation_id: int, code: str, name_zh: str, name_en: str) -> int:
    """Record a site of the plant or a partner; answers its id.

    Raises:
        NotFound: the organisation is not of this plant.
        SiteExists: the organisation has a site with this code.
    """
    owner = await queries.organisation(organisation_id)
    if owner.plant_id != actor.plant_id:
        raise NotFound(what=f"#{organisation_id}")
    clean = plain_text.checked(code, limit=CODE)
    names = plain_text.checked(name_zh, limit=NAME), plain_text.checked(name_en, limit=NAME)
    try:
        async with unit_of_work():
            row = await Site.create(
                organisation_id=organisation_id, code=clean, name_zh=names[0], name_en=names[1]
            )
    except IntegrityError as taken:
        raise SiteExists(code=clean) from taken
    await ledger.append(
        Kind.SITE_ADD, actor, rows=[row], facts={"organisation": organisation_id, "code": row.code}
    )
    return int(row.id)
