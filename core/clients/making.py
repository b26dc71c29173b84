"""Making, rotating and ending clients and their secrets. An administrator does; the ledger never holds a secret."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from core import ledger, people
from core.clients import policy, queries, sandboxes
from core.clients.models import Client, ClientSecret
from core.clients.terms import ClientMade, Scope
from core.clients.tokens import digest
from core.kit import Actor, Level, Module, NotFound, clock, current, plain_text, verb
from core.ledger import Kind

NAME, REASON = 80, 500


def _fresh() -> tuple[str, str]:
    """A secret of 256 random bits, and its digest."""
    made = f"bhs_{secrets.token_urlsafe(32)}"
    return made, digest(made)


async def _secret(actor: Actor, row: Client) -> tuple[ClientSecret, str]:
    said, kept = _fresh()
    made = await ClientSecret.create(
        client_id=row.id, secret_hash=kept, made_by=actor.person_id, made_at=current().now
    )
    return made, said


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.CLIENT_MAKE)
async def make_client(
    actor: Actor,
    organisation_id: int,
    name: str,
    scopes: Iterable[str],
    *,
    valid_until: dt.datetime,
    sandbox: bool = False,
) -> ClientMade:
    """Make a client of the plant or of a partner; its secret is told this once.

    Raises:
        NotFound: no such organisation of the plant.
        ScopesUnfit, ClientPeriod: scopes or end are not those of a client.
        SandboxMissing: it is for trying out, and there is no sandbox.
        Empty, TooLong: the name.
    """
    owner = await people.organisation(organisation_id)
    if owner.plant_id != actor.plant_id or not owner.active:
        raise NotFound(what=f"#{organisation_id}")
    known = {one.value: one for one in Scope}
    chosen = list(dict.fromkeys(scopes))
    policy.must_fit([known[one] for one in chosen if one in known], owner.kind)
    if any(one not in known for one in chosen):
        policy.must_fit((), owner.kind)
    if sandbox:
        await sandboxes.must_have_sandbox(actor.plant_id, organisation_id)
    until = clock.utc(valid_until)
    policy.must_end(until, current().now)
    row = await Client.create(
        plant_id=actor.plant_id,
        organisation_id=organisation_id,
        public_id=f"bhc_{secrets.token_hex(10)}",
        name=plain_text.checked(name, limit=NAME),
        scopes=sorted(chosen),
        sandbox=sandbox,
        made_by=actor.person_id,
        made_at=current().now,
        valid_until=until,
    )
    secret, said = await _secret(actor, row)
    await ledger.append(
        Kind.CLIENT_MAKE,
        actor,
        rows=[row, secret],
        facts={
            "client": row.public_id,
            "organisation": organisation_id,
            "name": row.name,
            "scopes": row.scopes,
            "sandbox": sandbox,
            "until": until,
        },
    )
    return ClientMade(client=(await queries.facts_of([row]))[0], secret=said)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.CLIENT_ROTATE)
async def rotate_secret(actor: Actor, key: int) -> ClientMade:
    """Give a client a new secret; the old one holds a week longer, so that the partner can change over.

    Raises:
        NotFound: no such client of the plant.
        ClientOver, SecretsTooMany: why not.
    """
    row = await queries.row(actor, key, lock=True)
    now = current().now
    policy.must_rotate((await queries.facts_of([row]))[0], now)
    old = await ClientSecret.filter(client_id=row.id, ends_at=None)
    for one in old:
        one.ends_at = now + policy.OVERLAP
        await one.save()
    secret, said = await _secret(actor, row)
    await ledger.append(
        Kind.CLIENT_ROTATE,
        actor,
        rows=[*old, secret],
        facts={
            "client": row.public_id,
            "organisation": row.organisation_id,
            "old_until": now + policy.OVERLAP,
        },
    )
    return ClientMade(client=(await queries.facts_of([row]))[0], secret=said)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.CLIENT_SECRET_END)
async def end_secret(actor: Actor, key: int, secret_id: int) -> None:
    """End a secret now, and with it every token that it was given.

    Raises:
        NotFound: no such client, or no such secret that still holds.
    """
    row = await queries.row(actor, key, lock=True)
    secret = await ClientSecret.filter(id=secret_id, client_id=row.id).select_for_update().first()
    now = current().now
    if secret is None or (secret.ends_at is not None and secret.ends_at <= now):
        raise NotFound(what=f"#{secret_id}")
    secret.ends_at = now
    await secret.save()
    await ledger.append(
        Kind.CLIENT_SECRET_END,
        actor,
        rows=[secret],
        facts={"client": row.public_id, "organisation": row.organisation_id, "secret": secret.id},
    )


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.CLIENT_REVOKE)
async def revoke_client(actor: Actor, key: int, reason: str) -> None:
    """Shut a client out now, with every token it holds. Revoking again changes nothing.

    Raises:
        NotFound: no such client of the plant.
        Empty, TooLong: the reason.
    """
    row = await queries.row(actor, key, lock=True)
    why = plain_text.checked(reason, limit=REASON)
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by = current().now, actor.person_id
    await row.save()
    await ledger.append(
        Kind.CLIENT_REVOKE,
        actor,
        rows=[row],
        reason=why,
        facts={"client": row.public_id, "organisation": row.organisation_id},
    )
