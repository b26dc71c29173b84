"""Bad input in the chat: each gets a plain sentence, changes nothing, and the question stands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core import anomalies, lots, people
from core.anomalies.models import Anomaly
from core.kit import clock, system
from core.ledger.models import LedgerEntry
from handlers import text
from handlers.chat.vocabulary import Came
from tests.core.capa.test_whole_story import photo
from tests.journeys.memory_house import MemoryHouse, Someone
from tests.journeys.story import answer_report
from tests.journeys.test_loop_in_chat import InMemory
from tests.plants import small_plant

_ = text.translator("zh_CN")


@pytest.fixture
async def house(database: str) -> MemoryHouse:
    """A house with a plant; nobody has joined yet."""
    made = MemoryHouse(await small_plant())
    await made.start()
    return made


async def test_an_unknown_account_learns_how_to_join_and_leaves_no_trace(house: MemoryHouse) -> None:
    """A stranger gets one sentence; their photo is not even fetched."""
    before = await LedgerEntry.all().count()
    stranger = Someone(house=house, account="999", name="stranger")
    await stranger.says("/report")
    stranger.sees(
        _(
            "This chat is not connected to anyone yet. Ask your administrator for an invitation link and open it here."
        )
    )
    await house.messenger.arrives("999", Came.PHOTO, media="never-fetched")
    await house.settle()
    assert await LedgerEntry.all().count() == before


async def test_an_invite_opens_one_chat_within_a_day(house: MemoryHouse) -> None:
    """Reused, expired and invented invitations are refused, each with its reason."""
    admin = await house.plant.actor("administrator")
    token = await people.invite(admin, house.plant.persons["operator"])
    first, second = (Someone(house=house, account=one, name=one) for one in ("501", "502"))
    await first.says(f"/start {token}")
    first.sees("张伟")
    await second.says(f"/start {token}")
    second.sees("邀请已被使用")
    late = await people.invite(admin, house.plant.persons["responsible"])
    clock.shift(dt.timedelta(hours=24, seconds=1))
    await second.says(f"/start {late}")
    second.sees("邀请已过期")
    await second.says("/start invented")
    second.sees("没有这个邀请")


@pytest.mark.parametrize(
    ("said", "hears"),
    [
        ("-1", "大于零"),
        ("很多", "不是数量"),
        ("0", "大于零"),
        ("1e99", "不是数量"),
        ("1000000000000", "太大"),
        ("1" + "0" * 30, "太大"),
        ("NaN", "不是数量"),
        ("1.1234567", "不是数量"),
        ("1001", "共 1000 件"),
        ("\u202e21\u200b", None),
    ],
)
async def test_a_quantity_is_a_positive_number(house: MemoryHouse, said: str, hears: str | None) -> None:
    """What is no quantity is said so and asked again; invisible characters are dropped from a good one."""
    operator = await house.joins("coater_operator")
    await operator.says("/report")
    for answer in ("工艺偏离", "参数超限", "CT-001"):
        await operator.says(answer)
    assert "多少" in operator.chat[-1].outgoing.body
    await operator.says(said)
    if hears is None:
        assert "21" not in operator.chat[-1].outgoing.body
        assert "多少" not in operator.chat[-1].outgoing.body
    else:
        assert hears in operator.chat[-1].outgoing.body
        assert "多少" in operator.chat[-1].outgoing.body


async def test_more_pieces_than_another_lot_has_are_said_when_the_lot_is_changed(house: MemoryHouse) -> None:
    """The lot that is named later is held to the pieces that stand already; the answers stay."""
    operator = await house.joins("coater_operator")
    root = system(house.plant.id)
    small = lots.NewLot(
        number="CT-S",
        product="SCREW-35",
        quantity=Decimal(5),
        unit="pcs",
        made_at=clock.now(),
        organisation_id=house.plant.partners["supplier"],
    )
    await lots.record_lots(root, [small])
    await answer_report_until_photos(operator)
    await operator.photographs(photo())
    await operator.says("完成")
    await operator.taps("修改")
    await operator.taps("哪个批次？")
    await operator.says("CT-S")
    operator.sees("批 CT-S 共 5 件")
    await operator.says("CT-001")
    await operator.says("确认")
    assert (await Anomaly.get(lot_number="CT-001")).quantity == 12


async def test_a_correction_of_the_pieces_is_held_to_the_lot(house: MemoryHouse) -> None:
    """Told at the question, not at the end."""
    operator = await house.joins("coater_operator")
    await answer_report_until_photos(operator)
    await operator.photographs(photo())
    for said in ("完成", "确认"):
        await operator.says(said)
    owner = await house.joins("responsible")
    case = await Anomaly.get(lot_number="CT-001")
    await owner.says(case.number)
    owner.sees("何军 · 晨光涂层")
    await owner.taps("✅ 收到")
    await owner.taps("补充信息")
    await owner.taps("多少件有问题？")
    await owner.says("1200")
    owner.sees("批 CT-001 共 1000 件")
    await owner.says("120")
    for said in ("跳过", "复核后更正", "确认"):
        await owner.says(said)
    assert (await Anomaly.get(lot_number="CT-001")).quantity == 120


async def test_an_unknown_lot_offers_the_nearest_names(house: MemoryHouse) -> None:
    """A slip of the thumb is answered with what was probably meant."""
    operator = await house.joins("coater_operator")
    await operator.says("/report")
    await operator.says("工艺偏离")
    await operator.says("参数超限")
    await operator.says("CT-O01")
    asked = operator.chat[-1].outgoing
    assert asked.body.startswith("⚠")
    offered = [one.text for row in asked.buttons for one in row]
    assert "CT-001" in offered
    assert "MC-001" not in offered, "what was used last gives way to what looks alike"
    await operator.taps("CT-001")
    assert "4/" in operator.chat[-1].outgoing.head, "one tap and the next question is there"


async def test_text_where_a_photo_is_due_and_a_photo_where_text_is_due(house: MemoryHouse) -> None:
    """Both directions are explained; a damaged picture is refused and the question stands."""
    operator = await house.joins("coater_operator")
    await operator.says("/report")
    await operator.photographs(photo())
    operator.sees(_("Words are needed here, not a file. Please type your answer or choose a button."))
    await operator.says("/cancel")
    await answer_report_until_photos(operator)
    await operator.says("没有照片")
    operator.sees("这里需要照片")
    for sent, hears in (
        (photo()[:2000], "损坏"),
        (b"%PDF-1.7 a report", "这不是照片"),
        ("只是文字".encode(), "这不是照片"),
    ):
        await operator.photographs(sent)
        assert operator.chat[-1].button(_("Done ✓")) is None
        assert operator.chat[-1].outgoing.body.startswith("⚠")
        assert hears in operator.chat[-1].outgoing.body


async def answer_report_until_photos(operator: Someone) -> None:
    """Everything but the photos."""
    typed = {
        "多少": "12",
        "哪里": "涂层二线",
        "参数": "厚度 18",
        "说明": "剥落",
        "批次": "CT-001",
        "什么时候": "刚刚",
        "来自": "涂层",
        "环节发现": "收货",
    }
    await operator.says("/report")
    await operator.says("工艺偏离")
    for _step in range(20):
        body = operator.chat[-1].outgoing.body
        if "拍照" in body:
            return
        buttons = [one for row in operator.chat[-1].outgoing.buttons for one in row]
        said = next((value for key, value in typed.items() if key in body), None)
        await operator.says(said if said is not None else buttons[0].text)
    raise AssertionError(operator.transcript())


async def test_a_moment_in_the_future_is_refused(house: MemoryHouse) -> None:
    """A finding has happened."""
    operator = await house.joins("coater_operator")
    await operator.says("/report")
    for said in ("工艺偏离", "参数超限", "CT-001", "12"):
        await operator.says(said)
    assert "什么时候" in operator.chat[-1].outgoing.body
    await operator.says("2099-01-01 10:00")
    assert "将来" in operator.chat[-1].outgoing.body
    await operator.says("从前有一天")
    assert "看不懂时间" in operator.chat[-1].outgoing.body


@pytest.mark.req("P-10h")
async def test_forged_foreign_and_expired_buttons_do_nothing(house: MemoryHouse) -> None:
    """A button is its owner's, of this house, for two weeks."""
    operator = await house.joins("coater_operator")
    other = await house.joins("responsible")
    await operator.says("/start")
    button = operator.chat[-1].button("上报")
    assert button is not None
    await house.messenger.arrives(other.account, Came.BUTTON, data=button.data)
    await house.settle()
    other.sees("不属于您")
    await house.messenger.arrives(operator.account, Came.BUTTON, data=button.data[:-3] + "AAA")
    await house.settle()
    operator.sees("不属于您")
    await house.messenger.arrives(operator.account, Came.BUTTON, data="ÿ-no-base64")
    await house.settle()
    clock.shift(dt.timedelta(days=15))
    await operator.taps("上报")
    operator.sees("按钮已过期")


