"""Duty in the chat: who is on now, my turns, swapping one, being away with a deputy.

/duty → swap | away      /swap → which turn → whom → in exchange → asked      /away → until → deputy → why      /here
"""

from __future__ import annotations

import datetime as dt
import re

from core import anomalies, duty, people
from core.duty import Turn
from core.kit import Level, Module, Permission, clock
from handlers.chat import duty_words, flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.clocks import day_offers, end_of
from handlers.chat.dialogues.home import reader_of
from handlers.chat.dialogues.responding import reason
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, NotAMoment, Question, read_date
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing
from handlers.tiers import TIERS

NOBODY = "0"
SHOWN = 12
READS = Permission(Module.ESCALATION, Level.READ)
WORKS = Permission(Module.ANOMALIES, Level.WORK)
_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_UNTIL = re.compile(r"^(?:until|to|到|至)\s*", re.IGNORECASE)
_DEPUTY = re.compile(r"^(?:deputy|代理人?|由)[:：\s]*", re.IGNORECASE)


def _key(turn: Turn) -> str:
    return f"{turn.rotation_id}|{turn.since.isoformat()}|{turn.until.isoformat()}"


def _turn(said: object) -> Turn:
    rotation, since, until = str(said).split("|")
    begin, end = (clock.utc(dt.datetime.fromisoformat(one)) for one in (since, until))
    return Turn(int(rotation), begin, end, None, "")


@commands("duty", "值班", "排班")
async def on_duty(talk: Talk, _said: str) -> None:
    """/duty: who is on duty now, and my own next turns."""
    _, zone = talk.translate, talk.actor.timezone
    talk.actor.must(READS)
    now = clock.now()
    names = {one.id: one.printed_name for one in await people.persons(talk.actor.plant_id)}
    lines = await _on_now(talk, now, names)
    own = await duty.next_turns(talk.actor.plant_id, talk.actor.identity)
    lines += [(_("My turn"), duty_words.stretch(one.since, one.until, zone)) for one in own]
    away = await duty.absence_of(talk.actor.identity)
    if away is not None:
        stand_in = names.get(away.deputy_id or 0, _("nobody"))
        said = _("{time}, deputy: {name}").format(
            time=duty_words.stretch(away.since, away.until, zone), name=stand_in
        )
        lines.append((_("I am away"), said))
    await talk.reply(
        Outgoing(
            head=_("🗓 On duty now"),
            body=""
            if lines
            else _("There is no duty plan yet: alerts go to everybody in the responsibility table."),
            facts=tuple(lines[: 2 * SHOWN]),
            buttons=_buttons(talk, own, away=away is not None),
        )
    )


async def _on_now(talk: Talk, now: dt.datetime, names: dict[int, str]) -> list[tuple[str, str]]:
    """Who answers for each tier: shifts of one tier share a line, and one that is off is no gap while another is on."""
    _ = talk.translate
    on: dict[str, list[str]] = {}
    for one, turns in await duty.plan(talk.actor.plant_id, now, now + dt.timedelta(seconds=1)):
        kind = anomalies.category_name(one.category, talk.actor.locale) if one.category else ""
        label = _(TIERS[one.tier]) + (f" · {kind}" if kind else "")
        holders = [turn.person_id for turn in turns if turn.since <= now < turn.until]
        on.setdefault(label, []).extend(names.get(one, "–") for one in holders if one is not None)
    gap = _("nobody: alerts go to the next tier")
    return [(label, ", ".join(dict.fromkeys(people_on)) or gap) for label, people_on in on.items()]


def _buttons(talk: Talk, own: list[Turn], *, away: bool) -> tuple[tuple[Button, ...], ...]:
    _ = talk.translate
    if not talk.actor.may(WORKS):
        return ()
    reader = reader_of(talk)
    row = [reader.button(_("🔁 Swap a turn"), Action.SWAP, 0)] if own else []
    row.append(
        reader.button(_("I am back"), Action.HERE, 0)
        if away
        else reader.button(_("I am away"), Action.AWAY, 0)
    )
    return (tuple(row),)


@taps(Action.DUTY)
async def _duty(talk: Talk, _tap: Tap) -> None:
    await on_duty(talk, "")


