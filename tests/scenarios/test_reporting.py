"""上报异常: every category, every refusal, albums, second thoughts, restarts, both languages."""

from __future__ import annotations

import pytest

from core.sop.terms import CATEGORIES
from handlers.chat.vocabulary import Came
from tests.scenarios.beginnings import number_on, reports
from tests.scenarios.conftest import Begin
from tests.scenarios.device import Device
from tests.scenarios.pictures import photo

KINDS = {one.code: [each.label["zh"] for each in one.subcodes] for one in CATEGORIES}
OWNED = "新异常"


@pytest.mark.parametrize("category", [one.code for one in CATEGORIES])
async def test_each_category_is_reported_by_its_own_questions(begin: Begin, category: str) -> None:
    """The responsible person's phone rings with what was answered."""
    scene = await begin("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await reports(operator, category).expects("已记录 AN-2026-000001", "已通知责任人", offers="查看案例")
    await owner.expects(OWNED, "AN-2026-000001", offers="✅ 收到", pictures=1)
    assert (await scene.case("AN-2026-000001")).category == category


async def up_to(operator: Device, question: str) -> None:
    """A report of a process deviation, answered as far as this question."""
    asked = [
        ("具体是哪一种", "taps", "参数超限"),
        ("哪个批次", "says", "CT-001"),
        ("多少件有问题", "says", "12"),
        ("什么时候发现的", "taps", "刚刚"),
        ("在哪里", "says", "涂层二线"),
        ("来自哪个环节", "taps", "涂层"),
        ("在哪个环节发现的", "taps", "收货"),
        ("怎么发现的", "taps", "目视发现"),
        ("哪个参数或工序", "says", "厚度 18 μm"),
        ("是否涉及下列情况", "taps", "以上都没有"),
        ("用一两句话说明", "says", "表面剥落"),
    ]
    going = operator.says("/report").expects("是哪类问题").taps("工艺偏离")
    for words, does, answer in asked:
        if words == question:
            break
        going = going.expects(words)
        going = going.taps(answer) if does == "taps" else going.says(answer)
    await going.expects(question)


@pytest.mark.parametrize(
    ("question", "said", "refusal"),
    [
        ("具体是哪一种", "别的", "请点其中一个按钮"),
        ("哪个批次", "ZZ-999-999", "没有找到批号"),
        ("哪个批次", "CT-01", "您要找的是 CT-001 吗"),
        ("多少件有问题", "很多", "“很多”不是数量"),
        ("多少件有问题", "0", "数量必须大于零"),
        ("多少件有问题", "-3", "数量"),
        ("什么时候发现的", "上周某天", "看不懂时间"),
        ("什么时候发现的", "2026-02-30 10:00", "看不懂时间"),
        ("什么时候发现的", "2027-01-01 10:00", "这个时间在将来"),
        ("什么时候发现的", "2024-01-01 10:00", "那是一年多以前了"),
        ("在哪里", "地" * 81, "请控制在 80 字以内"),
        ("在哪里", "\u200b\u200b", "请写点内容"),
        ("来自哪个环节", "食堂", "请点其中一个按钮"),
        ("哪个参数或工序", "长" * 201, "请控制在 200 字以内"),
        ("是否涉及下列情况", "不知道", "请点其中一个按钮"),
        ("用一两句话说明", "长" * 2001, "请控制在 2000 字以内"),
        ("用一两句话说明", "长" * 4001, "一条消息最多 4000 个字"),
        ("请拍照", "没有照片", "这里需要照片，不是文字"),
    ],
)
async def test_a_wrong_answer_is_refused_with_a_reason_and_the_question_stands(
    begin: Begin, question: str, said: str, refusal: str
) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, question)
    await operator.says(said).expects("⚠", refusal, question)


@pytest.mark.parametrize(
    ("came", "refusal"),
    [(Came.OTHER, "这里需要文字"), (Came.LOCATION, "这里需要文字"), (Came.PHOTO, "这里需要文字，不是文件")],
)
async def test_what_is_no_text_answers_no_question(begin: Begin, came: Came, refusal: str) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "在哪里")
    await operator.sends(came, photo() if came is Came.PHOTO else None).expects("⚠", refusal, "在哪里")
    await operator.says("涂层二线").expects("来自哪个环节")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", "这个文件是空的"),
        (b"\xff\xd8\xff\xe0 not a picture", "图片传输中损坏"),
        (b"MZ" + b"\x00" * 200, "这不是照片"),
    ],
)
async def test_what_is_no_picture_is_not_kept_as_one(begin: Begin, data: bytes, refusal: str) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "请拍照")
    await operator.sends(Came.PHOTO, data).expects("⚠", refusal)
    assert not scene.blobs.kept


