"""A partner's program goes through its work: order, lots, operation, transport, result, file; and sees nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import inspections, lots, orders, products
from core.inspections import NewCharacteristic, NewMethod
from core.kit import clock, system
from core.ledger.models import LedgerEntry
from core.lots import Consignment
from core.orders import NewOrder, NewStage, StageKind
from core.products import NewProduct
from handlers.partner.routes import ROUTES
from tests.handlers.partner.program import Programs


async def placed(programs: Programs) -> tuple[str, list[int]]:
    """An order placed with supplier, carrier and laboratory; its number and the ids of its stages."""
    root, partners = system(programs.plant.id), programs.plant.partners
    order = await orders.plan_order(
        root,
        NewOrder(
            product="SCREW-35",
            quantity=Decimal(500),
            stages=(
                NewStage(kind=StageKind.PROCESS, process="coating", partner_id=partners["supplier"]),
                NewStage(kind=StageKind.TRANSPORT, partner_id=partners["carrier"]),
                NewStage(kind=StageKind.INSPECTION, partner_id=partners["laboratory"]),
            ),
        ),
    )
    await orders.place_order(root, order.id)
    return order.number, [one.id for one in order.stages]


async def test_a_supplier_works_an_order_through_the_api(programs: Programs) -> None:
    """Receives what was sent, makes lots of it, ends its stage, sends it back; every step once, named in the ledger."""
    root = system(programs.plant.id)
    number, stages = await placed(programs)
    await products.record_products(
        root,
        [
            NewProduct(
                code="SCREW-35-C",
                name_zh="涂层骨螺钉",
                name_en="Coated screw",
                unit="pcs",
                sterile=False,
                implant=False,
                label_critical=False,
            )
        ],
    )
    await lots.ship(
        root, programs.plant.lots["MC-002"], Consignment(receiver_id=programs.plant.partners["supplier"])
    )
    program = await programs.program("supplier")
    seen = (await program.get("/api/v1/orders")).body["items"]
    assert [(one["number"], [stage["id"] for stage in one["stages"]]) for one in seen] == [
        (number, stages[:1])
    ]
    started = await program.post(f"/api/v1/stages/{stages[0]}/start", {}, key="start-0001")
    assert (started.status, started.body["state"]) == (200, "running")
    again = await program.post(f"/api/v1/stages/{stages[0]}/start", {}, key="start-0001")
    assert (again.body, again.headers["Idempotency-Replayed"]) == (started.body, "true")
    taken = await program.post(
        f"/api/v1/stages/{stages[0]}/receive", {"lot": "MC-002", "place": "涂层车间"}, key="receive-0001"
    )
    assert [(one["lot"], one["flow"], one["quantity"]) for one in taken.body["lots"]] == [
        ("MC-002", "in", "800")
    ]
    made = await program.post(
        "/api/v1/operations",
        {
            "kind": "produce",
            "takes": [{"lot": "MC-002"}],
            "product": "SCREW-35-C",
            "makes": [
                {"number": "CT-100", "quantity": "790"},
                {"number": "CT-100-S", "quantity": "10", "scrap": True},
            ],
            "process": "coating",
        },
        key="produce-0001",
    )
    assert made.status == 201, made.body
    out = await program.post(f"/api/v1/stages/{stages[0]}/lots", {"flow": "out", "lots": ["CT-100"]})
    assert out.status == 200, out.body
    assert (await program.post(f"/api/v1/stages/{stages[0]}/finish", {})).body["state"] == "done"
    sold = await program.post("/api/v1/shipments", {"lot": "CT-100", "customer": "华东医院"})
    assert (sold.status, sold.body["code"]) == (403, "NotPermitted")
    sent = await program.post("/api/v1/shipments", {"lot": "CT-100", "document": "SF-1"}, key="ship-00001")
    assert (sent.status, sent.body["receiver"]) == (201, "KG")
    traced = await program.get("/api/v1/lots/CT-100/trace?way=up")
    assert {one["lot"]["number"] for one in traced.body["nodes"]} >= {"MC-002"}
    where = await program.get("/api/v1/lots/CT-100")
    assert (where.body["where"], where.body["left"]) == ("in_transit", "790")
    entry = await LedgerEntry.filter(kind="lots:lot:produce").order_by("-id").first()
    assert b"supplier interface [bhc_" in entry.body
    assert entry.person_id is None
    plants = await lots.find(root, "CT-100")
    assert (plants.quantity, plants.organisation_id) == (Decimal(790), programs.plant.partners["supplier"])
    [operation] = [one for one in await lots.operations_on(root, plants.id) if one.kind.value == "produce"]
    assert operation.source == "api"
    away = await program.post(
        "/api/v1/operations",
        {"kind": "split", "takes": [{"lot": "PK-001"}], "makes": [{"number": "X", "quantity": "1"}]},
    )
    assert away.status == 404


async def test_a_laboratory_hands_results_in_and_a_carrier_drives(programs: Programs) -> None:
    """A value out of limits is our verdict, whatever is claimed; a leg departs and arrives with its seal."""
    root = system(programs.plant.id)
    _number, stages = await placed(programs)
    await inspections.publish_method(
        root,
        NewMethod(
            code="ROUGH",
            name_zh="粗糙度",
            name_en="Roughness",
            characteristics=(
                NewCharacteristic(key="ra", name_zh="Ra", name_en="Ra", unit="um", upper=Decimal("1.6")),
            ),
            effective_from=clock.now() - dt.timedelta(days=1),
        ),
    )
    await lots.move(
        root, programs.plant.lots["PK-001"], "实验室", partner_id=programs.plant.partners["laboratory"]
    )
    laboratory = await programs.program("laboratory")
    body = {
        "lot": "PK-001",
        "method": "ROUGH",
        "values": [{"key": "ra", "value": "1.9"}],
        "measured_at": clock.now().isoformat(),
        "claims": True,
    }
    result = await laboratory.post("/api/v1/results", body, key="result-0001")
    assert (result.status, result.body["verdict"], result.body["flags"]) == (201, "nonconforming", ["claim"])
    assert result.body["laboratory"] == "KG-laboratory"
    listed = await laboratory.get("/api/v1/lots/PK-001/results")
    assert [one["id"] for one in listed.body["items"]] == [result.body["id"]]
    erp = await programs.program("plant")
    leg = await erp.post(
        "/api/v1/legs",
        {"stage": stages[1], "from_place": "A", "to_place": "B", "carrier": "KG-carrier"},
        key="leg-000001",
    )
    assert leg.status == 201, leg.body
    carrier = await programs.program("carrier")
    gone = await carrier.post(f"/api/v1/legs/{leg.body['id']}/depart", {"vehicle": "沪A1", "seal": "S1"})
    assert gone.status == 200, gone.body
    come = await carrier.post(f"/api/v1/legs/{leg.body['id']}/arrive", {"seal_found": "S2"})
    assert (come.status, come.body["seal_intact"]) == (200, False)
    handed = await carrier.post(
        "/api/v1/handovers",
        {"giver": "KG-carrier", "giver_name": "冯涛", "taker": "KG", "taker_name": "王芳", "place": "收货区"},
    )
    assert handed.status == 201, handed.body
    [waiting] = (await erp.get("/api/v1/handovers")).body["items"]
    confirmed = await erp.post(f"/api/v1/handovers/{waiting['id']}/confirm")
    assert confirmed.body["confirmed_at"]


async def test_a_file_is_tried_handed_in_once_and_its_faults_told_by_line(programs: Programs) -> None:
    """The ERP's lots by CSV: dry run changes nothing; a fault names line, column and why in the language asked for."""
    erp = await programs.program("plant")
    headers = {"Content-Type": "text/csv", "Accept-Language": "en"}
    template = await erp.get("/api/v1/files/templates/lots.csv", headers={"Accept-Language": "en"})
    assert template.body.decode("utf-8-sig").startswith("Lot,Product code")
    good = b"Lot,Product code,Quantity,Made at\nNEW-1,SCREW-35,5,2026-11-01\n"
    bad = b"Lot,Product code,Quantity,Made at\nNEW-1,SCREW-35,5,2026-11-01\nNEW-2,NONE,-1,2026-11-01\n"
    answer = await erp.ask("POST", "/api/v1/files?name=a.csv", data=bad, headers=headers)
    assert (answer.status, answer.body["code"]) == (422, "Faulty")
    assert ("Quantity", 3) in {(one["column"], one["line"]) for one in answer.body["faults"]}
    assert all(one["detail"].isascii() for one in answer.body["faults"])
    tried = await erp.ask("POST", "/api/v1/files?dry_run=true", data=good, headers=headers)
    assert (tried.status, tried.body["number"], tried.body["rows"]) == (200, None, 1)
    assert (await erp.get("/api/v1/lots/NEW-1")).status == 404
    done = await erp.ask("POST", "/api/v1/files", data=good, headers=headers)
    assert (done.status, done.body["before"]) == (200, False)
    same = await erp.ask("POST", "/api/v1/files", data=good, headers=headers)
    assert (same.body["number"], same.body["before"]) == (done.body["number"], True)
    assert (await erp.get("/api/v1/lots/NEW-1")).body["lot"]["quantity"] == "5"
    supplier = await programs.program("supplier")
    refused = await supplier.ask(
        "POST", "/api/v1/files", data=good.replace(b"NEW-1", b"NEW-3"), headers=headers
    )
    assert refused.status == 403


