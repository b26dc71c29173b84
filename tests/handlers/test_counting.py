"""English says of one what it says otherwise of many, in sentences, templates and refusals; Chinese says both alike."""

from __future__ import annotations

import jinja2
import pytest

from core.epcis.errors import SeveralOut
from core.signing.errors import WrongCode
from handlers import text
from handlers.cli import texts


@pytest.mark.parametrize(
    ("msgid", "facts", "said"),
    [
        ("{n} lots affected: {totals}", {"n": 1, "totals": "9 pcs"}, "1 lot affected: 9 pcs"),
        ("{n} lots affected: {totals}", {"n": 0, "totals": "–"}, "0 lots affected: –"),
        ("{n} lots affected: {totals}", {"n": 11, "totals": "–"}, "11 lots affected: –"),
        (
            "{up} lots went into it · {down} lots came of it",
            {"up": 1, "down": 1},
            "1 lot went into it · 1 lot came of it",
        ),
        (
            "{up} lots went into it · {down} lots came of it",
            {"up": 2, "down": 1},
            "2 lots went into it · 1 lot came of it",
        ),
        ("more time given {n} times", {"n": 1}, "more time given once"),
        ("A text of at most {n} characters", {"n": 1}, "A text of at most 1 characters"),
    ],
)
def test_one_and_many(msgid: str, facts: dict[str, object], said: str) -> None:
    _ = text.translator("en")
    assert _(msgid).format(**facts) == said
    assert _(msgid).format_map(facts) == said
    page = jinja2.Environment(autoescape=True).from_string("{{ _(msgid).format(**facts) }}")
    assert page.render(_=_, msgid=msgid, facts=facts) == said


def test_chinese_has_one_form() -> None:
    assert text.translator("zh_CN")("{n} lots").format(n=1) == "1 批"


def test_refusals_count_too() -> None:
    assert "1 more time;" in text.said(WrongCode(left=1), "en")
    assert "2 more times;" in text.said(WrongCode(left=2), "en")
    assert text.said(SeveralOut(count=2), "en").startswith("2 lots came out")


def test_the_check_names_what_is_missing_unknown_or_other() -> None:
    """A plural without its form of one, a form without its text, a form that lost a fact."""
    wrong = texts.miscounted(
        ["{n} rows of {name}", "{n} lots", "{number} has lots"],
        {"{n} rows of {name}": {"n": "{n} row"}, "gone": {}, "{n} lots": {"m": "{n} lot"}},
    )
    assert wrong == ["no such text: gone", "placeholders differ: {n} row", "placeholders differ: {n} lot"]
    assert texts.miscounted(["{n} lots"], {}) == ["what is it of one? {n} lots"]
    assert texts.miscounted(["{n} times"], {"{n} times": {"n": "once"}}) == []
