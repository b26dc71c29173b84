"""围堵: one tap holds the affected lots; the impact list comes as picture and list; each hold is decided by signature.

hold → impact list → containment signed … later: decide each hold → disposition → why → sign
"""

from __future__ import annotations

from core import anomalies, lots
from core.kit.canonical import decimal_text
from core.lots import Disposition, Impact
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.home import show_case
from handlers.chat.dialogues.responding import reason
from handlers.chat.dialogues.signing_codes import begin_signing
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing, Picture

CONTAINED = "anomalies:containment:complete"
ALL = "all"
LISTED = 12
MOST_BUTTONS = 20


def totals(talk: Talk, impact: Impact) -> str:
    """What is left in all, unit by unit, in the reader's language."""
    _ = talk.translate
    return " · ".join(f"{decimal_text(amount)} {_(unit)}" for unit, amount in impact.totals)


async def impact_card(
    talk: Talk, number: str, lot_id: int, *, head: str = "", more: tuple[Button, ...] = ()
) -> Outgoing:
    """The impact list of a lot: totals, where everything is, the picture, and where to go from it."""
    _ = talk.translate
    impact = await lots.impact(talk.actor, lot_id, most=LISTED)
    lines = [
        (
            node.lot.number,
            f"{decimal_text(node.lot.quantity)} {_(node.lot.unit)} · {node.lot.place} · {_(node.lot.status_says)}",
        )
        for node in impact.nodes[:LISTED]
    ]
    left = impact.lots - LISTED
    return Outgoing(
        head=head or _("Impact of {number}").format(number=number),
        body=_("{n} lots affected: {totals}").format(n=impact.lots, totals=totals(talk, impact)),
        facts=tuple(lines),
        hint=_("{n} more lots are in the picture and on the admin page.").format(n=left) if left > 0 else "",
        pictures=(Picture(source=f"impact:{lot_id}", alt=_("Impact of lot {number}").format(number=number)),),
        buttons=((talk.button(_("Trace"), Action.GENEALOGY_BOTH, lot_id), *more),),
    )


@taps(Action.IMPACT)
async def _impact(talk: Talk, tap: Tap) -> None:
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    if anomaly.lot_id is not None:
        await talk.viewed(f"impact of {anomaly.lot_number}", case=anomaly.number)
        case = talk.button(talk.translate("Open the case"), Action.CASE, anomaly.id)
        number = anomaly.lot_number or ""
        await talk.reply(await impact_card(talk, number, anomaly.lot_id, more=(case,)))


@taps(Action.HOLD)
async def _hold(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    holds = await anomalies.hold_affected(talk.actor, tap.object_id)
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    head = _("⛔ {n} lots are on hold for {number}").format(n=len(holds), number=anomaly.number)
    if anomaly.lot_id is None:
        await talk.say(head)
    else:
        await talk.reply(await impact_card(talk, anomaly.lot_number or "", anomaly.lot_id, head=head))
    await show_case(talk, anomaly.id)


@taps(Action.CONTAINED)
async def _contained(talk: Talk, tap: Tap) -> None:
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    if anomaly.lot_id is None:
        await form.begin(talk, ContainWithoutLot.name, {"anomaly": anomaly.id})
        return
    await begin_signing(talk, CONTAINED, {"id": anomaly.id, "reason": ""})


@flow
class ContainWithoutLot:
    """Containment of a case without a lot says what was done instead."""

    name = "contain_without_lot"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """What was done."""
        _ = talk.translate
        return [reason(talk, _("No lot is named in this case. What was done to contain it?"))]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Sign it."""
        await begin_signing(talk, CONTAINED, {"id": context["anomaly"], "reason": answers["reason"]})


@flow
class Dispose:
    """Decide a held lot: release, rework, use as is, scrap, return, sort."""

    name = "dispose"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which lot, what with it, why."""
        _ = talk.translate
        anomaly = await anomalies.get(talk.actor, int(str(context["anomaly"])))
        held = [one for one in await lots.holds_of(talk.actor, anomaly.number) if one.decision is None]
        return [
            Question(
                key="hold",
                ask=Ask.CHOICE,
                text=_("Which held lot?"),
                choices=flows.choices(
                    [
                        *([(ALL, _("All held lots ({n})").format(n=len(held)))] if len(held) > 1 else []),
                        *((str(one.id), one.lot_number) for one in held[:MOST_BUTTONS]),
                    ]
                ),
            ),
            Question(
                key="disposition",
                ask=Ask.CHOICE,
                text=_("What shall happen with it?"),
                choices=flows.choices([(one.value, _(one.says)) for one in Disposition]),
            ),
            reason(talk),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Sign the decision; one signature can cover every held lot of the case."""
        chosen = str(answers["hold"])
        anomaly = await anomalies.get(talk.actor, int(str(context["anomaly"])))
        held = [one.id for one in await lots.holds_of(talk.actor, anomaly.number) if one.decision is None]
        await begin_signing(
            talk,
            lots.ACT,
            {
                "hold_ids": held if chosen == ALL else [int(chosen)],
                "disposition": str(answers["disposition"]),
                "reason": str(answers["reason"]),
            },
        )


@taps(Action.DISPOSE)
async def _dispose(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    if not await lots.undecided(anomaly.number, plant_id=anomaly.plant_id):
        await talk.say(_("Every held lot of {number} is decided.").format(number=anomaly.number))
        return
    await form.begin(talk, Dispose.name, {"anomaly": anomaly.id})
