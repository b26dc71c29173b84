"""Whatever is sent to a route: an answer below 500, and nothing is written that nobody was allowed to write."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot import serving
from core.ledger.models import LedgerEntry
from tests.handlers.web.doors import Doors

SLOW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
PIECES = st.one_of(
    st.sampled_from(
        ["%00", "%ff", "%ED%A0%80", "..%2f", "%2e%2e", "AN-2026-000001", "CT-001", "%E2%80%AE", "'", "%25"]
    ),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).map(
        lambda text: URL.build(path=f"/{text}").raw_path[1:]
    ),
)
NAMES = [
    "after",
    "state",
    "stage",
    "grade",
    "category",
    "partner",
    "overdue",
    "text",
    "way",
    "status",
    "case",
]
QUERIES = st.dictionaries(st.sampled_from(NAMES), PIECES | st.integers().map(str), max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELD = st.sampled_from(
    ["lot", "quantity", "place", "description", "occurred_at", "detection", "risk", "\u202elot"]
)
REPORTS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["P", "K", "ZZ", "", "PPPP"]) | JSON,
        "answers": st.dictionaries(FIELD | st.text(max_size=8), st.text(max_size=60) | JSON, max_size=6)
        | JSON,
        "evidence_ids": st.lists(st.integers(), max_size=3) | JSON,
    }
)
FORMS = st.dictionaries(
    st.sampled_from(["person", "kind", "reason", "back", "token", "code", "code1", "code2", "x"]),
    st.text(max_size=60)
    | st.sampled_from(["invite", "chat", "enrol", "1", "99999999999999999999", "-1", "١"]),
    max_size=5,
)


def routes(doors: Doors, method: str) -> list[str]:
    """Paths of the web door for a method, with their placeholders."""
    found = {
        one.resource.canonical
        for one in serving.build(doors.house.house).router.routes()
        if one.method == method and one.resource is not None
    }
    return sorted(
        one for one in found if one.startswith(("/admin", "/api", "/enrol")) and one != "/admin/leave"
    )


async def below_500(session: aiohttp.ClientSession, method: str, url: URL, **more: Any) -> None:
    """The answer is one of the house's, not a fault."""
    async with session.request(method, url, allow_redirects=False, **more) as answer:
        assert answer.status < 500, (method, str(url), more, await answer.text())


@SLOW
@given(pieces=st.lists(PIECES, min_size=3, max_size=3), query=QUERIES)
async def test_addresses(doors: Doors, pieces: list[str], query: dict[str, str]) -> None:
    """Every GET route with whatever stands in its path and its query, as the auditor."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    async with await doors.admin("auditor") as session:
        for path in routes(doors, "GET"):
            for name, piece in zip(("{number}", "{category}", "{id}"), pieces, strict=True):
                path = path.replace(name, piece)  # noqa: PLW2901  one placeholder after the other
            path = path.replace("{part}", "preview")  # noqa: PLW2901
            await below_500(session, "GET", doors.url(f"{path}?{asked}"))


@SLOW
@given(body=JSON | REPORTS, key=st.none() | st.text("abcXYZ019-_:. ", max_size=90))
async def test_json(doors: Doors, body: object, key: str | None) -> None:
    """Reports of any shape: no fault, and no case unless the answer says so."""
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key.strip()
    session = await doors.admin("responsible")
    before = await LedgerEntry.all().count()
    async with session:
        data = json.dumps(body).encode()
        async with session.post(doors.url("/api/v1/anomalies"), data=data, headers=headers) as answer:
            assert 400 <= answer.status < 500, (body, await answer.text())
            assert answer.content_type == "application/problem+json"
    assert await LedgerEntry.all().count() == before


@SLOW
@given(form=FORMS, raw=st.binary(max_size=200), signed=st.booleans())
async def test_forms(doors: Doors, form: dict[str, str], raw: bytes, signed: bool) -> None:
    """Every POST route with any fields or bytes, with the right token or none, as somebody without rights."""
    session = await doors.admin("operator")
    before = await LedgerEntry.filter(kind__not="records:access:view").count()
    async with session:
        if signed:
            form["csrf"] = session.headers["X-CSRF-Token"]
        for path in routes(doors, "POST"):
            if path.startswith("/api"):
                continue
            await below_500(session, "POST", doors.url(path), data=form)
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            await below_500(session, "POST", doors.url(path), data=raw, headers=headers)
    assert await LedgerEntry.filter(kind__not="records:access:view").count() == before


async def test_headers_that_are_no_text(doors: Doors) -> None:
    """Cookie, token, origin, language, key and length as raw bytes."""
    import asyncio

    port = URL(doors.address).port
    assert port is not None
    session = await doors.admin("auditor")
    held = session.cookie_jar.filter_cookies(URL(doors.address))["bihuan_admin"].value
    await session.close()
    signed = b"Cookie: bihuan_admin=" + held.encode() + b"\r\n"
    for method, path in (
        ("GET", "/admin"),
        ("GET", "/api/v1/templates"),
        ("POST", "/api/v1/anomalies"),
        ("POST", "/admin/code"),
        ("POST", "/enrol"),
    ):
        for header in (
            b"Cookie: bihuan_admin=\xff\xfe; bihuan_chat=\xc3(; bihuan_enrol=\xff\r\n",
            b"Cookie: =;;;=\r\n",
            signed + b"X-CSRF-Token: \xff\xfe\r\n",
            signed + b"Origin: \xff://\xfe\r\n",
            signed + b"Accept-Language: \xff\r\n",
            signed + b"Idempotency-Key: \xff\xff\xff\xff\xff\xff\xff\xff\r\n",
            signed + b"Content-Type: \xff/\xfe; charset=\xff\r\n",
            signed + b"Content-Type: application/json; charset=nonsense\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n".encode()
                + header
                + b"\r\n{}"
            )
            await writer.drain()
            status = int((await reader.readline()).split()[1])
            writer.close()
            assert status < 500, (method, path, header)
