"""Sandboxes: a plant apart for the programs of an organisation. Its records are another plant's, and numbered so."""

from __future__ import annotations

from core import ledger, people
from core.clients.errors import SandboxMissing
from core.clients.models import Sandbox
from core.clients.terms import SandboxFacts
from core.kit import Actor, Level, Module, NotFound, current, system, verb
from core.kit.numbering import in_line
from core.ledger import Kind


def _facts(row: Sandbox) -> SandboxFacts:
    return SandboxFacts(
        organisation_id=row.organisation_id, world_id=row.world_id, twin_id=row.twin_id, made_at=row.made_at
    )


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.SANDBOX_MAKE)
async def found(actor: Actor, organisation_id: int) -> SandboxFacts:
    """Found an empty sandbox for an organisation; the one before ends, its records stay where they are.

    Raises:
        NotFound: no such organisation of the plant.
    """
    owner = await people.organisation(organisation_id)
    if owner.plant_id != actor.plant_id:
        raise NotFound(what=f"#{organisation_id}")
    await in_line(actor.plant_id, f"sandbox {organisation_id}")
    before = await Sandbox.filter(plant_id=actor.plant_id, organisation_id=organisation_id)
    ended = [one for one in before if one.ended_at is None]
    for one in ended:
        one.ended_at = current().now
        await one.save()
    code = f"SBX-{organisation_id}-{len(before) + 1}"
    world = await people.found_sandbox(actor, code, f"沙箱 {owner.code}", f"Sandbox {owner.code}")
    twin = world
    if owner.id != owner.plant_id:
        root = system(world, channel=actor.channel)
        twin = await people.add_organisation(root, f"{code}-P", owner.name_zh, owner.name_en, owner.kind)
    row = await Sandbox.create(
        plant_id=actor.plant_id,
        organisation_id=organisation_id,
        world_id=world,
        twin_id=twin,
        made_by=actor.person_id,
        made_at=current().now,
    )
    await ledger.append(
        Kind.SANDBOX_MAKE,
        actor,
        rows=[row, *ended],
        facts={"organisation": organisation_id, "world": world, "before": [one.world_id for one in ended]},
    )
    return _facts(row)


async def sandbox_of(plant_id: int, organisation_id: int) -> SandboxFacts | None:
    """The present sandbox of an organisation, if it has one."""
    row = await Sandbox.filter(plant_id=plant_id, organisation_id=organisation_id, ended_at=None).first()
    return None if row is None else _facts(row)


async def must_have_sandbox(plant_id: int, organisation_id: int) -> None:
    """Refuse a sandbox client of an organisation without a sandbox.

    Raises:
        SandboxMissing: there is none.
    """
    if await sandbox_of(plant_id, organisation_id) is None:
        raise SandboxMissing
