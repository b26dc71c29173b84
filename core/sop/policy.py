"""Holding answers against a template: the same check for chat, page and API. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from core.kit import Refusal, plain_text, quantity
from core.kit.canonical import decimal_text, instant_text
from core.sop import errors
from core.sop.terms import SLACK, Field, FieldType

TEXT_LIMIT = 2000
OLDEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
MOST_PHOTOS = 9
PLACES, MAGNITUDE = 6, Decimal(10) ** 12

# What every template asks, and how: a record stands on these (product row 09: who, when, where, how).
REQUIRED: dict[str, FieldType] = {
    "occurred_at": FieldType.DATETIME,
    "place": FieldType.TEXT,
    "interface_from": FieldType.STAGE,
    "interface_to": FieldType.STAGE,
    "detection": FieldType.CHOICE,
    "description": FieldType.TEXT,
}
TYPED: dict[str, FieldType] = {
    **REQUIRED,
    "subcode": FieldType.CHOICE,
    "lot": FieldType.LOT,
    "quantity": FieldType.QUANTITY,
    "partner": FieldType.PARTNER,
    "risk": FieldType.CHOICE,
    "photos": FieldType.PHOTOS,
}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OPTION = re.compile(r"[A-Za-z0-9_]{1,24}")
_SUBCODE = 8


def named(field: Field, locale: str) -> str:
    """What a refusal calls a field: its question in the reader's language, or its key for a program."""
    return field.label_in(locale).rstrip("?\uff1f") if locale else field.key


def _choice(field: Field, value: object, locale: str) -> str:
    if not isinstance(value, str) or value not in {one.value for one in field.options}:
        raise errors.NotAnOption(field=named(field, locale))
    return value


def _text(field: Field, value: object, locale: str) -> str:
    limit = field.limit or TEXT_LIMIT
    if not isinstance(value, str):
        raise errors.NotText(field=named(field, locale), limit=limit)
    said = plain_text.checked(value, limit=limit)
    if field.regex is not None and re.fullmatch(field.regex, said) is None:
        raise errors.WrongPattern(
            field=named(field, locale), text=said[:40], hint=field.help_in(locale or "en")
        )
    return said


