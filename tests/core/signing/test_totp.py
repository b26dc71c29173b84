"""Codes are those of RFC 6238 and RFC 4226, and only the right time steps count."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from base64 import b32decode, b32encode

import pytest

from core.signing import totp
from tests.paths import SHARED_DATA

VECTORS = json.loads((SHARED_DATA / "sec_totp" / "rfc6238_rfc4226.json").read_text(encoding="utf-8"))
DIGESTS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}
NOW = dt.datetime(2026, 11, 23, 13, 46, 7, tzinfo=dt.UTC)
SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: f"{vector['alg']}-{vector['time']}")
@pytest.mark.req("P-300")
def test_codes_are_those_of_rfc_6238(vector: dict[str, str]) -> None:
    """All eighteen vectors of appendix B."""
    secret = b32encode(vector["seed_ascii"].encode()).decode()
    step = totp.step_of(dt.datetime.fromtimestamp(int(vector["time"]), tz=dt.UTC))
    code = totp.code_at(secret, step, digits=VECTORS["digits"], digest=DIGESTS[vector["alg"]])
    assert code == vector["totp"]


def test_counters_give_the_codes_of_rfc_4226() -> None:
    """The ten values of appendix D, six digits as the room uses them."""
    values = VECTORS["rfc4226_hotp"]["values"]
    assert [totp.code_at(SECRET, step) for step in range(len(values))] == values


def test_a_secret_has_160_bits_and_never_repeats() -> None:
    """Twenty random bytes in base32 of 32 characters."""
    secrets = {totp.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(b32decode(secret)) for secret in secrets} == {20}


@pytest.mark.parametrize(("offset", "window", "found"), [
    (0, 1, 0), (-1, 1, -1), (-2, 1, None), (1, 1, None), (0, 0, 0), (-1, 0, None),
])  # fmt: skip
def test_only_the_current_and_the_previous_step_count(offset: int, window: int, found: int | None) -> None:
    """A window of 0 takes the current step alone; a future code never counts."""
    now = totp.step_of(NOW)
    matched = totp.matched_step(SECRET, totp.code_at(SECRET, now + offset), NOW, window=window)
    assert matched == (None if found is None else now + found)


@pytest.mark.parametrize("code", ["", "000000", "75522", "7552240", "７５５２２４", "abcdef"])
def test_anything_else_matches_no_step(code: str) -> None:
    """Wrong, short, long and strange codes are simply wrong."""
    assert totp.matched_step(SECRET, code, NOW) is None


def test_two_codes_in_a_row_prove_the_secret() -> None:
    """The second is fresh and the first is the one just before it; nothing else will do."""
    step = totp.step_of(NOW)
    before, first, second = (totp.code_at(SECRET, step - back) for back in (2, 1, 0))
    assert totp.consecutive_step(SECRET, first, second, NOW) == step
    assert totp.consecutive_step(SECRET, before, first, NOW) == step - 1
    assert totp.consecutive_step(SECRET, before, second, NOW) is None
    assert totp.consecutive_step(SECRET, second, first, NOW) is None
    assert totp.consecutive_step(SECRET, second, second, NOW) is None


def test_the_app_learns_who_and_which_house() -> None:
    """The address carries issuer, person and secret in the form authenticator apps read."""
    address = totp.uri(SECRET, "李明")
    assert address.startswith("otpauth://totp/Bihuan:%E6%9D%8E%E6%98%8E?")
    assert f"secret={SECRET}" in address
    assert "issuer=Bihuan" in address
