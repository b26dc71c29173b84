"""Who stands at the door: from a proven messenger account to the actor, with the rights of this moment."""

from __future__ import annotations

import datetime as dt

from core.kit import Actor, NotFound, clock
from core.people import queries
from core.people.errors import Inactive
from core.people.models import ChatIdentity

TOUCH = dt.timedelta(minutes=1)
DIGITS = 18  # of the largest id that every database takes


async def actor_for(channel: str, account: str, *, tenant: str = "", correlation: str = "") -> Actor | None:
    """The actor behind a messenger account, or None for a stranger or a revoked person.

    The phone page has proven the person itself: its account is the person's id. Other accounts are noted as used
    (once a minute at most), so that the person is told where they were last.
    """
    if channel == queries.BROWSER:
        known = account.isascii() and account.isdecimal() and len(account) <= DIGITS
        person_id = int(account) if known else None
    else:
        person_id = await _bound(channel, tenant, account)
    if person_id is None:
        return None
    try:
        return await queries.actor_of(person_id, channel, correlation=correlation)
    except (NotFound, Inactive):
        return None


async def _bound(channel: str, tenant: str, account: str) -> int | None:
    row = await ChatIdentity.get_or_none(channel=channel, tenant=tenant, account=account, active=True)
    if row is None:
        return None
    now = clock.now()
    if row.last_used_at is None or now - row.last_used_at > TOUCH:
        await ChatIdentity.filter(id=row.id).update(last_used_at=now)
    return row.person_id
