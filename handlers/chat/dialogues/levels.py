"""签名级别 in the chat: what each act takes; an administrator asks for another level, a head signs it.

/levels → (administrators) which act → which level → why → the heads are told
"""

from __future__ import annotations

from core import signing
from core.kit import Level, Module, Permission
from core.signing import Level2
from handlers.chat import flows, form
from handlers.chat.dialogues.responding import reason
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import commands
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing
from handlers.text import mark

SET = "signing:policy:set"
LEVELS = {
    Level2.S1: mark("S1 · the account alone"),
    Level2.S2: mark("S2 · code"),
    Level2.S3: mark("S3 · PIN and code"),
    Level2.S4: mark("S4 · passkey"),
}


@flow
class AskForLevel:
    """Ask for another level of an act."""

    name = "level"

    async def title(self, talk: Talk, context: Answers) -> str:
        """What this is about."""
        return talk.translate("Change how an act is signed")

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which act, which level, why."""
        _ = talk.translate
        found = await signing.levels(talk.actor.plant_id)
        return [
            Question(
                key="act",
                ask=Ask.CHOICE,
                text=_("Which act?"),
                choices=flows.choices([(code, _(signing.act_says(code))) for code in found]),
            ),
            Question(
                key="level",
                ask=Ask.CHOICE,
                text=_("What shall it take?"),
                hint=_("S4 takes a passkey of everybody who signs it: let them add one first (/passkeys)."),
                choices=flows.choices(
                    [(one.value, _(LEVELS[one])) for one in Level2 if one is not Level2.S1]
                ),
            ),
            reason(talk, _("Why? It goes on the record.")),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Ask the heads."""
        asked = await signing.propose(
            talk.actor, SET, {"act": answers["act"], "level": answers["level"]}, str(answers["reason"])
        )
        await talk.say(
            talk.translate("{number}: the heads are told. It holds once one of them has signed.").format(
                number=asked.number
            )
        )


@commands("levels", "签名级别")
async def levels(talk: Talk, _said: str) -> None:
    """/levels: what each signed act takes; for administrators also the way to change it."""
    _ = talk.translate
    talk.actor.must(Permission(Module.SIGNING, Level.WORK))
    found = await signing.levels(talk.actor.plant_id)
    await talk.reply(
        Outgoing(
            head=_("✍ How acts are signed here"),
            facts=tuple((_(signing.act_says(code)), _(LEVELS[level])) for code, level in found.items()),
            hint=_("Two people change it: an administrator asks, a head signs."),
        )
    )
    if talk.actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)):
        await form.begin(talk, AskForLevel.name, {})
