"""Words and frozen values of clients: scopes, states, what a new one is told once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.kit.said import Said


class Scope(Said):
    """What a client may ask for; each narrows what its organisation could do."""

    ORDERS_READ = "orders:read", "Read orders, stages and transport"
    ORDERS_WRITE = "orders:write", "Record stages, transport and handovers"
    LOTS_READ = "lots:read", "Read lots and their genealogy"
    LOTS_WRITE = "lots:write", "Record lots and what was done to them"
    RESULTS_WRITE = "results:write", "Hand in inspection results and certificates"
    CONDITIONS_WRITE = "conditions:write", "Hand in readings of sensors and loggers"
    FILES_WRITE = "files:write", "Hand in files"
    ANOMALIES_READ = "anomalies:read", "Read anomalies"
    ANOMALIES_WRITE = "anomalies:write", "Report anomalies"
    EPCIS_CAPTURE = "epcis:capture", "Hand in EPCIS events"
    EPCIS_QUERY = "epcis:query", "Query EPCIS events"
    WEBHOOKS = "webhooks", "Be told of events"


class ClientState(Said):
    """Whether a client is let in."""

    ACTIVE = "active", "active"
    EXPIRED = "expired", "expired"
    REVOKED = "revoked", "revoked"


@dataclass(frozen=True, kw_only=True)
class SecretFacts:
    """A secret of a client: never what it is, only from when to when it holds."""

    id: int
    made_at: dt.datetime
    ends_at: dt.datetime | None

    def holds(self, now: dt.datetime) -> bool:
        """Whether it lets the client in."""
        return self.ends_at is None or now < self.ends_at


@dataclass(frozen=True, kw_only=True)
class ClientFacts:
    """A client as an administrator sees it."""

    id: int
    plant_id: int
    organisation_id: int
    client_id: str
    name: str
    scopes: tuple[Scope, ...]
    sandbox: bool
    made_at: dt.datetime
    valid_until: dt.datetime
    revoked_at: dt.datetime | None
    secrets: tuple[SecretFacts, ...] = ()
    last_token_at: dt.datetime | None = None

    def state(self, now: dt.datetime) -> ClientState:
        """Whether it is let in at an instant."""
        if self.revoked_at is not None:
            return ClientState.REVOKED
        return ClientState.ACTIVE if now < self.valid_until else ClientState.EXPIRED


@dataclass(frozen=True, kw_only=True)
class ClientMade:
    """A client with a new secret, which is told this once."""

    client: ClientFacts
    secret: str


@dataclass(frozen=True, kw_only=True)
class TokenMade:
    """A new access token, which is told this once."""

    token: str
    scopes: tuple[Scope, ...]
    expires_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class SandboxFacts:
    """Where an organisation's programs are tried out: the plant apart, and the organisation's twin in it."""

    organisation_id: int
    world_id: int
    twin_id: int
    made_at: dt.datetime
