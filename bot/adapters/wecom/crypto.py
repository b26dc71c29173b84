"""The cipher of WeCom's callbacks: AES-256-CBC, PKCS#7 to 32 bytes, and a signature over sorted parts.

The method is the one WeCom publishes (developer document 91144).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK = 32
_RANDOM = 16
_LENGTH = struct.Struct(">I")
_HEAD = _RANDOM + _LENGTH.size
_KEY_CHARACTERS = 43


class Forged(Exception):  # noqa: N818  it names what was found
    """What came was not sealed by WeCom for us. Why is for the log, never for the sender."""


class BadKey(ValueError):  # noqa: N818  read by an operator as a sentence
    """The EncodingAESKey is none."""


class CallbackSeal:
    """Opens and makes the sealed texts of one app's callbacks."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        """Keep the token, the key in its 43 characters, and whom texts must be for.

        Raises:
            BadKey: these are no 43 characters of base64.
        """
        try:
            key = base64.b64decode(f"{aes_key}=", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(aes_key) != _KEY_CHARACTERS or len(key) != BLOCK:
            msg = "an EncodingAESKey has 43 letters and digits"
            raise BadKey(msg)
        self._token = token
        self._key = key
        self._receiver = receiver.encode()

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """SHA-1 over the sorted parts, as WeCom defines it."""
        parts = sorted([self._token, timestamp, nonce, encrypted])
        return hashlib.sha1("".join(parts).encode(errors="surrogatepass")).hexdigest()  # noqa: S324  WeCom's choice

    def opened(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
        """The text inside: signature first, then padding, length, receiver.

        Raises:
            Forged: any of them is not as it should be.
        """
        right = self.signature(timestamp, nonce, encrypted).encode()
        if not hmac.compare_digest(right, signature.encode(errors="surrogatepass")):
            msg = "signature"
            raise Forged(msg)
        plain = self._decrypted(encrypted)
        (length,) = _LENGTH.unpack(plain[_RANDOM:_HEAD])
        if length > len(plain) - _HEAD:
            msg = "length"
            raise Forged(msg)
        if not hmac.compare_digest(plain[_HEAD + length :], self._receiver):
            msg = "receiver"
            raise Forged(msg)
        return plain[_HEAD : _HEAD + length]

    def _decrypted(self, encrypted: str) -> bytes:
        try:
            raw = base64.b64decode(encrypted, validate=True)
            opening = self._cipher().decryptor()
            unpadding = PKCS7(BLOCK * 8).unpadder()
            plain = unpadding.update(opening.update(raw) + opening.finalize()) + unpadding.finalize()
        except ValueError:
            msg = "cipher"
            raise Forged(msg) from None
        if len(plain) < _HEAD:
            msg = "length"
            raise Forged(msg)
        return plain

    def sealed(self, message: bytes, *, random: bytes | None = None) -> str:
        """A text sealed as WeCom seals it, for our own check that callbacks reach us."""
        padding = PKCS7(BLOCK * 8).padder()
        plain = (random or os.urandom(_RANDOM)) + _LENGTH.pack(len(message)) + message + self._receiver
        sealing = self._cipher().encryptor()
        padded = padding.update(plain) + padding.finalize()
        return base64.b64encode(sealing.update(padded) + sealing.finalize()).decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
