"""The phone page's routes: shell, sign-in, events, sending, photos, pictures."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.adapters.browser.guarding import (
    COOKIE,
    HEADERS,
    Turned,
    json_body,
    must_carry_token,
    same_origin,
    session_of,
    writing_session,
)
from bot.adapters.browser.streams import Ear
from bot.adapters.browser.words import words
from core import evidence, notices, people, signing
from core.evidence import Received
from core.kit import Actor, Refusal
from core.kit.plain_text import TooLong, clean
from core.people import Inactive, SessionMade
from handlers import text
from handlers.web import bodies
from handlers.web.pages.api import problem

if TYPE_CHECKING:
    from bot.adapters.browser.adapter import BrowserMessenger

PAGE = Path(__file__).parent / "page"
PICTURE_AGE = dt.timedelta(hours=1)
"""How long the browser keeps a picture; one it asks for again within that time was not looked at anew."""
TEXT_MAX = 12_000
NAME_MAX = 120
FILE_MAX = 20_000_000
BEAT = 15.0
"""Seconds between signs of life, which also look whether the session still holds."""
LOOK = 1.0
"""Seconds after which a stream looks by itself: another process may have written (bihuan web and worker)."""
MONTH = 30 * 86_400
CODE_AGE = 600
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
BROKEN = (web.RequestPayloadError, HttpProcessingError)
"""What a multipart body that is none ends in."""
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _guarded(call: Answer) -> Answer:
    """Turn what is turned away into its answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await call(request)
        except Turned as turned:
            return turned.answer
        except Inactive:  # their access ended at this very moment
            return problem(401, "sign in with a link")

    return answer


