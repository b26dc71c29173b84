"""Chats as their members see them: messages, buttons, edits, deletions, and what was answered to a tap."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.servers.telegram_files import Kept
from tests.servers.telegram_limits import RefusedError

CONTENT = ("text", "entities", "caption", "caption_entities", "photo", "document", "location")


@dataclass
class Shown:
    """One message of a chat; ``stamp`` grows with every new or changed content, ``edits`` count all changes."""

    room: Room = field(repr=False)
    message_id: int
    sender: dict[str, Any]
    date: float
    stamp: int
    text: str | None = None
    entities: list[dict[str, Any]] = field(default_factory=list)
    caption: str | None = None
    caption_entities: list[dict[str, Any]] = field(default_factory=list)
    photo: list[Kept] = field(default_factory=list)
    document: Kept | None = None
    location: dict[str, float] | None = None
    media_group_id: str | None = None
    keyboard: list[list[dict[str, Any]]] | None = None
    reply_to: Shown | None = None
    edit_date: float | None = None
    edits: int = 0
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return bool(self.sender["is_bot"])

    @property
    def words(self) -> str:
        """Text or caption."""
        return self.text or self.caption or ""

    @property
    def buttons(self) -> list[str]:
        """The texts of the inline buttons, row by row."""
        return [button["text"] for row in self.keyboard or [] for button in row]

    @property
    def rows(self) -> list[list[str]]:
        """The same with the rows kept."""
        return [[button["text"] for button in row] for row in self.keyboard or []]

    @property
    def photo_ids(self) -> list[str]:
        """The file ids of all sizes of its photo, small to large."""
        return [one.file_id for one in self.photo]

    def button(self, label: str) -> dict[str, Any] | None:
        """The inline button of exactly this text, else the only one that contains it."""
        every = [button for row in self.keyboard or [] for button in row]
        exact = [button for button in every if button["text"] == label]
        near = [button for button in every if label in button["text"]]
        return exact[0] if exact else near[0] if len(near) == 1 else None

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """As Message."""
        optional = {
            "edit_date": None if self.edit_date is None else int(self.edit_date),
            "media_group_id": self.media_group_id,
            "text": self.text,
            "entities": self.entities,
            "caption": self.caption,
            "caption_entities": self.caption_entities,
            "photo": [one.as_size() for one in self.photo],
            "document": self.document.as_document() if self.document else None,
            "location": self.location,
            "reply_markup": {"inline_keyboard": self.keyboard} if self.keyboard else None,
            "reply_to_message": self.reply_to.as_json(with_reply=False)
            if self.reply_to and with_reply
            else None,
        }
        return {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.room.as_json(),
            "date": int(self.date),
            **{key: value for key, value in optional.items() if value is not None and value != []},
        }

    def __str__(self) -> str:
        """One line of a transcript."""
        who = "bot" if self.from_bot else self.sender["first_name"]
        kind = "[photo] " if self.photo else f"[{self.document.name}] " if self.document else ""
        kind += f"[location {self.location}] " if self.location else ""
        marks = (" (deleted)" if self.deleted else "") + (f" (edited x{self.edits})" if self.edits else "")
        rows = "".join("\n      " + " ".join(f"[{label}]" for label in row) for row in self.rows)
        return f"  #{self.message_id} {who}: {kind}{self.words}{marks}{rows}"


@dataclass
class Room:
    """A chat: with one person, or a group."""

    id: int
    kind: str
    facts: dict[str, Any]
    numbers: Iterator[int]
    members: list[int] = field(default_factory=list)
    messages: list[Shown] = field(default_factory=list, repr=False)
    reply_keyboard: list[list[str]] | None = None
    bot_is_admin: bool = False
    bot_is_member: bool = True
    upgraded_to: int | None = None

    @property
    def chat(self) -> list[Shown]:
        """The visible messages, oldest first."""
        return [one for one in self.messages if not one.deleted]

    @property
    def history(self) -> list[Shown]:
        """All messages, deleted ones too."""
        return list(self.messages)

    def as_json(self) -> dict[str, Any]:
        """As Chat."""
        return {"id": self.id, "type": self.kind, **self.facts}

    def message(self, message_id: int) -> Shown | None:
        """A message of this chat, visible or not."""
        return next((one for one in self.messages if one.message_id == message_id), None)

    def transcript(self) -> str:
        """The whole chat, for a person who looks for a failure."""
        lines = [str(one) for one in self.messages] or ["  (nothing)"]
        keys = [f"  keyboard: {self.reply_keyboard}"] if self.reply_keyboard else []
        return "\n".join([f"chat {self.id} ({self.kind}):", *lines, *keys])


@dataclass
class Toast:
    """What a tap was answered with."""

    query_id: str
    text: str
    alert: bool
    url: str | None


@dataclass
class Tapped:
    """A callback query the bot may answer."""

    query_id: str
    person: int
    made_at: float
    answered: bool = False


@dataclass
class Account:
    """A person's account: what the server knows of them."""

    facts: dict[str, Any]
    blocked: bool = False
    started: bool = False
    toasts: list[Toast] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The person's id."""
        return int(self.facts["id"])


@dataclass(repr=False)
class World:
    """Everything people and the bot see."""

    bot: dict[str, Any]
    rooms: dict[int, Room] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    taps: dict[str, Tapped] = field(default_factory=dict)
    stamps: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _change: asyncio.Event = field(default_factory=asyncio.Event)

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

    def open_room(self, chat_id: int | str) -> Room:
        """The chat the bot may write to.

        Raises:
            RefusedError: 400 for a chat the bot has never met, 403 for one closed to it.
        """
        room = self.rooms.get(chat_id) if isinstance(chat_id, int) else None
        if room is None:
            raise RefusedError.bad("chat not found")
        if room.kind == "private":
            account = self.accounts[room.id]
            if account.blocked:
                raise RefusedError(403, "Forbidden: bot was blocked by the user")
            if not account.started:
                met = any(room.id in one.members for one in self.rooms.values() if one.kind != "private")
                if met:
                    raise RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
                raise RefusedError.bad("chat not found")
        if room.upgraded_to is not None:
            raise RefusedError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": room.upgraded_to},
            )
        if not room.bot_is_member:
            raise RefusedError(403, f"Forbidden: bot was kicked from the {room.kind} chat")
        return room

    def post(self, room: Room, sender: dict[str, Any], date: float, **content: Any) -> Shown:
        """Puts a message at the end of a chat."""
        shown = Shown(room, next(room.numbers), sender, date, next(self.stamps), **content)
        room.messages.append(shown)
        self.changed()
        return shown
