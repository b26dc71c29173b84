"""Signatures of people's devices in plain Python: ECDSA on P-256 (FIPS 186-5), RSA (RFC 8017), COSE keys (RFC 9053)."""

from __future__ import annotations

import hashlib

from core.exchange.verifier.curve import ed25519

FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
CONSTANT = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
Affine = tuple[int, int]
INFINITY: Affine = (0, 0)
GENERATOR: Affine = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
ES256, EDDSA, RS256 = -7, -8, -257


def _sum(a: Affine, b: Affine) -> Affine:
    """Add two points of the curve; no point of it is (0, 0), which stands for infinity."""
    if INFINITY in (a, b):
        return b if a == INFINITY else a
    if a[0] == b[0]:
        if (a[1] + b[1]) % FIELD == 0:
            return INFINITY
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, FIELD) % FIELD
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, FIELD) % FIELD
    x = (slope * slope - a[0] - b[0]) % FIELD
    return (x, (slope * (a[0] - x) - a[1]) % FIELD)


def _multiple(scalar: int, point: Affine) -> Affine:
    made = INFINITY
    while scalar:
        if scalar & 1:
            made = _sum(made, point)
        point = _sum(point, point)
        scalar >>= 1
    return made


def _pair(signature: bytes) -> tuple[int, int]:
    """Read r and s of a DER sequence of two positive integers; anything else is (0, 0), which no signature is."""
    numbers, at = [], 2
    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2:  # noqa: PLR2004  DER
        return (0, 0)
    while at + 2 < len(signature) and signature[at] == 2:  # noqa: PLR2004  DER: an integer
        end = at + 2 + signature[at + 1]
        raw = signature[at + 2 : end]
        if not raw or raw[0] > 0x7F or (raw[0] == 0 and raw[1:2] < b"\x80"):  # noqa: PLR2004  DER: positive, shortest
            return (0, 0)
        numbers.append(int.from_bytes(raw, "big"))
        at = end
    return (numbers[0], numbers[1]) if len(numbers) == 2 and at == len(signature) else (0, 0)  # noqa: PLR2004


def p256(x: int, y: int, signature: bytes, message: bytes) -> bool:
    """Answer whether an ECDSA signature (DER) is the key's over SHA-256 of the message."""
    r, s = _pair(signature)
    on_curve = 0 <= x < FIELD and 0 <= y < FIELD and (y * y - x * x * x + 3 * x - CONSTANT) % FIELD == 0
    if not on_curve or not 0 < r < ORDER or not 0 < s < ORDER:
        return False
    inverse = pow(s, -1, ORDER)
    number = int.from_bytes(hashlib.sha256(message).digest(), "big")
    found = _sum(_multiple(number * inverse % ORDER, GENERATOR), _multiple(r * inverse % ORDER, (x, y)))
    return found != INFINITY and found[0] % ORDER == r


def rs256(modulus: int, exponent: int, signature: bytes, message: bytes) -> bool:
    """Answer whether an RSA signature (PKCS #1 v1.5) is the key's over SHA-256 of the message."""
    size = (modulus.bit_length() + 7) // 8
    value = int.from_bytes(signature, "big")
    if size < 256 or len(signature) != size or value >= modulus:  # noqa: PLR2004  2048 bits at least
        return False
    stated = SHA256_INFO + hashlib.sha256(message).digest()
    whole = b"\x00\x01" + b"\xff" * (size - len(stated) - 3) + b"\x00" + stated
    return pow(value, exponent, modulus).to_bytes(size, "big") == whole


def cose(raw: bytes) -> dict[int, int | bytes]:
    """Read a key: a CBOR map whose keys are numbers and whose values are numbers or bytes.

    Raises:
        ValueError: it is none.
    """
    items: list[int | bytes] = []
    at = 1
    if not raw or raw[0] >> 5 != 5 or raw[0] & 31 > 23:  # noqa: PLR2004  CBOR: a short map
        raise ValueError("no key")
    while at < len(raw):
        kind, small = raw[at] >> 5, raw[at] & 31
        more = {24: 1, 25: 2}.get(small, 0)
        size = int.from_bytes(raw[at + 1 : at + 1 + more], "big") if more else small
        at += 1 + more
        if kind > 2 or (small > 23 and not more):  # noqa: PLR2004  CBOR: whole numbers and bytes only
            raise ValueError("no key")
        if kind == 2:  # noqa: PLR2004  CBOR: bytes
            items.append(raw[at : at + size])
            at += size
        else:
            items.append(-1 - size if kind else size)
    if at != len(raw) or len(items) != 2 * (raw[0] & 31):
        raise ValueError("no key")
    return {int(name): value for name, value in zip(items[::2], items[1::2]) if isinstance(name, int)}  # noqa: B905


def device_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Answer whether a signature is that of a COSE key (ES256, EdDSA on Ed25519, RS256) over a message."""
    parts = cose(key)
    algorithm, first, second, third = (parts.get(name, b"") for name in (3, -1, -2, -3))
    if algorithm == ES256 and isinstance(second, bytes) and isinstance(third, bytes):
        return p256(int.from_bytes(second, "big"), int.from_bytes(third, "big"), signature, message)
    if algorithm == EDDSA and isinstance(second, bytes):
        return ed25519(second, signature, message)
    if algorithm == RS256 and isinstance(first, bytes) and isinstance(second, bytes):
        return rs256(int.from_bytes(first, "big"), int.from_bytes(second, "big"), signature, message)
    return False
