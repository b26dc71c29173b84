"""Audit access on the admin page: opened and ended in a form, said on every page, bounded on each."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from core import lots, orders, people, sensors
from core.kit import clock, system
from core.orders import Flow, NewOrder, NewStage, StageKind
from core.people.models import AccessLog, Engagement
from core.sensors import Kind, NewSensor
from handlers.web.routes import VIEWS
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import opened, words


def form(doors: Doors, token: str, **changes: str) -> dict[str, str]:
    """What the browser sends when an administrator lets the auditor in for ten days."""
    today = clock.now().astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    given = {
        "csrf": token,
        "person": str(doors.plant.persons["auditor"]),
        "opens": today.isoformat(),
        "closes": (today + dt.timedelta(days=9)).isoformat(),
        "partner": "",
        "cases": "",
        "since": "",
        "until": "",
        "reason": "客户审核",
    }
    return given | changes


async def shut_out(doors: Doors) -> None:
    """End what the plant of the tests opened."""
    root = system(doors.plant.id)
    for one in await people.engagements(root):
        await people.end_engagement(root, one.id, "over")


async def test_the_administrator_lets_an_auditor_in_for_a_case_and_out_again(doors: Doors) -> None:
    """From the refusal to the scoped view and back, as the two people see it."""
    case, other = await doors.reported("coater_operator"), await doors.reported("operator", lot="MC-002")
    await shut_out(doors)
    shut = words(await opened(doors, "auditor", f"/admin/cases/{case.number}", 403))
    assert "您目前没有有效的审计授权" in shut
    for path in ("/api/v1/templates", "/api/v1/templates/P"):
        assert '"NotEngaged"' in await opened(doors, "auditor", path, 403)
    async with await doors.admin("administrator") as session:
        sent = form(doors, session.headers["X-CSRF-Token"], cases=f"{case.number}、{case.number} ")
        async with session.post(doors.url("/admin/audits/open"), data=sent) as answer:
            page = words(await answer.text())
            assert answer.status == 200
            assert answer.url.path == "/admin/audits"
        assert "进行中" in page
        assert case.number in page
    text = await opened(doors, "auditor", f"/admin/cases/{case.number}")
    assert "审计授权有效至" in text
    assert "没有" in words(await opened(doors, "auditor", f"/admin/cases/{other.number}", 404))
    listed = words(await opened(doors, "auditor", "/admin/cases"))
    assert case.number in listed
    assert other.number not in listed
    lot = await opened(doors, "auditor", "/admin/lots/CT-001")
    assert "PK-001" in words(lot)
    assert 'href="/admin/lots/PK-001"' not in lot, "what may not be opened is no link"
    await lots.hold(
        await doors.plant.actor("responsible"), [doors.plant.lots["PK-001"]], case.number, "suspect"
    )
    assert 'href="/admin/lots/PK-001"' in await opened(doors, "auditor", "/admin/lots/CT-001")
    seen = await AccessLog.filter(person_id=doors.plant.persons["auditor"]).order_by("-id").first()
    assert seen is not None
    standing = await Engagement.get(ended_at=None)
    assert seen.detail == f"engagement {standing.id}"
    async with await doors.admin("administrator") as session:
        sent = {
            "csrf": session.headers["X-CSRF-Token"],
            "engagement": str(standing.id),
            "reason": "审核结束",
        }
        async with session.post(doors.url("/admin/audits/end"), data=sent) as answer:
            assert "已提前终止" in words(await answer.text())
    assert "您目前没有有效的审计授权" in words(await opened(doors, "auditor", "/admin", 403))


async def test_days_are_whole_days_of_the_plants_calendar(doors: Doors) -> None:
    await shut_out(doors)
    async with await doors.admin("administrator") as session:
        sent = form(
            doors,
            session.headers["X-CSRF-Token"],
            opens="2026-11-25",
            closes="2099-01-01",
            since="2026-11-01",
            until="2026-11-30",
        )
        async with session.post(doors.url("/admin/audits/open"), data=sent) as answer:
            assert answer.status == 409, "longer than a year"
        opens = clock.now().date() + dt.timedelta(days=2)
        sent |= {"opens": opens.isoformat(), "closes": opens.isoformat()}
        async with session.post(doors.url("/admin/audits/open"), data=sent) as answer:
            page = await answer.text()
            assert answer.status == 200, words(page)
    row = await Engagement.get(ended_at=None)
    assert row.closes_at - row.opens_at == dt.timedelta(days=1)
    assert row.opens_at.astimezone(dt.timezone(dt.timedelta(hours=8))).hour == 0
    assert re.sub(r"\s+", " ", f"{opens} – {opens}") in words(page)
    assert "2026-11-01 至 2026-11-30 上报的案例" in words(page)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"opens": ""}, 409),
        ({"closes": "31.12.2026"}, 409),
        ({"closes": "2026-02-30"}, 409),
        ({"closes": "2020-01-01"}, 409),
        ({"person": "周洁"}, 404),
        ({"person": "9" * 30}, 404),
        ({"partner": "999999"}, 404),
        ({"cases": "AN-2026-999999"}, 409),
        ({"cases": "' OR 1=1 --"}, 409),
        ({"cases": " ".join(f"AN-{n}" for n in range(300))}, 409),
        ({"since": "2026-11-30", "until": "2026-11-01"}, 409),
        ({"reason": " \u200b "}, 409),
        ({"reason": "x" * 501}, 409),
        ({"csrf": "forged"}, 403),
    ],
)
async def test_what_makes_no_engagement_is_said_in_a_sentence_and_changes_nothing(
    doors: Doors, changes: dict[str, str], status: int
) -> None:
    await shut_out(doors)
    before = await Engagement.all().count()
    async with await doors.admin("administrator") as session:
        sent = form(doors, session.headers["X-CSRF-Token"], **changes)
        async with session.post(doors.url("/admin/audits/open"), data=sent) as answer:
            assert answer.status == status, words(await answer.text())
    assert await Engagement.all().count() == before


@pytest.mark.parametrize("name", ["auditor", "manager", "responsible", "supplier", "operator"])
async def test_only_an_administrator_lets_an_auditor_in(doors: Doors, name: str) -> None:
    before = await Engagement.all().count()
    async with await doors.admin(name) as session:
        sent = form(doors, session.headers["X-CSRF-Token"])
        for path in ("open", "end"):
            sent["engagement"] = str((await Engagement.all().order_by("id").first()).id)  # type: ignore[union-attr]
            async with session.post(doors.url(f"/admin/audits/{path}"), data=sent) as answer:
                assert answer.status == 403
    assert await Engagement.all().count() == before
    assert await Engagement.filter(ended_at=None).count() == before


NARROWED = {"/admin", "/admin/cases", "/admin/lots", "/admin/orders", "/admin/sensors", "/admin/access"}
"""Pages that tell of cases, lots and the orders they went through: the limits hold there. Those of one case or lot are tested by its number."""
WHATEVER = {
    *(
        "/admin/ledger",
        "/admin/witness",
        "/admin/export",
        "/admin/templates",
        "/admin/policies",
        "/admin/duty",
        "/admin/products",
    ),
    *("/admin/calendar", "/admin/people", "/admin/sessions", "/admin/notify", "/admin/audits"),
    *("/admin/two-people", "/admin/signing"),
}
"""Pages of no case (docs/operating/auditors.md): the same for every auditor who is let in."""


CLOSED = {"/admin/import", "/admin/keys", "/admin/places"}
"""Pages of those who change what the page shows: closed to every auditor."""


async def order_of(doors: Doors, lot: str) -> str:
    """A placed order that a lot came out of; answers its number."""
    root = system(doors.plant.id)
    coated = NewStage(kind=StageKind.PROCESS, process="coating", partner_id=doors.plant.partners["supplier"])
    order = await orders.plan_order(
        root, NewOrder(product="SCREW-35", quantity=Decimal(10), stages=(coated,))
    )
    await orders.place_order(root, order.id)
    await orders.start_stage(root, order.stages[0].id)
    await orders.record_lots(root, order.stages[0].id, Flow.OUT, [lot])
    return order.number


async def test_limits_narrow_what_is_about_cases_and_leave_the_plants_own_pages_whole(doors: Doors) -> None:
    """Each page of the view is one or the other; a new one is decided here and in the auditor's page of the docs."""
    pages = {one.path for one in VIEWS if one.method == "GET" and "{" not in one.path}
    assert pages == NARROWED | WHATEVER | CLOSED
    case = await doors.reported("coater_operator")
    other = await doors.reported("operator", lot="MC-002", description="别处的事")
    for one in (case, other):
        await opened(doors, "manager", f"/admin/cases/{one.number}")
    own_order, other_order = [await order_of(doors, lot) for lot in ("CT-001", "MC-002")]
    for code, lot in (("COLD-1", "CT-001"), ("COLD-2", "MC-002")):
        new = NewSensor(code=code, kind=Kind.TEMPERATURE, unit="°C", topic=code)
        made = await sensors.record_sensor(system(doors.plant.id), new)
        await sensors.stand(system(doors.plant.id), made.id, lot=lot)
    shows = dict.fromkeys(NARROWED, case.number) | {
        "/admin/lots": "CT-001",
        "/admin/orders": own_order,
        "/admin/sensors": "COLD-1",
    }
    hidden = {other.number, other_order, "MC-002", "COLD-2", "别处的事"}

    async def seen(path: str) -> str:
        text = words(await opened(doors, "auditor", path))
        return re.sub(r"[\x00-\x7f]+", " ", text)  # sizes, roots and times go on meanwhile

    whole = {path: await seen(path) for path in sorted(WHATEVER)}
    assert other.number in words(await opened(doors, "auditor", "/admin/access"))
    await shut_out(doors)
    async with await doors.admin("administrator") as session:
        sent = form(doors, session.headers["X-CSRF-Token"], cases=case.number)
        async with session.post(doors.url("/admin/audits/open"), data=sent) as answer:
            assert answer.status == 200
    for path in NARROWED:
        page = await opened(doors, "auditor", path)
        assert not hidden & set(re.findall(r"[\w-]+", page)), path
        assert shows[path] in page, path
    await opened(doors, "auditor", f"/admin/orders/{other_order}", 404)
    own = {"/admin/audits", "/admin/sessions"}  # the own engagement and sign-ins, which have changed
    assert {path: await seen(path) for path in WHATEVER - own} == {
        path: whole[path] for path in WHATEVER - own
    }
