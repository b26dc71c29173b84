"""Exports: what is in them, what they leave behind, who gets them, and what spoiled records lead to."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import io
import json
import tempfile
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from core import anomalies, evidence, exchange, ledger, people, signing
from core.anomalies.models import Anomaly
from core.evidence.errors import Unavailable
from core.exchange import Exporter, Wanted
from core.exchange.verifier import bundle as bundle_checks
from core.exchange.verifier.bundle import Bundle
from core.exchange.verifier.places import Container
from core.exchange.verifier.proofs import Fault
from core.kit import NotFound, NotPermitted, clock, system
from core.kit.actor import Actor
from core.kit.permission import Level, Module, Permission
from core.kit.unit_of_work import snapshot
from core.ledger import Signer
from core.ledger import keys as ledger_keys
from core.ledger.models import LedgerEntry
from core.people.models import AccessLog
from tests.core.anomalies.cases import confirmed
from tests.core.evidence.photos import jpeg, scene
from tests.core.exchange import second_verifier
from tests.core.exchange.office import Office
from tests.core.ledger.logs import without_guards


def opened(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def held(raw: bytes) -> Bundle:
    """The bundle, held to both verifiers."""
    second_verifier.verify(raw)
    return Bundle(Container(io.BytesIO(raw)), [], None)


@pytest.mark.req("P-10b")
async def test_a_closed_case_leaves_whole_and_sound(records_office: Office) -> None:
    """Records, signatures as shown, originals byte for byte, entries, proofs, roles, views, PDF in both languages."""
    case = await records_office.closed()
    made, raw = await records_office.made(case.number, locales=("zh_CN", "en"))
    files, found = opened(raw), held(raw)
    assert made.size == len(raw)
    assert made.files == len(files)
    assert (made.log_size, made.root) == (max(found.stated), found.stated[max(found.stated)].hex())
    folder = f"cases/{case.number}"
    assert files[f"{folder}/{case.number}.zh_CN.pdf"].startswith(b"%PDF-")
    assert files[f"{folder}/{case.number}.en.pdf"].startswith(b"%PDF-")
    assert files[f"{folder}/evidence/1.jpg"] == jpeg(scene(1, (320, 240)))
    signed = json.loads(files[f"{folder}/signatures.json"])
    facts = await signing.signatures_of(case.number, plant_id=case.plant_id)
    assert [one["printed_name"] for one in signed] == [one.printed_name for one in facts]
    assert {one["meaning"] for one in signed} >= {"approved", "reviewed", "authored"}
    assert signed[0]["signed_at_local"].endswith("+08:00")
    tables = {record["table"] for record in json.loads(files[f"{folder}/records.json"])["records"]}
    assert tables >= {
        "anomalies_anomaly",
        "capa_capa",
        "capa_action",
        "lots_hold",
        "escalation_run",
        "evidence_link",
    }
    report = json.loads(files["access/report.json"])
    assert {one["printed_name"] for one in report["roles"]} >= {"王芳", "周洁", "郑丽"}
    assert [one["printed_name"] for one in report["views"]] == ["周洁"]
    assert len(found.entries) > len(await ledger.timeline(case.number, plant_id=case.plant_id))


async def test_every_export_is_a_line_of_the_access_log_and_an_entry(records_office: Office) -> None:
    """Both are in the bundle already; the next bundle shows both exports."""
    case = await records_office.reported()
    held(await records_office.bundle(case.number))
    second = held(await records_office.bundle(case.number))
    page = await people.accesses(await records_office.plant.actor("auditor"), case=case.number)
    assert [one.subject for one in page.rows] == [f"bundle {case.number}"] * 2
    kinds = [entry["kind"] for entry in second.entries.values()]
    assert kinds.count("records:bundle:export") == 2
    assert kinds.count("records:access:view") == 2
    report = await ledger.verify(verifiers=records_office.signer.verifiers)
    assert report.sound, report.faults


async def test_a_period_takes_the_cases_reported_in_it(records_office: Office) -> None:
    """Whole days on the reader's clock, both ends included."""
    first = await records_office.reported()
    clock.shift(dt.timedelta(days=3))
    second = await records_office.reported()
    today = clock.in_zone(clock.now(), "Asia/Shanghai").date()
    day = dt.timedelta(days=1)
    for since, until, cases in (
        (today, today, (second.number,)),
        (today - 3 * day, today - 3 * day, (first.number,)),
        (None, today - day, (first.number,)),
        (today - 3 * day, None, (first.number, second.number)),
    ):
        made, raw = await records_office.made(since=since, until=until)
        assert made.cases == cases
        assert held(raw).manifest["cases"] == list(cases)


