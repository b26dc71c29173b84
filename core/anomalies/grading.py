"""鉴定分级: a person signs the grade; raising needs a reason, lowering a reason and a second person's signature."""

from __future__ import annotations

from core import ledger, notices, people, signing
from core.anomalies import clocks, hooks, policy, queries
from core.anomalies.errors import NothingAsked
from core.anomalies.models import Anomaly, GradeRules, Grading
from core.anomalies.responding import move, reasoned
from core.anomalies.terms import ENDED, AnomalyFacts, Grade, Rules, State
from core.anomalies.weighing import grade_for
from core.kit import Actor, Level, Module, current, verb
from core.kit.numbering import in_line
from core.ledger import Kind
from core.signing import Signed

SHOW_GRADE = ("anomalies:grade:confirm", "anomalies:grade:lower", "capa:waive")
"""Acts whose signature shows the grade: changing it voids them."""
GRADE_ACTS = SHOW_GRADE[:2]


async def _record(
    actor: Actor,
    row: Anomaly,
    step: str,
    kind: Kind,
    *,
    grade: str,
    reason: str | None,
    signature_id: int | None,
    changed: bool = True,
) -> None:
    line = await Grading.create(
        anomaly_id=row.id,
        cycle=row.cycle,
        step=step,
        s=row.s,
        o=row.o,
        d=row.d,
        grade=grade,
        reason=reason,
        by_id=actor.person_id,
        rules_version=(await queries.rules_for(row.plant_id)).version,
        signature_id=signature_id,
        at=current().now,
    )
    await ledger.append(
        kind,
        actor,
        rows=[line, row] if changed else [line],
        case=row.number,
        reason=reason,
        facts={"s": line.s, "o": line.o, "d": line.d, "grade": grade, "signature": signature_id},
    )


@verb(Module.ANOMALIES, Level.WORK, Kind.GRADE_CONFIRM)
async def confirm_grade(
    actor: Actor, anomaly_id: int, *, s: int, o: int, d: int, grade: str, signed: Signed
) -> AnomalyFacts:
    """Confirm the grade of a case; confirmed grade A or B makes it a nonconformance that needs containment.

    A grade whose signature was voided is signed again as it stands; the case goes on where it is.

    Raises:
        WrongStage, SamePerson, LowerNeedsSecond: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    wanted = policy.worse(Grade(grade), Grade(await grade_for(anomaly_id, s, o, d)))
    again = await signs_again(row.facts(), wanted, but=signed.signature_id)
    to = policy.confirm(row.facts(), grade=wanted, by=actor.identity, again=again)
    row.s, row.o, row.d, row.grade = s, o, d, wanted.value
    if again:
        row.revision += 1
        await row.save()
    else:
        await move(row, to)
    await _record(
        actor,
        row,
        "confirmed",
        Kind.GRADE_CONFIRM,
        grade=wanted.value,
        reason=None,
        signature_id=signed.signature_id,
    )
    if not again:
        await hooks.graded.happen(actor, row.facts())
    return row.facts()


async def signs_again(facts: AnomalyFacts, grade: Grade, *, but: int | None = None) -> bool:
    """Whether this grade is the one on record and only its signature is missing; ``but`` is the one being given."""
    if facts.grade is None or grade.value != facts.grade:
        return False
    return not await signing.stands(facts.plant_id, "anomaly", facts.number, GRADE_ACTS, but=but)


async def grade_unsigned(facts: AnomalyFacts) -> bool:
    """Whether the grade on record waits for a signature in place of a voided one."""
    if facts.grade is None or State(facts.state) in ENDED:
        return False
    return await signs_again(facts, Grade(facts.grade))


@verb(Module.ANOMALIES, Level.WORK, Kind.GRADE_RAISE, Kind.SIGN_VOID)
async def raise_grade(actor: Actor, anomaly_id: int, *, grade: str, reason: str) -> AnomalyFacts:
    """Raise a confirmed grade; the rule for the new grade applies at once.

    Raises:
        WrongStage, NotHigher, NeedsReason: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    policy.raise_to(row.facts(), grade=Grade(grade), reason=reason)
    await put_higher(actor, row, Grade(grade), reasoned(reason))
    return row.facts()


