"""What an operator is told about WeCom before anybody waits for an answer there: one mending line per fault."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.wecom.answers import MENDING, Refused, Unreached
from bot.adapters.wecom.calls import Calls
from bot.adapters.wecom.crypto import CallbackSeal
from bot.adapters.wecom.receiving import PATH
from core.kit import clock

CREDENTIALS = "wecom credentials"
APP = "wecom app"
WAY_IN = "wecom callback"
DOMAIN = "wecom trusted domain"
NEEDS_HTTPS = (
    "members open links and WeCom brings messages over https only: set BIHUAN_PUBLIC_URL=https://… to an address "
    "that is reached from outside"
)
CHECK_SECONDS = aiohttp.ClientTimeout(total=10)
SLOW = 1.0
"""Seconds in which WeCom wants its check of the address answered."""
Found = tuple[str, str | None]


async def checked(
    *, corp: str, agent: int, secret: str, seal: CallbackSeal, api_url: str, public_url: str
) -> list[Found]:
    """Ask WeCom about the app, and ourselves about the callback; each check with None or how to mend it.

    Nothing is changed. The secret is in no answer.
    """
    calls = Calls(api_url)
    try:
        try:
            token, _seconds = await calls.token(corp, secret)
        except (Refused, Unreached) as fault:
            return [(CREDENTIALS, said(fault, api_url)), (WAY_IN, await _way_in(seal, public_url))]
        try:
            app = await calls.asked("GET", "agent/get", {"agentid": str(agent), "access_token": token})
        except (Refused, Unreached) as fault:
            app_fault: str | None = said(fault, api_url)
            domain = None
        else:
            closed = app.get("close") == 1
            app_fault = "the app is switched off; enable it on its page in the console" if closed else None
            domain = domain_fault(str(app.get("redirect_domain") or ""), public_url)
        return [
            (CREDENTIALS, None),
            (APP, app_fault),
            (DOMAIN, domain),
            (WAY_IN, await _way_in(seal, public_url)),
        ]
    finally:
        await calls.close()


def said(fault: Refused | Unreached, api_url: str) -> str:
    """What mends a fault."""
    if isinstance(fault, Unreached):
        return f"{api_url} cannot be reached ({fault}); check the network, the proxy, or BIHUAN_WECOM_API_URL"
    return MENDING.get(fault.code, f"WeCom refuses: {fault}")


def domain_fault(trusted: str, public_url: str) -> str | None:
    """What keeps members from signing in to the pages by their WeCom account, or None."""
    host = urlsplit(public_url).hostname or ""
    if not trusted:
        return f"the app has no trusted domain (可信域名); set {host} on its page, under web authorisation (网页授权)"
    wanted = urlsplit(f"//{trusted.partition('//')[2] or trusted}").hostname or ""
    if host != wanted and not host.endswith(f".{wanted}"):
        return f"the app's trusted domain is {wanted}, people reach us at {host}; make them the same"
    return None


async def _way_in(seal: CallbackSeal, public_url: str) -> str | None:
    """Check our callback address as WeCom does when an administrator saves it."""
    if not public_url.startswith("https://") and not public_url.startswith(
        ("http://127.0.0.1", "http://localhost")
    ):
        return NEEDS_HTTPS
    address = f"{public_url}{PATH}"
    echo, nonce = str(10**18 + secrets.randbelow(10**18)), str(secrets.randbelow(10**10))
    timestamp, encrypted = str(int(clock.now().timestamp())), seal.sealed(echo.encode())
    signature = seal.signature(timestamp, nonce, encrypted)
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": encrypted}
    begun = clock.now()
    try:
        async with (
            aiohttp.ClientSession(timeout=CHECK_SECONDS) as session,
            session.get(address, params=query) as answer,
        ):
            status, body = answer.status, await answer.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        return f"{address} does not answer ({type(fault).__name__}); start bihuan serve or web"
    if status != 200 or body != echo:  # noqa: PLR2004  HTTP
        return (
            f"{address} answers {status}, not as this installation would; check that BIHUAN_WECOM_TOKEN, "
            "BIHUAN_WECOM_AES_KEY and the clock are the same where it runs, and that the proxy passes the query on"
        )
    if (clock.now() - begun).total_seconds() > SLOW:
        return f"{address} answers too slowly: WeCom waits one second; look why (/readyz)"
    return None
