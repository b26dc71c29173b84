"""Answers against a template: the same check for chat, page and API, without a database."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit import Refusal
from core.kit.plain_text import Empty, TooLong
from core.kit.quantity import NotAQuantity, NotPositive
from core.sop import BUILTIN, CATEGORIES, RISKS, STAGES, AskedIf, Field, Option, TemplateBroken, check, policy
from core.sop.errors import (
    FieldMissing,
    FieldUnknown,
    FutureMoment,
    NotAnOption,
    NotInstant,
    NotText,
    OutOfRange,
    PhotoCount,
    WrongPattern,
)

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
LABEL = {"zh": "问题", "en": "Question"}
ANSWERS: dict[str, object] = {
    "subcode": "P01",
    "lot": "CT-001",
    "quantity": "12",
    "occurred_at": "2026-11-23T15:40:00+08:00",
    "place": "涂层二线",
    "interface_from": "coating",
    "interface_to": "receipt",
    "detection": "visual",
    "parameter": "厚度 18 μm",
    "risk": "none",
    "description": "涂层剥落",
}


def held(**changes: object) -> tuple[dict[str, str], dict[str, Refusal]]:
    """The answers of a process deviation, some of them changed."""
    return check(BUILTIN["P"], {**ANSWERS, **changes}, photos=1, now=NOW)


def with_field(kind: str, value: object, **more: object) -> Refusal | str:
    """How one answer to one field is taken: its canonical text or the refusal."""
    field = Field(key="asked", type=kind, label=LABEL, **more)  # type: ignore[arg-type]
    good, faults = check((field,), {"asked": value}, photos=0, now=NOW)
    return faults["asked"] if faults else good["asked"]


def test_sound_answers_come_back_canonical() -> None:
    good, faults = held(quantity=" 1,200.50 ", place="  线\u200b二  ")
    assert faults == {}
    assert good["quantity"] == "1200.5"
    assert good["occurred_at"] == "2026-11-23T07:40:00.000000Z"
    assert good["place"] == "线二", "zero-width characters are dropped"


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("subcode", "P99", NotAnOption),
        ("subcode", ["P01"], NotAnOption),
        ("interface_from", "moon", NotAnOption),
        ("quantity", "-1", NotPositive),
        ("quantity", "0", NotPositive),
        ("quantity", "很多", NotAQuantity),
        ("quantity", "NaN", NotAQuantity),
        ("quantity", "1e400", NotAQuantity),
        ("quantity", True, NotAQuantity),
        ("quantity", 1.5, NotAQuantity),
        ("occurred_at", "2026-11-24T08:00:00+00:00", FutureMoment),
        ("occurred_at", "2026-11-23T08:00:00", NotInstant),
        ("occurred_at", "yesterday", NotInstant),
        ("occurred_at", "0001-01-01T00:00:00+00:00", NotInstant),
        ("occurred_at", 5, NotInstant),
        ("description", "x" * 10_000, TooLong),
        ("description", "\u200b\u202e", Empty),
        ("description", {"a": 1}, NotText),
        ("description", None, FieldMissing),
        ("lot", "", FieldMissing),
        ("colour", "red", FieldUnknown),
    ],
)
def test_each_bad_answer_is_refused_with_its_own_reason_and_the_others_stand(
    key: str, value: object, why: type[Refusal]
) -> None:
    good, faults = held(**{key: value})
    assert {name: type(refusal) for name, refusal in faults.items()} == {key: why}
    assert good.keys() == ANSWERS.keys() - {key}


@pytest.mark.parametrize("count", [0, 10])
def test_a_report_needs_one_to_nine_photos(count: int) -> None:
    _, faults = check(BUILTIN["P"], ANSWERS, photos=count, now=NOW)
    assert isinstance(faults["photos"], PhotoCount)
    assert check(BUILTIN["P"], ANSWERS, photos=9, now=NOW)[1] == {}


def test_a_number_may_be_negative_and_must_lie_in_its_range() -> None:
    assert with_field("number", "-3.50", least="-40", most="80") == "-3.5"
    assert with_field("number", "\u22123") == "-3", "the typographic minus counts as a minus"
    assert isinstance(with_field("number", "-41", least="-40", most="80"), OutOfRange)
    assert isinstance(with_field("number", "81", most="80"), OutOfRange)
    assert isinstance(with_field("number", "warm"), NotAQuantity)
    assert isinstance(with_field("number", "1.1234567"), NotAQuantity)


def test_a_text_must_have_the_form_its_template_asks_for() -> None:
    refusal = with_field("text", "abc", regex=r"PO-\d+", help={"zh": "例如 PO-1", "en": "Like PO-1"})
    assert isinstance(refusal, WrongPattern)
    assert "Like PO-1" in str(refusal)
    assert with_field("text", "PO-17", regex=r"PO-\d+") == "PO-17"


def test_a_follow_up_question_is_only_due_when_it_is_asked() -> None:
    transport = BUILTIN["L"]
    said = {key: value for key, value in ANSWERS.items() if key not in ("parameter", "quantity")}
    delay = {**said, "subcode": "L01", "logger": "within"}
    assert check(transport, delay, photos=1, now=NOW)[1] == {}
    _, faults = check(transport, {**delay, "subcode": "L02"}, photos=1, now=NOW)
    assert {key: type(one) for key, one in faults.items()} == {"temperature": FieldMissing}
    _, faults = check(transport, {**delay, "subcode": "L06"}, photos=1, now=NOW)
    assert set(faults) == {"quantity"}


def test_refusals_name_the_question_in_the_readers_language() -> None:
    _, faults = check(BUILTIN["P"], {**ANSWERS, "detection": ""}, photos=1, now=NOW, locale="zh_CN")
    assert "怎么发现的" in str(faults["detection"])
    _, faults = check(BUILTIN["P"], {**ANSWERS, "detection": ""}, photos=1, now=NOW)
    assert "detection" in str(faults["detection"]), "a program reads the key"


@given(
    st.dictionaries(
        st.sampled_from(sorted(ANSWERS)), st.one_of(st.text(), st.integers(), st.none(), st.floats())
    )
)
def test_whatever_is_sent_is_either_taken_or_refused_never_a_crash(changes: dict[str, object]) -> None:
    good, faults = held(**changes)
    assert not good.keys() & faults.keys()
    assert all(isinstance(value, str) and value for value in good.values())


@pytest.mark.parametrize("code", sorted(BUILTIN))
def test_every_built_in_template_is_sound_and_short(code: str) -> None:
    """Who, when, where, how; both languages; never more than twelve questions, most of them a tap."""
    fields = BUILTIN[code]
    policy.publishable(fields)
    assert tuple(Field.from_json(one.to_json()) for one in fields) == fields
    kinds = next(one for one in fields if one.key == "subcode").options
    for kind in kinds:
        asked = policy.asked(fields, {"subcode": kind.value})
        assert len(asked) <= 12
        typed = [one for one in asked if one.type in ("text", "quantity") and one.required]
        assert len(typed) <= 4
    keys = [one.key for one in fields]
    assert {"place", "interface_from", "interface_to", "detection", "risk", "lot", "photos"} <= set(keys)
    photos = fields[-1]
    assert (photos.photos_min, photos.photos_max) == (1, 9)


def test_all_ten_categories_have_a_template_with_questions_of_their_own() -> None:
    assert list(BUILTIN) == [one.code for one in CATEGORIES] == list("PTMLKDECSR")
    keys = {code: {one.key for one in fields} for code, fields in BUILTIN.items()}
    assert {"logger", "temperature"} <= keys["L"]
    assert "udi" in keys["K"]
    common = set.intersection(*keys.values())
    assert all(own - common for own in keys.values())
    assert len({one.value for one in STAGES}) == 9
    assert {one.value for one in RISKS} >= {
        "none",
        "sterile",
        "label",
        "implant",
        "safety",
        "shipped",
        "falsified",
    }


def base(**changes: object) -> tuple[Field, ...]:
    """A template with one field of process deviations changed, or one more field put last."""
    key = str(changes["key"])
    fields = list(BUILTIN["P"])
    at = next((index for index, one in enumerate(fields) if one.key == key), None)
    if at is None:
        fields.append(Field(**{"type": "text", "label": LABEL, **changes}))  # type: ignore[arg-type]
    else:
        fields[at] = dataclasses.replace(fields[at], **changes)  # type: ignore[arg-type]
    return tuple(fields)


@pytest.mark.parametrize(
    "fields",
    [
        BUILTIN["P"][:3],
        (*BUILTIN["P"], BUILTIN["P"][0]),
        base(key="place", required=False),
        base(key="place", asked_if=AskedIf(key="subcode", values=("P01",))),
        base(key="occurred_at", type="text"),
        base(key="Loud Key"),
        base(key="more", type="colour"),
        base(key="more", label={"en": "Only English"}),
        base(key="more", label={"zh": "", "en": "Empty"}),
        base(key="more", type="choice"),
        base(key="more", options=(Option(value="a", label=LABEL),)),
        base(key="more", type="choice", options=(Option(value="a b", label=LABEL),)),
        base(
            key="more",
            type="choice",
            options=(Option(value="a", label=LABEL), Option(value="a", label=LABEL)),
        ),
        base(key="more", limit=5000),
        base(key="more", regex="("),
        base(key="more", type="number", least="low"),
        base(key="more", type="number", least="5", most="4"),
        base(key="photos", photos_max=10),
        base(key="more", asked_if=AskedIf(key="absent", values=("P01",))),
        base(key="more", asked_if=AskedIf(key="subcode", values=("P99",))),
    ],
)
def test_a_template_that_could_not_be_answered_is_not_published(fields: tuple[Field, ...]) -> None:
    with pytest.raises(TemplateBroken):
        policy.publishable(fields)


def test_a_template_may_add_questions_of_its_own() -> None:
    policy.publishable(base(key="shift", type="choice", options=(Option(value="early", label=LABEL),)))