async def put_higher(actor: Actor, row: Anomaly, grade: Grade, reason: str) -> None:
    """Raise a signed grade, whose signatures stand no more; the clock of the step can only become shorter."""
    await signing.void_for_change(actor, "anomaly", row.number, reason, acts=SHOW_GRADE)
    row.grade = grade.value
    due = await clocks.due_now(row, row.grade)
    row.due_at = min((one for one in (row.due_at, due) if one is not None), default=None)
    row.revision += 1
    await row.save()
    await _record(actor, row, "raised", Kind.GRADE_RAISE, grade=row.grade, reason=reason, signature_id=None)
    await hooks.graded.happen(actor, row.facts())


@verb(Module.ANOMALIES, Level.WORK, Kind.GRADE_LOWER_ASK)
async def ask_lower(
    actor: Actor, anomaly_id: int, *, s: int, o: int, d: int, grade: str, reason: str
) -> AnomalyFacts:
    """Ask for a lower grade; everyone who may sign it is told.

    Raises:
        WrongStage, NotLower, FactsDemand, NeedsReason: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    least = Grade(await grade_for(anomaly_id, s, o, d))
    policy.ask_lower(row.facts(), grade=Grade(grade), least=least, reason=reason)
    said = reasoned(reason)
    line = await Grading.create(
        anomaly_id=row.id,
        cycle=row.cycle,
        step="lower_asked",
        s=s,
        o=o,
        d=d,
        grade=grade,
        reason=said,
        by_id=actor.person_id,
        rules_version=(await queries.rules_for(row.plant_id)).version,
        at=current().now,
    )
    await ledger.append(
        Kind.GRADE_LOWER_ASK,
        actor,
        rows=[line],
        case=row.number,
        reason=said,
        facts={"s": s, "o": o, "d": d, "grade": grade},
    )
    for person in await people.persons(row.plant_id):
        if queries.can(person, Level.APPROVE) and person.id not in (actor.person_id, row.reporter_id):
            await notices.tell(
                actor,
                "anomalies:lower_wanted",
                person_id=person.id,
                case=row.number,
                facts={"anomaly_id": row.id, "number": row.number},
            )
    return row.facts()


async def lower_decision(actor: Actor, facts: AnomalyFacts) -> Grading:
    """The lower grade asked for, which this actor may decide now.

    Raises:
        NothingAsked, SamePerson, WrongStage, FactsDemand: why not.
    """
    asked = await queries.asked_lower(facts.id)
    if asked is None:
        raise NothingAsked(number=facts.number)
    policy.approve_lower(
        facts,
        asked_by=asked.by_id,
        grade=Grade(asked.grade),
        least=Grade(await grade_for(facts.id, asked.s, asked.o, asked.d)),
        by=actor.identity,
    )
    return asked


@verb(Module.ANOMALIES, Level.APPROVE, Kind.GRADE_LOWER, Kind.SIGN_VOID)
async def approve_lower(actor: Actor, anomaly_id: int, signed: Signed) -> AnomalyFacts:
    """The second person signs the lower grade.

    Raises:
        NothingAsked, SamePerson, WrongStage, FactsDemand: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    asked = await lower_decision(actor, row.facts())
    await signing.void_for_change(
        actor, "anomaly", row.number, asked.reason or "", acts=SHOW_GRADE, but=signed.signature_id
    )
    row.s, row.o, row.d = asked.s, asked.o, asked.d
    row.grade = asked.grade
    await move(row, State.GRADED)
    await _record(
        actor,
        row,
        "lowered",
        Kind.GRADE_LOWER,
        grade=asked.grade,
        reason=asked.reason,
        signature_id=signed.signature_id,
    )
    await hooks.graded.happen(actor, row.facts())
    return row.facts()


@verb(Module.SOP, Level.CONFIGURE, Kind.GRADE_RULES_SET)
async def set_rules(actor: Actor, rules: Rules, *, reason: str) -> Rules:
    """Set the next version of the rule table; grades given before stay as they are.

    Raises:
        RulesBroken: the thresholds contradict each other.
    """
    policy.sound(rules)
    await in_line(actor.plant_id, "grade-rules")
    before = await queries.rules_for(actor.plant_id)
    made = Rules(**{**rules.__dict__, "version": before.version + 1})
    row = await GradeRules.create(
        plant_id=actor.plant_id,
        version=made.version,
        content=made.to_json(),
        effective_from=current().now,
        set_by=actor.person_id,
    )
    await ledger.append(
        Kind.GRADE_RULES_SET,
        actor,
        rows=[row],
        reason=reasoned(reason),
        before=before.to_json(),
        facts=made.to_json(),
    )
    return made
