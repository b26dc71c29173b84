"""The built-in phone page's own memory: every event of a person's chat under a number without gaps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from core.kit.unit_of_work import dialect, unit_of_work
from core.notices.models import PageEvent

_PAGES = 0x70616765  # "page": the first key of the advisory lock that puts the events of a page in order


class What(StrEnum):
    """Kinds of page events."""

    SHOW = "show"
    """A message of ours appears."""
    EDIT = "edit"
    """A message of ours changes in place."""
    REMOVE = "remove"
    """A message disappears: a code that was used."""
    MINE = "mine"
    """What the person said, tapped or photographed."""


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """One event as the page gets it; ``number`` is what it asks to go on from."""

    number: int
    what: str
    message: int
    payload: dict[str, object] | None
    at: dt.datetime


def _facts(row: PageEvent) -> PageFacts:
    return PageFacts(number=row.number, what=row.what, message=row.message, payload=row.payload, at=row.at)


async def page_event(
    person_id: int, what: What, payload: dict[str, object] | None, *, message: int | None = None
) -> PageFacts:
    """Add an event; a new message is named by its own number. Two at once are put one after the other.

    Numbers become visible in their order, so that a page which asks for what came after one misses nothing.
    """
    async with unit_of_work() as work:
        if dialect() == "postgres":
            await work.db.execute_query(f"SELECT pg_advisory_xact_lock({_PAGES}, {person_id % 2**31})")
        last = await PageEvent.filter(person_id=person_id).order_by("-number").first()
        number = 1 if last is None else last.number + 1
        row = await PageEvent.create(
            person_id=person_id,
            number=number,
            what=what.value,
            message=number if message is None else message,
            payload=payload,
            at=work.now,
        )
        return _facts(row)


async def page_events(person_id: int, after: int, limit: int = 200) -> list[PageFacts]:
    """Events after a number, oldest first."""
    rows = await PageEvent.filter(person_id=person_id, number__gt=after).order_by("number").limit(limit)
    return [_facts(row) for row in rows]


@dataclass(frozen=True, kw_only=True)
class PageHistory:
    """Messages as they look now, oldest first; ``last`` is the number to listen on from, ``more`` are older."""

    last: int
    more: bool
    messages: list[PageFacts]


async def page_history(person_id: int, *, before: int | None = None, limit: int = 50) -> PageHistory:
    """The newest messages of a page (or those before a number), every change in place already made."""
    newest = await PageEvent.filter(person_id=person_id).order_by("-number").first()
    last = 0 if newest is None else newest.number
    below = last + 1 if before is None else before
    rows = await (
        PageEvent.filter(person_id=person_id, what__in=[What.SHOW.value, What.MINE.value], number__lt=below)
        .order_by("-number")
        .limit(limit + 1)
    )
    messages = [_facts(row) for row in reversed(rows[:limit])]
    changed: dict[int, dict[str, object] | None] = {}
    if messages:
        edits = PageEvent.filter(
            person_id=person_id, what=What.EDIT.value, message__in=[one.message for one in messages]
        )
        changed = {row.message: row.payload for row in await edits.order_by("number")}
    folded = [replace(one, payload=changed.get(one.message, one.payload)) for one in messages]
    return PageHistory(last=last, more=len(rows) > limit, messages=folded)


async def page_has(person_id: int, message: int) -> bool:
    """Whether a message of ours with this number is on the person's page."""
    return await PageEvent.exists(person_id=person_id, number=message, what=What.SHOW.value)


async def page_shows(person_id: int, message: int, source: str) -> bool:
    """Whether a picture or document was sent to this person in this message."""
    rows = await PageEvent.filter(
        person_id=person_id, message=message, number__gte=message, what__in=[What.SHOW.value, What.EDIT.value]
    )
    for row in rows:
        for kind in ("pictures", "documents"):
            listed = (row.payload or {}).get(kind)
            if isinstance(listed, list) and any(one.get("source") == source for one in listed):
                return True
    return False


async def page_forget(person_id: int, update: str) -> None:
    """Blank what a person wrote, so that a used code is not kept on any page."""
    async with unit_of_work():
        rows = await PageEvent.filter(person_id=person_id, what=What.MINE.value).order_by("-number").limit(50)
        for row in rows:
            if (row.payload or {}).get("update") == update:
                row.payload = {"update": update, "came": "removed"}
                await row.save(update_fields=["payload"])
