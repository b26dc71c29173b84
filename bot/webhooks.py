"""The way out to partners' programs: https to public addresses alone, the address pinned, no redirect, nothing read."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
import logging
import socket
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core import webhooks
from core.kit import clock
from core.webhooks import Due, Outcome

log = logging.getLogger(__name__)
PATIENCE: Final = aiohttp.ClientTimeout(total=15, sock_connect=5)
AGENT: Final = "Bihuan-Webhooks/1"


class NotPublic(OSError):  # noqa: N818  it names what was found
    """A name leads to addresses of which none is public: the network behind us is nobody's business."""


class PublicOnly(AbstractResolver):
    """Looks a name up once and hands on public addresses only; the connection goes to what was looked at here."""

    def __init__(self, *, allow_loopback: bool) -> None:
        """Keep whether this machine's own addresses are let through."""
        self._loopback = allow_loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Answer the public addresses of a name.

        Raises:
            NotPublic: it has none.
        """
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        results = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _type, proto, _name, address in found
            if self.passes(str(address[0]))
        ]
        if not results or len(results) != len(found):
            msg = f"{host} leads to an address that is not public"
            raise NotPublic(msg)
        return results

    def passes(self, address: str) -> bool:
        """Whether an address may be connected to."""
        return webhooks.public(address) or (self._loopback and webhooks.loopback(address))

    async def close(self) -> None:
        """Nothing is kept open."""


async def deliver_due() -> int:
    """Send what is due, several at once; answers how many attempts were made."""
    due = await webhooks.claim()
    if not due:
        return 0
    resolver = PublicOnly(allow_loopback=webhooks.allows_loopback())
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True, limit=10)
    async with aiohttp.ClientSession(
        connector=connector, timeout=PATIENCE, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        outcomes = await asyncio.gather(*(_sent(session, resolver, one) for one in due))
    for one, outcome in zip(due, outcomes, strict=True):
        await webhooks.record(one, outcome)
        log.info(
            "webhook sent",
            extra={
                "action": "webhook_sent",
                "webhook_message": one.message,
                "status": outcome.status,
                "why": outcome.error,
            },
        )
    return len(due)


async def _sent(session: aiohttp.ClientSession, resolver: PublicOnly, due: Due) -> Outcome:
    if not due.secrets:
        return Outcome(error="the secret cannot be opened")
    try:
        url = URL(due.url)
        host = (url.host or "").partition("%")[0]
    except ValueError:  # one address that is none must not keep the others from being told
        return Outcome(error="the address cannot be read")
    literal = ":" in host or host.replace(".", "").isdecimal()
    if literal and not resolver.passes(host):  # a resolver is not asked for addresses
        return Outcome(error=NotPublic.__name__)
    at = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": due.message,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(
            webhooks.signature(one, due.message, at, due.body) for one in due.secrets
        ),
    }
    try:
        async with session.post(
            url, data=due.body.encode(), headers=headers, allow_redirects=False
        ) as answer:
            return Outcome(status=answer.status, later=_later(answer.headers.get("Retry-After", "")))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
        cause = fault.os_error if isinstance(fault, aiohttp.ClientConnectorError) else fault
        return Outcome(error=type(cause).__name__)


def _later(said: str) -> dt.timedelta | None:
    """How long a receiver asks to wait, in seconds or until a date (RFC 9110, 10.2.3)."""
    if said.isascii() and said.isdecimal() and len(said) <= 8:  # noqa: PLR2004
        return dt.timedelta(seconds=int(said))
    try:
        until = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(clock.utc(until) - clock.now(), dt.timedelta()) if until.tzinfo is not None else None
