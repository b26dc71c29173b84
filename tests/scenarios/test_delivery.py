"""投递: another channel when one fails, limits kept, quiet hours, digests, the newest instead of all, the grave first."""

from __future__ import annotations

import datetime as dt

import pytest

from core import notices
from core.kit import system, unit_of_work
from core.notices import Priority
from handlers.chat.talk import REPLY
from handlers.chat.vocabulary import Outgoing
from tests.scenarios.beginnings import RISK, quickly_reported, reports
from tests.scenarios.conftest import Begin
from tests.scenarios.pocket import FLOOD, LOST, REFUSED
from tests.scenarios.scene import Scene


async def chatter(scene: Scene, name: str, count: int, *, priority: Priority = Priority.INFO) -> None:
    """So many small messages wait for one chat."""
    phone = scene.phones[name]
    async with unit_of_work():
        for number in range(count):
            await notices.tell(
                system(scene.plant.id),
                REPLY,
                channel=phone.messenger.channel,
                chat_ref=phone.account,
                facts={"reader": scene.plant.persons[phone.name]},
                payload=Outgoing(body=f"消息 {number + 1}").to_payload(),
                priority=priority,
            )


async def test_who_blocked_the_bot_is_reached_by_the_next_channel_within_five_seconds(
    begin_on_both: Begin,
) -> None:
    scene = await begin_on_both("there")
    owner = scene.device("responsible")
    wecom = await scene.joins("responsible", "wecom")
    await owner.blocks_the_bot()
    reported = scene.time.now
    await quickly_reported(scene, "A")
    await wecom.expects("新异常", offers="✅ 收到")
    [post] = [one for one in wecom.phone.messenger.posts[wecom.phone.account] if "新异常" in one.text]
    assert post.at - reported <= dt.timedelta(seconds=5)


async def test_who_is_reached_by_nothing_any_more_is_told_to_the_administrator_once_a_day(
    begin: Begin,
) -> None:
    scene = await begin("there")
    await scene.device("responsible").blocks_the_bot()
    await quickly_reported(scene, "A")
    await scene.device("administrator").expects("已没有任何消息渠道能联系到 王芳")
    await quickly_reported(scene, "A", lot="MC-001", by="operator")
    await scene.device("administrator").expects_nothing()
    await scene.later(minutes=16)
    await (
        scene.device("supervisor")
        .expects("AN-2026-000001", "（第 2 层）")
        .expects("AN-2026-000002", "（第 2 层）")
    )


async def test_an_answer_in_the_other_channel_counts(begin: Begin) -> None:
    """The alert came by Telegram; she opens the case in WeCom and takes it up there: the alert changes."""
    scene = await begin("reported A")
    owner = scene.device("responsible")
    wecom = await scene.joins("responsible", "wecom")
    await (
        wecom.says(scene.number)
        .expects(scene.number)
        .taps("✅ 收到")
        .expects("由您负责了")
        .expects(scene.number)
    )
    await scene.device("coater_operator").expects("已由 王芳 受理")
    await owner.taps("✅ 收到").clears()
    await scene.later(minutes=20)


@pytest.mark.parametrize("failures", [1, 3])
async def test_a_line_that_fails_for_a_moment_delays_but_loses_nothing(begin: Begin, failures: int) -> None:
    """Each message is tried again, a little later each time, and comes once."""
    scene = await begin("there")
    owner = scene.device("responsible")
    owner.phone.messenger.bad[owner.phone.account].extend([LOST] * failures)
    await quickly_reported(scene, "A")
    await scene.later_with_unread(seconds=30)
    await owner.expects("新异常")


async def test_a_line_that_stays_down_gives_way_to_the_next_channel(begin: Begin) -> None:
    scene = await begin("there")
    owner = scene.device("responsible")
    wecom = await scene.joins("responsible", "wecom")
    owner.phone.messenger.bad[owner.phone.account].extend([LOST] * 50)
    await quickly_reported(scene, "B")
    await scene.later(minutes=30)
    await wecom.expects("新异常")


async def test_a_messenger_that_asks_for_a_pause_gets_it(begin: Begin) -> None:
    """429 with seven seconds: not a try before, everything after, in order."""
    scene = await begin("there")
    owner = scene.device("responsible")
    messenger = owner.phone.messenger
    messenger.bad[owner.phone.account].append(FLOOD)
    await quickly_reported(scene, "A")
    tried = [at for at, chat, _n in messenger.sends if chat == owner.phone.account]
    await scene.later(seconds=4)
    await owner.expects("新异常")
    again = [at for at, chat, _n in messenger.sends if chat == owner.phone.account][len(tried) :]
    assert again[0] - tried[-1] >= dt.timedelta(seconds=7)


