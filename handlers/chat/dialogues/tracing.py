"""追溯: a lot's genealogy as picture and list, up, down or both.

trace → lot number (last-used ones offered) → picture + list → up | down | both
"""

from __future__ import annotations

import re

from core import drafts, inspections, lots
from core.inspections import Verdict
from core.kit import Level, Module, Permission
from core.kit.canonical import decimal_text
from core.lots import LotFacts, Way
from handlers.chat import form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues import lot_states, shipping
from handlers.chat.dialogues.home import reader_of
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Document, Outgoing, Picture

LISTED = 10
_NO_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
WAYS = {Action.GENEALOGY_UP: "up", Action.GENEALOGY_DOWN: "down", Action.GENEALOGY_BOTH: "both"}


@flow
class Trace:
    """Ask for the lot."""

    name = "trace"
    at_once = True

    async def title(self, talk: Talk, context: Answers) -> str:
        """What the dialogue is about."""
        _ = talk.translate
        return _("Trace a lot")

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """One question."""
        return [await lot_question(talk)]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Show it."""
        await show(talk, await lots.find(talk.actor, str(answers["lot"])), "both")


async def lot_question(talk: Talk) -> Question:
    """Ask for a lot, with those offered that the reader used last and those made last."""
    used = await drafts.last_used(talk.actor.identity, "lot")
    recent = [one.number for one in await lots.recent(talk.actor, limit=5)]
    offers = [Choice(value=one, label=one) for one in list(dict.fromkeys([*used, *recent]))[:6]]
    text = talk.translate("Which lot? Type its number or tap one.")
    return Question(key=form.LOT, ask=Ask.LOT, text=text, offers=tuple(offers))


def file_name(number: str) -> str:
    """A lot's number as part of the name of a file, on any computer."""
    return _NO_NAME.sub("-", number).strip("-.") or "lot"


async def show(talk: Talk, lot: LotFacts, way: str) -> None:
    """Answer with the picture and the nearest lots of a genealogy."""
    _ = talk.translate
    traced = await lots.trace(talk.actor, lot.id, Way(way), most=LISTED)
    await drafts.remember(talk.actor.identity, "lot", lot.number)
    await talk.viewed(f"lot {lot.number} {way}")
    titles = {
        "up": _("Where {number} came from"),
        "down": _("Where {number} went"),
        "both": _("Genealogy of {number}"),
    }
    reader = reader_of(talk)
    others = [node for node in traced.nodes if node.lot.id != lot.id]
    left = len(others) + traced.unlisted - LISTED
    await talk.reply(
        Outgoing(
            head=titles[way].format(number=lot.number),
            body=_("{quantity} {unit} · {place} · {status}").format(
                quantity=decimal_text(lot.quantity),
                unit=_(lot.unit),
                place=lot.place,
                status=_(lot.status_says),
            ),
            facts=await _tested(talk, lot)
            + tuple(
                (
                    node.lot.number,
                    _("{quantity} {unit} · {place} · {status}").format(
                        quantity=decimal_text(node.lot.quantity),
                        unit=_(node.lot.unit),
                        place=node.lot.place,
                        status=_(node.lot.status_says),
                    ),
                )
                for node in others[:LISTED]
            ),
            hint=_("{n} more lots are in the picture and on the admin page.").format(n=left)
            if left > 0
            else "",
            pictures=(
                Picture(
                    source=f"genealogy:{lot.id}:{way}",
                    alt=_("Genealogy of lot {number}").format(number=lot.number),
                ),
            ),
            buttons=(
                (
                    reader.button(_("⬆ Origin"), Action.GENEALOGY_UP, lot.id),
                    reader.button(_("⬇ Whereabouts"), Action.GENEALOGY_DOWN, lot.id),
                    reader.button(_("↕ Both"), Action.GENEALOGY_BOTH, lot.id),
                ),
                (
                    reader.button(
                        _("📄 List as a file (CSV)"),
                        Action.TRACE_CSV,
                        lot.id,
                        argument=list(WAYS.values()).index(way),
                    ),
                ),
                *(row for row in (shipping.buttons(talk, lot), lot_states.buttons(talk, lot)) if row),
            ),
        )
    )


async def _tested(talk: Talk, lot: LotFacts) -> tuple[tuple[str, str], ...]:
    """How many results and certificates there are of the lot, and which of them are not within limits."""
    _ = talk.translate
    reports = await inspections.reports_of(talk.actor, lot.id)
    results = await inspections.results_of(talk.actor, lot.id)
    if not reports and not results:
        return ()
    bad = [one.number for one in reports if one.verdict is Verdict.NONCONFORMING]
    bad += [f"{one.method} {one.method_version}" for one in results if one.verdict is Verdict.NONCONFORMING]
    said = _("{results} results, {reports} certificates").format(results=len(results), reports=len(reports))
    out = f" · ⚠ {_('out of limits')}: {', '.join(bad[:LISTED])}" if bad else ""
    return (("🧪", said + out),)


@taps(Action.TRACE_CSV)
async def _listed(talk: Talk, tap: Tap) -> None:
    """The whole list as a file, made when it is sent, of what its reader may see then."""
    lot = await lots.get(talk.actor, tap.object_id)
    way = list(WAYS.values())[tap.argument]
    await talk.viewed(f"lot {lot.number} {way} list")
    await talk.reply(
        Outgoing(
            body=talk.translate("Every lot of the genealogy of {number}, one a line.").format(
                number=lot.number
            ),
            documents=(
                Document(source=f"trace:{lot.id}:{way}", name=f"trace-{file_name(lot.number)}-{way}.csv"),
            ),
        )
    )


@taps(Action.TRACE)
async def _ask(talk: Talk, _tap: Tap) -> None:
    talk.actor.must(Permission(Module.LOTS, Level.READ))
    await form.begin(talk, Trace.name)


@taps(*WAYS)
async def _again(talk: Talk, tap: Tap) -> None:
    await show(talk, await lots.get(talk.actor, tap.object_id), WAYS[Action(tap.action)])


@commands("trace", "追溯", "trace")
async def trace(talk: Talk, said: str) -> None:
    """/trace LOT, or /trace alone to be asked."""
    talk.actor.must(Permission(Module.LOTS, Level.READ))
    if not said:
        await form.begin(talk, Trace.name)
        return
    await show(talk, await lots.find(talk.actor, said), "both")
