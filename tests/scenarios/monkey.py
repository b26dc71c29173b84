"""People who do what people do, by dice: they answer what is asked, tap what is offered, make mistakes, go on leave."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from core.inbox import Arrived
from handlers.chat.vocabulary import Came
from tests.scenarios.beginnings import quickly_reported
from tests.scenarios.device import Phone
from tests.scenarios.pictures import photo
from tests.scenarios.pocket import FLOOD, LOST, UNCLEAR, Bad, PocketMessenger
from tests.scenarios.scene import Scene

ONWARD = {"跳过", "◀ 返回", "取消", "修改"}
LIKELY = {
    "✅ 收到": 30,
    "确认 ✓": 40,
    "完成 ✓": 25,
    "确认 ": 20,
    "围堵完成": 20,
    "④ 提交计划": 15,
    "① 根本原因": 10,
    "② 添加措施(0)": 15,
    "③ 怎样算有效": 15,
    "批准计划": 20,
    "完成：": 20,
    "实施完成": 20,
    "判定有效性": 15,
    "有效": 15,
    "处置扣留批次": 15,
    "全部扣留批次": 20,
    "闭环": 25,
    "建立 CAPA": 15,
    "✅ 我方已收到": 15,
    "✅ 同意": 10,
    "取消": 0,
    "不签": 1,
    "中文 / English": 0,
}
SAID = (
    "12",
    "涂层二线",
    "槽液浓度没有在线监控",
    "出货检验不含附着力",
    "每班测槽液浓度",
    "复检合格",
    "CT-001",
    "明天",
    "？？",
)
COMMANDS = ("/start", "/duty", "/here", "CT-001", "/notify", "/back", "/delegations", "值班", "菜单")


@dataclass
class Weather:
    """How often what goes wrong: sends before and after their effect, updates twice and late."""

    dice: random.Random
    bad: float = 0.07
    calm: bool = False
    held: list[tuple[PocketMessenger, Arrived]] = field(default_factory=list)
    repeated: int = 0

    def __call__(self) -> Bad | None:
        if self.calm or self.dice.random() > self.bad:
            return None
        return self.dice.choice((LOST, LOST, LOST, UNCLEAR, UNCLEAR, FLOOD))

    async def arrives(self, phone: Phone, came: Came, **more: object) -> None:
        """An update that may come twice, or only after a later one of somebody else."""
        messenger, number = phone.messenger, str(next(phone.messenger._numbers))
        raw = {"update_id": number, "account": phone.account, "came": came.value, **more}
        arrived = Arrived(update_id=number, chat_ref=phone.account, raw=raw)
        assert messenger._intake is not None
        waiting, self.held = self.held, []
        if self.dice.random() < self.bad and not self.calm:
            self.held.append((messenger, arrived))
        else:
            await messenger._intake([arrived], None)
        if self.dice.random() < self.bad:
            self.repeated += 1
            await messenger._intake([arrived], None)
        for other, late in waiting:
            assert other._intake is not None
            await other._intake([late], None)


@dataclass
class Crowd:
    """The plant's people and their dice."""

    scene: Scene
    dice: random.Random
    weather: Weather
    acts: int = 0
    restarts: int = 0

    async def acts_somehow(self) -> None:
        """One act of somebody, then some minutes of life."""
        self.acts += 1
        rolled = self.dice.random()
        if rolled < 0.06:
            await self._reports()
        elif rolled < 0.08:
            self.restarts += 1
            await self.scene.restarts()
        else:
            await self._somebody()
        await self.scene.passes(dt.timedelta(seconds=self.dice.expovariate(1 / 240) + 1))

    async def _reports(self) -> None:
        lot, by = self.dice.choice(
            (("CT-001", "coater_operator"), ("MC-002", "operator"), ("TI-001", "operator"))
        )
        await quickly_reported(self.scene, self.dice.choice("AABBC"), lot=lot, by=by)

    async def _somebody(self) -> None:
        phones = list(self.scene.phones.values())
        phone = self.dice.choices(phones, [8 if one.unread() else 1 for one in phones])[0]
        read = phone.unread()
        for one in read:
            one.read = True
        if self.dice.random() < 0.1 or not phone.chat:
            await self._says(phone, self.dice.choice((*COMMANDS, self._number(), self._absence())))
            return
        shown = phone.chat[-1] if self.dice.random() < 0.8 else self.dice.choice(phone.chat[-6:])
        if shown.outgoing.code and self.dice.random() < 0.9:
            await self._signs(phone, shown.outgoing.code)
            return
        buttons = [one for row in shown.outgoing.buttons for one in row if one.data]
        answers = [one for one in buttons if one.text not in ONWARD]
        if buttons and not answers and self.dice.random() < 0.85:
            await self._answers(phone, shown.text)
        elif buttons:
            weights = [self._weight(one.text) for one in buttons]
            chosen = self.dice.choices(buttons, weights)[0] if any(weights) else buttons[0]
            await self.weather.arrives(phone, Came.BUTTON, data=chosen.data, on=shown.id)
        else:
            await self._says(phone, "/start")

    def _weight(self, label: str) -> float:
        return next((weight for start, weight in LIKELY.items() if label.startswith(start)), 3)

    async def _answers(self, phone: Phone, question: str) -> None:
        if "照片" in question:
            for colour in self.dice.choice((("red",), ("red", "blue"))):
                ref = f"file-{phone.account}-{len(phone.messenger.files)}"
                phone.messenger.files[ref] = photo(colour)
                await self.weather.arrives(phone, Came.PHOTO, media=ref)
            return
        await self._says(phone, self.dice.choice(SAID))

    async def _says(self, phone: Phone, text: str) -> None:
        await self.weather.arrives(phone, Came.COMMAND if text.startswith("/") else Came.TEXT, text=text)

    async def _signs(self, phone: Phone, word: str) -> None:
        await self.scene.passes(dt.timedelta(seconds=31))
        right = phone.name in self.scene.plant.secrets and self.dice.random() < 0.97
        code = self.scene.plant.code(phone.name) if right else "000000"
        await self._says(phone, f"{code} {word}")

    def _number(self) -> str:
        return f"AN-2026-{self.dice.randint(1, 40):06}"

    def _absence(self) -> str:
        day = (self.scene.time.now + dt.timedelta(days=self.dice.randint(0, 2))).date()
        return f"/away until {day} deputy {self.dice.choice(('陈静', '李强', '王芳'))} 有事"
