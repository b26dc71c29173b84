"""Every dialogue is a form: questions one at a time, a summary, a confirmation. State lives in the draft.

begin → question … question → summary → confirm → finish
          ↑ /back   ↓ change          ↓ /cancel at any time: nothing is recorded
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from core import drafts, evidence, lots
from core.drafts import Dialogue
from core.kit import Refusal
from handlers import text
from handlers.chat import flows, screens
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.flows import FLOWS, Answers, Checking
from handlers.chat.question import Ask, NotAChoice, Question, TextWanted, read_typed
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Came, Incoming, Outgoing

_NEAREST = "_nearest"
LOT = "lot"
"""The key of every question for a lot; its answer may be photographed."""
FILE = "file"
"""Where a dialogue about a file keeps its place: organisation/digest."""
SUMMARY = "_summary"
CHANGE = "_change"
SPOKEN = {
    "确认": screens.CONFIRM,
    "confirm": screens.CONFIRM,
    "完成": screens.DONE,
    "done": screens.DONE,
    "跳过": screens.SKIP,
    "skip": screens.SKIP,
    "修改": screens.EDIT,
    "change": screens.EDIT,
}
ALBUM_PAUSE = dt.timedelta(milliseconds=800)


class TooManyPhotos(Refusal):
    """More photos than the question takes."""

    says = "{most} photos are the most one report takes; this one was left out. Tap Done to go on."


class TooFewPhotos(Refusal):
    """Fewer photos than the question needs."""

    says = "At least {least} photo is needed. Please take one now and send it."


def progress_key(incoming: Incoming) -> str:
    """What the sentence that work has begun is replaced by, while nobody has read it."""
    return f"progress:{incoming.channel}:{incoming.update_id}"


def confirms(dialogue: Dialogue, tap: Tap | None, said: str) -> bool:
    """Whether a tap or a word confirms the summary of the running dialogue."""
    if dialogue.step != SUMMARY:
        return False
    if tap is None:
        return SPOKEN.get(said.strip().casefold()) == screens.CONFIRM
    mine = tap.object_id == dialogue.id and tap.revision == dialogue.revision % 65536
    return mine and tap.argument == screens.CONFIRM


async def _questions(talk: Talk, dialogue: Dialogue, answers: Answers, context: Answers) -> list[Question]:
    """What the dialogue asks now; a lot that was not found is asked with the numbers that look alike."""
    asked = await FLOWS[dialogue.flow].questions(talk, context, answers)
    alike = context.get(_NEAREST)
    if not isinstance(alike, list):
        return asked
    offers = flows.choices([(str(one), str(one)) for one in alike])
    return [
        dataclasses.replace(one, offers=offers) if one.ask is Ask.LOT and one.key == dialogue.step else one
        for one in asked
    ]


async def begin(
    talk: Talk, name: str, context: Answers | None = None, *, answers: Answers | None = None
) -> None:
    """Start a dialogue in this chat and ask its first question; ``answers`` are what is known already."""
    asked = await FLOWS[name].questions(talk, context or {}, {})
    first = asked[0].key if asked else SUMMARY
    dialogue = await drafts.start(
        talk.actor,
        channel=talk.incoming.channel,
        chat_ref=talk.incoming.chat_ref,
        flow=name,
        step=first,
        context=context,
    )
    if answers:
        dialogue = await drafts.advance(
            dialogue.id, step=first, answers=answers, asked=(), context=dialogue.context
        )
    await ask(talk, dialogue)


async def cancel(talk: Talk, dialogue: Dialogue) -> None:
    """End a dialogue without recording anything."""
    _ = talk.translate
    await drafts.end(dialogue.id)
    await talk.say(
        _("Stopped. Nothing was recorded. Send /start when you want to begin again."),
        buttons=((talk.button(_("Menu"), Action.HOME, 0),),),
    )


async def ask(talk: Talk, dialogue: Dialogue, *, trouble: str = "") -> None:
    """Put the present question (or the summary) on the screen, with what was wrong before it if anything."""
    running = FLOWS[dialogue.flow]
    asked = await _questions(talk, dialogue, dialogue.answers, dialogue.context)
    if dialogue.step == CHANGE:
        await talk.reply(screens.choose_change(talk, dialogue, asked))
        return
    question = next((one for one in asked if one.key == dialogue.step), None)
    if question is None:
        await talk.reply(await screens.summary(talk, dialogue, asked, trouble))
        return
    count = [one.key for one in asked].index(question.key) + 1
    title = await running.title(talk, dialogue.context)
    await talk.reply(
        Outgoing(
            head=f"{title}  {count}/{len(asked)}" if len(asked) > 1 else title,
            body=f"{trouble}\n{question.text}" if trouble else question.text,
            hint=question.hint,
            buttons=screens.question_buttons(talk, dialogue, question, first=count == 1),
        )
    )


async def tapped(talk: Talk, dialogue: Dialogue) -> None:
    """Take a button press inside the running dialogue; a button of an earlier question re-asks the present one."""
    _ = talk.translate
    tap = talk.tap
    if tap is None or tap.object_id != dialogue.id or tap.revision != dialogue.revision % 65536:
        await ask(
            talk, dialogue, trouble=_("That button belongs to an earlier question. Here is the present one.")
        )
        return
    if tap.argument == screens.CANCEL:
        await cancel(talk, dialogue)
    elif tap.argument == screens.BACK:
        await back(talk, dialogue)
    elif tap.argument == screens.CONFIRM and dialogue.step == SUMMARY:
        await _confirm(talk, dialogue)
    elif tap.argument == screens.EDIT and dialogue.step == SUMMARY:
        await ask(talk, await _move(dialogue, CHANGE))
    else:
        await _tapped_answer(talk, dialogue, tap.argument)


async def _tapped_answer(talk: Talk, dialogue: Dialogue, argument: int) -> None:
    asked = await _questions(talk, dialogue, dialogue.answers, dialogue.context)
    if dialogue.step == CHANGE and screens.PICK <= argument < screens.PICK + len(asked):
        moved = await _move(
            dialogue, asked[argument - screens.PICK].key, context={**dialogue.context, "_return": True}
        )
        await ask(talk, moved)
        return
    question = next((one for one in asked if one.key == dialogue.step), None)
    if question is None:
        await ask(talk, dialogue)
        return
    if argument == screens.SKIP and not question.required:
        await _answered(talk, dialogue, question, None)
    elif argument == screens.DONE and question.ask is Ask.PHOTOS:
        photos = screens.photo_list(dialogue, question)
        if len(photos) < question.least:
            raise TooFewPhotos(least=question.least)
        await _answered(talk, dialogue, question, photos)
    elif argument < len(question.choices):
        await _answered(talk, dialogue, question, question.choices[argument].value)
    elif screens.OFFER <= argument < screens.OFFER + len(question.offers):
        await _answered(talk, dialogue, question, question.offers[argument - screens.OFFER].value)
    else:
        raise NotAChoice


async def answered(talk: Talk, dialogue: Dialogue) -> None:
    """Take what was typed or photographed as the answer to the present question.

    Raises:
        Refusal: it is no answer; the draft is unchanged and the question stands.
    """
    _ = talk.translate
    asked = await _questions(talk, dialogue, dialogue.answers, dialogue.context)
    question = next((one for one in asked if one.key == dialogue.step), None)
    if await _said_a_button(talk, dialogue, question):
        return
    if question is None:
        await ask(talk, dialogue, trouble=_("Please use the buttons to confirm or change."))
        return
    if talk.incoming.came in (Came.PHOTO, Came.FILE):
        await _photographed(talk, dialogue, question)
        return
    if talk.incoming.came is not Came.TEXT:
        raise NotAChoice if question.choices else TextWanted
    if question.ask is Ask.LOT:
        await _lot_named(talk, dialogue, question)
        return
    await _answered(talk, dialogue, question, read_typed(question, talk.incoming.text, talk.actor.timezone))


async def _lot_named(talk: Talk, dialogue: Dialogue, question: Question) -> None:
    """Take a lot number or a label, typed, pasted or photographed; what is not sure is offered as buttons."""
    _ = talk.translate
    if isinstance(talk.codes, Refusal):
        raise talk.codes
    try:
        if talk.incoming.came is Came.TEXT:
            found = await lots.of_text(talk.actor, talk.incoming.text)
        else:
            found = await lots.of_codes(talk.actor, talk.codes)
    except lots.LotUnknownNearest as unknown:
        await _offer(talk, dialogue, unknown.nearest, text.said(unknown, talk.actor.locale))
        return
    if found.lot is None:
        await _offer(talk, dialogue, [one.number for one in found.lots], _("Which of these lots is it?"))
        return
    if found.expired:
        await talk.say(_("⚠ Lot {number} is past its date.").format(number=found.lot.number))
    await _answered(talk, dialogue, question, found.lot.number)


async def _offer(talk: Talk, dialogue: Dialogue, numbers: Sequence[str], why: str) -> None:
    """Ask again with these numbers as buttons; the answers so far stay."""
    moved = await _move(dialogue, dialogue.step, context={**dialogue.context, _NEAREST: list(numbers)})
    await ask(talk, moved, trouble=f"⚠ {why}")


async def _said_a_button(talk: Talk, dialogue: Dialogue, question: Question | None) -> bool:
    """Words do what their buttons do, for people who type or dictate; answers whether one was said."""
    if talk.incoming.came is not Came.TEXT:
        return False
    meant = SPOKEN.get(talk.incoming.text.strip().casefold())
    if meant == screens.CONFIRM and dialogue.step == SUMMARY:
        await _confirm(talk, dialogue)
    elif meant == screens.EDIT and dialogue.step == SUMMARY:
        await ask(talk, await _move(dialogue, CHANGE))
    elif question is not None and (
        (meant == screens.DONE and question.ask is Ask.PHOTOS)
        or (meant == screens.SKIP and not question.required)
    ):
        await _tapped_answer(talk, dialogue, meant)
    else:
        return False
    return True


async def _photographed(talk: Talk, dialogue: Dialogue, question: Question) -> None:
    _ = talk.translate
    if isinstance(talk.received, Refusal) and question.ask in (Ask.PHOTOS, Ask.LOT):
        raise talk.received
    if question.ask is Ask.LOT:
        await _lot_named(talk, dialogue, question)
        return
    if question.ask is not Ask.PHOTOS:
        raise TextWanted
    if talk.received is None or isinstance(talk.received, Refusal):
        raise NotAChoice
    if not (question.documents or talk.received.kind.is_picture):
        raise evidence.NotAPicture
    photos = screens.photo_list(dialogue, question)
    if len(photos) >= question.most:
        raise TooManyPhotos(most=question.most)
    kept = await evidence.keep(talk.actor, talk.received)
    if kept.id not in photos:
        photos.append(kept.id)
    moved = await drafts.advance(
        dialogue.id,
        step=dialogue.step,
        answers={**dialogue.answers, question.key: photos},
        asked=dialogue.asked,
        context=dialogue.context,
    )
    await talk.reply(
        Outgoing(
            body=(
                _("Files received: {n}. Send more, or tap Done.")
                if question.documents
                else _("Photos received: {n}. Send more, or tap Done.")
            ).format(n=len(photos)),
            buttons=screens.question_buttons(talk, moved, question, first=False),
        ),
        replaces=f"photos:{dialogue.id}",
        after=ALBUM_PAUSE,
    )


async def _answered(talk: Talk, dialogue: Dialogue, question: Question, value: object) -> None:
    """Store an answer and go to the next open question, or back to the summary when one was changed."""
    running = FLOWS[dialogue.flow]
    if isinstance(running, Checking):
        await running.check(talk, dialogue.context, dialogue.answers, question.key, value)
    answers = {**dialogue.answers, question.key: value}
    context = dict(dialogue.context)
    returning = bool(context.pop("_return", False))
    context.pop(_NEAREST, None)
    asked = await running.questions(talk, context, answers)
    answers = {key: kept for key, kept in answers.items() if key in {one.key for one in asked}}
    trail = (*[key for key in dialogue.asked if key != question.key], question.key)
    open_keys = [one.key for one in asked if one.key not in answers]
    step = open_keys[0] if open_keys else SUMMARY
    if returning and not open_keys:
        step = SUMMARY
    moved = await drafts.advance(dialogue.id, step=step, answers=answers, asked=trail, context=context)
    if step == SUMMARY and getattr(running, "at_once", False):
        await _confirm(talk, moved)
        return
    await ask(talk, moved)


async def back(talk: Talk, dialogue: Dialogue) -> None:
    """Return to the question before this one; its answer is asked again."""
    _ = talk.translate
    if dialogue.context.get("_return") or dialogue.step == CHANGE:
        context = {key: value for key, value in dialogue.context.items() if key != "_return"}
        await ask(talk, await _move(dialogue, SUMMARY, context=context))
        return
    if not dialogue.asked:
        await ask(talk, dialogue, trouble=_("This is the first question."))
        return
    *trail, last = dialogue.asked
    answers = {key: value for key, value in dialogue.answers.items() if key != last}
    moved = await drafts.advance(
        dialogue.id, step=last, answers=answers, asked=tuple(trail), context=dialogue.context
    )
    await ask(talk, moved)


async def _move(dialogue: Dialogue, step: str, *, context: Answers | None = None) -> Dialogue:
    return await drafts.advance(
        dialogue.id,
        step=step,
        answers=dialogue.answers,
        asked=dialogue.asked,
        context=dialogue.context if context is None else context,
    )


async def _confirm(talk: Talk, dialogue: Dialogue) -> None:
    context = {key: value for key, value in dialogue.context.items() if not key.startswith("_")}
    await FLOWS[dialogue.flow].finish(talk, context, dict(dialogue.answers))
    await drafts.end(dialogue.id)
