"""One contract for every messenger: the fake, Telegram and WeCom against their loopback servers, the phone page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from bot.adapters.blobs import FolderBlobs
from bot.adapters.browser import BrowserMessenger
from bot.adapters.telegram import TelegramMessenger
from bot.adapters.wecom import WecomMessenger
from core import inbox, notices
from core.evidence import Darkroom
from core.inbox import Arrived
from core.notices import Outcome
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Button, Came, FetchFailed, Intake, Media, Messenger, Outgoing
from tests.bot.adapters.wecom.conftest import messenger_for, served
from tests.core.capa.test_whole_story import photo
from tests.fakes.blobs import ThreadBench
from tests.fakes.messenger import FakeMessenger
from tests.plants import Plant, small_plant
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.wecom import WeComServer
from tests.servers.wecom_limits import Rates

CARD = Outgoing(
    head="Head <b>&",
    body="Body",
    facts=(("Label", "Value"),),
    code="K7Q2",
    hint="Hint",
    buttons=((Button(text="Press", data="x" * 44),),),
)


class Rig(Protocol):
    """A messenger and the other side of it."""

    messenger: Messenger
    chat: str
    nobody: str

    async def says(self, text: str) -> None: ...
    async def photographs(self, picture: bytes) -> None: ...
    async def screen(self) -> list[str]: ...


@dataclass
class Gathered:
    """What arrived, stored as the gateway does."""

    channel: str
    raws: list[dict[str, object]] = field(default_factory=list)

    async def intake(self, arrived: list[Arrived], next_offset: int | None) -> int:
        new = await inbox.store(self.channel, arrived, next_offset=next_offset)
        self.raws += [one.raw for one in arrived]
        return new

    async def first(self, count: int = 1) -> dict[str, object]:
        for _turn in range(200):
            if len(self.raws) >= count:
                return self.raws[count - 1]
            await asyncio.sleep(0.02)
        raise AssertionError("nothing arrived")


@dataclass
class FakeRig:
    messenger: FakeMessenger
    chat: str = "77"
    nobody: str = "78"

    async def says(self, text: str) -> None:
        await self.messenger.arrives("77", Came.TEXT, text=text)

    async def photographs(self, picture: bytes) -> None:
        self.messenger.files["f1"] = picture
        await self.messenger.arrives("77", Came.PHOTO, media="f1")

    async def screen(self) -> list[str]:
        return [one.text for one in self.messenger.chats.get("77", [])]


@asynccontextmanager
async def fake(_plant: Plant, _folder: Path) -> AsyncIterator[Rig]:
    rig = FakeRig(FakeMessenger())
    rig.messenger.blocked.add("78")
    yield rig


@dataclass
class TelegramRig:
    messenger: TelegramMessenger
    server: TelegramServer
    chat: str = "77"
    nobody: str = "78"

    async def says(self, text: str) -> None:
        await self.server.person(77, "Op").says(text)

    async def photographs(self, picture: bytes) -> None:
        await self.server.person(77, "Op").sends_photo(picture)

    async def screen(self) -> list[str]:
        return [one.words for one in self.server.person(77, "Op").chat if one.from_bot]


@asynccontextmanager
async def telegram(_plant: Plant, _folder: Path) -> AsyncIterator[Rig]:
    async with TelegramServer(limits=Limits.off()) as server:
        made = TelegramMessenger(
            token=server.token,
            api_url=server.base_url.removesuffix("/bot"),
            mode="polling",
            public_url="",
            secret="",
            poll_seconds=1,
        )
        yield TelegramRig(made, server)
        assert server.violations == []


@dataclass
class WecomRig:
    messenger: WecomMessenger
    server: WeComServer
    chat: str = "zhangsan"
    nobody: str = "left"

    async def says(self, text: str) -> None:
        await self.server.member("zhangsan").says(text)

    async def photographs(self, picture: bytes) -> None:
        await self.server.member("zhangsan").sends_photo(picture)

    async def screen(self) -> list[str]:
        return [one.words for one in self.server.member("zhangsan").chat if one.from_app]


@asynccontextmanager
async def wecom(plant: Plant, _folder: Path) -> AsyncIterator[Rig]:
    async with WeComServer(rates=Rates.off()) as server:
        made = messenger_for(server, plant.ring)
        async with served(made) as url:
            rig = WecomRig(made, server)
            begin = made.start

            async def start(intake: Intake) -> None:
                await begin(intake)
                await server.sets_callback(url)  # what an administrator does in the console

            made.start = start  # type: ignore[method-assign]
            yield rig
            await server.settled()
        assert [one for one in server.violations if "media_id" not in one] == []


@dataclass
class BrowserRig:
    messenger: BrowserMessenger
    darkroom: Darkroom
    plant: Plant
    chat: str
    nobody: str = "p999999"
    count: int = 0

    @property
    def person(self) -> int:
        return self.plant.persons["coater_operator"]

    async def says(self, text: str) -> None:
        self.count += 1
        assert await self.messenger.arrived(
            self.person, f"{self.person}-{self.count}", {"came": "text", "text": text}
        )

    async def photographs(self, picture: bytes) -> None:
        actor = await self.plant.actor("coater_operator", "browser")
        kept = await self.darkroom.receive(actor, picture, source_ref=None)
        self.count += 1
        await self.messenger.arrived(
            self.person,
            f"{self.person}-{self.count}",
            {"came": "photo", "media": f"{kept.organisation_id}/{kept.sha256}"},
        )

    async def screen(self) -> list[str]:
        cards: dict[int, str] = {}
        for event in await notices.page_events(self.person, 0):
            if event.what in ("show", "edit"):
                one = Outgoing.from_payload(event.payload or {})
                cards[event.message] = "\n".join(
                    [one.head, one.body, *(f"{a}: {b}" for a, b in one.facts), one.code, one.hint]
                )
        return list(cards.values())


@asynccontextmanager
async def browser(plant: Plant, folder: Path) -> AsyncIterator[Rig]:
    darkroom = Darkroom(FolderBlobs(folder / "blobs"), plant.ring, ThreadBench())

    async def load(_source: str, _actor: object) -> bytes | None:
        return None

    press = ButtonPress(plant.ring.derive("chat:buttons"))
    made = BrowserMessenger(darkroom=darkroom, load=load, press=press, secure=False, locale="zh_CN")
    yield BrowserRig(made, darkroom, plant, f"p{plant.persons['coater_operator']}")


@pytest.fixture(params=[fake, telegram, wecom, browser], ids=["fake", "telegram", "wecom", "browser"])
async def rig(
    request: pytest.FixtureRequest, database: str, tmp_path: Path
) -> AsyncIterator[tuple[Rig, Gathered]]:
    """Each messenger in turn, started, with a person who has written first."""
    plant = await small_plant(enrolled=False)
    async with request.param(plant, tmp_path) as made:
        gathered = Gathered(made.messenger.channel)
        await made.messenger.start(gathered.intake)
        await made.says("/start")
        await gathered.first()
        yield made, gathered
        await made.messenger.stop()
        await made.messenger.close()


async def test_what_a_person_says_arrives_once_and_is_understood(rig: tuple[Rig, Gathered]) -> None:
    """Account, chat, text; the same update again is not new."""
    made, gathered = rig
    raw = await gathered.first()
    incoming = made.messenger.read(raw)
    assert incoming is not None
    assert (incoming.channel, incoming.came, incoming.text) == (
        made.messenger.channel,
        Came.COMMAND,
        "/start",
    ) or (incoming.text == "/start")
    assert incoming.chat_ref == made.chat
    again = Arrived(update_id=incoming.update_id, chat_ref=incoming.chat_ref, raw=raw)
    assert await inbox.store(made.messenger.channel, [again]) == 0
    await made.messenger.acknowledge(incoming)


async def test_a_card_is_shown_whole_and_edited_in_place(rig: tuple[Rig, Gathered]) -> None:
    """Every part is readable; an edit changes it without a second message."""
    made, _gathered = rig
    sent = await made.messenger.send(made.chat, CARD, {})
    assert sent.outcome is Outcome.SENT
    assert sent.message_ref is not None
    shown = (await made.screen())[-1]
    for part in ("Head <b>&", "Body", "Label", "Value", "K7Q2", "Hint"):
        assert part in shown
    count = len(await made.screen())
    edited = await made.messenger.edit(made.chat, sent.message_ref, Outgoing(body="Changed"))
    assert edited.outcome is Outcome.SENT
    assert len(await made.screen()) == count
    assert any("Changed" in one for one in await made.screen())


async def test_an_unreachable_chat_is_gone(rig: tuple[Rig, Gathered]) -> None:
    """A permanent failure is told as such, so that the next channel is tried."""
    made, _gathered = rig
    assert (await made.messenger.send(made.nobody, CARD, {})).outcome is Outcome.GONE


async def test_a_photo_can_be_fetched_and_a_lost_one_says_so(rig: tuple[Rig, Gathered]) -> None:
    """The bytes come back as a picture; what is not there fails for good."""
    made, gathered = rig
    await made.photographs(photo())
    incoming = made.messenger.read(await gathered.first(2))
    assert incoming is not None
    assert incoming.came is Came.PHOTO
    assert incoming.media is not None
    assert (await made.messenger.fetch(incoming.media))[:2] == b"\xff\xd8"
    with pytest.raises(FetchFailed) as failed:
        await made.messenger.fetch(Media(ref=f"7/{'0' * 64}"))
    assert failed.value.for_good


async def test_what_a_person_wrote_can_be_taken_away_where_that_is_declared(
    rig: tuple[Rig, Gathered],
) -> None:
    """The capability is true."""
    made, gathered = rig
    await made.says("739214 K7Q2")
    incoming = made.messenger.read(await gathered.first(2))
    assert incoming is not None
    removed = await made.messenger.remove(made.chat, incoming.message_ref or {"id": "theirs"})
    assert (removed.outcome is Outcome.SENT) == made.messenger.capabilities.removes_incoming
