"""What this room decides: which addresses are public, when an attempt is made again, how a message is signed. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from core.webhooks.errors import AddressUnfit
from core.webhooks.terms import Outcome

PAUSES: Final = tuple(
    dt.timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Between attempts; the last one is made three days after the first (Standard Webhooks, retry schedule)."""
OVERLAP: Final = dt.timedelta(days=1)
"""How long the secret before signs as well, after a new one was made."""
MOST: Final = 10
URL_MAX: Final = 500
LATER_MOST: Final = dt.timedelta(days=1)
GONE: Final = 410
_HEAD: Final = "whsec_"
_PORT_LEAST: Final = 1024
_NAME_MAX: Final = 253
_HTTPS: Final = 443
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_BESIDES: Final = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "fec0::/10", "3fff::/20")
)
"""Called global by the registries' tables, yet no receiver's: protocol assignments, the old relay of 6to4, site-local
and documentation addresses, the address behind which a cloud's host agent answers."""
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def public(address: str) -> bool:
    """Whether an IP address leads to the public internet, whatever it is wrapped in (RFC 6890).

    Private, loopback, link-local, multicast, reserved ones, and those that carry such an IPv4 address inside.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return public(str(inner))
    besides = any(found in one for one in _BESIDES if one.version == found.version)
    return (
        found.is_global
        and not besides
        and not (found.is_multicast or found.is_reserved or found.is_unspecified)
    )


def loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _named(host: str) -> bool:
    """Whether a host is a name that public DNS could know, and that every library reads alike."""
    if "." not in host or len(host) > _NAME_MAX or host.endswith((".localhost", ".local", ".internal")):
        return False
    labels = host.split(".")
    if not all(_LABEL.fullmatch(one) for one in labels) or labels[-1][0].isdecimal():
        return False
    try:
        host.encode().decode("idna")
    except UnicodeError:
        return False
    return True


def must_be_address(url: str, *, allow_loopback: bool = False) -> str:
    """Answer a webhook's address if it could lead to the public internet; where it does is seen at each attempt.

    Raises:
        AddressUnfit: not https, with a user name, a fragment, a low port, or a host that is none or not public.
    """
    if len(url) > URL_MAX or not url.isascii() or "\\" in url or not url.isprintable() or " " in url:
        raise AddressUnfit(url=url[:60])
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressUnfit(url=url[:60]) from None
    own = allow_loopback and (loopback(host) or host == "localhost")
    plain = (
        parts.username is None and parts.password is None and "@" not in parts.netloc and not parts.fragment
    )
    literal = ":" in host or host.replace(".", "").isdecimal()
    reaches = own or (public(host) if literal else _named(host))
    right_port = port is None or port == _HTTPS or port >= _PORT_LEAST
    scheme = parts.scheme == "https" or (own and parts.scheme == "http")
    if not (scheme and plain and reaches and right_port):
        raise AddressUnfit(url=url[:60])
    return url


def taken(outcome: Outcome) -> bool:
    """Whether the receiver took the message: any 2xx; a redirect is no answer."""
    return outcome.status is not None and 200 <= outcome.status < 300  # noqa: PLR2004


def pause_after(attempts: int, outcome: Outcome) -> dt.timedelta | None:
    """How long until the next attempt after so many; None when there is none: three days are over, or it is gone."""
    if outcome.status == GONE or attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1]
    return pause if outcome.later is None else max(pause, min(outcome.later, LATER_MOST))


def signature(secret: str, message: str, at: int, body: str) -> str:
    """One signature of a message (Standard Webhooks 1.0): HMAC-SHA-256 over id, seconds and body."""
    key = base64.b64decode(secret.removeprefix(_HEAD))
    digest = hmac.new(key, f"{message}.{at}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def written(key: bytes) -> str:
    """A secret as programs write it."""
    return _HEAD + base64.b64encode(key).decode()
