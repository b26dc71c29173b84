"""Words for people: English msgids, zh_CN translations, dates and durations on the plant's clock."""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import io
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.kit import Refusal, clock

LOCALES = ("zh_CN", "en")
DEFAULT = "zh_CN"
_FOLDER = Path(__file__).resolve().parents[1] / "locales"

WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")
"""Characters as wide as a Chinese one."""
_ENDED = (":", "：", "?", "？", ".", "。")

Translate = Callable[[str], str]


def mark(msgid: str) -> str:
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return msgid


COUNTED = (
    mark("pcs"),
    mark("pair"),
    mark("dozen"),
    mark("box"),
    mark("bag"),
    mark("roll"),
    mark("set"),
    mark("tray"),
)
"""Units that are words; those of the SI are the same in every language."""


@functools.cache
def catalogue(locale: str) -> gettext.NullTranslations:
    """Read a language's catalogue once per process; unknown languages read as the default."""
    chosen = locale if locale in LOCALES else DEFAULT
    source = _FOLDER / chosen / "LC_MESSAGES" / "bot.po"
    with source.open("rb") as opened:
        messages = read_po(opened, locale=chosen)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Counting(str):
    """A text that is said otherwise of one than of many; which it is shows when its counts are filled in.

    ``forms`` holds the text for one by the names of the counts that are one, parted by spaces.
    """

    __slots__ = ("forms",)
    forms: Mapping[str, str]

    def __new__(cls, words: str, forms: Mapping[str, str]) -> Self:
        """Keep the text of many, and those of one."""
        made = super().__new__(cls, words)
        made.forms = forms
        return made

    def format(self, *values: object, **facts: object) -> str:
        """Fill in the facts, in the form that the counts ask for."""
        return self._form(facts).format(*values, **facts)

    def format_map(self, facts: Any, /) -> str:
        """Fill in the facts, in the form that the counts ask for."""
        return self._form(facts).format_map(facts)

    def _form(self, facts: Mapping[str, object]) -> str:
        counts = {one for names in self.forms for one in names.split()}
        single = {one for one in counts if one in facts and str(facts[one]) == "1"}
        return next((said for names, said in self.forms.items() if set(names.split()) == single), str(self))


@functools.cache
def of_one() -> Mapping[str, Mapping[str, str]]:
    """English texts by what they are of one thing. Chinese says both alike."""
    found: Mapping[str, Mapping[str, str]] = json.loads((_FOLDER / "one.json").read_text(encoding="utf-8"))
    return found


def _english(msgid: str) -> str:
    words, forms = catalogue("en").gettext(msgid), of_one().get(msgid)
    return Counting(words, forms) if forms else words


def translator(locale: str) -> Translate:
    """Answer the function that gives a msgid's text in a language."""
    return _english if locale == "en" else catalogue(locale).gettext


def colon(label: str) -> str:
    """What parts a label from its value: the colon of the label's own script, or nothing more after an end mark."""
    if label.rstrip().endswith(_ENDED):
        return " "
    return "：" if WIDE.search(label) else ": "


def said(refusal: Refusal, locale: str) -> str:
    """Say a refusal in the reader's language, its facts filled in; names of states are words too."""
    _ = translator(locale)
    facts = {
        key: _(str(value)) if key in ("state", "status", "measured", "unit") and value else str(value)
        for key, value in refusal.facts.items()
    }
    return _(type(refusal).says).format_map(_Kept(facts))


class _Kept(dict[str, str]):
    """Placeholders without a fact stay readable instead of failing a refusal."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def quantity(amount: Decimal | None, unit: str, _: Translate) -> str:
    """A quantity with thousands commas and its unit in the reader's words (``1,200 pcs``), or a dash."""
    if amount is None:
        return "–"
    whole, _dot, rest = format(amount.normalize(), "f").partition(".")
    return f"{int(whole):,}{f'.{rest}' if rest else ''} {_(unit) if unit else ''}".strip()


def moment(value: dt.datetime, zone: str) -> str:
    """Write an instant on the plant's wall clock: ``2026-11-23 21:46``."""
    return clock.in_zone(value, zone).strftime("%Y-%m-%d %H:%M")


def exact(value: dt.datetime, zone: str) -> str:
    """Write an instant with seconds, zone offset and zone name, as signatures need it (21 CFR 11.50)."""
    local = clock.in_zone(value, zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:]} ({zone})"


def offset(value: dt.datetime, zone: str) -> str:
    """Write an instant with seconds and its offset only, for narrow columns: ``2026-11-23 21:46:00 +08:00``."""
    local = clock.in_zone(value, zone)
    apart = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} {apart[:3]}:{apart[3:]}"


def duration(value: dt.timedelta, _: Translate) -> str:
    """Write a duration in the two largest units: ``2 h 15 min``."""
    minutes = int(value.total_seconds() // 60)
    days, rest = divmod(abs(minutes), 1440)
    hours, minutes = divmod(rest, 60)
    parts = [
        text.format(n=number)
        for number, text in ((days, _("{n} d")), (hours, _("{n} h")), (minutes, _("{n} min")))
        if number
    ]
    return " ".join(parts[:2]) or _("under a minute")
