"""Keys of programs: made, rotated and revoked by administrators; sandboxes; webhooks and what came of them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from core import clients, people, webhooks
from core.clients import ClientMade, ClientState, Scope
from core.kit import Malformed, NotPermitted, Refusal, clock
from core.sandbox import make_sandbox
from handlers import text
from handlers.web import showing
from handlers.web.asking import Asked, day_of, key_of
from handlers.web.rooms import ROOMS

DAY = dt.timedelta(days=1)
LOG = 8
"""Deliveries that the page shows of each webhook."""


async def shown(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Every key and every webhook, and the form for a new key."""
    return await _page(asked)


async def change(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Make, rotate, end or revoke; a new secret stands on this answer and nowhere else."""
    what = form.get("what", "")
    if what not in _DO:
        raise Malformed(field="what", why=what[:20])
    try:
        made = await _DO[what](asked, form)
    except NotPermitted:
        raise
    except Refusal as why:
        return await _page(asked, status=422, wrong=text.said(why, asked.actor.locale))
    return await _page(asked, made=made)


async def _make(asked: Asked, form: dict[str, str]) -> ClientMade:
    owner, sandbox = key_of(form, "organisation"), form.get("sandbox") == "yes"
    day = day_of(form, "until")
    if day is None or day >= dt.date.max:
        raise Malformed(field="until", why="–")
    if sandbox and await clients.sandbox_of(asked.actor.plant_id, owner) is None:
        await make_sandbox(asked.actor, owner)
    return await clients.make_client(
        asked.actor,
        owner,
        form.get("name", ""),
        [one.value for one in Scope if form.get(f"scope-{one.value}")],
        valid_until=dt.datetime.combine(day + DAY, dt.time(), ZoneInfo(asked.actor.timezone)),
        sandbox=sandbox,
    )


async def _rotate(asked: Asked, form: dict[str, str]) -> ClientMade:
    return await clients.rotate_secret(asked.actor, key_of(form, "key"))


async def _end(asked: Asked, form: dict[str, str]) -> None:
    await clients.end_secret(asked.actor, key_of(form, "key"), key_of(form, "secret"))


async def _revoke(asked: Asked, form: dict[str, str]) -> None:
    await clients.revoke_client(asked.actor, key_of(form, "key"), form.get("reason", ""))


async def _sandbox(asked: Asked, form: dict[str, str]) -> None:
    await make_sandbox(asked.actor, key_of(form, "organisation"))


async def _on(asked: Asked, form: dict[str, str]) -> None:
    await webhooks.switch_on(asked.actor, key_of(form, "hook"))


async def _delete(asked: Asked, form: dict[str, str]) -> None:
    await webhooks.unsubscribe(asked.actor, key_of(form, "hook"))


_DO: dict[str, Any] = {
    "make": _make,
    "rotate": _rotate,
    "end": _end,
    "revoke": _revoke,
    "sandbox": _sandbox,
    "on": _on,
    "delete": _delete,
}


async def _page(
    asked: Asked, *, status: int = 200, wrong: str = "", made: ClientMade | None = None
) -> web.Response:
    now = clock.now()
    rows = await clients.clients(asked.actor)
    organisations = await people.organisations(asked.actor.plant_id)
    hooks = await webhooks.subscriptions(asked.actor)
    return showing.shown(
        asked,
        "keys.html",
        status=status,
        wrong=wrong,
        made=made,
        rows=rows,
        states={one.id: one.state(now) for one in rows},
        holding={one.id: [secret for secret in one.secrets if secret.holds(now)] for one in rows},
        active=ClientState.ACTIVE,
        names={one.id: one.name(asked.actor.locale) for one in organisations},
        organisations=organisations,
        scopes=list(Scope),
        hooks=hooks,
        logs={one.id: (await webhooks.deliveries(asked.actor, one.id, size=LOG)).rows for one in hooks},
        tried={
            one.id: await clients.sandbox_of(asked.actor.plant_id, one.id) is not None
            for one in organisations
        },
        until=(now + dt.timedelta(days=365)).date().isoformat(),
        address=asked.request.app[ROOMS].public_url,
    )
