"""From our message to Telegram's HTML and keyboards, within its limits."""

from __future__ import annotations

from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.chat.vocabulary import Button, Outgoing

TEXT_MAX = 4096
CAPTION_MAX = 1024
BUTTON_TEXT_MAX = 60


def html(outgoing: Outgoing) -> str:
    """The whole message as Telegram HTML; everything from people is escaped."""
    parts: list[str] = []
    if outgoing.head:
        parts.append(f"<b>{escape(outgoing.head)}</b>")
    if outgoing.body:
        parts.append(escape(outgoing.body))
    if outgoing.facts:
        parts.append("\n".join(f"<b>{escape(label)}</b>: {escape(value)}" for label, value in outgoing.facts))
    if outgoing.code:
        parts.append(f"<code>{escape(outgoing.code)}</code>")
    if outgoing.hint:
        parts.append(f"<i>{escape(outgoing.hint)}</i>")
    links = [button for row in outgoing.buttons for button in row if button.url and not _linkable(button.url)]
    parts += [f"{escape(button.text)}: {escape(button.url)}" for button in links]
    return "\n\n".join(parts) or "…"


def _linkable(url: str) -> bool:
    """Telegram takes buttons to public https addresses only."""
    return url.startswith("https://")


def keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """The buttons, or None."""
    rows = [[made for button in row if (made := _button(button)) is not None] for row in outgoing.buttons]
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton | None:
    label = button.text[:BUTTON_TEXT_MAX]
    if button.url:
        return InlineKeyboardButton(label, url=button.url) if _linkable(button.url) else None
    return InlineKeyboardButton(label, callback_data=button.data)


def pieces(text: str, limit: int = TEXT_MAX) -> list[str]:
    """Split a long text at paragraph or line ends, so that nothing is cut away and no tag is torn.

    A paragraph longer than the limit is shortened inside, with a mark that says so.
    """
    if len(text) <= limit:
        return [text]
    found: list[str] = []
    held = ""
    for line in text.split("\n"):
        kept = line if len(line) <= limit else _shortened(line, limit)
        if held and len(held) + 1 + len(kept) > limit:
            found.append(held)
            held = kept
        else:
            held = f"{held}\n{kept}" if held else kept
    return [*found, held] if held.strip() else found


def _shortened(line: str, limit: int) -> str:
    """A single endless line: keep its beginning, outside of tags and entities."""
    plain = line.replace("<b>", "").replace("</b>", "").replace("<i>", "").replace("</i>", "")
    cut = plain[: limit - 2]
    entity = cut.rfind("&")
    if entity > len(cut) - 8 and ";" not in cut[entity:]:
        cut = cut[:entity]
    return cut + " …"
