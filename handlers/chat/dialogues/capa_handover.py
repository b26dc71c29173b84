"""An action of a CAPA goes into other hands: which, to whom, why."""

from __future__ import annotations

from core import capa, people
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.capa_plan import AboutCapa
from handlers.chat.dialogues.home import show_case
from handlers.chat.dialogues.responding import reason
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk


@flow
class HandOverAction(AboutCapa):
    """Give an open action to somebody who can carry it out."""

    name = "hand_over_action"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which action, whom, why."""
        _ = talk.translate
        found = await capa.get(talk.actor, int(str(context["capa"])))
        movable = await capa.movable_actions(talk.actor, found.id)
        held = {str(one.id): one.owner_id for one in movable}.get(str(answers.get("action")))
        able = [one for one in await capa.able_to_take(talk.actor, found.id) if one.id != held]
        return [
            Question(
                key="action",
                ask=Ask.CHOICE,
                text=_("Which action?"),
                choices=flows.choices([(str(one.id), one.text[:40]) for one in movable]),
            ),
            Question(
                key="person",
                ask=Ask.CHOICE,
                text=_("Who should take it?"),
                choices=await flows.people_choices(talk, able),
            ),
            reason(talk),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Hand it over."""
        _ = talk.translate
        moved = await capa.hand_over_action(
            talk.actor,
            int(str(answers["action"])),
            to_person=int(str(answers["person"])),
            reason=str(answers["reason"]),
        )
        name = (await people.person(moved.owner_id)).printed_name
        await talk.say(_("{name} has the action now and has been told.").format(name=name))
        await show_case(talk, (await capa.get(talk.actor, moved.capa_id)).anomaly_id)


@taps(Action.ACTION_HAND_OVER)
async def _start(talk: Talk, tap: Tap) -> None:
    found = await capa.get(talk.actor, tap.object_id)
    await form.begin(talk, HandOverAction.name, {"capa": found.id})
