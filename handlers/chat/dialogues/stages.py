"""委外环节: the own stages of outsourcing orders, begun, lots taken in and out, handed over, finished.

stages → stage → begin | receive a lot (which, how many, where) | a lot came out | hand over (to whom, …) | finish
"""

from __future__ import annotations

from decimal import Decimal

from core import drafts, lots, orders, people
from core.kit import Level, Module, Permission, clock
from core.kit.canonical import decimal_text
from core.orders import Flow, NewHandover, StageFacts, StageState
from handlers.charts import timeline
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues import driving
from handlers.chat.dialogues.home import reader_of
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing

LISTED = 8
REPORT = Permission(Module.LOTS, Level.REPORT)


def _name(talk: Talk, stage: StageFacts) -> str:
    return f"{stage.order_number} · {stage.position}. {timeline.name_of(stage, talk.actor.locale)}"


async def _places(talk: Talk) -> tuple[Choice, ...]:
    return tuple(Choice(value=one, label=one) for one in await drafts.last_used(talk.actor.identity, "place"))


@commands("stages", "委外", "环节", "stages", "orders")
async def stages(talk: Talk, _said: str) -> None:
    """/stages: what waits to be recorded here."""
    _ = talk.translate
    talk.actor.must(REPORT)
    reader = reader_of(talk)
    found = await orders.open_stages(talk.actor, limit=LISTED)
    waiting = await orders.unconfirmed(talk.actor, limit=LISTED)
    rows = [(reader.button(_name(talk, one), Action.STAGE, one.id),) for one in found]
    rows += [
        (
            reader.button(
                _("🤝 Confirm: from {name}, {time}").format(name=one.giver_name, time=talk.moment(one.at)),
                Action.HANDOVER_CONFIRM,
                one.id,
            ),
        )
        for one in waiting
    ]
    rows += await driving.rows(talk, LISTED)
    if not rows:
        await talk.say(_("No stage of an order waits for you here."))
        return
    await talk.viewed("own stages")
    await talk.reply(Outgoing(head=_("Stages that wait to be recorded"), buttons=tuple(rows)))


@taps(Action.STAGES)
async def _listed(talk: Talk, _tap: Tap) -> None:
    await stages(talk, "")


async def show(talk: Talk, stage_id: int, *, head: str = "") -> None:
    """A stage as it stands now, with what can be done next."""
    _ = talk.translate
    reader = reader_of(talk)
    stage = await orders.stage(talk.actor, stage_id)
    rows: list[tuple[Button, ...]] = []
    if stage.state is StageState.PLANNED:
        rows.append((reader.button(_("▶ Begin"), Action.STAGE_BEGIN, stage.id),))
    elif stage.state is StageState.RUNNING:
        rows += [
            (
                reader.button(_("📥 Receive a lot"), Action.STAGE_RECEIVE, stage.id),
                reader.button(_("📤 A lot came out"), Action.STAGE_OUT, stage.id),
            ),
            (
                reader.button(_("🤝 Hand over"), Action.STAGE_HAND_OVER, stage.id),
                reader.button(_("✔ Finish"), Action.STAGE_FINISH, stage.id),
            ),
        ]
    rows.append((reader.button(_("◀ Stages"), Action.STAGES, 0),))
    await talk.reply(
        Outgoing(
            head=head or _name(talk, stage),
            body=timeline.state_line(stage, clock.now(), talk.actor.timezone, talk.actor.locale),
            facts=tuple(
                (one.lot_number, f"{_(one.flow.says)} · {decimal_text(one.quantity)} {_(one.unit)}")
                for one in stage.lots[-LISTED:]
            ),
            buttons=tuple(rows),
        )
    )


@taps(Action.STAGE)
async def _shown(talk: Talk, tap: Tap) -> None:
    stage = await orders.stage(talk.actor, tap.object_id)
    await talk.viewed(f"order {stage.order_number}")
    await show(talk, stage.id)


@taps(Action.STAGE_BEGIN)
async def _begin(talk: Talk, tap: Tap) -> None:
    stage = await orders.start_stage(talk.actor, tap.object_id)
    await show(talk, stage.id, head=talk.translate("▶ Begun: {stage}").format(stage=_name(talk, stage)))


@taps(Action.STAGE_FINISH)
async def _finish(talk: Talk, tap: Tap) -> None:
    stage = await orders.finish_stage(talk.actor, tap.object_id)
    await show(talk, stage.id, head=talk.translate("✔ Finished: {stage}").format(stage=_name(talk, stage)))


