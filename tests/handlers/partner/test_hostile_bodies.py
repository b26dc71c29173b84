"""Bodies that no honest program sends: 4xx as a problem document, and nothing changes."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from core import clients
from core.clients import tokens
from core.inbox.models import Inbound
from core.ledger.models import LedgerEntry
from core.lots.models import Lot
from handlers.partner.routes import ROUTES
from tests.handlers.partner.program import Programs


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
