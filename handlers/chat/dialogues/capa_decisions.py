"""Decisions on other people's work: approve or return a plan, waive, judge the effect, close. All signed but the return.

card → sign | return → why | judge → outcome → what was seen → proof → sign
"""

from __future__ import annotations

from core import anomalies, capa
from core.capa import EffectResult
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

APPROVE, WAIVE, JUDGE, CLOSE = "capa:plan:approve", "capa:waive", "capa:effectiveness:result", "capa:close"


@taps(Action.PLAN_APPROVE)
async def _approve(talk: Talk, tap: Tap) -> None:
    await begin_signing(talk, APPROVE, {"id": tap.object_id})


@taps(Action.CAPA_CLOSE)
async def _close(talk: Talk, tap: Tap) -> None:
    await begin_signing(talk, CLOSE, {"id": tap.object_id})


@flow
class Return:
    """Send a plan back."""

    name = "return_plan"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The CAPA number."""
        return (await capa.get(talk.actor, int(str(context["capa"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """What has to change."""
        _ = talk.translate
        return [reason(talk, _("What has to change before you can approve it?"))]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Return it."""
        found = await capa.return_plan(talk.actor, int(str(context["capa"])), reason=str(answers["reason"]))
        await show_case(talk, found.anomaly_id)


@taps(Action.PLAN_RETURN)
async def _return(talk: Talk, tap: Tap) -> None:
    await form.begin(talk, Return.name, {"capa": (await capa.get(talk.actor, tap.object_id)).id})


@flow
class Waive:
    """Let a grade C case go without a CAPA."""

    name = "waive"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Why none is needed."""
        _ = talk.translate
        return [reason(talk, _("Why is no CAPA needed? It goes on the record."))]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Sign it."""
        await begin_signing(talk, WAIVE, {"anomaly_id": context["anomaly"], "reason": answers["reason"]})


@taps(Action.CAPA_WAIVE)
async def _waive(talk: Talk, tap: Tap) -> None:
    await form.begin(talk, Waive.name, {"anomaly": (await anomalies.get(talk.actor, tap.object_id)).id})


@flow
class Judge:
    """Effective, ineffective or inconclusive."""

    name = "judge"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The CAPA number."""
        return (await capa.get(talk.actor, int(str(context["capa"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """The outcome, what was seen, proof."""
        _ = talk.translate
        found = await capa.get(talk.actor, int(str(context["capa"])))
        return [
            Question(
                key="result",
                ask=Ask.CHOICE,
                text=_("Criterion: {criterion}\nWhat is the outcome?").format(
                    criterion=found.effect_criterion
                ),
                choices=flows.choices([(one.value, _(one.says)) for one in EffectResult]),
            ),
            Question(
                key="note", ask=Ask.TEXT, text=_("What did you see? Figures and lots, in a sentence or two.")
            ),
            Question(
                key="evidence",
                ask=Ask.PHOTOS,
                text=_("Send the proof (photo or file), or skip."),
                required=False,
                documents=True,
            ),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Sign the judgement."""
        shown = answers.get("evidence")
        await begin_signing(
            talk,
            JUDGE,
            {
                "id": context["capa"],
                "result": answers["result"],
                "note": answers["note"],
                "evidence_ids": list(shown) if isinstance(shown, list) else [],
            },
        )


@taps(Action.EFFECT_RESULT)
async def _judge(talk: Talk, tap: Tap) -> None:
    await form.begin(talk, Judge.name, {"capa": (await capa.get(talk.actor, tap.object_id)).id})
