"""/twopeople: what waits for a second person, each to be read and signed by a head with a tap."""

from __future__ import annotations

from core import people, signing
from core.kit import Level, Module, Permission
from handlers.chat.actions import Action
from handlers.chat.router import commands
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing

SHOWN = 8


@commands("twopeople", "双人事项", "待第二人")
async def waiting(talk: Talk, _said: str) -> None:
    """What was asked for and not signed yet; heads get the buttons that begin the ceremony."""
    _ = talk.translate
    talk.actor.must(Permission(Module.PEOPLE, Level.READ))
    found = await signing.waiting_proposals(talk.actor.plant_id)
    await talk.viewed("acts of two people")
    if not found:
        await talk.say(_("Nothing waits for a second person."))
        return
    shown = found[:SHOWN]
    head = bool(set(signing.HEADS) & talk.actor.roles)
    lines = [
        (
            one.number,
            _("{title} · asked by {name} · until {time}").format(
                title=_(one.title),
                name=(await people.person(one.asked_by)).printed_name,
                time=talk.moment(one.expires_at),
            ),
        )
        for one in shown
    ]
    await talk.reply(
        Outgoing(
            head=_("Waiting for a second person ({n})").format(n=len(found)),
            facts=tuple(lines),
            hint="" if head else _("A head signs it here in the chat."),
            buttons=tuple(
                (
                    talk.button(
                        _("Read and sign: {number}").format(number=one.number), Action.PROPOSAL_SIGN, one.id
                    ),
                )
                for one in shown
                if head and one.asked_by != talk.actor.person_id
            ),
        )
    )
