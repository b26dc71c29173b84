"""Taking a case up, handing it over, asking for help."""

from __future__ import annotations

from core import ledger, notices, people
from core.anomalies import clocks, hooks, policy, queries
from core.anomalies.errors import (
    CannotOwn,
    EndedAlready,
    NeedsReason,
    NotYours,
    OwnerHandsOver,
    OwnsAlready,
    TakenAlready,
)
from core.anomalies.models import Anomaly
from core.anomalies.terms import ENDED, ITSELF, AnomalyFacts, State
from core.kit import Actor, Level, Module, NotFound, Permission, current, plain_text, verb
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
    row.due_at, row.due_since = await clocks.due_now(row, row.grade or row.proposed_grade), current().now
    row.overdue_told = False
    row.revision += 1
    await row.save()


async def news(actor: Actor, row: Anomaly, **facts: object) -> None:
    """Tell the reporter what became of the report, unless the reporter did it."""
    if row.reporter_id not in (actor.person_id, ITSELF):
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
    if row.owner_id == actor.person_id and State(row.state) not in {State.REPORTED, *ENDED}:
        await hooks.acknowledged.happen(actor, row.facts())  # handed over meanwhile: the alert stops
        return row.facts()
    if row.state == State.COLLECTING.value:
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


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_GIVE_BACK)
async def give_back(actor: Actor, anomaly_id: int, *, reason: str) -> AnomalyFacts:
    """Take an acknowledgement back before anything was decided: the alert sounds again, for everybody.

    Raises:
        WrongStage: it is not taken up, or it is graded; then it can be handed over.
        NotYours: somebody else has it, and the actor does not approve cases.
        NeedsReason: no reason was given.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    to = policy.step(row.facts(), "give_back")
    approves = actor.may(Permission(Module.ANOMALIES, Level.APPROVE))
    if not actor.is_system and actor.person_id != row.owner_id and not approves:
        raise NotYours(number=row.number, name=(await people.person(row.owner_id)).printed_name)
    await move(row, to)
    await ledger.append(
        Kind.ANOMALY_GIVE_BACK,
        actor,
        rows=[row],
        case=row.number,
        reason=said,
        facts={"owner": row.owner_id, "by_the_clock": actor.is_system},
    )
    await hooks.given_back.happen(actor, row.facts(), said)
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_REASSIGN)
async def reassign(actor: Actor, anomaly_id: int, *, to_person: int, reason: str) -> AnomalyFacts:
    """Hand a case, and with it its CAPA, to another person, who is alerted.

    Raises:
        OwnerHandsOver: it is graded, and the actor neither owns it nor approves cases.
        CannotOwn, OwnsAlready, NotFound, NeedsReason, EndedAlready: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    approves = actor.may(Permission(Module.ANOMALIES, Level.APPROVE))
    if not policy.hand_over(row.facts(), by=actor.identity, approves=approves):
        raise OwnerHandsOver(number=row.number, name=(await people.person(row.owner_id)).printed_name)
    known = {one.id: one for one in await people.persons(row.plant_id)}
    if to_person not in known:
        raise NotFound(what=f"#{to_person}")
    if to_person == row.owner_id:
        raise OwnsAlready(name=known[to_person].printed_name)
    if to_person not in {one.id for one in await queries.able_to_own(actor, anomaly_id)}:
        raise CannotOwn(name=known[to_person].printed_name)
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
        NeedsReason, EndedAlready: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    if State(row.state) in ENDED:
        raise EndedAlready(number=row.number)
    await ledger.append(Kind.ANOMALY_HELP, actor, rows=[row], case=row.number, reason=said)
    await hooks.help_asked.happen(actor, row.facts())
    return row.facts()
