"""发运与拆分: a lot sent away, or a part taken off it, from the lot's own card.

lot → ship: to whom → how many (all) → number of the part, if it is one → done
lot → split: how many → number → done
"""

from __future__ import annotations

from decimal import Decimal

from core import drafts, lots, people
from core.kit import Level, Module, Permission
from core.kit.canonical import decimal_text
from core.lots import Consignment, LotFacts, Made
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button

CUSTOMER = "customer"
WORK = Permission(Module.LOTS, Level.WORK)


def buttons(talk: Talk, lot: LotFacts) -> tuple[Button, ...]:
    """What this reader can do with a lot from its card; nothing where its status forbids it."""
    _ = talk.translate
    if not talk.actor.may(WORK):
        return ()
    found = []
    if lot.status in lots.STATES[lots.Step.SHIP].of:
        found.append(talk.button(_("📦 Ship"), Action.SHIP, lot.id))
    if lot.status in lots.STATES[lots.Step.SPLIT].of:
        found.append(talk.button(_("✂ Take a part off"), Action.SPLIT, lot.id))
    return tuple(found)


async def _lot(talk: Talk, context: Answers) -> LotFacts:
    return await lots.get(talk.actor, int(str(context["lot"])))


async def _part_number(talk: Talk, lot: LotFacts) -> Question:
    """The number of a part; the first free one after the lot's own is offered."""
    taken = set(await lots.numbers_like(talk.actor, f"{lot.number}-"))
    free = next(one for n in range(1, len(taken) + 2) if (one := f"{lot.number}-{n}") not in taken)
    return Question(
        key="number",
        ask=Ask.TEXT,
        text=talk.translate("Which number does the part get?"),
        limit=60,
        offers=(Choice(value=free, label=free),),
    )


@flow
class Ship:
    """Send a lot, or a part of it, away."""

    name = "ship"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The lot."""
        return talk.translate("Ship {number}").format(number=(await _lot(talk, context)).number)

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """To whom, how many, and what a part is called."""
        _ = talk.translate
        lot = await _lot(talk, context)
        left = decimal_text((await lots.where_is(talk.actor, lot.id)).left)
        others = [
            (str(one.id), one.name(talk.actor.locale))
            for one in await people.organisations_for(talk.actor)
            if one.active and one.id != (lot.partner_id or lot.plant_id)
        ]
        asked = [
            Question(
                key="to",
                ask=Ask.CHOICE,
                text=_("Who receives it?"),
                choices=flows.choices([*others, (CUSTOMER, _("A customer"))]),
            )
        ]
        if answers.get("to") == CUSTOMER:
            used = await drafts.last_used(talk.actor.identity, CUSTOMER)
            asked.append(
                Question(
                    key="customer",
                    ask=Ask.TEXT,
                    text=_("What is the customer called?"),
                    limit=120,
                    offers=tuple(Choice(value=one, label=one) for one in used),
                )
            )
        asked.append(
            Question(
                key="quantity",
                ask=Ask.QUANTITY,
                text=_("How many? {left} {unit} are left.").format(left=left, unit=_(lot.unit)),
                offers=(Choice(value=left, label=left),),
            )
        )
        if answers.get("quantity") not in (None, left):
            asked.append(await _part_number(talk, lot))
        asked.append(
            Question(key="document", ask=Ask.TEXT, text=_("Number of the waybill?"), limit=60, required=False)
        )
        return asked

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Send it."""
        _ = talk.translate
        customer = str(answers.get("customer") or "")
        sent = await lots.ship(
            talk.actor,
            int(str(context["lot"])),
            Consignment(
                receiver_id=None if customer else int(str(answers["to"])),
                customer=customer,
                quantity=Decimal(str(answers["quantity"])),
                part_number=str(answers.get("number") or ""),
                document=str(answers.get("document") or ""),
            ),
        )
        if customer:
            await drafts.remember(talk.actor.identity, CUSTOMER, customer)
        await talk.say(
            _(
                "📦 Shipped: lot {number}, {quantity} {unit}. Its arrival is recorded by whoever receives it."
            ).format(number=sent.lot_number, quantity=decimal_text(sent.quantity), unit=_(sent.unit))
        )


@flow
class Split:
    """Take a part off a lot."""

    name = "split"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The lot."""
        number = (await _lot(talk, context)).number
        return talk.translate("Take a part off {number}").format(number=number)

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """How many, and what the part is called."""
        _ = talk.translate
        lot = await _lot(talk, context)
        left = decimal_text((await lots.where_is(talk.actor, lot.id)).left)
        text = _("How many? {left} {unit} are left.").format(left=left, unit=_(lot.unit))
        return [Question(key="quantity", ask=Ask.QUANTITY, text=text), await _part_number(talk, lot)]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Make the part."""
        _ = talk.translate
        lot = await _lot(talk, context)
        part = Made(number=str(answers["number"]), quantity=Decimal(str(answers["quantity"])))
        await lots.split(talk.actor, lot.number, [part])
        await talk.say(
            _("✂ Lot {part} was taken off {number}: {quantity} {unit}.").format(
                part=part.number, number=lot.number, quantity=decimal_text(part.quantity), unit=_(lot.unit)
            )
        )


_FORMS = {Action.SHIP: Ship.name, Action.SPLIT: Split.name}


@taps(*_FORMS)
async def _ask(talk: Talk, tap: Tap) -> None:
    talk.actor.must(WORK)
    await lots.get(talk.actor, tap.object_id)
    await form.begin(talk, _FORMS[Action(tap.action)], {"lot": tap.object_id})
