"""Starting, continuing and ending dialogues; remembering what a person last used."""

from __future__ import annotations

from dataclasses import dataclass

from core.drafts.models import Draft, Preference
from core.kit.actor import Actor
from core.kit.unit_of_work import current

REMEMBERED = 3


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """A draft as the doors see it. ``revision`` grows with every answer; older buttons are stale."""

    id: int
    person_id: int
    channel: str
    chat_ref: str
    flow: str
    context: dict[str, object]
    answers: dict[str, object]
    asked: tuple[str, ...]
    step: str
    revision: int


def _dialogue(row: Draft) -> Dialogue:
    return Dialogue(
        id=row.id,
        person_id=row.person_id,
        channel=row.channel,
        chat_ref=row.chat_ref,
        flow=row.flow,
        context=row.context,
        answers=row.answers,
        asked=tuple(row.asked),
        step=row.step,
        revision=row.revision,
    )


async def running(channel: str, chat_ref: str) -> Dialogue | None:
    """The dialogue that runs in a chat, if any."""
    row = await Draft.get_or_none(channel=channel, chat_ref=chat_ref)
    return None if row is None else _dialogue(row)


async def start(
    actor: Actor,
    *,
    channel: str,
    chat_ref: str,
    flow: str,
    step: str,
    context: dict[str, object] | None = None,
) -> Dialogue:
    """Begin a dialogue; one that still ran in this chat is dropped."""
    work = current()
    await Draft.filter(channel=channel, chat_ref=chat_ref).delete()
    row = await Draft.create(
        plant_id=actor.plant_id,
        person_id=actor.identity,
        channel=channel,
        chat_ref=chat_ref,
        flow=flow,
        step=step,
        context=context or {},
        started_at=work.now,
        updated_at=work.now,
    )
    return _dialogue(row)


async def advance(
    draft_id: int,
    *,
    step: str,
    answers: dict[str, object],
    asked: tuple[str, ...],
    context: dict[str, object],
) -> Dialogue:
    """Store the answers so far and the next step; the revision grows."""
    row = await Draft.select_for_update().get(id=draft_id)
    row.step, row.answers, row.asked, row.context = step, answers, list(asked), context
    row.revision += 1
    row.updated_at = current().now
    await row.save()
    return _dialogue(row)


async def end(draft_id: int) -> None:
    """Forget a dialogue that was finished or cancelled."""
    await Draft.filter(id=draft_id).delete()


async def remember(person_id: int, name: str, value: str) -> None:
    """Put a value at the head of what a person last used (three are kept)."""
    row = await Preference.get_or_none(person_id=person_id, name=name)
    if row is None:
        await Preference.create(person_id=person_id, name=name, used=[value])
        return
    row.used = [value, *[old for old in row.used if old != value]][:REMEMBERED]
    await row.save()


async def last_used(person_id: int, name: str) -> list[str]:
    """What a person last used under this name, newest first."""
    row = await Preference.get_or_none(person_id=person_id, name=name)
    return [] if row is None else list(row.used)
