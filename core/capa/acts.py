"""The signed acts of this room: what the signer is shown, and the verb that follows the signature."""

from __future__ import annotations

import datetime as dt

from core import anomalies, evidence, lots, people, signing
from core.capa import policy, queries
from core.capa.approval import approve_plan, approves_again
from core.capa.closure import close
from core.capa.implementing import confirm_implementation
from core.capa.opening import waive
from core.capa.terms import ActionKind, CapaFacts, CauseCategory, EffectKind, EffectResult
from core.capa.verifying import judge_effect
from core.kit import Actor, Level, Malformed, Module, Permission, clock
from core.signing import Fact, Meaning, Part, Shown, Signed, term

Args = dict[str, object]
WORK, APPROVE = Permission(Module.CAPA, Level.WORK), Permission(Module.CAPA, Level.APPROVE)


def _id(args: Args, name: str = "id") -> int:
    return int(str(args[name]))


def _texts(args: Args, name: str) -> str:
    return str(args.get(name) or "")


def _ids(args: Args) -> list[int]:
    given = args.get("evidence_ids")
    return [int(one) for one in given] if isinstance(given, list) else []


def _outcome(args: Args) -> EffectResult:
    try:
        return EffectResult(_texts(args, "result"))
    except ValueError:
        raise Malformed(field="result", why=_texts(args, "result")[:20]) from None


async def _proofs(actor: Actor, capa: CapaFacts) -> tuple[str, ...]:
    return tuple(one.sha256 for one in await evidence.evidence_of_case(actor, capa.case_number))


async def _plan(capa: CapaFacts) -> tuple[Fact, ...]:
    """Everything the plan says, so that a signature covers all of it."""
    lines: list[Fact] = []
    if capa.occurrence_category and capa.escape_category:
        lines += [
            term("Kind of cause", CauseCategory(capa.occurrence_category).says),
            Fact("Why it happened", capa.occurrence or ""),
            term("Kind of escape", CauseCategory(capa.escape_category).says),
            Fact("Why it was not caught", capa.escape or ""),
        ]
    for one in await queries.actions(capa.id):
        if one.cycle == capa.cycle:
            owner = await people.person(one.owner_id)
            lines.append(term("Action", ActionKind(one.kind).says))
            lines.append(Fact("What is done", f"{one.text} · {owner.printed_name} · {one.due.isoformat()}"))
    if capa.effect_kind and capa.effect_due:
        lines.append(term("Effectiveness is judged by", EffectKind(capa.effect_kind).says))
        lines.append(Fact("Criterion", f"{capa.effect_criterion} · {capa.effect_due.isoformat()}"))
    return tuple(lines)


def _involved(capa: CapaFacts) -> tuple[tuple[Part, int | None], ...]:
    """Who had a part in a CAPA, for segregation of duties."""
    return (
        (Part.OWNER, capa.owner_id),
        (Part.INVESTIGATOR, capa.cause_by),
        (Part.AUTHOR, capa.plan_submitted_by),
        *((Part.AUTHOR, one) for one in capa.author_ids),
        *((Part.ACTION_OWNER, one) for one in capa.action_owner_ids),
    )


async def _shown(
    actor: Actor, capa: CapaFacts, title: str, facts: tuple[Fact, ...], attachments: tuple[str, ...] = ()
) -> Shown:
    case = await anomalies.get(actor, capa.anomaly_id)
    return Shown(
        subject_kind="capa",
        subject_number=capa.number,
        case_number=capa.case_number,
        revision=capa.revision,
        title=title,
        facts=(Fact("Case", capa.case_number), *facts),
        attachments=attachments,
        involved=_involved(capa),
        category=case.category,
        grade=capa.grade,
    )


async def _describe_approval(actor: Actor, args: Args) -> Shown:
    actor.must(APPROVE)
    capa = await queries.get(actor, _id(args))
    policy.approve(capa, by=actor.identity, again=await approves_again(capa))
    return await _shown(actor, capa, signing.act_says("capa:plan:approve"), await _plan(capa))


async def _perform_approval(actor: Actor, args: Args, signed: Signed) -> object:
    return await approve_plan(actor, _id(args), signed)


async def _describe_implementation(actor: Actor, args: Args) -> Shown:
    actor.must(WORK)
    capa = await queries.get(actor, _id(args))
    policy.confirm_implementation(capa, by=actor.identity)
    done = tuple(
        Fact("Carried out", f"{one.text} · {one.done_note or ''}".rstrip(" ·"))
        for one in await queries.actions(capa.id)
        if one.cycle == capa.cycle
    )
    return await _shown(
        actor, capa, signing.act_says("capa:implementation:confirm"), done, await _proofs(actor, capa)
    )


async def _perform_implementation(actor: Actor, args: Args, signed: Signed) -> object:
    return await confirm_implementation(actor, _id(args), signed)


