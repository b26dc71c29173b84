"""Template cards: up to six buttons as buttons, more (or long ones) as a list to choose from."""

from __future__ import annotations

from typing import Any

from bot.adapters.wecom.layout import plain, width
from bot.adapters.wecom.reading import SUBMIT
from handlers import text
from handlers.chat.vocabulary import Button, Outgoing

Card = dict[str, Any]
BUTTONS_MAX = 6
CHOICES_MAX = 20
TITLE_MAX = 36
DESC_MAX = 44
SUB_MAX = 160
FACTS_MAX = 6
KEY_WIDE = 12
VALUE_WIDE = 40
"""What a small phone shows of a fact without cutting it, in half characters."""
BUTTON_WIDE = 20
"""What a button shows of its words."""
CHOICE_WIDE = 34
DONE = "✓"


def pressable(outgoing: Outgoing) -> tuple[Button, ...]:
    """The buttons whose tap comes back to us, in their order."""
    return tuple(one for row in outgoing.buttons for one in row if one.data)


def links(outgoing: Outgoing) -> tuple[Button, ...]:
    """The buttons that open an address."""
    return tuple(one for row in outgoing.buttons for one in row if one.url and not one.data)


def as_buttons(outgoing: Outgoing) -> bool:
    """Whether all fit as buttons of one card, readable in full."""
    every = (*pressable(outgoing), *links(outgoing))
    return 0 < len(every) <= BUTTONS_MAX and all(width(one.text) <= BUTTON_WIDE for one in every)


def face(outgoing: Outgoing) -> Card | None:
    """The words of a message as a card's; None when a card would cut them off."""
    told = [(plain(label), plain(value)) for label, value in outgoing.facts]
    listed = len(told) <= FACTS_MAX and all(
        label and value and "\n" not in value and width(label) <= KEY_WIDE and width(value) <= VALUE_WIDE
        for label, value in told
    )
    lines = [] if listed else [f"{label}{text.colon(label)}{value}" for label, value in told]
    parts = (plain(outgoing.body), *lines, outgoing.code, plain(outgoing.hint))
    below = "\n".join(one for one in parts if one.strip())
    title = plain(outgoing.head).strip()
    if not title:
        title, _line, below = below.partition("\n")
    if not title or len(title) > TITLE_MAX or "\n" in title or len(below) > SUB_MAX:
        return None
    card: Card = {"main_title": {"title": title}}
    if below:
        card["sub_title_text"] = below
    if listed and told:
        card["horizontal_content_list"] = [{"keyname": label, "value": value} for label, value in told]
    return card


def with_buttons(card: Card, outgoing: Outgoing, task: str) -> Card:
    """A card with buttons; the first is the one most people want."""
    every = [one for row in outgoing.buttons for one in row]
    buttons = [
        {"text": plain(one.text), "style": 1 if place == 0 else 2}
        | ({"key": one.data} if one.data else {"type": 1, "url": one.url})
        for place, one in enumerate(every)
    ]
    return {"card_type": "button_interaction", **card, "task_id": task, "button_list": buttons}


def choices(outgoing: Outgoing) -> list[tuple[str, str]]:
    """Token and words of each choice; words too long for a line are numbered, and stand in full above the card."""
    every = pressable(outgoing)
    if not numbered(outgoing):
        return [(one.data, plain(one.text)) for one in every]
    return [(one.data, f"{place}. {shortened(plain(one.text), 14)}") for place, one in enumerate(every, 1)]


def numbered(outgoing: Outgoing) -> bool:
    """Whether the choices need their full words elsewhere."""
    return any(width(one.text) > CHOICE_WIDE for one in pressable(outgoing))


def to_choose(title: Card, listed: list[tuple[str, str]], task: str, locale: str) -> Card:
    """A card with one choice of many, none made beforehand, and a button that sends it."""
    _ = text.translator(locale)
    return {
        "card_type": "vote_interaction",
        "main_title": title,
        "task_id": task,
        "checkbox": {
            "question_key": "choice",
            "mode": 0,
            "option_list": [{"id": token, "text": label} for token, label in listed],
        },
        "submit_button": {"text": _("Choose"), "key": SUBMIT},
    }


def at_rest(card: Card, task: str) -> Card:
    """A card that says how it ended and offers nothing more."""
    return {
        "card_type": "button_interaction",
        **card,
        "task_id": task,
        "button_list": [{"text": DONE, "style": 4, "key": "done"}],
        "replace_text": DONE,
    }


def shortened(said: str, most: int) -> str:
    """The beginning of a text that is too long."""
    line = said.strip().partition("\n")[0]
    return line if len(line) <= most else f"{line[: most - 1]}…"


def heading(outgoing: Outgoing) -> Card | None:
    """A message as title and line below it; None when it is more than that."""
    if outgoing.facts or outgoing.code or links(outgoing) or numbered(outgoing):
        return None
    first, *more = [
        plain(one).strip() for one in (outgoing.head, outgoing.body, outgoing.hint) if one.strip()
    ] or [""]
    below = " ".join(more)
    if not first or "\n" in first + below or len(first) > TITLE_MAX or len(below) > DESC_MAX:
        return None
    return {"title": first, "desc": below} if below else {"title": first}


def title_of(outgoing: Outgoing, locale: str) -> Card:
    """What stands on a card whose words were sent before it."""
    _ = text.translator(locale)
    head = shortened(plain(outgoing.head), TITLE_MAX)
    return {"title": head or _("Please choose")}


def locale_of(outgoing: Outgoing) -> str:
    """The reader's language, told by the message itself."""
    said = "".join([outgoing.head, outgoing.body, *(one.text for one in pressable(outgoing))])
    return "zh_CN" if width(said) > len(said) else "en"
