"""What a dialogue asks, and how a typed, tapped or photographed answer is understood."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.kit import Refusal, clock, plain_text, quantity
from core.kit.canonical import decimal_text, instant_text
from core.sop import SLACK


class Ask(StrEnum):
    """Kinds of questions."""

    CHOICE = "choice"
    """One of the given choices; a typed label is understood too."""
    TEXT = "text"
    QUANTITY = "quantity"
    WHEN = "when"
    """An instant that has happened."""
    DATE = "date"
    """A day from today on."""
    LOT = "lot"
    PHOTOS = "photos"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An answer offered as a button."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, texts already in the reader's language. ``offers`` are quick answers to a typed question.

    With ``documents`` a question for photos takes other files as well.
    """

    key: str
    ask: Ask
    text: str
    hint: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    offers: tuple[Choice, ...] = ()
    limit: int = 2000
    least: int = 0
    most: int = 9
    documents: bool = False


class NotAChoice(Refusal):
    """The typed text is none of the choices."""

    says = "Please choose one of the buttons."


class PhotoWanted(Refusal):
    """Text came where a photo is due."""

    says = "A photo is needed here, not text. Take one, or choose one from the gallery."


class TextWanted(Refusal):
    """A photo or file came where words are due."""

    says = "Words are needed here, not a file. Please type your answer or choose a button."


class NotAMoment(Refusal):
    """The text is no date and time that could be read."""

    says = "“{text}” is not a time I can read. Send it like 14:30 or 2026-11-23 14:30."


class InTheFuture(Refusal):
    """The moment of a finding cannot lie ahead."""

    says = "That moment lies in the future. Please send when it really happened."


class TooLongAgo(Refusal):
    """A finding more than a year old is most likely a typing slip."""

    says = "That is more than a year ago. Please check the date and send it again."


class InThePast(Refusal):
    """A due date must not lie behind."""

    says = "That day is over already. Please send a day from today on, like 2026-12-01."


_TIME = re.compile(r"(\d{1,2})[:：.](\d{2})")
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：](\d{2}))?")
_DAYS_BACK = {"今天": 0, "昨天": 1, "today": 0, "yesterday": 1}


def _local(text: str, zone: str) -> dt.datetime:
    here = clock.in_zone(clock.now(), zone)
    full = _FULL.fullmatch(text)
    try:
        if full:
            year, month, day, hour, minute = (int(part) if part else 0 for part in full.groups())
            return dt.datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))
        back = 0
        for word, days in _DAYS_BACK.items():
            if text.startswith(word):
                back, text = days, text.removeprefix(word).strip()
        time = _TIME.fullmatch(text)
        if time:
            said = here.replace(hour=int(time[1]), minute=int(time[2]), second=0, microsecond=0)
            return said - dt.timedelta(days=back)
    except ValueError as impossible:
        raise NotAMoment(text=text[:40]) from impossible
    raise NotAMoment(text=text[:40])


def read_when(text: str, zone: str) -> str:
    """Read a past moment in the plant's zone; answers its canonical UTC text.

    Raises:
        NotAMoment, InTheFuture, TooLongAgo: what is wrong with it.
    """
    said = clock.utc(_local(text.strip().lower(), zone))
    if said > clock.now() + SLACK:
        raise InTheFuture
    if said < clock.now() - dt.timedelta(days=366):
        raise TooLongAgo
    return instant_text(said)


def read_date(text: str, zone: str) -> str:
    """Read a day from today on; answers ``YYYY-MM-DD``.

    Raises:
        NotAMoment, InThePast: what is wrong with it.
    """
    match = _FULL.fullmatch(text.strip())
    if match is None:
        raise NotAMoment(text=text.strip()[:40])
    try:
        day = dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as impossible:
        raise NotAMoment(text=text.strip()[:40]) from impossible
    if day < clock.in_zone(clock.now(), zone).date():
        raise InThePast
    return day.isoformat()


def read_typed(question: Question, text: str, zone: str) -> str:
    """Understand a typed answer of any kind but lots, which the lots room must know.

    Raises:
        Refusal: why the text is no answer to this question.
    """
    said = plain_text.clean(text)
    for offered in (*question.choices, *question.offers):
        if said.casefold() in (offered.label.casefold(), offered.value.casefold()):
            return offered.value
    if question.ask is Ask.CHOICE:
        raise NotAChoice
    if question.ask is Ask.PHOTOS:
        raise PhotoWanted
    if question.ask is Ask.QUANTITY:
        return decimal_text(quantity.parse(plain_text.checked(text, limit=200)))
    if question.ask is Ask.WHEN:
        return read_when(plain_text.checked(text, limit=60), zone)
    if question.ask is Ask.DATE:
        return read_date(plain_text.checked(text, limit=60), zone)
    return plain_text.checked(text, limit=question.limit)
