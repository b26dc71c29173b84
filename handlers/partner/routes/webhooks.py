"""Webhooks: a program asks to be told of what concerns its organisation, sees what was sent, tries it out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from core import webhooks
from core.clients import Scope
from core.webhooks import DeliveryFacts, DeliveryState, EventKind, SubscriptionFacts, SubscriptionMade
from handlers.partner import paging
from handlers.partner.routes.orders import ById
from handlers.partner.shapes import In, Moment, Out, Paged
from handlers.partner.table import Asked, Route, Said


class SubscribeIn(In):
    """Where to be told of which kinds of event."""

    url: Annotated[str, Field(min_length=1, max_length=500, examples=["https://qa.example.com/bihuan"])]
    events: Annotated[list[EventKind], Field(min_length=1, max_length=len(EventKind))]


class SubscriptionBody(Out):
    """A webhook; `off_at` is when it was switched off because nothing reached it."""

    id: int
    url: str
    events: list[EventKind]
    made_at: Moment
    off_at: Moment | None
    off_because: str


class SubscriptionNew(SubscriptionBody):
    """A webhook with its new secret, which is told this once."""

    secret: str


class SubscriptionList(Out):
    """The webhooks of the asker's organisation."""

    items: list[SubscriptionBody]


class DeliveryBody(Out):
    """What was sent: `message` is its `webhook-id`, the same at every attempt."""

    message: str
    event: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str
    created_at: Moment
    due_at: Moment
    done_at: Moment | None


class DeliveryPage(Out):
    """Messages, newest first, and the cursor of the next page."""

    items: list[DeliveryBody]
    next: str | None


class Sent(Out):
    """The `webhook-id` of a test message that is on its way."""

    message: str


def _facts(facts: SubscriptionFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "url": facts.url,
        "events": list(facts.kinds),
        "made_at": facts.made_at,
        "off_at": facts.off_at,
        "off_because": facts.off_because,
    }


def _new(made: SubscriptionMade) -> Said:
    return Said(body=SubscriptionNew(**_facts(made.subscription), secret=made.secret))


def _delivery(facts: DeliveryFacts) -> DeliveryBody:
    return DeliveryBody(
        message=facts.message,
        event=facts.kind,
        state=facts.state,
        attempts=facts.attempts,
        last_status=facts.last_status,
        last_error=facts.last_error,
        created_at=facts.created_at,
        due_at=facts.due_at,
        done_at=facts.done_at,
    )


async def subscribe(asked: Asked) -> Said:
    """Be told of events at an address."""
    kinds = [one.value for one in asked.body.events]
    return _new(await webhooks.subscribe(asked.actor, asked.body.url, kinds))


async def listed(asked: Asked) -> Said:
    """The webhooks of the asker's organisation."""
    found = await webhooks.subscriptions(asked.actor)
    return Said(body=SubscriptionList(items=[SubscriptionBody(**_facts(one)) for one in found]))


async def delete(asked: Asked) -> Said:
    """Delete a webhook."""
    await webhooks.unsubscribe(asked.actor, asked.path.id)
    return Said()


async def rotate(asked: Asked) -> Said:
    """A new secret; the one before signs for a day as well."""
    return _new(await webhooks.rotate(asked.actor, asked.path.id))


async def switch_on(asked: Asked) -> Said:
    """Be told again after it was switched off."""
    return Said(body=SubscriptionBody(**_facts(await webhooks.switch_on(asked.actor, asked.path.id))))


async def test(asked: Asked) -> Said:
    """Send a message that says nothing."""
    return Said(body=Sent(message=await webhooks.send_test(asked.actor, asked.path.id)))


async def deliveries(asked: Asked) -> Said:
    """What was sent to a webhook."""
    kind = f"webhook{asked.path.id}"
    page = await webhooks.deliveries(
        asked.actor, asked.path.id, after=paging.after_of(asked, kind), size=asked.query.limit
    )
    cursor, headers = paging.next_of(asked, kind, page)
    return Said(body=DeliveryPage(items=[_delivery(one) for one in page.rows], next=cursor), headers=headers)


def _row(method: str, path: str, summary: str, call: Any, **more: Any) -> Route:
    return Route(
        method=method, path=path, scope=Scope.WEBHOOKS, summary=summary, call=call, subject="webhooks", **more
    )


ONE = "/api/v1/webhooks/{id}"
ROUTES = (
    _row(
        "POST",
        "/api/v1/webhooks",
        "Be told of events; the secret that signs them is told this once",
        subscribe,
        body=SubscribeIn,
        answer=SubscriptionNew,
        status=201,
    ),
    _row(
        "GET", "/api/v1/webhooks", "The webhooks of the asker's organisation", listed, answer=SubscriptionList
    ),
    _row("DELETE", ONE, "Delete a webhook", delete, path_model=ById, status=204),
    _row(
        "POST",
        f"{ONE}/rotate",
        "A new secret; the one before signs for a day as well",
        rotate,
        path_model=ById,
        answer=SubscriptionNew,
    ),
    _row(
        "POST",
        f"{ONE}/on",
        "Be told again after it was switched off",
        switch_on,
        path_model=ById,
        answer=SubscriptionBody,
    ),
    _row(
        "POST",
        f"{ONE}/test",
        "Send a message that says nothing",
        test,
        path_model=ById,
        answer=Sent,
        status=202,
    ),
    _row(
        "GET",
        f"{ONE}/deliveries",
        "What was sent to a webhook, newest first",
        deliveries,
        path_model=ById,
        query=Paged,
        answer=DeliveryPage,
        statuses=(422,),
    ),
)
