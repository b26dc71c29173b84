"""The access token: one for all processes, sealed in the database, fetched by one of them at a time."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.adapters.wecom.answers import Unreached
from bot.adapters.wecom.names import CHANNEL
from core import wires
from core.kit import clock, measures
from core.kit.keys import KeyRing, SealBroken
from core.kit.measures import Measure

MARGIN = 0.05
"""Part of a token's life in which it is not used any more."""
FETCHING = dt.timedelta(seconds=15)
"""As long as one process may take to fetch a token before another tries."""
LOOK = 0.1
LOOKS = 200

Fetch = Callable[[], Awaitable[tuple[str, int]]]
"""Asks WeCom for a token; answers it with its seconds of life."""


@dataclass(frozen=True)
class _Held:
    token: str
    until: dt.datetime


class Tokens:
    """The token of one app. WeCom may end it early: ``renew`` then fetches another, once for all who noticed."""

    def __init__(self, ring: KeyRing, app: str, fetch: Fetch) -> None:
        """Keep how to fetch and seal; ``app`` tells apps (and their secrets) apart."""
        self._ring = ring
        self._fetch = fetch
        self._name = f"token:{hashlib.sha256(app.encode()).hexdigest()[:32]}"
        self._held: _Held | None = None
        self._one = asyncio.Lock()

    async def current(self) -> str:
        """A token that should be good.

        Raises:
            Refused, Unreached: WeCom gives none.
        """
        return await self._other_than(None)

    async def renew(self, dead: str) -> str:
        """Another token than the dead one.

        Raises:
            Refused, Unreached: WeCom gives none.
        """
        return await self._other_than(dead)

    async def _other_than(self, dead: str | None) -> str:
        if self._is_good(self._held, dead):
            return self._held.token  # type: ignore[union-attr]
        async with self._one:
            for _look in range(LOOKS):
                for known in (self._held, await self._stored()):
                    if known is not None and self._is_good(known, dead):
                        self._held = known
                        return known.token
                if await wires.first(CHANNEL, f"{self._name}:fetching", FETCHING):
                    try:
                        return await self._fetched()
                    finally:
                        await wires.drop(CHANNEL, f"{self._name}:fetching")
                await asyncio.sleep(LOOK)
        why = "another process has been fetching the access token for too long"
        raise Unreached(why, left=False)

    @staticmethod
    def _is_good(held: _Held | None, dead: str | None) -> bool:
        return held is not None and held.token != dead and held.until > clock.now()

    async def _fetched(self) -> str:
        token, seconds = await self._fetch()
        measures.say(Measure.TOKEN_REFRESHED, label=CHANNEL)
        lasts = dt.timedelta(seconds=seconds * (1 - MARGIN))
        until = clock.now() + lasts
        sealed = base64.b64encode(self._ring.seal(token.encode(), self._name.encode())).decode()
        await wires.keep(CHANNEL, self._name, {"sealed": sealed, "until": until.isoformat()}, lasts)
        self._held = _Held(token, until)
        return token

    async def _stored(self) -> _Held | None:
        kept = await wires.note(CHANNEL, self._name)
        if kept is None:
            return None
        try:
            opened = self._ring.open(base64.b64decode(str(kept["sealed"])), self._name.encode())
            return _Held(opened.decode(), dt.datetime.fromisoformat(str(kept["until"])))
        except (SealBroken, ValueError, KeyError):
            return None
