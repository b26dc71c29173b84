"""A time stamping authority with its root, made for tests."""

from __future__ import annotations

import datetime as dt

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from core.kit import clock

DAY = dt.timedelta(days=1)


def certificate(
    subject: str, key: RSAPrivateKey, issuer: str, issuer_key: RSAPrivateKey, *, root: bool
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 30 * DAY)
        .not_valid_after(now + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if not root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(usage, critical=True)
    return made.sign(issuer_key, hashes.SHA256())


def made_chain() -> tuple[x509.Certificate, DummyTimeStamper]:
    """A root and an authority under it."""
    root_key, key = (generate_private_key(65537, 2048) for _ in range(2))
    root = certificate("Root", root_key, "Root", root_key, root=True)
    leaf = certificate("Authority", key, "Root", root_key, root=False)
    pkcs8 = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    der = leaf.public_bytes(serialization.Encoding.DER)
    return root, DummyTimeStamper(asn1_x509.Certificate.load(der), asn1_keys.PrivateKeyInfo.load(pkcs8))


class Desk:
    """An authority that is asked without a network, on the tests' clock."""

    def __init__(self) -> None:
        """Make its keys."""
        self.root, self._stamper = made_chain()

    @property
    def roots(self) -> bytes:
        """Its root as PEM."""
        return self.root.public_bytes(serialization.Encoding.PEM)

    async def __call__(self, request: bytes) -> bytes:
        """Answer a request."""
        self._stamper.fixed_dt = clock.now()
        return bytes(self._stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump())