@flow
class Swap:
    """Ask a colleague to take a turn."""

    name = "swap"

    async def title(self, talk: Talk, context: Answers) -> str:
        """What this is about."""
        return talk.translate("Swap a turn")

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Which turn, whom, and for which of theirs."""
        _, zone = talk.translate, talk.actor.timezone
        plant, me, now = talk.actor.plant_id, talk.actor.identity, clock.now()
        coming = [one for one in await duty.next_turns(plant, me, most=SHOWN) if one.since > now]
        asked = [
            Question(
                key="turn",
                ask=Ask.CHOICE,
                text=_("Which of your turns?") if coming else _("You have no coming turn. Send /cancel."),
                choices=flows.choices(
                    [(_key(one), duty_words.stretch(one.since, one.until, zone)) for one in coming]
                ),
            ),
            Question(
                key="other",
                ask=Ask.CHOICE,
                text=_("Who should take it?"),
                choices=await flows.people_choices(
                    talk, [one for one in await duty.able(plant) if one.id != me]
                ),
            ),
        ]
        if "other" in answers:
            theirs = [
                one
                for one in await duty.next_turns(plant, int(str(answers["other"])), most=SHOWN)
                if one.since > now
            ]
            asked.append(
                Question(
                    key="instead",
                    ask=Ask.CHOICE,
                    text=_("Which of their turns do you take in exchange?"),
                    choices=flows.choices(
                        [(NOBODY, _("none"))]
                        + [(_key(one), duty_words.stretch(one.since, one.until, zone)) for one in theirs]
                    ),
                )
            )
        return asked

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Ask the colleague."""
        _ = talk.translate
        instead = str(answers["instead"])
        other = int(str(answers["other"]))
        made = await duty.ask_swap(
            talk.actor,
            _turn(answers["turn"]),
            other_id=other,
            instead=None if instead == NOBODY else _turn(instead),
        )
        name = (await people.person(other)).printed_name
        await talk.say(
            _(
                "{name} has been asked and can answer until {time}. Until then the plan stays as it is."
            ).format(name=name, time=talk.moment(made.expires_at)),
            buttons=((reader_of(talk).button(_("Withdraw"), Action.SWAP_REFUSE, made.id),),),
        )


@commands("swap", "换班", "调班")
async def swap(talk: Talk, _said: str) -> None:
    """/swap: ask a colleague to take a turn."""
    talk.actor.must(WORKS)
    await form.begin(talk, Swap.name, {})


@taps(Action.SWAP)
async def _swap(talk: Talk, _tap: Tap) -> None:
    await swap(talk, "")


@taps(Action.SWAP_ACCEPT)
async def _accept(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    await duty.accept_swap(talk.actor, tap.object_id)
    await talk.say(_("Agreed. The plan is changed, and who asked has been told. /duty shows your turns."))


@taps(Action.SWAP_REFUSE)
async def _refuse(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    await duty.refuse_swap(talk.actor, tap.object_id)
    await talk.say(_("Settled: the plan stays as it was, and the other has been told."))


@flow
class Away:
    """Note that one is away."""

    name = "away"

    async def title(self, talk: Talk, context: Answers) -> str:
        """What this is about."""
        return talk.translate("I am away")

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Until when, who stands in, why."""
        _ = talk.translate
        others = [one for one in await duty.able(talk.actor.plant_id) if one.id != talk.actor.identity]
        return [
            Question(
                key="until",
                ask=Ask.DATE,
                text=_("Until the end of which day?"),
                hint=_("Tap one, or type a day like 2026-12-01."),
                offers=day_offers(talk, (0, 1, 3, 7), clock.now()),
            ),
            Question(
                key="deputy",
                ask=Ask.CHOICE,
                text=_("Who stands in for you?"),
                hint=_("Without anybody, your alerts go to the next tier at once."),
                choices=flows.choices(
                    [(str(one.id), one.printed_name) for one in others] + [(NOBODY, _("nobody"))]
                ),
            ),
            reason(talk, _("Why? For example your leave or a journey. It goes on the record.")),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Note it."""
        deputy = int(str(answers["deputy"]))
        await _note(
            talk, dt.date.fromisoformat(str(answers["until"])), deputy or None, str(answers["reason"])
        )


async def _note(talk: Talk, day: dt.date, deputy: int | None, why: str) -> None:
    _ = talk.translate
    noted = await duty.be_away(
        talk.actor, until=end_of(day, talk.actor.timezone), deputy_id=deputy, reason=why
    )
    name = _("nobody") if noted.deputy_id is None else (await people.person(noted.deputy_id)).printed_name
    await talk.say(
        _("Noted: away until {time}, deputy: {name}. /here ends it.").format(
            time=talk.moment(noted.until), name=name
        )
    )


@commands("away", "请假", "外出")
async def away(talk: Talk, said: str) -> None:
    """/away, or at once: /away until 2026-12-05 deputy 陈静 annual leave."""
    _ = talk.translate
    talk.actor.must(WORKS)
    if not said:
        await form.begin(talk, Away.name, {})
        return
    rest = _UNTIL.sub("", said.strip())
    day = _DAY.match(rest)
    if day is None:
        raise NotAMoment(text=rest[:40])
    until = dt.date.fromisoformat(read_date(day[0], talk.actor.timezone))
    name, _sep, why = _DEPUTY.sub("", rest[day.end() :].strip(" ,，")).partition(" ")
    deputy = (await people.named(talk.actor, name)).id if name else None
    await _note(talk, until, deputy, why.strip() or _("noted in the chat"))


@taps(Action.AWAY)
async def _away(talk: Talk, _tap: Tap) -> None:
    await away(talk, "")


@commands("here", "销假", "我回来了")
async def here(talk: Talk, _said: str) -> None:
    """/here: end one's absence."""
    _ = talk.translate
    await duty.be_back(talk.actor)
    await talk.say(_("Welcome back. Alerts and turns come to you again."))


@taps(Action.HERE)
async def _here(talk: Talk, _tap: Tap) -> None:
    await here(talk, "")
