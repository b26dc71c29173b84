"""标签: from a label to what can be done about its lot, in two taps.

photo or text → card: what it is, where it went → ⛔ hold → why (this tap holds) → held, with a case
                                                → report, lot and photo known | trace
"""

from __future__ import annotations

from core import anomalies, drafts, evidence, lots, sop
from core.kit import Level, Module, Permission, Refusal
from core.kit.canonical import decimal_text
from core.labels import LabelFacts
from core.lots import Labelled, LotFacts
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.containing import impact_card, totals
from handlers.chat.dialogues.home import reader_of, show_case
from handlers.chat.dialogues.reporting import Report
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Came, Outgoing, Picture

PLACES = 4
_SHIFT = 32
_CASE = "case:"
WORK = Permission(Module.ANOMALIES, Level.WORK)


def together(lot_id: int, evidence_id: int) -> int:
    """Lot and photo as the one object of a button."""
    return (evidence_id << _SHIFT) | lot_id


def apart(object_id: int) -> tuple[int, list[int]]:
    """Lot and photo of a button; no photo where the label was typed."""
    photo, lot_id = object_id >> _SHIFT, object_id & ((1 << _SHIFT) - 1)
    return lot_id, [photo] if photo else []


@commands("label", "标签", "label")
async def label(talk: Talk, said: str) -> None:
    """Show what a photographed or typed label is about; alone it says how to begin."""
    _ = talk.translate
    talk.actor.must(Permission(Module.LOTS, Level.READ))
    if talk.incoming.came not in (Came.PHOTO, Came.FILE):
        if not said:
            await talk.say(_("Send a photo of the label, or type what is printed under its code."))
            return
        await _shown(talk, await lots.of_text(talk.actor, said), 0)
        return
    if isinstance(talk.codes, Refusal):
        raise talk.codes
    found = await lots.of_codes(talk.actor, talk.codes)
    kept = 0
    if talk.received is not None and not isinstance(talk.received, Refusal) and may_keep(talk):
        kept = (await evidence.keep(talk.actor, talk.received)).id
    await _shown(talk, found, kept)


def may_keep(talk: Talk) -> bool:
    """Whether the photo may become evidence of this reader."""
    return talk.actor.may(Permission(Module.ANOMALIES, Level.REPORT))


async def _shown(talk: Talk, found: Labelled, photo: int) -> None:
    _ = talk.translate
    if found.lot is None:
        reader = reader_of(talk)
        await talk.reply(
            Outgoing(
                head=_("Which of these lots is it?"),
                facts=said_by(talk, found.label),
                buttons=tuple(
                    (reader.button(one.number, Action.LABEL_LOT, together(one.id, photo)),)
                    for one in found.lots
                ),
            )
        )
        return
    await card(talk, found.lot, found, photo)


def said_by(talk: Talk, label: LabelFacts) -> tuple[tuple[str, str], ...]:
    """What the label says, in the reader's words."""
    _ = talk.translate
    said = (
        (_("Device identifier"), label.device),
        (_("Serial number"), label.serial),
        (_("Made"), "" if label.made_on is None else str(label.made_on)),
        (_("Use by"), "" if label.expires_on is None else str(label.expires_on)),
        (_("Sterilisation lot"), label.sterilisation_lot),
    )
    return tuple((name, value) for name, value in said if value)


async def card(talk: Talk, lot: LotFacts, found: Labelled | None, photo: int) -> None:
    """What the lot is, where everything made from it lies, and what can be done: one card."""
    _ = talk.translate
    reader = reader_of(talk)
    impact = await lots.impact(talk.actor, lot.id, most=PLACES)
    await drafts.remember(talk.actor.identity, "lot", lot.number)
    await talk.viewed(f"label of lot {lot.number}")
    warnings = [
        sentence
        for applies, sentence in (
            (found is not None and found.expired, _("⚠ Past its date. Do not use it.")),
            (
                found is not None and found.dates_differ,
                _("⚠ The label names another date than the records ({date}).").format(date=lot.expires_on),
            ),
        )
        if applies
    ]
    where = [(one.name or "–", _("{n} lots").format(n=one.lots)) for one in impact.by_place[:PLACES]]
    body = _("{quantity} {unit} · {place} · {status}").format(
        quantity=decimal_text(lot.quantity), unit=_(lot.unit), place=lot.place, status=_(lot.status_says)
    )
    went = _("{n} lots affected: {totals}").format(n=impact.lots, totals=totals(talk, impact))
    rows: list[tuple[Button, ...]] = []
    if talk.actor.may(WORK):
        hold = _("⛔ Hold everything affected ({n})").format(n=impact.lots)
        rows.append((reader.button(hold, Action.LABEL_HOLD, together(lot.id, photo)),))
    second = [reader.button(_("Trace"), Action.GENEALOGY_BOTH, lot.id)]
    if may_keep(talk):
        second.append(reader.button(_("Report an anomaly"), Action.LABEL_REPORT, together(lot.id, photo)))
    await talk.reply(
        Outgoing(
            head=f"🏷 {lot.number} · {lot.product.name(talk.actor.locale)}",
            body="\n".join([*warnings, body, went]),
            facts=(*(said_by(talk, found.label) if found is not None else ()), *where),
            pictures=(
                Picture(source=f"impact:{lot.id}", alt=_("Impact of lot {number}").format(number=lot.number)),
            ),
            buttons=(*rows, tuple(second)),
        )
    )


