"""Somebody's access ends: authenticator, passkeys, sessions, shown content and delegations end with it (ASVS 7.4.2)."""

from __future__ import annotations

from core import ledger, people
from core.kit.actor import Actor
from core.kit.unit_of_work import current
from core.ledger import Kind
from core.signing.ending import ended
from core.signing.models import Ceremony, Delegation, Factor, Passkey, SigningSession
from core.signing.terms import State

WHY = "access ended"


async def left(actor: Actor, person_id: int) -> None:
    """End whatever could still sign for a person who left, in the unit of their revocation; signatures stay."""
    now = current().now
    rows: list[Ceremony | Factor | Passkey | SigningSession] = []
    for ceremony in await Ceremony.filter(person_id=person_id, state=State.DISPLAYED.value):
        ceremony.state = State.REFUSED.value
        await ceremony.save(update_fields=["state"])
        rows.append(ceremony)
    for factor in await Factor.filter(person_id=person_id, suspended_at__isnull=True):
        factor.suspended_at = now
        await factor.save(update_fields=["suspended_at"])
        rows.append(factor)
    for session in await SigningSession.filter(person_id=person_id, ended_at__isnull=True):
        session.ended_at = now
        await session.save(update_fields=["ended_at"])
        rows.append(session)
    keys = await Passkey.filter(person_id=person_id, ended_at__isnull=True).order_by("id").select_for_update()
    rows += await ended(keys, by=actor.person_id, why=WHY)
    if rows:
        await ledger.append(
            Kind.SIGN_SUSPEND, actor, rows=rows, facts={"person": person_id, "left": True}, reason=WHY
        )
    await _delegations(actor, person_id)


async def _delegations(actor: Actor, person_id: int) -> None:
    given = await Delegation.filter(delegator_id=person_id, ended_at__isnull=True)
    held = await Delegation.filter(delegate_id=person_id, ended_at__isnull=True)
    for row in (*given, *held):
        row.ended_at, row.ended_by, row.ended_reason = current().now, actor.person_id, WHY
        await row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
        await ledger.append(
            Kind.DELEGATION_END,
            actor,
            rows=[row],
            facts={"delegation": row.number, "delegate": row.delegate_id, "delegator": row.delegator_id},
            reason=WHY,
        )


people.left.join(left)
