"""The cipher of callbacks as WeCom's description has it, written apart from the product's; can also do it wrong."""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class BrokenError(Exception):
    """What was to be opened is not sealed as it should be."""


@dataclass(frozen=True)
class Seal:
    """Token and EncodingAESKey of one app; ``receive_id`` is the corporation."""

    token: str
    aes_key: str
    receive_id: str

    @property
    def key(self) -> bytes:
        """The 32 bytes of the key."""
        return base64.b64decode(self.aes_key + "=")

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """SHA-1 over the sorted four, in lower hex."""
        parts = sorted([self.token, timestamp, nonce, encrypted])
        return hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324  WeCom's own choice

    def encrypt(
        self,
        words: str,
        *,
        random16: bytes | None = None,
        receive_id: str | None = None,
        length: int | None = None,
        padding: bytes | None = None,
    ) -> str:
        """Base64 of the sealed words; a wrong receiver, length or padding is made when asked for."""
        said = words.encode()
        head = (random16 or secrets.token_hex(8).encode()) + struct.pack(
            "!I", len(said) if length is None else length
        )
        plain = head + said + (self.receive_id if receive_id is None else receive_id).encode()
        missing = BLOCK - len(plain) % BLOCK
        if padding is not None:
            # the broken tail has to end on a block of the cipher, else it could not be sealed at all
            plain += padding + b"\x07" * (-(len(plain) + len(padding)) % 16)
        else:
            plain += bytes([missing]) * missing
        sealing = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).encryptor()
        return base64.b64encode(sealing.update(plain) + sealing.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The words inside.

        Raises:
            BrokenError: wrong base64, padding, length or receiver.
        """
        try:
            raw = base64.b64decode(encrypted, validate=True)
            opening = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).decryptor()
            plain = opening.update(raw) + opening.finalize()
        except ValueError as broken:
            raise BrokenError("not sealed with this key") from broken
        pad = plain[-1] if plain else 0
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise BrokenError("wrong padding")
        plain = plain[:-pad]
        if len(plain) < 20:
            raise BrokenError("too short")
        (length,) = struct.unpack("!I", plain[16:20])
        if length > len(plain) - 20:
            raise BrokenError("wrong length")
        if plain[20 + length :] != self.receive_id.encode():
            raise BrokenError("another receiver")
        return plain[20 : 20 + length].decode()


@dataclass(frozen=True)
class Sealed:
    """One callback ready to be posted: what stands in the query, and the body."""

    query: dict[str, str]
    body: str


def sealed(
    seal: Seal,
    words: str,
    *,
    timestamp: int,
    agent: int,
    nonce: str | None = None,
    signature: str | None = None,
    **wrong: str | bytes | int,
) -> Sealed:
    """A callback; ``signature`` forges it, ``wrong`` goes to ``Seal.encrypt``."""
    encrypted = seal.encrypt(words, **wrong)  # type: ignore[arg-type]
    stamp, once = str(timestamp), nonce or str(secrets.randbelow(10**10))
    query = {
        "msg_signature": signature or seal.signature(stamp, once, encrypted),
        "timestamp": stamp,
        "nonce": once,
    }
    body = (
        f"<xml><ToUserName><![CDATA[{seal.receive_id}]]></ToUserName>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt><AgentID><![CDATA[{agent}]]></AgentID></xml>"
    )
    return Sealed(query, body)
