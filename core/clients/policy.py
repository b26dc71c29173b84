"""What this room decides: which scopes an organisation's client may hold, which rights they give, how long. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from core.clients.errors import ClientOver, ClientPeriod, ScopesUnfit, SecretsTooMany
from core.clients.terms import ClientFacts, ClientState, Scope
from core.kit.permission import Level, Module, Permission
from core.people.terms import OrganisationKind

TOKEN_LASTS: Final = dt.timedelta(minutes=15)
OVERLAP: Final = dt.timedelta(days=7)
"""How long the old secret goes on holding after a rotation, unless it is ended before."""
LONGEST: Final = dt.timedelta(days=731)
MOST_SECRETS: Final = 2

_REPORTS: Final = Permission(Module.LOTS, Level.REPORT)
_READS: Final = Permission(Module.LOTS, Level.READ)
_GIVES: Final[dict[Scope, Permission | None]] = {
    Scope.ORDERS_READ: _READS,
    Scope.ORDERS_WRITE: _REPORTS,
    Scope.LOTS_READ: _READS,
    Scope.LOTS_WRITE: _REPORTS,
    Scope.RESULTS_WRITE: _REPORTS,
    Scope.CONDITIONS_WRITE: _REPORTS,
    Scope.FILES_WRITE: _REPORTS,
    Scope.ANOMALIES_READ: Permission(Module.ANOMALIES, Level.READ),
    Scope.ANOMALIES_WRITE: Permission(Module.ANOMALIES, Level.REPORT),
    Scope.EPCIS_CAPTURE: _REPORTS,
    Scope.EPCIS_QUERY: _READS,
    Scope.WEBHOOKS: None,
}
_ALSO: Final[dict[Scope, Permission]] = {Scope.FILES_WRITE: Permission(Module.ANOMALIES, Level.REPORT)}
"""A certificate is kept as evidence, and one that is out opens a case; the door lets nobody report with this scope."""
_OWN: Final[dict[Scope, Permission]] = {
    Scope.ANOMALIES_READ: Permission(Module.RECORDS, Level.READ),
    Scope.ORDERS_WRITE: Permission(Module.LOTS, Level.WORK),
    Scope.LOTS_WRITE: Permission(Module.LOTS, Level.WORK),
    Scope.EPCIS_CAPTURE: Permission(Module.LOTS, Level.WORK),
    Scope.RESULTS_WRITE: Permission(Module.LOTS, Level.WORK),
    Scope.FILES_WRITE: Permission(Module.LOTS, Level.CONFIGURE),
}
"""What the plant's own programs may besides: plan, bring master data in, read every case."""

_MAKES: Final[dict[Scope, Permission]] = {
    Scope.LOTS_WRITE: Permission(Module.LOTS, Level.WORK),
    Scope.EPCIS_CAPTURE: Permission(Module.LOTS, Level.WORK),
}
"""What a supplier's programs may besides: record what they made of the lots that they have."""
_MORE: Final = {OrganisationKind.MAKER.value: _OWN, OrganisationKind.SUPPLIER.value: _MAKES}

_COMMON: Final = frozenset(Scope)
SCOPES_OF: Final[dict[str, frozenset[Scope]]] = {
    OrganisationKind.MAKER.value: _COMMON,
    OrganisationKind.SUPPLIER.value: _COMMON,
    OrganisationKind.LABORATORY.value: _COMMON - {Scope.LOTS_WRITE},
    OrganisationKind.CARRIER.value: _COMMON - {Scope.LOTS_WRITE, Scope.RESULTS_WRITE},
}
"""Which scopes a kind of organisation may be given."""


def permissions_of(scopes: Iterable[Scope], kind: str) -> frozenset[Permission]:
    """The rights that scopes give to a program of a kind of organisation.

    Never APPROVE or ADMINISTER, nothing in signing or CAPA; to a partner REPORT, and WORK only on lots it makes.
    """
    wanted = list(scopes)
    more = _MORE.get(kind, {})
    found = [table.get(one) for table in (_GIVES, _ALSO, more) for one in wanted]
    return frozenset(one for one in found if one is not None)


def must_fit(scopes: Iterable[Scope], kind: str) -> None:
    """Refuse scopes that a kind of organisation is not given, and a client without any.

    Raises:
        ScopesUnfit: see there.
    """
    wanted = set(scopes)
    beyond = wanted - SCOPES_OF.get(kind, frozenset())
    if beyond or not wanted:
        raise ScopesUnfit(scopes=", ".join(sorted(beyond)) or "–")


def must_end(valid_until: dt.datetime, now: dt.datetime) -> None:
    """Refuse a client without an end in sight.

    Raises:
        ClientPeriod: it lies in the past or more than two years ahead.
    """
    if not now < valid_until <= now + LONGEST:
        raise ClientPeriod(days=LONGEST.days)


def must_rotate(facts: ClientFacts, now: dt.datetime) -> None:
    """Refuse a further secret to a client that is over, or that has two already.

    Raises:
        ClientOver, SecretsTooMany: see there.
    """
    if facts.state(now) is not ClientState.ACTIVE:
        raise ClientOver
    if sum(one.holds(now) for one in facts.secrets) >= MOST_SECRETS:
        raise SecretsTooMany
