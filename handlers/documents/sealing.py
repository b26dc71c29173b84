"""Sealing a PDF (PAdES baseline B): any PDF reader shows whether a page was changed after it was printed.

Key and certificate follow from the master key: nothing to store, the same in every process.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from core.kit.keys import KeyRing

_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's group (SEC 2 §2.4.2)."""
_PURPOSE: Final = "documents:seal"
_FROM: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_YEARS: Final = 30


class DocumentSeal:
    """The installation's seal for documents."""

    def __init__(self, ring: KeyRing, owner: str) -> None:
        """Derive the key from the ring; ``owner`` is whom the certificate names."""
        number = (
            int.from_bytes(ring.derive(_PURPOSE) + ring.derive(_PURPOSE + ":2"), "big") % (_ORDER - 1) + 1
        )
        self._key = ec.derive_private_key(number, _CURVE)
        self._certificate = _certificate(self._key, owner)

    @property
    def certificate(self) -> bytes:
        """The certificate, in PEM."""
        return self._certificate.public_bytes(Encoding.PEM)

    def on(self, pdf: bytes, at: dt.datetime) -> bytes:
        """Answer the PDF with the seal; the same document and instant give the same bytes."""
        from handlers.documents import pades  # noqa: PLC0415  heavy, and most processes never print

        return pades.sealed(pdf, self._key, self._certificate, at)


def _certificate(key: ec.EllipticCurvePrivateKey, owner: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, owner)])
    public = key.public_key()
    serial = int.from_bytes(x509.SubjectKeyIdentifier.from_public_key(public).digest[:15], "big") | 1
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(serial)
        .not_valid_before(_FROM)
        .not_valid_after(_FROM.replace(year=_FROM.year + _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
