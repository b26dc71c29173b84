"""Every route meets bodies that are not what it takes: a 4xx, nothing changed, never a 500. And who may see what."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot import serving
from core import people
from core.kit import clock, system
from core.ledger.models import LedgerEntry
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


async def test_no_route_breaks_on_a_wrong_body(doors: Doors) -> None:
    """All routes × all bodies, as a stranger and signed in: below 500, and no record is written."""
    known = await doors.chat("coater_operator")
    async with aiohttp.ClientSession() as stranger, known:
        routes = [
            one for one in paths(doors) if one[1] not in ("/chat/events", "/admin/leave", "/chat/leave")
        ]
        assert len(routes) > 30
        before = await LedgerEntry.filter(kind__not="records:access:view").count()
        for session in (stranger, known):
            for method, path in routes:
                if method == "GET":
                    continue
                for name, body in BODIES.items():
                    for kind in (
                        "application/json",
                        "application/x-www-form-urlencoded",
                        "multipart/form-data",
                    ):
                        async with session.request(
                            method,
                            doors.address + path,
                            data=body,
                            headers={"Content-Type": kind},
                            allow_redirects=False,
                        ) as answer:
                            assert answer.status < 500, (method, path, name, kind, await answer.text())
        for method, path in routes:
            if method == "GET":
                for query in (
                    "?after=NaN",
                    "?after=-1",
                    "?state=%00&grade=%ff&partner=99999999999999999999&text=%F0%9F",
                ):
                    async with known.get(doors.address + path + query, allow_redirects=False) as answer:
                        assert answer.status < 500 or path in ("/healthz", "/readyz"), (path, query)
        assert await LedgerEntry.filter(kind__not="records:access:view").count() == before


async def test_a_file_of_200_megabytes_is_turned_away_unread(doors: Doors) -> None:
    """The announced length is enough to refuse; the page hears 413."""
    known = await doors.chat("coater_operator")

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.jpg"\r\n\r\n'
        for _chunk in range(30):
            yield b"\xff" * 1_000_000

    async with known:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        async with known.post(
            f"{doors.address}/chat/photo?id=aaaaaaaa-1", data=endless(), headers=headers
        ) as answer:
            assert answer.status == 413


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
        "/admin/audits",
        "/admin/people",
        "/admin/access",
        "/admin/export",
        "/admin/ledger",
        "/admin/witness",
        "/admin/templates",
        "/admin/policies",
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
