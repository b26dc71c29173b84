"""The signed acts of this room: confirming a grade, lowering it, completing containment."""

from __future__ import annotations

from core import evidence, lots, signing
from core.anomalies import policy, queries
from core.anomalies.containing import complete_containment, contains_again, unheld
from core.anomalies.grading import approve_lower, confirm_grade, lower_decision, signs_again
from core.anomalies.terms import AnomalyFacts, Grade
from core.anomalies.weighing import grade_for
from core.kit import Actor, Level, Malformed, Module, Permission
from core.signing import Fact, Meaning, Part, Shown, Signed

Args = dict[str, object]
GRADE_WORDS = {"A": "A Critical", "B": "B Major", "C": "C Minor"}
SCORES = frozenset("12345")
WORK, APPROVE = Permission(Module.ANOMALIES, Level.WORK), Permission(Module.ANOMALIES, Level.APPROVE)


def _scores(args: Args) -> tuple[int, int, int]:
    said = [str(args.get(key, "")) for key in ("s", "o", "d")]
    if not all(one in SCORES for one in said):
        raise Malformed(field="S·O·D", why=" ".join(said)[:20])
    return int(said[0]), int(said[1]), int(said[2])


async def _case(
    actor: Actor, facts: AnomalyFacts, title: str, lines: tuple[Fact, ...], *, asked_by: int | None = None
) -> Shown:
    proofs = await evidence.evidence_of_case(actor, facts.number)
    return Shown(
        subject_kind="anomaly",
        subject_number=facts.number,
        case_number=facts.number,
        revision=facts.revision,
        title=title,
        facts=(
            Fact("What was found", facts.description),
            Fact("Lot", facts.lot_number or "–"),
            Fact("Quantity", facts.quantity_text),
            *lines,
        ),
        attachments=tuple(one.sha256 for one in proofs),
        involved=((Part.REPORTER, facts.reporter_id), (Part.ASKER, asked_by)),
        category=facts.category,
        grade=facts.grade or facts.proposed_grade,
    )


def _grade_lines(s: int, o: int, d: int, grade: str) -> tuple[Fact, ...]:
    return (
        Fact("Severity × occurrence × detection", f"{s} × {o} × {d} = {s * o * d}"),
        Fact("Grade", GRADE_WORDS[grade], translated=True),
    )


async def _describe_confirm(actor: Actor, args: Args) -> Shown:
    actor.must(WORK)
    facts = await queries.get(actor, int(str(args["id"])))
    s, o, d = _scores(args)
    grade = policy.worse(Grade(str(args["grade"])), Grade(await grade_for(facts.id, s, o, d)))
    policy.confirm(facts, grade=grade, by=actor.identity, again=await signs_again(facts, grade))
    return await _case(
        actor, facts, signing.act_says("anomalies:grade:confirm"), _grade_lines(s, o, d, grade.value)
    )


async def _perform_confirm(actor: Actor, args: Args, signed: Signed) -> object:
    s, o, d = _scores(args)
    return await confirm_grade(
        actor, int(str(args["id"])), s=s, o=o, d=d, grade=str(args["grade"]), signed=signed
    )


async def _describe_lower(actor: Actor, args: Args) -> Shown:
    actor.must(APPROVE)
    facts = await queries.get(actor, int(str(args["id"])))
    asked = await lower_decision(actor, facts)
    lines = (
        Fact("Present grade", GRADE_WORDS[facts.grade or facts.proposed_grade or "C"], translated=True),
        *_grade_lines(asked.s, asked.o, asked.d, asked.grade),
        Fact("Reason", asked.reason or ""),
    )
    return await _case(actor, facts, signing.act_says("anomalies:grade:lower"), lines, asked_by=asked.by_id)


async def _perform_lower(actor: Actor, args: Args, signed: Signed) -> object:
    return await approve_lower(actor, int(str(args["id"])), signed)


async def _describe_containment(actor: Actor, args: Args) -> Shown:
    actor.must(WORK)
    facts = await queries.get(actor, int(str(args["id"])))
    held = await lots.holds_of(actor, facts.number)
    reason = str(args.get("reason") or "")
    policy.contain(
        facts,
        unheld=await unheld(actor, facts),
        reason=reason,
        by=actor.identity,
        again=await contains_again(facts),
    )
    lines = (Fact("Lots on hold", ", ".join(one.lot_number for one in held) or "–"),)
    return await _case(
        actor,
        facts,
        signing.act_says("anomalies:containment:complete"),
        (*lines, Fact("Reason", reason)) if reason else lines,
    )


async def _perform_containment(actor: Actor, args: Args, signed: Signed) -> object:
    return await complete_containment(
        actor, int(str(args["id"])), reason=str(args.get("reason") or ""), signed=signed
    )


def register() -> None:
    """Make the acts known to the signing room, once."""
    signing.act(
        "anomalies:grade:confirm",
        describe=_describe_confirm,
        perform=_perform_confirm,
        meaning=Meaning.REVIEWED,
    )
    signing.act(
        "anomalies:grade:lower", describe=_describe_lower, perform=_perform_lower, meaning=Meaning.APPROVED
    )
    signing.act(
        "anomalies:containment:complete",
        describe=_describe_containment,
        perform=_perform_containment,
        meaning=Meaning.AUTHORED,
    )
