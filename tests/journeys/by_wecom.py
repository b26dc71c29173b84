"""The story's people in WeCom: the real adapter behind its callback address, against the loopback server."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.adapters.wecom import WecomMessenger, wecom_from
from core import people
from core.kit import clock
from core.kit.keys import KeyRing
from handlers import text
from tests.journeys.real_house import RealHouse
from tests.journeys.story import Seen
from tests.plants import Plant
from tests.servers.wecom import WeComServer
from tests.servers.wecom_faults import Fault
from tests.servers.wecom_people import Member
from tests.servers.wecom_screen import Shown

A_MOMENT = dt.timedelta(seconds=10)
"""What a person needs for one act: nobody taps so fast that 30 answers a minute would not do."""
PLEASE = [text.translator(locale)("Please choose") for locale in ("zh_CN", "en")]
_NUMBERED = re.compile(r"^(\d+)\. ")


def wecom_at(server: WeComServer, ring: KeyRing) -> WecomMessenger:
    """The real adapter of this server's app."""
    return wecom_from(
        corp=server.corp_id,
        agent=server.agent_id,
        secret=SecretStr(server.secret),
        token=SecretStr(server.token),
        aes_key=SecretStr(server.aes_key),
        api_url=server.api_url,
        ring=ring,
        locale="zh_CN",
    )


@dataclass
class Weather:
    """WeCom on a bad day: every few acts something breaks, each thing in its turn."""

    server: WeComServer
    acts: int = 0
    sends: Iterator[Fault] = field(
        default_factory=lambda: itertools.cycle([-1, "timeout_after_effect", "half", 502, "drop", 45033])
    )
    changes: Iterator[Fault] = field(
        default_factory=lambda: itertools.cycle([-1, "timeout_after_effect", "drop"])
    )

    def turns(self) -> None:
        """One more act."""
        self.acts += 1
        if self.acts % 7 == 0:
            self.server.fail("message/send", next(self.sends))
        if self.acts % 5 == 0:
            self.server.kill_tokens(40014 if self.acts % 2 else 42001)
        if self.acts % 9 == 0:
            self.server.fail("message/recall", next(self.changes))
            self.server.fail("message/update_template_card", next(self.changes))
        if self.acts % 20 == 0:
            self.server.fail("media/upload", "half")
            self.server.fail("media/get", "half")


@dataclass
class Said:
    """Messages that a reader takes as one: pictures, then words, then the card with the buttons."""

    shown: list[Shown]

    @property
    def words(self) -> str:
        return "\n".join(one.words for one in self.shown)

    def labels(self) -> dict[str, str]:
        """Every button and choice by its full words, with what stands on it; numbered choices are read above."""
        found: dict[str, str] = {}
        for label in (label for one in self.shown for label in (*one.buttons, *one.options)):
            number = _NUMBERED.match(label)
            line = number and re.search(rf"(?m)^{number[1]}\. (.*)$", self.words)
            found[line[1] if line else label] = label
        return found


def read_together(chat: list[Shown]) -> list[Said]:
    """The screen as its reader sees it: what is said at once is a picture, words, and a card with the same heading."""
    groups: list[list[Shown]] = []
    for before, one in zip([None, *chat], chat, strict=False):
        if one.from_app and before is not None and before.from_app and _goes_on(before, one):
            groups[-1].append(one)
        elif one.from_app:
            groups.append([one])
    return [Said(one) for one in groups]


def _goes_on(before: Shown, one: Shown) -> bool:
    if before.kind == "image":
        return True
    if before.card is not None or one.card is None:
        return False
    title = str(one.card["main_title"]["title"])
    return title in PLEASE or before.words.startswith(title.rstrip("…"))


@dataclass
class ByWecom:
    """A member of the loopback server, as the story knows people."""

    stage: WecomStage
    member: Member
    name: str
    plant: Plant

    async def _after(self) -> None:
        if self.stage.weather is not None:
            self.stage.weather.turns()
        await self.stage.server.settled()
        await self.stage.house.rest()
        clock.shift(A_MOMENT)

    async def says(self, words: str) -> None:
        await self.member.says(words)
        await self._after()

    async def taps(self, label: str) -> None:
        for said in reversed(read_together(self.member.chat)):
            labels = said.labels()
            exact = [one for words, one in labels.items() if words == label]
            near = exact or [one for words, one in labels.items() if label in words]
            if len(near) == 1:
                await self.member.taps(near[0], timeout=0)
                await self._after()
                return
        raise AssertionError(f"no button {label!r} for {self.name}:\n{self.member.transcript()}")

    async def photographs(self, *pictures: bytes) -> None:
        await self.member.sends_album(list(pictures))
        await self._after()

    async def sends_file(self, content: bytes, name: str) -> None:
        await self.member.sends_file(content, name)
        await self._after()

    async def files(self) -> dict[str, bytes]:
        """Files that the app sent, by the name they are saved under."""
        found = [one.media for one in self.member.chat if one.from_app and one.kind == "file" and one.media]
        return {one.name: one.content for one in found}

    async def screen(self) -> list[Seen]:
        return [
            Seen(one.words, sum(len(shown.photo) for shown in one.shown), tuple(one.labels()))
            for one in read_together(self.member.chat)
        ]

    async def check_word(self) -> str:
        for one in reversed(self.member.chat):
            found = re.search(r"739214 ([A-Z0-9]{4})", one.words)
            if found and one.from_app:
                return found[1]
        raise AssertionError("no ceremony on the screen")


@dataclass
class WecomStage:
    """House, its web server and WeCom together."""

    house: RealHouse
    server: WeComServer
    plant: Plant
    weather: Weather | None = None
    secrets: list[str] = field(default_factory=list)

    async def joins(self, name: str, locale: str) -> ByWecom:
        token = await people.invite(await self.plant.actor("administrator"), self.plant.persons[name])
        self.secrets.append(token)
        if locale != "zh_CN":
            await people.choose_locale(await self.plant.actor(name), locale)
        someone = ByWecom(self, self.server.member(name.title().replace("_", "")), name, self.plant)
        await someone.says(f"/start {token}")
        return someone

    async def fast_forward(self, by: dt.timedelta) -> None:
        await self.house.fast_forward(by)


def said_twice(server: WeComServer) -> list[str]:
    """What stands twice in a row on somebody's screen, an invisible mark aside."""
    found = []
    for account in server.state.world.accounts.values():
        said = [
            (one.kind, one.words.replace("\u200b", ""), one.media and one.media.content, one.from_app)
            for one in account.chat
        ]
        found += [
            f"{account.userid}: {one[1]!r}"
            for before, one in itertools.pairwise(said)
            if before == one and one[3]
        ]
    return found
