"""Every view of a record is a record itself."""

from __future__ import annotations

import datetime as dt

from core import ledger
from core.kit import Actor, clock, current, plain_text, verb
from core.ledger import Kind
from core.people.models import AccessLog


@verb(None, None, Kind.ACCESS_VIEW)
async def log_access(
    actor: Actor,
    door: str,
    subject: str,
    *,
    case: str | None = None,
    detail: str = "",
    once_in: dt.timedelta | None = None,
) -> None:
    """Record that the actor looked at a subject (a page, a photo, an export).

    ``once_in``: the same look of the same person through the same door within this time is one look (a double tap,
    a picture that the page fetches anew).

    ``subject`` and ``detail`` may hold what a stranger typed into an address: what cannot be kept is left out,
    for a view must be recorded whatever was asked for. An auditor's view names the engagement.
    """
    said = plain_text.clean(detail)
    if actor.engagement is not None:
        said = f"engagement {actor.engagement.id} · {said}" if said else f"engagement {actor.engagement.id}"
    now = current().now
    kept = plain_text.clean(subject)[:120]
    if once_in is not None:
        seen = AccessLog.filter(
            plant_id=actor.plant_id,
            person_id=actor.person_id,
            door=door,
            subject=kept,
            case_number=case,
            at__gt=clock.utc(now - once_in),
        )
        if await seen.exists():
            return
    row = await AccessLog.create(
        plant_id=actor.plant_id,
        at=now,
        person_id=actor.person_id,
        door=door,
        subject=kept,
        case_number=case,
        detail=said[:200],
    )
    await ledger.append(Kind.ACCESS_VIEW, actor, rows=[row], facts={"subject": row.subject, "viewed": case})
