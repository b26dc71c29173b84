"""Sealing a PDF (PAdES baseline B): any PDF reader shows whether a page was changed after it was printed.

Key and certificate follow from the master key: nothing to store, the same in every process.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.keys import internal
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.kit.keys import KeyRing

_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's group (SEC 2 §2.4.2)."""
_PURPOSE: Final = "documents:seal"
_FROM: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_YEARS: Final = 30
_DIGEST: Final = "sha256"
logging.getLogger("pyhanko").setLevel(logging.WARNING)


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
        made = internal.translate_pyca_cryptography_cert_to_asn1(self._certificate)
        signer = _Hand(
            signing_cert=made,
            signing_key=internal.translate_pyca_cryptography_key_to_asn1(self._key),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )
        meta = signers.PdfSignatureMetadata(
            field_name="Seal", md_algorithm=_DIGEST, subfilter=fields.SigSeedSubFilter.PADES
        )
        out = io.BytesIO()
        _Press(meta, signer, at.replace(microsecond=0)).sign_pdf(_Writer(io.BytesIO(pdf)), output=out)
        return out.getvalue()


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


class _Hand(signers.SimpleSigner):
    """Signs without dice (RFC 6979), so that the same document gives the same seal."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign with ECDSA over SHA-256."""
        number = int(self.signing_key["private_key"].parsed["private_key"].native)
        key = ec.derive_private_key(number, _CURVE)
        return key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


class _Press(signers.PdfSigner):
    """Seals at a given instant instead of the machine's."""

    def __init__(self, meta: signers.PdfSignatureMetadata, signer: signers.Signer, at: dt.datetime) -> None:
        super().__init__(meta, signer=signer)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """Begin a seal at the instant given."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


class _Writer(IncrementalPdfFileWriter):
    """Derives the changed document's second id from its content, and leaves the dates of its making alone."""

    def _update_meta(self) -> None:
        """Nothing was modified: the seal carries its own time."""

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        prev.stream.seek(0)
        made = hashlib.sha256(prev.stream.read()).digest()
        first = super()._handle_id(prev)[0]  # type: ignore[no-untyped-call]
        return generic.ArrayObject([first, generic.ByteStringObject(made[:16])])
