"""Brings callbacks to the app: sealed, 5 s for an answer, three retries, then lost; repeats and shuffles on demand."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from tests.servers.wecom_crypto import Seal, Sealed, sealed
from tests.servers.wecom_xml import Fields, rendered

GATHER = 0.05
TAKEN = 200


@dataclass(eq=False)
class Callback:
    """One message or event on its way; ``results`` lists status or failure of every attempt."""

    number: int
    member: str
    agent: int
    fields: Fields
    results: list[int | str] = field(default_factory=list)
    taken: bool = False
    lost: bool = False
    wrapped: Sealed | None = field(default=None, repr=False)


@dataclass
class Courier:
    """The way from WeCom to one callback address. ``backoff``: seconds before each retry, as many as there are."""

    seal: Seal
    wall: Callable[[], float]
    deadline: float = 30.0
    backoff: tuple[float, ...] = (0.02, 0.05, 0.1)
    reseals: bool = False
    """True: a retry carries a fresh nonce; else the very same bytes."""
    url: str = ""
    copies: int = 1
    window: int = 1
    delay: float = 0.0
    dice: random.Random = field(default_factory=random.Random)
    made: list[Callback] = field(default_factory=list)
    waiting: list[Callback] = field(default_factory=list)
    answer_seconds: list[float] = field(default_factory=list)
    answered: Callable[[Callback, str], None] = lambda _callback, _body: None
    _queues: dict[str, list[Callback]] = field(default_factory=dict)
    _driving: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None
    _held: bool = False

    def put(self, member: str, agent: int, fields: Fields) -> Callback:
        """Sends a callback off, in order within a member."""
        assert self.url, "no callback address is set: await server.sets_callback(url)"
        callback = Callback(len(self.made) + 1, member, agent, fields)
        self.made.append(callback)
        self.waiting.append(callback)
        # shuffled ones share one lane, else two members could never be swapped for certain
        lane = member if self.window == 1 else ""
        self._queues.setdefault(lane, []).append(callback)
        self._start(lane)
        return callback

    def hold(self) -> None:
        """Keeps every callback back until ``release``."""
        self._held = True

    def release(self) -> None:
        """Sends off what was kept back."""
        self._held = False
        for lane in list(self._queues):
            self._start(lane)

    @property
    def lost(self) -> list[Callback]:
        """What was never taken in all its attempts."""
        return [one for one in self.made if one.lost]

    async def settled(self, timeout: float = 20.0) -> None:
        """Waits until every callback was taken or is lost.

        Raises:
            AssertionError: naming what is left.
        """
        end = asyncio.get_running_loop().time() + timeout
        while self.waiting:
            assert asyncio.get_running_loop().time() < end, f"not brought: {self.waiting}"
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Ends all deliveries."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def post(self, wrapped: Sealed, method: str = "POST") -> tuple[int, str]:
        """One request to the callback address; status and body.

        Raises:
            aiohttp.ClientError, TimeoutError: no answer in time.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession()
        started = asyncio.get_running_loop().time()
        async with self._session.request(
            method,
            self.url,
            params=wrapped.query,
            data=wrapped.body.encode() if method == "POST" else None,
            headers={"Content-Type": "text/xml"},
            timeout=aiohttp.ClientTimeout(total=self.deadline),
        ) as answer:
            body = await answer.text()
            self.answer_seconds.append(asyncio.get_running_loop().time() - started)
            return answer.status, body

    def _start(self, lane: str) -> None:
        if lane not in self._driving and not self._held and self._queues.get(lane):
            self._driving.add(lane)
            self._task(self._drive(lane))

    def _task(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, lane: str) -> None:
        queue = self._queues[lane]
        try:
            while queue and not self._held:
                if len(queue) < self.window:
                    await asyncio.sleep(GATHER)
                batch = queue[: self.window]
                del queue[: len(batch)]
                if self.window > 1:
                    self.dice.shuffle(batch)
                for one in batch:
                    await asyncio.sleep(self.delay)
                    await self._bring(one)
        finally:
            self._driving.discard(lane)

    async def _bring(self, callback: Callback) -> None:
        """The first attempt in turn; retries do not hold later callbacks up, as with the real one."""
        if await self._attempt(callback):
            for _copy in range(self.copies - 1):
                await self._attempt(callback)
            self._finished(callback)
        else:
            self._task(self._again(callback))

    async def _again(self, callback: Callback) -> None:
        for pause in self.backoff:
            await asyncio.sleep(pause)
            if await self._attempt(callback):
                break
        self._finished(callback)

    def _finished(self, callback: Callback) -> None:
        callback.lost = not callback.taken
        with contextlib.suppress(ValueError):
            self.waiting.remove(callback)

    async def _attempt(self, callback: Callback) -> bool:
        if callback.wrapped is None or self.reseals:
            words = rendered(callback.fields)
            callback.wrapped = sealed(self.seal, words, timestamp=int(self.wall()), agent=callback.agent)
        try:
            status, body = await self.post(callback.wrapped)
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            callback.results.append(type(broken).__name__)
            return False
        callback.results.append(status)
        if status != TAKEN:
            return False
        callback.taken = True
        self.answered(callback, body)
        return True