async def test_a_partner_never_sees_anothers_rows(programs: Programs) -> None:
    """Every GET with everything that belongs to the supplier, asked by carrier and laboratory: 404 or an empty list."""
    number, stages = await placed(programs)
    case = await programs.reported("supplier", lot="CT-001")
    supplier = await programs.program("supplier")
    hook = await supplier.post(
        "/api/v1/webhooks", {"url": "https://qa.example.com/x", "events": ["order.placed"]}
    )
    parts = {"category": "P", "template": "series.csv"}

    def path_of(path: str) -> str:
        known = {
            **parts,
            "number": "CT-001" if "/lots/" in path else number if "/orders/" in path else case.number,
            "id": str(hook.body["id"] if "/webhooks/" in path else stages[0]),
        }
        return path.format(**known)

    # whose events are whose is tested with the events (test_epcis.py)
    own = [one for one in ROUTES if one.method == "GET" and "/epcis/" not in one.path]
    for route in own:
        assert (await supplier.get(path_of(route.path))).status == 200, route.path
    for name in ("laboratory", "carrier"):
        other = await programs.program(name)
        for route in own:
            answer = await other.get(path_of(route.path))
            if ("{number}" in route.path and "orders" not in route.path) or "{id}" in route.path:
                assert answer.status == 404, (name, route.path)
            said = str(answer.body)
            assert "CT-001" not in said.replace(path_of(route.path), "") or answer.status == 404
            assert case.number not in said or answer.status == 404
            assert "KG-supplier" not in said


