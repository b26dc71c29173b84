"""How a question, the summary and the choice of what to change look: words and buttons, big enough for thumbs."""

from __future__ import annotations

import datetime as dt

from core.drafts import Dialogue
from handlers.chat.actions import Action
from handlers.chat.flows import FLOWS, Previewing
from handlers.chat.question import Ask, Question
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing

BACK, CANCEL, SKIP, DONE, CONFIRM, EDIT = 1000, 1001, 1002, 1003, 1004, 1005
PICK = 1100
OFFER = 500


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


def question_buttons(
    talk: Talk, dialogue: Dialogue, question: Question, *, first: bool
) -> tuple[tuple[Button, ...], ...]:
    """Choices and offers, then what else can be done; ``first``: there is no question to go back to."""
    _ = talk.translate
    rows = _rows(
        [_press(talk, dialogue, one.label, index) for index, one in enumerate(question.choices)]
        + [_press(talk, dialogue, one.label, OFFER + index) for index, one in enumerate(question.offers)]
    )
    if question.ask is Ask.PHOTOS and len(photo_list(dialogue, question)) >= max(question.least, 1):
        rows.append((_press(talk, dialogue, _("Done ✓"), DONE),))
    last: list[Button] = []
    if not question.required:
        last.append(_press(talk, dialogue, _("Skip"), SKIP))
    if not first or dialogue.context.get("_return"):
        last.append(_press(talk, dialogue, _("◀ Back"), BACK))
    last.append(_press(talk, dialogue, _("Cancel"), CANCEL))
    return (*rows, tuple(last))


def photo_list(dialogue: Dialogue, question: Question) -> list[int]:
    """The photos that a question has got so far."""
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
        return (_("Files: {n}") if question.documents else _("Photos: {n}")).format(n=len(value))
    if question.ask is Ask.WHEN:
        return talk.moment(dt.datetime.fromisoformat(str(value)))
    return str(value)


async def summary(talk: Talk, dialogue: Dialogue, asked: list[Question], trouble: str) -> Outgoing:
    """All answers, to be confirmed or changed."""
    _ = talk.translate
    facts = [
        (one.text.split("\n")[0], await shown(talk, one, dialogue.answers.get(one.key))) for one in asked
    ]
    running = FLOWS[dialogue.flow]
    body, confirm = _("Please check. Is everything right?"), _("Confirm ✓")
    if isinstance(running, Previewing):
        body, more = await running.preview(talk, dialogue.context)
        facts, confirm = [*more, *facts], _(running.confirms)
    last = [_press(talk, dialogue, _("Cancel"), CANCEL)]
    if asked:
        change = _press(talk, dialogue, _("Change"), EDIT)
        last = [change, _press(talk, dialogue, _("◀ Back"), BACK), *last]
    return Outgoing(
        head=await running.title(talk, dialogue.context),
        body=trouble or body,
        facts=tuple(facts),
        buttons=((_press(talk, dialogue, confirm, CONFIRM),), tuple(last)),
    )


def choose_change(talk: Talk, dialogue: Dialogue, asked: list[Question]) -> Outgoing:
    """Which answer to change."""
    _ = talk.translate
    picks = [
        _press(talk, dialogue, one.text.split("\n")[0][:40], PICK + index) for index, one in enumerate(asked)
    ]
    return Outgoing(
        body=_("Which answer do you want to change?"),
        buttons=(*_rows(picks), (_press(talk, dialogue, _("◀ Back"), BACK),)),
    )
