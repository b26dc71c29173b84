"""Template cards judged field by field, with the codes of the 42xxx family.

Codes named in wecom_protocol.md §9 are used where they fit; within the range 42027–42051 the others are guesses.
A field that no description knows is a mistake too.
"""

from __future__ import annotations

import re
from typing import Any

from tests.servers.wecom_limits import RefusedError
from tests.servers.wecom_media import MediaStore
from tests.servers.wecom_screen import INTERACTIVE

Card = dict[str, Any]
ADVICE = {"title": 36, "desc": 44, "sub_title_text": 160}
"""Characters that are suggested; more is cut off by small screens, which no answer tells."""
_EVERY = {"card_type", "task_id", "source", "main_title"}
_RICH = {"action_menu", "quote_area", "horizontal_content_list", "card_action"}
FIELDS = {
    "text_notice": _EVERY | _RICH | {"emphasis_content", "sub_title_text", "jump_list"},
    "news_notice": _EVERY | _RICH | {"image_text_area", "card_image", "vertical_content_list", "jump_list"},
    "button_interaction": _EVERY
    | _RICH
    | {"sub_title_text", "button_selection", "button_list", "replace_text"},
    "vote_interaction": _EVERY | {"checkbox", "submit_button", "replace_text"},
    "multiple_interaction": _EVERY | {"select_list", "submit_button", "replace_text"},
}
_TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
BUTTONS, HORIZONTAL, VERTICAL, JUMPS, SELECTS, OPTIONS, CHECKS, KEY = 6, 6, 4, 3, 3, 10, 20, 1024


def checked(card: object, media: MediaStore, *, update: bool = False) -> Card:
    """The card, if the real server would take it.

    Raises:
        RefusedError: 40058 no object or an unknown field, 42014 task_id, 42031 … the field that is wrong.
    """
    if not isinstance(card, dict):
        raise RefusedError.wrong(40058, "template_card must be an object")
    kind = card.get("card_type")
    if kind not in FIELDS:
        raise RefusedError.wrong(42031, "invalid card_type")
    unknown = card.keys() - FIELDS[kind]
    if unknown - ({"replace_text"} if update else set()):
        raise RefusedError.wrong(40058, f"{kind} has no field {sorted(unknown)}")
    if "replace_text" in card and not update:
        raise RefusedError.wrong(40058, "replace_text belongs to an update")
    _task(card, kind, update=update)
    _head(card, kind)
    _lists(card, media)
    if kind == "button_interaction":
        _buttons(card)
    elif kind in INTERACTIVE:
        _submit(card)
        _questions(card, kind)
    else:
        _action(card.get("card_action"), required=True)
    return card


def advice(card: Card) -> list[str]:
    """Texts longer than suggested."""
    title = card.get("main_title") or {}
    said = {"title": title.get("title", ""), "desc": title.get("desc", "")}
    said["sub_title_text"] = card.get("sub_title_text", "")
    return [f"{name}: {len(text)} characters" for name, text in said.items() if len(text) > ADVICE[name]]


def _task(card: Card, kind: str, *, update: bool) -> None:
    task = card.get("task_id")
    needed = (kind in INTERACTIVE or "action_menu" in card) and not update
    if task is None and not needed:
        return
    if not isinstance(task, str) or not _TASK.fullmatch(task):
        raise RefusedError.wrong(42014, "invalid task_id")


def _head(card: Card, kind: str) -> None:
    title = card.get("main_title")
    if title is not None and not isinstance(title, dict):
        raise RefusedError.wrong(42030, "invalid main_title")
    words = str((title or {}).get("title", ""))
    if not words and (kind != "text_notice" or not card.get("sub_title_text")):
        raise RefusedError.wrong(42030, "main_title.title missing")
    if not all(isinstance(one, str) for one in (title or {}).values()):
        raise RefusedError.wrong(42030, "main_title holds texts only")
    if not isinstance(card.get("sub_title_text", ""), str):
        raise RefusedError.wrong(42034, "sub_title_text is a text")
    source = card.get("source", {})
    if not isinstance(source, dict) or source.get("desc_color", 0) not in (0, 1, 2, 3):
        raise RefusedError.wrong(42029, "invalid source")
    if kind == "news_notice" and not (card.get("card_image") or card.get("image_text_area")):
        raise RefusedError.wrong(42043, "card_image or image_text_area missing")
    menu = card.get("action_menu")
    if menu is not None:
        actions = menu.get("action_list") if isinstance(menu, dict) else None
        if not isinstance(actions, list) or not 1 <= len(actions) <= 3:
            raise RefusedError.wrong(42032, "action_menu has one to three actions")
        _keys(actions)


