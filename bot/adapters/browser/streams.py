"""Who listens: the open event streams of each person, woken when something new is on their page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

STREAMS_MAX = 6
"""Open streams of one person; a seventh ends the oldest, whose page then asks anew if it still lives."""


@dataclass(eq=False)
class Ear:
    """One open stream. ``over`` tells it to end."""

    person_id: int
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def end(self) -> None:
        """Let the stream end at its next turn."""
        self.over = True
        self.woken.set()


class Listeners:
    """All open streams of this process."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._ears: dict[int, list[Ear]] = {}

    def listen(self, person_id: int) -> Ear:
        """Begin to listen."""
        ear = Ear(person_id)
        ears = self._ears.setdefault(person_id, [])
        ears.append(ear)
        if len(ears) > STREAMS_MAX:
            ears.pop(0).end()
        return ear

    def unlisten(self, ear: Ear) -> None:
        """Stop listening."""
        ears = self._ears.get(ear.person_id, [])
        if ear in ears:
            ears.remove(ear)
        if not ears:
            self._ears.pop(ear.person_id, None)

    def wake(self, person_id: int) -> None:
        """Something new is on this person's page."""
        for ear in self._ears.get(person_id, ()):
            ear.woken.set()

    def end_all(self) -> None:
        """End every stream: the house stops."""
        for ears in self._ears.values():
            for ear in ears:
                ear.end()
