"""Claiming what is due by lease and writing down what came of it; three days in vain switch a webhook off."""

from __future__ import annotations

import datetime as dt

from tortoise.expressions import Q

from core import clients, ledger, notices, people
from core.clients import Scope
from core.kit import Actor, current, dialect, system, unit_of_work, verb
from core.kit.keys import SealBroken
from core.ledger import Kind
from core.people import Role
from core.webhooks import keys, policy
from core.webhooks.models import Delivery, Subscription
from core.webhooks.subscribing import drop_waiting
from core.webhooks.terms import DeliveryState, Due, Outcome

LEASE = dt.timedelta(seconds=60)
AT_ONCE = 20
_ENDED = "the key of this webhook has ended"


async def claim(limit: int = AT_ONCE) -> list[Due]:
    """Answer what this process may send now; no other claims it until the lease ends.

    What waits for a key that was revoked, has expired or lost the scope is dropped: who is shut out learns no more.
    """
    async with unit_of_work() as work:
        free = Delivery.filter(
            Q(lease_until=None) | Q(lease_until__lte=work.now),
            state=DeliveryState.PENDING.value,
            due_at__lte=work.now,
        )
        rows = (
            await free.order_by("due_at", "id")
            .limit(limit)
            .select_for_update(skip_locked=dialect() == "postgres")
        )
        known = {
            one.id: one
            for one in await Subscription.filter(id__in={row.subscription_id for row in rows} or {0})
        }
        holding = await clients.holding({one.client for one in known.values()}, Scope.WEBHOOKS)
        found: list[Due] = []
        for row in rows:
            if known[row.subscription_id].client not in holding:
                row.state, row.done_at, row.last_error = DeliveryState.DROPPED.value, work.now, _ENDED
                await row.save(update_fields=["state", "done_at", "last_error"])
                continue
            row.lease_until, row.attempts = work.now + LEASE, row.attempts + 1
            await row.save(update_fields=["lease_until", "attempts"])
            to = known[row.subscription_id]
            try:
                opened = keys.opened(to, work.now)
            except SealBroken:
                opened = ()
            found.append(
                Due(
                    id=row.id,
                    message=row.message,
                    url=to.url,
                    body=row.body,
                    secrets=opened,
                    attempts=row.attempts,
                )
            )
        return found


async def record(due: Due, outcome: Outcome) -> None:
    """Write down what an attempt came to: taken, again later, or given up, which switches the webhook off."""
    async with unit_of_work() as work:
        row = await Delivery.filter(id=due.id).select_for_update().get()
        if row.state != DeliveryState.PENDING.value or row.attempts != due.attempts:
            return
        row.last_status, row.last_error, row.lease_until = outcome.status, outcome.error[:200], None
        pause = None if policy.taken(outcome) else policy.pause_after(row.attempts, outcome)
        if policy.taken(outcome):
            row.state, row.done_at = DeliveryState.DELIVERED.value, work.now
        elif pause is not None:
            row.due_at = work.now + pause
        else:
            row.state, row.done_at = DeliveryState.FAILED.value, work.now
        await row.save()
        if row.state == DeliveryState.FAILED.value:
            found = await Subscription.filter(id=row.subscription_id).get()
            if found.off_at is None and found.ended_at is None:
                why = f"{outcome.status or outcome.error}"
                await _switch_off(system(found.plant_id), found.id, why)


@verb(None, None, Kind.WEBHOOK_OFF)
async def _switch_off(actor: Actor, key: int, why: str) -> None:
    """Switch a webhook off that nothing reaches, and tell the administrators."""
    row = await Subscription.filter(id=key, plant_id=actor.plant_id).select_for_update().get()
    row.off_at, row.off_because = current().now, why[:200]
    await row.save()
    await drop_waiting(row.id)
    await ledger.append(
        Kind.WEBHOOK_OFF, actor, rows=[row], facts={"webhook": row.id, "why": row.off_because}
    )
    owner = await people.organisation(row.organisation_id)
    for person in await people.persons(actor.plant_id, role=Role.ADMINISTRATOR.value):
        await notices.tell(
            actor,
            "webhooks:off",
            person_id=person.id,
            facts={
                "zh": owner.name_zh,
                "en": owner.name_en,
                "host": row.url.split("/")[2][:80],
                "why": why[:80],
            },
        )