async def test_what_nobody_knows_to_have_arrived_comes_again_and_says_so(begin: Begin) -> None:
    """The connection broke after the message: it comes once more, marked as a repeat."""
    scene = await begin("there")
    owner = scene.device("responsible")
    owner.phone.messenger.unclear.add(owner.phone.account)
    await quickly_reported(scene, "A")
    await owner.expects("新异常", lacks="重发")
    await scene.later(seconds=30)
    await owner.expects("新异常", "↻ 重发：您可能已收到过")
    await scene.later(minutes=10)


async def test_what_the_messenger_does_not_take_is_given_up_and_the_alert_climbs(begin: Begin) -> None:
    scene = await begin("there")
    owner = scene.device("responsible")
    owner.phone.messenger.bad[owner.phone.account].append(REFUSED)
    await quickly_reported(scene, "A")
    assert (await notices.depth())["failed-permanent"] == 1
    await scene.device("administrator").expects("⚠ 发给 王芳 的一条消息未能发出", "已放弃")
    await scene.later(minutes=15, seconds=5)
    await scene.device("supervisor").expects("（第 2 层）")


async def test_forty_messages_keep_the_limit_of_the_chat(begin: Begin) -> None:
    """Not more than four in any four seconds; the scenario's end checks every window."""
    scene = await begin("there")
    await chatter(scene, "manager", 40)
    await scene.later(seconds=30)
    early = len(scene.phones["manager"].unread())
    assert early < 40
    await scene.later_with_unread(minutes=1)
    await scene.device("manager").clears(40)


async def test_wecom_s_limit_is_kept_too(begin: Begin) -> None:
    scene = await begin("there")
    await scene.joins("manager", "wecom")
    await chatter(scene, "manager on wecom", 60)
    await scene.later(minutes=2)
    assert len(scene.phones["manager on wecom"].unread()) < 60
    await scene.later_with_unread(minutes=2)
    await scene.device("manager on wecom").clears(60)


async def test_a_critical_alert_overtakes_a_thousand_small_messages(begin_on_both: Begin) -> None:
    """Within three seconds, in the very chat that is full."""
    scene = await begin_on_both("there")
    owner = scene.device("responsible")
    await chatter(scene, "responsible", 1000)
    await scene.passes(dt.timedelta(seconds=20))
    reported = scene.time.now
    await quickly_reported(scene, "A")
    [alert] = [one for one in owner.phone.unread() if "新异常" in one.text]
    assert alert.at - reported <= dt.timedelta(seconds=3)
    await owner.clears()
    async with unit_of_work():
        await notices.models.Notice.filter(state="pending").update(state="superseded")


async def test_the_newest_state_of_a_message_replaces_what_was_not_shown_yet(begin: Begin) -> None:
    """Three changes while the line is down are one change when it is up again."""
    scene = await begin("reported A")
    owner, supervisor, operator = scene.devices("responsible", "supervisor", "coater_operator")
    await scene.later(minutes=15, seconds=5)
    await supervisor.expects("（第 2 层）").taps("✅ 收到").expects("由您负责了").expects(scene.number)
    await operator.expects("已由 李强 受理")
    await owner.expects("已有人处理：李强", changed=True)
    assert owner.phone.chat[-1].edits == 1


QUIET = "🌙 免打扰：22:00–06:00"


async def test_quiet_hours_hold_what_can_wait(begin: Begin) -> None:
    """At night a grade B alert waits until six; the card says how the person is told."""
    scene = await begin("there")
    owner = scene.device("responsible")
    await owner.says("/notify").expects("通知设置", offers=QUIET).taps(QUIET).expects("22:00–06:00")
    await scene.until("23:00")
    await quickly_reported(scene, "B")
    await owner.expects_nothing()
    await scene.until("2026-09-08 05:50")
    await scene.device("supervisor").clears()
    await scene.device("manager").clears()
    await scene.until("2026-09-08 06:01")
    await owner.expects("新异常")


async def test_grade_a_knows_no_quiet_hours(begin: Begin) -> None:
    scene = await begin("there")
    owner = scene.device("responsible")
    await owner.says("免打扰").expects("通知设置").taps(QUIET).expects("22:00–06:00")
    await scene.until("23:00")
    await quickly_reported(scene, "A")
    await owner.expects("新异常", "A 严重")


async def test_an_answer_to_what_was_just_said_is_never_held(begin: Begin) -> None:
    scene = await begin("there")
    owner = scene.device("responsible")
    await owner.says("/notify").expects("通知设置").taps(QUIET).expects("22:00–06:00")
    await scene.until("23:30")
    await owner.says("/start").expects("想做什么")


