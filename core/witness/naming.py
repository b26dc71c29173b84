"""Naming witnesses: people and chats of the plant and its partners. An administrator does."""

from __future__ import annotations

import re

from core import ledger, people
from core.kit import Actor, Level, Module, NotFound, current, plain_text, verb
from core.ledger import Kind
from core.people import NeedsReason
from core.witness.errors import NamedAlready, NoSuchChat
from core.witness.models import Witness

_CHANNEL = re.compile(r"[a-z]{2,20}")
_CHAT = re.compile(r"[A-Za-z0-9@:_.\-]{1,80}")
_PAGE = "browser"


def reason_of(text: str) -> str:
    """The reason, cleaned.

    Raises:
        NeedsReason: nothing readable was given.
        TooLong: more than 500 characters.
    """
    said = plain_text.checked(text, limit=500, required=False)
    if not said:
        raise NeedsReason
    return said


async def must_be_known(actor: Actor, organisation_id: int) -> None:
    """Refuse an organisation outside the actor's plant.

    Raises:
        NotFound: no such organisation here.
    """
    if organisation_id not in {one.id for one in await people.organisations(actor.plant_id)}:
        raise NotFound(what=f"#{organisation_id}")


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.WITNESS_NAME)
async def name_person(actor: Actor, person_id: int) -> int:
    """Name a person as a witness; checkpoints reach them in their chat. Answers the witness's id.

    Raises:
        NotFound: no such active person of this plant or its partners.
        NamedAlready: the person is a witness.
    """
    person = await people.person_for(actor, person_id)
    if not person.active:
        raise NotFound(what=f"#{person_id}")
    return await _name(actor, person.organisation_id, person_id=person.id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.WITNESS_NAME)
async def name_chat(actor: Actor, organisation_id: int, channel: str, chat_ref: str) -> int:
    """Name a group chat as a witness: its members' phones keep the copies. Answers the witness's id.

    Raises:
        NotFound: the organisation is not of this plant.
        NoSuchChat: the words do not name a chat.
        NamedAlready: the chat is a witness.
    """
    await must_be_known(actor, organisation_id)
    channel, chat_ref = plain_text.clean(channel), plain_text.clean(chat_ref)
    if not _CHANNEL.fullmatch(channel) or channel == _PAGE or not _CHAT.fullmatch(chat_ref):
        raise NoSuchChat(chat=f"{channel} {chat_ref}"[:60])
    return await _name(actor, organisation_id, channel=channel, chat_ref=chat_ref)


async def _name(
    actor: Actor, organisation_id: int, *, person_id: int | None = None, channel: str = "", chat_ref: str = ""
) -> int:
    if await Witness.exists(
        plant_id=actor.plant_id, person_id=person_id, channel=channel, chat_ref=chat_ref, ended_at=None
    ):
        raise NamedAlready
    row = await Witness.create(
        plant_id=actor.plant_id,
        organisation_id=organisation_id,
        person_id=person_id,
        channel=channel,
        chat_ref=chat_ref,
        named_by=actor.person_id,
        named_at=current().now,
    )
    await ledger.append(
        Kind.WITNESS_NAME,
        actor,
        rows=[row],
        facts={
            "witness": row.id,
            "organisation": organisation_id,
            "person": person_id,
            "channel": channel,
            "chat": chat_ref,
        },
    )
    return int(row.id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.WITNESS_END)
async def relieve(actor: Actor, witness_id: int, reason: str) -> None:
    """End a witness's duty; what they witnessed stays.

    Raises:
        NotFound: no such witness, or relieved before.
        NeedsReason: nothing readable was given.
    """
    why = reason_of(reason)
    row = await Witness.select_for_update().get_or_none(id=witness_id, plant_id=actor.plant_id, ended_at=None)
    if row is None:
        raise NotFound(what=f"#{witness_id}")
    row.ended_at = current().now
    await row.save()
    await ledger.append(
        Kind.WITNESS_END,
        actor,
        rows=[row],
        reason=why,
        facts={"witness": row.id, "organisation": row.organisation_id, "person": row.person_id},
    )
