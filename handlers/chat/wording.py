"""What a notice says: from kind and facts to a card in the reader's language, rendered once, just before sending."""

from __future__ import annotations

import dataclasses
import datetime as dt

from core import anomalies, capa, duty, escalation, people, witness
from core.kit import Actor, Level, Module, Refusal, clock
from core.notices import Claimed
from handlers import text
from handlers.chat import cards, duty_words, signing_words  # noqa: F401  register their words
from handlers.chat.actions import Action
from handlers.chat.buttons import ButtonPress
from handlers.chat.cards import Reader
from handlers.chat.renders import RENDERS, renders
from handlers.chat.vocabulary import Button, Outgoing
from handlers.text import mark

# One sentence a kind whose card is the case itself; facts fill the placeholders.
CASE_NEWS: dict[str, str] = {
    "escalation:overdue": mark("⏰ {number}: this stage is overdue"),
    "escalation:help": mark("🆘 {number}: {by} asks for your help"),
    "capa:ask": mark("{number}: grade B. Does this need a CAPA?"),
    "capa:may_waive": mark("{number}: grade C. Open a CAPA, or a manager may waive it with a reason."),
    "capa:approval_wanted": mark("{number}: a plan waits for your approval"),
    "capa:approved": mark("{number}: {by} approved the plan. Whoever carries it out has been told."),
    "capa:returned": mark("{number}: the plan came back: {reason}"),
    "capa:action_assigned": mark("New action for you, due {due}: {text}"),
    "capa:action_moved": mark("{to} takes over this action from you: {text}"),
    "capa:action_left": mark(
        "{name} has no access any more. Please hand this action to somebody else: {text}"
    ),
    "capa:taken_over": mark("{number} is with {to} now. Thank you for what you did on it."),
    "capa:all_done": mark("{number}: all actions are done. Please confirm the implementation."),
    "capa:verify_wanted": mark("{number}: please judge the effect on {due}: {criterion}"),
    "capa:reopened": mark("{number}: judged ineffective, back to the root cause: {reason}"),
    "capa:judged": mark("{number}: the effect was judged"),
    "capa:closure_wanted": mark("{number}: ready to be closed by your signature"),
    "capa:closed": mark("✔ {number}: closed. Thank you for seeing it through."),
    "anomalies:partner_asked": mark("{number} is put to you. Please confirm that you have received it."),
    "anomalies:sensor_moved": mark("{number}: {said}"),
    "anomalies:lower_wanted": mark("{number}: a lower grade was asked for; a second person must decide"),
}


def known_kinds() -> frozenset[str]:
    """Every kind of notice that has words."""
    return frozenset({*RENDERS, *CASE_NEWS})


async def render(notice: Claimed, channel: str, press: ButtonPress) -> Outgoing | None:
    """Make the card of a notice for its reader; None when the reader may no longer see it.

    Raises:
        LookupError: the kind has no words: a fault of ours.
    """
    if notice.person_id is None:
        msg = f"notice {notice.kind} has no reader and no words of its own"
        raise LookupError(msg)
    try:
        reader = Reader(actor=await people.actor_of(notice.person_id, channel), press=press)
        if notice.kind in RENDERS:
            return await RENDERS[notice.kind](reader, notice.facts)
        if notice.kind in CASE_NEWS:
            return await _case_news(reader, notice.kind, notice.facts)
    except Refusal:
        return None
    msg = f"no words for notices of kind {notice.kind}"
    raise LookupError(msg)


def _filled(reader: Reader, msgid: str, facts: dict[str, object]) -> str:
    words = {key: str(value) for key, value in facts.items()}
    return reader.translate(msgid).format_map(words)


async def _case_news(reader: Reader, kind: str, facts: dict[str, object]) -> Outgoing:
    anomaly = await anomalies.get(reader.actor, int(str(facts["anomaly_id"])))
    return await cards.case_card(reader, anomaly, head=_filled(reader, CASE_NEWS[kind], facts))


@renders("capa:opened")
async def _opened(reader: Reader, facts: dict[str, object]) -> Outgoing:
    """What comes next depends on where the case stands: its card offers the root cause after containment only."""
    _ = reader.translate
    anomaly = await anomalies.get(reader.actor, int(str(facts["anomaly_id"])))
    said = (
        _("{number}: a CAPA was opened and is yours. Contain the problem first, then find the root cause.")
        if anomaly.state == "graded"
        else _("{number}: a CAPA was opened and is yours. Start with the root cause.")
    )
    return await cards.case_card(reader, anomaly, head=said.format(number=facts["number"]))


