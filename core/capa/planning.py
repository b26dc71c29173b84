"""Root cause, actions, the criterion of effectiveness, and handing the plan in."""

from __future__ import annotations

import datetime as dt

from core import anomalies, ledger, notices, people
from core.capa import policy, queries
from core.capa.errors import CannotAct
from core.capa.models import Capa, CapaAction
from core.capa.terms import ActionFacts, ActionKind, CapaFacts, CapaState, CauseCategory, EffectKind
from core.kit import Actor, Level, Module, NotFound, Permission, Refusal, clock, current, plain_text, verb
from core.ledger import Kind

TEXT_LIMIT = 2000
WORK = Permission(Module.CAPA, Level.WORK)


async def _planned(actor: Actor, capa_id: int) -> tuple[Capa, str]:
    """The CAPA, locked, and the state of its case, both inside the actor's scope."""
    seen = await queries.get(actor, capa_id)
    row = await queries.row(capa_id)
    return row, (await anomalies.get(actor, seen.anomaly_id)).state


def _today(actor: Actor) -> dt.date:
    return clock.in_zone(current().now, actor.timezone).date()


async def can_act(row: Capa, person_id: int) -> None:
    """An action is given to somebody who can see the case and do it, else it would wait for ever."""
    found = await people.person(person_id)
    if found.plant_id != row.plant_id or not found.active:
        raise NotFound(what=found.printed_name)
    person = await people.actor_of(person_id, "system")
    try:
        person.must(WORK)
        await anomalies.get(person, row.anomaly_id)
    except Refusal:
        raise CannotAct(name=found.printed_name) from None


@verb(Module.CAPA, Level.WORK, Kind.CAPA_ROOT_CAUSE)
async def record_cause(
    actor: Actor,
    capa_id: int,
    *,
    occurrence_category: CauseCategory,
    occurrence: str,
    escape_category: CauseCategory,
    escape: str,
) -> CapaFacts:
    """Record why it happened and why it was not caught; recording again replaces, with the old text on the record.

    Raises:
        WrongStep, NotContained, CauseMissing, VagueCause: why not.
    """
    row, state = await _planned(actor, capa_id)
    policy.record_cause(
        await queries.facts_of(row), anomaly_state=state, occurrence=occurrence, escape=escape
    )
    before: dict[str, object] | None = (
        {"occurrence": row.occurrence, "escape": row.escape} if row.occurrence else None
    )
    row.occurrence_category, row.escape_category = occurrence_category.value, escape_category.value
    row.occurrence = plain_text.checked(occurrence, limit=TEXT_LIMIT)
    row.escape = plain_text.checked(escape, limit=TEXT_LIMIT)
    row.cause_by = actor.identity
    row.written_by(actor.identity)
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_ROOT_CAUSE,
        actor,
        rows=[row],
        case=row.case_number,
        before=before,
        facts={
            "occurrence_category": row.occurrence_category,
            "occurrence": row.occurrence,
            "escape_category": row.escape_category,
            "escape": row.escape,
            "cycle": row.cycle,
        },
    )
    await anomalies.cause_found(actor, row.anomaly_id)
    return await queries.facts_of(row)


@verb(Module.CAPA, Level.WORK, Kind.CAPA_ACTION_ADD)
async def add_action(
    actor: Actor, capa_id: int, *, kind: ActionKind, text: str, owner_id: int, due: dt.date
) -> ActionFacts:
    """Plan one action with a responsible person and a due date.

    Raises:
        WrongStep, NotContained, DuePast: why not.
        NotFound, CannotAct: the person is not of this plant, or cannot see the case or work on it.
    """
    row, state = await _planned(actor, capa_id)
    policy.change_plan(await queries.facts_of(row), anomaly_state=state)
    policy.ahead(due, today=_today(actor))
    await can_act(row, owner_id)
    action = await CapaAction.create(
        capa_id=row.id,
        case_number=row.case_number,
        kind=kind.value,
        text=plain_text.checked(text, limit=TEXT_LIMIT),
        owner_id=owner_id,
        due=due,
        cycle=row.cycle,
    )
    row.written_by(actor.identity)
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_ACTION_ADD,
        actor,
        rows=[action, row],
        case=row.case_number,
        facts={"kind": action.kind, "text": action.text, "owner": owner_id, "due": due, "cycle": row.cycle},
    )
    return action.facts()


@verb(Module.CAPA, Level.WORK, Kind.CAPA_EFFECT_PLAN)
async def plan_effect(
    actor: Actor, capa_id: int, *, kind: EffectKind, criterion: str, target: int | None, due: dt.date
) -> CapaFacts:
    """Fix, before anything is done, how effectiveness will be judged and until when (G-125).

    Raises:
        WrongStep, NotContained, DuePast, NoTarget: why not.
    """
    row, state = await _planned(actor, capa_id)
    policy.change_plan(await queries.facts_of(row), anomaly_state=state)
    policy.ahead(due, today=_today(actor))
    policy.target(target)
    before: dict[str, object] | None = {"criterion": row.effect_criterion} if row.effect_criterion else None
    row.effect_kind, row.effect_target, row.effect_due = kind.value, target, due
    row.effect_criterion = plain_text.checked(criterion, limit=TEXT_LIMIT)
    row.written_by(actor.identity)
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_EFFECT_PLAN,
        actor,
        rows=[row],
        case=row.case_number,
        before=before,
        facts={"kind": kind.value, "criterion": row.effect_criterion, "target": target, "due": due},
    )
    return await queries.facts_of(row)


@verb(Module.CAPA, Level.WORK, Kind.CAPA_PLAN_SUBMIT)
async def submit_plan(actor: Actor, capa_id: int) -> CapaFacts:
    """Hand the plan in for approval; everyone who may approve it is told.

    Raises:
        WrongStep, NotContained, CauseMissing, NoActions, EffectPlanMissing: what is missing.
    """
    row, state = await _planned(actor, capa_id)
    capa = await queries.facts_of(row)
    policy.submit(capa, anomaly_state=state, actions=await queries.actions(capa_id))
    row.state, row.plan_submitted_by = CapaState.PLANNED.value, actor.identity
    row.written_by(actor.identity)
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_PLAN_SUBMIT,
        actor,
        rows=[row],
        case=row.case_number,
        facts={"number": row.number, "actions": capa.action_count, "cycle": row.cycle},
    )
    await anomalies.advance(actor, row.anomaly_id, to="action_planned")
    authors = {row.owner_id, *row.author_ids}
    for person in await people.persons(row.plant_id, role="manager"):
        if person.id not in authors:
            await notices.tell(
                actor,
                "capa:approval_wanted",
                person_id=person.id,
                case=row.case_number,
                facts={"capa_id": row.id, "anomaly_id": row.anomaly_id, "number": row.number},
                wanted_while=f"capa:{row.id}:{row.revision}",
            )
    return await queries.facts_of(row)
