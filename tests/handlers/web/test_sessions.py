"""Sign-in, sessions, tokens against forgery, and what every answer tells the browser."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import FormData
from yarl import URL

from core import people
from core.kit import system
from core.ledger.models import LedgerEntry
from handlers.web import app
from handlers.web.routes import VIEWS
from tests.handlers.web.doors import Doors

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def browser() -> aiohttp.ClientSession:
    """A browser that nobody has signed in with."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


def cookie(session: aiohttp.ClientSession, doors: Doors) -> str:
    """The session token that a browser holds; empty when it holds none."""
    held = session.cookie_jar.filter_cookies(URL(doors.address)).get("bihuan_admin")
    return "" if held is None else held.value


async def link(doors: Doors, name: str) -> str:
    """A fresh one-time link's token."""
    return await people.one_time_link(system(doors.plant.id), doors.plant.persons[name], "admin")


def csrf_in(page: str) -> str:
    """The token that a page's form carries."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


async def test_every_answer_carries_the_headers(doors: Doors) -> None:
    """Pages, refusals, redirects, problems and files alike; and no page holds a script or style of its own."""
    async with await doors.admin("auditor") as session, browser() as stranger:
        for one, path, status in (
            (session, "/admin", 200),
            (session, "/admin/cases", 200),
            (session, "/admin/cases/AN-0", 404),
            (session, "/admin/nowhere", 404),
            (session, "/api/v1/templates", 200),
            (session, "/api/v1/anomalies/AN-0", 404),
            (stranger, "/admin", 303),
            (stranger, "/admin/enter", 200),
            (stranger, "/enrol", 200),
            (stranger, "/api/v1/templates", 401),
            (stranger, "/api/v1/openapi.json", 200),
        ):
            async with one.get(doors.url(path), allow_redirects=False) as answer:
                assert answer.status == status, path
                assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
                page = await answer.text()
                assert not re.search(r"<script(?! src=\"/static/enter\.js\" defer></script>)", page), path
                assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path


async def test_a_wrong_method_or_address_gets_a_sentence(doors: Doors) -> None:
    """405 names what is taken; the API answers with problem documents."""
    async with await doors.admin("auditor") as session:
        async with session.delete(doors.url("/admin/cases")) as answer:
            assert answer.status == 405
            assert answer.headers["Allow"] == "GET"
            assert "<h1>该地址不能这样使用" in await answer.text()
        async with session.put(doors.url("/api/v1/anomalies")) as answer:
            assert (answer.status, answer.content_type) == (405, "application/problem+json")
        async with session.get(doors.url("/admin/nowhere"), headers={"Accept-Language": "en"}) as answer:
            assert "There is no such page" in await answer.text()


async def test_signing_in_takes_the_link_and_then_a_fresh_code(doors: Doors) -> None:
    """The token given before the code is worth nothing after it, and nothing before it: no session is fixed."""
    async with browser() as session:
        async with session.post(
            doors.url("/admin/enter"), data={"token": await link(doors, "auditor")}
        ) as answer:
            page = await answer.text()
        before = cookie(session, doors)
        async with session.get(doors.url("/admin"), allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/admin/enter")
        async with session.get(doors.url("/api/v1/templates")) as answer:
            assert answer.status == 401
        form = {"csrf": csrf_in(page), "code": "000000"}
        async with session.post(doors.url("/admin/code"), data=form) as answer:
            assert answer.status == 403
            assert 'role="alert"' in await answer.text()
        form["code"] = doors.plant.code("auditor")
        async with session.post(doors.url("/admin/code"), data=form) as answer:
            assert answer.status == 200
            assert str(answer.url) == f"{doors.address}/admin"
        after = cookie(session, doors)
        assert after not in ("", before)
    async with aiohttp.ClientSession(cookies={"bihuan_admin": before}) as thief:
        async with thief.get(doors.url("/admin"), allow_redirects=False) as answer:
            assert answer.status == 303
    async with browser() as again:
        async with again.post(
            doors.url("/admin/enter"), data={"token": await link(doors, "auditor")}
        ) as answer:
            form["csrf"] = csrf_in(await answer.text())
        async with again.post(doors.url("/admin/code"), data=form) as answer:
            assert answer.status == 403, "a code counts once"


async def test_without_an_authenticator_the_page_says_what_to_do(doors: Doors) -> None:
    """No field for a code that cannot be had; another link may be tried."""
    async with browser() as session:
        async with session.post(
            doors.url("/admin/enter"), data={"token": await link(doors, "operator")}
        ) as answer:
            page = await answer.text()
        assert "您还没有验证器" in page
        assert 'name="code"' not in page
        async with session.post(doors.url("/admin/leave"), data={"csrf": csrf_in(page)}) as answer:
            assert 'name="token"' in await answer.text()


async def test_a_session_ends_by_rest_by_age_and_by_hand(
    doors: Doors, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    """Thirty minutes without a request, twelve hours in all, signing out, revoked access."""

    async def works(session: aiohttp.ClientSession) -> bool:
        async with session.get(doors.url("/admin/policies"), allow_redirects=False) as answer:
            return answer.status == 200

    async with await doors.admin("auditor") as session:
        assert await works(session)
        fast_forward(dt.timedelta(minutes=31))
        assert not await works(session)
    async with await doors.admin("auditor") as session:
        for _quarter in range(47):
            fast_forward(dt.timedelta(minutes=15))
            assert await works(session)
        fast_forward(dt.timedelta(minutes=16))
        assert not await works(session)
    async with await doors.admin("auditor") as session:
        token = cookie(session, doors)
        form = {"csrf": session.headers["X-CSRF-Token"]}
        async with session.post(doors.url("/admin/leave"), data={"csrf": "wrong"}) as answer:
            assert answer.status == 403
        assert await works(session)
        async with session.post(doors.url("/admin/leave"), data=form) as answer:
            assert answer.status == 200
        session.cookie_jar.update_cookies({"bihuan_admin": token}, URL(doors.address))
        assert not await works(session)
    async with await doors.admin("responsible") as session:
        assert await works(session)
        admin = await doors.plant.actor("administrator")
        await people.revoke_person(admin, doors.plant.persons["responsible"], "离职")
        assert not await works(session)


def with_file(form: dict[str, str]) -> FormData:
    """The same as a form that carries a file."""
    sent = FormData(quote_fields=False)
    for name, value in {**form, "what": "import"}.items():
        sent.add_field(name, value)
    sent.add_field("file", b"number\n", filename="lots.csv")
    return sent


@pytest.mark.parametrize("fault", ["none", "wrong", "of another session", "foreign origin"])
async def test_no_form_counts_without_its_token_and_origin(doors: Doors, fault: str) -> None:
    """Every POST of the view, as an administrator: 403, and the ledger has no new entry."""
    async with await doors.admin("administrator") as session, await doors.admin("auditor") as other:
        token = {
            "none": None,
            "wrong": "x" * 32,
            "of another session": other.headers["X-CSRF-Token"],
            "foreign origin": session.headers["X-CSRF-Token"],
        }[fault]
        headers = {"Origin": "https://evil.example"} if fault == "foreign origin" else {}
        before = await LedgerEntry.all().count()
        form = {"person": str(doors.plant.persons["operator"]), "kind": "chat", "reason": "x"}
        if token is not None:
            form["csrf"] = token
        for path in [view.path.format(act="order-plan") for view in VIEWS if view.method == "POST"] + [
            "/admin/leave"
        ]:
            sent = with_file(form) if path == "/admin/import" else form
            async with session.post(doors.url(path), data=sent, headers=headers) as answer:
                assert answer.status == 403, (path, fault)
        body = {"category": "P", "answers": {}, "evidence_ids": []}
        given = {**headers, "X-CSRF-Token": token or ""}
        async with session.post(doors.url("/api/v1/anomalies"), json=body, headers=given) as answer:
            assert answer.status == 401
        assert await LedgerEntry.all().count() == before
        async with session.get(doors.url("/admin")) as answer:
            assert answer.status == 200, "the session lives on"


async def test_the_cookie_is_kept_from_scripts_and_other_sites(doors: Doors) -> None:
    """HttpOnly, SameSite=Strict; over TLS also Secure, bound to the host by its name, and HSTS on every answer."""
    import dataclasses

    from aiohttp.test_utils import TestClient, TestServer

    rooms = dataclasses.replace(doors.house.house.web, secure=True)
    async with TestClient(TestServer(app.build(rooms))) as client:
        answer = await client.post(
            "/admin/enter", data={"token": await link(doors, "auditor")}, allow_redirects=False
        )
        given = answer.headers["Set-Cookie"]
        assert given.startswith("__Host-bihuan_admin=")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(given.split("; "))
        assert "Domain" not in given
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    async with browser() as session:
        async with session.post(
            doors.url("/admin/enter"), data={"token": await link(doors, "auditor")}, allow_redirects=False
        ) as answer:
            assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["Set-Cookie"].split("; "))


async def test_the_language_is_the_persons_and_stays_on_the_page(doors: Doors) -> None:
    """The switch leads back to where it was pressed, and to no other site."""
    async with await doors.admin("auditor") as session:
        form = {"csrf": session.headers["X-CSRF-Token"], "back": "/admin/cases?grade=A", "locale": "en"}
        async with session.post(doors.url("/admin/language"), data=form) as answer:
            assert str(answer.url) == f"{doors.address}/admin/cases?grade=A"
            assert '<html lang="en">' in await answer.text()
        assert (await people.person(doors.plant.persons["auditor"])).locale == "en"
        for unknown in ("xx", "", "zh"):
            wrong = form | {"locale": unknown}
            async with session.post(
                doors.url("/admin/language"), data=wrong, allow_redirects=False
            ) as answer:
                assert answer.status == 409, unknown
        assert (await people.person(doors.plant.persons["auditor"])).locale == "en"
        for evil in (
            "https://evil.example",
            "//evil.example",
            "/admin/../x\r\nA: b",
            "/administrator",
            "/admin\\x",
        ):
            form["back"] = evil
            async with session.post(doors.url("/admin/language"), data=form, allow_redirects=False) as answer:
                assert answer.headers["Location"] == "/admin", evil


async def test_a_fault_of_ours_is_calm_and_has_a_number(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """500 with a number that is in the log, no trace on the page."""
    from core import anomalies

    async def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError("inner secret")

    monkeypatch.setattr(anomalies, "pressing", broken)
    async with await doors.admin("auditor") as session:
        async with session.get(doors.url("/admin")) as answer:
            page = await answer.text()
            assert answer.status == 500
    assert "inner secret" not in page
    assert "ZeroDivision" not in page
    number = re.search(r"#([0-9a-f]{8})", page)
    assert number
    assert number[1] in [getattr(one, "number", "") for one in caplog.records]