async def test_each_grade_may_have_its_own_first_channel(begin: Begin) -> None:
    """Grade A first by WeCom, everything else by Telegram."""
    scene = await begin("there")
    owner = scene.device("responsible")
    wecom = await scene.joins("responsible", "wecom")
    await owner.says("/notify").expects("通知设置", offers="🔴 A 级首选").taps("🔴 A 级首选：Telegram")
    await owner.expects("A 级: Telegram").taps("🔴 A 级首选：企业微信").expects("A 级: 企业微信")
    await quickly_reported(scene, "A")
    await wecom.expects("新异常", "AN-2026-000001")
    await quickly_reported(scene, "C", lot="MC-002", by="operator")
    await owner.expects("新异常", "AN-2026-000002")


async def test_no_sign_of_arrival_sends_a_copy_by_the_next_channel(begin: Begin) -> None:
    """The person asked for it: after five minutes without a tap the alert comes on WeCom too."""
    scene = await begin("there")
    owner = scene.device("responsible")
    wecom = await scene.joins("responsible", "wecom")
    await owner.says("/notify").expects("通知设置").taps("🔴 转下一渠道：5 分钟").expects("5 分钟")
    await quickly_reported(scene, "A")
    await owner.expects("新异常")
    await scene.later(minutes=4)
    await scene.later(minutes=2)
    await wecom.expects("新异常", offers="✅ 收到")
    await wecom.taps("✅ 收到").expects("由您负责了").expects("AN-2026-000001")
    await scene.device("coater_operator").expects("已由 王芳 受理")


async def test_a_tap_is_a_proof_and_no_copy_follows(begin: Begin) -> None:
    scene = await begin("there")
    owner = scene.device("responsible")
    await scene.joins("responsible", "wecom")
    await owner.says("/notify").expects("通知设置").taps("🔴 转下一渠道：5 分钟").expects("5 分钟")
    await quickly_reported(scene, "A")
    await owner.expects("新异常").taps("🗺 影响清单").expects("的影响范围", pictures=1)
    await scene.later(minutes=10)


async def test_the_day_s_digest_comes_once_at_its_own_minute(begin: Begin) -> None:
    """Turned on in the chat; between 08:03 and 08:27, never on the full or half hour."""
    scene = await begin("reported B")
    owner, operator = scene.devices("responsible", "coater_operator")
    await owner.taps("✅ 收到").expects("由您负责了").expects(scene.number)
    await operator.expects("已由 王芳 受理")
    await (
        owner.says("/notify")
        .expects("通知设置", offers="🗞 每日摘要：开")
        .taps("🗞 每日摘要：开")
        .expects("每日摘要: 开")
    )
    await scene.until("2026-09-08 08:02")
    await scene.until("2026-09-08 08:28")
    await owner.expects("今日摘要 2026-09-08", scene.number, offers="📋 我的待办")
    await scene.until("2026-09-08 09:00")


async def test_each_person_reads_their_own_language(begin: Begin) -> None:
    scene = await begin("there")
    operator, owner, supervisor = scene.devices("coater_operator", "responsible", "supervisor")
    await (
        owner.says("/notify").expects("通知设置").taps("中文 / English").expects("What would you like to do?")
    )
    await reports(operator, risk=RISK["A"]).expects("已记录")
    await owner.expects("New anomaly AN-2026-000001", offers="✅ Acknowledge")
    await scene.later(minutes=15, seconds=5)
    await supervisor.expects("无人确认，升级到您")
    await owner.taps("✅ Acknowledge").expects("is yours now").expects("AN-2026-000001")
    await operator.expects("已由 王芳 受理")
    await supervisor.expects("已有人处理：王芳", changed=True)


async def test_a_message_nobody_wants_any_more_is_not_sent(begin: Begin) -> None:
    """The line was down while somebody took the case up: the alert does not come late."""
    scene = await begin("reported A")
    owner, supervisor, operator = scene.devices("responsible", "supervisor", "coater_operator")
    supervisor.phone.messenger.bad[supervisor.phone.account].extend([LOST] * 4)
    await scene.later(minutes=15, seconds=3)
    await owner.taps("✅ 收到").expects("由您负责了").expects(scene.number)
    await operator.expects("已由 王芳 受理")
    await scene.later(minutes=5)
    await supervisor.expects_nothing()


async def test_a_sender_that_died_with_a_message_in_hand_loses_nothing(begin_on_both: Begin) -> None:
    """Its lease ends after half a minute; another takes it up and says that it may have come before."""
    scene = await begin_on_both("there")
    owner = scene.device("responsible")
    actor = system(scene.plant.id)
    async with unit_of_work():
        await notices.tell(
            actor,
            REPLY,
            channel="telegram",
            chat_ref=owner.phone.account,
            payload=Outgoing(body="在手").to_payload(),
        )
    await notices.claim()
    await scene.restarts()
    await scene.later(seconds=25)
    await scene.later(seconds=10)
    await owner.expects("在手", "↻")
