"""Every dialogue is a form: questions one at a time, a summary, a confirmation. State lives in the draft.

begin → question … question → summary → confirm → finish
          ↑ /back   ↓ change          ↓ /cancel at any time: nothing is recorded
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol, runtime_checkable

from core import drafts, evidence, lots
from core.drafts import Dialogue
from core.kit import Refusal
from handlers.chat.actions import Action
from handlers.chat.question import Ask, Choice, NotAChoice, Question, TextWanted, read_typed
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Came, Outgoing

SUMMARY = "_summary"
CHANGE = "_change"
BACK, CANCEL, SKIP, DONE, CONFIRM, EDIT = 1000, 1001, 1002, 1003, 1004, 1005
PICK = 1100
OFFER = 500
SPOKEN = {
    "确认": CONFIRM,
    "confirm": CONFIRM,
    "完成": DONE,
    "done": DONE,
    "跳过": SKIP,
    "skip": SKIP,
    "修改": EDIT,
    "change": EDIT,
}
ALBUM_PAUSE = dt.timedelta(milliseconds=800)

Answers = dict[str, object]


class TooManyPhotos(Refusal):
    """More photos than the question takes."""

    says = "{most} photos are the most one report takes; this one was left out. Tap Done to go on."


class TooFewPhotos(Refusal):
    """Fewer photos than the question needs."""

    says = "At least {least} photo is needed. Please take one now and send it."


class Flow(Protocol):
    """A dialogue: what it asks, how it sums up, what it does in the end."""

    name: str

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """The questions, given what was answered so far; texts in the reader's language."""

    async def title(self, talk: Talk, context: Answers) -> str:
        """What the dialogue is about, one short line."""

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Do what was confirmed, and answer."""


@runtime_checkable
class Checking(Protocol):
    """A dialogue that refuses some answers at once, before the next question."""

    async def check(self, talk: Talk, context: Answers, key: str, value: object) -> None:
        """Refuse an answer by raising; say nothing when it is fine."""


FLOWS: dict[str, Flow] = {}


def flow(made: type[Flow]) -> type[Flow]:
    """Register a dialogue by its name."""
    FLOWS[made.name] = made()
    return made


async def begin(talk: Talk, name: str, context: Answers | None = None) -> None:
    """Start a dialogue in this chat and ask its first question."""
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
    await ask(talk, dialogue)


async def cancel(talk: Talk, dialogue: Dialogue) -> None:
    """End a dialogue without recording anything."""
    _ = talk.translate
    await drafts.end(dialogue.id)
    await talk.say(_("Stopped. Nothing was recorded. Send /start when you want to begin again."))


async def ask(talk: Talk, dialogue: Dialogue, *, trouble: str = "") -> None:
    """Put the present question (or the summary) on the screen, with what was wrong before it if anything."""
    running = FLOWS[dialogue.flow]
    asked = await running.questions(talk, dialogue.context, dialogue.answers)
    if dialogue.step == CHANGE:
        await talk.reply(_choose_change(talk, dialogue, asked))
        return
    question = next((one for one in asked if one.key == dialogue.step), None)
    if question is None:
        await talk.reply(await _summary(talk, dialogue, asked, trouble))
        return
    count = [one.key for one in asked].index(question.key) + 1
    title = await running.title(talk, dialogue.context)
    await talk.reply(
        Outgoing(
            head=f"{title}  {count}/{len(asked)}" if len(asked) > 1 else title,
            body=f"{trouble}\n{question.text}" if trouble else question.text,
            hint=question.hint,
            buttons=_question_buttons(talk, dialogue, question, first=count == 1),
        )
    )


def _press(talk: Talk, dialogue: Dialogue, label: str, argument: int) -> Button:
    return talk.button(label, Action.DIALOGUE, dialogue.id, revision=dialogue.revision, argument=argument)


def _rows(buttons: list[Button]) -> list[tuple[Button, ...]]:
    """Two short labels share a row; a long one gets its own, so that thumbs hit and eyes read."""
    rows: list[tuple[Button, ...]] = []
    short: list[Button] = []
    for one in buttons:
        width = sum(2 if ord(char) > 0x2E80 else 1 for char in one.text)  # noqa: PLR2004  CJK starts here
        if width > 16:  # noqa: PLR2004  half a phone's width
            rows += [tuple(short)] if short else []
            short = []
            rows.append((one,))
            continue
        short.append(one)
        if len(short) == 2:  # noqa: PLR2004
            rows.append(tuple(short))
            short = []
    return rows + ([tuple(short)] if short else [])


def _question_buttons(
    talk: Talk, dialogue: Dialogue, question: Question, *, first: bool
) -> tuple[tuple[Button, ...], ...]:
    _ = talk.translate
    rows = _rows(
        [_press(talk, dialogue, one.label, index) for index, one in enumerate(question.choices)]
        + [_press(talk, dialogue, one.label, OFFER + index) for index, one in enumerate(question.offers)]
    )
    if question.ask is Ask.PHOTOS and len(_photo_list(dialogue, question)) >= max(question.least, 1):
        rows.append((_press(talk, dialogue, _("Done ✓"), DONE),))
    last: list[Button] = []
    if not question.required:
        last.append(_press(talk, dialogue, _("Skip"), SKIP))
    if not first or dialogue.context.get("_return"):
        last.append(_press(talk, dialogue, _("◀ Back"), BACK))
    last.append(_press(talk, dialogue, _("Cancel"), CANCEL))
    return (*rows, tuple(last))


def _photo_list(dialogue: Dialogue, question: Question) -> list[int]:
    kept = dialogue.answers.get(question.key)
    return [int(one) for one in kept] if isinstance(kept, list) else []


async def shown(talk: Talk, question: Question, value: object) -> str:
    """Write an answer as the summary shows it: the label of a choice, the wall clock of a moment."""
    _ = talk.translate
    if value is None:
        return "–"
    for one in (*question.choices, *question.offers):
        if one.value == value and question.ask is Ask.CHOICE:
            return one.label
    if question.ask is Ask.PHOTOS and isinstance(value, list):
        return _("{n} photos").format(n=len(value))
    if question.ask is Ask.WHEN:
        return talk.moment(dt.datetime.fromisoformat(str(value)))
    return str(value)


async def _summary(talk: Talk, dialogue: Dialogue, asked: list[Question], trouble: str) -> Outgoing:
    _ = talk.translate
    facts = [
        (one.text.split("\n")[0], await shown(talk, one, dialogue.answers.get(one.key))) for one in asked
    ]
    return Outgoing(
        head=await FLOWS[dialogue.flow].title(talk, dialogue.context),
        body=trouble or _("Please check. Is everything right?"),
        facts=tuple(facts),
        buttons=(
            (_press(talk, dialogue, _("Confirm ✓"), CONFIRM),),
            (
                _press(talk, dialogue, _("Change"), EDIT),
                _press(talk, dialogue, _("◀ Back"), BACK),
                _press(talk, dialogue, _("Cancel"), CANCEL),
            ),
        ),
    )


def _choose_change(talk: Talk, dialogue: Dialogue, asked: list[Question]) -> Outgoing:
    _ = talk.translate
    picks = [
        _press(talk, dialogue, one.text.split("\n")[0][:40], PICK + index) for index, one in enumerate(asked)
    ]
    return Outgoing(
        body=_("Which answer do you want to change?"),
        buttons=(*_rows(picks), (_press(talk, dialogue, _("◀ Back"), BACK),)),
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
    if tap.argument == CANCEL:
        await cancel(talk, dialogue)
    elif tap.argument == BACK:
        await back(talk, dialogue)
    elif tap.argument == CONFIRM and dialogue.step == SUMMARY:
        await _confirm(talk, dialogue)
    elif tap.argument == EDIT and dialogue.step == SUMMARY:
        await ask(talk, await _move(dialogue, CHANGE))
    else:
        await _tapped_answer(talk, dialogue, tap.argument)


async def _tapped_answer(talk: Talk, dialogue: Dialogue, argument: int) -> None:
    asked = await FLOWS[dialogue.flow].questions(talk, dialogue.context, dialogue.answers)
    if dialogue.step == CHANGE and PICK <= argument < PICK + len(asked):
        moved = await _move(
            dialogue, asked[argument - PICK].key, context={**dialogue.context, "_return": True}
        )
        await ask(talk, moved)
        return
    question = next((one for one in asked if one.key == dialogue.step), None)
    if question is None:
        await ask(talk, dialogue)
        return
    if argument == SKIP and not question.required:
        await _answered(talk, dialogue, question, None)
    elif argument == DONE and question.ask is Ask.PHOTOS:
        photos = _photo_list(dialogue, question)
        if len(photos) < question.least:
            raise TooFewPhotos(least=question.least)
        await _answered(talk, dialogue, question, photos)
    elif argument < len(question.choices):
        await _answered(talk, dialogue, question, question.choices[argument].value)
    elif OFFER <= argument < OFFER + len(question.offers):
        await _answered(talk, dialogue, question, question.offers[argument - OFFER].value)
    else:
        raise NotAChoice


async def answered(talk: Talk, dialogue: Dialogue) -> None:
    """Take what was typed or photographed as the answer to the present question.

    Raises:
        Refusal: it is no answer; the draft is unchanged and the question stands.
    """
    _ = talk.translate
    asked = await FLOWS[dialogue.flow].questions(talk, dialogue.context, dialogue.answers)
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
        lot = await lots.find(talk.actor, talk.incoming.text)
        await _answered(talk, dialogue, question, lot.number)
        return
    await _answered(talk, dialogue, question, read_typed(question, talk.incoming.text, talk.actor.timezone))


async def _said_a_button(talk: Talk, dialogue: Dialogue, question: Question | None) -> bool:
    """Words do what their buttons do, for people who type or dictate; answers whether one was said."""
    if talk.incoming.came is not Came.TEXT:
        return False
    meant = SPOKEN.get(talk.incoming.text.strip().casefold())
    if meant == CONFIRM and dialogue.step == SUMMARY:
        await _confirm(talk, dialogue)
    elif meant == EDIT and dialogue.step == SUMMARY:
        await ask(talk, await _move(dialogue, CHANGE))
    elif question is not None and (
        (meant == DONE and question.ask is Ask.PHOTOS) or (meant == SKIP and not question.required)
    ):
        await _tapped_answer(talk, dialogue, meant)
    else:
        return False
    return True


async def _photographed(talk: Talk, dialogue: Dialogue, question: Question) -> None:
    _ = talk.translate
    if question.ask is not Ask.PHOTOS:
        raise TextWanted
    if isinstance(talk.received, Refusal):
        raise talk.received
    if talk.received is None:
        raise NotAChoice
    photos = _photo_list(dialogue, question)
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
            body=_("{n} photos received. Send more, or tap Done.").format(n=len(photos)),
            buttons=_question_buttons(talk, moved, question, first=False),
        ),
        replaces=f"photos:{dialogue.id}",
        after=ALBUM_PAUSE,
    )


async def _answered(talk: Talk, dialogue: Dialogue, question: Question, value: object) -> None:
    """Store an answer and go to the next open question, or back to the summary when one was changed."""
    running = FLOWS[dialogue.flow]
    if isinstance(running, Checking):
        await running.check(talk, dialogue.context, question.key, value)
    answers = {**dialogue.answers, question.key: value}
    context = dict(dialogue.context)
    returning = bool(context.pop("_return", False))
    asked = await running.questions(talk, context, answers)
    answers = {key: kept for key, kept in answers.items() if key in {one.key for one in asked}}
    trail = (*[key for key in dialogue.asked if key != question.key], question.key)
    open_keys = [one.key for one in asked if one.key not in answers]
    step = open_keys[0] if open_keys else SUMMARY
    if returning and not open_keys:
        step = SUMMARY
    moved = await drafts.advance(dialogue.id, step=step, answers=answers, asked=trail, context=context)
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


def choices(pairs: list[tuple[str, str]]) -> tuple[Choice, ...]:
    """Make choices of (value, label) pairs."""
    return tuple(Choice(value=value, label=label) for value, label in pairs)
