"""Who may open what: every role at every route of the admin view and the API, written down once more by hand."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from core import orders, people, sensors
from core.kit import system
from core.orders import NewOrder, NewStage, StageKind
from core.people.models import AccessLog
from core.sensors import Kind, NewSensor
from handlers.partner import app as partner
from handlers.partner.routes import ROUTES
from handlers.web.pages import by_wecom, enrolling, entering, passkeys, signing_page, witnessing_api
from handlers.web.routes import VIEWS
from tests.handlers.web.doors import Doors

READERS = {"responsible", "supervisor", "manager", "site_head", "auditor", "administrator"}
WATCHERS = {"auditor", "administrator"}
ADMINISTRATORS = {"administrator"}
PLANNERS = {"responsible", "supervisor", "manager", "site_head"}
"""Who plans orders, the act that this test asks for; the right of each act is tested in ``test_acts``."""
OUTSIDE = {"operator", "coater_operator", "supplier", "laboratory", "carrier"}
REPORTERS = {"operator", "responsible", "supervisor", "manager", "site_head", *OUTSIDE}
VIEWED = {
    ("GET", "/admin"): READERS,
    ("GET", "/admin/cases"): READERS,
    ("GET", "/admin/cases/{number}"): READERS,
    ("GET", "/admin/evidence/{id}/{part}"): READERS,
    ("GET", "/admin/orders"): READERS,
    ("GET", "/admin/orders/{number}"): READERS,
    ("GET", "/admin/act/{act}"): PLANNERS,
    ("POST", "/admin/act/{act}"): PLANNERS,
    ("GET", "/admin/import"): READERS - {"auditor"},
    ("GET", "/admin/import/{template}"): READERS - {"auditor"},
    ("POST", "/admin/import"): READERS - {"auditor"},
    ("POST", "/admin/import/undo"): ADMINISTRATORS,
    ("GET", "/admin/products"): READERS,
    ("GET", "/admin/products/{code}"): READERS,
    ("GET", "/admin/lots"): READERS,
    ("GET", "/admin/lots/{number}"): READERS,
    ("GET", "/admin/lots/{number}/trace.csv"): READERS,
    ("GET", "/admin/sensors"): READERS,
    ("GET", "/admin/sensors/{code}"): READERS,
    ("POST", "/admin/sensors/change"): READERS - {"auditor"},
    ("GET", "/admin/access"): WATCHERS,
    ("GET", "/admin/export"): WATCHERS,
    ("POST", "/admin/export/bundle"): WATCHERS,
    ("GET", "/admin/ledger"): READERS,
    ("GET", "/admin/templates"): READERS,
    ("GET", "/admin/policies"): READERS,
    ("GET", "/admin/duty"): READERS,
    ("POST", "/admin/duty/change"): ADMINISTRATORS,
    ("POST", "/admin/policies/change"): ADMINISTRATORS,
    ("GET", "/admin/calendar"): READERS,
    ("POST", "/admin/calendar/change"): ADMINISTRATORS,
    ("GET", "/admin/people"): READERS,
    ("GET", "/admin/audits"): READERS,
    ("GET", "/admin/sessions"): READERS,
    ("POST", "/admin/sessions/end"): ADMINISTRATORS,  # of somebody else, as the form of this test asks
    ("GET", "/admin/notify"): READERS,
    ("POST", "/admin/notify/set"): ADMINISTRATORS,  # the same
    ("POST", "/admin/audits/open"): ADMINISTRATORS,
    ("POST", "/admin/audits/end"): ADMINISTRATORS,
    ("GET", "/admin/witness"): READERS,
    ("POST", "/admin/witness/compare"): READERS,
    ("POST", "/admin/witness/acknowledge"): READERS,
    ("POST", "/admin/witness/name"): ADMINISTRATORS,
    ("POST", "/admin/witness/end"): ADMINISTRATORS,
    ("POST", "/admin/witness/key"): ADMINISTRATORS,
    ("POST", "/admin/people/link"): ADMINISTRATORS,
    ("POST", "/admin/people/revoke"): ADMINISTRATORS,
    ("GET", "/admin/two-people"): READERS,
    ("GET", "/admin/places"): ADMINISTRATORS,
    ("GET", "/admin/keys"): ADMINISTRATORS,
    ("POST", "/admin/keys/change"): ADMINISTRATORS,
    ("POST", "/admin/two-people/ask"): ADMINISTRATORS,
    ("POST", "/admin/two-people/aside"): {"manager", "site_head", "administrator"},
    ("GET", "/admin/signing"): WATCHERS,
    ("POST", "/admin/language"): READERS,
}
"""Method and path of each view, and who may use it."""
AWAY = ("/admin/language", "/admin/sessions/end", "/admin/notify/set")
"""Forms that lead to another page."""
REFUSED = {
    "/admin/audits/open": 409,
    "/admin/keys/change": 409,
    "/admin/audits/end": 404,
    "/admin/act/{act}": 422,
    "/admin/import": 400,
    "/admin/import/undo": 409,
    "/admin/duty/change": 409,
    "/admin/policies/change": 409,
    "/admin/calendar/change": 409,
    "/admin/export/bundle": 409,
    "/admin/sensors/change": 404,
    "/admin/two-people/ask": 409,
    "/admin/two-people/aside": 404,
    "/admin/witness/acknowledge": 409,
    "/admin/witness/end": 404,
    "/admin/witness/key": 404,
}
"""Views let in here whose own verb has nothing to do with the form of this test."""
BY_KEY = {("GET", "/api/v1/witness/request"), ("POST", "/api/v1/witness/cosignatures")}
"""Routes for scripts: the signature of a registered witness key is the sign-in."""
OPEN = {
    ("GET", "/"),
    ("GET", "/admin/enter"),
    ("POST", "/admin/enter"),
    ("POST", "/admin/code"),
    ("POST", "/admin/leave"),
    ("GET", "/static/admin.css"),
    ("GET", "/static/enter.js"),
    ("GET", "/static/copy.js"),
    ("GET", "/enrol"),
    ("POST", "/enrol"),
    ("POST", "/enrol/confirm"),
    ("GET", "/sign"),
    ("POST", "/sign"),
    ("POST", "/sign/confirm"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/sign/act"),
    ("GET", "/static/passkey.js"),
    ("GET", "/wecom/enter"),
    ("GET", "/wecom/join"),
    ("POST", "/wecom/join"),
    ("GET", "/wecom/entered"),
}
"""Routes that nobody needs a session for; none of them shows a record."""
BY_LINK = {("POST", "/sign/act"), ("POST", "/sign/act/confirm")}
"""Routes that show what would be signed to whoever holds the link of that one showing, out of the signer's own chat."""
BY_PIN = {("GET", "/sign/passkeys"), ("POST", "/sign/passkeys/add"), ("POST", "/sign/passkeys/end")}
"""Routes for ten minutes after PIN and code; they show no record."""
API = {
    ("GET", "/api/v1/templates"),
    ("GET", "/api/v1/templates/{category}"),
    ("POST", "/api/v1/anomalies"),
    ("GET", "/api/v1/anomalies/{number}"),
    ("GET", "/api/v1/witness/script"),
}
"""Routes that people signed in to a page ask as well as programs."""


