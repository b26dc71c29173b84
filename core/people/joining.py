"""Invitations: a person's chat account is bound once, by a token that lives a day and works once."""

from __future__ import annotations

import datetime as dt

from core import ledger
from core.kit import Actor, Level, Module, NotFound, current, system, unit_of_work, verb
from core.ledger import Kind
from core.people import queries, tokens
from core.people.errors import AccountTaken, InviteExpired, InviteUnknown, InviteUsed
from core.people.models import ChatIdentity, Invite

LIFETIME = dt.timedelta(hours=24)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.PERSON_INVITE)
async def invite(actor: Actor, person_id: int, channel: str | None = None) -> str:
    """Make an invitation for a person; the token is given out once and never again.

    Raises:
        NotFound: no such active person in this plant.
    """
    found = await queries.person(person_id)
    if found.plant_id != actor.plant_id or not found.active:
        raise NotFound(what=f"#{person_id}")
    token = tokens.fresh()
    await Invite.create(
        token_hash=tokens.hashed(token),
        person_id=person_id,
        channel=channel,
        made_by=actor.person_id,
        expires_at=current().now + LIFETIME,
    )
    await ledger.append(Kind.PERSON_INVITE, actor, facts={"person": person_id, "channel": channel})
    return token


async def accept_invite(channel: str, account: str, chat_ref: str, token: str, tenant: str = "") -> Actor:
    """Bind a messenger account to the invited person; answers the actor they are from now on.

    Raises:
        InviteUnknown, InviteExpired, InviteUsed: the token does not open anything.
        AccountTaken: the account belongs to another person.
    """
    async with unit_of_work() as work:
        found = await Invite.get_or_none(token_hash=tokens.hashed(token))
        if found is None or (found.channel is not None and found.channel != channel):
            raise InviteUnknown
        if found.used_at is not None:
            raise InviteUsed
        if found.expires_at <= work.now:
            raise InviteExpired
        if not await Invite.filter(id=found.id, used_at=None).update(used_at=work.now):
            raise InviteUsed
        person = await queries.person(found.person_id)
        identity = await ChatIdentity.get_or_none(channel=channel, tenant=tenant, account=account)
        if identity is not None and identity.person_id != person.id:
            raise AccountTaken
        if identity is None:
            identity = await ChatIdentity.create(
                channel=channel,
                tenant=tenant,
                account=account,
                chat_ref=chat_ref,
                person_id=person.id,
                bound_at=work.now,
                last_used_at=work.now,
            )
        else:
            identity.chat_ref, identity.active, identity.last_used_at = chat_ref, True, work.now
            await identity.save()
        await ledger.append(
            Kind.IDENTITY_BIND,
            system(person.plant_id, channel=channel),
            rows=[identity],
            facts={"person": person.id, "channel": channel},
        )
        return await queries.actor_of(person.id, channel)
