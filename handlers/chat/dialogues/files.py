"""文件导入: a file sent into the chat is recognised, tried and shown; one tap brings it in, another takes it back.

file → what it is, how many rows, what it would come to → bring in → what was made
     → its faults by line and column, all of them as a list → the mended file
     → a certificate with another number for the lot → which lot is it? → bring in
"""

from __future__ import annotations

from dataclasses import replace

from core import imports
from core.imports import Faulty, LotNotSaid, LotOfNobody, Report, RunFacts, Subject
from core.kit import NotPermitted, Refusal
from handlers import bringing, text
from handlers.chat import form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues import series_cards
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Document, Outgoing
from handlers.text import mark

FAULTS = 5
LISTED = 6
UNNAMED = (LotNotSaid, LotOfNobody)
UNDOABLE = (Subject.LOTS, Subject.LINKS)


class FileGone(Refusal):
    """The file is not at hand any more."""

    says = "I no longer have this file. Please send it once more."


@commands("file")
async def file(talk: Talk, _said: str) -> None:
    """Try a file that was sent, and show what it is and what would come of it."""
    if isinstance(talk.received, Refusal):
        raise talk.received
    if not imports.subjects_for(talk.actor):
        raise NotPermitted
    if talk.received is None or talk.content is None:
        raise FileGone
    name = talk.received.name or talk.translate("File")
    try:
        mapping, report = await bringing.brought(talk.actor, talk.content, name, dry=True)
    except Faulty as faulty:
        place = f"{talk.received.organisation_id}/{talk.received.sha256}"
        if faulty.faults and all(isinstance(one.why, UNNAMED) for one in faulty.faults):
            await form.begin(
                talk,
                NameLot.name,
                {form.FILE: place, "name": name, "why": text.said(faulty.faults[0].why, talk.actor.locale)},
            )
        else:
            await _faults(talk, faulty, place, name)
        return
    except NotPermitted:
        raise
    except Refusal as why:
        await talk.say(f"⚠ {text.said(why, talk.actor.locale)}", buttons=(_to_templates(talk),))
        return
    if report.before:
        await _before(talk, report)
        return
    await form.begin(
        talk,
        BringIn.name,
        {
            form.FILE: f"{talk.received.organisation_id}/{talk.received.sha256}",
            "name": name,
            "subject": mapping.subject.value,
            "facts": [list(pair) for pair in await _told(talk, report)],
        },
    )


async def _told(talk: Talk, report: Report) -> list[tuple[str, str]]:
    """What a file comes to, in lines."""
    _ = talk.translate
    found = [(_("Rows"), str(report.rows))]
    if report.series is not None:
        found += await series_cards.facts(talk, report.series)
    found += [(_(one.form.says), bringing.report_line(one, talk.actor.locale)) for one in report.reports]
    return found


async def _faults(talk: Talk, faulty: Faulty, place: str, name: str) -> None:
    """The first faults by line and column; all of them as a file when they are many."""
    _ = talk.translate
    locale, count = talk.actor.locale, int(str(faulty.facts["count"]))
    lines = []
    for one in faulty.faults[:FAULTS]:
        where = _("line {line}, {column}") if one.column else _("line {line}")
        where = where if one.line else "{column}"
        lines.append((where.format(line=one.line, column=one.column), text.said(one.why, locale)))
    many = count > FAULTS
    await talk.reply(
        Outgoing(
            head=_("⚠ {name} has faults ({n}); nothing was changed").format(name=name, n=count),
            facts=tuple(lines),
            hint=_("Mend the file and send it again. The list of all faults is in the file above.")
            if many
            else _("Mend the file and send it again."),
            documents=(Document(source=f"faults:{place}", name=_("faults") + ".csv"),) if many else (),
            buttons=(_to_templates(talk),),
        )
    )


async def _before(talk: Talk, report: Report) -> None:
    _ = talk.translate
    number = "" if report.run is None else report.run.number
    await talk.say(
        _("This file was brought in before, as {number}. Nothing was changed.").format(number=number)
    )


