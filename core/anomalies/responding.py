"""Taking a case up, handing it over, asking for help, adding facts, ending it early."""

from __future__ import annotations

from core import evidence, ledger, notices, people, sop
from core.anomalies import hooks, policy, queries
from core.anomalies.errors import CannotOwn, NeedsReason, NotReporter, TakenAlready, WrongStage
from core.anomalies.models import Anomaly, Supplement
from core.anomalies.reporting import incomplete
from core.anomalies.terms import ENDED, AnomalyFacts, State
from core.evidence import SubjectKind
from core.kit import Actor, Level, Module, NotPermitted, Refusal, current, plain_text, verb
from core.ledger import Kind

REASON = 500


def reasoned(reason: str) -> str:
    """A reason fit for the record.

    Raises:
        NeedsReason: nothing readable was given.
    """
    said = plain_text.checked(reason, limit=REASON, required=False)
    if not said:
        raise NeedsReason
    return said


async def move(row: Anomaly, to: State) -> None:
    """Put a case into a state: its clock starts, its revision grows."""
    row.state = to.value
    row.due_at = policy.due(to, row.grade or row.proposed_grade, current().now)
    row.revision += 1
    await row.save()


async def news(actor: Actor, row: Anomaly, **facts: object) -> None:
    """Tell the reporter what became of the report, unless the reporter did it."""
    if row.reporter_id != actor.person_id:
        await notices.tell(
            actor,
            "anomalies:news",
            person_id=row.reporter_id,
            case=row.number,
            priority=notices.Priority.INFO,
            facts={"anomaly_id": row.id, "number": row.number, "by": actor.name, **facts},
            replaces_key=f"news:{row.id}",
        )


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_ACKNOWLEDGE)
async def acknowledge(actor: Actor, anomaly_id: int, *, revision: int | None = None) -> AnomalyFacts:
    """Take a case up: the one who acknowledges owns it from now on; of two, the first.

    Raises:
        TakenAlready: somebody was faster.
        WrongStage: the case has moved on.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    if row.state == State.COLLECTING.value:
        if row.owner_id == actor.person_id:
            return row.facts()
        raise TakenAlready(number=row.number, by=(await people.person(row.owner_id)).printed_name)
    to = policy.step(row.facts(), "acknowledge")
    before = row.owner_id
    row.owner_id = actor.identity
    await move(row, to)
    await ledger.append(
        Kind.ANOMALY_ACKNOWLEDGE,
        actor,
        rows=[row],
        case=row.number,
        before={"owner": before},
        facts={"owner": row.owner_id, "seen_revision": revision},
    )
    await news(actor, row)
    await hooks.acknowledged.happen(actor, row.facts())
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_REASSIGN)
async def reassign(actor: Actor, anomaly_id: int, *, to_person: int, reason: str) -> AnomalyFacts:
    """Hand a case to another person, who is alerted.

    Raises:
        CannotOwn, NeedsReason, WrongStage: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    if State(row.state) not in (State.REPORTED, State.COLLECTING):
        raise WrongStage(number=row.number)
    able = {one.id: one for one in await queries.able_to_own(actor, anomaly_id)}
    if to_person not in able:
        raise CannotOwn(name=(await people.person(to_person)).printed_name)
    before = row.owner_id
    row.owner_id = to_person
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.ANOMALY_REASSIGN,
        actor,
        rows=[row],
        case=row.number,
        reason=said,
        before={"owner": before},
        facts={"owner": to_person},
    )
    await hooks.reassigned.happen(actor, row.facts())
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_HELP)
async def ask_help(actor: Actor, anomaly_id: int, *, reason: str) -> AnomalyFacts:
    """Ask the next tier for help at once.

    Raises:
        NeedsReason, WrongStage: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    if State(row.state) in ENDED:
        raise WrongStage(number=row.number)
    await ledger.append(Kind.ANOMALY_HELP, actor, rows=[row], case=row.number, reason=said)
    await hooks.help_asked.happen(actor, row.facts())
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_SUPPLEMENT)
async def supplement(
    actor: Actor, anomaly_id: int, *, changes: dict[str, object], reason: str, evidence_ids: list[int]
) -> AnomalyFacts:
    """Add or correct facts; old and new both stay on the record.

    Raises:
        MissingFields: a new value does not fit the template.
        NeedsReason, WrongStage: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    if State(row.state) in ENDED:
        raise WrongStage(number=row.number)
    template = await sop.template(row.template_id)
    merged: dict[str, object] = {**row.answers, **changes}
    photos = len(set(row.evidence_ids) | set(evidence_ids))
    good, faults = sop.check(template.fields, merged, photos=min(photos, 9), now=current().now)
    wrong: dict[str, Refusal] = {key: fault for key, fault in faults.items() if key in changes}
    if wrong:
        raise incomplete(wrong)
    before = {key: row.answers.get(key) for key in changes}
    after = {key: good[key] for key in changes if key in good}
    pictures = await evidence.visible(actor, evidence_ids)
    row.answers = {**row.answers, **after}
    row.description = row.answers.get("description", row.description)
    row.evidence_ids = [*row.evidence_ids, *(one.id for one in pictures if one.id not in row.evidence_ids)]
    row.revision += 1
    await row.save()
    added = await Supplement.create(
        anomaly_id=row.id,
        before=before,
        after=after,
        evidence_ids=[one.id for one in pictures],
        reason=said,
        by_id=actor.identity,
        at=current().now,
    )
    links = await evidence.attach(
        actor,
        [one.id for one in pictures],
        subject_kind=SubjectKind.ANOMALY,
        subject_id=row.id,
        case_number=row.number,
        partner_id=row.partner_id,
    )
    await ledger.append(
        Kind.ANOMALY_SUPPLEMENT,
        actor,
        rows=[row, added, *links],
        case=row.number,
        reason=said,
        before=dict(before),
        facts={"after": after, "evidence": [one.sha256 for one in pictures]},
    )
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_REJECT)
async def reject(actor: Actor, anomaly_id: int, *, reason: str) -> AnomalyFacts:
    """Judge that a report is no anomaly; the reporter learns why.

    Raises:
        NeedsReason, WrongStage: why not.
        NotPermitted: nobody rejects their own report; they withdraw it.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    to = policy.step(row.facts(), "reject")
    if row.reporter_id == actor.person_id:
        raise NotPermitted
    await _end(actor, row, to, Kind.ANOMALY_REJECT, said)
    return row.facts()


@verb(Module.ANOMALIES, Level.REPORT, Kind.ANOMALY_CANCEL)
async def cancel(actor: Actor, anomaly_id: int, *, reason: str) -> AnomalyFacts:
    """The reporter takes a report back before anybody took it up; the record stays.

    Raises:
        NotReporter, NeedsReason, WrongStage: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    if row.reporter_id != actor.person_id:
        raise NotReporter
    await _end(actor, row, policy.step(row.facts(), "cancel"), Kind.ANOMALY_CANCEL, said)
    return row.facts()


async def _end(actor: Actor, row: Anomaly, to: State, kind: Kind, reason: str) -> None:
    row.closed_at = current().now
    await move(row, to)
    await ledger.append(kind, actor, rows=[row], case=row.number, reason=reason)
    await news(actor, row, reason=reason)
    await hooks.ended.happen(actor, row.facts())
