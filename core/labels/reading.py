"""From the text of a code to what it says: whose rules it follows is told by its carrier and its first characters."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from core.kit import Refusal, plain_text
from core.labels import check_digits, digital_link, gs1, hibcc, iccbba, ma
from core.labels.errors import AhmNotPublic, CheckDigitWrong, FieldMalformed, NotALabel
from core.labels.terms import Carrier, LabelFacts, Scheme

_MARK = re.compile(r"\][A-Za-z][0-9A-Fa-f]")
_WITH_FNC1: Final = ("]C1", "]d2", "]d5", "]e0", "]e1", "]e2", "]Q3", "]J1")
"""Symbology identifiers of codes that hold GS1 element strings (GenSpecs 5.2)."""
_RETAIL: Final = ("]E0", "]E4", "]X0", "]I1")
_LENGTHS: Final = (8, 12, 13, 14)
_TYPED: Final = str.maketrans({"（": "(", "）": ")", "＋": "+", "␝": gs1.FNC1})
_STARTS_WITH_KEY = re.compile(r"(?:00[0-9]{18}|0[12][0-9]{14})")
_AHM = re.compile(r"(?i)AHM[.:]|8[0-9]{19}$")
_LONGEST: Final = 400
_PLAIN: Final = 60


def read(carrier: Carrier, today: dt.date) -> tuple[LabelFacts, ...]:
    """Answer what a code says: one reading, or several where fields without separators could be told apart in
    several ways; the reader chooses, or the lots that exist do.

    Raises:
        Refusal: why it says nothing that may be relied on.
    """  # noqa: D205
    text, symbology = carrier.text, carrier.symbology
    if not symbology:
        text = text.translate(_TYPED).replace("<GS>", gs1.FNC1).strip(" \t\r\n")
        marked = _MARK.match(text)
        if marked is not None:
            text, symbology = text[marked.end() :], marked[0]
    if len(text) > _LONGEST:
        raise FieldMalformed(field="–", value=text[:40])
    if symbology in _WITH_FNC1:
        if digital_link.is_address(text):
            return (gs1.facts(digital_link.read(text), today),)
        return (gs1.facts(gs1.scanned(text), today),)
    if symbology in _RETAIL:
        return (_article(text),)
    return _typed(text, today)


def may_be(text: str) -> bool:
    """Whether a typed text shows itself as a label: a mark, a bracket, an address, a scheme's first characters."""
    plain = text.translate(_TYPED).strip()
    return (
        _MARK.match(plain) is not None
        or re.match(r"\(\d{2,4}\)", plain) is not None
        or digital_link.is_address(plain)
        or plain.startswith(("+", "*+", "=/", "=,", "&,1", "MA."))
        or _STARTS_WITH_KEY.match(plain) is not None
        or _AHM.match(plain) is not None
    ) and len(plain) <= _LONGEST


def _typed(text: str, today: dt.date) -> tuple[LabelFacts, ...]:
    """Read a text that no carrier speaks for: typed, pasted, or of a code without FNC1."""
    if digital_link.is_address(text):
        return (gs1.facts(digital_link.read(text), today),)
    if re.match(r"\(\d{2,4}\)", text):
        return (gs1.facts(gs1.bracketed(text), today),)
    if text.startswith(("+", "*+")):
        return (hibcc.read(text, today),)
    if text.startswith(("=", "&,1", "&)")):
        return (iccbba.read(text),)
    if text.startswith("MA."):
        return (ma.read(text, today),)
    if gs1.FNC1 in text or _STARTS_WITH_KEY.match(text):
        return _readings(text, today)
    if _AHM.match(text):
        raise AhmNotPublic
    if len(text) in _LENGTHS and check_digits.digits_hold(text):
        return (_article(text), _plain(text))
    return (_plain(text),)


def _readings(text: str, today: dt.date) -> tuple[LabelFacts, ...]:
    """Judge every way of reading; a way that is broken is none, unless no way is whole."""
    found: list[LabelFacts] = []
    trouble: Refusal | None = None
    for elements in gs1.run_together(text):
        try:
            found.append(gs1.facts(elements, today))
        except CheckDigitWrong:
            raise
        except Refusal as broken:
            trouble = broken
    if not found and trouble is not None:
        raise trouble
    return tuple(dict.fromkeys(found))


def _article(digits: str) -> LabelFacts:
    if len(digits) not in _LENGTHS or not check_digits.digits_hold(digits):
        raise CheckDigitWrong(code=digits[:40])
    return LabelFacts(scheme=Scheme.GS1, device=digits.zfill(14), fields=(("GTIN", digits),))


def _plain(text: str) -> LabelFacts:
    if not text or len(text) > _PLAIN or plain_text.clean(text) != text:
        raise NotALabel(value=plain_text.clean(text)[:40])
    return LabelFacts(scheme=Scheme.PLAIN, lot=text, fields=(("", text),))
