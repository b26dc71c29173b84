"""A form of an act: its fields, and what was filled in read as texts, numbers, moments and lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from core.kit import Actor, Level, Malformed, Module, Permission, quantity
from core.kit.refusal import Refusal
from handlers import text
from handlers.web.asking import day_of

WORK: Final = Permission(Module.LOTS, Level.WORK)
REPORT: Final = Permission(Module.LOTS, Level.REPORT)
SETS_UP: Final = Permission(Module.LOTS, Level.CONFIGURE)
_PARTS: Final = re.compile(r"\s*[;；\t]\s*")
_MOMENT: Final = "%Y-%m-%dT%H:%M"
_LINES: Final = 500
_DIGITS: Final = 17


class LineUnclear(Refusal):
    """A line of a list has too few or too many parts."""

    says = "Line {line} of “{field}” must be: {wanted}"


class NotSure(Refusal):
    """The box that says that one is sure was left empty."""

    says = "Please tick the box to say that you are sure."


@dataclass(frozen=True, kw_only=True)
class Input:
    """A field of a form; its label and hint are in the reader's language."""

    name: str
    label: str
    kind: str = "text"
    """text, number, lines, day, moment, choice or hidden."""
    required: bool = True
    limit: int = 120
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What a person filled in, and who they are."""

    actor: Actor
    form: dict[str, str] = field(default_factory=dict)

    @property
    def translate(self) -> text.Translate:
        """The reader's language."""
        return text.translator(self.actor.locale)

    def text(self, name: str) -> str:
        """A text; empty where nothing was filled in."""
        return self.form.get(name, "").strip()

    def amount(self, name: str) -> Decimal:
        """A positive quantity.

        Raises:
            NotAQuantity, NotPositive, TooMuch: it is none.
        """
        return quantity.parse(self.text(name)[:40])

    def key(self, name: str) -> int | None:
        """The key of a chosen row; None where nothing was chosen.

        Raises:
            Malformed: it is no key.
        """
        said = self.text(name)
        if not said:
            return None
        if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS):
            raise Malformed(field=name, why=said[:20])
        return int(said)

    def day(self, name: str) -> dt.date | None:
        """A day, or None.

        Raises:
            Malformed: it is no day.
        """
        return day_of(self.form, name)

    def moment(self, name: str) -> dt.datetime | None:
        """A moment on the reader's clock, as browsers send it, or None.

        Raises:
            Malformed: it is no moment.
        """
        said = self.text(name)
        if not said:
            return None
        try:
            read = dt.datetime.strptime(said, _MOMENT)  # noqa: DTZ007  the zone is the reader's, put on below
        except ValueError:
            raise Malformed(field=name, why=said[:20]) from None
        return read.replace(tzinfo=ZoneInfo(self.actor.timezone))

    def lines(self, name: str, wanted: str, least: int, most: int) -> list[list[str]]:
        """The lines of a list in their parts, each with empty ones behind up to ``most``.

        Raises:
            LineUnclear: a line has too few or too many parts, or there are too many lines.
        """
        found = []
        for number, line in enumerate(self.text(name).splitlines(), 1):
            if not line.strip():
                continue
            parts = _PARTS.split(line.strip())
            if not least <= len(parts) <= most or number > _LINES:
                raise LineUnclear(line=number, field=name, wanted=wanted)
            found.append([*parts, *[""] * (most - len(parts))])
        return found


def measured(said: str, where: str) -> Decimal | None:
    """A measured value of any sign, or None for an empty part.

    Raises:
        Malformed, NotAQuantity: it is none.
    """
    if not said:
        return None
    try:
        return quantity.exact(Decimal(said))
    except InvalidOperation:
        raise Malformed(field=where, why=said[:20]) from None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that is done by a form: who may, what is asked, what it does and where it leads."""

    name: str
    title: str
    """A msgid."""
    needs: Permission
    inputs: Callable[[Filled], Awaitable[list[Input]]]
    """The fields, given what is known already, such as which order."""
    do: Callable[[Filled], Awaitable[str]]
    """Does it; answers the address that shows what came of it."""
    sure: str = ""
    """A msgid: what the person must be sure of, where it cannot be undone."""