async def test_two_people_acknowledge_at_once_and_one_owns_it(house: MemoryHouse) -> None:
    """The second learns who was faster."""
    operator = await house.joins("coater_operator")
    first, second = await house.joins("responsible"), await house.joins("supervisor")
    await answer_report(InMemory(operator, house.plant), "zh_CN")
    await operator.taps(_("Confirm ✓"))
    await house.fast_forward(dt.timedelta(minutes=16))
    one, two = (
        next(s.button("收到") for s in reversed(who.chat) if s.button("收到")) for who in (first, second)
    )
    await house.messenger.arrives(first.account, Came.BUTTON, data=one.data)
    await house.messenger.arrives(second.account, Came.BUTTON, data=two.data)
    await house.settle()
    row = await Anomaly.get()
    assert row.state == "collecting"
    winner, loser = (first, second) if row.owner_id == house.plant.persons["responsible"] else (second, first)
    loser.sees("受理")
    assert winner.name != loser.name


async def test_the_same_update_three_times_has_one_effect(house: MemoryHouse) -> None:
    """What a messenger repeats is recognised by its id."""
    operator = await house.joins("coater_operator")
    await answer_report(InMemory(operator, house.plant), "zh_CN")
    confirm = operator.chat[-1].button(_("Confirm ✓"))
    assert confirm is not None
    from core.inbox import Arrived

    raw = {"update_id": "777", "account": operator.account, "came": "button", "data": confirm.data}
    for _time in range(3):
        await house.gateway.intake("telegram")(
            [Arrived(update_id="777", chat_ref=operator.account, raw=raw)], None
        )
        await house.settle()
    assert await Anomaly.all().count() == 1


