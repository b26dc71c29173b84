"""Which ladder applies now, and setting a new version of it."""

from __future__ import annotations

from dataclasses import replace

from core import ledger
from core.escalation import policy as rules
from core.escalation.errors import NeedsReason
from core.escalation.models import EscalationPolicy
from core.escalation.terms import DEFAULTS, PROGRESS, REPEAT, Policy, Step
from core.kit import Actor, Level, Malformed, Module, clock, current, plain_text, verb
from core.kit.numbering import in_line
from core.ledger import Kind


async def policy_for(plant_id: int, grade: str) -> Policy:
    """The ladder in force for a grade; version 0 is the built-in default."""
    row = (
        await EscalationPolicy.filter(plant_id=plant_id, grade=grade, effective_from__lte=clock.now())
        .order_by("-version")
        .first()
    )
    if row is None:
        return Policy(
            version=0,
            grade=grade,
            steps=DEFAULTS[grade],
            repeat_minutes=REPEAT[grade],
            progress_minutes=PROGRESS[grade],
        )
    return Policy.from_json(
        {
            "version": row.version,
            "grade": grade,
            "steps": row.steps,
            "repeat_minutes": row.repeat_minutes,
            "acks": row.acks,
            "people": row.people,
            "progress_minutes": row.progress_minutes,
        }
    )


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.POLICY_SET)
async def set_policy(
    actor: Actor,
    grade: str,
    steps: tuple[Step, ...],
    reason: str,
    *,
    acks: tuple[int, ...] | None = None,
    people: int | None = None,
    progress_minutes: int | None = None,
    repeat_minutes: int | None = None,
) -> Policy:
    """Set a new version of a grade's ladder; runs that climb already keep their snapshot.

    What is not given stays as it is: who has to acknowledge, after how long without a step the alert sounds again,
    how long the highest tier has.

    Raises:
        LadderBroken, TermsBroken: the steps do not climb, or nobody could acknowledge like that.
        NeedsReason, Malformed: no reason, no such grade.
    """
    if grade not in DEFAULTS:
        raise Malformed(field="grade", why=grade[:20])
    said = plain_text.checked(reason, limit=500, required=False)
    if not said:
        raise NeedsReason
    await in_line(actor.plant_id, f"ladder-{grade}")
    before = await policy_for(actor.plant_id, grade)
    made = rules.terms_checked(
        replace(
            before,
            version=before.version + 1,
            steps=rules.checked(steps),
            acks=before.acks if acks is None else acks,
            people=before.people if people is None else people,
            progress_minutes=before.progress_minutes if progress_minutes is None else progress_minutes,
            repeat_minutes=before.repeat_minutes if repeat_minutes is None else repeat_minutes,
        )
    )
    row = await EscalationPolicy.create(
        plant_id=actor.plant_id,
        grade=grade,
        version=made.version,
        steps=made.to_json()["steps"],
        repeat_minutes=made.repeat_minutes,
        acks=list(made.acks),
        people=made.people,
        progress_minutes=made.progress_minutes,
        effective_from=current().now,
        set_by=actor.person_id,
    )
    await ledger.append(
        Kind.POLICY_SET, actor, rows=[row], reason=said, before=before.to_json(), facts=made.to_json()
    )
    return made
