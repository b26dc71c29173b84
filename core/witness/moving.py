"""A messenger gave a chat another address: a chat that is a witness goes on getting its copies."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, system, verb
from core.ledger import Kind
from core.witness.models import Witness


@verb(None, None, Kind.WITNESS_MOVE)
async def _move(actor: Actor, witness_id: int, before: str, after: str) -> None:
    """Post to the chat's new place; the messenger's own answer is the proof."""
    row = await Witness.select_for_update().get(id=witness_id)
    row.chat_ref = after
    await row.save()
    await ledger.append(
        Kind.WITNESS_MOVE,
        actor,
        rows=[row],
        facts={"witness": row.id, "channel": row.channel, "before": before, "after": after},
    )


async def chat_moved(channel: str, before: str, after: str) -> int:
    """Follow a moved chat; answers how many witnesses it is."""
    rows = await Witness.filter(channel=channel, chat_ref=before, ended_at=None).order_by("id")
    for row in rows:
        await _move(system(row.plant_id, channel=channel), row.id, before, after)
    return len(rows)
