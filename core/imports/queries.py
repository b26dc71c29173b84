"""Reads of the imports room."""

from __future__ import annotations

from core import lots, people
from core.imports.errors import RunUnknown
from core.imports.models import ImportRun
from core.imports.terms import RunFacts
from core.kit import Actor, Level, Module, Permission
from core.lots import LotFacts


async def runs(actor: Actor, *, limit: int = 50) -> list[RunFacts]:
    """The plant's imports, newest first; a partner's people see their own organisation's.

    Raises:
        NotPermitted: the right to read lots is missing.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    rows = ImportRun.filter(plant_id=scope.plant_id)
    if scope.partner_id is not None:
        rows = rows.filter(organisation_id=scope.partner_id)
    return [one.facts() for one in await rows.order_by("-id").limit(limit)]


async def run_of(actor: Actor, run_id: int) -> RunFacts:
    """One import of the plant.

    Raises:
        RunUnknown: the plant has no such import, or it is none of the actor's business.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    row = await ImportRun.get_or_none(plant_id=actor.plant_id, id=run_id)
    if row is None or actor.partner_id not in (None, row.organisation_id):
        raise RunUnknown(number=f"#{run_id}")
    return row.facts()


async def made_by(actor: Actor, run_id: int, limit: int) -> list[LotFacts]:
    """Some lots that an import brought in, or that its links lead to, newest first."""
    return await lots.of_import(actor, run_id, limit)
