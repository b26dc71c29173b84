"""What goes out: words always, pictures when they can, and the truth about what became of them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.telegram import TelegramMessenger
from core.notices import Outcome
from handlers.chat.vocabulary import Button, FetchFailed, Media, Outgoing, Picture
from tests.bot.adapters.telegram.conftest import Line
from tests.core.capa.test_whole_story import photo
from tests.servers.telegram_rooms import Shown


def alert(pictures: int, *, words: str = "Coating peels off") -> Outgoing:
    return Outgoing(
        head="AN-2026-000123",
        body=words,
        pictures=tuple(Picture(source=f"evidence:{number}", alt="screw") for number in range(pictures)),
        buttons=((Button(text="Acknowledge", data="a" * 44),),),
    )


def loaded(count: int, *, broken: bool = False) -> dict[str, bytes]:
    return {f"evidence:{number}": b"no picture" if broken else photo() for number in range(count)}


def heard(line: Line, person: int = 77) -> list[Shown]:
    return [one for one in line.server.person(person).chat if one.from_bot]


async def test_one_picture_and_its_words_are_one_message(line: Line) -> None:
    sent = await line.messenger.send("77", alert(1), loaded(1))
    assert sent.outcome is Outcome.SENT
    [only] = heard(line)
    assert only.photo
    assert "Coating peels off" in only.words


@pytest.mark.parametrize("count", [1, 2, 9])
async def test_a_refused_picture_never_takes_the_words_with_it(line: Line, count: int) -> None:
    line.server.fail("sendPhoto", 1, 400)
    line.server.fail("sendMediaGroup", 1, 400)
    sent = await line.messenger.send("77", alert(count), loaded(count))
    assert sent.outcome is Outcome.SENT
    assert "Coating peels off" in heard(line)[-1].words
    assert sent.message_ref == {"id": heard(line)[-1].message_id, "caption": False}


@pytest.mark.parametrize(("count", "albums"), [(2, [2]), (10, [10]), (11, [10, 1]), (23, [10, 10, 3])])
async def test_however_many_pictures_all_arrive(line: Line, count: int, albums: list[int]) -> None:
    sent = await line.messenger.send("77", alert(count), loaded(count))
    assert sent.outcome is Outcome.SENT
    assert sum(bool(one.photo) for one in heard(line)) == count
    groups: dict[str, int] = {}
    for one in heard(line)[:-1]:
        groups[one.media_group_id or "alone"] = groups.get(one.media_group_id or "alone", 0) + 1
    assert list(groups.values()) == albums
    assert "Coating peels off" in heard(line)[-1].words


async def test_a_long_text_arrives_whole_with_the_buttons_at_its_end(line: Line) -> None:
    words = "\n".join(f"line {number}" for number in range(2000))
    sent = await line.messenger.send("77", alert(0, words=words), {})
    assert sent.outcome is Outcome.SENT
    parts = heard(line)
    assert len(parts) > 3
    assert "\n".join(one.words for one in parts).endswith(words)
    assert [bool(one.buttons) for one in parts] == [False] * (len(parts) - 1) + [True]
    later = await line.messenger.edit("77", sent.message_ref or {}, Outgoing(body="short"))
    assert later.outcome is Outcome.GONE, "only the end of it could be changed: it is sent anew"


async def test_an_edit_that_changes_nothing_counts_as_shown(line: Line) -> None:
    sent = await line.messenger.send("77", alert(0), {})
    assert sent.message_ref is not None
    again = await line.messenger.edit("77", sent.message_ref, alert(0))
    assert (again.outcome, again.message_ref) == (Outcome.SENT, sent.message_ref)


@pytest.mark.parametrize("pictures", [0, 1])
async def test_words_that_do_not_fit_into_the_message_go_out_anew(line: Line, pictures: int) -> None:
    sent = await line.messenger.send("77", alert(pictures), loaded(pictures))
    edited = await line.messenger.edit("77", sent.message_ref or {}, alert(0, words="字" * 4100))
    assert edited.outcome is Outcome.GONE


async def test_removing_what_is_removed_is_done(line: Line) -> None:
    mine = await line.server.person(77).says("739214 K7Q2")
    reference: dict[str, object] = {"id": mine.message_id}
    assert [(await line.messenger.remove("77", reference)).outcome for _time in range(2)] == [
        Outcome.SENT
    ] * 2


async def test_a_deleted_message_is_gone_for_edits(line: Line) -> None:
    edited = await line.messenger.edit("77", {"id": 999_999, "caption": False}, alert(0))
    assert edited.outcome is Outcome.GONE


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (500, Outcome.UNKNOWN),
        (502, Outcome.RETRY),
        ("timeout_after_effect", Outcome.UNKNOWN),
        (403, Outcome.GONE),
    ],
)
async def test_what_became_of_a_message_is_told_honestly(line: Line, fault: Any, outcome: Outcome) -> None:
    line.server.fail("sendMessage", 1, fault)
    sent = await line.messenger.send("77", alert(0), {})
    assert sent.outcome is outcome
    assert line.server.token not in sent.error


async def test_a_person_who_blocked_the_bot_is_told_elsewhere(line: Line) -> None:
    """GONE lets the delivery take the person's next messenger; unblocking is enough to be reached again."""
    person = line.server.person(77)
    await person.blocks_bot()
    assert (await line.messenger.send("77", alert(1), loaded(1))).outcome is Outcome.GONE
    await person.unblocks_bot()
    assert (await line.messenger.send("77", alert(0), {})).outcome is Outcome.SENT


async def test_a_chat_that_never_met_the_bot_is_gone(line: Line) -> None:
    assert (await line.messenger.send("999", alert(0), {})).outcome is Outcome.GONE


async def test_a_flood_answer_says_how_long_to_wait(line: Line) -> None:
    line.server.too_many_requests("sendMessage", 7)
    sent = await line.messenger.send("77", alert(0), {})
    assert (sent.outcome, sent.retry_after) == (Outcome.RETRY, 7.0)
    assert heard(line) == []


async def test_nobody_listening_is_a_retry(line: Line, unused_tcp_port: int) -> None:
    """The request never left: sending again cannot double it."""
    away = TelegramMessenger(
        token=line.server.token,
        api_url=f"http://127.0.0.1:{unused_tcp_port}",
        mode="polling",
        public_url="",
        secret="",
    )
    assert (await away.send("77", alert(0), {})).outcome is Outcome.RETRY
    await away.close()


async def test_every_tap_is_answered_even_a_late_one(line: Line) -> None:
    """A spinner that was answered too late is no fault of ours to anybody."""
    sent = await line.messenger.send("77", alert(0), {})
    assert sent.message_ref is not None
    line.server.fail("answerCallbackQuery", 1, 400)
    await line.server.person(77).taps("Acknowledge")
    await line.until(lambda: "callback_query" in line.stored[-1].raw)
    incoming = line.messenger.read(line.stored[-1].raw)
    assert incoming is not None
    assert incoming.data == "a" * 44
    await line.messenger.acknowledge(incoming)
    await line.messenger.acknowledge(incoming)


async def test_a_file_that_is_too_large_is_said_before_it_is_fetched(line: Line) -> None:
    with pytest.raises(FetchFailed) as refused:
        await line.messenger.fetch(Media(ref="x", size=200_000_000))
    assert (refused.value.for_good, refused.value.too_large) == (True, True)
    assert line.server.calls_of("getFile") == []