@flow
class BringIn:
    """The tried file waits for one tap."""

    name = "bring_in"
    confirms = mark("📥 Bring it in")

    async def title(self, talk: Talk, context: Answers) -> str:
        """What it is."""
        return f"📄 {context['name']} · {talk.translate(Subject(str(context['subject'])).says)}"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """None: everything stands in the file."""
        return []

    async def preview(self, talk: Talk, context: Answers) -> tuple[str, list[tuple[str, str]]]:
        """What would come of it."""
        listed = context.get("facts")
        facts = [(str(pair[0]), str(pair[1])) for pair in listed] if isinstance(listed, list) else []
        return talk.translate("Nothing is wrong with it, and nothing was changed yet. Bring it in?"), facts

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Bring it in, and show what was made."""
        await _bring_in(talk, str(context["name"]))


@flow
class NameLot:
    """A certificate or measuring file has another number for the lot, or none: a person says which lot it is."""

    name = "name_lot"

    async def title(self, talk: Talk, context: Answers) -> str:
        """Which file."""
        return f"📄 {context['name']}"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which lot of ours."""
        return [
            Question(
                key=form.LOT,
                ask=Ask.LOT,
                text=talk.translate("Which lot is it?"),
                hint=str(context["why"]),
            )
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Bring it in for that lot."""
        try:
            await _bring_in(talk, str(context["name"]), lot=str(answers[form.LOT]))
        except Faulty as faulty:
            await _faults(talk, faulty, str(context[form.FILE]), str(context["name"]))


async def _bring_in(talk: Talk, name: str, *, lot: str = "") -> None:
    if talk.content is None:
        raise FileGone
    sealed = None if talk.sealed is None else replace(talk.sealed, name=name)
    _mapping, report = await bringing.brought(
        talk.actor, talk.content, name, dry=False, lot=lot, received=sealed
    )
    if report.before or report.run is None:
        await _before(talk, report)
    elif report.series is not None:
        await series_cards.brought(talk, report.series, report.run.number)
    else:
        await _brought(talk, report, report.run)


async def _brought(talk: Talk, report: Report, run: RunFacts) -> None:
    _ = talk.translate
    made = await imports.made_by(talk.actor, run.id, LISTED)
    rows: list[tuple[Button, ...]] = [
        (talk.button(f"🔎 {one.number}", Action.GENEALOGY_BOTH, one.id),) for one in made
    ]
    of = {one.lot_id: one.lot_number for one in report.reports}
    rows += [
        (talk.button(f"🔎 {number}", Action.GENEALOGY_BOTH, lot),)
        for lot, number in list(of.items())[:LISTED]
    ]
    if run.subject in UNDOABLE:
        rows.append((talk.button(_("↩ Take it back"), Action.IMPORT_UNDO, run.id),))
    await talk.reply(
        Outgoing(
            head=_("📥 Brought in as {number} · rows: {rows}").format(number=run.number, rows=report.rows),
            facts=(
                (_("What it was"), _(run.subject.says)),
                (_("File"), run.file_name),
                *((_(one.form.says), bringing.report_line(one, talk.actor.locale)) for one in report.reports),
            ),
            hint=_("It can be taken back as long as nothing uses it.") if run.subject in UNDOABLE else "",
            buttons=tuple(rows) or ((talk.button(_("Menu"), Action.HOME, 0),),),
        ),
        replaces=form.progress_key(talk.incoming),
    )


@taps(Action.IMPORT_UNDO)
async def _take_back(talk: Talk, tap: Tap) -> None:
    run = await imports.run_of(talk.actor, tap.object_id)
    await form.begin(talk, TakeBack.name, {"number": run.number})


@flow
class TakeBack:
    """An import is taken back with a reason."""

    name = "import_undo"

    async def title(self, talk: Talk, context: Answers) -> str:
        """Which one."""
        return talk.translate("Take back {number}").format(number=context["number"])

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Why."""
        return [Question(key="why", ask=Ask.TEXT, text=talk.translate("Why is it taken back?"), limit=500)]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Take it back."""
        number = str(context["number"])
        rows = await imports.undo(talk.actor, number, str(answers["why"]))
        await talk.say(
            talk.translate("↩ {number} was taken back (rows: {rows}).").format(number=number, rows=rows)
        )


def _to_templates(talk: Talk) -> tuple[Button, ...]:
    return (talk.button(talk.translate("📄 Templates"), Action.TEMPLATES, 0),)