@taps(Action.HANDOVER_CONFIRM)
async def _confirm(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    done = await orders.confirm_handover(talk.actor, tap.object_id)
    await talk.say(
        _("🤝 Confirmed: {giver} gave it to {taker} at {place}.").format(
            giver=done.giver_name, taker=done.taker_name, place=done.place
        )
    )


class _AtStage:
    """What these small dialogues share: they are about one stage."""

    async def title(self, talk: Talk, context: Answers) -> str:
        """The stage."""
        return _name(talk, await orders.stage(talk.actor, int(str(context["stage"]))))


@flow
class ReceiveLot(_AtStage):
    """A lot arrives at a stage."""

    name = "stage_receive"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which lot, how many of it, where it lies now."""
        _ = talk.translate
        coming = {
            one.lot_number: decimal_text(one.quantity)
            for one in await lots.under_way(talk.actor)
            if one.receiver_id == talk.actor.organisation_id
        }
        asked = [
            Question(
                key="lot",
                ask=Ask.LOT,
                text=_("Which lot arrived?"),
                offers=tuple(Choice(value=one, label=one) for one in list(coming)[:6]),
            ),
            Question(
                key="place",
                ask=Ask.TEXT,
                text=_("Where does it lie now?"),
                limit=120,
                offers=await _places(talk),
            ),
        ]
        sent = coming.get(str(answers.get("lot", "")))
        if sent is not None:
            count = Question(
                key="quantity",
                ask=Ask.QUANTITY,
                text=_("How many did you count? {sent} were sent.").format(sent=sent),
                offers=(Choice(value=sent, label=sent),),
            )
            asked.insert(1, count)
        return asked

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record it."""
        place = str(answers["place"])
        counted = answers.get("quantity")
        stage = await orders.receive_lot(
            talk.actor,
            int(str(context["stage"])),
            str(answers["lot"]),
            place,
            counted=None if counted is None else Decimal(str(counted)),
        )
        await drafts.remember(talk.actor.identity, "place", place)
        head = talk.translate("📥 Received: {lot}").format(lot=answers["lot"])
        await show(talk, stage.id, head=head)


@flow
class LotOut(_AtStage):
    """A lot came out of a stage."""

    name = "stage_out"
    at_once = True

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which lot."""
        _ = talk.translate
        recent = await lots.recent(talk.actor, limit=5)
        return [
            Question(
                key="lot",
                ask=Ask.LOT,
                text=_("Which lot came out?"),
                offers=tuple(Choice(value=one.number, label=one.number) for one in recent),
            )
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record it."""
        stage = await orders.record_lots(
            talk.actor, int(str(context["stage"])), Flow.OUT, [str(answers["lot"])]
        )
        await show(talk, stage.id, head=talk.translate("📤 Came out: {lot}").format(lot=answers["lot"]))


@flow
class HandOver(_AtStage):
    """Goods pass to another party."""

    name = "hand_over"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """To whom, who took it, what, where, under which seal, in which condition."""
        _ = talk.translate
        stage = await orders.stage(talk.actor, int(str(context["stage"])))
        known = {one.id: one for one in await people.organisations_for(talk.actor)}
        for leg in await orders.legs_of(talk.actor, stage_id=stage.id):
            if leg.carrier_id is not None:  # who drives for this stage is known at this stage
                known[leg.carrier_id] = await people.organisation(leg.carrier_id)
        others = [
            (str(one.id), one.name(talk.actor.locale))
            for one in known.values()
            if one.id != talk.actor.organisation_id and one.active
        ]
        inside = tuple(Choice(value=one.lot_number, label=one.lot_number) for one in stage.lots[-6:])
        return [
            Question(
                key="taker", ask=Ask.CHOICE, text=_("Who takes it over?"), choices=flows.choices(others)
            ),
            Question(
                key="name", ask=Ask.TEXT, text=_("What is the name of the person who took it?"), limit=80
            ),
            Question(key="lot", ask=Ask.LOT, text=_("Which lot?"), offers=inside),
            Question(key="place", ask=Ask.TEXT, text=_("Where?"), limit=120, offers=await _places(talk)),
            Question(
                key="seal", ask=Ask.TEXT, text=_("Which number has the seal?"), limit=40, required=False
            ),
            Question(
                key="condition",
                ask=Ask.TEXT,
                text=_("Anything odd about it?"),
                limit=500,
                required=False,
            ),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record it; the other party is asked for its word where it looks at its stages."""
        await orders.hand_over(
            talk.actor,
            NewHandover(
                giver_id=talk.actor.organisation_id,
                giver_name=talk.actor.name,
                taker_id=int(str(answers["taker"])),
                taker_name=str(answers["name"]),
                place=str(answers["place"]),
                stage_id=int(str(context["stage"])),
                lot=str(answers["lot"]),
                seal=str(answers.get("seal") or ""),
                condition=str(answers.get("condition") or ""),
            ),
        )
        await drafts.remember(talk.actor.identity, "place", str(answers["place"]))
        head = talk.translate("🤝 Recorded. The other party confirms it under /stages.")
        await show(talk, int(str(context["stage"])), head=head)


_FORMS = {
    Action.STAGE_RECEIVE: ReceiveLot.name,
    Action.STAGE_OUT: LotOut.name,
    Action.STAGE_HAND_OVER: HandOver.name,
}


@taps(*_FORMS)
async def _ask(talk: Talk, tap: Tap) -> None:
    await orders.stage(talk.actor, tap.object_id)
    await form.begin(talk, _FORMS[Action(tap.action)], {"stage": tap.object_id})
