"""API v1: once per key, the same template as the chat, described by its own document."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from core import people
from core.anomalies.models import Anomaly
from core.ledger.models import LedgerEntry
from core.people.models import AccessLog
from tests.handlers.web.doors import Doors
from tests.plants import answers


async def body(doors: Doors, name: str, **changes: str) -> dict[str, Any]:
    """A whole report."""
    given = {key: str(value) for key, value in answers("P", **changes).items()}
    return {"category": "P", "answers": given, "evidence_ids": [await doors.photo(name)]}


async def sent(
    session: aiohttp.ClientSession, doors: Doors, report: object, key: str | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and body of a report."""
    headers = {} if key is None else {"Idempotency-Key": key}
    async with session.post(doors.url("/api/v1/anomalies"), json=report, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_repeated_key_makes_one_case(doors: Doors) -> None:
    """The first answer again, also when five come at once; another body under the key is refused; keys are personal."""
    async with await doors.chat("coater_operator") as session:
        report = await body(doors, "coater_operator")
        first = await sent(session, doors, report, "report-0001")
        assert first[0] == 201
        assert await sent(session, doors, report, "report-0001") == first
        at_once = await asyncio.gather(*(sent(session, doors, report, "report-0002") for _ in range(5)))
        assert {status for status, _made in at_once} == {201}
        assert len({made["number"] for _status, made in at_once}) == 1
        changed = {**report, "answers": {**report["answers"], "quantity": "13"}}
        status, wrong = await sent(session, doors, changed, "report-0001")
        assert (status, wrong["code"]) == (422, "KeyReused")
        for bad in ("short", "x" * 81, "with space 1"):
            assert (await sent(session, doors, report, bad))[0] == 400
        assert await Anomaly.all().count() == 2
    async with await doors.chat("supplier") as other:
        status, made = await sent(other, doors, await body(doors, "supplier"), "report-0001")
        assert (status, made["number"]) == (201, f"{first[1]['number'][:-1]}3")


async def test_a_refused_report_does_not_use_its_key_up(doors: Doors) -> None:
    """422 first, mended, then 201 under the same key."""
    async with await doors.chat("coater_operator") as session:
        report = await body(doors, "coater_operator")
        broken = {**report, "answers": {**report["answers"], "quantity": "-1"}}
        status, wrong = await sent(session, doors, broken, "report-0001")
        assert (status, list(wrong["fields"])) == (422, ["quantity"])
        assert (await sent(session, doors, report, "report-0001"))[0] == 201


async def test_each_fault_is_named_by_its_field_in_the_readers_language(doors: Doors) -> None:
    """Future date, many, 10,000 characters, an unknown lot with the nearest names: 422 and no case."""
    async with await doors.chat("coater_operator") as session:
        for changes, field in (
            ({"occurred_at": "2031-01-01T00:00:00+00:00"}, "occurred_at"),
            ({"quantity": "很多"}, "quantity"),
            ({"description": "长" * 10_000}, "description"),
            ({"interface_from": "moon"}, "interface_from"),
        ):
            status, wrong = await sent(session, doors, await body(doors, "coater_operator", **changes))
            assert (status, list(wrong["fields"])) == (422, [field])
            assert any("\u4e00" <= char <= "\u9fff" for char in wrong["fields"][field])
        status, wrong = await sent(session, doors, await body(doors, "coater_operator", lot="CT-0O1"))
        assert status == 404
        assert "CT-001" in wrong["detail"]
        async with session.post(
            doors.url("/api/v1/anomalies"),
            json=await body(doors, "coater_operator", quantity="0"),
            headers={"Accept-Language": "en-GB"},
        ) as answer:
            assert (await answer.json())["fields"]["quantity"].isascii()
    assert await Anomaly.all().count() == 0


async def test_what_is_no_report_is_turned_away_before_any_verb(doors: Doors) -> None:
    """Wrong types, extra keys, huge ids, half characters, deep or broken JSON, another content type."""
    async with await doors.chat("coater_operator") as session:
        before = await LedgerEntry.all().count()
        good = await body(doors, "coater_operator")
        after_photo = await LedgerEntry.all().count()
        for change in (
            {"category": ["P"]},
            {"category": ""},
            {"answers": [1]},
            {"answers": {"\u202elot": ""}},
            {"answers": {"Lot": "CT-001"}},
            {"answers": {"": ""}},
            {"answers": {"quantity": 12}},
            {"evidence_ids": [10**30]},
            {"evidence_ids": [-1]},
            {"evidence_ids": list(range(1, 11))},
            {"evidence_ids": ["1"]},
            {"extra": 1},
        ):
            assert (await sent(session, doors, {**good, **change}))[0] == 400, change
        for raw, kind, status in (
            (
                b'{"category": "\\ud800", "answers": {"a": "\\udfff"}, "evidence_ids": []}',
                "application/json",
                400,
            ),
            (b'{"category": NaN}', "application/json", 400),
            (b'{"category": "\\u0000"}', "application/json", 422),
            (b"[" * 30_000, "application/json", 400),
            (b'{"category": "P"', "application/json", 400),
            (b"\xff\xfe{}", "application/json", 400),
            (b"category=P", "application/x-www-form-urlencoded", 415),
            (b" " * 70_000, "application/json", 413),
        ):
            headers = {"Content-Type": kind}
            async with session.post(doors.url("/api/v1/anomalies"), data=raw, headers=headers) as answer:
                assert (answer.status, answer.content_type) == (status, "application/problem+json"), raw[:40]
        assert await LedgerEntry.all().count() == after_photo > before


async def test_evidence_of_somebody_else_cannot_be_attached(doors: Doors) -> None:
    """A photo of the plant is not found by the supplier's person, whatever id is sent."""
    async with await doors.chat("supplier") as session:
        report = await body(doors, "supplier")
        report["evidence_ids"] = [await doors.photo("operator")]
        status, wrong = await sent(session, doors, report)
        assert (status, wrong["code"]) == (404, "NotFound")


async def test_the_template_read_here_is_the_one_that_checks(doors: Doors) -> None:
    """Required keys of the template are the faults of an empty report; reading is logged at the API's door."""
    async with await doors.chat("responsible") as session:
        async with session.get(doors.url("/api/v1/templates")) as answer:
            listed = await answer.json()
        async with session.get(doors.url("/api/v1/templates/P")) as answer:
            template = await answer.json()
        async with session.get(doors.url("/api/v1/templates/ZZ")) as answer:
            assert answer.status in (404, 422)
        status, wrong = await sent(session, doors, {"category": "P", "answers": {}, "evidence_ids": []})
    assert len(listed) == 10
    required = {one["key"] for one in template["fields"] if one["required"] and not one.get("asked_if")}
    assert status == 422
    assert set(wrong["fields"]) == required
    me = await people.person(doors.plant.persons["responsible"])
    seen = await AccessLog.filter(person_id=me.id).order_by("id").values_list("door", "subject")
    assert [tuple(one) for one in seen] == [("api", "templates"), ("api", "template P")]
