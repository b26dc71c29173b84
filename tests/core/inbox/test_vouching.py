"""A row that this program did not store, or that was changed since, takes no effect."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest

from core import inbox
from core.inbox import Arrived, vouching
from core.inbox.models import Inbound
from core.kit import clock, unit_of_work
from core.kit.keys import KeyRing

SAID: dict[str, object] = {
    "update_id": "9-x1",
    "text": "/witnesses 郑丽",
    "at": [31.25, 1e16, -2.0, 1e300, 12, None, True, {"ß": 1e-7}],
}
CHANGES: dict[str, dict[str, object]] = {
    "body": {"body": {"update_id": "9-x1", "text": "/report"}},
    "chat": {"chat_ref": "p8"},
    "number": {"update_id": "9-x2"},
    "channel": {"channel": "telegram"},
    "time": {"received_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
    "mac": {"mac": "嗨"},
}


async def _stored() -> None:
    await inbox.store("browser", [Arrived(update_id="9-x1", chat_ref="p9", raw=SAID)])


async def _nothing_waits() -> None:
    for chat in await inbox.waiting_chats():
        assert await inbox.next_of(*chat) is None


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_changed_update_is_set_aside_and_taking_it_up_does_not_help(
    database: str, change: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    await _stored()
    await Inbound.all().update(**change)
    assert await inbox.waiting_since("browser", clock.now()) == ([], 0)
    assert await inbox.waiting_since("telegram", clock.now()) == ([], 0)
    await _nothing_waits()
    [aside] = await inbox.set_aside()
    assert aside.error == inbox.NOT_OURS
    assert [one.levelno for one in caplog.records if one.name == "core.inbox.putting_aside"] == [
        logging.ERROR
    ]
    assert await inbox.take_up([aside.id]) == [aside.id]
    await _nothing_waits()
    assert await inbox.aside_count() == 1


SPOILT = {
    "body": "{not json",
    "body that is deep": "[" * 5000 + "]" * 5000,
    "received_at": "yesterday",
    "due_at": "1 soon",
    "attempts": "many",
    "done_at": "later",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", SPOILT)
async def test_an_update_that_cannot_be_read_is_set_aside_and_the_chat_goes_on(
    database: str, where: str
) -> None:
    """PostgreSQL refuses such values; a file of SQLite takes them from anybody who can write it."""
    await _stored()
    await inbox.store("browser", [Arrived(update_id="9-x2", chat_ref="p9", raw=SAID)])
    async with unit_of_work() as work:
        column = where.partition(" ")[0]
        await work.db.execute_query(
            f"UPDATE inbox_inbound SET {column} = ? WHERE update_id = '9-x1'", [SPOILT[where]]
        )
    assert [one.update_id for one in (await inbox.waiting_since("browser", clock.now()))[0]] == ["9-x2"]
    waiting = await inbox.next_of("browser", "p9")
    assert waiting is not None
    assert waiting.update_id == "9-x2"
    assert await inbox.lag_seconds() >= 0
    [aside] = await inbox.set_aside()
    assert aside.error.startswith(inbox.UNREADABLE)
    assert (aside.received_at is None) == (where == "received_at")
    async with unit_of_work():
        assert await inbox.take(waiting.id)
    assert await inbox.take_up([aside.id]) == [aside.id]
    again = await inbox.next_of("browser", "p9")
    if where in ("due_at", "attempts"):
        assert again is not None, "taking it up writes these anew, and the message is whole"
        assert again.raw == SAID
    else:
        assert again is None
        assert await inbox.aside_count() == 1


async def test_a_forged_update_holds_up_nobody(database: str) -> None:
    """It stands before a real one of the same chat; the real one takes effect."""
    now = clock.now()
    for state in ("waiting", "done"):
        await Inbound.create(
            channel="browser", update_id=state, chat_ref="p9", body={}, mac="", state=state,
            due_at=now, received_at=now,
        )  # fmt: skip
    await _stored()
    waiting = await inbox.next_of("browser", "p9")
    assert waiting is not None
    assert (waiting.update_id, waiting.raw["text"]) == ("9-x1", SAID["text"])
    assert await inbox.aside_count() == 1
    async with unit_of_work():
        assert await inbox.take(waiting.id)
    row = await Inbound.get(id=waiting.id)
    assert (row.state, row.body) == ("done", {})
    await Inbound.filter(id=row.id).update(state="waiting")
    assert await inbox.next_of("browser", "p9") is None, "what took effect is not repeated without its body"


async def test_a_kept_answer_that_was_changed_is_refused(database: str) -> None:
    async with unit_of_work():
        await inbox.keep_answer("api", "key", "p9", {"answer": "A-1"})
    assert await inbox.answer_of("api", "key") == {"answer": "A-1"}
    await Inbound.all().update(body={"answer": "A-2"})
    with pytest.raises(inbox.AnswerNotOurs):
        await inbox.answer_of("api", "key")


async def test_a_new_master_key_opens_what_waited_before(database: str, tmp_path: Path) -> None:
    inbox.use_key(KeyRing.create(tmp_path / "master.key").derive(inbox.PURPOSE))
    await _stored()
    inbox.use_key(KeyRing.rotate(tmp_path / "master.key").derive(inbox.PURPOSE))
    assert await inbox.next_of("browser", "p9") is not None
    inbox.use_key(KeyRing.create(tmp_path / "other.key").derive(inbox.PURPOSE))
    assert await inbox.next_of("browser", "p9") is None


async def test_without_a_key_nothing_is_stored(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouching, "_given", [])
    with pytest.raises(RuntimeError, match="use_key"):
        await _stored()
    assert await inbox.counts() == {"waiting": 0, "done": 0, "aside": 0}


async def test_a_late_failure_leaves_what_another_process_did_done(database: str) -> None:
    await _stored()
    waiting = await inbox.next_of("browser", "p9")
    assert waiting is not None
    async with unit_of_work():
        assert await inbox.take(waiting.id)
    for _time in range(6):
        assert await inbox.failed(waiting.id, "fault") is inbox.Fate.AGAIN
    assert (await inbox.counts())["done"] == 1


async def test_everything_that_waits_is_seen_however_much_it_is(database: str) -> None:
    names = [f"9-y{number}" for number in range(5)]
    await inbox.store("browser", [Arrived(update_id=one, chat_ref="p9", raw=SAID) for one in names])
    seen, after = list[str](), 0
    for _page in range(3):
        found, after = await inbox.waiting_since("browser", clock.now(), after=after, limit=2)
        seen += [one.update_id for one in found]
    assert (seen, after) == (names, 0)
