"""The broker over TLS: its certificate is checked, ours is shown."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import sensing
from bot.adapters import sensors as adapter
from bot.settings import Settings
from tests.servers.mqtt import PASSWORD, USER, mqtt_server


def certificate(folder: Path, name: str, issuer: str = "") -> None:
    """``name``.pem and ``name``.key, signed by the issuer's or by its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, by = key, subject
    if issuer:
        by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)])
        signer = serialization.load_pem_private_key((folder / f"{issuer}.key").read_bytes(), None)  # type: ignore[assignment]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


async def test_the_brokers_certificate_is_checked_and_ours_is_taken(tmp_path: Path) -> None:
    """By the right authority it connects; by another it does not, and the doctor says why."""
    for name, issuer in (("plant", ""), ("stranger", ""), ("broker", "plant"), ("bihuan", "plant")):
        certificate(tmp_path, name, issuer)
    tls = {
        "certfile": str(tmp_path / "broker.pem"),
        "keyfile": str(tmp_path / "broker.key"),
        "cafile": str(tmp_path / "plant.pem"),
    }
    async with mqtt_server(tls) as server:
        for authority, good in (("plant", True), ("stranger", False)):
            said = Settings(
                _env_file=None,  # type: ignore[call-arg]
                mqtt_url=server.url,
                mqtt_user=USER,
                mqtt_password=PASSWORD,  # type: ignore[arg-type]
                mqtt_ca_file=tmp_path / f"{authority}.pem",
                mqtt_cert_file=tmp_path / "bihuan.pem",
                mqtt_key_file=tmp_path / "bihuan.key",
            )
            broker = sensing.broker(said)
            assert broker is not None
            assert PASSWORD not in repr(broker)
            [(_what, fault)] = await adapter.checked(broker)
            assert (fault is None) is good, fault
            assert good or "certificate" in str(fault).lower()
