"""Outbound: claims due notices, renders each once, sends it, records what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import perf_counter

import structlog

from bot.addressing import Way, held_for, reach_of, way_of
from bot.pacing import Pacing
from bot.tally import Tally
from core import notices, people
from core.kit import Actor, clock
from core.notices import Claimed, Outcome, Priority, more_urgent_waits
from handlers.chat import moving, unreachable, wording
from handlers.chat.buttons import ButtonPress
from handlers.chat.renders import TooEarlyError
from handlers.chat.talk import REMOVE
from handlers.chat.vocabulary import Delivered, Messenger, Outgoing, Pictures, Shelf

log = logging.getLogger(__name__)
IDLE = 1.0
ZONE = "Asia/Shanghai"
TRIES = 8
MOVED_PAUSE = 1.0
"""Seconds that a chat rests whose address has just changed, as long as the first retry waits."""
HICCUP = 1.0
"""Seconds that a chat rests after a passing fault, as long as the first retry waits: its order outlives a hiccup."""
SEALING = 0.05
"""Seconds after which it is looked again whether a signature is sealed, so that its receipt can go out."""
SELDOM = 30.0
IN_ORDER = 2.0
"""Seconds for which what follows in the chat waits for the receipt: a sealer that stands still stops nothing else."""
AT_ONCE = 16
"""Chats written to at the same time; urgent notices open twice as many."""

PictureLoader = Callable[[str, Actor], Awaitable[bytes | None]]
"""Loads a picture by its source as its reader may see it; None when it is not to be had."""


class Delivery:
    """Carries notices out, most urgent first, one chat at a time so that messages keep their order."""

    def __init__(
        self, shelf: Shelf, press: ButtonPress, load: PictureLoader, pacing: Pacing, zone: str = ZONE
    ) -> None:
        """Keep the messengers, the button key, the picture loader, the limits and the plant's time zone."""
        self._shelf = shelf
        self._press = press
        self._load = load
        self._pacing = pacing
        self._zone = zone
        self._wake = asyncio.Event()
        self._stopping = False
        self._chats: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._hands: dict[str, asyncio.Task[None]] = {}
        self._soon = 0.0
        self.tally = Tally()
        self.last_cycle: float = 0.0

    def wake(self) -> None:
        """Look for due notices now."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped, then finish the sends in hand. A chat that answers slowly holds no other up."""
        while not self._stopping:
            self._wake.clear()
            begun = 0
            try:
                begun = len(await self._begin())
            except Exception:
                log.exception("delivery cycle failed", extra={"action": "delivery_cycle"})
            self.last_cycle = asyncio.get_running_loop().time()
            if begun == 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._pause())
        await asyncio.gather(*self._hands.values(), return_exceptions=True)

    def _pause(self) -> float:
        """Seconds until something that was put back is due again, a second at most."""
        left = self._soon - asyncio.get_running_loop().time()
        return left if 0 < left < IDLE else IDLE

    def _due_in(self, seconds: float) -> float:
        """Remember that something is due again after so many seconds; answers them."""
        now = asyncio.get_running_loop().time()
        if not now < self._soon < now + seconds:
            self._soon = now + seconds
        return seconds

    async def stop(self) -> None:
        """Finish the notices in hand; what is left waits in the outbox."""
        self._stopping = True
        self._wake.set()

    async def cycle(self) -> int:
        """Claim one handful and send it; answers how many were claimed."""
        begun = await self._begin()
        await asyncio.gather(*(self._hands[key] for key in begun))
        return sum(begun.values())

    async def _begin(self) -> dict[str, int]:
        """Claim what is due in chats that are not in hand and begin to send it; answers how much by chat."""
        if len(self._hands) >= 2 * AT_ONCE:
            return {}
        keys = [key.rpartition(":") for key in self._hands]
        claimed = await notices.claim(
            chats_busy=frozenset(chat for chat, _sep, _person in keys),
            persons_busy=frozenset(int(person) for _chat, _sep, person in keys if person.isdigit()),
            least=Priority.INFO if len(self._hands) < AT_ONCE else Priority.CRITICAL,
        )
        chats: dict[str, list[Claimed]] = {}
        for one in claimed:
            chats.setdefault(f"{one.channel}:{one.chat_ref}:{one.person_id}", []).append(one)
        for key, ones in chats.items():
            self._hands[key] = asyncio.create_task(self._carry_all(ones))
            self._hands[key].add_done_callback(functools.partial(self._free, key))
        return {key: len(ones) for key, ones in chats.items()}

    def _free(self, key: str, done: asyncio.Task[None]) -> None:
        self._hands.pop(key, None)
        self._wake.set()
        if not done.cancelled() and (fault := done.exception()) is not None:
            log.error("chat failed", exc_info=fault, extra={"action": "delivery_chat"})

    async def _carry_all(self, ones: list[Claimed]) -> None:
        """Send the notices of one chat in their order; when the chat must rest, all that follow wait with it.

        A critical one that came meanwhile goes before what is still in hand.
        """
        wait = 0.0
        for number, one in enumerate(ones):
            if wait > 0 or (number > 0 and one.priority > Priority.CRITICAL and await more_urgent_waits(one)):
                await notices.put_back(ones[number:], wait)
                return
            with structlog.contextvars.bound_contextvars(correlation=one.correlation):
                try:
                    wait = await self._carry(one)
                except Exception as fault:
                    log.exception("notice failed", extra={"action": "notice_failed", "notice": one.id})
                    outcome = Outcome.RETRY if one.attempts < TRIES else Outcome.REFUSED
                    why = f"{type(fault).__name__}: {fault}"
                    await notices.record(one.id, outcome, error=why, doubts=one.doubts)
                    await _own_up(one, outcome, why)

    async def _carry(self, one: Claimed) -> float:
        """Send one notice; answers how long its chat must rest before the next, 0 when it need not."""
        if (why := await _pointless(one)) is not None:
            await notices.drop(one.id, why)
            return 0.0
        reach = await reach_of(one)
        if (held := await held_for(one, reach, self._zone)) > 0:
            await notices.put_back([one], held)
            return 0.0
        way = await way_of(one, reach, self._shelf)
        if one.tried_channels and (way is None or way.channel == people.BROWSER):
            log.warning("notice reaches nobody", extra={"action": "notice_unreachable", "notice": one.id})
            await unreachable.tell_administrators(one)
        if way is None:
            await notices.drop(one.id, "no channel reaches this person", failed=True)
            return 0.0
        channel, chat_ref = way.channel, way.chat_ref
        messenger = self._shelf.messengers[channel]
        payload = await self._words(one, channel)
        if isinstance(payload, float):
            return payload
        async with self._chats[f"{channel}:{chat_ref}"]:
            budget = self._pacing.budget(channel, chat_ref, _cost(messenger, one, payload))
            wait = await notices.ready(
                one, channel=channel, chat_ref=chat_ref, payload=payload, budget=budget
            )
            if wait is None:
                return 0.0
            if wait > 0:
                self.tally.waits(channel, "window", wait)
                return self._due_in(wait)
            began = perf_counter()
            delivered = await self._send(messenger, chat_ref, one, payload)
        self.tally.sent(channel, delivered.outcome, perf_counter() - began)
        said = {
            "action": "notice_carried",
            "notice": one.id,
            "channel": channel,
            "outcome": delivered.outcome.value,
        }
        log.info("notice carried", extra=said)
        if delivered.outcome is Outcome.SENT:
            self.tally.taken(one.priority, (clock.now() - one.created_at).total_seconds())
        return await self._settled(one, way, delivered)

    async def _words(self, one: Claimed, channel: str) -> dict[str, object] | float:
        """Answer what a notice says; else it was dropped or put back: how long its chat must rest."""
        if one.payload is not None:
            return one.payload
        try:
            outgoing = await wording.render(one, channel, self._press)
        except TooEarlyError:
            return await self._too_early(one)
        if outgoing is None:
            await notices.drop(one.id, "nothing left to say")
            return 0.0
        return outgoing.to_payload()

    async def _too_early(self, one: Claimed) -> float:
        """Look again soon, ever more seldom; its chat keeps its order for a moment, then goes on without it."""
        age = (clock.now() - one.created_at).total_seconds()
        pause = self._due_in(min(max(SEALING, age / 10), SELDOM))
        await notices.put_back([one], pause)
        return pause if age < IN_ORDER else 0.0

    async def _settled(self, one: Claimed, way: Way, delivered: Delivered) -> float:
        """Write down what a send came to, twice if need be.

        When it cannot be written the lease runs out, and what was sent counts as a doubt: never as not sent.
        """
        for _attempt in range(2):
            try:
                return await self._settle(one, way, delivered)
            except Exception:
                log.exception("outcome not written down", extra={"action": "outcome_lost", "notice": one.id})
        return 0.0

    async def _settle(self, one: Claimed, way: Way, delivered: Delivered) -> float:
        """Write down what a send came to; answers how long the chat must rest."""
        channel, chat_ref = way.channel, way.chat_ref
        if delivered.moved_to is not None:
            await moving.follow(channel, chat_ref, delivered.moved_to)
            await notices.record(one.id, Outcome.RETRY, error=delivered.error, doubts=one.doubts)
            return MOVED_PAUSE
        if delivered.retry_after is not None:
            self.tally.waits(channel, "messenger", delivered.retry_after)
            await notices.rest(channel, chat_ref, delivered.retry_after)
            await notices.put_back([one], delivered.retry_after)
            return self._due_in(delivered.retry_after)
        outcome = delivered.outcome
        if outcome is Outcome.RETRY and one.attempts >= TRIES:
            outcome = Outcome.GONE
        await notices.record(
            one.id,
            outcome,
            message_ref=delivered.message_ref,
            error=delivered.error,
            prove_in=way.prove_in,
            doubts=one.doubts,
        )
        await _own_up(one, outcome, delivered.error)
        if outcome is not Outcome.RETRY:
            return 0.0
        await notices.rest(channel, chat_ref, HICCUP)
        return self._due_in(HICCUP)

    async def _send(
        self, messenger: Messenger, chat_ref: str, one: Claimed, payload: dict[str, object]
    ) -> Delivered:
        if one.kind == REMOVE:
            reference = payload["remove"]
            return await messenger.remove(chat_ref, reference if isinstance(reference, dict) else {})
        outgoing = replace(Outgoing.from_payload(payload), stamp=str(one.id))
        if one.doubts and one.edits_id is None and not messenger.capabilities.drops_repeats:
            outgoing = await wording.doubtful(one, outgoing)
        if one.edits_id is not None and messenger.capabilities.edits:
            channel, chat, reference = await notices.message_ref(one.edits_id)
            if reference is not None and (channel, chat) == (messenger.channel, chat_ref):
                edited = await messenger.edit(chat_ref, reference, outgoing)
                if edited.outcome is not Outcome.GONE:
                    return edited
        return await messenger.send(chat_ref, outgoing, await self._pictures(outgoing, one))

    async def _pictures(self, outgoing: Outgoing, one: Claimed) -> Pictures:
        loaded: Pictures = {}
        sources = [
            *(one_of.source for one_of in outgoing.pictures),
            *(one_of.source for one_of in outgoing.documents),
        ]
        if not sources or (reader := await wording.reader_of(one)) is None:
            return loaded
        for source in sources:
            found = await self._load(source, reader)
            if found is not None:
                loaded[source] = found
        return loaded


async def _own_up(one: Claimed, outcome: Outcome, why: str | None) -> None:
    """A message that is given up is told of; a change of one is not, since what it changes was shown."""
    if outcome is Outcome.REFUSED and one.kind != REMOVE and one.edits_id is None:
        log.warning("notice given up", extra={"action": "notice_given_up", "notice": one.id, "why": why})
        await unreachable.tell_given_up(one)


async def _pointless(one: Claimed) -> str | None:
    if one.wanted_while and not await wording.still_wanted(one.wanted_while):
        return "no longer wanted"
    if await notices.overtaken(one):
        return "a newer one says it"
    return "it changes what nobody was shown" if await _changes_nothing(one) else None


async def _changes_nothing(one: Claimed) -> bool:
    """Whether the message that a change is for never came and never will: its reader need not hear how it ended."""
    unshown = None if one.edits_id is None else await notices.not_shown(one.edits_id)
    if unshown is None:
        return False
    given_up, wanted_while = unshown
    return given_up or (wanted_while is not None and not await wording.still_wanted(wanted_while))


def _cost(messenger: Messenger, one: Claimed, payload: dict[str, object]) -> int:
    return 1 if one.kind == REMOVE else messenger.messages(Outgoing.from_payload(payload))
