"""Reads of webhooks, inside what the asker's organisation owns."""

from __future__ import annotations

from tortoise.queryset import QuerySet

from core import people
from core.kit import Actor, NotFound, Page
from core.kit.page import cut
from core.webhooks.models import Delivery, Subscription
from core.webhooks.terms import DeliveryFacts, DeliveryState, EventKind, SubscriptionFacts


def facts(row: Subscription) -> SubscriptionFacts:
    """A row as a frozen value."""
    return SubscriptionFacts(
        id=row.id,
        plant_id=row.plant_id,
        organisation_id=row.organisation_id,
        client=row.client,
        url=row.url,
        kinds=tuple(EventKind(one) for one in row.kinds),
        made_at=row.made_at,
        off_at=row.off_at,
        off_because=row.off_because,
        secret_before_until=row.secret_before_until,
    )


def _told(row: Delivery) -> DeliveryFacts:
    return DeliveryFacts(
        id=row.id,
        subscription_id=row.subscription_id,
        message=row.message,
        kind=row.kind,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        last_status=row.last_status,
        last_error=row.last_error,
        created_at=row.created_at,
        due_at=row.due_at,
        done_at=row.done_at,
    )


async def row(actor: Actor, key: int, *, lock: bool = False) -> Subscription:
    """A subscription of the actor's organisation that was not deleted; the plant's people see every one.

    Raises:
        NotFound: none there.
    """
    found = _own(actor).filter(id=key)
    one = await (found.select_for_update() if lock else found).first()
    if one is None or not people.scope(actor).sees(plant_id=one.plant_id, partner_ids=(one.organisation_id,)):
        raise NotFound(what=f"#{key}")
    return one


def _own(actor: Actor) -> QuerySet[Subscription]:
    """Subscriptions that are not deleted: of a program, also of the plant's, those of its organisation alone."""
    found = Subscription.filter(plant_id=actor.plant_id, ended_at=None)
    own = actor.organisation_id if actor.client else people.scope(actor).partner_id
    return found if own is None else found.filter(organisation_id=own)


async def subscriptions(actor: Actor) -> list[SubscriptionFacts]:
    """The subscriptions of the actor's organisation; the plant's people see every one. Oldest first."""
    return [facts(one) for one in await _own(actor).order_by("id")]


async def deliveries(
    actor: Actor, key: int, *, after: int | None = None, size: int = 50
) -> Page[DeliveryFacts]:
    """What was sent to a subscription, newest first.

    Raises:
        NotFound: no such subscription of the organisation.
    """
    await row(actor, key)
    found = Delivery.filter(subscription_id=key)
    if after is not None:
        found = found.filter(id__lt=after)
    rows = [_told(one) for one in await found.order_by("-id").limit(size + 1)]
    return cut(rows, size, [one.id for one in rows])
