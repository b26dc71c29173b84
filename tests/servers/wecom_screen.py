"""What stands in the members' clients: texts, pictures and cards as they are shown now."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from tests.servers.wecom_media import Kept

INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
_MARKS = re.compile(r"\*\*|`|</?font[^>]*>|^> ?|^#{1,6} ", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|<a [^>]*>([^<]*)</a>")


@dataclass
class Sent:
    """One message/send with everybody who got it."""

    msgid: str
    agent: int
    kind: str
    made_at: float
    receivers: list[str] = field(default_factory=list)
    task_id: str = ""
    is_recalled: bool = False


@dataclass(eq=False)
class Shown:
    """One message on one member's screen; ``stamp`` grows with every new or changed content."""

    member: str
    stamp: int
    date: float
    kind: str
    sent: Sent | None = None
    text: str = ""
    card: dict[str, Any] | None = None
    media: Kept | None = None
    spent_as: str = ""
    """What stands on the greyed button after the card was used up."""
    edits: int = 0
    deleted: bool = False
    chosen: dict[str, list[str]] = field(default_factory=dict)

    @property
    def from_app(self) -> bool:
        """Whether the app sent it."""
        return self.sent is not None

    @property
    def photo(self) -> list[Kept]:
        """The picture, if it is one."""
        return [self.media] if self.media is not None and self.kind == "image" else []

    @property
    def words(self) -> str:
        """Everything that can be read on it, buttons aside."""
        if self.card is not None:
            return "\n".join(one for one in (*_card_words(self.card), self.spent_as) if one)
        plain = _LINK.sub(lambda found: found[1] or found[2] or "", self.text)
        return _MARKS.sub("", plain) if self.kind == "markdown" else plain

    @property
    def controls(self) -> list[dict[str, Any]]:
        """The buttons that can be tapped now, the submit button among them."""
        if self.card is None or self.spent_as or self.deleted:
            return []
        submit = self.card.get("submit_button")
        return [*self.card.get("button_list", []), *([submit] if submit else [])]

    @property
    def questions(self) -> list[dict[str, Any]]:
        """What can be chosen in it now: drop-down lists, check boxes, the list above the buttons."""
        if self.card is None or self.spent_as or self.deleted:
            return []
        single = [self.card[name] for name in ("checkbox", "button_selection") if self.card.get(name)]
        every: list[dict[str, Any]] = [*single, *self.card.get("select_list", [])]
        return [one for one in every if not one.get("disable")]

    @property
    def options(self) -> list[str]:
        """The texts of everything that can be chosen."""
        return [option["text"] for one in self.questions for option in one["option_list"]]

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons."""
        return [str(one["text"]) for one in self.controls]

    def button(self, label: str) -> dict[str, Any] | None:
        """The button of exactly this text, else the only one that contains it."""
        return _by_text(self.controls, label)

    def option(self, label: str) -> tuple[str, dict[str, Any]] | None:
        """Question key and option of this text."""
        for one in self.questions:
            option = _by_text(one["option_list"], label)
            if option is not None:
                return str(one.get("question_key", "")), option
        return None

    def change(self, stamp: int, *, card: dict[str, Any] | None = None, spent_as: str = "") -> None:
        """The app replaced the card, or greyed its buttons."""
        if card is not None:
            self.card = card
            self.kind = "template_card"
            self.chosen = {}
        self.spent_as = spent_as
        self.stamp = stamp
        self.edits += 1

    def __str__(self) -> str:
        """A line of the transcript."""
        who = "app" if self.from_app else self.member
        marks = (" (recalled)" if self.deleted else "") + (f" (changed x{self.edits})" if self.edits else "")
        keys = "".join(f" [{one}]" for one in self.buttons) + "".join(f" ({one})" for one in self.options)
        return f"  #{self.stamp} {who} {self.kind}: {self.words}{marks}{keys}"


@dataclass(eq=False)
class Account:
    """A member of the corporation as the server knows it."""

    userid: str
    name: str
    is_licensed: bool = True
    sees_app: bool = True
    """False: not within the app's visible range; messages to it are refused as invalid."""
    messages: list[Shown] = field(default_factory=list)

    @property
    def chat(self) -> list[Shown]:
        """The visible messages, oldest first."""
        return [one for one in self.messages if not one.deleted]

    def transcript(self) -> str:
        """The whole screen, for a person who looks for a failure."""
        return "\n".join([f"screen of {self.userid}:", *(map(str, self.messages or ["  (nothing)"]))])


@dataclass
class World:
    """Everybody and everything they see."""

    accounts: dict[str, Account] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    stamps: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _change: asyncio.Event = field(default_factory=asyncio.Event)

    def account(self, userid: str) -> Account | None:
        """A member; WeCom does not tell upper from lower case."""
        return self.accounts.get(userid.lower())

    def show(self, userid: str, date: float, kind: str, **content: Any) -> Shown:
        """Puts a message at the end of a member's screen."""
        shown = Shown(userid, next(self.stamps), date, kind, **content)
        self.accounts[userid.lower()].messages.append(shown)
        self.changed()
        return shown

    def copies(self, sent: Sent) -> list[Shown]:
        """A message on the screens of everybody who got it."""
        return [one for name in sent.receivers for one in self.accounts[name].messages if one.sent is sent]

    def changed(self) -> None:
        """Wakes everybody who waits for a change."""
        self._change.set()
        self._change = asyncio.Event()

    async def change(self, timeout: float) -> None:
        """Waits for the next change, at most so many seconds."""
        event = self._change
        try:
            await asyncio.wait_for(event.wait(), timeout)
        except TimeoutError:
            return


def _by_text(every: list[dict[str, Any]], label: str) -> dict[str, Any] | None:
    exact = [one for one in every if one["text"] == label]
    near = [one for one in every if label in one["text"]]
    return exact[0] if exact else near[0] if len(near) == 1 else None


def _card_words(card: dict[str, Any]) -> list[str]:
    title, quote = card.get("main_title") or {}, card.get("quote_area") or {}
    emphasis = card.get("emphasis_content") or {}
    return [
        (card.get("source") or {}).get("desc", ""),
        title.get("title", ""),
        title.get("desc", ""),
        emphasis.get("title", ""),
        emphasis.get("desc", ""),
        quote.get("title", ""),
        quote.get("quote_text", ""),
        card.get("sub_title_text", ""),
        *(f"{one['keyname']}: {one.get('value', '')}" for one in card.get("horizontal_content_list") or []),
        *(f"{one['title']} {one.get('desc', '')}" for one in card.get("vertical_content_list") or []),
        *(str(one["title"]) for one in card.get("jump_list") or []),
        *(str(one.get("title", "")) for one in card.get("select_list") or []),
        str((card.get("button_selection") or {}).get("title", "")),
    ]
