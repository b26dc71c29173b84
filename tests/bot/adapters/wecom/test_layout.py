"""What a message becomes on a phone: words within 2,048 bytes, cards within WeCom's limits, nothing lost."""

from __future__ import annotations

import importlib
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.wecom import cards, layout, menus, planning
from handlers import text
from handlers.chat.router import COMMANDS
from handlers.chat.vocabulary import Button, Outgoing
from tests.contracts.test_messengers import CARD


def buttons(*labels: str) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (Button(text=label, data=f"token-{place}-{'x' * 30}"),) for place, label in enumerate(labels)
    )


def said(plan: planning.Plan) -> str:
    """Everything that can be read, cards included."""
    found = [one.content for one in plan.words]
    for card in plan.cards:
        found += [str(value) for value in card["main_title"].values()]
        found += [str(card.get("sub_title_text", ""))]
        found += [f"{one['keyname']} {one['value']}" for one in card.get("horizontal_content_list", [])]
        found += [one["text"] for one in card.get("button_list", [])]
        found += [one["text"] for one in card.get("checkbox", {}).get("option_list", [])]
    return "\n".join(found)


def tokens(plan: planning.Plan) -> list[str]:
    return [
        str(one.get("key") or one.get("id"))
        for card in plan.cards
        for one in [*card.get("button_list", []), *card.get("checkbox", {}).get("option_list", [])]
        if "url" not in one
    ]


def test_a_short_message_with_a_button_is_one_card_that_can_be_changed() -> None:
    plan = planning.plan(CARD, "n1-a")
    assert plan.changeable
    [card] = plan.cards
    assert card == {
        "card_type": "button_interaction",
        "main_title": {"title": "Head <b>&"},
        "sub_title_text": "Body\nK7Q2\nHint",
        "horizontal_content_list": [{"keyname": "Label", "value": "Value"}],
        "task_id": "n1-a",
        "button_list": [{"text": "Press", "style": 1, "key": "x" * 44}],
    }


def test_a_sentence_is_plain_text_and_structure_is_markdown() -> None:
    [plain] = planning.plan(Outgoing(body="已记录。"), "t").words
    assert (plain.kind, plain.content) == ("text", "已记录。")
    [marked] = planning.plan(
        Outgoing(head="AN-2026-000123", body="划伤", facts=(("等级", "主要"),)), "t"
    ).words
    assert (marked.kind, marked.content) == ("markdown", "**AN-2026-000123**\n划伤\n> 等级：主要")


@pytest.mark.parametrize(
    ("label", "between"),
    [("等级", "："), ("Grade", ": "), ("哪个批次？", " "), ("判定标准：", " "), ("Where?", " ")],
)
def test_a_label_and_its_value_are_parted_once(label: str, between: str) -> None:
    assert text.colon(label) == between


def test_what_is_to_be_copied_stays_as_it_is() -> None:
    note = "bihuan/ledger\n312\n3fa94b21…"
    [only] = planning.plan(Outgoing(code=note), "t").words
    assert (only.kind, only.content) == ("text", note)


def test_words_that_a_card_would_cut_off_come_before_it() -> None:
    plan = planning.plan(Outgoing(head="Plan", body="字" * 300, buttons=buttons("Approve", "Return")), "t")
    assert not plan.changeable
    assert "字" * 300 in plan.words[0].content
    assert plan.cards[0]["main_title"] == {"title": "Plan"}
    assert len(tokens(plan)) == 2


@pytest.mark.parametrize(
    ("count", "kind"), [(1, "button_interaction"), (6, "button_interaction"), (7, "vote_interaction")]
)
def test_up_to_six_are_buttons_more_are_a_list(count: int, kind: str) -> None:
    plan = planning.plan(Outgoing(body="哪一类？", buttons=buttons(*(f"类别{n}" for n in range(count)))), "t")
    assert [card["card_type"] for card in plan.cards] == [kind]
    assert plan.changeable
    assert len(tokens(plan)) == count
    if count == 7:
        assert plan.cards[0]["submit_button"] == {"text": "选好了", "key": "submit"}
        assert not any("is_checked" in one for one in plan.cards[0]["checkbox"]["option_list"]), (
            "nobody chose yet"
        )


def test_choices_too_long_for_a_line_stand_in_full_above_the_list() -> None:
    label = "Supplier of anodised housings, Suzhou Industrial Park, building 7"
    plan = planning.plan(Outgoing(body="Which?", buttons=buttons(label, "Other")), "t")
    assert f"1. {label}" in plan.words[0].content
    assert plan.cards[0]["checkbox"]["option_list"][1]["text"] == "2. Other"


def test_addresses_open_from_the_card_or_from_the_words() -> None:
    link = (Button(text="Open", url="https://q.example/x"),)
    [card] = planning.plan(Outgoing(body="b", buttons=((*buttons("Yes")[0], *link),)), "t").cards
    assert card["button_list"][1] == {"text": "Open", "style": 2, "type": 1, "url": "https://q.example/x"}
    many = planning.plan(Outgoing(body="b", buttons=(*buttons(*"abcdefg"), link)), "t")
    assert '<a href="https://q.example/x">Open</a>' in many.words[0].content


