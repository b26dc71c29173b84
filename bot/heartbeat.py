"""A sign of life to a service outside, once a minute while nothing is wrong: when it stays away, that service alarms."""

from __future__ import annotations

import datetime as dt
import logging

import aiohttp

from core import watch
from core.kit import clock

log = logging.getLogger(__name__)
PATIENCE = aiohttp.ClientTimeout(total=10)
FRESH = dt.timedelta(seconds=90)
"""A look at the house that is older proves nothing."""


class Heartbeat:
    """Asks one address; what it answers beyond a status is not read, and it leads nowhere else."""

    def __init__(self, url: str) -> None:
        """Keep the address."""
        self._url = url

    async def beat(self) -> bool:
        """Ask once if all is well; answers whether the sign of life arrived. Never raises for the network's sake."""
        found = await watch.last()
        if found is None or not found.clean or clock.now() - found.at > FRESH:
            return False
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE, trust_env=True) as session,
                session.get(self._url, allow_redirects=False) as answer,
            ):
                arrived = answer.status < 300  # noqa: PLR2004  a redirect is no answer
                why = str(answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            arrived, why = False, type(fault).__name__
        if not arrived:
            log.warning("heartbeat not taken", extra={"action": "heartbeat_failed", "why": why})
        return arrived
