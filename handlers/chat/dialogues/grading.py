"""鉴定分级: a person confirms, raises or asks to lower the grade; each decision is signed.

proposal → confirm and sign | grade anew: S → O → D → sign | raise → why | ask lower → why → second person signs
"""

from __future__ import annotations

from core import anomalies
from handlers.chat import cards, flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.home import show_case
from handlers.chat.dialogues.responding import reason
from handlers.chat.dialogues.signing_codes import begin_signing
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk

CONFIRM = "anomalies:grade:confirm"
LOWER = "anomalies:grade:lower"


@taps(Action.GRADE_AS_PROPOSED)
async def _as_proposed(talk: Talk, tap: Tap) -> None:
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    await begin_signing(
        talk,
        CONFIRM,
        {
            "id": anomaly.id,
            "s": anomaly.s,
            "o": anomaly.o,
            "d": anomaly.d,
            "grade": anomaly.proposed_grade,
            "reason": "",
        },
    )


@taps(Action.GRADE_SIGN)
async def _again(talk: Talk, tap: Tap) -> None:
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    await begin_signing(
        talk,
        CONFIRM,
        {"id": anomaly.id, "s": anomaly.s, "o": anomaly.o, "d": anomaly.d, "grade": anomaly.grade},
    )


@taps(Action.LOWER_APPROVE)
async def _lower(talk: Talk, tap: Tap) -> None:
    await begin_signing(talk, LOWER, {"id": tap.object_id})


@flow
class Grade:
    """Severity, occurrence, detection; the rule table gives the grade, a person signs it."""

    name = "grade"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Three scores; then, when the result is below the proposal, why."""
        _ = talk.translate
        anomaly = await anomalies.get(talk.actor, int(str(context["anomaly"])))
        asked = [
            self._score(
                "s",
                _("Severity: how bad for patient and use?"),
                [
                    _("1 no effect"),
                    _("2 slight"),
                    _("3 noticeable"),
                    _("4 serious"),
                    _("5 may harm"),
                ],
            ),
            self._score(
                "o",
                _("Occurrence: how often?"),
                [
                    _("1 first time"),
                    _("2 rare"),
                    _("3 now and then"),
                    _("4 often"),
                    _("5 again and again"),
                ],
            ),
            self._score(
                "d",
                _("Detection: how likely is it to be missed?"),
                [
                    _("1 always caught"),
                    _("2 mostly caught"),
                    _("3 by inspection"),
                    _("4 by chance"),
                    _("5 hardly ever"),
                ],
            ),
        ]
        if {"s", "o", "d"} <= answers.keys():
            scores = (int(str(answers[key])) for key in ("s", "o", "d"))
            grade = await anomalies.grade_for(anomaly.id, *scores)
            if grade > (anomaly.grade or anomaly.proposed_grade or "C"):
                asked.append(
                    reason(
                        talk,
                        _(
                            "That gives grade {grade}, lower than proposed. Why? A second person will have to sign."
                        ).format(grade=cards.grade_line(grade, _)),
                    )
                )
        return asked

    @staticmethod
    def _score(key: str, question: str, labels: list[str]) -> Question:
        pairs = [(str(number), label) for number, label in enumerate(labels, start=1)]
        return Question(key=key, ask=Ask.CHOICE, text=question, choices=flows.choices(pairs))

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Sign the grade, or hand the lower one to a second person."""
        _ = talk.translate
        anomaly_id = int(str(context["anomaly"]))
        s, o, d = (int(str(answers[key])) for key in ("s", "o", "d"))
        grade = await anomalies.grade_for(anomaly_id, s, o, d)
        if "reason" in answers:
            asked = await anomalies.ask_lower(
                talk.actor, anomaly_id, s=s, o=o, d=d, grade=grade, reason=str(answers["reason"])
            )
            await talk.say(
                _("{number}: the lower grade waits for a second person's signature.").format(
                    number=asked.number
                )
            )
            return
        await begin_signing(
            talk, CONFIRM, {"id": anomaly_id, "s": s, "o": o, "d": d, "grade": grade, "reason": ""}
        )


@taps(Action.GRADE)
async def _grade(talk: Talk, tap: Tap) -> None:
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    await form.begin(talk, Grade.name, {"anomaly": anomaly.id})


@flow
class Raise:
    """Raise a grade: any trained user may, with a reason (reference §7.2)."""

    name = "raise"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """To which grade, and why."""
        _ = talk.translate
        anomaly = await anomalies.get(talk.actor, int(str(context["anomaly"])))
        higher = [one for one in ("A", "B") if one < (anomaly.grade or "C")]
        return [
            Question(
                key="grade",
                ask=Ask.CHOICE,
                text=_("To which grade?"),
                choices=flows.choices([(one, cards.grade_line(one, _)) for one in higher]),
            ),
            reason(talk),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Raise it."""
        raised = await anomalies.raise_grade(
            talk.actor,
            int(str(context["anomaly"])),
            grade=str(answers["grade"]),
            reason=str(answers["reason"]),
        )
        await show_case(talk, raised.id)


@taps(Action.RAISE)
async def _raise(talk: Talk, tap: Tap) -> None:
    anomaly = await anomalies.get(talk.actor, tap.object_id)
    await form.begin(talk, Raise.name, {"anomaly": anomaly.id})