@renders("escalation:alert")
async def _alert(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    anomaly = await anomalies.get(reader.actor, int(str(facts["anomaly_id"])))
    why = {
        "start": _("New anomaly {number}: please acknowledge"),
        "reassigned": _("{number} was handed to you: please acknowledge"),
        "left": _("{number}: {owner} has no access any more. Please take the case or hand it over."),
        "help": _("🆘 {number}: help is asked for"),
        "regraded": _("{number} was raised to grade {grade}: please acknowledge"),
        "given_back": _("⏫ {number} was given back: please acknowledge (tier {tier})"),
        "expired": _(
            "⏫ {number}: taken up, but no step since. It sounds again: please acknowledge (tier {tier})"
        ),
        "snoozed": _("🔔 {number} was put off and sounds again: please acknowledge"),
        "also": _("{number} has been taken up; your acknowledgement is needed as well (tier {tier})"),
        "shift": _("🔄 {number} sounds as your duty begins: please acknowledge (tier {tier})"),
        "unacknowledged": _("⏫ {number}: nobody has acknowledged yet, so it comes to you (tier {tier})"),
    }[str(facts["why"])]
    owner = (await people.person(anomaly.owner_id)).printed_name
    card = await cards.case_card(reader, anomaly, photos=True)
    mark_ = cards.GRADE_MARKS[str(facts["grade"])]
    return Outgoing(
        head=f"{mark_} {why.format(number=anomaly.number, tier=facts['tier'], grade=facts['grade'], owner=owner)}",
        body=card.body,
        facts=card.facts,
        buttons=await _also(reader, anomaly)
        + _handed_over(reader, anomaly)
        + card.buttons
        + _put_off(reader, anomaly, str(facts["grade"])),
        pictures=card.pictures,
    )


async def _also(reader: Reader, anomaly: anomalies.AnomalyFacts) -> tuple[tuple[Button, ...], ...]:
    """The button of an alert that others have acknowledged and this reader has to as well."""
    if not await escalation.waits_for(anomaly.id, reader.actor.identity):
        return ()
    return ((reader.button(reader.translate("✅ Acknowledge too"), Action.SEEN_TOO, anomaly.id),),)


def _put_off(reader: Reader, anomaly: anomalies.AnomalyFacts, grade: str) -> tuple[tuple[Button, ...], ...]:
    """The ways to put an alert off, for grades that may wait."""
    if grade == "A" or anomaly.state != "reported" or not reader.may(Module.ANOMALIES, Level.WORK):
        return ()
    _ = reader.translate
    return (
        tuple(
            reader.button(f"💤 {_(one.says)}", Action.SNOOZE, anomaly.id, argument=place)
            for place, one in enumerate(escalation.Snooze)
        ),
    )


def _handed_over(reader: Reader, anomaly: anomalies.AnomalyFacts) -> tuple[tuple[Button, ...], ...]:
    """The button of a case that was taken up before it was handed to this reader."""
    if anomaly.state in ("reported", *anomalies.ENDED) or anomaly.owner_id != reader.actor.person_id:
        return ()
    label = reader.translate("✅ Acknowledge")
    return ((reader.button(label, Action.ACKNOWLEDGE, anomaly.id, revision=anomaly.revision),),)


@renders("escalation:over")
async def _over(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    anomaly = await anomalies.get(reader.actor, int(str(facts["anomaly_id"])))
    return Outgoing(
        head=_("{number} has ended: nothing is left to do here").format(number=anomaly.number),
        body=anomaly.description,
        buttons=((reader.button(_("Open the case"), Action.CASE, anomaly.id),),),
    )


@renders("escalation:handled")
async def _handled(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    anomaly = await anomalies.get(reader.actor, int(str(facts["anomaly_id"])))
    return Outgoing(
        head=_("✅ {number} is in hand: {by}").format(number=facts["number"], by=facts["by"]),
        body=anomaly.description,
        buttons=((reader.button(_("Open the case"), Action.CASE, anomaly.id),),),
    )


@renders("escalation:nobody")
async def _nobody(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("⚠ Nobody stands at tier {tier} for {number}").format(
            tier=facts["tier"], number=facts["number"]
        ),
        body=_("The alert went to the next tier. Please assign somebody in the responsibility table."),
    )


@renders("anomalies:news")
async def _news(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    anomaly = await anomalies.get(reader.actor, int(str(facts["anomaly_id"])))
    sentence = {
        "collecting": _("Your report {number} was taken up by {by}."),
        "closed": _("Your report {number} is closed. Thank you: your eyes made the product better."),
        "rejected": _("Your report {number} was judged to be no anomaly: {reason}"),
        "cancelled": _("Your report {number} was withdrawn."),
    }.get(anomaly.state, _("Your report {number} moved on."))
    words = {"number": anomaly.number, "by": str(facts.get("by", "")), "reason": str(facts.get("reason", ""))}
    return Outgoing(
        head=sentence.format_map(words),
        facts=((_("Stage"), cards.stage_line(anomaly, _)),),
    )


@renders("people:link")
async def _link(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("🔑 {by} made a sign-in link for you").format(by=facts.get("by", "")),
        body=_(
            "If you did not ask for it, tell the quality manager at once: whoever opens it acts in your name."
        ),
    )


@renders("witness:checkpoint")
async def _checkpoint(reader: Reader, facts: dict[str, object]) -> Outgoing:
    """The bare checkpoint, so that copying, forwarding and exporting keep it as it is; what to do is on the button."""
    _ = reader.translate
    label = _("👁 Witness: {n} entries").format(n=facts["size"])
    return Outgoing(
        code=str(facts["note"]),
        buttons=((reader.button(label, Action.WITNESS, int(str(facts["size"]))),),),
    )


@renders("witness:unwitnessed")
async def _unwitnessed(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    since = clock.utc(dt.datetime.fromisoformat(str(facts["since"])))
    lines = [
        _(
            "What was recorded since then could be changed without a witness noticing. Please ask them to witness."
        )
    ]
    if int(str(facts["organisations"])) < witness.ENOUGH:
        lines.append(
            _(
                "Witnesses should stand in two organisations at least; an administrator names them on the admin page."
            )
        )
    return Outgoing(
        head=_("⚠ Unwitnessed tail: {n} entries since {date}").format(
            n=facts["count"], date=text.moment(since, reader.actor.timezone)
        ),
        body="\n".join(lines),
    )


@renders("witness:contradiction")
async def _contradiction(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("🚨 The ledger contradicts a checkpoint that it signed: {short}").format(short=facts["short"]),
        body=_(
            "{by} holds the copy. Entries were changed or removed after it was signed. Touch nothing, keep every "
            "backup and copy, and run bihuan ledger verify on the server."
        ).format(by=facts["by"]),
    )


async def still_wanted(condition: str) -> bool:
    """Check, just before sending, that a notice still has a point: ``run:7`` or ``capa:3:12``."""
    subject, _sep, rest = condition.partition(":")
    if subject == "run":
        run_id, _sep, person_id = rest.partition(":")
        return await escalation.is_running(int(run_id), int(person_id) if person_id else None)
    if subject == "swap":
        return await duty.is_open(int(rest))
    if subject == "extension":
        return await anomalies.waits(int(rest))
    if subject == "capa":
        capa_id, _sep, revision = rest.partition(":")
        return await capa.is_at(int(capa_id), int(revision))
    return True


async def doubtful(notice: Claimed, outgoing: Outgoing) -> Outgoing:
    """The same message with a line that it may have come before: a connection broke, and nobody knows."""
    reader = await reader_of(notice)
    _ = text.translator(reader.locale if reader is not None else text.DEFAULT)
    again = _("↻ Sent again: it may have reached you already.")
    return dataclasses.replace(outgoing, hint=f"{outgoing.hint}\n{again}" if outgoing.hint else again)


async def reader_of(notice: Claimed) -> Actor | None:
    """Who will read a notice, with their scope and language: pictures show no more than the reader may see."""
    reader = notice.person_id if notice.person_id is not None else notice.facts.get("reader")
    if reader is None:
        return None
    try:
        return await people.actor_of(int(str(reader)), notice.channel or "")
    except Refusal:
        return None