def _planned_day(capa: CapaFacts, today: dt.date) -> tuple[Fact, ...]:
    """The day fixed beforehand, and how much sooner it is than that."""
    if capa.effect_due is None:
        return ()
    early = policy.days_early(capa, today=today)
    planned = Fact("Planned day", capa.effect_due.isoformat())
    return (planned, Fact("Days before the planned day", str(early))) if early else (planned,)


def _watched(capa: CapaFacts, result: EffectResult, today: dt.date) -> tuple[Fact, ...]:
    """The day to which an inconclusive effect is watched: the signature carries what it changes in the plan."""
    if result is not EffectResult.INCONCLUSIVE:
        return ()
    return (Fact("Watched until", policy.longer(capa.effect_due, today=today).isoformat()),)


async def _describe_judgement(actor: Actor, args: Args) -> Shown:
    actor.must(APPROVE)
    capa = await queries.get(actor, _id(args))
    result = _outcome(args)
    policy.judge(capa, by=actor.identity, result=result, note=_texts(args, "note"))
    facts = (
        Fact("Criterion", capa.effect_criterion or ""),
        *_planned_day(capa, clock.in_zone(clock.now(), actor.timezone).date()),
        term("Outcome", result.says),
        Fact("What was seen", _texts(args, "note")),
        *_watched(capa, result, clock.in_zone(clock.now(), actor.timezone).date()),
    )
    proofs = tuple(one.sha256 for one in await evidence.visible(actor, _ids(args)))
    return await _shown(actor, capa, signing.act_says("capa:effectiveness:result"), facts, proofs)


async def _perform_judgement(actor: Actor, args: Args, signed: Signed) -> object:
    return await judge_effect(
        actor,
        _id(args),
        result=_outcome(args),
        note=_texts(args, "note"),
        evidence_ids=_ids(args),
        signed=signed,
    )


async def _describe_closure(actor: Actor, args: Args) -> Shown:
    actor.must(APPROVE)
    capa = await queries.get(actor, _id(args))
    holds = await lots.undecided(capa.case_number, plant_id=capa.plant_id)
    policy.close(capa, by=actor.identity, undecided_holds=holds)
    facts = await _plan(capa)
    if capa.effect_result:
        facts = (
            *facts,
            term("Outcome", EffectResult(capa.effect_result).says),
            Fact("What was seen", capa.effect_note or ""),
        )
    if capa.waiver_reason:
        facts = (*facts, Fact("Waived because", capa.waiver_reason))
    return await _shown(actor, capa, signing.act_says("capa:close"), facts, await _proofs(actor, capa))


async def _perform_closure(actor: Actor, args: Args, signed: Signed) -> object:
    return await close(actor, _id(args), signed)


async def _describe_waiver(actor: Actor, args: Args) -> Shown:
    actor.must(APPROVE)
    anomaly = await anomalies.get(actor, _id(args, "anomaly_id"))
    policy.waive(
        grade=anomaly.grade,
        anomaly_state=anomaly.state,
        existing=await queries.of_anomaly(actor, anomaly.id),
        reason=_texts(args, "reason"),
        by=actor.identity,
        involved=(anomaly.owner_id, anomaly.reporter_id),
    )
    return Shown(
        subject_kind="anomaly",
        subject_number=anomaly.number,
        case_number=anomaly.number,
        revision=anomaly.revision,
        title=signing.act_says("capa:waive"),
        facts=(
            Fact("Grade", anomaly.grade or ""),
            Fact("What was found", anomaly.description),
            Fact("Waived because", _texts(args, "reason")),
        ),
        involved=((Part.REPORTER, anomaly.reporter_id), (Part.OWNER, anomaly.owner_id)),
        category=anomaly.category,
        grade=anomaly.grade,
    )


async def _perform_waiver(actor: Actor, args: Args, signed: Signed) -> object:
    return await waive(actor, _id(args, "anomaly_id"), _texts(args, "reason"), signed)


def register() -> None:
    """Make the acts known to the signing room, once."""
    signing.act(
        "capa:plan:approve", describe=_describe_approval, perform=_perform_approval, meaning=Meaning.APPROVED
    )
    signing.act(
        "capa:implementation:confirm",
        describe=_describe_implementation,
        perform=_perform_implementation,
        meaning=Meaning.AUTHORED,
    )
    signing.act(
        "capa:effectiveness:result",
        describe=_describe_judgement,
        perform=_perform_judgement,
        meaning=Meaning.REVIEWED,
    )
    signing.act("capa:close", describe=_describe_closure, perform=_perform_closure, meaning=Meaning.APPROVED)
    signing.act("capa:waive", describe=_describe_waiver, perform=_perform_waiver, meaning=Meaning.APPROVED)
