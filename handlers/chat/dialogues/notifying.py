"""/notify: where I am told first, when it shall be quiet, the daily digest. Each button says what a tap sets."""

from __future__ import annotations

import dataclasses

from core import people
from core.people import ChannelRule, Contact, Hours
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing
from handlers.text import mark

CHANNELS = {"telegram": mark("Telegram"), "wecom": mark("WeCom"), "browser": mark("phone page")}
NAMES = tuple(CHANNELS)
NIGHT = Hours(begins=22 * 60, ends=6 * 60)
QUIET: tuple[Hours | None, ...] = (
    None,
    NIGHT,
    Hours(begins=22 * 60, ends=8 * 60),
    Hours(begins=20 * 60, ends=7 * 60),
)
PROOFS = (None, 5, 10, 30)
FIRST, CRITICAL, AT_NIGHT, SILENCE, DIGEST, PROOF = range(1, 7)
SCOPES: dict[int, tuple[str | None, Hours | None]] = {
    FIRST: (None, None),
    CRITICAL: ("A", None),
    AT_NIGHT: (None, NIGHT),
}


def _rule(contact: Contact, part: int) -> ChannelRule | None:
    grade, hours = SCOPES[part]
    return next((one for one in contact.rules if (one.grade, one.hours) == (grade, hours)), None)


def _with_first(contact: Contact, part: int, channel: str | None) -> Contact:
    """The same wishes with one channel first for a part of them; None: as for everything else."""
    grade, hours = SCOPES[part]
    others = tuple(one for one in contact.rules if (one.grade, one.hours) != (grade, hours))
    own = () if channel is None else (ChannelRule(channels=(channel,), grade=grade, hours=hours),)
    return dataclasses.replace(contact, rules=others + own)


def _clock(hours: Hours | None) -> str:
    if hours is None:
        return ""
    return f"{hours.begins // 60:02}:{hours.begins % 60:02}–{hours.ends // 60:02}:{hours.ends % 60:02}"


def _after(choices: tuple[object, ...], present: object) -> int:
    """The position of the next choice, the first one after the last."""
    return (choices.index(present) + 1) % len(choices) if present in choices else 0


class _Card:
    """The present wishes as a card."""

    def __init__(self, talk: Talk, contact: Contact, known: list[str]) -> None:
        self._talk = talk
        self._contact = contact
        self._known = known

    def _button(self, label: str, part: int, choice: int) -> tuple[Button, ...]:
        return (self._talk.button(label, Action.NOTIFY, part, argument=choice),)

    def _channels(self, part: int, same: str) -> str:
        _, rule = self._talk.translate, _rule(self._contact, part)
        if rule is None and part != FIRST:
            return same
        order = dict.fromkeys([*(rule.channels if rule is not None else ()), *self._known])
        return " → ".join(_(CHANNELS[one]) for one in order if one in self._known)

    def _turning(self, part: int, label: str, same: str) -> tuple[Button, ...]:
        """A button that puts the next of the person's channels first; 0 means as for everything."""
        _, rule = self._talk.translate, _rule(self._contact, part)
        choices = (*self._known,) if part == FIRST else ("", *self._known)
        present = rule.channels[0] if rule is not None else choices[0]
        following = choices[_after(choices, present)]
        word = _(CHANNELS[following]) if following else same
        number = NAMES.index(following) + 1 if following else 0
        return self._button(label.format(channel=word), part, number)

    def outgoing(self) -> Outgoing:
        """Make it."""
        _, contact = self._talk.translate, self._contact
        same, off = _("as everything else"), _("off")
        quiet, proof = QUIET[_after(QUIET, contact.quiet)], PROOFS[_after(PROOFS, contact.prove_minutes)]
        minutes = _("{n} minutes")
        proven = off if contact.prove_minutes is None else minutes.format(n=contact.prove_minutes)
        rows = [
            self._button(
                _("🌙 Quiet hours: {hours}").format(hours=_clock(quiet) or off),
                SILENCE,
                QUIET.index(quiet),
            ),
            self._button(
                _("🗞 Daily digest: {state}").format(state=off if contact.digest else _("on")),
                DIGEST,
                int(not contact.digest),
            ),
        ]
        if len(self._known) > 1:
            rows = [
                self._turning(FIRST, _("① First: {channel}"), same),
                self._turning(CRITICAL, _("🔴 Grade A first: {channel}"), same),
                self._turning(AT_NIGHT, _("🌃 At night first: {channel}"), same),
                *rows,
                self._button(
                    _("🔴 Next channel after: {time}").format(
                        time=off if proof is None else minutes.format(n=proof)
                    ),
                    PROOF,
                    PROOFS.index(proof),
                ),
            ]
        language = (self._talk.button("中文 / English", Action.LANGUAGE, 0),)
        return Outgoing(
            head=_("🔔 How you are told"),
            facts=(
                (_("Order"), self._channels(FIRST, same)),
                (_("Grade A"), self._channels(CRITICAL, same)),
                (_("22:00 to 06:00"), self._channels(AT_NIGHT, same)),
                (_("Quiet hours"), _clock(contact.quiet) or off),
                (_("Daily digest"), _("on") if contact.digest else off),
                (_("No sign of arrival: next channel after"), proven),
            ),
            hint=_("A tap sets what the button says. Grade A alerts come at any hour, quiet or not."),
            buttons=(*rows, language),
        )


async def _show(talk: Talk) -> None:
    person = talk.actor.identity
    card = _Card(talk, await people.contact_of(person), await people.channels_of(person))
    await talk.reply(card.outgoing(), replaces=f"notify:{person}:{talk.incoming.channel}")


@commands("notify", "通知", "提醒", "免打扰", "notifications")
async def notify(talk: Talk, _said: str) -> None:
    """/notify: how I am told, each part to be changed with a tap."""
    await _show(talk)


def _chosen(contact: Contact, part: int, choice: int) -> Contact | None:
    """The wishes with what a button set; None when it is no choice of ours any more."""
    if part in SCOPES and 0 <= choice <= len(NAMES):
        return _with_first(contact, part, NAMES[choice - 1] if choice else None)
    if part == SILENCE and choice < len(QUIET):
        return dataclasses.replace(contact, quiet=QUIET[choice])
    if part == DIGEST:
        return dataclasses.replace(contact, digest=bool(choice))
    if part == PROOF and choice < len(PROOFS):
        return dataclasses.replace(contact, prove_minutes=PROOFS[choice])
    return None


@taps(Action.NOTIFY)
async def _set(talk: Talk, tap: Tap) -> None:
    person = talk.actor.identity
    before = await people.contact_of(person)
    wanted = _chosen(before, tap.object_id, tap.argument)
    if wanted is not None and wanted != before:
        await people.set_contact(talk.actor, person, wanted)
    await _show(talk)
