"""Reads of this room, each named by its question. Scope is asked of the anomalies room."""

from __future__ import annotations

from core import anomalies, people
from core.capa.models import Capa, CapaAction
from core.capa.terms import ActionFacts, CapaFacts, CapaState
from core.kit import Actor, Level, Module, NotFound, Permission
from core.people import PersonFacts


async def row(capa_id: int) -> Capa:
    """The CAPA itself, locked for the running unit.

    Raises:
        NotFound: no such CAPA.
    """
    found = await Capa.select_for_update().get_or_none(id=capa_id)
    if found is None:
        raise NotFound(what="CAPA")
    return found


async def facts_of(found: Capa) -> CapaFacts:
    """A CAPA with its actions counted."""
    return found.facts(await CapaAction.filter(capa_id=found.id).order_by("id"))


async def get(actor: Actor, capa_id: int) -> CapaFacts:
    """A CAPA that the actor may see.

    Raises:
        NotFound: there is none inside the actor's scope.
    """
    found = await Capa.get_or_none(id=capa_id)
    if found is None:
        raise NotFound(what="CAPA")
    await anomalies.get(actor, found.anomaly_id)
    return await facts_of(found)


async def of_anomaly(actor: Actor, anomaly_id: int) -> CapaFacts | None:
    """The CAPA of a case that the actor may see, if one was opened or waived."""
    await anomalies.get(actor, anomaly_id)
    found = await Capa.get_or_none(anomaly_id=anomaly_id)
    return None if found is None else await facts_of(found)


async def actions(capa_id: int) -> list[ActionFacts]:
    """Every action of a CAPA, oldest first, of all cycles."""
    return [one.facts() for one in await CapaAction.filter(capa_id=capa_id).order_by("id")]


async def action(actor: Actor, action_id: int) -> ActionFacts:
    """One action of a case that the actor may see.

    Raises:
        NotFound: there is none inside the actor's scope.
    """
    found = await CapaAction.get_or_none(id=action_id)
    if found is None:
        raise NotFound(what="CAPA")
    await get(actor, found.capa_id)
    return found.facts()


async def movable_actions(actor: Actor, capa_id: int) -> list[ActionFacts]:
    """Open actions of an approved plan that this actor may hand over: their own, or all as its owner or approver."""
    found = await get(actor, capa_id)
    if found.state != CapaState.IMPLEMENTING.value:
        return []
    everything = found.owner_id == actor.person_id or actor.may(Permission(Module.CAPA, Level.APPROVE))
    return [
        one
        for one in await actions(capa_id)
        if one.done_at is None
        and one.cycle == found.cycle
        and (everything or one.owner_id == actor.person_id)
    ]


async def able_to_take(actor: Actor, capa_id: int) -> list[PersonFacts]:
    """To whom this actor may hand an action: a partner's people pass it on among themselves."""
    found = await get(actor, capa_id)
    able = await people.able_to_act(actor, found.partner_id)
    return [one for one in able if actor.partner_id in (None, one.organisation_id)]


async def open_actions_for(person_id: int) -> list[ActionFacts]:
    """Actions of approved plans that a person has still to do, the most urgent first."""
    rows = await CapaAction.filter(owner_id=person_id, done_at=None, capa__state="implementing").order_by(
        "due", "id"
    )
    return [one.facts() for one in rows]


async def to_decide(actor: Actor) -> list[CapaFacts]:
    """CAPAs that wait for a decision which this actor may take: in scope, and not their own work."""
    if not actor.may(Permission(Module.CAPA, Level.APPROVE)):
        return []
    rows = (
        await Capa.filter(plant_id=actor.plant_id, state__in=["planned", "verifying", "verified", "waived"])
        .exclude(owner_id=actor.person_id or 0)
        .order_by("opened_at", "id")
    )
    return [one for one in [await facts_of(row) for row in rows] if await _may_decide(actor, one)]


async def _may_decide(actor: Actor, capa: CapaFacts) -> bool:
    own = {"planned": capa.author_ids, "verifying": capa.action_owner_ids}.get(capa.state, ())
    if actor.person_id in (*own, *capa.former_owner_ids):
        return False
    return await _is_seen(actor, capa.anomaly_id)


async def _is_seen(actor: Actor, anomaly_id: int) -> bool:
    try:
        await anomalies.get(actor, anomaly_id)
    except NotFound:
        return False
    return True


async def numbered(actor: Actor, numbers: list[str]) -> list[CapaFacts]:
    """Those of these CAPAs that the actor may see, oldest first."""
    rows = await Capa.filter(plant_id=actor.plant_id, number__in=numbers).order_by("id") if numbers else []
    return [await facts_of(row) for row in rows if await _is_seen(actor, row.anomaly_id)]


async def owned_by(person_id: int) -> list[CapaFacts]:
    """CAPAs that a person has to move forward."""
    rows = await Capa.filter(owner_id=person_id, state__in=["open", "implementing"]).order_by(
        "opened_at", "id"
    )
    return [await facts_of(one) for one in rows]


async def is_at(capa_id: int, revision: int) -> bool:
    """Whether a CAPA still stands at a revision; later news about it has replaced what was said then."""
    return await Capa.exists(id=capa_id, revision=revision)


async def case_of(actor: Actor, number: str) -> str:
    """The case number that a CAPA number belongs to, for an actor who may see it.

    Raises:
        NotFound: no such CAPA inside the actor's scope.
    """
    found = await Capa.get_or_none(plant_id=actor.plant_id, number=number)
    if found is None:
        raise NotFound(what=number[:40])
    return (await anomalies.get(actor, found.anomaly_id)).number
