"""Writing the seal into a PDF by pyHanko: without dice, at a given instant, the same bytes for the same document."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.keys import internal
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

_DIGEST: Final = "sha256"
logging.getLogger("pyhanko").setLevel(logging.WARNING)


def sealed(
    pdf: bytes, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, at: dt.datetime
) -> bytes:
    """Answer the PDF with the seal of this key (PAdES baseline B) of this instant."""
    signer = _Hand(
        signing_cert=internal.translate_pyca_cryptography_cert_to_asn1(certificate),
        signing_key=internal.translate_pyca_cryptography_key_to_asn1(key),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    meta = signers.PdfSignatureMetadata(
        field_name="Seal", md_algorithm=_DIGEST, subfilter=fields.SigSeedSubFilter.PADES
    )
    out = io.BytesIO()
    _Press(meta, signer, at.replace(microsecond=0)).sign_pdf(_Writer(io.BytesIO(pdf)), output=out)
    return out.getvalue()


class _Hand(signers.SimpleSigner):
    """Signs without dice (RFC 6979), so that the same document gives the same seal."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign with ECDSA over SHA-256."""
        number = int(self.signing_key["private_key"].parsed["private_key"].native)
        key = ec.derive_private_key(number, ec.SECP256R1())
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
