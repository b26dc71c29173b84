"""Every route meets bodies that are not what it takes: a 4xx, nothing changed, never a 500. And who may see what."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot import serving
from bot.patience import Doorman
from core import people
from core.inbox.models import Inbound
from core.kit import clock, system
from core.ledger.models import LedgerEntry
from handlers.web import bodies
from handlers.web.routes import VIEWS
from tests.core.capa.test_whole_story import photo, reported
from tests.handlers.web.doors import Doors

BODIES = {
    "NaN": b'{"id": "aaaaaaaa-1", "text": NaN}',
    "Infinity": b'{"update_id": Infinity}',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "deep": b"[" * 20_000 + b"]" * 20_000,
    "a list": b"[1, 2]",
    "a string": b'"x"',
    "empty": b"",
    "wrong types": b'{"id": [1], "text": {"a": 1}, "token": 5, "category": [], "answers": 3, "evidence_ids": "x"}',
    "oversized": b'{"text": "' + b"x" * 1_030_000 + b'"}',
}


def paths(doors: Doors) -> list[tuple[str, str]]:
    """Every method and path of this installation, placeholders filled with something wrong."""
    found = []
    for route in serving.build(doors.house.house).router.routes():
        resource = route.resource
        if resource is None or route.method == "HEAD":
            continue
        path = resource.canonical.replace("{number}", "AN-0").replace("{category}", "ZZ")
        found.append((route.method, path.replace("{id}", "999").replace("{part}", "preview")))
    return sorted(set(found))


KINDS = {
    "application/json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data; boundary=x",
    "no boundary": "multipart/form-data",
}
SIGN_IN = ("/admin/enter", "/enrol", "/sign")
TREATED = ("/admin/leave", "/chat/leave", "/chat/events", "/admin/language")
"""Leaving needs no body; language takes none."""


async def test_every_writing_route_turns_a_wrong_body_away_and_changes_nothing(doors: Doors) -> None:
    """All routes × all bodies × stranger, operator, administrator: 4xx (or back to the sign-in), no record."""
    operator, administrator = await doors.chat("coater_operator"), await doors.admin("administrator")
    async with aiohttp.ClientSession() as stranger, operator, administrator:
        routes = [one for one in paths(doors) if one[1] not in TREATED and one[0] != "GET"]
        assert len(routes) > 20
        before = await LedgerEntry.filter(kind__not="records:access:view").count()
        for session in (stranger, operator, administrator):
            for method, path in routes:
                for name, body in BODIES.items():
                    for kind in KINDS.values():
                        async with session.request(
                            method,
                            doors.address + path,
                            data=body,
                            headers={"Content-Type": kind},
                            allow_redirects=False,
                        ) as answer:
                            away = answer.status == 303 and answer.headers["Location"] in SIGN_IN
                            assert away or 400 <= answer.status < 500, (method, path, name, kind)
        assert await LedgerEntry.filter(kind__not="records:access:view").count() == before


async def test_every_form_of_an_administrator_is_read_to_its_end_and_refused_when_wrong(doors: Doors) -> None:
    """With the right token the form is read: what it says is wrong, so it is a 4xx and nothing changes."""
    async with await doors.admin("administrator") as session:
        token = session.headers["X-CSRF-Token"]
        before = await LedgerEntry.filter(kind__not="records:access:view").count()
        for view in VIEWS:
            if view.method != "POST" or view.path in TREATED:
                continue
            for wrong in ("\x00", "%ZZ", "9" * 400, "\u202e", "😀" * 5000):
                form = {"csrf": token, "person": wrong, "kind": wrong, "case": wrong, "kept": wrong}
                path = view.path.format(act="order-plan")
                async with session.post(doors.url(path), data=form, allow_redirects=False) as answer:
                    assert 400 <= answer.status < 500 or view.path == "/admin/witness/compare", (
                        view.path,
                        wrong[:5],
                        answer.status,
                    )
        assert await LedgerEntry.filter(kind__not="records:access:view").count() == before


async def test_a_form_means_the_same_in_however_many_pieces_it_comes(doors: Doors) -> None:
    """Split at every byte: the last digit of a number is never lost (a slow phone, a proxy)."""
    people_here = [doors.plant.persons[name] for name in ("operator", "carrier")]
    victim = max(people_here)
    assert victim > 9, "its number has a beginning that is another person's"
    async with await doors.admin("administrator") as session:
        body = f"csrf={quote(session.headers['X-CSRF-Token'])}&kind=nothing&person={victim}".encode()
        answers = set()
        for cut in range(0, len(body), 7 if len(body) > 90 else 1):
            answers.add(await sent(doors, session, body[:cut], body[cut:]))
        answers.add(await sent(doors, session, body[:-1], body[-1:]))
        assert len(answers) == 1, "every way of sending it gets the same answer"
        whole = await sent(doors, session, body, b"")
        assert answers == {whole}
        revoking = f"csrf={quote(session.headers['X-CSRF-Token'])}&reason=left&person={victim}".encode()
        assert await sent(doors, session, revoking[:-1], revoking[-1:], "/admin/people/revoke") == 200
    revoked = [one.id for one in await people.everyone(system(doors.plant.id)) if not one.active]
    assert revoked == [victim]


async def sent(doors: Doors, session: aiohttp.ClientSession, *pieces: bytes | str) -> int:
    """The status of a form whose body comes in pieces, each in a segment of its own."""
    *parts, path = pieces if isinstance(pieces[-1], str) else (*pieces, "/admin/people/link")
    host, port = URL(doors.address).host, URL(doors.address).port
    reader, writer = await asyncio.open_connection(host, port)
    cookie = "; ".join(f"{one.key}={one.value}" for one in session.cookie_jar)
    length = sum(len(one) for one in parts)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    )
    writer.write(head.encode())
    for part in parts:
        await writer.drain()
        await asyncio.sleep(0.01)
        writer.write(part)  # type: ignore[arg-type]
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


async def test_addresses_that_are_none_are_answered_calmly(doors: Doors) -> None:
    """Numbers, states and texts in a query that no page knows."""
    async with await doors.admin("auditor") as session:
        for method, path in paths(doors):
            if method != "GET" or path in TREATED:
                continue
            for query in (
                "?after=NaN",
                "?after=-1",
                "?state=%00&grade=%ff&partner=99999999999999999999&text=%F0%9F",
                "?text=" + "x" * 5000,
            ):
                async with session.get(doors.address + path + query, allow_redirects=False) as answer:
                    assert answer.status < 500 or path in ("/healthz", "/readyz"), (path, query)


async def test_a_file_that_is_too_large_is_turned_away(doors: Doors) -> None:
    """By its announced length before a byte is read; without one, when the limit is passed, in whatever part."""
    known = await doors.chat("coater_operator")

    async def endless(name: str) -> AsyncIterator[bytes]:
        yield f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="big.jpg"\r\n\r\n'.encode()
        for _chunk in range(30):
            yield b"\xff" * 1_000_000

    async with known:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        url = f"{doors.address}/chat/photo?id=aaaaaaaa-1"
        for name, status in (("file", 413), ("other", 400)):
            with contextlib.suppress(aiohttp.ClientError):  # the door may close while we still send
                async with known.post(url, data=endless(name), headers=headers) as answer:
                    assert answer.status == status
        reader, writer = await asyncio.open_connection(URL(doors.address).host, URL(doors.address).port)
        cookie = "; ".join(f"{one.key}={one.value}" for one in known.cookie_jar)
        writer.write(
            f"POST /chat/photo?id=aaaaaaaa-1 HTTP/1.1\r\nHost: {url.split('/')[2]}\r\nCookie: {cookie}\r\n"
            f"X-CSRF-Token: {known.headers['X-CSRF-Token']}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            "Content-Length: 200000000\r\n\r\n".encode()
        )
        assert b" 413 " in await reader.readline()
        writer.close()
        many = b"--x\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(20_000)) + b"\r\nx\r\n--x--\r\n"
        async with known.post(url, data=many, headers=headers) as answer:
            assert answer.status == 400
    assert not await Inbound.exists(update_id__contains="aaaaaaaa-1")


async def test_who_says_nothing_is_shown_the_door(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a head, a body that never comes: the connection is closed, others are served meanwhile."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.3)
    doorman = Doorman(patience=0.3, look=0.1)
    application = web.Application()
    application.router.add_post("/body", _reads)
    doorman.guard(application)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.server is not None
    doorman.start(runner.server)
    port = runner.addresses[0][1]
    try:
        half, half_writer = await asyncio.open_connection("127.0.0.1", port)
        half_writer.write(b"POST /bo")
        slow, slow_writer = await asyncio.open_connection("127.0.0.1", port)
        slow_writer.write(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12")
        async with aiohttp.ClientSession() as good:
            async with good.post(f"http://127.0.0.1:{port}/body", data=b"12345") as answer:
                assert await answer.text() == "5"
        async with asyncio.timeout(10):
            assert await half.read() == b""
            assert b" 408 " in await slow.readline()
        half_writer.close()
        slow_writer.close()
    finally:
        await doorman.stop()
        await runner.cleanup()


async def _reads(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await bodies.whole(request, 10))))


async def test_api_takes_the_template_and_says_what_is_wrong(doors: Doors) -> None:
    """The same template drives the API: faults per field, then a case; without the token nothing."""
    from core import evidence
    from tests.plants import answers

    actor = await doors.plant.actor("coater_operator", "api")
    received = await doors.house.darkroom.receive(actor, photo(), source_ref=None)
    kept = await evidence.keep(actor, received)
    session = await doors.chat("coater_operator")
    async with session:
        body = {"category": "P", "answers": {"lot": "CT-001"}, "evidence_ids": [kept.id]}
        async with session.post(f"{doors.address}/api/v1/anomalies", json=body) as answer:
            assert answer.status == 422
            assert answer.content_type == "application/problem+json"
            assert {"quantity", "place", "description"} <= set((await answer.json())["fields"])
        body["answers"] = {key: str(value) for key, value in answers("P").items()}  # type: ignore[assignment]
        async with session.post(
            f"{doors.address}/api/v1/anomalies", json=body, headers={"X-CSRF-Token": "wrong"}
        ) as answer:
            assert answer.status == 401
        async with session.post(f"{doors.address}/api/v1/anomalies", json=body) as answer:
            made = await answer.json()
            assert answer.status == 201, made
        async with session.get(f"{doors.address}/api/v1/anomalies/{made['number']}") as answer:
            assert (await answer.json())["state"] == "reported"
        async with session.get(f"{doors.address}/api/v1/openapi.json") as answer:
            assert (await answer.json())["openapi"] == "3.1.0"


ALLOWED = {
    "auditor": {
        "/admin",
        "/admin/cases",
        "/admin/lots",
        "/admin/orders",
        "/admin/products",
        "/admin/sensors",
        "/admin/audits",
        "/admin/people",
        "/admin/sessions",
        "/admin/access",
        "/admin/export",
        "/admin/ledger",
        "/admin/witness",
        "/admin/templates",
        "/admin/policies",
        "/admin/duty",
        "/admin/calendar",
        "/admin/notify",
        "/admin/two-people",
        "/admin/signing",
    },
    "operator": set(),
    "supplier": set(),
}


@pytest.mark.parametrize("name", sorted(ALLOWED))
async def test_who_may_open_which_page(doors: Doors, name: str) -> None:
    """Roles × pages; a page refused is 403 with a sentence, and a page seen is in the access log."""
    async with await doors.admin(name) as session:
        for view in VIEWS:
            if view.method == "POST" or "{" in view.path:
                continue
            async with session.get(doors.address + view.path) as answer:
                assert (answer.status == 200) == (view.path in ALLOWED[name]), (
                    name,
                    view.path,
                    answer.status,
                )
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    seen = (await people.accesses(system(doors.plant.id), size=100)).rows
    assert len([one for one in seen if one.person_id == doors.plant.persons[name]]) == len(ALLOWED[name])


async def test_forms_need_their_token_and_links_are_used_once(doors: Doors) -> None:
    """No CSRF token: 403 and nothing changed. A link opens once; looking at the page does not burn it."""
    async with await doors.admin("administrator") as session:
        form = {"person": str(doors.plant.persons["operator"]), "reason": "left"}
        async with session.post(f"{doors.address}/admin/people/revoke", data=form) as answer:
            assert answer.status == 403
        assert (await people.person(doors.plant.persons["operator"])).active
        form["csrf"] = session.headers["X-CSRF-Token"]
        async with session.post(f"{doors.address}/admin/people/revoke", data=form) as answer:
            assert answer.status == 200
        assert not (await people.person(doors.plant.persons["operator"])).active
    token = await people.one_time_link(system(doors.plant.id), doors.plant.persons["auditor"], "admin")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as first:
        async with first.get(f"{doors.address}/admin/enter") as answer:
            assert answer.status == 200
        async with first.post(f"{doors.address}/admin/enter", data={"token": token}) as answer:
            assert "code" in await answer.text()
        async with first.get(f"{doors.address}/admin/cases", allow_redirects=False) as answer:
            assert answer.status == 303, "one step is not enough"
    async with aiohttp.ClientSession() as second:
        async with second.post(f"{doors.address}/admin/enter", data={"token": token}) as answer:
            assert answer.status == 403


async def test_enrolment_shows_the_code_once_behind_the_link(doors: Doors) -> None:
    """QR after POST only, confirmed by two codes in a row, then the person can sign in."""
    import re

    import pyotp

    root = system(doors.plant.id)
    person = await people.add_person(root, doors.plant.id, "新同事", ["responsible"])
    admin = await doors.plant.actor("administrator")
    token = await people.one_time_link(admin, person, "enrol")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(f"{doors.address}/enrol") as answer:
            assert 'class="qr"' not in await answer.text()
        async with session.post(f"{doors.address}/enrol", data={"token": token}) as answer:
            shown = await answer.text()
        assert 'class="qr"' in shown
        secret = re.search(r"<code>([A-Z2-7]{32})</code>", shown)
        csrf = re.search(r'name="csrf" value="([^"]+)"', shown)
        assert secret
        assert csrf
        totp = pyotp.TOTP(secret[1])
        codes = [totp.at(clock.now()), totp.at(clock.now() + dt.timedelta(seconds=30))]
        clock.shift(dt.timedelta(seconds=30))
        form = {"csrf": csrf[1], "code1": codes[0], "code2": codes[1], "pin": "204816"}
        for wrong in ("", "on", "0" * 64):
            sent = {**form, "undertaking": wrong}
            async with session.post(f"{doors.address}/enrol/confirm", data=sent) as answer:
                assert (answer.status, "请阅读约定书" in await answer.text()) == (403, True)
        accepts = re.search(r'name="undertaking" value="([0-9a-f]{64})"', shown)
        assert accepts
        form["undertaking"] = accepts[1]
        async with session.post(f"{doors.address}/enrol/confirm", data=form) as answer:
            assert answer.status == 200, await answer.text()
        async with session.post(f"{doors.address}/enrol", data={"token": token}) as answer:
            assert answer.status == 403


async def test_a_partner_sees_its_own_cases_only(doors: Doors) -> None:
    """A supplier's person opens the own case by API and not the plant's other one."""
    own = await reported(doors.plant, by="coater_operator")
    other = await reported(doors.plant, by="operator", lot="MC-002")
    async with await doors.chat("supplier") as session:
        async with session.get(f"{doors.address}/api/v1/anomalies/{own.number}") as answer:
            assert answer.status == 200
        async with session.get(f"{doors.address}/api/v1/anomalies/{other.number}") as answer:
            assert answer.status == 404
