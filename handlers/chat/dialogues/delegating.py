"""代签 in the chat: letting a colleague sign for a while, seeing what stands, withdrawing it.

/delegate → who → which acts → gravest grade → until when → why → sign | /delegations → withdraw
"""

from __future__ import annotations

import datetime as dt

from core import people, signing
from core.kit import Level, Module, Permission, clock
from core.signing import DelegationFacts
from handlers import text
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.responding import reason
from handlers.chat.dialogues.signing_codes import begin_signing
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing
from handlers.text import mark

GIVE = "signing:delegation:give"
ALL = "*"
EVERYTHING = mark("Everything I may sign")
CHOSEN = (
    "capa:plan:approve",
    "capa:effectiveness:result",
    "capa:close",
    "anomalies:grade:lower",
    "lots:hold:decide",
    "lots:lot:release",
)
"""Acts that are offered one by one; the others are delegated with everything."""


def _says(code: str) -> str:
    return EVERYTHING if code == ALL else signing.act_says(code)


@flow
class Delegate:
    """Let somebody sign for oneself."""

    name = "delegate"

    async def title(self, talk: Talk, context: Answers) -> str:
        """What this is about."""
        return talk.translate("Let somebody sign for you")

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Who, what, how far, how long, why."""
        _ = talk.translate
        colleagues = [
            (str(one.id), one.printed_name)
            for one in await people.persons(talk.actor.plant_id)
            if one.organisation_id == talk.actor.organisation_id and one.id != talk.actor.identity
        ]
        today = clock.in_zone(clock.now(), talk.actor.timezone).date()
        ends = [(n, today + dt.timedelta(days=n)) for n in (1, 7, 14, 30)]
        return [
            Question(
                key="delegate",
                ask=Ask.CHOICE,
                text=_("Who may sign for you?"),
                choices=flows.choices(colleagues),
            ),
            Question(
                key="act",
                ask=Ask.CHOICE,
                text=_("What may they sign?"),
                choices=flows.choices([(code, _(_says(code))) for code in (ALL, *CHOSEN)]),
            ),
            Question(
                key="grade",
                ask=Ask.CHOICE,
                text=_("Up to which grade?"),
                choices=flows.choices([("A", _("A Critical")), ("B", _("B Major")), ("C", _("C Minor"))]),
            ),
            Question(
                key="until",
                ask=Ask.DATE,
                text=_("Until the end of which day?"),
                hint=_("Tap one, or type a day like 2026-12-01."),
                offers=tuple(
                    Choice(value=day.isoformat(), label=_("in {n} days").format(n=n)) for n, day in ends
                ),
            ),
            reason(talk, _("Why? For example your leave or a journey. It goes on the record.")),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Sign it."""
        day = dt.date.fromisoformat(str(answers["until"]))
        end = dt.datetime.combine(
            day + dt.timedelta(days=1),
            dt.time(),
            tzinfo=clock.in_zone(clock.now(), talk.actor.timezone).tzinfo,
        )
        acts = [] if answers["act"] == ALL else [str(answers["act"])]
        await begin_signing(
            talk,
            GIVE,
            {
                "delegate_id": int(str(answers["delegate"])),
                "acts": acts,
                "worst_grade": str(answers["grade"]),
                "until": clock.utc(end).isoformat(),
                "reason": str(answers["reason"]),
            },
        )


@commands("delegate", "代签")
async def delegate(talk: Talk, _said: str) -> None:
    """/delegate: let a colleague sign for you until a day."""
    talk.actor.must(Permission(Module.SIGNING, Level.WORK))
    await form.begin(talk, Delegate.name, {})


async def _card(talk: Talk, one: DelegationFacts) -> Outgoing:
    _ = talk.translate
    giver, holder = await people.person(one.delegator_id), await people.person(one.delegate_id)
    button = Button(
        text=_("End this delegation"),
        data=talk.press.token(
            action=int(Action.DELEGATION_END), object_id=one.id, person_id=talk.actor.identity
        ),
    )
    return Outgoing(
        head=_("✍ {delegate} signs for {delegator}").format(
            delegate=holder.printed_name, delegator=giver.printed_name
        ),
        facts=(
            (_("What may they sign?"), ", ".join(_(_says(code)) for code in one.acts or (ALL,))),
            (_("Up to which grade?"), one.worst_grade or "A"),
            (_("Valid until"), text.moment(one.until, talk.actor.timezone)),
            (_("Reason"), one.reason),
        ),
        buttons=((button,),),
    )


@commands("delegations", "代签清单")
async def delegations(talk: Talk, _said: str) -> None:
    """/delegations: what stands, given and held, each with a button that ends it."""
    _ = talk.translate
    found = await signing.delegations_of(talk.actor.identity)
    if not found:
        await talk.say(_("Nobody signs for you, and you sign for nobody. /delegate begins it."))
    for one in found[:8]:
        await talk.reply(await _card(talk, one))


@taps(Action.DELEGATION_END)
async def _end(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    ended = await signing.withdraw_delegation(talk.actor, tap.object_id, _("ended in the chat"))
    await talk.say(_("Ended: {number}. What was signed stays on the record.").format(number=ended.number))