@pytest.mark.parametrize(
    ("words", "never"),
    [
        ('<a href="http://evil.example">tap</a>', "<a"),
        ("< A HREF='x'>", "< A"),
        ('<font color="warning">x</font>', "<font"),
        ("[tap](http://evil.example)", "]("),
        ("**bold**", "**bold"),
        ("`code`", "`code"),
        ("# head", "\n# "),
        ("> quote", "\n> quote"),
    ],
)
def test_peoples_words_never_become_marks_or_links(words: str, never: str) -> None:
    [marked] = planning.plan(Outgoing(head="H", body=words), "t").words
    assert never not in marked.content.replace("**H**", "")
    [plain] = planning.plan(Outgoing(body=words), "t").words
    assert not plain.content.startswith("<a")


def test_a_comparison_is_not_taken_for_a_link() -> None:
    assert layout.plain("a < b, <b>&, <average") == "a < b, <b>&, <average"


@given(st.text(alphabet="字a。. \n😀b，<>*", max_size=900), st.integers(60, 400))
@settings(max_examples=150, deadline=None)
def test_pieces_fit_in_bytes_and_lose_nothing(whole: str, limit: int) -> None:
    parts = layout.pieces(whole, limit)
    assert all(len(one.encode()) <= limit for one in parts)
    kept = "".join("".join(parts).split())
    assert kept == "".join(whole.split()) or not whole.strip()


def test_long_words_are_cut_after_a_sentence() -> None:
    whole = "".join(f"第{n}句话说到这里为止。" for n in range(200))
    parts = layout.pieces(whole)
    assert len(parts) > 2
    assert all(one.endswith("。") for one in parts)
    assert "".join(parts) == whole


def any_message(dice: random.Random) -> Outgoing:
    def words(most: int) -> str:
        return "".join(dice.choice("字a 。\n<*`#😀") for _n in range(dice.randrange(most)))

    rows = buttons(
        *(
            f"{n}{words(40).strip()}".replace("\n", " ")
            for n in range(dice.choice([0, 1, 3, 6, 7, 20, 21, 45]))
        )
    )
    links = ((Button(text="Link", url="https://q.example/x"),),) if dice.random() < 0.3 else ()
    return Outgoing(
        head=words(60),
        body=words(dice.choice([20, 300, 3000])),
        facts=tuple((f"L{n}{words(12)}", f"v{words(60)}") for n in range(dice.randrange(9))),
        hint=words(90),
        code=dice.choice(["", "K7Q2"]),
        buttons=(*rows, *links),
    )


def test_every_message_keeps_wecoms_limits_and_all_its_buttons() -> None:
    dice = random.Random(2026)
    for _turn in range(400):
        outgoing = any_message(dice)
        plan = planning.plan(outgoing, "n1-task")
        assert plan.words or plan.cards
        assert tokens(plan) == [one.data for row in outgoing.buttons for one in row if one.data]
        if any(one.url for row in outgoing.buttons for one in row):
            assert "https://q.example/x" in said(plan) + str(plan.cards)
        if outgoing.code:
            assert "K7Q2" in said(plan)
        assert all(0 < len(one.content.encode()) <= layout.TEXT_MAX for one in plan.words)
        assert len({card["task_id"] for card in plan.cards}) == len(plan.cards)
        for card in plan.cards:
            _keeps_limits(card)


def _keeps_limits(card: dict[str, Any]) -> None:
    assert 0 < len(card["main_title"]["title"]) <= 36
    assert len(card["main_title"].get("desc", "")) <= 44
    assert len(card.get("sub_title_text", "")) <= 160
    assert len(card.get("horizontal_content_list", [])) <= 6
    assert len(card.get("button_list", [])) <= 6
    assert len(card.get("checkbox", {}).get("option_list", [])) <= 20
    assert all(one["text"].strip() for one in card.get("button_list", []))


def test_a_card_at_rest_offers_nothing_that_does_anything() -> None:
    face = cards.face(Outgoing(body="Done"))
    assert face is not None
    resting = cards.at_rest(face, "n1@2")
    assert resting["replace_text"]
    assert [one["key"] for one in resting["button_list"]] == ["done"]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("url", ["https://q.example", "http://127.0.0.1:8080"])
def test_the_menu_fits_and_its_keys_are_commands(locale: str, url: str) -> None:
    importlib.import_module("handlers.chat.dialogues")
    made = menus.layout(locale, url)["button"]
    inner = made[-1]["sub_button"]
    assert len(made) <= 3
    assert len(inner) <= 5
    assert all(0 < len(one["name"].encode()) <= 16 for one in made)
    assert all(0 < len(one["name"].encode()) <= 40 for one in inner)
    assert {one["key"].removeprefix("/") for one in [*made[:-1], *inner] if one["type"] == "click"} <= set(
        COMMANDS
    )
    assert [one["url"] for one in inner if one["type"] == "view"] == (
        ["https://q.example/wecom/enter?to=admin"] if url.startswith("https") else []
    )
