"""鉴定分级: a person signs the grade; raising needs a reason, lowering a reason and a second person's signature."""

from __future__ import annotations

from core import ledger, lots, notices, people
from core.anomalies import hooks, policy, queries
from core.anomalies.errors import NothingAsked
from core.anomalies.models import Anomaly, GradeRules, Grading
from core.anomalies.reporting import grading_facts
from core.anomalies.responding import move, reasoned
from core.anomalies.terms import AnomalyFacts, Grade, Rules, State
from core.kit import Actor, Level, Module, current, system, verb
from core.ledger import Kind
from core.signing import Signed


async def grade_for(anomaly_id: int, s: int, o: int, d: int) -> str:
    """The grade that scores given by a person lead to, overrides included."""
    row = await Anomaly.get(id=anomaly_id)
    lot = None if row.lot_id is None else await lots.get(system(row.plant_id), row.lot_id)
    facts = await grading_facts(row.plant_id, row.category, row.answers, lot, row.reported_at)
    facts = type(facts)(**{**facts.__dict__, "repeats": max(facts.repeats - 1, 0)})
    return policy.regrade(s, o, d, facts, await queries.rules_for(row.plant_id)).value


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

    Raises:
        WrongStage, SamePerson, LowerNeedsSecond: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    wanted = policy.worse(Grade(grade), Grade(await grade_for(anomaly_id, s, o, d)))
    to = policy.confirm(row.facts(), grade=wanted, by=actor.identity)
    row.s, row.o, row.d, row.grade = s, o, d, wanted.value
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
    await hooks.graded.happen(actor, row.facts())
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.GRADE_RAISE)
async def raise_grade(actor: Actor, anomaly_id: int, *, grade: str, reason: str) -> AnomalyFacts:
    """Raise a confirmed grade; the rule for the new grade applies at once.

    Raises:
        WrongStage, NotHigher, NeedsReason: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    policy.raise_to(row.facts(), grade=Grade(grade), reason=reason)
    row.grade = grade
    row.due_at = policy.due(State(row.state), grade, current().now)
    row.revision += 1
    await row.save()
    await _record(
        actor, row, "raised", Kind.GRADE_RAISE, grade=grade, reason=reasoned(reason), signature_id=None
    )
    await hooks.graded.happen(actor, row.facts())
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.GRADE_LOWER_ASK)
async def ask_lower(
    actor: Actor, anomaly_id: int, *, s: int, o: int, d: int, grade: str, reason: str
) -> AnomalyFacts:
    """Ask for a lower grade; everyone who may sign it is told.

    Raises:
        WrongStage, NotLower, NeedsReason: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    policy.ask_lower(row.facts(), grade=Grade(grade), reason=reason)
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
    for person in await people.persons(row.plant_id, role="manager"):
        if person.id not in (actor.person_id, row.reporter_id):
            await notices.tell(
                actor,
                "anomalies:lower_wanted",
                person_id=person.id,
                case=row.number,
                facts={"anomaly_id": row.id, "number": row.number},
            )
    return row.facts()


@verb(Module.ANOMALIES, Level.APPROVE, Kind.GRADE_LOWER)
async def approve_lower(actor: Actor, anomaly_id: int, signed: Signed) -> AnomalyFacts:
    """The second person signs the lower grade.

    Raises:
        NothingAsked, SamePerson, WrongStage: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    asked = await queries.asked_lower(anomaly_id)
    policy.approve_lower(row.facts(), asked_by=None if asked is None else asked.by_id, by=actor.identity)
    if asked is None:
        raise NothingAsked(number=row.number)
    row.s, row.o, row.d = asked.s, asked.o, asked.d
    first = row.state == State.COLLECTING.value
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
    if first:
        await hooks.graded.happen(actor, row.facts())
    return row.facts()


@verb(Module.SOP, Level.CONFIGURE, Kind.GRADE_RULES_SET)
async def set_rules(actor: Actor, rules: Rules, *, reason: str) -> Rules:
    """Set the next version of the rule table; grades given before stay as they are.

    Raises:
        RulesBroken: the thresholds contradict each other.
    """
    policy.sound(rules)
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
