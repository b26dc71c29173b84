"""Witnesses at the web door: the page for people, the routes for scripts, the script against a running house."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from core import ledger, witness
from core.ledger.models import LedgerEntry
from core.witness.models import Acknowledgement, Cosignature
from handlers.witness import shipping
from tests.core.ledger.logs import verified
from tests.core.witness import forgers
from tests.handlers.web.doors import Doors


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The shipped file as a module."""
    file = tmp_path_factory.mktemp("script") / shipping.NAME
    file.write_text(shipping.script(), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("shipped_web_witness", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
async def home(doors: Doors, script: Any, tmp_path: Path) -> Any:
    """The coater's witness, its key registered by the administrator on the page."""
    made = script.Home(tmp_path / "coater")
    line = made.make("coating.example/w1", [str(one) for one in doors.house.house.signer.verifiers])
    async with await doors.admin("administrator") as session:
        form = {
            "csrf": session.headers["X-CSRF-Token"],
            "organisation": str(doors.plant.partners["supplier"]),
            "line": line,
        }
        async with session.post(doors.url("/admin/witness/key"), data=form) as answer:
            assert answer.status == 200
            assert line.replace("+", "&#43;") in (await answer.text()).replace("+", "&#43;")
        for wrong in (line, "hello", "", line[:-4]):
            async with session.post(doors.url("/admin/witness/key"), data={**form, "line": wrong}) as answer:
                assert answer.status == 409
    await doors.house.house.sealer.seal_now()
    return made


def authorised(
    script: Any, home: Any, method: str, path: str, *, moment: int | None = None
) -> dict[str, str]:
    name, seed = home.identity()
    at = int(time.time()) if moment is None else moment
    signed = script.sign(seed, f"bihuan-witness-request/v1\n{at}\n{method} {path}\n".encode())
    return {
        "Authorization": f"Witness {name} {at} {base64.b64encode(signed).decode()}",
        "Content-Type": "text/plain; charset=utf-8",
    }


async def test_the_script_witnesses_a_running_house(doors: Doors, script: Any, home: Any) -> None:
    """Fetch, check, sign, hand in; twice, as the log grows; the line stands under the checkpoint, and the ledger is sound."""
    sizes = []
    for _run in range(2):
        said = await asyncio.to_thread(script.run, home, doors.address)
        assert said.startswith("witnessed")
        sizes.append(home.known().size)
        await doors.reported("operator", lot="MC-001")
        await doors.house.house.sealer.seal_now()
    assert sizes[1] > sizes[0]
    rows = await Cosignature.all().order_by("size")
    assert [row.size for row in rows] == sizes
    note = await witness.cosigned_note(sizes[0])
    assert note is not None
    assert note.endswith(rows[0].line + "\n")
    entry = await LedgerEntry.filter(kind="witness:checkpoint:cosign").order_by("id").first()
    assert entry is not None
    assert b"coating.example/w1" in entry.body
    last = await witness.last_witnessed(doors.plant.id)
    assert last is not None
    assert (last.size, last.organisation_id) == (sizes[1], doors.plant.partners["supplier"])
    await doors.house.house.sealer.seal_now()
    assert (await verified(doors.house.house.signer)).faults == ()
    async with await doors.admin("auditor") as session:
        async with session.get(doors.url("/admin/witness")) as answer:
            assert "coating.example/w1" in await answer.text()


async def test_the_script_refuses_a_rewritten_house(doors: Doors, script: Any, home: Any) -> None:
    """The forger has database and key: the witness signs nothing and says what it holds."""
    await asyncio.to_thread(script.run, home, doors.address)
    signer = doors.house.house.signer
    first = await LedgerEntry.all().order_by("id").first()
    assert first is not None
    doors.house.house.sealer._stopping.set()  # the forger stopped the service first
    await forgers.rewrite(signer, first.id, b'"schema":1', b'"schema":2')
    before = home.last.read_text(encoding="utf-8")
    with pytest.raises(script.Refused, match="ALARM"):
        await asyncio.to_thread(script.run, home, doors.address)
    assert home.last.read_text(encoding="utf-8") == before
    assert await Cosignature.all().count() == 1


async def test_a_request_without_a_registered_key_is_nobody(doors: Doors, script: Any, home: Any) -> None:
    """No key, another path, too old, too new, torn: 401, and nothing is recorded."""
    path = "/api/v1/witness/request?old=0"
    good = authorised(script, home, "GET", path)["Authorization"]
    now = int(time.time())
    async with await doors.chat("operator") as session:
        for header in (
            "",
            "Witness",
            "Basic abc",
            good.replace("Witness", "Basic"),
            good[:-4],
            good.replace("w1", "w2"),
            authorised(script, home, "POST", path)["Authorization"],
            authorised(script, home, "GET", path + "1")["Authorization"],
            authorised(script, home, "GET", path, moment=now - 3600)["Authorization"],
            authorised(script, home, "GET", path, moment=now + 3600)["Authorization"],
            "Witness w1 ١٢ AAAA",
            "Witness w1 " + "9" * 40 + " AAAA",
        ):
            async with session.get(doors.url(path), headers={"Authorization": header}) as answer:
                assert answer.status == 401, header
        async with session.get(doors.url(path), headers={"Authorization": good}) as answer:
            assert answer.status == 200
            assert (await answer.text()).startswith("old 0\n\n")
        for old, status in (("x", 400), ("-1", 400), ("9" * 30, 400), ("99999999", 409)):
            asked = f"/api/v1/witness/request?old={old}"
            headers = authorised(script, home, "GET", asked)
            async with session.get(doors.url(asked), headers=headers) as answer:
                assert answer.status == status, old
        admin = await doors.plant.actor("administrator")
        key = (await witness.keys(doors.plant.id))[0]
        await witness.retire_key(admin, key.id, "lost")
        async with session.get(doors.url(path), headers=authorised(script, home, "GET", path)) as answer:
            assert answer.status == 401


async def test_what_is_no_cosignature_is_not_kept(doors: Doors, script: Any, home: Any) -> None:
    """Another text, a foreign line, a time before the checkpoint, nonsense: a 4xx with a reason, nothing recorded."""
    last = await ledger.latest_checkpoint()
    assert last is not None
    path = "/api/v1/witness/cosignatures"
    name, seed = home.identity()
    body = last.note.partition("\n\n")[0] + "\n"

    def line(text: str, stamp: int) -> str:
        raw = script.key_hash(name, script.WITNESS_KEY, script.public_key(seed)) + stamp.to_bytes(8, "big")
        raw += script.sign(seed, f"cosignature/v1\ntime {stamp}\n{text}".encode())
        return f"— {name} {base64.b64encode(raw).decode()}\n"

    now = int(time.time())
    good = line(body, now)
    async with await doors.chat("operator") as session:

        async def handed(data: bytes, **headers: str) -> int:
            given = {**authorised(script, home, "POST", path), **headers}
            async with session.post(doors.url(path), data=data, headers=given) as answer:
                return answer.status

        assert await handed((last.note + good).encode(), Authorization="") == 401
        for wrong in (
            b"",
            b"hello",
            b"\xff\xfe",
            last.note.encode(),
            (last.note + good.replace("w1", "w9")).encode(),
            (last.note + line(body.replace(str(last.size), str(last.size + 1)), now)).encode(),
            (last.note + line(body, now - 86_400)).encode(),
            (last.note + line(body, now + 86_400)).encode(),
            (last.note + line(body, 2**62)).encode(),
            (last.note.replace(f"\n{last.size}\n", f"\n{last.size + 1}\n") + good).encode(),
            ledger.short_form(last.size, last.root).encode(),
            (last.note + good + "x" * 20_000).encode(),
        ):
            status = await handed(wrong)
            assert 400 <= status < 500, wrong
        assert await handed((last.note + good).encode(), **{"Content-Type": "application/json"}) == 415
        assert await Cosignature.all().count() == 0
        for _again in range(2):
            assert await handed((last.note + good).encode()) == 200
    assert await Cosignature.all().count() == 1, "brought twice, kept once"


async def test_the_page_names_compares_and_acknowledges(doors: Doors) -> None:
    """An administrator names; the auditor, named, acknowledges; whoever is not named is told so."""
    await doors.house.house.sealer.seal_now()
    last = await ledger.latest_checkpoint()
    assert last is not None
    auditor = doors.plant.persons["auditor"]
    async with await doors.admin("administrator") as session:
        csrf = {"csrf": session.headers["X-CSRF-Token"]}
        for form, status in (
            ({"person": str(auditor)}, 200),
            ({"person": str(auditor)}, 409),
            ({"person": "999999"}, 404),
            ({"person": "x"}, 404),
            ({}, 404),
            (
                {"organisation": str(doors.plant.partners["carrier"]), "channel": "telegram", "chat": "-100"},
                200,
            ),
            (
                {"organisation": str(doors.plant.partners["carrier"]), "channel": "telegram", "chat": "a b"},
                409,
            ),
        ):
            async with session.post(doors.url("/admin/witness/name"), data={**csrf, **form}) as answer:
                assert answer.status == status, form
        size = {"size": str(last.size), "digits": last.root}
        async with session.post(doors.url("/admin/witness/acknowledge"), data={**csrf, **size}) as answer:
            assert answer.status == 409
            assert "您不是本账本的见证人" in await answer.text()
    async with await doors.admin("auditor") as session:
        csrf = {"csrf": session.headers["X-CSRF-Token"]}
        for wrong in (
            {},
            {"size": "x"},
            {"size": str(last.size), "digits": last.root[:7]},
            {"size": str(last.size)},
        ):
            async with session.post(
                doors.url("/admin/witness/acknowledge"), data={**csrf, **wrong}
            ) as answer:
                assert answer.status == 409, wrong
        assert await Acknowledgement.all().count() == 0
        async with session.post(doors.url("/admin/witness/acknowledge"), data={**csrf, **size}) as answer:
            assert answer.status == 200
        assert (await Acknowledgement.get()).size == last.size
        for kept, words in (
            (last.note, "一致"),
            (ledger.short_form(last.size, last.root), "一致"),
            (ledger.short_form(last.size, "0" * 8), "不一致"),
            ("<script>alert(1)</script>", "读不出检查点"),
            ("", "读不出检查点"),
        ):
            async with session.post(
                doors.url("/admin/witness/compare"), data={**csrf, "kept": kept}
            ) as answer:
                shown = await answer.text()
                assert answer.status == 200
                assert words in shown
                assert "<script>" not in shown
        async with session.get(doors.url("/admin")) as answer:
            assert "未见证的尾部" in await answer.text()
        async with session.get(doors.url("/api/v1/witness/script")) as answer:
            assert await answer.text() == shipping.script()
            assert "attachment" in answer.headers["Content-Disposition"]


async def test_gauges_and_the_printed_case_tell_the_state_of_the_log(doors: Doors) -> None:
    """/metrics has the unwitnessed tail; the case page has size and root for every printed page."""
    case = await doors.reported("operator", lot="MC-001")
    await doors.house.house.sealer.seal_now()
    async with await doors.admin("auditor") as session:
        async with session.get(doors.url(f"/admin/cases/{case.number}")) as answer:
            shown = await answer.text()
        last = await ledger.latest_checkpoint()
        assert last is not None
        at = shown.index('class="print-seal"')
        assert f"{case.number} · 账本 " in shown[at : at + 200]
        async with session.get(doors.url("/metrics")) as answer:
            page = await answer.text()
        gauges = dict(
            line.split(" ")
            for line in page.splitlines()
            if line.startswith(("bihuan_unwitnessed", "bihuan_seal_lag"))
        )
        waiting = 'bihuan_outbox_waiting{channel="-",priority="critical"}'
        for name in (waiting, "bihuan_sends_total", "bihuan_send_waits", "bihuan_edits_saved"):
            assert name in page
    tail = await witness.unwitnessed(doors.plant.id)
    assert 0 < float(gauges["bihuan_unwitnessed_entries"]) <= tail.count
    assert float(gauges["bihuan_unwitnessed_seconds"]) >= 0
    assert float(gauges["bihuan_seal_lag"]) >= 0
