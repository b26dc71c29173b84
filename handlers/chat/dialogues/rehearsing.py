"""召回演练: a lot is taken for suspect, everything made from it is looked for, and the time it took is kept.

/rehearse → lot → what it reached, where it lies → ✔ end → how many were located → remark → the time it took
"""

from __future__ import annotations

from core import lots
from core.kit import Level, Module, Permission
from core.kit.canonical import decimal_text
from core.lots import LocatedBeyond, RehearsalFacts
from handlers import text
from handlers.chat import form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.containing import totals
from handlers.chat.dialogues.home import reader_of
from handlers.chat.dialogues.tracing import lot_question
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing, Picture

PLACES = 8
_NO_COUNT = 10**9
WORK = Permission(Module.LOTS, Level.WORK)


@commands("rehearse", "召回演练", "recall rehearsal")
async def rehearse(talk: Talk, said: str) -> None:
    """Begin a rehearsal, with a lot that is named at once or asked for."""
    talk.actor.must(WORK)
    if said:
        await _begun(talk, (await lots.find(talk.actor, said)).id)
    else:
        await form.begin(talk, Rehearse.name)


@flow
class Rehearse:
    """Ask which lot is taken for suspect."""

    name = "rehearse"
    at_once = True

    async def title(self, talk: Talk, context: Answers) -> str:
        """What the dialogue is about."""
        return talk.translate("Recall rehearsal")

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """One question."""
        return [await lot_question(talk)]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Begin it."""
        await _begun(talk, (await lots.find(talk.actor, str(answers[form.LOT]))).id)


async def _begun(talk: Talk, lot_id: int) -> None:
    """Begin, and show what has to be located."""
    _ = talk.translate
    begun = await lots.begin_rehearsal(talk.actor, lot_id)
    impact = await lots.impact(talk.actor, lot_id, most=0)
    await talk.viewed(f"recall rehearsal {begun.number}")
    places = [
        (
            one.name or "–",
            _("{n} lots").format(n=one.lots)
            + "".join(f" · {decimal_text(part.amount)} {_(part.unit)}" for part in one.quantities),
        )
        for one in impact.by_place[:PLACES]
    ]
    reached = _("{n} lots affected: {totals}").format(n=begun.lots, totals=totals(talk, impact))
    away = _("{n} of them are shipped.").format(n=begun.shipped) if begun.shipped else ""
    await talk.reply(
        Outgoing(
            head=_("⏱ Recall rehearsal {number}: lot {lot}").format(
                number=begun.number, lot=begun.lot_number
            ),
            body="\n".join(one for one in (reached, away) if one),
            facts=tuple(places),
            hint=_(
                "The clock runs since {time}. Nothing is held by a rehearsal. End it when everything is located."
            ).format(time=talk.moment(begun.begun_at)),
            pictures=(
                Picture(
                    source=f"impact:{lot_id}", alt=_("Impact of lot {number}").format(number=begun.lot_number)
                ),
            ),
            buttons=((reader_of(talk).button(_("✔ End the rehearsal"), Action.REHEARSAL_END, begun.id),),),
        )
    )


@taps(Action.REHEARSAL_END)
async def _end(talk: Talk, tap: Tap) -> None:
    talk.actor.must(WORK)
    found = await lots.rehearsal(talk.actor, tap.object_id)
    if found.ended_at is not None:
        await _told(talk, found)
    else:
        await form.begin(talk, EndRehearsal.name, {"rehearsal": found.id})


@flow
class EndRehearsal:
    """How many were located, and why not all."""

    name = "end_rehearsal"
    at_once = True

    async def title(self, talk: Talk, context: Answers) -> str:
        """The rehearsal."""
        found = await lots.rehearsal(talk.actor, int(str(context["rehearsal"])))
        return talk.translate("End recall rehearsal {number}").format(number=found.number)

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """The count; a reason only where some are missing."""
        _ = talk.translate
        found = await lots.rehearsal(talk.actor, int(str(context["rehearsal"])))
        every = str(found.lots)
        asked = [
            Question(
                key="located",
                ask=Ask.TEXT,
                text=_("How many of the {n} lots were located?").format(n=found.lots),
                limit=6,
                offers=(Choice(value=every, label=_("All {n}").format(n=every)),),
            )
        ]
        if "located" in answers and _count(answers["located"]) != found.lots:
            asked.append(
                Question(key="remark", ask=Ask.TEXT, text=_("Which were not located, and why?"), limit=500)
            )
        return asked

    async def check(self, talk: Talk, context: Answers, answers: Answers, key: str, value: object) -> None:
        """Refuse a count that is none before a reason is asked for."""
        if key == "located":
            found = await lots.rehearsal(talk.actor, int(str(context["rehearsal"])))
            if _count(value) > found.lots:
                raise LocatedBeyond(most=found.lots)

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """End it."""
        ended = await lots.end_rehearsal(
            talk.actor,
            int(str(context["rehearsal"])),
            located=_count(answers["located"]),
            remark=str(answers.get("remark") or ""),
        )
        await _told(talk, ended)


def _count(said: object) -> int:
    """Answer a typed count; one that is too large where it is none."""
    shown = str(said).strip()
    return int(shown) if shown.isascii() and shown.isdecimal() else _NO_COUNT


async def _told(talk: Talk, ended: RehearsalFacts) -> None:
    _ = talk.translate
    if ended.lasted is None:
        return
    await talk.say(
        _("✔ Recall rehearsal {number} of lot {lot}: {located} of {lots} lots located in {time}.").format(
            number=ended.number,
            lot=ended.lot_number,
            located=ended.located,
            lots=ended.lots,
            time=text.duration(ended.lasted, _),
        )
    )
