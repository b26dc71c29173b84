"""Reacting to an alert: acknowledge, hand over, ask for help, add facts, reject, withdraw.

alert → ✅ acknowledge | ↪ reassign → whom → why | 🆘 help → what for
"""

from __future__ import annotations

from core import anomalies, lots, people, sop
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.home import show_case
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk

REASON_LIMIT = 500


@taps(Action.ACKNOWLEDGE)
async def _acknowledge(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    taken = await anomalies.acknowledge(talk.actor, tap.object_id, revision=tap.revision)
    await talk.say(
        _("Thank you, {number} is yours now. The others have been told.").format(number=taken.number)
    )
    await show_case(talk, taken.id)


def reason(talk: Talk, question: str = "") -> Question:
    """The question for a reason that goes on the record."""
    _ = talk.translate
    return Question(
        key="reason",
        ask=Ask.TEXT,
        text=question or _("What is the reason? It goes on the record."),
        limit=REASON_LIMIT,
    )


class _AboutCase:
    """What these small dialogues share: they are about one case."""

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number


@flow
class Reassign(_AboutCase):
    """Hand a case to somebody else."""

    name = "reassign"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Whom, and why."""
        _ = talk.translate
        anomaly = await anomalies.get(talk.actor, int(str(context["anomaly"])))
        able = await anomalies.able_to_own(talk.actor, anomaly.id)
        return [
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
        person_id = int(str(answers["person"]))
        moved = await anomalies.reassign(
            talk.actor, int(str(context["anomaly"])), to_person=person_id, reason=str(answers["reason"])
        )
        name = (await people.person(person_id)).printed_name
        await talk.say(
            _("{number} is with {name} now; they have been alerted.").format(number=moved.number, name=name)
        )


@flow
class Help(_AboutCase):
    """Ask the next tier for help."""

    name = "help"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """What help is needed."""
        _ = talk.translate
        return [reason(talk, _("What help do you need?"))]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Tell the next tier at once."""
        _ = talk.translate
        await anomalies.ask_help(talk.actor, int(str(context["anomaly"])), reason=str(answers["reason"]))
        await talk.say(_("The next tier has been told and will come to you."))


@flow
class Reject(_AboutCase):
    """Judge that a report is no anomaly."""

    name = "reject"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Why it is none."""
        _ = talk.translate
        return [reason(talk, _("Why is this no anomaly? The reporter will read it."))]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """End the case."""
        _ = talk.translate
        ended = await anomalies.reject(
            talk.actor, int(str(context["anomaly"])), reason=str(answers["reason"])
        )
        await talk.say(
            _("{number} is ended as no anomaly. The reporter has been told why.").format(number=ended.number)
        )


@flow
class Withdraw(_AboutCase):
    """The reporter takes a report back before anybody took it up."""

    name = "withdraw"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Why."""
        return [reason(talk)]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Withdraw it; the record stays."""
        _ = talk.translate
        ended = await anomalies.cancel(
            talk.actor, int(str(context["anomaly"])), reason=str(answers["reason"])
        )
        await talk.say(_("{number} is withdrawn. The record of it stays.").format(number=ended.number))


@flow
class Supplement(_AboutCase):
    """Add or correct facts of a case; the old value stays legible on the record."""

    name = "supplement"

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which field, its new value, why; photos may be added."""
        _ = talk.translate
        anomaly = await anomalies.get(talk.actor, int(str(context["anomaly"])))
        template = await sop.template(anomaly.template_id)
        editable = [
            one for one in template.fields if one.type in ("text", "choice", "stage", "quantity", "number")
        ]
        asked = [
            Question(
                key="field",
                ask=Ask.CHOICE,
                text=_("Which fact?"),
                choices=flows.choices(
                    [(one.key, one.label_in(talk.actor.locale)) for one in editable]
                    + [("photos", _("Photos only"))]
                ),
            )
        ]
        chosen = next((one for one in editable if one.key == answers.get("field")), None)
        if chosen is not None:
            from handlers.chat.dialogues.reporting import question_of  # noqa: PLC0415  the two files know each other

            found = await question_of(talk, chosen)
            asked.append(
                Question(
                    key="value",
                    ask=found.ask,
                    text=found.text,
                    hint=found.hint,
                    choices=found.choices,
                    limit=found.limit,
                )
            )
        if "field" in answers:
            asked.append(
                Question(
                    key="photos",
                    ask=Ask.PHOTOS,
                    text=_("Send more photos, or skip."),
                    required=chosen is None,
                    least=0 if chosen is not None else 1,
                )
            )
            asked.append(reason(talk))
        return asked

    async def check(self, talk: Talk, context: Answers, answers: Answers, key: str, value: object) -> None:
        """Refuse more affected pieces than the lot of the case has."""
        if key == "value" and answers.get("field") == "quantity":
            anomaly = await anomalies.get(talk.actor, int(str(context["anomaly"])))
            for lot in await lots.some(talk.actor, [anomaly.lot_id or 0]):
                anomalies.check_affected(lot, str(value))

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record the addition."""
        _ = talk.translate
        photos = answers.get("photos")
        changes = {str(answers["field"]): answers["value"]} if "value" in answers else {}
        changed = await anomalies.supplement(
            talk.actor,
            int(str(context["anomaly"])),
            changes=changes,
            reason=str(answers["reason"]),
            evidence_ids=[int(one) for one in photos] if isinstance(photos, list) else [],
        )
        await talk.say(
            _("Added to {number}. Old and new both stay on the record.").format(number=changed.number)
        )
        await show_case(talk, changed.id)


_STARTS = {
    Action.REASSIGN: Reassign.name,
    Action.HELP: Help.name,
    Action.REJECT: Reject.name,
    Action.CANCEL: Withdraw.name,
    Action.SUPPLEMENT: Supplement.name,
}


@taps(*_STARTS)
async def _start(talk: Talk, tap: Tap) -> None:
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    await form.begin(talk, _STARTS[Action(tap.action)], {"anomaly": anomaly.id})
