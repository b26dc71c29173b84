"""Invitations: a person's chat account is bound once, by a token that lives a day and works once."""

from __future__ import annotations

import datetime as dt

from tortoise.exceptions import IntegrityError

from core import ledger
from core.kit import Actor, Level, Module, NotFound, current, system, unit_of_work, verb
from core.ledger import Kind
from core.people import queries, tokens
from core.people.errors import (
    AccountTaken,
    Inactive,
    InviteElsewhere,
    InviteExpired,
    InviteUnknown,
    InviteUsed,
)
from core.people.models import ChatIdentity, Invite, Person

LIFETIME = dt.timedelta(hours=24)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.PERSON_INVITE)
async def invite(actor: Actor, person_id: int, channel: str | None = None) -> str:
    """Make an invitation for a person; the token is given out once and never again.

    ``channel`` bounds it to one messenger.

    Raises:
        NotFound: no such active person in this plant.
    """
    found = await queries.person(person_id)
    if found.plant_id != actor.plant_id or not found.active:
        raise NotFound(what=f"#{person_id}")
    token = tokens.fresh()
    made = await Invite.create(
        token_hash=tokens.hashed(token),
        person_id=person_id,
        channel=channel,
        made_by=actor.person_id,
        expires_at=current().now + LIFETIME,
    )
    await ledger.append(
        Kind.PERSON_INVITE, actor, rows=[made], facts={"person": person_id, "channel": channel}
    )
    return token


async def _use_up(token: str, channel: str) -> Invite:
    """Spend the invitation in one conditional update, so that of many who try, one is let in."""
    now = current().now
    found = await Invite.get_or_none(token_hash=tokens.hashed(token))
    if found is None or not tokens.same(token, found.token_hash):
        raise InviteUnknown
    if found.used_at is not None:
        raise InviteUsed
    if found.channel is not None and found.channel != channel:
        raise InviteElsewhere
    if found.expires_at <= now:
        raise InviteExpired
    if not await Invite.filter(id=found.id, used_at=None).update(used_at=now):
        raise InviteUsed
    found.used_at = now
    return found


async def _account(channel: str, tenant: str, account: str, chat_ref: str, person_id: int) -> ChatIdentity:
    """The account's one row, made when it is new; two at once make one row, and one person has it."""
    now = current().now
    held = ChatIdentity.filter(channel=channel, tenant=tenant, account=account).select_for_update()
    row = await held.get_or_none()
    if row is None:
        try:
            async with unit_of_work():
                row = await ChatIdentity.create(
                    channel=channel,
                    tenant=tenant,
                    account=account,
                    chat_ref=chat_ref,
                    person_id=person_id,
                    bound_at=now,
                    last_used_at=now,
                )
        except IntegrityError:  # another process made it just now
            row = await held.get()
    if row.person_id != person_id:
        raise AccountTaken
    row.chat_ref, row.active, row.last_used_at = chat_ref, True, now
    await row.save()
    return row


@verb(None, None, Kind.IDENTITY_BIND)
async def _accept(actor: Actor, account: str, chat_ref: str, token: str, tenant: str) -> Actor:
    """Bind a messenger account; the invitation is the proof."""
    channel = actor.channel
    invited = await _use_up(token, channel)
    person_id = invited.person_id
    person = await Person.select_for_update().get(id=person_id)
    if not person.active:
        raise Inactive
    identity = await _account(channel, tenant, account, chat_ref, person_id)
    earlier = await ChatIdentity.filter(
        channel=channel, tenant=tenant, person_id=person_id, active=True
    ).exclude(id=identity.id)
    for old in earlier:
        old.active = False
        await old.save()
    await ledger.append(
        Kind.IDENTITY_BIND,
        system(person.plant_id, channel=channel, correlation=actor.correlation),
        rows=[invited, identity, *earlier],
        facts={"person": person_id, "channel": channel, "ended": [old.id for old in earlier]},
    )
    return await queries.actor_of(person_id, channel, correlation=actor.correlation)


async def accept_invite(
    channel: str, account: str, chat_ref: str, token: str, tenant: str = "", *, correlation: str = ""
) -> Actor:
    """Bind a messenger account to the invited person; answers the actor they are from now on.

    One account a messenger: an account bound earlier in the same messenger ends (NMPA D-22c). A refusal leaves
    the invitation as it was.

    Raises:
        InviteUnknown, InviteExpired, InviteUsed, InviteElsewhere: the token does not open anything here.
        AccountTaken: the account belongs, or once belonged, to another person.
        Inactive: the person's access has ended since.
    """
    return await _accept(
        system(0, channel=channel, correlation=correlation), account, chat_ref, token, tenant
    )
