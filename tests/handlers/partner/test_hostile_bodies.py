"""Bodies that no honest program sends: 4xx as a problem document, and nothing changes."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import zipfile

import aiohttp
import pytest

from core import clients, people
from core.clients import tokens
from core.inbox.models import Inbound
from core.kit import clock
from core.ledger.models import LedgerEntry
from core.lots.models import Lot
from handlers.partner.routes import ROUTES
from tests.handlers.partner.program import Programs


def pair(*members: tuple[str, str]) -> bytes:
    """A ZIP of members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members:
            packed.writestr(name, text)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'
)
JSON = "application/json"
BODIES: dict[str, tuple[bytes, str]] = {
    "deep list": (b"[" * 100_000 + b"]" * 100_000, JSON),
    "deep object": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, JSON),
    "just too deep": (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", JSON),
    "huge whole number": (b'{"number": ' + b"9" * 100_000 + b"}", JSON),
    "huge exponent": (b'{"number": 1e999999}', JSON),
    "NaN": (b'{"number": NaN}', JSON),
    "NUL": (b'{"number": "a\\u0000b"}', JSON),
    "raw NUL": (b'{"number": "a\x00b"}', JSON),
    "half a character": (b'{"number": "\\ud800"}', JSON),
    "not UTF-8": (b'{"number": "\xff"}', JSON),
    "UTF-16": ('{"number": "x"}'.encode("utf-16"), JSON),
    "a name twice": (b'{"number": "a", "number": "b"}', JSON),
    "a list": (b"[]", JSON),
    "null": (b"null", JSON),
    "empty": (b"", JSON),
    "cut off": (b'{"number": "a', JSON),
    "unknown field": (b'{"number": "a", "__proto__": {}, "admin": true}', JSON),
    "too large": (b'{"number": "' + b"x" * 300_000 + b'"}', JSON),
    "many fields": (json.dumps({f"k{n}": n for n in range(10_000)}).encode(), JSON),
    "form": (b"number=a", "application/x-www-form-urlencoded"),
    "no type": (b"{}", "application/x-nothing"),
    "XML": (XXE, "application/xml"),
    "zip bomb": (bomb(), "application/zip"),
}
WHOLE = ("/api/v1/lots", "/api/v1/operations", "/api/v1/anomalies")
"""Routes that meet every body; the others, of the same door, meet a few."""
SOME = ("just too deep", "NUL", "a name twice", "unknown field", "too large")
FILES: dict[str, tuple[bytes, str]] = {
    "workbook bomb": (
        bomb(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "entity": (XXE, "application/xml"),
    "laughs": (LAUGHS, "application/xml"),
    "deep JSON": (b"[" * 100_000, JSON),
    "bomb in a pair": (
        pair(("r.dfd", "K0100 1\n"), ("r.dfx", "1" * 30_000_000)),
        "application/octet-stream",
    ),
    "wrong pair": (pair(("r.dfd", "K0100 1\n"), ("s.dfx", "1\n")), "application/octet-stream"),
    "noise": (bytes(range(256)) * 100, "application/octet-stream"),
    "formula": (b"Lot,Product code,Quantity,Made at\n=cmd|calc,X,1,2026-11-01\n", "text/csv"),
    "empty": (b"", "text/csv"),
    "huge field": (b"Lot,Product code,Quantity,Made at\n" + b"x" * 2_000_000, "text/csv"),
    "too large": (b"x" * 5_000_001, "text/csv"),
    "wrong type": (b"x", "image/png"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_every_route_turns_hostile_bodies_away_and_changes_nothing(programs: Programs) -> None:
    """Every writing route, as the client with the most rights."""
    program = await programs.program("plant")
    clients_before = await LedgerEntry.all().count()
    lots_before = await Lot.all().count()
    for route in ROUTES:
        if route.body is None:
            continue
        path = route.path.replace("{id}", "1").replace("{number}", "WO-1")
        chosen = BODIES if route.path in WHOLE else {name: BODIES[name] for name in SOME}
        for name, (raw, media) in chosen.items():
            answer = await program.ask(
                route.method,
                path,
                data=raw,
                headers={"Content-Type": media, "Idempotency-Key": "hostile-0001"},
            )
            assert 400 <= answer.status < 500, (route.path, name, answer.status)
            assert answer.headers["Content-Type"].startswith("application/problem+json"), (route.path, name)
            assert {"type", "title", "status", "detail", "code"} <= set(answer.body), (route.path, name)
    assert await LedgerEntry.all().count() == clients_before
    assert await Lot.all().count() == lots_before
    assert await Inbound.filter(channel="api").count() == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_hostile_files_are_turned_away_and_change_nothing(programs: Programs) -> None:
    """Bombs, entities, depth, noise, formulas: 4xx, and no import is on record."""
    program = await programs.program("plant")
    before = await LedgerEntry.all().count()
    for name, (raw, media) in FILES.items():
        answer = await program.ask(
            "POST", "/api/v1/files", data=io.BytesIO(raw), headers={"Content-Type": media}
        )
        assert 400 <= answer.status < 500, (name, answer.status, answer.body)
        assert answer.headers["Content-Type"].startswith("application/problem+json"), name
    assert await LedgerEntry.all().count() == before


async def test_secrets_are_compared_in_constant_time(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Digests are compared by ``compare_digest`` alone, and once too for a client that does not exist."""
    made = await programs.made("supplier")
    compared: list[tuple[str, str]] = []

    def watched(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(tokens.hmac, "compare_digest", watched)
    await clients.issue_token(made.client.client_id, made.secret)
    known = len(compared)
    assert known >= 1
    compared.clear()
    for name in (made.client.client_id, "bhc_nobody"):
        with pytest.raises(clients.ClientRefused):
            await clients.issue_token(name, "wrong")
    assert compared
    assert all(len(one) == len(other) == 64 for one, other in compared)


async def test_problems_speak_the_language_that_is_asked_for(programs: Programs) -> None:
    """The sentence follows Accept-Language, the code does not."""
    program = await programs.program("supplier")
    for language, ascii_only in (("en-GB,en;q=0.9", True), ("zh-CN", False)):
        answer = await program.get("/api/v1/lots/NONE-1", headers={"Accept-Language": language})
        assert (answer.status, answer.body["status"]) == (404, 404)
        assert answer.body["detail"].isascii() == ascii_only
        assert answer.headers["Content-Language"].startswith("en" if ascii_only else "zh")
    nowhere = await program.get("/api/v1/nothing")
    assert (nowhere.status, nowhere.body["code"]) == (404, "NotFound")
    wrong = await program.ask("PUT", "/api/v1/lots")
    assert (wrong.status, {"GET", "POST"} <= set(wrong.headers["Allow"].split(","))) == (405, True)


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z"]
)
async def test_times_at_the_ends_of_the_calendar_are_refused(programs: Programs, at: str) -> None:
    """No zone can be reckoned there: 422, not a broken server; nor is a lot made in the future."""
    program = await programs.program("supplier")
    lot = {
        "number": "CT-777", "product": "SCREW-35", "quantity": "1", "unit": "pcs", "made_at": at, "place": "x"
    }  # fmt: skip
    split = {"kind": "split", "takes": [{"lot": "CT-001"}], "makes": [{"number": "X", "quantity": "1"}]}
    for path, body in (("/api/v1/lots", lot), ("/api/v1/operations", {**split, "at": at})):
        answer = await program.post(path, body)
        assert (answer.status, answer.body["code"]) == (422, "BadBody"), answer.body
    traced = await program.get("/api/v1/lots/CT-001/trace", params={"as_of": at})
    assert traced.status == 422
    ahead = (clock.now() + dt.timedelta(hours=1)).isoformat()
    answer = await program.post("/api/v1/lots", {**lot, "made_at": ahead})
    assert (answer.status, answer.body["code"]) == (422, "NotYet")
    for number in ("CT-777\n", "CT\t777", "CT\u2028777"):
        answer = await program.post(
            "/api/v1/lots", {**lot, "made_at": "2026-11-01T00:00:00Z", "number": number}
        )
        assert (answer.status, answer.body["code"]) == (422, "BadBody")
    assert await Lot.filter(number__contains="777").count() == 0


async def test_a_query_of_a_thousand_alternatives_is_refused(programs: Programs) -> None:
    """No database is asked for more than it can parse; a hundred are answered."""
    program = await programs.program("supplier")
    for name in ("MATCH_epc", "MATCH_anyEPC", "EQ_eventID"):
        for value in ("a", "*", "urn:epc:idpat:sgtin:690123456.0789.*"):
            for count, status in ((100 if len(value) == 1 else 40, 200), (101, 422)):
                if count * (len(value) + 1) > 2000:
                    continue
                many = "|".join([value] * count)
                answer = await program.get("/api/v1/epcis/events", params={name: many})
                assert answer.status == status, (name, value, count, answer.body)


async def test_a_partner_learns_no_other_s_code_and_why_it_sends_nothing(programs: Programs) -> None:
    """A code of another partner and one of nobody are answered alike; an event of another is as one that is not there."""
    program = await programs.program("supplier")
    known = {one.id: one.code for one in await people.organisations(programs.plant.id)}
    for code in (known[programs.plant.partners["laboratory"]], "NOBODY"):
        answer = await program.post("/api/v1/shipments", {"lot": "CT-001", "receiver": code})
        assert (answer.status, answer.body["code"]) == (404, "NotFound"), answer.body
        stages = [{"kind": "inspection", "partner": code}]
        order = {"product": "SCREW-35", "quantity": "1", "stages": stages}
        assert (await program.post("/api/v1/orders", order)).status == 404
    made_at = (clock.now() - dt.timedelta(days=1)).isoformat()
    lot = {
        "number": "CT-778",
        "product": "SCREW-35",
        "quantity": "1",
        "unit": "pcs",
        "made_at": made_at,
        "place": "x",
    }
    assert (await program.post("/api/v1/lots", lot)).status == 201
    assert (await program.post("/api/v1/shipments", {"lot": "CT-778"})).status == 201
    away = await program.post("/api/v1/shipments", {"lot": "CT-778"})
    assert (away.status, away.body["code"]) == (422, "LotElsewhere")
    assert (await program.get("/api/v1/epcis/events/urn%3Auuid%3A1")).status == 404


@pytest.mark.parametrize("written", ["a\x00b:c", "%00:c"])
async def test_no_text_in_the_header_of_a_token_is_a_wrong_client(programs: Programs, written: str) -> None:
    """NUL in HTTP Basic never reaches a database that cannot keep it."""
    basic = base64.b64encode(written.encode()).decode()
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{programs.address}/api/v1/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {basic}"},
        ) as answer,
    ):
        assert (answer.status, (await answer.json())["error"]) == (401, "invalid_client")
