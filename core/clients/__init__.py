"""Programs of partners and of the plant: which organisation's they are, what they may ask, their secrets and tokens.

A client acts for its organisation and for no person: it never signs, decides, grades or administers. Its scopes narrow
what its organisation could do.
"""

from __future__ import annotations

from core.clients.errors import (
    ClientOver,
    ClientPeriod,
    ClientRefused,
    SandboxMissing,
    ScopeMissing,
    ScopesUnfit,
    SecretsTooMany,
    TokenDead,
    TooFast,
)
from core.clients.making import end_secret, make_client, revoke_client, rotate_secret
from core.clients.pacing import PHOTOS, REQUESTS, TOKENS, Pace, Spent, spend
from core.clients.policy import SCOPES_OF, TOKEN_LASTS, permissions_of
from core.clients.queries import acts_for_partner, client, clients, named, names
from core.clients.sandboxes import found as found_sandbox
from core.clients.sandboxes import sandbox_of
from core.clients.terms import ClientFacts, ClientMade, ClientState, SandboxFacts, Scope, TokenMade
from core.clients.tokens import Caller, caller_of, holding, issue_token

__all__ = [
    "PHOTOS",
    "REQUESTS",
    "SCOPES_OF",
    "TOKENS",
    "TOKEN_LASTS",
    "Caller",
    "ClientFacts",
    "ClientMade",
    "ClientOver",
    "ClientPeriod",
    "ClientRefused",
    "ClientState",
    "Pace",
    "SandboxFacts",
    "SandboxMissing",
    "Scope",
    "ScopeMissing",
    "ScopesUnfit",
    "SecretsTooMany",
    "Spent",
    "TokenDead",
    "TokenMade",
    "TooFast",
    "acts_for_partner",
    "caller_of",
    "client",
    "clients",
    "end_secret",
    "found_sandbox",
    "holding",
    "issue_token",
    "make_client",
    "named",
    "names",
    "permissions_of",
    "revoke_client",
    "rotate_secret",
    "sandbox_of",
    "spend",
]
