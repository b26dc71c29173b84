"""Sandboxes: everything can be tried, nothing real is touched, nothing can be taken for real."""

from __future__ import annotations

import pytest

from core import anomalies, clients, lots, people
from core.clients import Scope
from core.escalation.models import EscalationRun
from core.kit import NotPermitted
from core.ledger.models import LedgerEntry
from core.lots.models import Lot
from core.sandbox import make_sandbox
from tests.handlers.partner.program import Programs


@pytest.mark.parametrize("partner", ["supplier", "carrier", "plant"])
async def test_a_sandbox_client_works_apart_and_says_so(programs: Programs, partner: str) -> None:
    """Its lots, orders and cases are another plant's, numbered SBX-; the real plant is as it was."""
    administrator = await programs.plant.actor("administrator")
    owner = programs.plant.id if partner == "plant" else programs.plant.partners[partner]
    with pytest.raises(clients.SandboxMissing):
        await programs.made(partner, sandbox=True)
    apart = await make_sandbox(administrator, owner)
    before = await Lot.filter(plant_id=programs.plant.id).count()
    real = await LedgerEntry.filter(plant_id=programs.plant.id).count()
    tried = await programs.program(partner, sandbox=True)
    listed = await tried.get("/api/v1/lots")
    assert listed.headers["Bihuan-Sandbox"] == "true"
    assert all(one["number"].startswith("SBX-") for one in listed.body["items"])
    [order] = (await tried.get("/api/v1/orders")).body["items"]
    assert order["number"].startswith("SBX-WO-")
    if partner == "supplier":
        stage = order["stages"][0]["id"]
        assert (await tried.post(f"/api/v1/stages/{stage}/start", {})).status == 200
        taken = await tried.post(f"/api/v1/stages/{stage}/receive", {"lot": "SBX-MC-001", "place": "我处"})
        assert taken.status == 200, taken.body
        again = await tried.post("/api/v1/lots/PK-001/trace")
        assert again.status == 405
    assert (await tried.get("/api/v1/lots/PK-001")).status == 404
    assert (await tried.get("/api/v1/lots/CT-001")).status == 404
    template = await tried.get("/api/v1/templates/P")
    assert template.status == 200
    assert await Lot.filter(plant_id=programs.plant.id).count() == before
    # making the key, and giving its token, are the real plant's business; what is tried out is not
    kinds = await LedgerEntry.filter(plant_id=programs.plant.id).order_by("id").values_list("kind", flat=True)
    assert list(kinds)[real:] == ["clients:client:make"]
    assert apart.world_id not in {one.id for one in await people.plants()}
    real_program = await programs.program(partner, [Scope.LOTS_READ])
    numbers = str((await real_program.get("/api/v1/lots?limit=200")).body)
    assert "SBX-" not in numbers
    with pytest.raises(lots.LotUnknown):
        await lots.find(await programs.plant.actor("manager"), "SBX-MC-001")


async def test_cases_of_a_sandbox_alarm_nobody(programs: Programs) -> None:
    """Reported by a program, owned by nobody real, numbered SBX-; no alert, no notice to people of the plant."""
    administrator = await programs.plant.actor("administrator")
    await make_sandbox(administrator, programs.plant.partners["supplier"])
    made = await programs.made("supplier", sandbox=True)
    token = await clients.issue_token(made.client.client_id, made.secret)
    actor = (await clients.caller_of(token.token, "en")).actor
    from core import sop
    from core.anomalies.reporting import record
    from core.kit import unit_of_work
    from tests.plants import answers

    template = await sop.current_template(actor.plant_id, "P")
    given = {**{key: str(value) for key, value in answers("P").items()}, "lot": "SBX-MC-002"}
    async with unit_of_work():
        lot = await lots.find(actor, "SBX-MC-002")
        case = await record(actor, template, given, lot, evidence_ids=[], channel="api")
    assert case.number.startswith("SBX-AN-")
    assert await EscalationRun.all().count() == 0
    real = await anomalies.page(await programs.plant.actor("manager"))
    assert real.rows == []


async def test_a_sandbox_made_anew_is_fresh_and_keys_follow(programs: Programs) -> None:
    """Old records stay on the ledger, out of reach; only administrators make one; a client cannot."""
    supplier = programs.plant.partners["supplier"]
    administrator = await programs.plant.actor("administrator")
    first = await make_sandbox(administrator, supplier)
    tried = await programs.program("supplier", sandbox=True)
    new = {"number": "MINE-1", "product": "SBX-SCREW", "quantity": "1", "unit": "pcs", "place": "X"}
    new["made_at"] = "2026-11-01T00:00:00Z"
    assert (await tried.post("/api/v1/lots", new)).status == 201
    second = await make_sandbox(administrator, supplier)
    assert first.world_id != second.world_id
    assert (await tried.get("/api/v1/lots/MINE-1")).status == 404
    assert (await tried.post("/api/v1/lots", new)).status == 201
    assert await Lot.filter(number="MINE-1").count() == 2
    for name in ("manager", "supplier"):
        with pytest.raises(NotPermitted):
            await make_sandbox(await programs.plant.actor(name), supplier)
