"""Plants and people for these tests, made by the people room's own verbs."""

from __future__ import annotations

from core import people
from core.kit import Actor, system

CHANNEL = "telegram"


async def plant(code: str = "MAKER") -> int:
    """Found a plant, or answer the one that has the code."""
    for one in await people.plants():
        if one.code == code:
            return one.id
    return await people.found_plant(code, "安康骨科", "Ankang Orthopaedics")


async def hire(name: str, *roles: str, code: str = "MAKER") -> Actor:
    """Record a person at a plant and answer them at their messenger."""
    plant_id = await plant(code)
    person_id = await people.add_person(system(plant_id), plant_id, name, list(roles))
    return await people.actor_of(person_id, CHANNEL)


async def withdraw(actor: Actor, role: str) -> None:
    """Take a role from a person; the actor at hand does not know of it yet."""
    await people.withdraw_role(system(actor.plant_id), actor.identity, role, reason="moved to another team")


async def change_role(actor: Actor, role: str, other: str) -> None:
    """Give a person another role in place of one."""
    await people.grant_role(system(actor.plant_id), actor.identity, other, reason="moved to another team")
    await withdraw(actor, role)
