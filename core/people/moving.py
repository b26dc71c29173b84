"""A messenger gave a chat another address (a Telegram group became a supergroup): who is told there follows it."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, system, verb
from core.ledger import Kind
from core.people.models import ChatIdentity


@verb(None, None, Kind.IDENTITY_MOVE)
async def _move(actor: Actor, identity_id: int, before: str, after: str) -> None:
    """Tell a person in the chat's new place; the messenger's own answer is the proof."""
    row = await ChatIdentity.select_for_update().get(id=identity_id)
    row.chat_ref = after
    await row.save()
    await ledger.append(
        Kind.IDENTITY_MOVE,
        actor,
        rows=[row],
        facts={"person": row.person_id, "channel": row.channel, "before": before, "after": after},
    )


async def chat_moved(channel: str, before: str, after: str) -> int:
    """Follow a moved chat; answers how many people are told in its new place."""
    rows = (
        await ChatIdentity.filter(channel=channel, chat_ref=before).prefetch_related("person").order_by("id")
    )
    for row in rows:
        await _move(system(row.person.plant_id, channel=channel), row.id, before, after)
    return len(rows)