async def test_pages_are_stable_while_rows_come_in(programs: Programs) -> None:
    """By the cursor every lot comes once, although others are recorded between the pages; Link leads on."""
    erp = await programs.program("plant")
    seen: list[str] = []
    path, turn = "/api/v1/lots?limit=2", 0
    while path:
        answer = await erp.get(path)
        assert answer.status == 200
        seen += [one["number"] for one in answer.body["items"]]
        path = answer.headers["Link"].split(">")[0][1:] if answer.body["next"] else ""
        turn += 1
        new = {"number": f"N-{turn}", "product": "SCREW-35", "quantity": "1", "unit": "pcs", "place": "X"}
        assert (await erp.post("/api/v1/lots", {**new, "made_at": clock.now().isoformat()})).status == 201
    assert sorted(seen) == sorted(programs.plant.lots)
    for wrong, status in (
        ("cursor=bG90czox", 200),
        ("cursor=b3JkZXJzOjE", 422),
        ("cursor=%00", 400),
        ("limit=0", 400),
    ):
        assert (await erp.get(f"/api/v1/lots?{wrong}")).status == status, wrong
    for wrong in ("unknown=1", "limit=1&limit=2", "limit=x"):
        assert (await erp.get(f"/api/v1/lots?{wrong}")).status == 400, wrong
    first = await erp.get("/api/v1/orders")
    same = await erp.get("/api/v1/orders", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status, same.body) == (304, b"")
