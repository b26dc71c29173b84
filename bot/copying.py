"""Pictures that a messenger keeps for some days only are copied at once, however long their update has to wait.

The update itself is handled in its order, which an outage or a slow dialogue before it may hold up. What is copied
is sealed in the photo store, as an upload that no record speaks of yet.
"""

from __future__ import annotations

import datetime as dt
import logging

from core import inbox, people, wires
from core.evidence import Darkroom
from core.inbox import Waiting
from core.kit import Refusal, clock
from handlers.chat.vocabulary import Came, FetchFailed, Messenger, Shelf

log = logging.getLogger(__name__)
PATIENCE = dt.timedelta(seconds=2)
"""An update that is not handled by then may have to wait; most are handled sooner and fetched once."""
KEPT = dt.timedelta(days=4)
PAUSE = dt.timedelta(seconds=30)
"""Between two attempts at one picture."""


class Copier:
    """A job of every worker; two that copy the same picture store the same bytes."""

    def __init__(self, shelf: Shelf, darkroom: Darkroom) -> None:
        """Keep the messengers and where pictures are sealed."""
        self._shelf = shelf
        self._darkroom = darkroom
        self._not_before: dict[int, dt.datetime] = {}
        self._after: dict[str, int] = {}

    async def copy_due(self) -> int:
        """Copy the pictures of some updates that wait, of others the next time; answers how many were copied."""
        copied = 0
        for channel, messenger in self._shelf.messengers.items():
            if messenger.capabilities.media_days is None:
                continue
            found, self._after[channel] = await inbox.waiting_since(
                channel, clock.now() - PATIENCE, after=self._after.get(channel, 0)
            )
            for waiting in found:
                if self._not_before.get(waiting.id, clock.now()) <= clock.now():
                    copied += await self._copy(messenger, waiting)
        self._not_before = {key: value for key, value in self._not_before.items() if value > clock.now()}
        return copied

    async def _copy(self, messenger: Messenger, waiting: Waiting) -> bool:
        self._not_before[waiting.id] = clock.now() + PAUSE
        incoming = messenger.read(waiting.raw)
        if incoming is None or incoming.media is None:
            return False
        name = _name(waiting.update_id)
        actor = await people.actor_for(incoming.channel, incoming.account)
        if actor is None or await wires.note(waiting.channel, name) is not None:
            return False
        try:
            data = await messenger.fetch(incoming.media)
            received = await self._darkroom.receive(
                actor, data, name=incoming.media.name, must_be_picture=incoming.came is Came.PHOTO
            )
        except (FetchFailed, Refusal, OSError) as fault:
            log.warning("picture not copied yet", extra={"action": "copy_failed", "why": str(fault)})
            return False
        place: dict[str, object] = {"organisation": received.organisation_id, "sha256": received.sha256}
        await wires.keep(waiting.channel, name, place, KEPT)
        return True


async def copy_of(darkroom: Darkroom, channel: str, update_id: str) -> bytes | None:
    """The copied bytes of an update's picture, or None when there are none."""
    place = await wires.note(channel, _name(update_id))
    if place is None:
        return None
    try:
        return await darkroom.unreceived(int(str(place["organisation"])), str(place["sha256"]))
    except Refusal:
        return None


def _name(update_id: str) -> str:
    return f"copy:{update_id}"[:120]
