"""批次状态: a lot set apart, taken out of quarantine, released or scrapped, from its own card.

lot → quarantine | scrap: why → done        lot → out of quarantine | release: why → signature
"""

from __future__ import annotations

from core import lots
from core.kit import Module, Permission
from core.lots import LotFacts, Step
from handlers.chat import form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.responding import reason
from handlers.chat.dialogues.signing_codes import begin_signing
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button
from handlers.text import mark

_STEPS = {
    Action.LOT_QUARANTINE: Step.QUARANTINE,
    Action.LOT_CLEAR: Step.CLEAR,
    Action.LOT_RELEASE: Step.RELEASE,
    Action.LOT_SCRAP: Step.SCRAP,
}
_SAYS = {
    Step.QUARANTINE: mark("🚧 Quarantine"),
    Step.CLEAR: mark("🟢 Out of quarantine"),
    Step.RELEASE: mark("✅ Release"),
    Step.SCRAP: mark("🗑 Scrap"),
}


def buttons(talk: Talk, lot: LotFacts) -> tuple[Button, ...]:
    """Which steps this reader may take with a lot now; nobody of a partner judges."""
    _ = talk.translate
    if talk.actor.partner_id is not None:
        return ()
    return tuple(
        talk.button(_(_SAYS[step]), action, lot.id)
        for action, step in _STEPS.items()
        if lot.status in lots.STATES[step].of
        and talk.actor.may(Permission(Module.LOTS, lots.STATES[step].level))
    )


class _Step:
    """What these small dialogues share: they are about one lot, and ask for a reason."""

    step: Step

    async def title(self, talk: Talk, context: Answers) -> str:
        """The step and the lot."""
        lot = await lots.get(talk.actor, int(str(context["lot"])))
        return f"{talk.translate(_SAYS[self.step])} · {lot.number}"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Why."""
        return [reason(talk)]


@flow
class Quarantine(_Step):
    """Set a lot apart."""

    name = "lot_quarantine"
    step = Step.QUARANTINE

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Set it apart; somebody else takes it out again."""
        done = await lots.quarantine(talk.actor, int(str(context["lot"])), str(answers["reason"]))
        await talk.say(
            talk.translate(
                "🚧 Lot {number} is in quarantine. Somebody else takes it out, by signature."
            ).format(number=done.number)
        )


@flow
class Scrap(_Step):
    """Scrap a lot; its summary asks once more, since it does not come back."""

    name = "lot_scrap"
    step = Step.SCRAP
    confirms = mark("🗑 Scrap it for good")

    async def preview(self, talk: Talk, context: Answers) -> tuple[str, list[tuple[str, str]]]:
        """What that means."""
        return talk.translate("A scrapped lot does not come back. Is that right?"), []

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Scrap it."""
        done = await lots.scrap(talk.actor, int(str(context["lot"])), str(answers["reason"]))
        await talk.say(talk.translate("🗑 Lot {number} is scrapped.").format(number=done.number))


class _Signed(_Step):
    """A step by signature."""

    act: str
    at_once = True

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Show what is signed."""
        args: dict[str, object] = {"lot_id": int(str(context["lot"])), "reason": str(answers["reason"])}
        await begin_signing(talk, self.act, args)


@flow
class Clear(_Signed):
    """Take a lot out of quarantine."""

    name = "lot_clear"
    step = Step.CLEAR
    act = lots.CLEAR


@flow
class Release(_Signed):
    """Release a lot."""

    name = "lot_release"
    step = Step.RELEASE
    act = lots.RELEASE


_FORMS = {
    Action.LOT_QUARANTINE: Quarantine.name,
    Action.LOT_CLEAR: Clear.name,
    Action.LOT_RELEASE: Release.name,
    Action.LOT_SCRAP: Scrap.name,
}


@taps(*_FORMS)
async def _ask(talk: Talk, tap: Tap) -> None:
    action = Action(tap.action)
    talk.actor.must(Permission(Module.LOTS, lots.STATES[_STEPS[action]].level))
    await lots.get(talk.actor, tap.object_id)
    await form.begin(talk, _FORMS[action], {"lot": tap.object_id})
