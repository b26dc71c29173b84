"""模板: empty files of every kind that this person may send, as workbook and as CSV.

template → a file to fill in → sent back (``files``)
"""

from __future__ import annotations

from core import imports
from core.imports import Subject
from core.kit import NotPermitted
from handlers import blanks
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Document, Outgoing

FORMS = ("xlsx", "csv")


@commands("template", "模板", "template", "templates")
async def template(talk: Talk, _said: str) -> None:
    """What can be sent in as a file, with an empty one of each kind."""
    _ = talk.translate
    mine = [one for one in imports.subjects_for(talk.actor) if one in imports.COLUMNS]
    if not mine:
        raise NotPermitted
    every = list(Subject)
    await talk.reply(
        Outgoing(
            head=_("Templates to fill in"),
            body=_(
                "Tap one, fill it in, and send the file here. I check it first; nothing changes before you say so."
            ),
            buttons=tuple(
                tuple(
                    talk.button(
                        f"{_(one.says)} · {kind}", Action.TEMPLATE, every.index(one) + 1, argument=place
                    )
                    for place, kind in enumerate(FORMS)
                )
                for one in mine
            ),
        )
    )


@taps(Action.TEMPLATES)
async def _templates(talk: Talk, _tap: Tap) -> None:
    await template(talk, "")


@taps(Action.TEMPLATE)
async def _template(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    subject, kind = list(Subject)[tap.object_id - 1], FORMS[tap.argument]
    if subject not in imports.subjects_for(talk.actor):
        raise NotPermitted
    locale = talk.actor.locale
    await talk.reply(
        Outgoing(
            body=_("Fill it in and send it here: {name}").format(name=_(subject.says)),
            documents=(
                Document(
                    source=f"template:{subject.value}:{kind}:{locale}",
                    name=blanks.name(subject, kind, locale),
                ),
            ),
        )
    )
