"""People of the simulated messenger: they write, photograph, tap and read like the real ones."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tests.servers import telegram_markup
from tests.servers.telegram_files import Kept
from tests.servers.telegram_rooms import Account, Room, Shown, Tapped, Toast
from tests.servers.telegram_state import State

PATIENCE = 5.0


@dataclass
class Group:
    """A group chat; tests read ``chat``, ``history`` and ``transcript()`` on ``room``."""

    room: Room

    @property
    def id(self) -> int:
        """The chat id, negative."""
        return self.room.id

    @property
    def chat(self) -> list[Shown]:
        """The visible messages."""
        return self.room.chat


@dataclass(repr=False)
class Person:
    """One person with an account. ``chat`` methods mean the private chat unless ``chat=`` names a group."""

    state: State
    account: Account
    room: Room
    _read: dict[int, int] = field(default_factory=dict)
    _toasts_read: int = 0

    def __repr__(self) -> str:
        """Short: a failing test prints it."""
        return f"Person({self.id}, {self.account.facts['first_name']})"

    @property
    def id(self) -> int:
        """The person's id, also the id of the private chat."""
        return self.account.id

    @property
    def chat(self) -> list[Shown]:
        """The visible messages of the private chat, oldest first."""
        return self.room.chat

    @property
    def history(self) -> list[Shown]:
        """The same with deleted messages."""
        return self.room.history

    @property
    def toasts(self) -> list[Toast]:
        """Every answer to this person's taps."""
        return self.account.toasts

    def transcript(self, chat: Group | None = None) -> str:
        """The chat in words."""
        return self._room(chat).transcript()

    # writing

    async def says(self, text: str, *, chat: Group | None = None, reply_to: Shown | None = None) -> Shown:
        """Writes text; ``/commands`` are marked as such. Answers the message."""
        entities = telegram_markup.commands(text)
        return self._posts(chat, text=text, entities=entities, reply_to=reply_to)

    async def sends_photo(
        self, picture: bytes, caption: str | None = None, *, chat: Group | None = None
    ) -> Shown:
        """Sends a photo; the server re-encodes it and drops what the file said about itself."""
        photo = await self._photo(picture)
        return self._posts(chat, photo=photo, caption=caption)

    async def sends_album(
        self, pictures: list[bytes], caption: str | None = None, *, chat: Group | None = None
    ) -> list[Shown]:
        """Sends several photos at once: an update each, the same media_group_id, the caption on the first."""
        photos = [await self._photo(one) for one in pictures]
        album = str(10**16 + secrets.randbelow(10**17))
        return [
            self._posts(chat, photo=photo, caption=None if index else caption, media_group_id=album)
            for index, photo in enumerate(photos)
        ]

    async def sends_document(
        self,
        content: bytes,
        filename: str,
        mime: str,
        caption: str | None = None,
        *,
        chat: Group | None = None,
    ) -> Shown:
        """Sends a file as it is."""
        document = self.state.files.document(content, filename, mime)
        return self._posts(chat, document=document, caption=caption)

    async def shares_location(self, lat: float, lon: float, *, chat: Group | None = None) -> Shown:
        """Shares a place in degrees."""
        return self._posts(chat, location={"latitude": lat, "longitude": lon})

    async def edits(self, shown: Shown, text: str) -> None:
        """Changes an own text message; the bot is told."""
        shown.text, shown.entities = text, telegram_markup.commands(text)
        shown.edits += 1
        shown.edit_date = self.state.wall()
        self._tell(shown.room, "edited_message", shown.as_json())

    async def deletes(self, shown: Shown) -> None:
        """Deletes a message; the bot is never told of that."""
        shown.deleted = True
        self.state.world.changed()

    # tapping

    async def taps(self, label: str, *, chat: Group | None = None, timeout: float = PATIENCE) -> str:
        """Taps the button of this text on the newest visible message that shows it.

        Answers the callback query id, or the address of a link button. A key of the reply keyboard is
        written as text. Waits ``timeout`` seconds for the button to appear.

        Raises:
            AssertionError: with the transcript, when no visible message shows the button.
        """
        shown, button = await self._shown_button(label, chat, timeout)
        if shown is None:
            await self.says(label, chat=chat)
            return label
        if "callback_data" in button:
            return self._tap(shown.room, shown.as_json(), str(button["callback_data"]))
        return str(button.get("url", label))

    async def taps_data(self, raw_callback_data: str, message_id: int, *, chat: Group | None = None) -> str:
        """A forged or late tap: any data on any message this chat ever had. Answers the callback query id."""
        room = self._room(chat)
        shown = room.message(message_id)
        if shown is None:
            self._fail(f"no message {message_id} ever stood in this chat", room)
        if shown.deleted:
            gone = {"chat": room.as_json(), "message_id": message_id, "date": 0}
            return self._tap(room, gone, raw_callback_data)
        return self._tap(room, shown.as_json(), raw_callback_data)

    # reading

    async def expects(self, substring: str, timeout: float = PATIENCE, *, chat: Group | None = None) -> Shown:
        """Waits for a visible message of the bot, sent or changed after the last expected one, with the text.

        Raises:
            AssertionError: with the transcript, when none comes in time.
        """
        room = self._room(chat)
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while True:
            read = self._read.get(room.id, 0)
            fresh = sorted(
                (one for one in room.chat if one.from_bot and one.stamp > read), key=lambda one: one.stamp
            )
            found = next((one for one in fresh if substring in one.words), None)
            if found is not None:
                self._read[room.id] = found.stamp
                return found
            await self._wait(end, f"nothing new with {substring!r} came within {timeout:g} s", room)

    async def expects_button(
        self, label: str, timeout: float = PATIENCE, *, chat: Group | None = None
    ) -> Shown:
        """Waits until a visible message shows an inline button of this text; answers the newest such message.

        Raises:
            AssertionError: with the transcript, when none comes in time.
        """
        shown, _ = await self._shown_button(label, chat, timeout, inline_only=True)
        if shown is None:
            self._fail(f"only the keyboard below the chat shows {label!r}", self._room(chat))
        return shown

    async def expects_toast(self, substring: str, timeout: float = PATIENCE) -> Toast:
        """Waits for an answer to a tap, newer than the last expected one, with the text.

        Raises:
            AssertionError: with the transcript, when none comes in time.
        """
        end = asyncio.get_running_loop().time() + timeout
        while True:
            for index in range(self._toasts_read, len(self.toasts)):
                if substring in self.toasts[index].text:
                    self._toasts_read = index + 1
                    return self.toasts[index]
            said = [one.text for one in self.toasts]
            await self._wait(end, f"no answer to a tap with {substring!r}, only {said}", self.room)

    def sees_button(self, label: str, *, chat: Group | None = None) -> bool:
        """Whether a visible message shows the button now."""
        return any(one.button(label) for one in self._room(chat).chat)

    # the account

    async def blocks_bot(self) -> None:
        """From now on the bot cannot write to this person; it is told."""
        self._membership("member", "kicked")
        self.account.blocked = True

    async def unblocks_bot(self) -> None:
        """Takes the block away; the bot is told."""
        self.account.blocked = False
        self._membership("kicked", "member")

    # inside

    def _room(self, chat: Group | None) -> Room:
        if chat is None:
            return self.room
        assert self.id in chat.room.members, f"{self.account.facts['first_name']} is not in this group"
        return chat.room

    async def _photo(self, picture: bytes) -> list[Kept]:
        return self.state.files.photo(picture)

    def _posts(self, chat: Group | None, **content: Any) -> Shown:
        room = self._room(chat)
        if room.kind == "private":
            self.account.started = True
            self.account.blocked = False
        shown = self.state.world.post(room, self.account.facts, self.state.wall(), **content)
        if room.kind == "private" or self._bot_reads(room, shown):
            self._tell(room, "message", shown.as_json())
        return shown

    def _bot_reads(self, room: Room, shown: Shown) -> bool:
        """In a group with privacy mode the bot gets commands, replies to it and mentions of it only."""
        if not room.bot_is_member:
            return False
        if room.bot_is_admin or not self.state.privacy_mode:
            return True
        mention = f"@{self.state.world.bot['username']}"
        replied = shown.reply_to is not None and shown.reply_to.from_bot
        return replied or mention in shown.words or any(one["offset"] == 0 for one in shown.entities)

    def _tap(self, room: Room, message: dict[str, Any], data: str) -> str:
        query = str(10**17 + secrets.randbelow(10**17))
        self.state.world.taps[query] = Tapped(query, self.id, self.state.wall())
        content = {
            "id": query,
            "from": self.account.facts,
            "message": message,
            "chat_instance": str(abs(room.id) * 7919),
            "data": data,
        }
        self._tell(room, "callback_query", content)
        return query

    def _membership(self, before: str, after: str) -> None:
        def member(status: str) -> dict[str, Any]:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"status": status, "user": self.state.world.bot, **until}

        content = {
            "chat": self.room.as_json(),
            "from": self.account.facts,
            "date": int(self.state.wall()),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        self._tell(self.room, "my_chat_member", content)

    def _tell(self, room: Room, kind: str, content: dict[str, Any]) -> None:
        self.state.mailbox.put(kind, content, room.id)

    async def _shown_button(
        self, label: str, chat: Group | None, timeout: float, *, inline_only: bool = False
    ) -> tuple[Shown | None, dict[str, Any]]:
        room = self._room(chat)
        end = asyncio.get_running_loop().time() + timeout
        while True:
            for one in reversed(room.chat):
                button = one.button(label)
                if button is not None:
                    return one, button
            keys = [key for row in room.reply_keyboard or [] for key in row]
            if label in keys and not inline_only:
                return None, {}
            await self._wait(end, f"no visible message shows the button {label!r}", room)

    async def _wait(self, end: float, failure: str, room: Room) -> None:
        left = end - asyncio.get_running_loop().time()
        if left <= 0:
            self._fail(failure, room)
        await self.state.world.change(left)

    def _fail(self, failure: str, room: Room) -> NoReturn:
        name = self.account.facts["first_name"]
        raise AssertionError(f"{name}: {failure}\n{room.transcript()}")
