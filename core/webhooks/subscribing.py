"""Subscribing, changing over, switching on again, deleting; a program does for its own organisation."""

from __future__ import annotations

import os
from collections.abc import Iterable

from core import ledger
from core.kit import Actor, Level, Module, NotPermitted, Permission, current, verb
from core.kit.numbering import in_line
from core.ledger import Kind
from core.webhooks import keys, policy, queries
from core.webhooks.errors import KindsUnfit, SubscriptionOn, SubscriptionsTooMany
from core.webhooks.models import Delivery, Subscription
from core.webhooks.telling import message_for
from core.webhooks.terms import DeliveryState, EventKind, SubscriptionFacts, SubscriptionMade

_ADMINISTERS = Permission(Module.PEOPLE, Level.ADMINISTER)
_KEY = 32


def _program(actor: Actor) -> None:
    """Programs see to their own webhooks; an administrator of the plant may, to all."""
    if not actor.client and not actor.may(_ADMINISTERS):
        raise NotPermitted


@verb(None, None, Kind.WEBHOOK_MAKE)
async def subscribe(actor: Actor, url: str, kinds: Iterable[str]) -> SubscriptionMade:
    """Be told of events at an address; the secret that signs is told this once.

    Raises:
        AddressUnfit, KindsUnfit, SubscriptionsTooMany: why not.
        NotPermitted: not a program.
    """
    if not actor.client:
        raise NotPermitted
    address = policy.must_be_address(url, allow_loopback=keys.allows_loopback())
    wanted = list(dict.fromkeys(kinds))
    known = {one.value for one in EventKind}
    if not wanted or not set(wanted) <= known:
        raise KindsUnfit(kinds=", ".join(sorted(set(wanted) - known)) or "–")
    await in_line(actor.plant_id, f"webhooks {actor.organisation_id}")
    there = Subscription.filter(plant_id=actor.plant_id, organisation_id=actor.organisation_id, ended_at=None)
    if await there.count() >= policy.MOST:
        raise SubscriptionsTooMany(most=policy.MOST)
    key = os.urandom(_KEY)
    row = await Subscription.create(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        client=actor.client,
        url=address,
        kinds=sorted(wanted),
        secret=keys.sealed(key, plant_id=actor.plant_id, organisation_id=actor.organisation_id),
        made_at=current().now,
    )
    await ledger.append(
        Kind.WEBHOOK_MAKE,
        actor,
        rows=[row],
        facts={"webhook": row.id, "organisation": row.organisation_id, "url": row.url, "kinds": row.kinds},
    )
    return SubscriptionMade(subscription=queries.facts(row), secret=policy.written(key))


@verb(None, None, Kind.WEBHOOK_ROTATE)
async def rotate(actor: Actor, key: int) -> SubscriptionMade:
    """Make a new secret; for a day the one before signs as well, so that the receiver can change over.

    A program takes the webhook over by this: it is told as long as that program's key holds.

    Raises:
        NotFound, NotPermitted: why not.
    """
    _program(actor)
    row = await queries.row(actor, key, lock=True)
    fresh = os.urandom(_KEY)
    row.secret_before, row.secret_before_until = row.secret, current().now + policy.OVERLAP
    row.secret = keys.sealed(fresh, plant_id=row.plant_id, organisation_id=row.organisation_id)
    row.client = actor.client or row.client
    await row.save()
    await ledger.append(
        Kind.WEBHOOK_ROTATE,
        actor,
        rows=[row],
        facts={"webhook": row.id, "before_until": row.secret_before_until},
    )
    return SubscriptionMade(subscription=queries.facts(row), secret=policy.written(fresh))


@verb(None, None, Kind.WEBHOOK_END)
async def unsubscribe(actor: Actor, key: int) -> None:
    """Delete a webhook; what waits for it is not sent.

    Raises:
        NotFound, NotPermitted: why not.
    """
    _program(actor)
    row = await queries.row(actor, key, lock=True)
    row.ended_at = current().now
    await row.save()
    await drop_waiting(row.id)
    await ledger.append(
        Kind.WEBHOOK_END, actor, rows=[row], facts={"webhook": row.id, "organisation": row.organisation_id}
    )


@verb(None, None, Kind.WEBHOOK_ON)
async def switch_on(actor: Actor, key: int) -> SubscriptionFacts:
    """Tell it again of what happens from now on, after it was switched off.

    Raises:
        SubscriptionOn: it is on.
        NotFound, NotPermitted: why not.
    """
    _program(actor)
    row = await queries.row(actor, key, lock=True)
    if row.off_at is None:
        raise SubscriptionOn
    row.off_at, row.off_because = None, ""
    await row.save()
    await ledger.append(Kind.WEBHOOK_ON, actor, rows=[row], facts={"webhook": row.id})
    return queries.facts(row)


@verb(None, None, Kind.WEBHOOK_TEST)
async def send_test(actor: Actor, key: int) -> str:
    """Send a message that says nothing, to see that it arrives; answers the message's id.

    Raises:
        NotFound, NotPermitted: why not.
    """
    _program(actor)
    row = await queries.row(actor, key)
    made = await message_for(row, EventKind.TEST, {"webhook": row.id})
    await ledger.append(Kind.WEBHOOK_TEST, actor, facts={"webhook": row.id, "message": made.message})
    return str(made.message)


async def drop_waiting(key: int) -> None:
    """What waits for a subscription is not wanted any more."""
    await Delivery.filter(subscription_id=key, state=DeliveryState.PENDING.value).update(
        state=DeliveryState.DROPPED.value, done_at=current().now, lease_until=None
    )
