"""A Q-DAS pair in a ZIP comes in by the partner API."""

from __future__ import annotations

from core.inspections.models import TestReport
from tests.core.imports.test_measuring_files import DFQ, VALUES
from tests.handlers.partner.program import Programs
from tests.handlers.partner.test_hostile_bodies import pair


async def test_a_pair_is_handed_in_once(programs: Programs) -> None:
    """Description and values make one report; the same ZIP again makes none."""
    erp = await programs.program("plant")
    raw = pair(("r.dfd", DFQ), ("r.dfx", VALUES.format(length="35,1")))
    headers = {"Content-Type": "application/octet-stream"}
    done = await erp.ask("POST", "/api/v1/files?name=r.zip", data=raw, headers=headers)
    assert (done.status, done.body["before"]) == (200, False), done.body
    same = await erp.ask("POST", "/api/v1/files?name=r.zip", data=raw, headers=headers)
    assert (same.body["number"], same.body["before"]) == (done.body["number"], True)
    assert await TestReport.all().count() == 1
