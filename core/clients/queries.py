"""Reads of clients, for administrators and for the door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from core import people
from core.clients.models import Client, ClientSecret, ClientToken
from core.clients.terms import ClientFacts, Scope, SecretFacts
from core.kit import Actor, Level, Module, NotFound, Permission

ADMINISTERS = Permission(Module.PEOPLE, Level.ADMINISTER)


async def facts_of(rows: Sequence[Client]) -> list[ClientFacts]:
    """Turn rows into facts with their secrets' times and their last token's, in two look-ups."""
    keys = [row.id for row in rows] or [0]
    secrets: dict[int, list[SecretFacts]] = defaultdict(list)
    for one in await ClientSecret.filter(client_id__in=keys).order_by("id"):
        secrets[one.client_id].append(SecretFacts(id=one.id, made_at=one.made_at, ends_at=one.ends_at))
    last = {key: await ClientToken.filter(client_id=key).order_by("-id").first() for key in keys}
    return [
        ClientFacts(
            id=row.id,
            plant_id=row.plant_id,
            organisation_id=row.organisation_id,
            client_id=row.public_id,
            name=row.name,
            scopes=tuple(Scope(one) for one in row.scopes),
            sandbox=row.sandbox,
            made_at=row.made_at,
            valid_until=row.valid_until,
            revoked_at=row.revoked_at,
            secrets=tuple(secrets[row.id]),
            last_token_at=None if (given := last[row.id]) is None else given.issued_at,
        )
        for row in rows
    ]


async def row(actor: Actor, key: int, *, lock: bool = False) -> Client:
    """A client of the actor's plant.

    Raises:
        NotFound: none there.
    """
    found = Client.filter(id=key, plant_id=actor.plant_id)
    one = await (found.select_for_update() if lock else found).first()
    if one is None or not people.scope(actor).sees(plant_id=one.plant_id, partner_ids=(one.organisation_id,)):
        raise NotFound(what=f"#{key}")
    return one


async def client(actor: Actor, key: int) -> ClientFacts:
    """One client.

    Raises:
        NotPermitted: only administrators see clients.
        NotFound: none in the plant.
    """
    actor.must(ADMINISTERS)
    return (await facts_of([await row(actor, key)]))[0]


async def clients(actor: Actor) -> list[ClientFacts]:
    """Every client of the plant, newest first.

    Raises:
        NotPermitted: only administrators see clients.
    """
    actor.must(ADMINISTERS)
    return await facts_of(await Client.filter(plant_id=actor.plant_id).order_by("-id"))


async def named(actor: Actor, client_id: str) -> ClientFacts:
    """The client that calls itself so.

    Raises:
        NotPermitted: only administrators see clients.
        NotFound: none in the plant.
    """
    actor.must(ADMINISTERS)
    found = await Client.filter(public_id=client_id[:40], plant_id=actor.plant_id).first()
    if found is None:
        raise NotFound(what=client_id[:40])
    return (await facts_of([found]))[0]


async def names(plant_id: int) -> dict[str, str]:
    """What the programs of a plant are called, by the ids that they call themselves; ended ones too, for records."""
    rows = await Client.filter(plant_id=plant_id).values_list("public_id", "name")
    return {str(client_id): str(name) for client_id, name in rows}


async def acts_for_partner(client_id: str) -> bool:
    """Whether a client, by the id that it calls itself, is a partner's and not the plant's own."""
    found = await Client.get_or_none(public_id=client_id)
    return found is not None and found.organisation_id != found.plant_id
