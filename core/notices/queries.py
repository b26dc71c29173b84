"""Reads of the outbox, each named by its question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.notices.models import Notice
from core.notices.terms import State

SHOWN = (State.SENT.value, State.DELIVERED.value)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice as the record of who was told what, when, and whether it arrived."""

    id: int
    person_id: int | None
    channel: str | None
    kind: str
    state: str
    created_at: dt.datetime
    sent_at: dt.datetime | None


async def told_about(case_number: str, *, plant_id: int) -> list[Told]:
    """Every notice about a plant's case, oldest first."""
    rows = await Notice.filter(plant_id=plant_id, case_number=case_number).order_by("id")
    return [
        Told(
            id=row.id,
            person_id=row.person_id,
            channel=row.channel,
            kind=row.kind,
            state=row.state,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


async def told_since(kind: str, replaces_key: str, since: dt.datetime) -> bool:
    """Whether a notice of a kind under a key was left since an instant, so that nobody is told twice."""
    return await Notice.exists(kind=kind, replaces_key=replaces_key, created_at__gte=since)


async def last_sent_to_chat(channel: str, chat_ref: str, kind: str) -> int | None:
    """The newest sent notice of a kind in a chat, to edit it in place."""
    row = (
        await Notice.filter(channel=channel, chat_ref=chat_ref, kind=kind, state__in=SHOWN)
        .order_by("-id")
        .first()
    )
    return None if row is None else row.id
