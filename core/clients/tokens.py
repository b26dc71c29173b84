"""Access tokens: given for id and secret (RFC 6749, 4.4), opaque, kept as digests, short, dead with their secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core import ledger, people
from core.clients import policy
from core.clients.errors import ClientRefused, ScopeMissing, ScopesUnfit, TokenDead
from core.clients.models import Client, ClientSecret, ClientToken
from core.clients.pacing import Pace, spend
from core.clients.sandboxes import sandbox_of
from core.clients.terms import Scope, TokenMade
from core.kit import Actor, NotFound, clock, current, verb
from core.ledger import Kind

CHANNEL = "api"
_NOBODY = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The client behind a token: as whom it acts, and what this token may ask for."""

    actor: Actor
    key: int
    client_id: str
    scopes: frozenset[Scope]
    sandbox: bool

    def must(self, scope: Scope) -> None:
        """Refuse unless the token carries the scope.

        Raises:
            ScopeMissing: it does not.
        """
        if scope not in self.scopes:
            raise ScopeMissing(scope=scope.value)


def digest(secret: str) -> str:
    """What is kept of a secret or token: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class _Home:
    """For whom a client acts, and where: in a sandbox it is the organisation's twin."""

    plant_id: int
    organisation_id: int
    kind: str


async def _home(row: Client | None) -> _Home | None:
    """Where a client is at home; None when its organisation, or its sandbox, is let in no more.

    A client that there is none of is looked for as well, so that it takes no less time.
    """
    try:
        owner = await people.organisation(0 if row is None else row.organisation_id)
    except NotFound:
        return None
    if row is None or not owner.active:
        return None
    if not row.sandbox:
        return _Home(plant_id=row.plant_id, organisation_id=owner.id, kind=owner.kind)
    apart = await sandbox_of(row.plant_id, owner.id)
    if apart is None:
        return None
    return _Home(plant_id=apart.world_id, organisation_id=apart.twin_id, kind=owner.kind)


def _actor(row: Client, home: _Home, scopes: Iterable[Scope], locale: str) -> Actor:
    return Actor(
        person_id=None,
        name=f"{row.name} [{row.public_id}]",
        organisation_id=home.organisation_id,
        plant_id=home.plant_id,
        partner_id=None if home.organisation_id == home.plant_id else home.organisation_id,
        permissions=policy.permissions_of(scopes, home.kind),
        locale=locale,
        channel=CHANNEL,
        client=row.public_id,
    )


@verb(None, None, Kind.CLIENT_TOKEN)
async def _give(actor: Actor, row: Client, secret: ClientSecret, scopes: list[Scope]) -> TokenMade:
    """Give a client a token; id and secret were the proof."""
    said, now = f"bht_{secrets.token_urlsafe(32)}", current().now
    until = min(now + policy.TOKEN_LASTS, row.valid_until)
    made = await ClientToken.create(
        token_hash=digest(said),
        client_id=row.id,
        secret_id=secret.id,
        scopes=sorted(one.value for one in scopes),
        issued_at=now,
        expires_at=until,
    )
    await ledger.append(
        Kind.CLIENT_TOKEN,
        actor,
        rows=[made],
        facts={"client": row.public_id, "scopes": made.scopes, "until": until},
    )
    return TokenMade(token=said, scopes=tuple(scopes), expires_at=until)


async def issue_token(
    client_id: str, secret: str, scopes: Iterable[str] | None = None, *, pace: Pace | None = None
) -> TokenMade:
    """Give a token for id and secret, of all the client's scopes or of some.

    Raises:
        ClientRefused: unknown, wrong, expired or revoked; which one is not told, nor by the time it takes.
        ScopesUnfit: a scope that the client does not have.
        TooFast: ``pace`` is used up.
    """
    now = clock.now()
    row = None if "\x00" in client_id else await Client.filter(public_id=client_id[:40]).first()
    kept = await ClientSecret.filter(client_id=0 if row is None else row.id).order_by("-id")
    given, right = digest(secret), None
    for one in kept:
        if hmac.compare_digest(given, one.secret_hash) and (one.ends_at is None or now < one.ends_at):
            right = one
    hmac.compare_digest(given, _NOBODY)
    home = await _home(row)
    if row is None or right is None or home is None or row.revoked_at is not None or now >= row.valid_until:
        raise ClientRefused
    own = [Scope(one) for one in row.scopes]
    wanted = own if scopes is None else [one for one in own if one.value in set(scopes)]
    beyond = set() if scopes is None else set(scopes) - set(row.scopes)
    if beyond or not wanted:
        raise ScopesUnfit(scopes=", ".join(sorted(beyond))[:200] or "–")
    if pace is not None:
        await spend(row.id, pace)
    return await _give(_actor(row, home, wanted, "en"), row, right, wanted)


async def holding(client_ids: Collection[str], scope: Scope) -> set[str]:
    """Which of these clients hold now and have a scope: not over, and their organisation or sandbox let in."""
    now = clock.now()
    rows = await Client.filter(public_id__in=list(client_ids) or [""], revoked_at=None, valid_until__gt=now)
    able = [one for one in rows if scope.value in one.scopes]
    return {one.public_id for one in able if await _home(one) is not None}


async def caller_of(token: str, locale: str) -> Caller:
    """The client behind an access token, with the rights of this moment.

    Raises:
        TokenDead: unknown, expired, or its client, secret or organisation ended.
    """
    now = clock.now()
    kept = await ClientToken.get_or_none(token_hash=digest(token))
    if kept is None or not hmac.compare_digest(digest(token), kept.token_hash) or now >= kept.expires_at:
        raise TokenDead
    row, secret = await Client.get(id=kept.client_id), await ClientSecret.get(id=kept.secret_id)
    over = row.revoked_at is not None or now >= row.valid_until
    home = await _home(row)
    if over or home is None or (secret.ends_at is not None and now >= secret.ends_at):
        raise TokenDead
    scopes = [Scope(one) for one in kept.scopes if one in row.scopes]
    return Caller(
        actor=_actor(row, home, scopes, locale),
        key=row.id,
        client_id=row.public_id,
        scopes=frozenset(scopes),
        sandbox=row.sandbox,
    )
