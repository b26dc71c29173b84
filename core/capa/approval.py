"""Approving a plan by signature, or sending it back with the reason."""

from __future__ import annotations

from core import anomalies, ledger, notices, signing
from core.capa import policy, queries
from core.capa.terms import CapaFacts, CapaState
from core.kit import Actor, Level, Module, Permission, plain_text, verb
from core.ledger import Kind
from core.signing import Signed

ACT = "capa:plan:approve"


async def approves_again(facts: CapaFacts, *, but: int | None = None) -> bool:
    """Whether a plan in hand was approved and that signature stands no more; ``but`` is the one being given."""
    if facts.state not in policy.IN_HAND:
        return False
    return not await signing.stands(facts.plant_id, "capa", facts.number, (ACT,), but=but)


async def plans_to_approve_again(actor: Actor) -> list[CapaFacts]:
    """CAPAs in hand whose plan waits for approval in place of one that this person gave and may give again."""
    if not actor.may(Permission(Module.CAPA, Level.APPROVE)):
        return []
    found = [
        one
        for one in await queries.numbered(actor, await signing.void_for(actor, "capa", (ACT,)))
        if not (one.was_owned_by(actor.identity) or actor.identity in one.author_ids)
    ]
    return [one for one in found if await approves_again(one)]


@verb(Module.CAPA, Level.APPROVE, Kind.CAPA_PLAN_APPROVE)
async def approve_plan(actor: Actor, capa_id: int, signed: Signed) -> CapaFacts:
    """Let the plan be carried out; the owners of its actions and of the CAPA are told.

    A plan that changed while it was carried out, so that its approval was voided, is approved again as it is now.

    Raises:
        WrongStep: no plan waits for approval.
        OwnWork: the signer owns, wrote or submitted it.
    """
    await queries.get(actor, capa_id)
    row = await queries.row(capa_id)
    facts = await queries.facts_of(row)
    again = await approves_again(facts, but=signed.signature_id)
    policy.approve(facts, by=actor.identity, again=again)
    if not again:
        row.state = CapaState.IMPLEMENTING.value
    row.plan_signature_id, row.plan_approved_by = signed.signature_id, actor.identity
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_PLAN_APPROVE,
        actor,
        rows=[row],
        case=row.case_number,
        facts={"number": row.number, "signature": signed.signature_id, "cycle": row.cycle, "again": again},
    )
    if not again:
        await anomalies.advance(actor, row.anomaly_id, to="implementing")
    await notices.tell(
        actor,
        "capa:approved",
        person_id=row.owner_id,
        case=row.case_number,
        facts={"capa_id": row.id, "anomaly_id": row.anomaly_id, "number": row.number, "by": actor.name},
    )
    for action in [] if again else await queries.actions(capa_id):
        if action.cycle == row.cycle:
            await notices.tell(
                actor,
                "capa:action_assigned",
                person_id=action.owner_id,
                case=row.case_number,
                facts={
                    "capa_id": row.id,
                    "anomaly_id": row.anomaly_id,
                    "action_id": action.id,
                    "text": action.text,
                    "due": action.due,
                },
            )
    return await queries.facts_of(row)


@verb(Module.CAPA, Level.APPROVE, Kind.CAPA_PLAN_RETURN)
async def return_plan(actor: Actor, capa_id: int, reason: str) -> CapaFacts:
    """Send the plan back to its owner with what has to change.

    Raises:
        WrongStep, OwnWork, NeedsReason: why not.
    """
    await queries.get(actor, capa_id)
    row = await queries.row(capa_id)
    policy.return_plan(await queries.facts_of(row), by=actor.identity, reason=reason)
    row.state = CapaState.OPEN.value
    row.revision += 1
    await row.save()
    said = plain_text.checked(reason, limit=2000)
    await ledger.append(
        Kind.CAPA_PLAN_RETURN,
        actor,
        rows=[row],
        case=row.case_number,
        reason=said,
        facts={"number": row.number},
    )
    await anomalies.advance(actor, row.anomaly_id, to="investigating")
    await notices.tell(
        actor,
        "capa:returned",
        person_id=row.owner_id,
        case=row.case_number,
        facts={"capa_id": row.id, "anomaly_id": row.anomaly_id, "number": row.number, "reason": said},
    )
    return await queries.facts_of(row)
