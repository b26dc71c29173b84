"""Reads of the imports room."""

from __future__ import annotations

from core.imports.models import ImportRun
from core.imports.terms import RunFacts
from core.kit import Actor, Level, Module, NotPermitted, Permission


async def runs(actor: Actor, *, limit: int = 50) -> list[RunFacts]:
    """The plant's imports, newest first; none of a partner's business.

    Raises:
        NotPermitted: the right to read lots is missing, or the actor belongs to a partner.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    if actor.partner_id is not None:
        raise NotPermitted
    return [
        one.facts() for one in await ImportRun.filter(plant_id=actor.plant_id).order_by("-id").limit(limit)
    ]
