"""A CAPA or one of its actions goes into other hands; who held it before stays bound to what they did."""

from __future__ import annotations

from core import ledger, notices, people, signing
from core.anomalies import AnomalyFacts
from core.capa import policy, queries
from core.capa.errors import NeedsReason
from core.capa.models import Capa, CapaAction
from core.capa.planning import can_act
from core.capa.terms import ActionFacts, CapaState
from core.kit import Actor, Level, Module, NotFound, Permission, plain_text, verb
from core.ledger import Kind

PLAN = "capa:plan:approve"


async def reassigned(actor: Actor, anomaly: AnomalyFacts) -> None:
    """The CAPA goes with its case: both have one owner, whoever has the case has the work.

    Raises:
        ApprovedIt: the new owner approved the plan; the case stays where it was as well.
    """
    row = await Capa.filter(anomaly_id=anomaly.id).select_for_update().first()
    if row is None or row.state == CapaState.CLOSED.value or row.owner_id == anomaly.owner_id:
        return
    policy.hand_over(await queries.facts_of(row), to=anomaly.owner_id)
    before, row.owner_id = row.owner_id, anomaly.owner_id
    row.former_owner_ids = [*(one for one in row.former_owner_ids if one != before), before]
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_HAND_OVER,
        actor,
        rows=[row],
        case=row.case_number,
        before={"owner": before},
        facts={"number": row.number, "owner": row.owner_id},
    )
    if before != actor.person_id and (await people.person(before)).active:
        await notices.tell(
            actor,
            "capa:taken_over",
            person_id=before,
            case=row.case_number,
            facts={
                "capa_id": row.id,
                "anomaly_id": row.anomaly_id,
                "number": row.number,
                "to": (await people.person(row.owner_id)).printed_name,
            },
        )


async def left(actor: Actor, person_id: int) -> None:
    """Open actions of somebody whose access ended come up with the owner of the CAPA, or else with the managers."""
    gone = (await people.person(person_id)).printed_name
    for action in await queries.open_actions_for(person_id):
        row = await Capa.get(id=action.capa_id)
        owner = await people.person(row.owner_id)
        managers = [one.id for one in await people.persons(row.plant_id, role="manager")]
        for one in [owner.id] if owner.active else managers:
            await notices.tell(
                actor,
                "capa:action_left",
                person_id=one,
                case=row.case_number,
                facts={
                    "capa_id": row.id,
                    "anomaly_id": row.anomaly_id,
                    "action_id": action.id,
                    "text": action.text,
                    "name": gone,
                },
            )


@verb(Module.CAPA, Level.WORK, Kind.CAPA_ACTION_HAND_OVER, Kind.SIGN_VOID)
async def hand_over_action(actor: Actor, action_id: int, *, to_person: int, reason: str) -> ActionFacts:
    """Give an open action to another person, who is told; the one who had it is told as well.

    The approved plan names who does what: its approval stands no more and is asked for again.

    Raises:
        NotYourAction, ActionIsDone, WrongStep, HasItAlready, NeedsReason: why not.
        NotFound, CannotAct: the person is not of this plant, or cannot see the case or work on it.
    """
    said = plain_text.checked(reason, limit=500, required=False)
    if not said:
        raise NeedsReason
    seen = await queries.action(actor, action_id)
    row = await queries.row(seen.capa_id)
    action = await CapaAction.select_for_update().get(id=action_id)
    approves = actor.may(Permission(Module.CAPA, Level.APPROVE))
    policy.hand_over_action(
        await queries.facts_of(row), action.facts(), by=actor.identity, approves=approves, to=to_person
    )
    if to_person not in {one.id for one in await queries.able_to_take(actor, row.id)}:
        raise NotFound(what=f"#{to_person}")
    await can_act(row, to_person)
    await signing.void_for_change(actor, "capa", row.number, said, acts=(PLAN,))
    before, action.owner_id = action.owner_id, to_person
    action.former_owner_ids = [*(one for one in action.former_owner_ids if one != before), before]
    await action.save()
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_ACTION_HAND_OVER,
        actor,
        rows=[action, row],
        case=row.case_number,
        reason=said,
        before={"owner": before},
        facts={"text": action.text, "owner": to_person},
    )
    facts: dict[str, object] = {
        "capa_id": row.id,
        "anomaly_id": row.anomaly_id,
        "action_id": action.id,
        "text": action.text,
        "due": action.due,
        "reason": said,
    }
    await notices.tell(actor, "capa:action_assigned", person_id=to_person, case=row.case_number, facts=facts)
    if before != actor.person_id and (await people.person(before)).active:
        name = (await people.person(to_person)).printed_name
        await notices.tell(
            actor, "capa:action_moved", person_id=before, case=row.case_number, facts={**facts, "to": name}
        )
    return action.facts()