async def test_an_album_is_one_answer(begin: Begin) -> None:
    """Four photos that arrive one by one are counted once, together; a fifth may follow."""
    scene = await begin("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await up_to(operator, "请拍照")
    await operator.photographs("red", "green", "blue", "white").expects("已收到 4 张照片", offers="完成 ✓")
    await operator.photographs("gold").expects("已收到 5 张照片").taps("完成 ✓").expects("请核对", "5 张照片")
    await operator.taps("确认 ✓").expects("已记录")
    await owner.expects(OWNED, pictures=1)
    assert len((await scene.case(number_on(operator))).evidence_ids) == 5


async def test_nine_photos_are_the_most(begin: Begin) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "请拍照")
    colours = ("red", "green", "blue", "white", "gold", "pink", "gray", "navy", "tan", "teal")
    await operator.photographs(*colours).expects("一次最多 9 张照片").expects("已收到 9 张照片")
    await operator.taps("完成 ✓").expects("请核对", "9 张照片")


async def test_done_without_a_photo_is_not_offered_and_not_taken(begin: Begin) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "请拍照")
    await operator.says("完成").expects("⚠", "至少需要 1 张照片", lacks="完成 ✓")


async def test_an_answer_is_changed_from_the_summary(begin: Begin) -> None:
    """Change → which → anew → back at the summary; the case has the new answer."""
    scene = await begin("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await reports(operator, confirm=False)
    await operator.taps("修改").expects("要修改哪一项").taps("多少件有问题").expects("多少件有问题")
    await operator.says("40").expects("请核对", "40").taps("确认 ✓").expects("已记录")
    await owner.expects(OWNED, "40 件")


async def test_one_question_back_and_another_answer(begin: Begin) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "什么时候发现的")
    await operator.taps("◀ 返回").expects("多少件有问题").says("15").expects("什么时候发现的")
    await operator.says("/back").expects("多少件有问题").says("返回").expects("哪个批次")


async def test_at_the_first_question_there_is_no_way_back(begin: Begin) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await (
        operator.says("上报异常")
        .expects("是哪类问题", lacks="◀ 返回")
        .says("/back")
        .expects("这已是第一题", "是哪类问题")
    )


@pytest.mark.parametrize("word", ["/cancel", "取消"])
async def test_a_report_is_stopped_and_nothing_is_recorded(begin: Begin, word: str) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "在哪里")
    await operator.says(word).expects("已停止，什么都没有记录")
    await operator.says(word).expects("没有进行中的操作")


async def test_a_button_of_a_stopped_report_says_so(begin: Begin) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "具体是哪一种")
    await operator.taps("取消").expects("已停止").taps("参数超限").expects("这个对话已结束")


async def test_a_button_of_an_earlier_question_shows_the_present_one(begin: Begin) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "多少件有问题")
    await operator.taps("参数超限").expects("那个按钮属于前面的问题", "多少件有问题")