async def test_what_did_not_change_in_between_is_the_same_to_the_byte(records_office: Office) -> None:
    """Two exports of one case differ in the export's own traces and what is proven under the newer checkpoint."""
    case = await records_office.closed()
    first, second = (
        opened(await records_office.bundle(case.number)),
        opened(await records_office.bundle(case.number)),
    )
    same = {name for name in first if second.get(name) == first[name]}
    folder = f"cases/{case.number}"
    assert same >= {
        "README.txt",
        "verify.py",
        "keys.txt",
        "seal.pem",
        f"{folder}/records.json",
        f"{folder}/signatures.json",
        f"{folder}/evidence/1.jpg",
    }
    changed = {name for name in {*first, *second} - same if not name.startswith("ledger/checkpoints/")}
    assert changed == {
        "manifest.json",
        "manifest.note",
        "access/report.json",
        "access/access.zh_CN.pdf",
        f"{folder}/{case.number}.zh_CN.pdf",
        "ledger/entries.jsonl",
        "ledger/proofs.jsonl",
        "plant/records.json",
    }
    assert set(second["ledger/entries.jsonl"].splitlines()) > set(first["ledger/entries.jsonl"].splitlines())


async def test_a_large_case_streams(records_office: Office) -> None:
    """Forty files of 2 MB: 80 MB of evidence in a bundle made within 24 MB of memory."""
    case = await records_office.reported()
    actor = await records_office.plant.actor("responsible")
    numbers = []
    for number in range(40):
        data = (f"{number:04d} " + "x" * 59 + "\n").encode() * 32_768
        received = await records_office.darkroom.receive(actor, data, must_be_picture=False)
        numbers.append((await evidence.keep(actor, received)).id)
    from core import anomalies

    await anomalies.supplement(actor, case.id, changes={}, reason="数据", evidence_ids=numbers)
    await records_office.exporter.export(
        await records_office.plant.actor("auditor"), Wanted(cases=(case.number,)), io.BytesIO()
    )  # fonts and catalogues are read once
    with tempfile.TemporaryFile() as target:
        tracemalloc.start()
        made = await records_office.exporter.export(
            await records_office.plant.actor("auditor"), Wanted(cases=(case.number,)), target
        )
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert made.size > 80_000_000
        assert peak < 24_000_000
        assert Bundle(Container(target), [], None).counts["evidence"] == 41


async def test_nobody_but_watchers_exports(records_office: Office) -> None:
    """Every other role, and every partner's person whatever rights they were given, is refused and leaves no trace."""
    case = await records_office.reported("coater_operator")
    before = await LedgerEntry.all().count()
    for who in (
        "operator",
        "responsible",
        "supervisor",
        "manager",
        "site_head",
        "supplier",
        "laboratory",
        "carrier",
    ):
        with pytest.raises(NotPermitted):
            await records_office.bundle(case.number, who=who)
    partner = await records_office.plant.actor("supplier")
    raised = dataclasses.replace(
        partner,
        permissions=partner.permissions | {Permission(Module.RECORDS, Level.READ)},
        roles=partner.roles | {"auditor"},
    )
    with pytest.raises(NotPermitted):
        await records_office.exporter.export(raised, Wanted(cases=(case.number,)), io.BytesIO())
    assert await LedgerEntry.all().count() == before
    assert not await AccessLog.all().count()
    for who in ("auditor", "administrator"):
        held(await records_office.bundle(case.number, who=who))


