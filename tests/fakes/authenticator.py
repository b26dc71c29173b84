"""A security key in software: makes real attestation and assertion bytes, honest unless told otherwise."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

UP, UV, AT = 0x01, 0x04, 0x40
_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
"""Made once: slow to make, and no test tells two apart."""


@dataclass
class SoftKey:
    """One credential on one device; ``algorithm`` is -7 (ES256), -8 (EdDSA) or -257 (RS256)."""

    algorithm: int = -7
    origin: str = "http://localhost:8080"
    verifies: bool = True
    count: int = 0
    step: int = 1
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(20))
    key: Any = None

    def __post_init__(self) -> None:
        if self.key is None:
            self.key = {
                -7: lambda: ec.generate_private_key(ec.SECP256R1()),
                -8: ed25519.Ed25519PrivateKey.generate,
                -257: lambda: _RSA,
            }[self.algorithm]()

    def cose(self) -> bytes:
        """The public key as COSE."""
        public = self.key.public_key()
        if self.algorithm == -7:
            numbers = public.public_numbers()
            return encode_cbor(
                {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
            )
        if self.algorithm == -8:
            return encode_cbor({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        return encode_cbor(
            {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}
        )

    def _data(self, rp_id: str, more: bytes = b"") -> bytes:
        flags = UP | (UV if self.verifies else 0) | (AT if more else 0)
        self.count += self.step
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said, separators=(",", ":")).encode()

    def _answer(self, **response: Any) -> str:
        number = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})

    def create(self, options: str) -> str:
        """What ``navigator.credentials.create`` answers."""
        asked = json.loads(options)
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.cose()
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], attested)}
        return self._answer(
            clientDataJSON=bytes_to_base64url(self._client("webauthn.create", asked["challenge"])),
            attestationObject=bytes_to_base64url(encode_cbor(made)),
            transports=["internal"],
        )

    def get(self, options: str, *, rp_id: str | None = None, challenge: str | None = None) -> str:
        """What ``navigator.credentials.get`` answers."""
        asked = json.loads(options)
        client = self._client("webauthn.get", challenge or asked["challenge"])
        data = self._data(rp_id or asked["rpId"])
        return self._answer(
            clientDataJSON=bytes_to_base64url(client),
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(self._signed(data + hashlib.sha256(client).digest())),
            userHandle=None,
        )

    def _signed(self, data: bytes) -> bytes:
        if self.algorithm == -7:
            return bytes(self.key.sign(data, ec.ECDSA(SHA256())))
        if self.algorithm == -8:
            return bytes(self.key.sign(data))
        return bytes(self.key.sign(data, padding.PKCS1v15(), SHA256()))


def bent(answer: str, name: str, place: int = -1) -> str:
    """The same answer with one byte of a part changed."""
    said = json.loads(answer)
    raw = bytearray(base64url_to_bytes(said["response"][name]))
    raw[place] ^= 1
    said["response"][name] = bytes_to_base64url(bytes(raw))
    return json.dumps(said)