async def test_ten_thousand_characters_and_hidden_ones(house: MemoryHouse) -> None:
    """Too long is refused with the limit; right-to-left text stays, zero-width and override marks go."""
    operator = await house.joins("coater_operator")
    await operator.says("/report")
    await operator.says("字" * 10_000)
    assert operator.chat[-1].outgoing.body.startswith("⚠")
    await operator.says("/cancel")
    operator.sees("什么都没有记录")
    await operator.says("/cancel")
    operator.sees("没有进行中的操作")


async def test_cancel_back_and_a_changed_mind_always_work(house: MemoryHouse) -> None:
    """/back asks the question before again; any answer can be changed from the summary."""
    operator = await house.joins("coater_operator")
    await operator.says("/report")
    await operator.says("工艺偏离")
    first = operator.chat[-1].outgoing.body
    await operator.says("参数超限")
    await operator.says("/back")
    assert operator.chat[-1].outgoing.body == first
    await operator.says("/cancel")
    await answer_report(InMemory(operator, house.plant), "zh_CN")
    await operator.taps(_("Change"))
    await operator.taps("多少")
    await operator.says("34")
    operator.sees("34")
    await operator.taps(_("Confirm ✓"))
    assert str((await Anomaly.get()).quantity.normalize()) == "34"


async def test_a_restart_in_the_middle_asks_nothing_twice(house: MemoryHouse) -> None:
    """A fresh house over the same database goes on where the old one stopped."""
    operator = await house.joins("coater_operator")
    await operator.says("/report")
    await operator.says("工艺偏离")
    await operator.says("参数超限")
    asked = operator.chat[-1].outgoing.body
    reborn = MemoryHouse(house.plant, messenger=house.messenger)
    await reborn.start()
    operator.house = reborn
    await operator.says("/start")
    button = operator.chat[-1].button("继续")
    assert button is not None, "the key is fresh in this test, so the button comes from the new house"
    await operator.taps("继续")
    assert operator.chat[-1].outgoing.body == asked


async def test_a_stranger_to_a_case_sees_nothing_of_it(house: MemoryHouse) -> None:
    """Another partner's person does not even learn that the number exists."""
    operator = await house.joins("coater_operator")
    carrier = await house.joins("carrier")
    await answer_report(InMemory(operator, house.plant), "zh_CN")
    await operator.taps(_("Confirm ✓"))
    number = (await Anomaly.get()).number
    await carrier.says(number)
    carrier.sees("没有找到")
    await carrier.says("CT-001")
    assert "涂层二线" not in carrier.chat[-1].text
    assert (await anomalies.get(await house.plant.actor("manager"), number)).number == number