class PageRoutes:
    """Handlers of one messenger."""

    def __init__(self, messenger: BrowserMessenger, *, secure: bool, locale: str) -> None:
        """Keep the messenger and how cookies are set."""
        self._messenger = messenger
        self._secure = secure
        self._locale = locale

    def table(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.get("/chat", self._file("index.html", "text/html")),
            web.get("/chat/page.js", self._file("page.js", "text/javascript")),
            web.get("/chat/page.css", self._file("page.css", "text/css")),
            web.get("/chat/words", _guarded(self._words)),
            web.post("/chat/enter", _guarded(self._enter)),
            web.post("/chat/code", _guarded(self._code)),
            web.post("/chat/leave", _guarded(self._leave)),
            web.get("/chat/me", _guarded(self._me)),
            web.get("/chat/messages", _guarded(self._messages)),
            web.get("/chat/events", _guarded(self._events)),
            web.post("/chat/send", _guarded(self._send)),
            web.post("/chat/photo", _guarded(self._photo)),
            web.get("/chat/picture", _guarded(self._picture)),
            web.get("/chat/document", _guarded(self._document)),
        ]

    def _file(self, name: str, media_type: str) -> Answer:
        body = (PAGE / name).read_bytes()

        async def answer(_request: web.Request) -> web.Response:
            return web.Response(body=body, content_type=media_type, charset="utf-8", headers=HEADERS)

        return answer

    async def _words(self, request: web.Request) -> web.StreamResponse:
        locale = "en" if request.query.get("lang", "").startswith("en") else self._locale
        return web.json_response({"locale": locale, "words": words(locale)}, headers=HEADERS)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        same_origin(request)
        body = await json_body(request)
        token = body.get("token")
        if not isinstance(token, str) or len(token) > 200:  # noqa: PLR2004  tokens have 27 characters
            return problem(400, "token is missing")
        try:
            await signing.must_not_be_suspended(await people.holder_of_link(token, "chat"))
            link = await people.open_link(token, "chat")
            wants_code = await signing.is_enrolled(link.person_id)
            made = await people.open_session(link.person_id, "code" if wants_code else "chat")
        except Refusal as refusal:
            return problem(422, text.said(refusal, self._locale))
        if wants_code:
            answer = web.json_response({"ok": True, "code": True, "csrf": made.csrf}, headers=HEADERS)
            self._keep(answer, made.token, CODE_AGE)
            return answer
        return await self._welcome(link.person_id, made)

    async def _code(self, request: web.Request) -> web.StreamResponse:
        """The second step for whoever has an authenticator (contract: a link plus TOTP once enrolled)."""
        same_origin(request)
        body = await json_body(request)
        token = request.cookies.get(COOKIE, "")
        held = await people.session(token, "code") if token else None
        if held is None:
            return problem(401, "sign in with a link")
        must_carry_token(request, held)
        said = body.get("code")
        if not isinstance(said, str) or len(said) > 40:  # noqa: PLR2004  codes have 6 digits
            return problem(400, "code is missing")
        try:
            await signing.verify_login(held.person_id, said, channel="browser")
            made = await people.confirm_second_factor(token, "code", into="chat")
        except Refusal as refusal:
            locale = (await people.person(held.person_id)).locale
            return problem(422, text.said(refusal, locale))
        return await self._welcome(held.person_id, made)

    async def _welcome(self, person_id: int, made: SessionMade) -> web.Response:
        answer = web.json_response({"ok": True}, headers=HEADERS)
        self._keep(answer, made.token, MONTH)
        await self._messenger.arrived(
            person_id, f"enter-{secrets.token_hex(8)}", {"came": "text", "text": "/start"}
        )
        return answer

    def _keep(self, answer: web.Response, token: str, age: int) -> None:
        answer.set_cookie(
            COOKIE, token, max_age=age, httponly=True, secure=self._secure, samesite="Strict", path="/"
        )

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        await writing_session(request)
        await people.close_session(request.cookies.get(COOKIE, ""), "chat")
        answer = web.json_response({"ok": True}, headers=HEADERS)
        answer.del_cookie(COOKIE, path="/")
        return answer

    async def _me(self, request: web.Request) -> web.StreamResponse:
        token = request.cookies.get(COOKIE, "")
        waiting = await people.session(token, "code") if token else None
        if waiting is not None:
            return problem(401, "the code is missing", wants="code", csrf=waiting.csrf)
        session = await session_of(request)
        actor = await people.actor_of(session.person_id, "browser")
        return web.json_response(
            {
                "name": actor.name,
                "person": session.person_id,
                "locale": actor.locale,
                "timezone": actor.timezone,
                "csrf": session.csrf,
                "words": words(actor.locale),
            },
            headers=HEADERS,
        )

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        session = await session_of(request)
        history = await notices.page_history(session.person_id, before=_number(request, "before"))
        return web.json_response(
            {
                "last": history.last,
                "more": history.more,
                "messages": [{"number": one.number, **_event(one)} for one in history.messages],
            },
            headers=HEADERS,
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        session = await session_of(request)
        after = _number(request, "after", header="Last-Event-ID") or 0
        if after:
            await notices.proven_up_to(people.BROWSER, f"p{session.person_id}", after)
        answer = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        ear = self._messenger.listeners.listen(session.person_id)
        try:
            await answer.prepare(request)
            await answer.write(b"retry: 1500\n\n")
            await self._stream(answer, ear, after, request.cookies.get(COOKIE, ""))
        except ConnectionError:
            return answer
        finally:
            self._messenger.listeners.unlisten(ear)
        return answer

    async def _stream(self, answer: web.StreamResponse, ear: Ear, after: int, token: str) -> None:
        """Write what is new until the stream or the session is over; first, and when it changes, the language."""
        loop = asyncio.get_running_loop()
        beat = loop.time()
        spoken = ""
        while not ear.over:
            ear.woken.clear()
            fresh = await notices.page_events(ear.person_id, after)
            due = loop.time() >= beat
            if (fresh or due) and await people.session(token, "chat") is None:
                return
            for one in fresh:
                body = json.dumps(_event(one), ensure_ascii=False)
                await answer.write(f"id: {one.number}\ndata: {body}\n\n".encode())
                after = one.number
            if (fresh or due) and spoken != (locale := (await people.person(ear.person_id)).locale):
                spoken = locale
                await answer.write(f"event: language\ndata: {spoken}\n\n".encode())
            if due:
                await answer.write(b"event: alive\ndata: \n\n")
                beat = loop.time() + BEAT
            if not fresh:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ear.woken.wait(), LOOK)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        session = await writing_session(request)
        body = await json_body(request)
        said, button, name = body.get("text"), body.get("button"), body.get("id")
        if not isinstance(name, str) or not _ID.fullmatch(name):
            return problem(400, "id must be 8 to 64 letters, digits or dashes")
        if isinstance(button, str) and len(button) <= 64:  # noqa: PLR2004  tokens have 44 characters
            actor = await people.actor_of(session.person_id, "browser")
            try:
                self._messenger.press.read(button, person_id=session.person_id)
            except Refusal as refusal:
                return problem(422, text.said(refusal, actor.locale))
            label = str(body.get("label", ""))[:80]
            update: dict[str, object] = {"came": "button", "button": button, "label": label}
        elif isinstance(said, str) and said.strip():
            if len(said) > TEXT_MAX:
                actor = await people.actor_of(session.person_id, "browser")
                return problem(422, text.said(TooLong(length=len(said), limit=TEXT_MAX), actor.locale))
            update = {"came": "text", "text": said}
        else:
            return problem(400, "send text or a button")
        return await self._stored(session.person_id, name, update)

    async def _stored(self, person_id: int, name: str, update: dict[str, object]) -> web.Response:
        if not await self._messenger.arrived(person_id, f"{person_id}-{name}", update):
            return problem(503, "not taking messages now; it will be sent again")
        return web.json_response({"ok": True}, status=202, headers=HEADERS)

    async def _photo(self, request: web.Request) -> web.StreamResponse:
        session = await writing_session(request)
        name = request.query.get("id", "")
        if not _ID.fullmatch(name):
            return problem(400, "id must be 8 to 64 letters, digits or dashes")
        if not request.content_type.startswith("multipart/"):
            return problem(415, "send multipart/form-data")
        if (request.content_length or 0) > FILE_MAX + 10_000:
            return problem(413, f"at most {FILE_MAX} bytes")
        data, filename = await self._file_part(request)
        actor = await people.actor_of(session.person_id, "browser")
        try:
            received: Received = await self._messenger.darkroom.receive(
                actor, data, source_ref=None, name=filename, must_be_picture=False
            )
        except Refusal as refusal:
            return problem(422, text.said(refusal, actor.locale))
        update: dict[str, object] = {
            "came": "photo" if received.preview_key else "file",
            "media": f"{received.organisation_id}/{received.sha256}",
            "name": filename,
        }
        return await self._stored(session.person_id, name, update)

    async def _file_part(self, request: web.Request) -> tuple[bytes, str | None]:
        try:
            async with asyncio.timeout(bodies.STALL):
                reader = await request.multipart()
                part = await reader.next()
        except TimeoutError:
            raise Turned(problem(408, "the file did not come")) from None
        except (ValueError, AssertionError, RuntimeError, *BROKEN):
            raise Turned(problem(400, "not well-formed multipart")) from None
        if not isinstance(part, BodyPartReader) or part.name != "file":
            raise Turned(problem(400, "the first part must be “file”"))
        kept = bytearray()
        try:
            while chunk := await asyncio.wait_for(part.read_chunk(65_536), bodies.STALL):
                kept += chunk
                if len(kept) > FILE_MAX:
                    raise Turned(problem(413, f"at most {FILE_MAX} bytes"))
        except TimeoutError:
            raise Turned(problem(408, "the file stopped coming")) from None
        except (ValueError, AssertionError, *BROKEN):
            raise Turned(problem(400, "not well-formed multipart")) from None
        return bytes(kept), clean(part.filename)[-NAME_MAX:] if part.filename else None

    async def _shown(self, request: web.Request) -> tuple[Actor, str, bytes]:
        """Whoever asks, and the content of what one of their messages shows.

        Raises:
            Turned: no message of theirs shows it, or they may not see it any more (404).
        """
        session = await session_of(request)
        source, message = request.query.get("source", ""), _number(request, "message") or 0
        if not await notices.page_shows(session.person_id, message, source):
            raise Turned(problem(404, "no such picture"))
        actor = await people.actor_of(session.person_id, "browser")
        data = await self._messenger.load(source, actor)
        if data is None:
            raise Turned(problem(404, "no such picture"))
        return actor, source, data

    async def _document(self, request: web.Request) -> web.StreamResponse:
        actor, source, data = await self._shown(request)
        await people.log_access(actor, "browser", f"file {source}", once_in=PICTURE_AGE)
        name = quote(clean(request.query.get("name", ""))[-NAME_MAX:] or "file")
        headers = {**HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return web.Response(body=data, content_type="application/octet-stream", headers=headers)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        actor, source, data = await self._shown(request)
        await people.log_access(
            actor,
            "browser",
            f"picture {source}",
            case=await _case_of(source, actor.plant_id),
            once_in=PICTURE_AGE,
        )
        kind = "image/png" if data[:4] == b"\x89PNG" else "image/jpeg"
        return web.Response(
            body=data,
            content_type=kind,
            headers={**HEADERS, "Cache-Control": f"private, max-age={int(PICTURE_AGE.total_seconds())}"},
        )


async def _case_of(source: str, plant_id: int) -> str | None:
    """The case that a picture speaks for, for the access log; a genealogy speaks for none."""
    kind, _sep, number = source.partition(":")
    if kind != "evidence" or not number.isdecimal():
        return None
    cases = await evidence.cases_of(plant_id, int(number))
    return cases[0] if cases else None


def _event(one: notices.PageFacts) -> dict[str, object]:
    return {"what": one.what, "message": one.message, "payload": one.payload, "at": one.at.isoformat()}


def _number(request: web.Request, name: str, *, header: str | None = None) -> int | None:
    """A number of an event, from a header that a browser sends by itself or from the query.

    Raises:
        Turned: it is something else (400).
    """
    given = (request.headers.get(header) if header else None) or request.query.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= 15):  # noqa: PLR2004  more than anyone will live to see
        raise Turned(problem(400, f"{name} must be a number"))
    return int(given)
