"""Where the broker is and how we show who we are there."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PORTS = {"mqtt": 1883, "mqtts": 8883}


class BrokerFault(Exception):  # noqa: N818  it is read by an operator as a sentence
    """The settings of the broker do not go together."""


@dataclass(frozen=True, kw_only=True)
class Broker:
    """A broker and our name there."""

    host: str
    port: int
    client_id: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    filters: tuple[str, ...] = ()
    """What is subscribed to; empty means the topics of the sensors on record."""

    @property
    def status_topic(self) -> str:
        """Where our last will says that we are gone."""
        return f"bihuan/{self.client_id}/status"


def broker_of(
    url: str,
    *,
    client_id: str,
    user: str = "",
    password: str | None = None,
    ca_file: Path | None = None,
    cert_file: Path | None = None,
    key_file: Path | None = None,
    topics: str = "",
) -> Broker:
    """Read the settings.

    Raises:
        BrokerFault: they do not go together, or a file cannot be read.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in PORTS or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        msg = "BIHUAN_MQTT_URL is mqtt://host:port or mqtts://host:port"
        raise BrokerFault(msg)
    if parts.username or parts.password:
        msg = "no user and password in BIHUAN_MQTT_URL: set BIHUAN_MQTT_USER and BIHUAN_MQTT_PASSWORD"
        raise BrokerFault(msg)
    if parts.scheme == "mqtt" and (ca_file or cert_file or key_file):
        msg = "certificates need BIHUAN_MQTT_URL=mqtts://…"
        raise BrokerFault(msg)
    return Broker(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        client_id=client_id,
        user=user or None,
        password=password,
        tls=None if parts.scheme == "mqtt" else _tls(ca_file, cert_file, key_file),
        filters=tuple(one.strip() for one in topics.split(",") if one.strip()),
    )


class _Socket(ssl.SSLSocket):
    """Closes itself when a certificate is not good: nobody else holds it then."""

    def do_handshake(self, block: bool = False) -> None:
        """Greet the broker."""
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


def _tls(ca_file: Path | None, cert_file: Path | None, key_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
        context.sslsocket_class = _Socket
        if cert_file is not None:
            context.load_cert_chain(str(cert_file), None if key_file is None else str(key_file))
    except (OSError, ssl.SSLError) as fault:
        msg = f"a file of BIHUAN_MQTT_CA_FILE, _CERT_FILE or _KEY_FILE cannot be used: {fault}"
        raise BrokerFault(msg) from None
    return context