def number_in(path: str, parts: dict[str, str]) -> str:
    """Which number a path takes: a lot's, an order's or a case's."""
    return parts["lot" if "lots" in path else "order" if "orders" in path else "number"]


def written(path: str) -> str:
    """A path as people write it, without the patterns of its parts."""
    return re.sub(r"\{(\w+):[^{}]+\}", r"{\1}", path)


def test_every_route_is_in_a_table_of_this_file() -> None:
    """A new route is added here with who may use it, or as one that shows no record."""
    views = {(view.method, written(view.path)) for view in VIEWS}
    assert views == set(VIEWED)
    pages = (entering, by_wecom, enrolling, signing_page, passkeys, witnessing_api)
    tables = [route for page in pages for route in page.ROUTES]
    others = {(route.method, route.path) for route in tables}
    others |= {(one.method, one.path) for one in ROUTES if one.people} | {("GET", partner.DOCUMENT)}
    assert others | {("GET", "/")} == OPEN | API | BY_KEY | BY_LINK | BY_PIN


async def filled(doors: Doors) -> dict[str, str]:
    """Something real for every placeholder."""
    case = await doors.reported("operator", lot="MC-001")
    stages = (NewStage(kind=StageKind.RECEIPT),)
    planned = NewOrder(product="SCREW-35", quantity=Decimal(5), stages=stages)
    order = await orders.plan_order(system(doors.plant.id), planned)
    code = "SCREW-35"  # of a product and of a sensor
    new = NewSensor(code=code, kind=Kind.TEMPERATURE, unit="°C", topic="cold/1")
    await sensors.record_sensor(system(doors.plant.id), new)
    return {
        "number": case.number,
        "lot": "MC-001",
        "order": order.number,
        "code": code,
        "id": str(case.evidence_ids[0]),
        "part": "preview",
        "template": "lots.csv",
        "act": "order-plan",
    }


