"""Device signatures in plain Python are judged as by the library: right ones pass, everything near them does not."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from core.exchange.verifier.devices import ORDER, cose, device_signed
from tests.fakes.authenticator import SoftKey


@pytest.mark.parametrize("algorithm", [-7, -8, -257])
def test_right_ones_pass_and_a_changed_bit_does_not(algorithm: int) -> None:
    """Key, signature and message each count; another key's signature is none."""
    dice = random.Random(algorithm)
    for _turn in range(3):
        key, message = SoftKey(algorithm), dice.randbytes(90)
        public, signature = key.cose(), key._signed(message)
        assert device_signed(public, signature, message)
        assert not device_signed(public, signature, message + b"x")
        assert not device_signed(public, signature[:-1], message)
        assert not device_signed(public, signature + b"\x00", message)
        assert not device_signed(public, b"", message)
        for _flip in range(4):
            at = dice.randrange(len(signature))
            bent = signature[:at] + bytes([signature[at] ^ 1 << dice.randrange(8)]) + signature[at + 1 :]
            assert not device_signed(public, bent, message)
        if algorithm != -257:  # the test's RSA key is one for all
            assert not device_signed(SoftKey(algorithm).cose(), signature, message)


def test_the_edges_of_ecdsa() -> None:
    """Zero, the order itself, a point off the curve, no shortest form: refused; the smaller of two keys' s too is the key's."""
    key, message = SoftKey(), b"content"
    r, s = decode_dss_signature(key._signed(message))
    assert device_signed(key.cose(), encode_dss_signature(r, ORDER - s), message)
    for one, two in ((0, s), (r, 0), (r, ORDER), (ORDER, s), (r + ORDER, s)):
        assert not device_signed(key.cose(), encode_dss_signature(one, two), message)
    long = encode_dss_signature(r, s)
    padded = bytes([0x30, len(long) - 1, 2, long[3] + 1, 0]) + long[4:]
    assert not device_signed(key.cose(), padded, message)
    off = bytearray(key.cose())
    off[-1] ^= 1
    assert not device_signed(bytes(off), encode_dss_signature(r, s), message)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xa1",
        b"\x83\x01\x02\x03",
        b"\xa1\x01\x62ab",
        b"\xa1\x01\x42a",
        b"\xa1\x01\x02\x03",
        b"\xbf\x01\x02\xff",
    ],
)
def test_what_is_no_key_is_refused(raw: bytes) -> None:
    """Cut off, a list, text in it, bytes that are missing, too many items, no fixed length."""
    with pytest.raises(ValueError, match="no key"):
        cose(raw)


def test_another_kind_of_key_signs_nothing() -> None:
    """An algorithm that this file does not know is not waved through."""
    assert not device_signed(bytes.fromhex("a3010203382220 01".replace(" ", "")), b"x", b"y")
