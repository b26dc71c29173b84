"""Holding answers against a template: the same check for chat, page and API. Pure."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from core.kit import Refusal, plain_text, quantity
from core.kit.canonical import decimal_text, instant_text
from core.sop import errors
from core.sop.terms import Field, FieldType

TEXT_LIMIT = 2000
SLACK = dt.timedelta(minutes=5)
REQUIRED_KEYS = frozenset(
    {"occurred_at", "place", "interface_from", "interface_to", "detection", "description"}
)


def _choice(field: Field, value: object) -> str:
    if not isinstance(value, str) or value not in {one.value for one in field.options}:
        raise errors.NotAnOption(field=field.key)
    return value


def _text(field: Field, value: object) -> str:
    limit = field.limit or TEXT_LIMIT
    if not isinstance(value, str):
        raise errors.NotText(field=field.key, limit=limit)
    said = plain_text.checked(value, limit=limit)
    if field.regex is not None and re.fullmatch(field.regex, said) is None:
        raise errors.BadAnswer(field=field.key, why=said[:40])
    return said


def _instant(field: Field, value: object, now: dt.datetime) -> str:
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise errors.NotInstant(field=field.key)
    if moment > now + SLACK:
        raise errors.FutureMoment(field=field.key)
    return instant_text(moment)


def _amount(field: Field, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise quantity.NotAQuantity(text=str(value)[:40])
    amount = quantity.parse(str(value))
    try:
        low = Decimal(field.least) if field.least else None
        high = Decimal(field.most) if field.most else None
    except InvalidOperation as broken:
        raise errors.TemplateBroken(why=field.key) from broken
    if (low is not None and amount < low) or (high is not None and amount > high):
        raise errors.BadAnswer(field=field.key, why=f"{field.least or '–'} … {field.most or '–'}")
    return decimal_text(amount)


def read(field: Field, value: object, now: dt.datetime) -> str:
    """Read one answer into its canonical text.

    Raises:
        Refusal: why it is none.
    """
    if field.type in (FieldType.CHOICE, FieldType.STAGE):
        return _choice(field, value)
    if field.type == FieldType.DATETIME:
        return _instant(field, value, now)
    if field.type in (FieldType.NUMBER, FieldType.QUANTITY):
        return _amount(field, value)
    return _text(field, value)


def check(
    fields: tuple[Field, ...], answers: dict[str, object], *, photos: int, now: dt.datetime
) -> tuple[dict[str, str], dict[str, Refusal]]:
    """Read all answers: the canonical ones by key, and per faulty key why."""
    good: dict[str, str] = {}
    faults: dict[str, Refusal] = {}
    known = {one.key for one in fields}
    for key in answers.keys() - known:
        faults[key] = errors.FieldUnknown(field=str(key)[:40])
    for field in fields:
        if field.type == FieldType.PHOTOS:
            if not field.photos_min <= photos <= field.photos_max:
                faults[field.key] = errors.BadAnswer(
                    field=field.key, why=f"{photos} ({field.photos_min}–{field.photos_max})"
                )
            continue
        value = answers.get(field.key)
        if value is None or value == "":
            if field.required:
                faults[field.key] = errors.FieldMissing(field=field.key)
            continue
        try:
            good[field.key] = read(field, value, now)
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
    missing = REQUIRED_KEYS - set(keys)
    if missing:
        raise errors.TemplateBroken(why=", ".join(sorted(missing)))
    for field in fields:
        if set(field.label) != {"zh_CN", "en"} or not all(field.label.values()):
            raise errors.TemplateBroken(why=f"{field.key}: zh_CN + en")
        if field.type in (FieldType.CHOICE, FieldType.STAGE) and not field.options:
            raise errors.TemplateBroken(why=field.key)
