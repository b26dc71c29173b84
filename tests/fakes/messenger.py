"""A messenger in memory: people say, tap and photograph; what they see is kept as a chat."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from core.inbox import Arrived
from core.notices import Outcome
from handlers.chat.vocabulary import (
    Button,
    Came,
    Capabilities,
    Delivered,
    FetchFailed,
    Incoming,
    Intake,
    Media,
    Outgoing,
    Pictures,
)


@dataclass
class Shown:
    """One message on a person's screen."""

    id: int
    outgoing: Outgoing
    pictures: tuple[str, ...]
    edits: int = 0
    documents: dict[str, bytes] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Everything readable on it."""
        one = self.outgoing
        facts = "\n".join(f"{label}: {value}" for label, value in one.facts)
        return "\n".join(part for part in (one.head, one.body, facts, one.code, one.hint) if part)

    def button(self, label: str) -> Button | None:
        """The button whose text contains the label."""
        found = [one for row in self.outgoing.buttons for one in row if label in one.text]
        return found[0] if found else None


@dataclass
class FakeMessenger:
    """Keeps the contract of a messenger without a network."""

    channel: str = "telegram"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            buttons_max=100,
            text_max=4096,
            edits=True,
            removes_incoming=True,
            file_max=20_000_000,
            pictures_max=10,
        )
    )
    chats: dict[str, list[Shown]] = field(default_factory=dict)
    removed: list[object] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    acknowledged: list[str] = field(default_factory=list)
    closed: bool = False
    _intake: Intake | None = None
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def start(self, intake: Intake) -> None:
        self._intake = intake

    async def stop(self) -> None:
        self._intake = None

    async def close(self) -> None:
        self.closed = True

    def messages(self, outgoing: Outgoing) -> int:
        return 1 + len(outgoing.pictures) + len(outgoing.documents)

    async def arrives(self, account: str, came: Came, **more: object) -> None:
        """Something a person did reaches the inbox."""
        update_id = str(next(self._numbers))
        raw: dict[str, object] = {"update_id": update_id, "account": account, "came": came.value, **more}
        assert self._intake is not None
        await self._intake([Arrived(update_id=update_id, chat_ref=account, raw=raw)], None)

    def read(self, raw: dict[str, object]) -> Incoming | None:
        media = raw.get("media")
        return Incoming(
            channel=self.channel,
            update_id=str(raw["update_id"]),
            chat_ref=str(raw["account"]),
            account=str(raw["account"]),
            came=Came(str(raw["came"])),
            text=str(raw.get("text", "")),
            data=str(raw.get("data", "")),
            media=Media(ref=str(media), name=str(raw["name"]) if raw.get("name") else None)
            if media
            else None,
            message_ref={"id": raw["update_id"]},
            answer_ref=str(raw["update_id"]),
            language="zh",
        )

    async def acknowledge(self, incoming: Incoming) -> None:
        self.acknowledged.append(incoming.update_id)

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        if chat_ref in self.blocked:
            return Delivered(outcome=Outcome.GONE, error="blocked")
        shown = Shown(id=next(self._numbers), outgoing=outgoing, pictures=tuple(pictures))
        shown.documents = {
            one.name: pictures[one.source] for one in outgoing.documents if one.source in pictures
        }
        self.chats.setdefault(chat_ref, []).append(shown)
        return Delivered(outcome=Outcome.SENT, message_ref={"id": shown.id})

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        for shown in self.chats.get(chat_ref, []):
            if shown.id == message_ref["id"]:
                shown.outgoing, shown.edits = outgoing, shown.edits + 1
                return Delivered(outcome=Outcome.SENT, message_ref=message_ref)
        return Delivered(outcome=Outcome.GONE)

    async def remove(self, chat_ref: str, message_ref: dict[str, object]) -> Delivered:
        self.removed.append(message_ref["id"])
        return Delivered(outcome=Outcome.SENT)

    async def fetch(self, media: Media) -> bytes:
        if media.ref not in self.files:
            raise FetchFailed("gone", for_good=True)
        return self.files[media.ref]
