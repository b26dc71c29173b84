"""What goes out: pictures, words and cards; the truth about what became of them; the same notice twice is once."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.adapters.wecom import answers
from core import wires
from core.kit.keys import KeyRing
from core.notices import Outcome
from handlers.chat.vocabulary import Button, FetchFailed, Media, Outgoing, Picture
from tests.bot.adapters.wecom.conftest import Line, messenger_for
from tests.core.capa.test_whole_story import photo
from tests.servers.wecom import WeComServer
from tests.servers.wecom_screen import Shown

ME = "zhangsan"
PHOTO = photo()
SAID = Outgoing(body="已记录。")


def alert(words: str = "镀层脱落", *, pictures: int = 0, stamp: str = "") -> Outgoing:
    return Outgoing(
        head="AN-2026-000123",
        body=words,
        facts=(("等级", "主要"),),
        pictures=tuple(Picture(source=f"evidence:{number}", alt="screw") for number in range(pictures)),
        buttons=((Button(text="确认", data="a" * 44), Button(text="转交", data="b" * 44)),),
        stamp=stamp,
    )


def loaded(count: int) -> dict[str, bytes]:
    return {f"evidence:{number}": PHOTO for number in range(count)}


def heard(line: Line) -> list[Shown]:
    return [one for one in line.member.chat if one.from_app]


async def test_a_card_is_shown_tapped_and_changed_by_the_codes_it_has(line: Line) -> None:
    """The code of the send and the code of the tap: two changes in place, then a new message for the old one."""
    sent = await line.messenger.send(ME, alert(stamp="7"), {})
    assert (sent.outcome, len(heard(line))) == (Outcome.SENT, 1)
    await line.member.taps("确认")
    tapped = await line.last(1)
    assert tapped.data == "a" * 44
    await line.messenger.acknowledge(tapped)
    for words in ("已由张三确认", "已围堵"):
        edited = await line.messenger.edit(ME, sent.message_ref or {}, alert(words))
        assert (edited.outcome, edited.message_ref) == (Outcome.SENT, sent.message_ref)
        [only] = heard(line)
        assert words in only.words
    third = await line.messenger.edit(ME, sent.message_ref or {}, alert("已关闭"))
    assert third.outcome is Outcome.GONE
    assert heard(line) == [], "the old card is recalled, delivery sends the new one"


async def test_a_tap_on_a_changed_card_brings_a_code_for_the_same_card(line: Line) -> None:
    sent = await line.messenger.send(ME, alert(), {})
    await line.messenger.edit(ME, sent.message_ref or {}, alert("已分级"))
    await line.member.taps("转交")
    await line.messenger.acknowledge(await line.last(1))
    edited = await line.messenger.edit(
        ME, sent.message_ref or {}, Outgoing(head="AN-2026-000123", body="已转交")
    )
    assert edited.outcome is Outcome.SENT
    [only] = heard(line)
    assert "已转交" in only.words
    assert not line.member.sees_button("转交")


async def test_a_code_that_is_too_old_is_not_even_tried(
    line: Line, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    sent = await line.messenger.send(ME, alert(), {})
    fast_forward(dt.timedelta(hours=25))
    edited = await line.messenger.edit(ME, sent.message_ref or {}, alert("spät"))
    assert edited.outcome is Outcome.GONE
    assert line.server.calls_of("message/update_template_card") == []


async def test_words_are_changed_by_sending_them_anew(line: Line) -> None:
    sent = await line.messenger.send(ME, SAID, {})
    edited = await line.messenger.edit(ME, sent.message_ref or {}, Outgoing(body="另一句。"))
    assert (edited.outcome, heard(line)) == (Outcome.GONE, [])


async def test_a_choice_of_many_comes_back_as_its_token(line: Line) -> None:
    rows = tuple((Button(text=f"类别{n}", data=f"{n:044}"),) for n in range(12))
    await line.messenger.send(ME, Outgoing(body="哪一类？", buttons=rows), {})
    await line.member.taps("类别7")
    assert (await line.last(1)).data == f"{7:044}"


async def test_the_same_notice_sent_again_is_shown_once(line: Line) -> None:
    """After an answer was lost, delivery sends the stored message again."""
    long = replace(alert("字" * 900, pictures=1), stamp="8")
    for outgoing, shown in ((replace(SAID, stamp="1"), 1), (alert(stamp="2"), 2), (long, 6)):
        for _again in range(2):
            sent = await line.messenger.send(ME, outgoing, loaded(1))
            assert sent.outcome is Outcome.SENT
        assert len(heard(line)) == shown


async def test_equal_answers_to_two_questions_are_both_shown(line: Line) -> None:
    """WeCom drops the same message within half an hour; a person who asks twice must be answered twice."""
    for stamp in ("1", "2", "3"):
        for outgoing in (SAID, alert(pictures=1)):
            sent = await line.messenger.send(ME, replace(outgoing, stamp=stamp), loaded(1))
            assert sent.outcome is Outcome.SENT
    assert len(heard(line)) == 9
    assert len(line.server.calls_of("media/upload")) == 3


async def test_a_picture_is_uploaded_once_for_all_who_get_it(
    line: Line, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    for person in ("lisi", "wangwu", ME):
        line.server.member(person)
        sent = await line.messenger.send(person, alert(pictures=2), loaded(2))
        assert sent.outcome is Outcome.SENT
    assert len(line.server.calls_of("media/upload")) == 2, (
        "the same picture twice in one message is shown twice"
    )
    fast_forward(dt.timedelta(days=3))
    await line.messenger.send(ME, alert(pictures=1), loaded(1))
    assert len(line.server.calls_of("media/upload")) == 3


async def test_a_picture_id_that_wecom_forgot_is_made_anew(line: Line) -> None:
    await line.messenger.send(ME, alert(pictures=1), loaded(1))
    line.server.state.media.kept.clear()
    line.server.member("lisi")
    sent = await line.messenger.send("lisi", alert(pictures=1), loaded(1))
    assert sent.outcome is Outcome.SENT
    assert [one.photo != [] for one in line.server.member("lisi").chat] == [True, False]
    line.server.violations.clear()


async def test_a_refused_picture_never_takes_the_words_with_it(line: Line) -> None:
    line.server.fail("media/upload", 40004)
    sent = await line.messenger.send(ME, alert(pictures=1), loaded(1))
    assert sent.outcome is Outcome.SENT
    assert "镀层脱落" in heard(line)[-1].words


@pytest.mark.parametrize(
    ("fault", "outcome", "rest"),
    [
        (45009, Outcome.RETRY, 60.0),
        (81013, Outcome.GONE, None),
        (502, Outcome.RETRY, None),
        ("drop", Outcome.UNKNOWN, None),
        ("half", Outcome.UNKNOWN, None),
        ("timeout_after_effect", Outcome.UNKNOWN, None),
    ],
)
async def test_what_a_failure_means_on_the_wire(
    line: Line, fault: int | str, outcome: Outcome, rest: float | None
) -> None:
    line.server.fail("message/send", fault)  # type: ignore[arg-type]
    sent = await line.messenger.send(ME, SAID, {})
    assert (sent.outcome, sent.retry_after) == (outcome, rest)


async def test_what_fails_before_the_message_was_sent_is_tried_again(line: Line) -> None:
    assert line.messenger._later is not None
    await line.messenger._later  # the menu's own calls would use the faults up
    line.server.fail("media/upload", "timeout_after_effect")
    assert (await line.messenger.send(ME, alert(pictures=1), loaded(1))).outcome is Outcome.RETRY
    line.server.kill_tokens()
    line.server.fail("gettoken", "half")
    assert (await line.messenger.send(ME, alert(pictures=1), loaded(1))).outcome is Outcome.RETRY
    assert line.server.calls_of("message/send") == []


async def test_wecom_out_of_reach_is_tried_again(line: Line, ring: KeyRing) -> None:
    async with WeComServer() as gone:
        pass
    away = messenger_for(line.server, ring, api_url=gone.api_url)
    sent = await away.send(ME, SAID, {})
    assert sent.outcome is Outcome.RETRY
    assert line.server.secret not in str(sent.error)
    await away.close()


@pytest.mark.parametrize("licensed", [True, False])
async def test_a_member_left_out_is_gone(line: Line, licensed: bool) -> None:
    name = "nobody"
    if not licensed:
        name = line.server.member("guest", is_licensed=False).userid
    sent = await line.messenger.send(name, SAID, {})
    assert sent.outcome is Outcome.GONE


async def test_a_dead_token_is_renewed_once_and_the_message_arrives(line: Line) -> None:
    await line.messenger.send(ME, SAID, {})
    for code in (40014, 42001, 40001):
        line.server.kill_tokens(code)
        sent = await line.messenger.send(ME, alert(), {})
        assert sent.outcome is Outcome.SENT
    assert len(line.server.calls_of("gettoken")) == 4
    line.server.fail("message/send", 40014, times=2)
    assert (await line.messenger.send(ME, SAID, {})).outcome is Outcome.RETRY, "one retry, no more"


async def test_many_at_once_in_many_processes_ask_for_one_token(line: Line, ring: KeyRing) -> None:
    """Each messenger is what one process has: memory of its own, the database in common."""
    await line.until(lambda: bool(line.server.calls_of("menu/create")))
    line.server.kill_tokens()
    before = len(line.server.calls_of("gettoken"))
    others = [messenger_for(line.server, ring) for _n in range(4)]
    line.server.delay("gettoken", 0.2)
    tokens = await asyncio.gather(
        *(one.api.post("message/send", _plain(one.api.agent, n)) for n, one in enumerate(others * 3))
    )
    assert len(tokens) == 12
    assert len(line.server.calls_of("gettoken")) == before + 1
    for one in others:
        await one.close()


def _plain(agent: int, number: int) -> dict[str, object]:
    return {"touser": ME, "msgtype": "text", "agentid": agent, "text": {"content": f"n{number}"}}


async def test_the_token_is_sealed_where_it_is_kept(line: Line) -> None:
    from core.wires.models import WireNote

    await line.messenger.send(ME, SAID, {})
    kept = await WireNote.filter(name__startswith="token:").values_list("value", flat=True)
    [token] = line.server.state.tokens
    assert kept
    assert token not in str(kept)


async def test_a_killed_fetcher_holds_nobody_up_for_long(
    line: Line, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    await line.until(lambda: bool(line.server.calls_of("menu/create")))
    tokens = line.messenger.api.tokens
    assert await wires.first("wecom", f"{tokens._name}:fetching", dt.timedelta(seconds=15))
    fast_forward(dt.timedelta(seconds=7201))
    assert (await line.messenger.send(ME, SAID, {})).outcome is Outcome.SENT


async def test_a_photo_is_fetched_and_a_lost_one_says_so(line: Line) -> None:
    await line.member.sends_photo(PHOTO)
    incoming = await line.last(1)
    assert incoming.media is not None
    assert await line.messenger.fetch(incoming.media) == PHOTO
    line.server.fail("media/get", 502)
    with pytest.raises(FetchFailed) as later:
        await line.messenger.fetch(incoming.media)
    assert not later.value.for_good
    line.server.kill_tokens()
    assert await line.messenger.fetch(incoming.media) == PHOTO
    with pytest.raises(FetchFailed) as lost:
        await line.messenger.fetch(Media(ref="unknown"))
    assert lost.value.for_good
    line.server.violations.clear()


async def test_our_own_message_is_recalled_and_a_members_is_not(line: Line) -> None:
    sent = await line.messenger.send(ME, SAID, {})
    assert (await line.messenger.remove(ME, sent.message_ref or {})).outcome is Outcome.SENT
    assert heard(line) == []
    await line.member.says("739214 K7Q2")
    said = await line.last(1)
    assert not line.messenger.capabilities.removes_incoming
    assert (await line.messenger.remove(ME, said.message_ref or {})).outcome is Outcome.REFUSED


async def test_the_menu_is_set_once_for_all_processes(line: Line, ring: KeyRing) -> None:
    await line.until(lambda: bool(line.server.calls_of("menu/create")))
    other = messenger_for(line.server, ring)
    await other.start(line.intake)
    assert other._later is not None
    await other._later
    await other.stop()
    await other.close()
    assert len(line.server.calls_of("menu/create")) == 1


@pytest.mark.parametrize(
    ("code", "outcome", "rest"),
    [
        (-1, Outcome.RETRY, None),
        (45033, Outcome.RETRY, None),
        (45009, Outcome.RETRY, 60.0),
        (81013, Outcome.GONE, None),
        (60111, Outcome.GONE, None),
        (40003, Outcome.GONE, None),
        (60020, Outcome.GONE, None),
        (48002, Outcome.GONE, None),
        (301002, Outcome.GONE, None),
        (45002, Outcome.REFUSED, None),
        (40058, Outcome.REFUSED, None),
        (42045, Outcome.REFUSED, None),
        (99999, Outcome.GONE, None),
    ],
)
def test_what_a_number_means(code: int, outcome: Outcome, rest: float | None) -> None:
    told = answers.meaning(answers.Refused(code, "words that change"), sending=True)
    assert (told.outcome, told.retry_after) == (outcome, rest)
