"""Once per key: over repeats, other bodies, many at once, and a process that dies in the middle."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import subprocess
import sys

import pytest

from core import people
from core.clients import Scope
from core.kit import clock
from core.lots.models import Lot
from core.people.models import Organisation
from handlers.partner import once
from tests.databases import SqliteFiles, close_database, open_database
from tests.handlers.partner import dying
from tests.handlers.partner.program import Programs
from tests.paths import ROOT


def lot(number: str) -> dict[str, str]:
    """A lot that a supplier made."""
    return {
        "number": number,
        "product": "SCREW-35",
        "quantity": "5",
        "unit": "pcs",
        "place": "涂层车间",
        "made_at": "2026-11-01T08:00:00+08:00",
    }


async def test_a_key_has_one_effect_and_one_answer(programs: Programs) -> None:
    """Repeated: the same answer and status; another body or route 422; of many at once one works; keys are each client's."""
    supplier = await programs.program("supplier")
    first = await supplier.post("/api/v1/lots", lot("L-1"), key="make-00001")
    assert (first.status, first.headers.get("Idempotency-Replayed")) == (201, None)
    again = await supplier.post("/api/v1/lots", lot("L-1"), key="make-00001")
    assert (again.status, again.body, again.headers["Idempotency-Replayed"]) == (201, first.body, "true")
    other = await supplier.post("/api/v1/lots", lot("L-2"), key="make-00001")
    assert (other.status, other.body["code"]) == (422, "KeyReused")
    elsewhere = await supplier.post("/api/v1/handovers", lot("L-1"), key="make-00001")
    assert elsewhere.status in (400, 422)
    at_once = await asyncio.gather(
        *(supplier.post("/api/v1/lots", lot("L-3"), key="make-00003") for _ in range(6))
    )
    assert {one.status for one in at_once} <= {201, 409}
    assert 201 in {one.status for one in at_once}
    for one in at_once:
        if one.status == 409:
            assert (one.body["code"], one.headers["Retry-After"]) == ("StillRunning", "1")
    assert (await supplier.post("/api/v1/lots", lot("L-3"), key="make-00003")).status == 201
    refused = await supplier.post("/api/v1/lots", lot("L-3"), key="make-00004")
    assert (refused.status, refused.body["code"]) == (422, "LotNumberTaken")
    mended = await supplier.post("/api/v1/lots", lot("L-4"), key="make-00004")
    assert mended.status == 201  # a refusal does not use a key up
    second = await programs.program("supplier", [Scope.LOTS_WRITE])
    assert (await second.post("/api/v1/lots", lot("L-5"), key="make-00001")).status == 201
    assert await Lot.filter(number__startswith="L-").count() == 4
    for wrong in ("short", "x" * 81, "with space", ""):
        answer = await supplier.ask(
            "POST", "/api/v1/lots", json=lot("L-9"), headers={"Idempotency-Key": wrong}
        )
        assert (answer.status, answer.body["code"]) == (400, "BadKey"), wrong


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_process_that_dies_in_the_middle_leaves_one_effect(
    when: str, sqlite_files: SqliteFiles
) -> None:
    """Dead before the commit: nothing is there, and the repeat does it. Dead after it: the repeat gets the first answer."""
    address = await sqlite_files.fresh()
    await open_database(address)
    plant = await people.found_plant("KG", "康固", "Kanggu")
    await close_database()
    child = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.handlers.partner.dying", json.dumps(address), str(plant), when],
        cwd=ROOT,
        check=False,
    )
    assert child.returncode == 9
    await open_database(address)
    assert await Organisation.filter(code=dying.CODE).count() == (when == "after")
    if when == "before":
        with pytest.raises(once.StillRunning):
            await dying.carried_out(plant)
        clock.shift(once.LONGEST + dt.timedelta(seconds=1))
    made, before = await dying.carried_out(plant)
    assert (made, before) == ({"status": 201, "code": dying.CODE}, when == "after")
    assert await Organisation.filter(code=dying.CODE).count() == 1
    await close_database()
