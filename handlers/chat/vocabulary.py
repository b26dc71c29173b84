"""The words between a dialogue and a messenger: what comes in, what goes out, what a messenger can."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from core.inbox import Arrived
from core.notices import Outcome


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a messenger can do; differences are declared here, not asked by name."""

    buttons_max: int
    """Buttons in one message."""
    text_max: int
    """Characters in one message."""
    edits: bool
    """A sent message can be changed in place."""
    removes_incoming: bool
    """What a person wrote can be taken out of the chat (a signing code)."""
    file_max: int
    """Bytes of a file that can be fetched."""
    pictures_max: int
    """Pictures in one message."""
    media_days: int | None = None
    """For how many days a picture that a person sent can be fetched; None where that is no worry."""
    drops_repeats: bool = False
    """A message that is sent again as the same bytes is not shown twice."""


class Came(StrEnum):
    """What kind of thing a person sent."""

    TEXT = "text"
    COMMAND = "command"
    """A text that starts with a slash: /start, /report, /back, /cancel."""
    BUTTON = "button"
    PHOTO = "photo"
    FILE = "file"
    LOCATION = "location"
    OTHER = "other"
    """A sticker, a voice note, a poll: understood as "something we cannot use"."""


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture or file that waits at the messenger."""

    ref: str
    size: int | None = None
    name: str | None = None
    group: str | None = None
    """Album the picture belongs to; pictures of one album are one answer."""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One thing a person did in a chat. ``account`` is who, proven by the messenger; ``data`` a button's token."""

    channel: str
    update_id: str
    chat_ref: str
    account: str
    came: Came
    text: str = ""
    data: str = ""
    media: Media | None = None
    message_ref: dict[str, object] | None = None
    """Reference of the message that the person sent, or whose button was tapped."""
    answer_ref: str | None = None
    """What a button tap must be answered with, where the messenger wants that."""
    language: str | None = None
    private: bool = True


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button: either a signed token that comes back, or an address to open."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture by its source (``evidence:12``, ``genealogy:34:down``) and its words for those who cannot see it."""

    source: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file to keep by its source (``trace:34:both``, ``template:lots:xlsx:zh_CN``) and the name it is saved under."""

    source: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message in plain parts; each messenger lays them out. All texts are already in the reader's language."""

    head: str = ""
    body: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    code: str = ""
    """Text to copy exactly, such as a check word or a checkpoint."""
    buttons: tuple[tuple[Button, ...], ...] = ()
    pictures: tuple[Picture, ...] = ()
    documents: tuple[Document, ...] = ()
    stamp: str = ""
    """What tells this message from another that says the same; shown to nobody, the same when it is sent again."""

    def to_payload(self) -> dict[str, object]:
        """Give the stored form; the same message comes back from it."""
        return asdict(self)

    @staticmethod
    def from_payload(payload: dict[str, Any]) -> Outgoing:
        """Read the stored form back."""
        stored = dict(payload)
        rows = stored.pop("buttons", ())
        pictures = stored.pop("pictures", ())
        documents = stored.pop("documents", ())
        facts = stored.pop("facts", ())
        return Outgoing(
            **stored,
            facts=tuple((pair[0], pair[1]) for pair in facts),
            buttons=tuple(tuple(Button(**one) for one in row) for row in rows),
            pictures=tuple(Picture(**one) for one in pictures),
            documents=tuple(Document(**one) for one in documents),
        )


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What a messenger said to a send, an edit or a removal."""

    outcome: Outcome
    message_ref: dict[str, object] | None = None
    retry_after: float | None = None
    error: str | None = None
    moved_to: str | None = None
    """The chat's new address, when the messenger says that it has one: ask there again."""


Intake = Callable[[list[Arrived], int | None], Awaitable[int]]
"""Stores arrived updates durably (with the polling offset); answers how many were new."""

Pictures = dict[str, bytes]
"""Bytes of pictures and documents by their source, loaded before sending."""


class FetchFailed(Exception):  # noqa: N818  it is an answer of the messenger
    """The messenger did not give the file. ``for_good`` tells whether asking again could help."""

    def __init__(self, why: str, *, for_good: bool, too_large: bool = False) -> None:
        """Keep why, and what can be done about it."""
        super().__init__(why)
        self.for_good = for_good
        self.too_large = too_large


class Messenger(Protocol):
    """A way to reach people. Adapters translate; they decide nothing."""

    channel: str
    capabilities: Capabilities

    async def start(self, intake: Intake) -> None:
        """Begin to receive; every update goes to ``intake`` before the messenger is told it was taken."""

    async def stop(self) -> None:
        """Receive no more; sending still works."""

    async def close(self) -> None:
        """Let go of connections, after everything in hand was sent."""

    def messages(self, outgoing: Outgoing) -> int:
        """How many messages of the messenger's limits this takes: each picture of an album counts, each part too."""

    def read(self, raw: dict[str, object]) -> Incoming | None:
        """Understand a stored update; None for what concerns nobody (an edited message, a join)."""

    async def acknowledge(self, incoming: Incoming) -> None:
        """Tell the messenger that a tap was taken, so that the button stops turning. Never fails."""

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        """Send a message."""

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        """Change a sent message in place. GONE when it cannot be changed any more: send anew."""

    async def remove(self, chat_ref: str, message_ref: dict[str, object]) -> Delivered:
        """Take a person's message out of the chat where the messenger allows it."""

    async def fetch(self, media: Media) -> bytes:
        """Bring the bytes of a picture or file.

        Raises:
            FetchFailed: the messenger does not give it.
        """


@dataclass(kw_only=True)
class Shelf:
    """The messengers of this process by channel name."""

    messengers: dict[str, Messenger] = field(default_factory=dict)

    def on(self, channel: str) -> Messenger | None:
        """The messenger of a channel, if it runs in this installation."""
        return self.messengers.get(channel)