@taps(Action.LABEL_LOT)
async def _chosen(talk: Talk, tap: Tap) -> None:
    lot_id, photos = apart(tap.object_id)
    await card(talk, await lots.get(talk.actor, lot_id), None, photos[0] if photos else 0)


@taps(Action.LABEL_REPORT)
async def _report(talk: Talk, tap: Tap) -> None:
    talk.actor.must(Permission(Module.ANOMALIES, Level.REPORT))
    lot_id, photos = apart(tap.object_id)
    lot = await lots.get(talk.actor, lot_id)
    known: Answers = {form.LOT: lot.number}
    await form.begin(talk, Report.name, answers={**known, "photos": photos} if photos else known)


@taps(Action.LABEL_HOLD)
async def _hold(talk: Talk, tap: Tap) -> None:
    talk.actor.must(WORK)
    lot_id, photos = apart(tap.object_id)
    await form.begin(talk, HoldLabelled.name, {"lot_id": lot_id, "photos": photos})


@flow
class HoldLabelled:
    """Why everything affected is held; the answer is the confirmation. An open case about the lot is offered first."""

    name = "hold_labelled"
    at_once = True

    async def title(self, talk: Talk, context: Answers) -> str:
        """How many lots of which."""
        _ = talk.translate
        lot = await lots.get(talk.actor, int(str(context["lot_id"])))
        impact = await lots.impact(talk.actor, lot.id, most=1)
        return _("⛔ Hold {n} lots: {number} and all made from it").format(n=impact.lots, number=lot.number)

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """One question, answered by one tap."""
        _ = talk.translate
        locale = talk.actor.locale
        open_cases = await anomalies.open_about(talk.actor, int(str(context["lot_id"])))
        known = await sop.categories(talk.actor.plant_id)
        return [
            Question(
                key="why",
                ask=Ask.CHOICE,
                text=_("Why? Your tap holds them at once and opens a case with this label as evidence."),
                choices=flows.choices(
                    [
                        *(
                            (f"{_CASE}{one.id}", _("For the open case {number}").format(number=one.number))
                            for one in open_cases
                        ),
                        *((one.code, anomalies.category_name(one.code, locale)) for one in known),
                    ]
                ),
            )
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Hold, and show what is held."""
        _ = talk.translate
        lot = await lots.get(talk.actor, int(str(context["lot_id"])))
        listed = context.get("photos")
        photos = [int(one) for one in listed] if isinstance(listed, list) else []
        why = str(answers["why"])
        if why.startswith(_CASE):
            case = await anomalies.get(talk.actor, int(why.removeprefix(_CASE)))
            held = await anomalies.hold_affected(talk.actor, case.id)
            if photos:
                await anomalies.supplement(
                    talk.actor, case.id, changes={}, reason=_("Label photo of the hold"), evidence_ids=photos
                )
        else:
            case, held = await anomalies.stop_lot(
                talk.actor,
                lot.id,
                category=why,
                description=_("Held at once from its label: {number} ({product}). Reason: {why}.").format(
                    number=lot.number,
                    product=lot.product.name(talk.actor.locale),
                    why=anomalies.category_name(why, talk.actor.locale),
                ),
                evidence_ids=photos,
                channel=talk.incoming.channel,
            )
        head = _("⛔ {n} lots are on hold for {number}").format(n=len(held), number=case.number)
        await talk.reply(await impact_card(talk, lot.number, lot.id, head=head))
        await show_case(talk, case.id)
