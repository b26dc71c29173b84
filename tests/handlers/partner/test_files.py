"""Files of a partner's program that are themselves evidence: kept as they came, judged by the plant."""

from __future__ import annotations

import json

from core import inspections
from core.anomalies.models import Anomaly
from core.clients import Scope
from core.evidence.models import Evidence
from core.inspections import Verdict
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
