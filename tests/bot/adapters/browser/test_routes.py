"""Every route of the phone page by plain HTTP: who gets in, what is turned away, what a repeated request does."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json

import aiohttp
import pytest

from core import people
from core.kit import system
from core.notices import What
from handlers.chat.vocabulary import Outgoing
from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.bot.adapters.browser.requests import ME, browser, events, refused, updates

POSTS = ("/chat/send", "/chat/photo?id=aaaaaaaa-1", "/chat/leave")


async def test_the_page_comes_with_a_strict_policy_and_is_never_stored(house: EchoHouse) -> None:
    """No inline script or style, no frame, no cache; looking at the page burns no link."""
    token = await house.link(ME)
    async with browser(house, None) as session:
        for path in ("/chat", "/chat/page.js", "/chat/page.css", "/chat/words", "/chat/me"):
            async with session.get(path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                body = await answer.text()
            if path == "/chat":
                assert "<style" not in body
                assert "style=" not in body
                assert body.count("<script") == body.count('<script src="/chat/page.js" defer></script>') == 1
    assert await people.peek_link(token, "chat")


async def test_a_link_opens_one_session_with_a_guarded_cookie(house: EchoHouse) -> None:
    """HttpOnly, SameSite=Strict; the second use is refused and leaves no cookie."""
    token = await house.link(ME)
    async with browser(house, None) as session, session.post("/chat/enter", json={"token": token}) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Secure" not in cookie
    async with browser(house, None) as session, session.post("/chat/enter", json={"token": token}) as answer:
        await refused(answer, 422)
        assert "Set-Cookie" not in answer.headers


async def test_the_cookie_is_secure_where_the_address_is(house: EchoHouse) -> None:
    await house.stop()
    await house.start(secure=True)
    body = {"token": await house.link(ME)}
    async with browser(house, None) as session, session.post("/chat/enter", json=body) as answer:
        assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path", ["/chat/me", "/chat/messages", "/chat/events", "/chat/picture?message=1&source=x"]
)
async def test_strangers_read_nothing(house: EchoHouse, path: str) -> None:
    """Without a session, and with an invented one: 401."""
    async with browser(house, None) as session:
        async with session.get(path) as answer:
            await refused(answer, 401)
        async with session.get(path, headers={"Cookie": "bihuan_chat=inv\udcffented"}) as answer:
            await refused(answer, 401)


@pytest.mark.parametrize("path", POSTS)
async def test_writing_needs_session_token_and_own_origin(house: EchoHouse, path: str) -> None:
    """401 without session, 403 without the token or from a foreign page; nothing arrives."""
    async with browser(house) as session:
        before = await updates()
        body = {"id": "aaaaaaaa-1", "text": "hello"}
        for wrong in ("", "x", "é\udcff"):
            async with session.post(path, json=body, headers={"X-CSRF-Token": wrong}) as answer:
                await refused(answer, 403)
        for origin in ("https://evil.example", "null", house.address + ".evil.example"):
            async with session.post(path, json=body, headers={"Origin": origin}) as answer:
                await refused(answer, 403)
        session.cookie_jar.clear()
        async with session.post(path, json=body) as answer:
            await refused(answer, 401)
        assert await updates() == before


WRONG = {
    "NaN": (b'{"id": "aaaaaaaa-1", "text": NaN}', 400),
    "no JSON": (b"{", 400),
    "invalid UTF-8": (b'{"id": "aaaaaaaa-1", "text": "\xff"}', 400),
    "half a character": (b'{"id": "aaaaaaaa-1", "text": "\\ud83d"}', 400),
    "NUL": (b'{"id": "aaaaaaaa-1", "text": "a\\u0000b"}', 400),
    "deep": (b"[" * 30_000, 400),
    "a list": (b"[]", 400),
    "too much": (b'{"id": "aaaaaaaa-1", "text": "' + b"x" * 70_000 + b'"}', 413),
    "short id": (b'{"id": "a", "text": "x"}', 400),
    "id of another kind": (b'{"id": {"a": 1}, "text": "x"}', 400),
    "only spaces": (b'{"id": "aaaaaaaa-1", "text": "  \\n "}', 400),
    "number as text": (b'{"id": "aaaaaaaa-1", "text": 1e999}', 400),
    "12,001 characters": (b'{"id": "aaaaaaaa-1", "text": "' + b"x" * 12_001 + b'"}', 422),
    "forged button": (b'{"id": "aaaaaaaa-1", "button": "' + b"A" * 44 + b'"}', 422),
    "long button": (b'{"id": "aaaaaaaa-1", "button": "' + b"A" * 65 + b'"}', 400),
}


@pytest.mark.parametrize("name", sorted(WRONG))
async def test_what_is_no_message_is_said_to_be_none(house: EchoHouse, name: str) -> None:
    """A 4xx problem document, and nothing arrives."""
    raw, status = WRONG[name]
    async with browser(house) as session:
        before = await updates()
        async with session.post(
            "/chat/send", data=raw, headers={"Content-Type": "application/json"}
        ) as answer:
            await refused(answer, status)
        assert await updates() == before


async def test_other_kinds_of_bodies_are_turned_away(house: EchoHouse) -> None:
    """A form, a broken gzip body, a gzip body of 100 MB: nothing arrives, and the server goes on."""
    async with browser(house) as session:
        before = await updates()
        async with session.post("/chat/send", data={"id": "aaaaaaaa-1", "text": "x"}) as answer:
            await refused(answer, 415)
        kind = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        for raw in (b"no gzip", gzip.compress(b" " * 100_000_000)):
            with contextlib.suppress(
                aiohttp.ServerDisconnectedError
            ):  # what is no HTTP message gets no answer
                async with session.post("/chat/send", data=raw, headers=kind) as answer:
                    assert answer.status in (400, 413)
        assert await updates() == before
        async with session.get("/chat/me") as answer:
            assert answer.status == 200


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=٣", "after=1.5", "after=" + "9" * 40])
async def test_a_place_in_the_stream_is_a_number(house: EchoHouse, query: str) -> None:
    async with browser(house) as session:
        async with session.get(f"/chat/events?{query}") as answer:
            await refused(answer, 400)
        async with session.get(f"/chat/messages?{query.replace('after', 'before')}") as answer:
            await refused(answer, 400)


async def test_the_same_message_sent_many_times_at_once_is_one_message(house: EchoHouse) -> None:
    """A page that did not hear the answer sends again: one update, one echo, one line on the page."""
    async with browser(house) as session:
        body = {"id": "11111111-2222-3333-4444-555555555555", "text": "hello"}

        async def send() -> int:
            async with session.post("/chat/send", json=body) as answer:
                return answer.status

        assert set(await asyncio.gather(*(send() for _time in range(8)))) == {202}
        assert await send() == 202
        found = await events(session, 4)
        said = [(one["what"], one["payload"].get("text") or one["payload"].get("body")) for one in found]
        assert [text for what, text in said if what == "mine"] == ["/start", "hello"]
        assert said[3] == ("show", "echo hello"), "the answer to /start may still have been under way"
        assert [one["number"] for one in found] == [1, 2, 3, 4]
    assert await updates() == 2


async def test_messages_of_many_at_once_keep_an_order_without_gaps(house: EchoHouse) -> None:
    """Twenty messages in parallel: twenty updates, every event numbered once."""
    async with browser(house) as session:

        async def send(number: int) -> int:
            async with session.post(
                "/chat/send", json={"id": f"aaaaaaaa-{number}", "text": f"t{number}"}
            ) as answer:
                return answer.status

        assert set(await asyncio.gather(*(send(number) for number in range(20)))) == {202}
        found = await events(session, 42)
    assert [one["number"] for one in found] == list(range(1, 43))
    said = [one["payload"]["text"] for one in found if one["what"] == "mine"]
    assert sorted(said) == sorted(["/start", *(f"t{number}" for number in range(20))])


async def test_the_stream_goes_on_after_any_event(house: EchoHouse) -> None:
    """Last-Event-ID wins over the address; nothing is lost, nothing comes twice; changes are events too."""
    async with browser(house) as session:
        await events(session, 2)
        refs = [await house.shows(ME, Outgoing(body=f"n{number}")) for number in range(5)]
        chat = f"p{house.plant.persons[ME]}"
        await house.messenger.edit(chat, refs[0], Outgoing(body="changed"))
        everything = await events(session, 8)
        for place in range(8):
            again = (
                await events(session, 8 - place, headers={"Last-Event-ID": str(place)}) if place < 8 else []
            )
            assert again == everything[place:]
        assert everything[-1]["what"] == "edit"
        assert everything[-1]["message"] == refs[0]["id"]
        waiting = asyncio.create_task(events(session, 1, after=8))
        await asyncio.sleep(0.1)
        await house.shows(ME, Outgoing(body="live"))
        assert (await waiting)[0]["payload"]["body"] == "live"


async def test_history_shows_messages_as_they_are_now_and_pages_back(house: EchoHouse) -> None:
    """The newest fifty, changed ones changed, a removed code blank; then the fifty before them."""
    chat = f"p{house.plant.persons[ME]}"
    async with browser(house) as session:
        await events(session, 2)
        async with session.post("/chat/send", json={"id": "aaaaaaaa-1", "text": "739214 K7Q2"}) as answer:
            assert answer.status == 202
        await events(session, 2, after=2)
        first = await house.shows(ME, Outgoing(body="first"))
        for number in range(60):
            await house.shows(ME, Outgoing(body=f"n{number}"))
        await house.messenger.edit(chat, first, Outgoing(body="changed"))
        await house.messenger.remove(chat, {"update": f"{house.plant.persons[ME]}-aaaaaaaa-1"})
        async with session.get("/chat/messages") as answer:
            newest = await answer.json()
        assert [one["payload"]["body"] for one in newest["messages"]] == [
            f"n{number}" for number in range(10, 60)
        ]
        assert newest["more"]
        assert newest["last"] == 67
        async with session.get(f"/chat/messages?before={newest['messages'][0]['number']}") as answer:
            older = await answer.json()
        assert not older["more"]
        assert [one["payload"].get("body", one["payload"].get("came")) for one in older["messages"]] == [
            "text",
            "echo command",
            "removed",
            "echo 739214 K7Q2",
            "changed",
            *(f"n{number}" for number in range(10)),
        ]
        assert "739214 K7Q2" not in json.dumps([one for one in older["messages"] if one["what"] == "mine"])


async def test_another_persons_button_and_stream_stay_theirs(house: EchoHouse) -> None:
    """A token made for somebody else is refused at once; their messages never come to me."""
    await house.shows("responsible", Outgoing(body="for her eyes"))
    token = house.button(house.plant.persons["responsible"], 1).data
    async with browser(house) as session:
        async with session.post("/chat/send", json={"id": "aaaaaaaa-1", "button": token}) as answer:
            assert "按钮" in (await refused(answer, 422))["title"]
        assert "for her eyes" not in json.dumps(await events(session, 2))
        async with session.get("/chat/messages") as answer:
            assert "for her eyes" not in await answer.text()


async def test_signing_out_and_losing_access_end_the_session(house: EchoHouse) -> None:
    """The cookie is worthless afterwards, and an open stream says nothing more."""
    async with browser(house) as session:
        async with session.post("/chat/leave") as answer:
            assert answer.status == 200
        async with session.get("/chat/me") as answer:
            await refused(answer, 401)
    async with browser(house) as session:
        await events(session, 2)
        async with session.get("/chat/events?after=2") as stream:
            await people.revoke_person(system(house.plant.id), house.plant.persons[ME], "left")
            await house.messenger._event(
                house.plant.persons[ME], What.SHOW, Outgoing(body="secret").to_payload()
            )
            rest = await asyncio.wait_for(stream.content.read(), 10)
        assert b"secret" not in rest
        async with session.post("/chat/send", json={"id": "aaaaaaaa-1", "text": "x"}) as answer:
            await refused(answer, 401)


async def test_while_nothing_is_taken_the_page_is_told_to_try_again(house: EchoHouse) -> None:
    """503, and the same message is taken later, once."""
    async with browser(house) as session:
        await house.messenger.stop()
        body = {"id": "aaaaaaaa-1", "text": "later"}
        async with session.post("/chat/send", json=body) as answer:
            await refused(answer, 503)
        await house.messenger.start(house._intake)
        async with session.post("/chat/send", json=body) as answer:
            assert answer.status == 202
    assert await updates() == 2


async def test_a_seventh_stream_ends_the_oldest(house: EchoHouse) -> None:
    """One person cannot hold open any number of connections."""
    async with browser(house) as session:
        streams = [await session.get("/chat/events?after=99") for _one in range(7)]
        await asyncio.wait_for(streams[0].content.read(), 10)
        for one in streams:
            one.close()
