"""Judging the effect: effective goes on to closure, ineffective goes back to the cause, inconclusive waits."""

from __future__ import annotations

from core import anomalies, evidence, ledger, notices, people, signing
from core.capa import policy, queries
from core.capa.models import Capa
from core.capa.terms import CapaFacts, CapaState, EffectResult
from core.evidence import SubjectKind
from core.kit import Actor, Level, Module, clock, current, plain_text, verb
from core.ledger import Kind
from core.signing import Signed

PLAN, JUDGE = "capa:plan:approve", "capa:effectiveness:result"

FRESH_CYCLE = (
    "occurrence",
    "escape",
    "occurrence_category",
    "escape_category",
    "cause_by",
    "effect_kind",
    "effect_criterion",
    "effect_target",
    "effect_due",
    "plan_submitted_by",
    "plan_signature_id",
    "plan_approved_by",
)


@verb(Module.CAPA, Level.APPROVE, Kind.CAPA_EFFECT_RESULT, Kind.SIGN_VOID)
async def judge_effect(
    actor: Actor, capa_id: int, *, result: EffectResult, note: str, evidence_ids: list[int], signed: Signed
) -> CapaFacts:
    """Record the outcome of the effectiveness check (G-125).

    It takes the place of an earlier judgement. An ineffective plan is taken back and an inconclusive one is watched
    until a later day: either way the approval of the plan as it was stands no more.

    Raises:
        WrongStep, OwnWork, NothingSeen: why not.
    """
    await queries.get(actor, capa_id)
    row = await queries.row(capa_id)
    before = await queries.facts_of(row)
    policy.judge(before, by=actor.identity, result=result, note=note)
    today = clock.in_zone(current().now, actor.timezone).date()
    row.effect_result, row.effect_by = result.value, actor.identity
    row.effect_note = plain_text.checked(note, limit=2000, required=False)
    row.revision += 1
    voided = (JUDGE,) if result is EffectResult.EFFECTIVE else (JUDGE, PLAN)
    await signing.void_for_change(
        actor, "capa", row.number, row.effect_note, acts=voided, but=signed.signature_id
    )
    if result is EffectResult.EFFECTIVE:
        row.state = CapaState.VERIFIED.value
    elif result is EffectResult.INEFFECTIVE:
        _new_cycle(row)
    else:
        row.effect_due = policy.longer(row.effect_due, today=today)
    await row.save()
    links = await evidence.attach(
        actor,
        evidence_ids,
        subject_kind=SubjectKind.EFFECTIVENESS,
        subject_id=row.id,
        case_number=row.case_number,
        partner_id=row.partner_id,
    )
    await ledger.append(
        Kind.CAPA_EFFECT_RESULT,
        actor,
        rows=[row, *links],
        case=row.case_number,
        reason=row.effect_note or None,
        facts={
            "result": result.value,
            "planned": before.effect_due,
            "days_early": policy.days_early(before, today=today),
            "signature": signed.signature_id,
            "evidence": evidence_ids,
            "cycle": row.cycle,
        },
    )
    if result is EffectResult.EFFECTIVE:
        await anomalies.advance(actor, row.anomaly_id, to="verified")
    elif result is EffectResult.INEFFECTIVE:
        await anomalies.reopen(actor, row.anomaly_id, reason=row.effect_note or "")
    await _tell(actor, row, result)
    return await queries.facts_of(row)


def _new_cycle(row: Capa) -> None:
    """The old cause and actions stay on the ledger; a new cause, plan and criterion are needed."""
    row.state = CapaState.OPEN.value
    row.cycle += 1
    row.update_from_dict(dict.fromkeys(FRESH_CYCLE))
    row.author_ids = []


async def _tell(actor: Actor, row: Capa, result: EffectResult) -> None:
    facts: dict[str, object] = {
        "capa_id": row.id,
        "anomaly_id": row.anomaly_id,
        "number": row.number,
        "result": result.value,
        "reason": row.effect_note,
    }
    kind = "capa:reopened" if result is EffectResult.INEFFECTIVE else "capa:judged"
    await notices.tell(actor, kind, person_id=row.owner_id, case=row.case_number, facts=facts)
    if result is EffectResult.INEFFECTIVE:
        return
    owners = (await queries.facts_of(row)).action_owner_ids if result is EffectResult.INCONCLUSIVE else ()
    for person in await people.persons(row.plant_id, role="manager"):
        if person.id != row.owner_id and person.id not in owners:
            await notices.tell(
                actor,
                "capa:closure_wanted" if result is EffectResult.EFFECTIVE else "capa:verify_wanted",
                person_id=person.id,
                case=row.case_number,
                facts={**facts, "criterion": row.effect_criterion, "due": row.effect_due},
                wanted_while=f"capa:{row.id}:{row.revision}",
            )
