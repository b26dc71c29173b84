"""Where passkeys work, which level they reach, when one may be added, what is signed: without database."""

from __future__ import annotations

import hashlib
import itertools

import pytest

from core.signing import Level2
from core.signing.errors_passkeys import NeedsOtherPasskey, PasskeyNeedsRenewal, TooManyPasskeys
from core.signing.passkey_policy import METHODS, MOST, challenge, may_add, satisfies, site_of

HEX = [hashlib.sha256(bytes([n])).hexdigest() for n in range(3)]


@pytest.mark.parametrize(
    ("address", "rp_id", "origin"),
    [
        ("https://qms.example.cn", "qms.example.cn", "https://qms.example.cn"),
        ("https://QMS.Example.cn:443/", "qms.example.cn", "https://qms.example.cn"),
        ("https://qms.example.cn:8443", "qms.example.cn", "https://qms.example.cn:8443"),
        ("https://münchen.example", "xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ("http://plant.localhost", "plant.localhost", "http://plant.localhost"),
        ("http://127.0.0.1:8080", "localhost", "http://localhost:8080"),
        ("http://[::1]:9000", "localhost", "http://localhost:9000"),
    ],
)
def test_passkeys_belong_to_the_host_of_the_public_address(address: str, rp_id: str, origin: str) -> None:
    """The name is the relying party, the whole origin is what an answer must come from."""
    found = site_of(address)
    assert found is not None
    assert (found.rp_id, found.origin) == (rp_id, origin)


@pytest.mark.parametrize(
    "address",
    [
        "http://qms.example.cn",
        "http://10.0.0.7:8080",
        "https://10.0.0.7",
        "https://127.0.0.1",
        "http://0.0.0.0:8080",
        "ftp://localhost",
        "https://a:b",
        "",
        "x",
    ],
)
def test_without_https_and_a_name_there_are_none(address: str) -> None:
    """A browser would refuse them there, so the house says it first."""
    assert site_of(address) is None


def test_a_weaker_proof_never_reaches_a_level() -> None:
    """Every method at every level: nothing below reaches above; a passkey stands for PIN and code, not for a chat's code."""
    order = [Level2.S2, Level2.S3, Level2.S4]
    for (own, method), asked in itertools.product(METHODS.items(), order):
        if order.index(own) < order.index(asked):
            assert not satisfies(method, asked), (method, asked)
        assert satisfies(method, own)
    assert satisfies("passkey", Level2.S3)
    assert not satisfies("passkey", Level2.S2)
    assert not any(satisfies(method, Level2.S1) for method in METHODS.values())
    assert not satisfies("sms", Level2.S2)


def test_what_is_signed_is_leaf_display_and_nonce() -> None:
    """SHA-256 over the three; each of them changes it, and so does their order."""
    leaf, shown, nonce = HEX
    made = challenge(leaf, shown, nonce)
    assert made == hashlib.sha256(bytes.fromhex(leaf + shown + nonce)).digest()
    assert len({challenge(*three) for three in itertools.permutations(HEX)}) == 6


@pytest.mark.parametrize(
    ("living", "before", "confirmed", "refusal"),
    [
        (0, False, False, None),
        (1, True, True, None),
        (1, True, False, NeedsOtherPasskey),
        (0, True, False, PasskeyNeedsRenewal),
        (0, True, True, PasskeyNeedsRenewal),
        (MOST, True, True, TooManyPasskeys),
    ],
)
def test_when_another_may_be_added(
    living: int, before: bool, confirmed: bool, refusal: type[Exception] | None
) -> None:
    """The first by PIN and code, a further one confirmed by one in hand, after the last was lost by two people."""
    if refusal is None:
        may_add(living=living, before=before, confirmed=confirmed)
        return
    with pytest.raises(refusal):
        may_add(living=living, before=before, confirmed=confirmed)
