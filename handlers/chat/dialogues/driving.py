"""运输: legs that wait to depart or arrive, by whoever drives or waits for them.

stages → leg → departs: vehicle, seal        leg → arrives: the seal as found
"""

from __future__ import annotations

from core import orders
from core.kit import Level, Module, Permission
from core.orders import LegFacts
from handlers.chat import form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing

REPORT = Permission(Module.LOTS, Level.REPORT)


def _name(leg: LegFacts) -> str:
    return f"🚚 {leg.from_place} → {leg.to_place}"


async def rows(talk: Talk, limit: int) -> list[tuple[Button]]:
    """Legs that wait to be recorded by this reader's organisation."""
    return [
        (talk.button(_name(one), Action.LEG, one.id),) for one in await orders.open_legs(talk.actor, limit)
    ]


@taps(Action.LEG)
async def _shown(talk: Talk, tap: Tap) -> None:
    leg = await orders.leg(talk.actor, tap.object_id)
    await talk.viewed(f"transport {leg.id}")
    await show(talk, leg)


async def show(talk: Talk, leg: LegFacts, *, head: str = "") -> None:
    """A leg as it stands now, with what can be recorded next."""
    _ = talk.translate
    facts = [
        (_("Departed"), "–" if leg.departed_at is None else talk.moment(leg.departed_at)),
        (_("Arrived"), "–" if leg.arrived_at is None else talk.moment(leg.arrived_at)),
    ]
    if leg.vehicle:
        facts.append((_("Vehicle"), leg.vehicle))
    if leg.seal:
        facts.append((_("Seal"), leg.seal))
    warning = ""
    if leg.seal_intact is False:
        warning = _("⚠ The seal is not the one it left with. Check the goods and report what you see.")
    row: list[Button] = []
    if leg.departed_at is None:
        row.append(talk.button(_("▶ Departed"), Action.LEG_DEPART, leg.id))
    elif leg.arrived_at is None:
        row.append(talk.button(_("🏁 Arrived"), Action.LEG_ARRIVE, leg.id))
    elif warning:
        row.append(talk.button(_("📷 Report an anomaly"), Action.REPORT, 0))
    row.append(talk.button(_("◀ Stages"), Action.STAGES, 0))
    await talk.reply(
        Outgoing(head=head or _name(leg), body=warning, facts=tuple(facts), buttons=(tuple(row),))
    )


class _OfLeg:
    """What these small dialogues share: they are about one leg."""

    async def title(self, talk: Talk, context: Answers) -> str:
        """From where to where."""
        return _name(await orders.leg(talk.actor, int(str(context["leg"]))))


@flow
class Depart(_OfLeg):
    """A leg departs."""

    name = "leg_depart"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """In which vehicle, under which seal."""
        _ = talk.translate
        leg = await orders.leg(talk.actor, int(str(context["leg"])))
        known = (Choice(value=leg.vehicle, label=leg.vehicle),) if leg.vehicle else ()
        return [
            Question(
                key="vehicle",
                ask=Ask.TEXT,
                text=_("In which vehicle?"),
                limit=40,
                offers=known,
                required=False,
            ),
            Question(
                key="seal", ask=Ask.TEXT, text=_("Which number has the seal?"), limit=40, required=False
            ),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record it."""
        leg = await orders.depart(
            talk.actor,
            int(str(context["leg"])),
            vehicle=str(answers.get("vehicle") or ""),
            seal=str(answers.get("seal") or ""),
        )
        await show(talk, leg, head=talk.translate("▶ Departed: {leg}").format(leg=_name(leg)))


@flow
class Arrive(_OfLeg):
    """A leg arrives."""

    name = "leg_arrive"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which seal is found on it."""
        _ = talk.translate
        text = _("Which number has the seal that you find? Read it off, do not copy it from the papers.")
        return [Question(key="seal", ask=Ask.TEXT, text=text, limit=40, required=False)]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record it; another seal than at departure is said at once."""
        leg = await orders.arrive(
            talk.actor, int(str(context["leg"])), seal_found=str(answers.get("seal") or "")
        )
        await show(talk, leg, head=talk.translate("🏁 Arrived: {leg}").format(leg=_name(leg)))


_FORMS = {Action.LEG_DEPART: Depart.name, Action.LEG_ARRIVE: Arrive.name}


@taps(*_FORMS)
async def _ask(talk: Talk, tap: Tap) -> None:
    talk.actor.must(REPORT)
    await orders.leg(talk.actor, tap.object_id)
    await form.begin(talk, _FORMS[Action(tap.action)], {"leg": tap.object_id})
