"""How somebody is told: the own settings for everybody, anybody's for administrators with a reason."""

from __future__ import annotations

import re

from aiohttp import web

from core import people
from core.kit import Level, Module, NotPermitted, Permission
from core.people import ChannelRule, Contact, ContactUnclear, Hours
from handlers.text import mark
from handlers.web import showing, words
from handlers.web.asking import Asked, key_of

NIGHT = Hours(begins=22 * 60, ends=6 * 60)
PARTS: dict[str, tuple[str, str | None, Hours | None]] = {
    "any": (mark("Everything"), None, None),
    "a": (mark("Grade A"), "A", None),
    "b": (mark("Grade B"), "B", None),
    "c": (mark("Grade C"), "C", None),
    "night": (mark("22:00 to 06:00"), None, NIGHT),
}
"""Parts of the form: the words, the grade and the hours of the rule."""
PLACES = 2
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_COUNT = re.compile(r"[0-9]{1,3}")


async def shown(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """The settings of the reader, or of the person asked for.

    Raises:
        NotPermitted: somebody else's, without the right.
    """
    person = await people.person_for(asked.actor, asked.number("person") or asked.actor.identity)
    own = person.id == asked.actor.person_id
    if not own and not asked.actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)):
        raise NotPermitted
    contact = await people.contact_of(person.id)
    rules = {(one.grade, one.hours): one.channels for one in contact.rules}
    return showing.shown(
        asked,
        "notify.html",
        person=person,
        own=own,
        contact=contact,
        parts={name: (says, rules.get((grade, hours), ())) for name, (says, grade, hours) in PARTS.items()},
        places=range(PLACES),
        channels=sorted(people.CHANNELS),
        has=", ".join(asked.translate(words.CHANNELS[one]) for one in await people.channels_of(person.id)),
        at=_written,
    )


async def put(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Set them; rules of other parts than those of the form stay as they are."""
    person = key_of(form, "person")
    before = await people.contact_of(person)
    own = {(grade, hours) for _says, grade, hours in PARTS.values()}
    rules = [one for one in before.rules if (one.grade, one.hours) not in own]
    for name, (_says, grade, hours) in PARTS.items():
        chosen = [form.get(f"{name}_{place}", "") for place in range(PLACES)]
        channels = tuple(dict.fromkeys(one for one in chosen if one))
        if channels:
            rules.append(ChannelRule(channels=channels, grade=grade, hours=hours))
    contact = Contact(
        rules=tuple(rules),
        quiet=_hours(form.get("quiet_begins", ""), form.get("quiet_ends", "")),
        digest=form.get("digest") == "on",
        prove_minutes=_count(form.get("prove_minutes", "")),
    )
    await people.set_contact(asked.actor, person, contact, reason=form.get("reason", ""))
    return showing.elsewhere(f"/admin/notify?person={person}")


def _written(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _hours(begins: str, ends: str) -> Hours | None:
    """Hours as two times of day; none where both are empty.

    Raises:
        ContactUnclear: one is missing, or it is no time.
    """
    if not begins and not ends:
        return None
    first, last = _TIME.fullmatch(begins), _TIME.fullmatch(ends)
    if first is None or last is None:
        raise ContactUnclear
    return Hours(begins=int(first[1]) * 60 + int(first[2]), ends=int(last[1]) * 60 + int(last[2]))


def _count(said: str) -> int | None:
    """A number of minutes; none where it is empty.

    Raises:
        ContactUnclear: it is no number.
    """
    if not said.strip():
        return None
    if _COUNT.fullmatch(said.strip()) is None:
        raise ContactUnclear
    return int(said)
