"""纠正措施: the root cause in two layers, actions, the criterion of effectiveness, handing in, carrying out.

open → root cause → actions → criterion → submit … approved → each action done with evidence → confirm and sign
"""

from __future__ import annotations

import datetime as dt

from core import anomalies, capa, people
from core.capa import ActionKind, CauseCategory, EffectKind
from core.kit import clock
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.home import show_case
from handlers.chat.dialogues.signing_codes import begin_signing
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk

IMPLEMENTED = "capa:implementation:confirm"


@taps(Action.CAPA_OPEN)
async def _open(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    opened = await capa.open_capa(talk.actor, tap.object_id)
    await talk.say(_("{number} is open. Start with the root cause.").format(number=opened.number))
    await show_case(talk, opened.anomaly_id)


class AboutCapa:
    """What these dialogues share: they are about one CAPA."""

    async def title(self, talk: Talk, context: Answers) -> str:
        """CAPA and case number."""
        found = await capa.get(talk.actor, int(str(context["capa"])))
        return f"{found.number} · {found.case_number}"


@flow
class Cause(AboutCapa):
    """Why it happened, why it was not caught."""

    name = "cause"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Category and words for both layers."""
        _ = talk.translate
        categories = flows.choices([(one.value, _(one.says)) for one in CauseCategory])
        return [
            Question(
                key="occurrence_category",
                ask=Ask.CHOICE,
                choices=categories,
                text=_("Why did it happen? First the kind of cause."),
            ),
            Question(
                key="occurrence",
                ask=Ask.TEXT,
                text=_("Why did it happen? Describe the cause in the process."),
                hint=_("“Operator error” alone is not enough: what made it possible?"),
            ),
            Question(
                key="escape_category",
                ask=Ask.CHOICE,
                choices=categories,
                text=_("Why was it not caught? First the kind of cause."),
            ),
            Question(key="escape", ask=Ask.TEXT, text=_("Why was it not caught before it was found?")),
        ]

    async def check(self, talk: Talk, context: Answers, answers: Answers, key: str, value: object) -> None:
        """A cause that says nothing about the process is refused at once."""
        if key in ("occurrence", "escape"):
            capa.cause_text(str(value))

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record the cause."""
        found = await capa.record_cause(
            talk.actor,
            int(str(context["capa"])),
            occurrence_category=CauseCategory(str(answers["occurrence_category"])),
            occurrence=str(answers["occurrence"]),
            escape_category=CauseCategory(str(answers["escape_category"])),
            escape=str(answers["escape"]),
        )
        await show_case(talk, found.anomaly_id)


def _days(talk: Talk, *days: int) -> tuple[Choice, ...]:
    _ = talk.translate
    today = clock.in_zone(clock.now(), talk.actor.timezone).date()
    return tuple(
        Choice(value=(today + dt.timedelta(days=one)).isoformat(), label=_("in {n} days").format(n=one))
        for one in days
    )


@flow
class AddAction(AboutCapa):
    """What, who, until when."""

    name = "add_action"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Four questions."""
        _ = talk.translate
        able = await people.able_to_act(
            talk.actor, (await capa.get(talk.actor, int(str(context["capa"])))).partner_id
        )
        return [
            Question(
                key="kind",
                ask=Ask.CHOICE,
                text=_("What kind of action?"),
                choices=flows.choices([(one.value, _(one.says)) for one in ActionKind]),
            ),
            Question(key="text", ask=Ask.TEXT, text=_("What exactly will be done?")),
            Question(
                key="owner",
                ask=Ask.CHOICE,
                text=_("Who does it?"),
                choices=await flows.people_choices(talk, able),
            ),
            Question(
                key="due",
                ask=Ask.DATE,
                text=_("Until when?"),
                hint=_("Tap one, or type a day like 2026-12-01."),
                offers=_days(talk, 3, 7, 14, 30),
            ),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Put it in the plan."""
        await capa.add_action(
            talk.actor,
            int(str(context["capa"])),
            kind=ActionKind(str(answers["kind"])),
            text=str(answers["text"]),
            owner_id=int(str(answers["owner"])),
            due=dt.date.fromisoformat(str(answers["due"])),
        )
        await show_case(talk, (await capa.get(talk.actor, int(str(context["capa"])))).anomaly_id)


@flow
class EffectPlan(AboutCapa):
    """The criterion, fixed before anything is done."""

    name = "effect_plan"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """How, the criterion in words, how many, until when."""
        _ = talk.translate
        asked = [
            Question(
                key="kind",
                ask=Ask.CHOICE,
                text=_("How will effectiveness be judged?"),
                choices=flows.choices([(one.value, _(one.says)) for one in EffectKind]),
            ),
            Question(
                key="criterion",
                ask=Ask.TEXT,
                text=_("The criterion in one sentence:"),
                offers=flows.choices(_criteria(talk, str(answers.get("kind", "")))),
            ),
        ]
        if answers.get("kind") in ("units", "lots"):
            asked.append(
                Question(
                    key="target",
                    ask=Ask.QUANTITY,
                    text=_("How many?"),
                    hint=_("59 units without a failure show 95 % reliability with 95 % confidence.")
                    if answers["kind"] == "units"
                    else "",
                    offers=flows.choices(
                        [
                            (one, one)
                            for one in (
                                ("22", "29", "59") if answers["kind"] == "units" else ("5", "9", "14")
                            )
                        ]
                    ),
                )
            )
        asked.append(
            Question(
                key="due",
                ask=Ask.DATE,
                text=_("When will it be judged?"),
                hint=_("Tap one, or type a day like 2026-12-01."),
                offers=_days(talk, 30, 60, 90),
            )
        )
        return asked

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Fix it."""
        target = answers.get("target")
        found = await capa.plan_effect(
            talk.actor,
            int(str(context["capa"])),
            kind=EffectKind(str(answers["kind"])),
            criterion=str(answers["criterion"]),
            target=int(str(target).split(".")[0]) if target else None,
            due=dt.date.fromisoformat(str(answers["due"])),
        )
        await show_case(talk, found.anomaly_id)


def _criteria(talk: Talk, kind: str) -> list[tuple[str, str]]:
    _ = talk.translate
    sentences = {
        "units": [_("59 units in a row without this defect")],
        "lots": [_("14 lots in a row without this defect")],
        "kpi": [_("The defect rate falls by half")],
        "audit": [_("An audit on site finds the measure in use")],
    }
    return [(one, one) for one in sentences.get(kind, [])]


_STARTS = {Action.CAUSE: Cause.name, Action.ACTION_ADD: AddAction.name, Action.EFFECT_PLAN: EffectPlan.name}


@taps(*_STARTS)
async def _start(talk: Talk, tap: Tap) -> None:
    found = await capa.get(talk.actor, tap.object_id)
    await form.begin(talk, _STARTS[Action(tap.action)], {"capa": found.id})


@taps(Action.PLAN_SUBMIT)
async def _submit(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    found = await capa.submit_plan(talk.actor, tap.object_id)
    await talk.say(
        _("{number}: the plan is handed in. You will hear when it is approved.").format(number=found.number),
        buttons=((talk.button(_("Open the case"), Action.CASE, found.anomaly_id),),),
    )


@flow
class ActionDone:
    """Report an action done, with what shows it."""

    name = "action_done"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The action."""
        return (await capa.action(talk.actor, int(str(context["action"])))).text[:60]

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Evidence and a note."""
        _ = talk.translate
        return [
            Question(
                key="evidence",
                ask=Ask.PHOTOS,
                text=_("Send a photo or file that shows it is done."),
                least=1,
                documents=True,
            ),
            Question(
                key="note", ask=Ask.TEXT, text=_("What was done? One sentence is enough."), required=False
            ),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record it."""
        _ = talk.translate
        shown = answers.get("evidence")
        done = await capa.complete_action(
            talk.actor,
            int(str(context["action"])),
            note=str(answers.get("note") or ""),
            evidence_ids=[int(one) for one in shown] if isinstance(shown, list) else [],
        )
        await talk.say(_("Recorded as done. Thank you!"))
        await show_case(talk, (await anomalies.get(talk.actor, done.case_number)).id)


@taps(Action.ACTION_DONE)
async def _done(talk: Talk, tap: Tap) -> None:
    action = await capa.action(talk.actor, tap.object_id)
    await form.begin(talk, ActionDone.name, {"action": action.id})


@taps(Action.IMPLEMENTED)
async def _implemented(talk: Talk, tap: Tap) -> None:
    await begin_signing(talk, IMPLEMENTED, {"id": tap.object_id})
