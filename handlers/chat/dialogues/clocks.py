"""Putting an alert off, taking an acknowledgement back, acknowledging too; asking for more time and deciding on it.

alert → 💤 | ↩ give back → why | ✅ too      case → ⏳ until when → why → approver: agree | decline → why
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from core import anomalies, escalation
from core.anomalies import PartnerStep
from core.kit import clock
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.card_clocks import STEPS, due_line
from handlers.chat.dialogues.home import show_case
from handlers.chat.dialogues.responding import reason
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, NotAChoice, Question
from handlers.chat.router import taps
from handlers.chat.talk import Talk

WAYS = list(escalation.Snooze)


def end_of(day: dt.date, zone: str) -> dt.datetime:
    """The end of a day on a wall clock, in UTC."""
    return clock.utc(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone)))


def day_offers(talk: Talk, days: tuple[int, ...], start: dt.datetime) -> tuple[Choice, ...]:
    """Days to tap, counted from an instant."""
    _ = talk.translate
    first = clock.in_zone(start, talk.actor.timezone).date()
    return flows.choices(
        [((first + dt.timedelta(days=n)).isoformat(), _("+{n} days").format(n=n)) for n in days]
    )


@taps(Action.SNOOZE)
async def _snooze(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    if tap.argument >= len(WAYS):
        raise NotAChoice
    until = await escalation.snooze(talk.actor, tap.object_id, WAYS[tap.argument])
    case = await anomalies.get(talk.actor, tap.object_id)
    await talk.say(
        _("💤 {number} is put off and sounds again at {time}.").format(
            number=case.number, time=talk.moment(until)
        )
    )


@taps(Action.SEEN_TOO)
async def _too(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    left = await escalation.acknowledge_too(talk.actor, tap.object_id)
    case = await anomalies.get(talk.actor, tap.object_id)
    await talk.say(
        _("Thank you. {number} still waits for others to acknowledge; they are being told.").format(
            number=case.number
        )
        if left
        else _("Thank you. Everybody who has to has acknowledged {number}.").format(number=case.number)
    )


@flow
class GiveBack:
    """Take an acknowledgement back."""

    name = "give_back"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Why."""
        _ = talk.translate
        return [reason(talk, _("Why do you give it back? The alert sounds again at once, and goes on."))]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Let it sound again."""
        _ = talk.translate
        case = await anomalies.give_back(
            talk.actor, int(str(context["anomaly"])), reason=str(answers["reason"])
        )
        await talk.say(_("{number} is given back; the next tier has been told.").format(number=case.number))


@taps(Action.GIVE_BACK)
async def _give_back(talk: Talk, tap: Tap) -> None:
    case = await anomalies.get(talk.actor, tap.object_id)
    await form.begin(talk, GiveBack.name, {"anomaly": case.id})


@taps(Action.PARTNER_ACK)
async def _received(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    case = await anomalies.partner_did(talk.actor, tap.object_id, PartnerStep.ACK.value)
    await talk.say(_("Thank you: noted that you have received {number}.").format(number=case.number))
    await show_case(talk, case.id)


@flow
class MoreTime:
    """Ask for more time."""

    name = "more_time"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.get(talk.actor, int(str(context["anomaly"])))).number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Until when, and why."""
        _ = talk.translate
        case = await anomalies.get(talk.actor, int(str(context["anomaly"])))
        due = await _due_of(talk, case, str(context["clock"]))
        return [
            Question(
                key="until",
                ask=Ask.DATE,
                text=_("Until the end of which day do you need?"),
                hint=_("Now due: {due}. Somebody else has to agree.").format(
                    due=due_line(case, _) if not context["clock"] else talk.moment(due)
                ),
                offers=day_offers(talk, (1, 3, 7, 14), max(due, clock.now())),
            ),
            reason(talk, _("Why is more time needed? It goes on the record.")),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Ask for it."""
        _ = talk.translate
        asked = await anomalies.ask_more_time(
            talk.actor,
            int(str(context["anomaly"])),
            until=end_of(dt.date.fromisoformat(str(answers["until"])), talk.actor.timezone),
            reason=str(answers["reason"]),
            clock_name=str(context["clock"]),
        )
        await talk.say(
            _("Asked. {number} stays due as before until somebody else agrees.").format(
                number=asked.case_number
            )
        )


async def _due_of(talk: Talk, case: anomalies.AnomalyFacts, name: str) -> dt.datetime:
    if not name:
        return case.due_at or clock.now()
    owed = {f"partner:{one.step}": one for one in await anomalies.partner_clocks(talk.actor, case.id)}
    return owed[name].due_at if name in owed else clock.now()


@taps(Action.MORE_TIME)
async def _more_time(talk: Talk, tap: Tap) -> None:
    if tap.argument > len(STEPS):
        raise NotAChoice
    case = await anomalies.get(talk.actor, tap.object_id)
    name = f"partner:{STEPS[tap.argument - 1].value}" if tap.argument else ""
    await form.begin(talk, MoreTime.name, {"anomaly": case.id, "clock": name})


@taps(Action.MORE_TIME_GIVE)
async def _give(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    given = await anomalies.give_more_time(talk.actor, tap.object_id)
    await talk.say(
        _("{number} is due {time} now. Who asked has been told.").format(
            number=given.case_number, time=talk.moment(given.until)
        )
    )


@flow
class Decline:
    """Decline more time."""

    name = "more_time_decline"

    async def title(self, talk: Talk, context: Answers) -> str:
        """The case number."""
        return (await anomalies.extension(talk.actor, int(str(context["extension"])))).case_number

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Why not."""
        _ = talk.translate
        return [reason(talk, _("Why not? Who asked will read it."))]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Say no."""
        _ = talk.translate
        said = await anomalies.decline_more_time(
            talk.actor, int(str(context["extension"])), reason=str(answers["reason"])
        )
        await talk.say(
            _("Declined. {number} stays due as before; who asked has been told.").format(
                number=said.case_number
            )
        )


@taps(Action.MORE_TIME_DECLINE)
async def _decline(talk: Talk, tap: Tap) -> None:
    asked = await anomalies.extension(talk.actor, tap.object_id)
    await form.begin(talk, Decline.name, {"extension": asked.id})