def _lists(card: Card, media: MediaStore) -> None:
    for one in _listed(card, "horizontal_content_list", HORIZONTAL, 42035):
        if not one.get("keyname"):
            raise RefusedError.wrong(42035, "keyname missing")
        kind = one.get("type", 0)
        if kind == 2:
            media.find(one.get("media_id"), "file")
        elif (kind == 1 and not _address(one.get("url"))) or (kind == 3 and not one.get("userid")):
            raise RefusedError.wrong(42036, "horizontal_content_list: nothing to open")
        elif kind not in (0, 1, 3):
            raise RefusedError.wrong(42036, "horizontal_content_list: unknown type")
    for one in _listed(card, "vertical_content_list", VERTICAL, 42044):
        if not one.get("title"):
            raise RefusedError.wrong(42044, "vertical_content_list: title missing")
    for one in _listed(card, "jump_list", JUMPS, 42037):
        if not one.get("title") or (one.get("type", 0) == 1 and not _address(one.get("url"))):
            raise RefusedError.wrong(42037, "jump_list: title or url missing")


def _buttons(card: Card) -> None:
    buttons = _listed(card, "button_list", BUTTONS, 42040)
    if not buttons:
        raise RefusedError.wrong(42040, "button_list missing")
    for one in buttons:
        if not isinstance(one.get("text"), str) or not one["text"].strip():
            raise RefusedError.wrong(42038, "button text missing")
        if one.get("style", 1) not in (1, 2, 3, 4) or one.get("type", 0) not in (0, 1):
            raise RefusedError.wrong(42041, "button style or type unknown")
        if one.get("type", 0) == 1 and not _address(one.get("url")):
            raise RefusedError.wrong(42042, "button url missing")
    _keys([one for one in buttons if one.get("type", 0) == 0])
    _action(card.get("card_action"), required=False)
    if "button_selection" in card:
        _question(card["button_selection"], 1, OPTIONS, 42047)


def _keys(buttons: list[Card]) -> None:
    keys = [one.get("key") for one in buttons]
    if not all(isinstance(key, str) and 0 < len(key.encode()) <= KEY for key in keys):
        raise RefusedError.wrong(42039, "button key missing or too long")
    if len(set(keys)) < len(keys):
        raise RefusedError.wrong(42039, "button key not unique")


def _submit(card: Card) -> None:
    button = card.get("submit_button")
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"]:
        raise RefusedError.wrong(42046, "submit_button missing")
    key = button.get("key")
    if not isinstance(key, str) or not 0 < len(key.encode()) <= KEY:
        raise RefusedError.wrong(42049, "submit_button key missing or too long")


def _questions(card: Card, kind: str) -> None:
    if kind == "vote_interaction":
        box = card.get("checkbox")
        _question(box, 1, CHECKS, 42048)
        if box is None or box.get("mode", 0) not in (0, 1):
            raise RefusedError.wrong(42048, "checkbox mode unknown")
        return
    lists = _listed(card, "select_list", SELECTS, 42047)
    if not lists:
        raise RefusedError.wrong(42047, "select_list missing")
    for one in lists:
        _question(one, 1, OPTIONS, 42047)
    keys = [one["question_key"] for one in lists]
    if len(set(keys)) < len(keys):
        raise RefusedError.wrong(42047, "question_key not unique")


def _question(question: Any, least: int, most: int, code: int) -> None:
    if not isinstance(question, dict):
        raise RefusedError.wrong(code, "question missing")
    key = question.get("question_key")
    if not isinstance(key, str) or not 0 < len(key.encode()) <= KEY:
        raise RefusedError.wrong(code, "question_key missing or too long")
    options = question.get("option_list")
    if not isinstance(options, list) or not least <= len(options) <= most:
        raise RefusedError.wrong(code, f"{least} to {most} options")
    for one in options:
        named = isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("text"), str)
        if not named or not one["text"].strip() or not 0 < len(one["id"].encode()) <= 128:
            raise RefusedError.wrong(code, "option id or text missing")
    if len({one["id"] for one in options}) < len(options):
        raise RefusedError.wrong(code, "option id not unique")


def _action(action: Any, *, required: bool) -> None:
    if action is None and not required:
        return
    kind = action.get("type") if isinstance(action, dict) else None
    if kind not in ((1, 2) if required else (0, 1, 2)):
        raise RefusedError.wrong(42045, "card_action missing")
    if kind == 1 and not _address(action.get("url")):
        raise RefusedError.wrong(42045, "card_action.url missing")


def _listed(card: Card, name: str, most: int, code: int) -> list[Card]:
    """A list of objects of a card, none longer than allowed.

    Raises:
        RefusedError: it is not.
    """
    found = card.get(name, [])
    if not isinstance(found, list) or len(found) > most or not all(isinstance(one, dict) for one in found):
        raise RefusedError.wrong(code, f"{name}: at most {most} objects")
    return found


def _address(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("http://", "https://"))
