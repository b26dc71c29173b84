"""The subscription: held by one process at a time, taken up again whatever breaks, acknowledged after the commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import aiomqtt

from bot.adapters.sensors.address import Broker
from bot.adapters.sensors.client import Client, connected
from core.sensors import Message

log = logging.getLogger(__name__)
AT_ONCE = 200
"""Messages of one transaction."""
FIRST, LONGEST = 0.2, 30.0
"""Seconds between attempts to connect: doubled each time, a little by chance, so that many do not come at once."""
LOOK = 5.0
"""Seconds between looks whether other topics are wanted, and between signs of life."""
AGAIN = 0.5
"""Seconds before a commit that failed is tried again; the broker waits meanwhile."""
ALONE = 3
"""How often a message is tried alone, after it failed among others, before it is put aside."""
_CODES_REFUSED = 0x80


class Held(Protocol):
    """A thing that one process has at a time."""

    async def until_held(self) -> None:
        """Wait for it."""

    async def while_held(self) -> None:
        """Return when it is lost."""

    async def give_back(self) -> bool:
        """Let another have it."""


class SensorIntake:
    """Brings messages in until it is stopped."""

    def __init__(
        self,
        broker: Broker,
        lease: Held,
        *,
        take: Callable[[Sequence[Message]], Awaitable[object]],
        set_aside: Callable[[Message], Awaitable[object]],
        topics: Callable[[], Awaitable[Sequence[str]]],
        alive: Callable[[], Awaitable[object]],
    ) -> None:
        """Keep where to and whom for.

        ``take`` commits messages, ``set_aside`` commits that one cannot be kept, ``topics`` are the sensors', ``alive``
        notes a sign of life.
        """
        self._broker, self._lease = broker, lease
        self._take, self._set_aside = take, set_aside
        self._topics, self._alive = topics, alive
        self._running: asyncio.Task[None] | None = None
        self.connections = 0

    def start(self) -> None:
        """Begin."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what was not acknowledged stays with the broker."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._lease.give_back()

    async def _run(self) -> None:
        pause = FIRST
        while True:
            await self._lease.until_held()
            before = self.connections
            try:
                await self._while_ours()
            except asyncio.CancelledError:
                raise
            except (aiomqtt.MqttError, OSError, TimeoutError) as fault:
                log.warning(
                    "broker lost: %s", fault, extra={"action": "mqtt_lost", "host": self._broker.host}
                )
            except Exception:
                log.exception("sensor intake failed", extra={"action": "mqtt_failed"})
            pause = FIRST if self.connections > before else min(pause * 2, LONGEST)
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  it spreads, and guards nothing

    async def _while_ours(self) -> None:
        """Be connected until the lease or the connection is lost."""
        losing = asyncio.create_task(self._lease.while_held())
        working = asyncio.create_task(self._connected())
        try:
            await asyncio.wait((losing, working), return_when=asyncio.FIRST_COMPLETED)
        finally:
            losing.cancel()
            working.cancel()
            found = await asyncio.gather(losing, working, return_exceptions=True)
        if isinstance(found[1], Exception):
            raise found[1]

    async def _connected(self) -> None:
        async with connected(self._broker) as client:
            # What the broker kept comes before any subscription is answered.
            reading = asyncio.create_task(self._read(client))
            tending = asyncio.create_task(self._tend(client))
            try:
                await asyncio.wait((tending, reading), return_when=asyncio.FIRST_COMPLETED)
            finally:
                tending.cancel()
                reading.cancel()
                found = await asyncio.gather(tending, reading, return_exceptions=True)
                with contextlib.suppress(aiomqtt.MqttError):
                    await client.publish(self._broker.status_topic, b"offline", qos=0, retain=True)
            for one in found:
                if isinstance(one, Exception):
                    raise one

    async def _wanted(self) -> set[str]:
        return set(self._broker.filters or await self._topics())

    async def _subscribed(self, client: Client, have: set[str]) -> set[str]:
        """Ask for what is wanted and not had yet, and no more for what is not wanted."""
        wanted = await self._wanted()
        if new := sorted(wanted - have):
            codes = await client.subscribe([(one, 1) for one in new])
            for topic, code in zip(new, codes, strict=True):
                if int(str(getattr(code, "value", code))) >= _CODES_REFUSED:
                    log.error(
                        "the broker refuses the subscription of %s",
                        topic,
                        extra={"action": "mqtt_refused", "topic": topic},
                    )
        if old := sorted(have - wanted):
            await client.unsubscribe(old)
        return wanted

    async def _tend(self, client: Client) -> None:
        have = await self._subscribed(client, set())
        self.connections += 1
        with contextlib.suppress(aiomqtt.MqttError):  # an account may have no right to write
            await client.publish(self._broker.status_topic, b"online", qos=0, retain=True)
        while True:
            await self._alive()
            await asyncio.sleep(LOOK)
            have = await self._subscribed(client, have)

    async def _read(self, client: Client) -> None:
        while True:
            batch = await client.batch(AT_ONCE)
            ours = [one for one, _qos in batch if one.topic != self._broker.status_topic]
            await self._committed(ours)
            for message, qos in batch:
                client.done_with(message, qos)

    async def _committed(self, messages: Sequence[Message]) -> None:
        """Commit all of them, or find the one that cannot be kept; the lease ends this when another took over."""
        if await self._stored(messages):
            return
        for one in messages:
            await self._committed_alone(one)

    async def _committed_alone(self, message: Message) -> None:
        """Commit one, or that it was put aside; while neither can be written the database is away, and we wait."""
        tried = 0
        while not await self._stored([message]):
            tried += 1
            if tried >= ALONE and await self._given_up(message):
                return
            await asyncio.sleep(AGAIN)

    async def _stored(self, messages: Sequence[Message]) -> bool:
        try:
            await self._take(messages)
        except Exception:
            log.exception("sensor messages not stored", extra={"action": "mqtt_not_stored"})
            return False
        return True

    async def _given_up(self, message: Message) -> bool:
        try:
            await self._set_aside(message)
        except Exception:
            log.exception("sensor message neither stored nor put aside", extra={"action": "mqtt_not_stored"})
            return False
        log.error(
            "a sensor message that cannot be stored was put aside",
            extra={"action": "mqtt_put_aside", "topic": message.topic},
        )
        return True
