"""Time-based one-time codes (RFC 6238): pyotp for the HMAC, our own rule for which time steps count."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Callable
from typing import Any

import pyotp

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
ISSUER = "Bihuan"


def new_secret() -> str:
    """Answer a fresh 160-bit secret in base32, as authenticator apps take it."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(now: dt.datetime) -> int:
    """Answer the number of the 30-second step that an instant lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(
    secret: str, step: int, *, digits: int = DIGITS, digest: Callable[..., Any] = hashlib.sha1
) -> str:
    """Answer the code of a time step."""
    return str(pyotp.HOTP(secret, digits=digits, digest=digest).at(step))


def matched_step(secret: str, code: str, now: dt.datetime, *, window: int = 1) -> int | None:
    """Answer which time step a code belongs to: the current one or up to ``window`` before; None if to none.

    Every candidate is compared in constant time and none is left out, so time tells nothing.
    """
    current = step_of(now)
    found: int | None = None
    for step in range(max(0, current - window), current + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            found = step
    return found


def consecutive_step(
    secret: str, first: str, second: str, now: dt.datetime, *, window: int = 1
) -> int | None:
    """Answer the step of ``second`` when it is fresh and ``first`` is the code just before it; else None."""
    step = matched_step(secret, second, now, window=window)
    if step is None or step == 0:
        return None
    return step if hmac.compare_digest(code_at(secret, step - 1).encode(), first.encode()) else None


def uri(secret: str, name: str) -> str:
    """Answer the ``otpauth://`` address that an authenticator app reads from the QR code."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER))
