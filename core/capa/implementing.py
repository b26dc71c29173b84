"""Carrying the plan out: each action is shown done by its owner, then the whole is confirmed."""

from __future__ import annotations

from core import anomalies, evidence, ledger, notices, people
from core.capa import policy, queries
from core.capa.models import CapaAction
from core.capa.terms import ActionFacts, CapaFacts, CapaState
from core.evidence import SubjectKind
from core.kit import Actor, Level, Module, current, plain_text, verb
from core.ledger import Kind
from core.signing import Signed


@verb(Module.CAPA, Level.WORK, Kind.CAPA_ACTION_DONE)
async def complete_action(actor: Actor, action_id: int, *, note: str, evidence_ids: list[int]) -> ActionFacts:
    """Report an action done, with what shows it.

    Raises:
        WrongStep, NotYourAction, ActionIsDone, EvidenceMissing: why not.
    """
    seen = await queries.action(actor, action_id)
    row = await queries.row(seen.capa_id)
    action = await CapaAction.select_for_update().get(id=action_id)
    policy.complete_action(
        await queries.facts_of(row), action.facts(), by=actor.identity, evidence=len(evidence_ids)
    )
    action.done_at, action.done_by = current().now, actor.identity
    action.done_note = plain_text.checked(note, limit=2000, required=False)
    await action.save()
    row.revision += 1
    await row.save()
    links = await evidence.attach(
        actor,
        evidence_ids,
        subject_kind=SubjectKind.CAPA_ACTION,
        subject_id=action.id,
        case_number=row.case_number,
        partner_id=row.partner_id,
    )
    await ledger.append(
        Kind.CAPA_ACTION_DONE,
        actor,
        rows=[action, row, *links],
        case=row.case_number,
        facts={"text": action.text, "note": action.done_note, "evidence": evidence_ids},
    )
    capa = await queries.facts_of(row)
    if capa.open_action_count == 0:
        await notices.tell(
            actor,
            "capa:all_done",
            person_id=row.owner_id,
            case=row.case_number,
            facts={"capa_id": row.id, "anomaly_id": row.anomaly_id, "number": row.number},
        )
    return action.facts()


@verb(Module.CAPA, Level.WORK, Kind.CAPA_IMPLEMENTED)
async def confirm_implementation(actor: Actor, capa_id: int, signed: Signed) -> CapaFacts:
    """Confirm that everything planned is in place; the watch on its effect begins.

    Raises:
        WrongStep, NotOwner, ActionsOpen: why not.
    """
    await queries.get(actor, capa_id)
    row = await queries.row(capa_id)
    policy.confirm_implementation(await queries.facts_of(row), by=actor.identity)
    row.state = CapaState.VERIFYING.value
    row.update_from_dict(dict.fromkeys(("effect_result", "effect_note", "effect_by")))  # of the cycle before
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_IMPLEMENTED,
        actor,
        rows=[row],
        case=row.case_number,
        facts={"number": row.number, "signature": signed.signature_id, "cycle": row.cycle},
    )
    await anomalies.advance(actor, row.anomaly_id, to="verifying")
    facts = await queries.facts_of(row)
    for person in await people.persons(row.plant_id, role="manager"):
        if person.id != row.owner_id and person.id not in facts.action_owner_ids:
            await notices.tell(
                actor,
                "capa:verify_wanted",
                person_id=person.id,
                case=row.case_number,
                facts={
                    "capa_id": row.id,
                    "anomaly_id": row.anomaly_id,
                    "number": row.number,
                    "criterion": row.effect_criterion,
                    "due": row.effect_due,
                },
                wanted_while=f"capa:{row.id}:{row.revision}",
            )
    return facts
