"""What a passkey signs, which level it reaches, when one may be added. Pure: facts in, decision or refusal out."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.signing.errors_passkeys import NeedsOtherPasskey, PasskeyNeedsRenewal, TooManyPasskeys
from core.signing.terms import Level2

MOST = 10
PASSKEY = "passkey"
METHODS = {Level2.S2: "totp", Level2.S3: "pin+totp", Level2.S4: PASSKEY}
"""How each level is proven where the signer has no choice."""
_REACH = {"totp": {Level2.S2}, "pin+totp": {Level2.S2, Level2.S3}, PASSKEY: {Level2.S3, Level2.S4}}
_LOOPBACK = "localhost"


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where passkeys work: the relying party and the one origin of its pages."""

    rp_id: str
    origin: str


def site_of(address: str) -> Site | None:
    """Answer where passkeys work at an installation's address; None when browsers would refuse them there.

    Browsers want https and a name, no bare number; on the own machine ``localhost`` does without https, and
    ``127.0.0.1`` is reached by that name.
    """
    try:
        parts = urlsplit(address)
        host, asked_port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return None
    number = _number(host)
    if number is not None and number.is_loopback and parts.scheme == "http":
        host, number = _LOOPBACK, None
    local = host == _LOOPBACK or host.endswith(f".{_LOOPBACK}")
    if not host or number is not None or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        return None
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = "" if asked_port in (None, usual) else f":{asked_port}"
    return Site(rp_id=host, origin=f"{parts.scheme}://{host}{port}")


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def satisfies(method: str, level: Level2) -> bool:
    """Whether a way of proving reaches a level.

    A weaker one never does. A passkey stands for PIN and code (S3), since it holds two components and more. It
    does not answer S2 and S1: there the answer belongs into the chat in which the content was shown.
    """
    return level in _REACH.get(method, set())


def challenge(record_leaf: str, shown_digest: str, nonce: str) -> bytes:
    """Answer what the signer's device signs: SHA-256(record leaf, display hash, nonce), each of them 32 bytes.

    The record leaf is that of the ledger entry by which the content was shown: it names record, revision, signer,
    instant and nonce, so the person's own signature commits to a place in the log.
    """
    parts = [bytes.fromhex(one) for one in (record_leaf, shown_digest, nonce)]
    return hashlib.sha256(b"".join(parts)).digest()


def may_add(*, living: int, before: bool, confirmed: bool) -> None:
    """Refuse a passkey that must not be added after PIN and code; ``before`` are those of this authenticator.

    Raises:
        TooManyPasskeys: enough of them.
        NeedsOtherPasskey: there is one, and it did not confirm.
        PasskeyNeedsRenewal: there was one, and none is left to confirm.
    """
    if living >= MOST:
        raise TooManyPasskeys(most=MOST)
    if living and not confirmed:
        raise NeedsOtherPasskey
    if before and not living:
        raise PasskeyNeedsRenewal