@pytest.mark.req("G-46a")
async def test_who_could_do_what_on_any_past_date_is_in_the_bundle(records_office: Office) -> None:
    """A role granted and withdrawn again, with both instants, for a person whose access has ended since."""
    plant = records_office.plant
    root = await plant.actor("administrator")
    case = await records_office.reported()
    await people.grant_role(root, plant.persons["second"], "supervisor", reason="替班")
    clock.shift(dt.timedelta(days=2))
    await people.withdraw_role(root, plant.persons["second"], "supervisor", reason="替班结束")
    await people.revoke_person(root, plant.persons["second"], "离职")
    files = opened(await records_office.bundle(case.number))
    held(await records_office.bundle(case.number))
    lines = [one for one in json.loads(files["access/report.json"])["roles"] if one["printed_name"] == "陈静"]
    assert {(one["role"], one["until"] is None) for one in lines} >= {("supervisor", False)}
    (line,) = [one for one in lines if one["role"] == "supervisor"]
    apart = dt.datetime.fromisoformat(line["until"]) - dt.datetime.fromisoformat(line["since"])
    assert apart >= dt.timedelta(days=2)


async def test_a_change_of_the_ledgers_key_is_followed(
    records_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sign, then the new one: whoever knows only the old line is led to the new by what two people signed."""
    case = await records_office.reported()
    await records_office.sealer.seal_now()
    old, plant = records_office.signer, records_office.plant
    new, stranger = (ledger_keys.create(tmp_path / name, old.origin) for name in ("new.key", "stranger.key"))
    lines = [str(one.verifiers[0]) for one in (old, new, stranger)]
    both = Signer((*old.keys, *new.keys), old.checkpoint_file)
    ledger.use_keys(both.verifiers)

    async def by_two(act: str, line: str) -> None:
        found = await signing.propose(await plant.actor("administrator"), act, {"line": line}, "年度更换")
        await plant.sign("manager", act, {"id": found.id})

    async def bundled(signer: Signer) -> bytes:
        sealer = ledger.Sealer(signer)
        exporter = Exporter(records_office.darkroom, signer, records_office.printer, sealer.seal_now)
        file = io.BytesIO()
        await exporter.export(await plant.actor("auditor"), Wanted(cases=(case.number,)), file)
        return file.getvalue()

    await by_two("ledger:key:adopt", lines[1])
    await bundled(both)
    await by_two("ledger:key:retire", lines[0])
    raw = await bundled(new)
    assert held(raw).text("keys.txt").split() == [lines[1], lines[0]]
    for known in ([lines[0]], [lines[1]]):
        assert Bundle(Container(io.BytesIO(raw)), known, None).changes
    with pytest.raises(Fault, match="not among the keys"):
        Bundle(Container(io.BytesIO(raw)), [lines[2]], None)
    with pytest.raises(ledger.NoKeyInForce):
        await ledger.signing_now(stranger)
    monkeypatch.setattr(bundle_checks, "ADOPT", "no entry is of this kind")
    with pytest.raises(Fault, match="no change of key leads"):
        Bundle(Container(io.BytesIO(raw)), [lines[0]], None)


async def test_a_signature_that_stands_no_more_leaves_with_its_reason(records_office: Office) -> None:
    """In the manifest of signatures and on the printed case, beside the signature itself."""
    plant = records_office.plant
    owner = await plant.actor("responsible")
    case = await anomalies.acknowledge(owner, (await records_office.reported(risk="none")).id)
    case = await confirmed(plant, case, s=3, o=3, d=3)
    await anomalies.raise_grade(await plant.actor("second"), case.id, grade="A", reason="line stopped")
    raw = await records_office.bundle(case.number, locales=("en",))
    files = opened(raw)
    held(raw)
    [signed] = json.loads(files[f"cases/{case.number}/signatures.json"])
    assert signed["voided"]["reason"] == "line stopped"
    pages = PdfReader(io.BytesIO(files[f"cases/{case.number}/{case.number}.en.pdf"])).pages
    printed = " ".join("".join(page.extract_text() for page in pages).split())
    assert "voided" in printed
    assert printed.count("line stopped") >= 2, "in the timeline and under the signature"


async def test_another_plants_case_does_not_exist(records_office: Office) -> None:
    """Even for the command line of this plant; and one unknown case among known ones exports nothing."""
    case = await records_office.reported()
    stranger: Actor = system(await people.found_plant("ZZ", "别家", "Others"), channel="cli")
    with pytest.raises(NotFound):
        await records_office.exporter.export(stranger, Wanted(cases=(case.number,)), io.BytesIO())
    with pytest.raises(NotFound):
        await records_office.bundle(case.number, "AN-2026-999999")
    assert not await AccessLog.all().count()


async def test_unclear_wishes_are_refused_in_a_sentence(records_office: Office) -> None:
    """Nothing named, dates reversed, an empty period, too many cases."""
    await records_office.reported()
    day = dt.date(2026, 1, 2)
    for wanted, refusal in (
        (Wanted(), exchange.NothingAsked),
        (Wanted(since=day, until=dt.date(2026, 1, 1)), exchange.DatesReversed),
        (Wanted(since=day, until=day), exchange.NothingThere),
        (Wanted(until=dt.date.min), exchange.NothingThere),
        (Wanted(since=dt.date.max, until=dt.date.max), exchange.NothingThere),
        (Wanted(cases=tuple(f"AN-{n}" for n in range(201))), exchange.TooManyCases),
    ):
        with pytest.raises(refusal) as no:
            await records_office.exporter.export(
                await records_office.plant.actor("auditor"), wanted, io.BytesIO()
            )
        assert "{" not in str(no.value)
    assert not await AccessLog.all().count()


async def test_a_row_changed_behind_our_back_is_named_instead_of_exported(records_office: Office) -> None:
    """A bundle that its own verifier rejects would help nobody."""
    case = await records_office.reported()
    await Anomaly.filter(id=case.id).update(description="没事")
    with pytest.raises(exchange.NotAsRecorded, match="anomalies_anomaly 1"):
        await records_office.bundle(case.number)


async def test_a_row_taken_away_is_named(records_office: Office) -> None:
    """The entries speak of it, and it is gone."""
    case = await records_office.reported()
    async with without_guards() as db:
        await db.execute_query("DELETE FROM evidence_link")
    with pytest.raises(exchange.NotAsRecorded, match="evidence_link"):
        await records_office.bundle(case.number)


async def test_a_missing_original_is_named_instead_of_left_out(records_office: Office) -> None:
    """The store lost a file: the sentence says which."""
    case = await records_office.reported()
    for key in [key for key in records_office.blobs.kept if "/original/" in key]:
        del records_office.blobs.kept[key]
    with pytest.raises(Unavailable):
        await records_office.bundle(case.number)


async def test_entries_that_nobody_seals_are_waited_for_and_then_refused(records_office: Office) -> None:
    """The sealer is down: a sentence, no half-proven bundle."""
    case = await records_office.reported()

    async def idle() -> None:
        return None

    exporter = Exporter(records_office.darkroom, records_office.signer, records_office.printer, idle)
    with pytest.raises(exchange.StillSealing):
        await exporter.export(
            await records_office.plant.actor("auditor"), Wanted(cases=(case.number,)), io.BytesIO()
        )


async def test_checkpoints_of_earlier_days_come_along(records_office: Office, tmp_path: Path) -> None:
    """One for each day, each with its proof to the next: whoever kept one of them can hold the bundle to it."""
    sizes = []
    case = await records_office.reported()
    for _day in range(4):
        await records_office.reported()
        await records_office.sealer.seal_now()
        sizes.append(await ledger.size())
        clock.shift(dt.timedelta(days=1))
    found = held(await records_office.bundle(case.number))
    assert sorted(found.stated)[:4] == sizes
    assert len(found.stated) == 5


async def test_a_case_that_changes_while_others_are_read_is_read_again(
    records_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every entry that a case has under the bundle's checkpoint is in the bundle."""
    from core import anomalies
    from core.exchange import gathering

    first, second = await records_office.reported(lot="MC-001"), await records_office.reported(lot="MC-002")
    looks = []

    @contextlib.asynccontextmanager
    async def meanwhile() -> AsyncIterator[None]:
        looks.append(len(looks))
        if len(looks) == 2:
            await anomalies.acknowledge(await records_office.plant.actor("responsible"), first.id)
        async with snapshot():
            yield

    monkeypatch.setattr(gathering, "snapshot", meanwhile)
    found = held(await records_office.bundle(first.number, second.number))
    assert len(looks) == 6
    kinds = [entry["kind"] for entry in found.entries.values() if entry["case"] == first.number]
    assert "anomalies:anomaly:acknowledge" in kinds
    assert len(kinds) == (await ledger.counts_of([first.number], plant_id=first.plant_id))[first.number]
