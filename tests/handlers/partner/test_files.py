"""Files of a partner's program that are themselves evidence: kept as they came, judged by the plant."""

from __future__ import annotations

import datetime as dt
import json

from core import inspections, sensors
from core.anomalies.models import Anomaly
from core.clients import Scope
from core.evidence.models import Evidence
from core.inspections import Verdict
from core.kit import clock, system
from core.sensors import Kind, NewSensor
from tests.core.imports.test_certificates import _coa_out, certificate
from tests.handlers.partner.program import Programs

FILES = "/api/v1/files"
JSON = {"Content-Type": "application/json"}


async def test_a_certificate_is_kept_and_judged(programs: Programs) -> None:
    """A key for files alone hands it in; the file itself stays; what is out opens a case; tried, nothing is kept."""
    program = await programs.program("supplier", [Scope.FILES_WRITE])
    said = certificate()
    _coa_out(said)
    content = json.dumps(said).encode()
    tried = await program.ask("POST", f"{FILES}?lot=CT-001&dry_run=true", data=content, headers=JSON)
    assert tried.status == 200, tried.body
    assert await Evidence.all().count() == 0
    unnamed = await program.ask("POST", FILES, data=content, headers=JSON)
    assert unnamed.status == 422, "its own lot number is none of ours"
    elsewhere = await program.ask("POST", f"{FILES}?lot=PK-002", data=content, headers=JSON)
    assert elsewhere.status == 422
    assert await Evidence.all().count() == 0
    done = await program.ask("POST", f"{FILES}?lot=CT-001&name=coa.json", data=content, headers=JSON)
    assert done.status == 200, done.body
    manager = await programs.plant.actor("manager")
    kept = await Evidence.get()
    opened = await programs.house.darkroom.open_original(manager, kept.id)
    assert (opened.data, opened.name) == (content, "coa.json")
    (report,) = await inspections.reports_of(manager, programs.plant.lots["CT-001"])
    assert report.verdict is Verdict.NONCONFORMING
    assert await Anomaly.all().count() == 1
    case = {"category": "P", "answers": {}, "evidence_ids": [kept.id]}
    assert (await program.post("/api/v1/anomalies", case)).status == 403, "the scope is for files"


async def test_readings_of_a_sensor_come_by_file(programs: Programs) -> None:
    """The template that the API gives, filled in: its own sensor's readings, told by row where they are none."""
    root, supplier = system(programs.plant.id), programs.plant.partners["supplier"]
    new = NewSensor(code="OVEN-7", kind=Kind.TEMPERATURE, unit="°C", topic="oven/7", organisation_id=supplier)
    made = await sensors.record_sensor(root, new)
    program = await programs.program("supplier", [Scope.FILES_WRITE])
    head = (await program.get("/api/v1/files/templates/readings.csv?language=en")).body
    at = (clock.now() - dt.timedelta(minutes=3)).replace(microsecond=0).isoformat()
    csv = {"Content-Type": "text/csv"}
    wrong = await program.ask("POST", FILES, data=head + f"OVEN-7,{at},356,°F\r\n".encode(), headers=csv)
    assert (wrong.status, wrong.body["faults"][0]["code"]) == (422, "ReadingUnfit"), wrong.body
    good = head + f"OVEN-7,{at},180.5,\r\n".encode()
    for before in (False, True):
        done = await program.ask("POST", FILES, data=good, headers=csv)
        assert (done.status, done.body["before"], done.body["subject"]) == (200, before, "readings"), (
            done.body
        )
    await sensors.take_in()
    assert len(await sensors.points_of(root, made.id)) == 1
    other = await programs.program("carrier", [Scope.FILES_WRITE])
    assert (await other.ask("POST", FILES, data=good, headers=csv)).status == 422