async def test_the_process_dies_in_the_middle_of_a_report(begin_on_both: Begin) -> None:
    """Nothing is asked twice: the next answer finds its question."""
    scene = await begin_on_both("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await up_to(operator, "多少件有问题")
    await scene.restarts()
    await operator.says("12").expects("什么时候发现的")
    await scene.restarts()
    await operator.taps("刚刚").expects("在哪里").says("涂层二线").expects("来自哪个环节").taps("涂层")
    await operator.expects("在哪个环节发现的").taps("收货").expects("怎么发现的").taps("目视发现")
    await (
        operator.expects("哪个参数").says("厚度").expects("是否涉及").taps("以上都没有").expects("用一两句话")
    )
    await operator.says("剥落").expects("请拍照").photographs("red").expects("已收到 1 张")
    await scene.restarts()
    await operator.taps("完成 ✓").expects("请核对").taps("确认 ✓").expects("已记录 AN-2026-000001")
    await owner.expects(OWNED)


async def test_an_album_torn_by_a_restart_is_one_report(begin: Begin) -> None:
    """Ten photos, the process dies after the fourth: one report, with the nine that one may have."""
    scene = await begin("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await up_to(operator, "请拍照")
    await operator.photographs("red", "green", "blue", "white").expects("已收到 4 张照片")
    await scene.restarts()
    await operator.photographs("gold", "pink", "gray", "navy", "tan", "teal").expects("一次最多 9 张照片")
    await operator.expects("已收到 9 张照片").taps("完成 ✓").expects("请核对", "9 张照片")
    await operator.taps("确认 ✓").expects("已记录 AN-2026-000001")
    await owner.expects(OWNED, pictures=1)
    assert len((await scene.case("AN-2026-000001")).evidence_ids) == 9


async def test_what_was_begun_is_taken_up_again_from_the_menu(begin: Begin) -> None:
    scene = await begin("there")
    operator = scene.device("coater_operator")
    await up_to(operator, "在哪里")
    await scene.later(hours=2)
    await (
        operator.says("/start")
        .expects("想做什么", offers="▶ 继续刚才的操作")
        .taps("▶ 继续刚才的操作")
        .expects("在哪里")
    )


async def test_what_was_used_last_is_offered_next_time(begin: Begin) -> None:
    """The lot and the place of the first report are buttons of the second."""
    scene = await begin("reported C")
    operator = scene.device("coater_operator")
    going = (
        operator.says("/report")
        .expects("是哪类问题")
        .taps("工艺偏离")
        .expects("具体是哪一种")
        .taps("参数超限")
    )
    going = (
        going.expects("哪个批次", offers="CT-001")
        .taps("CT-001")
        .expects("多少件")
        .says("5")
        .expects("什么时候")
    )
    await going.taps("半小时前").expects("在哪里", offers="涂层二线").taps("涂层二线").expects("来自哪个环节")


async def test_two_people_report_at_once_and_each_gets_their_own_number(begin: Begin) -> None:
    """Question by question side by side; neither chat sees the other's."""
    scene = await begin("there")
    first, second, owner = scene.devices("coater_operator", "operator", "responsible")
    await reports(first, confirm=False)
    await reports(second, "K", confirm=False)
    await first.taps("确认 ✓").expects("已记录 AN-2026-000001")
    await owner.expects(OWNED, "工艺偏离")
    await second.taps("确认 ✓").expects("已记录 AN-2026-000002")
    await owner.expects(OWNED, "包装标签错位")


async def test_confirming_twice_records_once(begin: Begin) -> None:
    scene = await begin("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await reports(operator, confirm=False)
    await operator.taps_twice("确认 ✓").expects("已记录 AN-2026-000001").expects("这个对话已结束")
    await owner.expects(OWNED)


async def test_a_report_in_english_is_read_in_chinese(begin: Begin) -> None:
    """Each reads their own language."""
    scene = await begin("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await (
        operator.says("/start")
        .expects("想做什么")
        .taps("中文 / English")
        .expects("What would you like to do?")
    )
    going = (
        operator.says("report")
        .expects("What is it about?")
        .taps("Process deviation")
        .expects("Which kind exactly")
    )
    going = (
        going.says("wrong answer")
        .expects("⚠ Please choose one of the buttons.")
        .taps("Parameter out of limits")
    )
    going = (
        going.expects("Which lot?")
        .says("CT-001")
        .expects("How many pieces")
        .says("twelve")
        .expects("is not a quantity")
    )
    going = going.says("12").expects("When was it found").taps("Just now").expects("Where?").says("line 2")
    going = (
        going.expects("Which stage did it come from")
        .taps("Coating")
        .expects("At which stage")
        .taps("Receipt")
    )
    going = going.expects("How was it found").taps("Seen by eye").expects("Which parameter").says("18 μm")
    going = (
        going.expects("Does any of these apply").taps("None of these").expects("Describe it").says("flaking")
    )
    going = going.expects("Take photos").photographs("red").expects("Photos received: 1").taps("Done ✓")
    await going.expects("Please check").taps("Confirm ✓").expects("AN-2026-000001 is recorded")
    await owner.expects("新异常 AN-2026-000001", "工艺偏离", offers="✅ 收到")
    await owner.taps("✅ 收到").expects("由您负责了").expects("AN-2026-000001")
    await operator.expects("Your report AN-2026-000001 was taken up by 王芳.")


async def test_a_photo_before_the_question_learns_the_way(begin: Begin) -> None:
    scene = await begin("there")
    await scene.device("operator").photographs("red").expects("请先点“上报异常”")


async def test_a_report_is_withdrawn_before_anybody_took_it_up(begin: Begin) -> None:
    scene = await begin("reported C")
    operator, owner = scene.devices("coater_operator", "responsible")
    await (
        operator.taps("查看案例")
        .expects(scene.number, offers="撤回上报")
        .taps("撤回上报")
        .expects("理由是什么")
    )
    await operator.says("看错了").expects("请核对").taps("确认 ✓").expects("已撤回，记录仍保留")
    await owner.expects("已结束：此处无需再处理", changed=True)
    assert (await scene.case()).state == "cancelled"
    await scene.later(hours=12)


async def test_a_report_is_judged_to_be_no_anomaly(begin: Begin) -> None:
    scene = await begin("taken C")
    operator, owner = scene.devices("coater_operator", "responsible")
    await owner.taps("不是异常").expects("为什么不是异常").says("允许的色差").expects("请核对").taps("确认 ✓")
    await owner.expects("已判定为非异常")
    await operator.expects("判定为非异常：允许的色差")
    await scene.later(days=2)


async def test_a_photo_that_was_used_before_is_marked(begin: Begin) -> None:
    """The same bytes in a second case: whoever works on it is told."""
    scene = await begin("reported C")
    operator, owner = scene.devices("operator", "responsible")
    await reports(operator).expects("已记录 AN-2026-000002")
    await owner.expects(OWNED, "照片曾用于: AN-2026-000001")
