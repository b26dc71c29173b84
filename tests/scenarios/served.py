"""The same device at a real adapter's loopback server: the words of a scenario mean the same there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from bot.adapters.telegram import TelegramMessenger
from bot.adapters.wecom import WecomMessenger
from handlers.chat.vocabulary import Came, Capabilities
from tests.journeys.by_telegram import ByTelegram, TelegramStage
from tests.journeys.by_wecom import ByWecom, WecomStage, read_together
from tests.plants import Plant
from tests.scenarios.device import Device
from tests.scenarios.pocket import Post


@dataclass
class Screen:
    """What a served phone knows of its messenger."""

    capabilities: Capabilities
    files: dict[str, bytes] = field(default_factory=dict)


class ServedPhone:
    """A person of a loopback server, as a device knows phones."""

    def __init__(self, scene: ServedScene, person: ByTelegram | ByWecom) -> None:
        self.scene = scene
        self.person = person
        self.name = person.name
        self.account = person.name
        telegram = isinstance(person, ByTelegram)
        self.messenger = Screen(TelegramMessenger.capabilities if telegram else WecomMessenger.capabilities)
        self._posts: dict[object, Post] = {}

    def posts(self) -> list[Post]:
        """Everything the bot said on this screen, oldest first; what was read stays read."""
        for key, text, buttons, changed in self._screen():
            if key not in self._posts:
                self._posts[key] = Post(dt.datetime.now(dt.UTC), None, text, buttons, changed)  # type: ignore[arg-type]
        return list(self._posts.values())

    def _screen(self) -> list[tuple[object, str, tuple[str, ...], bool]]:
        if isinstance(self.person, ByTelegram):
            chat = [one for one in self.person.person.chat if one.from_bot]
            chat.sort(key=lambda one: one.stamp)
            return [(one.stamp, one.words, tuple(one.buttons), one.edits > 0) for one in chat]
        known = {key[0]: key for key in self._posts if isinstance(key, tuple)}
        keyed = [
            ((place, one.words), one) for place, one in enumerate(read_together(self.person.member.chat))
        ]
        return [(key, one.words, tuple(one.labels()), known.get(key[0], key) != key) for key, one in keyed]

    def unread(self) -> list[Post]:
        return [one for one in self.posts() if not one.read]

    def transcript(self, last: int = 3) -> str:
        return "\n".join(one.in_words() for one in self.posts()[-last:])

    def check_word(self) -> str:
        """From the ceremony's own example."""
        text = next(one.text for one in reversed(self.posts()) if "739214 " in one.text)
        return text.partition("739214 ")[2][:4]

    def taken_out(self) -> int:
        if isinstance(self.person, ByWecom):
            return 0
        return sum(1 for one in self.person.person.history if one.deleted)

    def find_button(self, label: str, on: str = "") -> dict[str, object]:
        return {"label": label}

    async def arrives(self, came: Came, *, text: str = "", label: str = "", media: str = "") -> None:
        """Done as a person does it, in the messenger's own way."""
        if came is Came.BUTTON:
            await self.person.taps(label)
        elif came is Came.PHOTO:
            await self.person.photographs(self.messenger.files[media])
        else:
            await self.person.says(text)


@dataclass
class ServedScene:
    """A running house with its servers, as a device knows scenes."""

    stage: TelegramStage | WecomStage
    plant: Plant
    phones: dict[str, ServedPhone] = field(default_factory=dict)
    begun: set[Device] = field(default_factory=set)
    pace: dt.timedelta = dt.timedelta(0)

    async def joins(self, name: str) -> Device:
        """Opens their invitation."""
        phone = ServedPhone(self, await self.stage.joins(name, "zh_CN"))  # type: ignore[arg-type]
        self.phones[name] = phone
        device = Device(phone)  # type: ignore[arg-type]
        await device.expects("欢迎")
        return device

    async def passes(self, by: dt.timedelta) -> None:
        """Every act waits for its own effects; longer times are moved on purpose."""
        if by:
            await self.stage.fast_forward(by)

    async def later(self, **much: float) -> None:
        self.everything_is_read("before time passes")
        await self.passes(dt.timedelta(**much))

    async def settle(self) -> None:
        """Done with the act itself."""

    def everything_is_read(self, when: str) -> None:
        unread = [
            f"{name}: {one.in_words()}" for name, phone in self.phones.items() for one in phone.unread()
        ]
        assert not unread, f"unexpected {when}:\n" + "\n".join(unread)