@pytest.mark.parametrize("name", sorted(READERS | OUTSIDE))
@pytest.mark.req("G-46a")
async def test_each_role_opens_its_pages_and_no_other(doors: Doors, name: str) -> None:
    """Allowed: 200 and one line in the access log. Otherwise: 403, a sentence, nothing changed, nothing logged."""
    parts = await filled(doors)
    victim = await people.add_person(system(doors.plant.id), doors.plant.id, "临时工", ["operator"])
    viewed = []
    async with await doors.admin(name) as session:
        for (method, path), allowed in VIEWED.items():
            target = path.format(**{**parts, "number": number_in(path, parts)})
            form = {
                "csrf": session.headers["X-CSRF-Token"],
                "person": str(victim),
                "kind": "invite",
                "reason": "离职",
                "locale": "en",
            }
            async with session.request(
                method, doors.url(target), data=form if method == "POST" else None, allow_redirects=False
            ) as answer:
                granted = 303 if path in AWAY else REFUSED.get(path, 200) if method == "POST" else 200
                expected = granted if name in allowed else 403
                assert answer.status == expected, (name, method, target, await answer.text())
                if answer.status >= 400:
                    assert "<h1>" in await answer.text()
                if answer.status < 400 or answer.status == 422:  # a form shown once more, with its choices
                    viewed.append(target)
            if path == "/admin/language" and name in allowed:
                await people.choose_locale(await doors.plant.actor(name), "zh_CN")
    assert (await people.person(victim)).active == (name not in ADMINISTRATORS)
    logged = await AccessLog.filter(person_id=doors.plant.persons[name], door="admin").order_by("id")
    assert len(logged) == len(viewed)
    of_case = [one.subject for one in logged if one.case_number == parts["number"]]
    expected = [f"case {parts['number']}", f"evidence {parts['id']} preview"] if name in READERS else []
    assert of_case == expected


async def test_every_answer_with_a_record_is_in_the_access_log(doors: Doors) -> None:
    """All GET routes of both doors, opened once by the auditor: as many lines as views, in the same order."""
    parts = await filled(doors)
    async with await doors.admin("auditor") as session:
        targets = [
            path.format(**{**parts, "number": number_in(path, parts), "category": "P"})
            for method, path in (*(view for view, who in VIEWED.items() if "auditor" in who), *sorted(API))
            if method == "GET"
        ]
        for target in targets:
            async with session.get(doors.url(target)) as answer:
                assert answer.status == 200, target
    logged = await AccessLog.filter(person_id=doors.plant.persons["auditor"]).order_by("id")
    assert len(logged) == len(targets)
    assert {one.door for one in logged} == {"admin", "api"}


@pytest.mark.parametrize("name", sorted(READERS | OUTSIDE))
@pytest.mark.req("P-10g")
async def test_each_role_at_the_api(doors: Doors, name: str) -> None:
    """Whoever may report may report here; a case is shown within the reader's scope, else it does not exist."""
    case = await doors.reported("operator", lot="MC-001")
    lot = "CT-001" if name in {"coater_operator", "supplier"} else "MC-001"
    async with await doors.chat(name) as session:
        async with session.get(doors.url(f"/api/v1/anomalies/{case.number}")) as answer:
            assert answer.status == (200 if name in READERS | {"operator"} else 404)
        async with session.get(doors.url("/api/v1/templates/P")) as answer:
            assert answer.status == 200
        body = {"category": "P", "answers": {"lot": lot}, "evidence_ids": []}
        async with session.post(doors.url("/api/v1/anomalies"), json=body) as answer:
            assert answer.status == (422 if name in REPORTERS else 403), await answer.text()


async def test_another_plant_does_not_exist_here(doors: Doors) -> None:
    """A second registrant with the same numbers: its people, cases, photos and lots are not found, and not mixed in."""
    from tests.plants import small_plant

    own = await doors.reported("operator", lot="MC-001")
    other = Doors(doors.house, await small_plant(code="XX"), doors.address)
    theirs = await other.reported("operator", lot="MC-001", description="邻厂的秘密")
    assert own.number == theirs.number
    from core import signing

    signing.use_keys(doors.plant.ring)
    async with await doors.admin("administrator") as session:
        async with session.get(doors.url(f"/admin/cases/{own.number}")) as answer:
            shown = await answer.text()
            assert "邻厂的秘密" not in shown
            assert shown.count("<strong>异常已上报</strong>") == 1
        async with session.get(doors.url(f"/admin/evidence/{theirs.evidence_ids[0]}/thumb")) as answer:
            assert answer.status == 404
        form = {"csrf": session.headers["X-CSRF-Token"], "kind": "chat", "reason": "x"}
        form["person"] = str(other.plant.persons["operator"])
        for path in ("/admin/people/link", "/admin/people/revoke"):
            async with session.post(doors.url(path), data=form) as answer:
                assert answer.status == 404
        async with await other.admin("auditor") as neighbour:
            async with neighbour.get(doors.url("/admin/policies")) as answer:
                assert answer.status == 200
        async with session.get(doors.url("/admin/access")) as answer:
            shown = await answer.text()
            assert f"<span>案例 {own.number}</span>" in shown
            assert "<span>policies</span>" not in shown
    assert (await people.person(other.plant.persons["operator"])).active