def _instant(field: Field, value: object, now: dt.datetime, locale: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment < OLDEST:
        raise errors.NotInstant(field=named(field, locale))
    if moment > now + SLACK:
        raise errors.FutureMoment(field=named(field, locale))
    return instant_text(moment)


def _number(text: str) -> Decimal:
    """Read any finite number, negative ones too (a temperature)."""
    try:
        plain = unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-").replace(",", "")
        amount = Decimal(plain)
    except InvalidOperation as unreadable:
        raise quantity.NotAQuantity(text=text.strip()[:40]) from unreadable
    if not amount.is_finite() or abs(amount) >= MAGNITUDE:
        raise quantity.NotAQuantity(text=text.strip()[:40])
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES:
        raise quantity.NotAQuantity(text=text.strip()[:40])
    return amount


def _amount(field: Field, value: object, locale: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise quantity.NotAQuantity(text=str(value)[:40])
    said = plain_text.checked(str(value), limit=200)
    amount = quantity.parse(said) if field.type == FieldType.QUANTITY else _number(said)
    low = None if field.least is None else Decimal(field.least)
    high = None if field.most is None else Decimal(field.most)
    if (low is not None and amount < low) or (high is not None and amount > high):
        raise errors.OutOfRange(field=named(field, locale), least=field.least or "–", most=field.most or "–")
    return decimal_text(amount)


def read(field: Field, value: object, now: dt.datetime, locale: str = "") -> str:
    """Read one answer into its canonical text.

    Raises:
        Refusal: why it is none.
    """
    if field.type in (FieldType.CHOICE, FieldType.STAGE):
        return _choice(field, value, locale)
    if field.type == FieldType.DATETIME:
        return _instant(field, value, now, locale)
    if field.type in (FieldType.NUMBER, FieldType.QUANTITY):
        return _amount(field, value, locale)
    return _text(field, value, locale)


def asked(fields: tuple[Field, ...], answers: dict[str, object]) -> list[Field]:
    """The questions that apply, given the answers so far, in their order."""
    return [field for field in fields if field.is_asked(answers)]


def check(
    fields: tuple[Field, ...], answers: dict[str, object], *, photos: int, now: dt.datetime, locale: str = ""
) -> tuple[dict[str, str], dict[str, Refusal]]:
    """Read all answers: the canonical ones by key, and per faulty key why.

    ``photos`` is how many came. A question that does not apply needs no answer. With a ``locale`` refusals name
    fields by their question, else by their key.
    """
    good: dict[str, str] = {}
    faults: dict[str, Refusal] = {}
    known = {one.key for one in fields}
    for key in answers.keys() - known:
        faults[key] = errors.FieldUnknown(field=str(key)[:40])
    for field in fields:
        if field.type == FieldType.PHOTOS:
            if not field.photos_min <= photos <= field.photos_max:
                faults[field.key] = errors.PhotoCount(
                    field=named(field, locale), least=field.photos_min, most=field.photos_max, count=photos
                )
            continue
        value = answers.get(field.key)
        if value is None or value == "":
            if field.required and field.is_asked(answers):
                faults[field.key] = errors.FieldMissing(field=named(field, locale))
            continue
        try:
            good[field.key] = read(field, value, now, locale)
        except Refusal as refusal:
            faults[field.key] = refusal
    return good, faults


def publishable(fields: tuple[Field, ...]) -> None:
    """A template asks who, when, where, how, and each thing once.

    Raises:
        TemplateBroken: what is wrong with it.
    """
    keys = [one.key for one in fields]
    if len(keys) != len(set(keys)):
        raise errors.TemplateBroken(why="duplicate keys")
    missing = REQUIRED.keys() - set(keys)
    if missing:
        raise errors.TemplateBroken(why=", ".join(sorted(missing)))
    before: dict[str, Field] = {}
    for field in fields:
        _sound(field, before)
        before[field.key] = field


def _sound(field: Field, before: dict[str, Field]) -> None:
    wanted = TYPED.get(field.key)
    choosing = field.type in (FieldType.CHOICE, FieldType.STAGE)
    values = [one.value for one in field.options]
    faults = {
        "key": _KEY.fullmatch(field.key) is None,
        "type": field.type not in {one.value for one in FieldType}
        or (wanted is not None and field.type != wanted),
        "required": field.key in REQUIRED and not (field.required and field.asked_if is None),
        "zh + en": not all(
            _both(one) for one in (field.label, field.help, *(o.label for o in field.options))
        ),
        "options": choosing != bool(values)
        or len(values) != len(set(values))
        or not all(_OPTION.fullmatch(one) for one in values)
        or (field.key == "subcode" and any(len(one) > _SUBCODE for one in values)),
        "limit": field.limit is not None and not 1 <= field.limit <= TEXT_LIMIT,
        "photos": field.type == FieldType.PHOTOS
        and not 0 <= field.photos_min <= field.photos_max <= MOST_PHOTOS,
        "range": not _ranges(field),
        "regex": not _compiles(field.regex),
        "asked_if": not _follows(field, before),
    }
    wrong = [name for name, is_wrong in faults.items() if is_wrong]
    if wrong:
        raise errors.TemplateBroken(why=f"{field.key[:40]}: {', '.join(wrong)}")


def _both(label: dict[str, str] | None) -> bool:
    return label is None or (set(label) == {"zh", "en"} and all(label.values()))


def _ranges(field: Field) -> bool:
    try:
        low, high = (None if one is None else Decimal(one) for one in (field.least, field.most))
    except InvalidOperation:
        return False
    return low is None or high is None or low <= high


def _compiles(regex: str | None) -> bool:
    try:
        re.compile(regex or "")
    except re.error:
        return False
    return True


def _follows(field: Field, before: dict[str, Field]) -> bool:
    """A condition looks at a choice asked before, and at answers that it offers."""
    if field.asked_if is None:
        return True
    earlier = before.get(field.asked_if.key)
    return earlier is not None and set(field.asked_if.values) <= {one.value for one in earlier.options}
