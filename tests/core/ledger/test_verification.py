"""Whatever is changed behind the application's back is found, and the first wrong record is named."""

from __future__ import annotations

import gc
import hashlib
import re
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from core import ledger
from core.kit import unit_of_work
from core.ledger import Kind, Signer, checkpoint, keys, live_rows, merkle, noting, reading
from core.ledger.faults import Fault, Findings
from core.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerLeaf
from core.products.models import Product
from tests.core.ledger.logs import ACTOR, ORIGIN, fill, record, seal_all, verified, without_guards

Attack = Callable[[Any], Awaitable[object]]


async def test_an_untouched_log_is_sound(database: str, signer: Signer) -> None:
    """Everything is counted, nothing is found, progress reaches the end."""
    await fill(7)
    await seal_all(signer, limit=3)
    await record("waiting")
    told: list[tuple[int, int]] = []
    report = await verified(signer, progress=lambda done, total: told.append((done, total)))
    assert report.sound
    assert (report.entries, report.leaves, report.checkpoints, report.rows) == (8, 7, 3, 8)
    assert told[-1] == (16, 16), "8 entries and 8 rows"
    assert told == sorted(told)


async def test_an_empty_log_is_sound(database: str, signer: Signer) -> None:
    """There is nothing to doubt before the first entry."""
    assert (await verified(signer)).sound


async def test_a_row_changed_with_an_entry_is_sound_and_the_last_entry_counts(
    database: str, signer: Signer
) -> None:
    """Of a row recorded often, its present state is held to the latest record, sealed or waiting."""
    await record("A")
    for name in ("B", "C"):
        await seal_all(signer)
        async with unit_of_work():
            row = await Product.get(code="A")
            row.name_en = name
            await row.save()
            await ledger.append(Kind.PRODUCT_RECORD, ACTOR, rows=[row])
    assert (await verified(signer)).sound


def statement(text: str) -> Attack:
    async def attack(db: Any) -> object:
        return await db.execute_query(text)

    return attack


async def _rewrite_body(db: Any) -> None:
    """Change the fact inside a body, and its hash beside it, as a careful forger would."""
    entry = await LedgerEntry.get(id=(await LedgerLeaf.get(position=3)).entry_id)
    body = entry.body.replace(b'"code":"P0003"', b'"code":"P9993"')
    assert body != entry.body
    mark = "?" if db.capabilities.dialect == "sqlite" else "$"
    one, two, three = (f"{mark}{number}" if mark == "$" else mark for number in (1, 2, 3))
    await db.execute_query(
        f"UPDATE ledger_entry SET body = {one}, leaf = {two} WHERE id = {three}",
        [body, ledger.leaf_hash(body), entry.id],
    )
    await db.execute_query(
        f"UPDATE ledger_leaf SET leaf = {one} WHERE position = 3", [ledger.leaf_hash(body)]
    )


ENTRY = "(SELECT entry_id FROM ledger_leaf WHERE position = 3)"
CASE = "AN-2026-000000"
ATTACKS: dict[str, tuple[Attack, str]] = {
    "body": (
        statement(f"UPDATE ledger_entry SET body = (SELECT body FROM ledger_entry WHERE id = 1) WHERE id = {ENTRY}"),
        rf"ledger_entry 4 \(case {CASE}\), position 3 of the log: its body is not the one that was hashed",
    ),
    "body, hash and leaf": (
        _rewrite_body,
        r"ledger_checkpoint 4, position 3 of the log: the entries at the places 2 to 3 do not give the root",
    ),
    "kind": (
        statement(f"UPDATE ledger_entry SET kind = 'x' WHERE id = {ENTRY}"),
        rf"ledger_entry 4 \(case {CASE}\), position 3 of the log: its column for the kind was changed: x",
    ),
    "case": (
        statement(f"UPDATE ledger_entry SET case_number = 'AN-2026-000999' WHERE id = {ENTRY}"),
        r"ledger_entry 4 \(case AN-2026-000999\), position 3 of the log: its column for the case",
    ),
    "person": (
        statement(f"UPDATE ledger_entry SET person_id = 8 WHERE id = {ENTRY}"),
        r"ledger_entry 4 .*its column for the person was changed: 8, where the body says 7",
    ),
    "plant": (
        statement(f"UPDATE ledger_entry SET plant_id = 8 WHERE id = {ENTRY}"),
        r"ledger_entry 4 .*its column for the plant was changed: 8",
    ),
    "time": (
        statement(f"UPDATE ledger_entry SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE id = {ENTRY}"),
        r"ledger_entry 4 .*its column for the time was changed: 2020-01-01",
    ),
    "event id": (
        statement(f"UPDATE ledger_entry SET event_id = '00000000-0000-4000-8000-000000000000' WHERE id = {ENTRY}"),
        r"ledger_entry 4 .*its column for the event id was changed",
    ),
    "entry gone": (
        statement(f"DELETE FROM ledger_entry WHERE id = {ENTRY}"),
        r"ledger_entry 4, position 3 of the log: the sealed entry is gone",
    ),
    "leaf changed": (
        statement("UPDATE ledger_leaf SET leaf = '" + "0" * 64 + "' WHERE position = 3"),
        r"ledger_entry 4 .*position 3 of the log: it is not the entry that was sealed at this place",
    ),
    "leaf is no hash": (
        statement("UPDATE ledger_leaf SET leaf = 'zz' WHERE position = 3"),
        r"ledger_leaf 3, position 3 of the log: it holds no hash",
    ),
    "leaf gone": (
        statement("DELETE FROM ledger_leaf WHERE position = 3"),
        r"ledger_leaf 4, position 3 of the log: the place before it, 3, is missing",
    ),
    "two entries exchanged": (
        statement("UPDATE ledger_leaf SET entry_id = CASE entry_id WHEN 3 THEN -4 ELSE -3 END WHERE entry_id IN (3, 4)"),
        r"position 2 of the log: the sealed entry is gone",
    ),
    "end cut off": (
        statement("DELETE FROM ledger_leaf WHERE position >= 4"),
        r"ledger_checkpoint 6, position 3 of the log: it was signed over 6 entries, the log holds 4",
    ),
    "checkpoint gone": (
        statement("DELETE FROM ledger_checkpoint WHERE size = 4"),
        r"ledger_checkpoint 4, position 3 of the log: a checkpoint of this size was signed and is no longer",
    ),
    "last checkpoint gone": (
        statement("DELETE FROM ledger_checkpoint WHERE size = 6"),
        r"position 4 of the log: only 4 of 6 leaves are under a signed checkpoint",
    ),
    "checkpoint's root": (
        statement("UPDATE ledger_checkpoint SET root = '" + "0" * 64 + "' WHERE size = 4"),
        r"ledger_checkpoint 4, position 3 of the log: its columns differ from the signed text",
    ),
    "checkpoint's frontier": (
        statement("UPDATE ledger_checkpoint SET frontier = (SELECT frontier FROM ledger_checkpoint WHERE size = 2) WHERE size = 4"),
        r"ledger_checkpoint 4, .*its frontier is not that of its leaves",
    ),
    "checkpoint's note": (
        statement("UPDATE ledger_checkpoint SET note = REPLACE(note, '\u2014', '-') WHERE size = 4"),
        r"ledger_checkpoint 4, .*a signature line is an em dash",
    ),
    "waiting mark gone": (
        statement("DELETE FROM ledger_pending"),
        r"ledger_entry 7 \(case AN-2026-000000\): it is neither sealed nor waiting for its seal",
    ),
    "row changed": (
        statement("UPDATE products_product SET name_en = 'Else' WHERE code = 'P0003'"),
        rf"products_product 4 \(case {CASE}\), position 3 of the log: its present state is not the one that entry 4 ",
    ),
    "row gone": (
        statement("DELETE FROM products_product WHERE code = 'P0003'"),
        rf"products_product 4 \(case {CASE}\), position 3 of the log: the row that entry 4 recorded is gone",
    ),
    "row moved": (
        statement("UPDATE products_product SET id = 99 WHERE code = 'P0003'"),
        rf"products_product 4 \(case {CASE}\), position 3 of the log: the row that entry 4 recorded is gone",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.req("G-46b")
async def test_every_attack_of_one_who_owns_the_database_is_found(
    database: str, signer: Signer, name: str
) -> None:
    """The first fault is a plain sentence that names the record."""
    attack, sentence = ATTACKS[name]
    await fill(6)
    await seal_all(signer, limit=2)
    await record("waiting", case=CASE)
    async with without_guards() as db:
        await attack(db)
    report = await verified(signer)
    assert not report.sound
    first = str(report.faults[0])
    assert re.search(sentence, first), first


@pytest.mark.req("P-10e")
async def test_entries_that_changed_places_are_named_as_a_range_and_by_one_checkpoint_alone(
    database: str, signer: Signer
) -> None:
    """Leaves exchanged with all that belongs to them: later checkpoints are judged by what came after this one."""
    for _ in range(4):
        await fill(2, start=await ledger.entry_count())
        await seal_all(signer)
    async with without_guards() as db:
        for place, other in ((2, -1), (3, 2), (-1, 3)):
            await db.execute_query(f"UPDATE ledger_leaf SET position = {other} WHERE position = {place}")
    faults = [str(fault) for fault in (await verified(signer)).faults]
    assert len(faults) == 1
    assert "the entries at the places 2 to 3 do not give the root" in faults[0]
    async with without_guards() as db:
        await db.execute_query(
            "UPDATE ledger_checkpoint SET frontier = " + ("x''" if database == "sqlite" else "''")
        )
    said = [str(fault) for fault in (await verified(signer)).faults]
    assert any("the entries at the places 2 to 7 do not give the root" in one for one in said)


async def test_a_row_without_an_entry_is_found(database: str, signer: Signer) -> None:
    """Whoever adds a row past the rooms is found too."""
    await fill(2)
    await seal_all(signer)
    row = await Product.create(plant_id=1, code="X", name_zh="甲", name_en="X", unit="pcs")
    assert [str(fault) for fault in (await verified(signer)).faults] == [
        f"products_product {row.pk}: no ledger entry records this row"
    ]


async def test_a_cut_tail_with_its_checkpoint_is_found_only_by_the_copy_outside(
    database: str, signer: Signer
) -> None:
    """Entries, leaves, checkpoint and rows of the end taken away together: the file outside tells."""
    await fill(6)
    await seal_all(signer, limit=3)
    async with without_guards() as db:
        for table, column, limit in (
            ("ledger_entry", "id", 4), ("ledger_leaf", "position", 3),
            ("ledger_checkpoint", "size", 4), ("products_product", "id", 4),
        ):  # fmt: skip
            await db.execute_query(f"DELETE FROM {table} WHERE {column} >= {limit}")
    assert (await verified(signer, file=None)).sound
    report = await verified(signer)
    assert [str(fault) for fault in report.faults] == [
        "ledger_checkpoint 6, position 3 of the log: a log of 6 entries was signed; 3 at its end are gone"
    ]


async def test_a_log_written_anew_with_the_stolen_key_is_found_by_the_copy_outside(
    database: str, signer: Signer, tmp_path: Path
) -> None:
    """Even a forger who signs rightly contradicts what was noted before."""
    await fill(2)
    thief = Signer(signer.keys, tmp_path / "thief")
    await seal_all(thief)
    noting.note(signer.checkpoint_file, signer.checkpoint(2, b"o" * 32))
    assert (await verified(thief)).sound
    first = str((await verified(signer)).faults[0])
    assert "another root was signed for this size: the log was written anew" in first


async def test_another_key_is_not_believed(database: str, signer: Signer, tmp_path: Path) -> None:
    """Signed anew with a key of the forger's own, every checkpoint is refused."""
    await fill(2)
    await seal_all(signer)
    other = keys.create(tmp_path / "other.key", ORIGIN)
    faults = (await ledger.verify(verifiers=other.verifiers, checkpoint_file=signer.checkpoint_file)).faults
    inside, outside = (fault.what for fault in faults)
    assert inside.endswith("the key or its file was swapped")
    assert outside.startswith("no known key signed this")


async def test_a_changed_copy_outside_is_found(database: str, signer: Signer) -> None:
    """The file is believed only with right signatures."""
    await fill(1)
    await seal_all(signer)
    text = signer.checkpoint_file.read_text()
    signer.checkpoint_file.write_text(text.replace("\n1\n", "\n2\n"))
    (fault,) = (await verified(signer)).faults
    assert "does not belong to this text" in fault.what


async def test_what_the_evidence_check_finds_is_in_the_report(database: str, signer: Signer) -> None:
    """Faults of stored files are told with those of the records."""

    async def finds() -> Any:
        yield Fault(where="evidence_evidence", number="3", what="its photo is missing")

    report = await verified(signer, blobs=finds())
    assert [str(fault) for fault in report.faults] == ["evidence_evidence 3: its photo is missing"]


async def test_faults_come_in_the_order_of_the_log(database: str, signer: Signer) -> None:
    """The earliest wrong place comes first, whatever kind it is."""
    await fill(6)
    await seal_all(signer)
    async with without_guards() as db:
        await db.execute_query("UPDATE ledger_entry SET kind = 'x' WHERE id IN (2, 5)")
        await db.execute_query("UPDATE products_product SET unit = 'kg' WHERE id = 1")
    positions = [fault.position for fault in (await verified(signer)).faults if fault.where == "ledger_entry"]
    assert positions == [1, 4]


async def test_pages_join_without_gaps(
    database: str, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading in small pages finds the same as reading in large ones."""
    monkeypatch.setattr(reading, "_PAGE", 2)
    monkeypatch.setattr(live_rows, "_PAGE", 2)
    await fill(6)
    await seal_all(signer, limit=1)
    await fill(3, start=6)
    report = await verified(signer)
    assert report.sound
    assert (report.entries, report.leaves, report.checkpoints) == (9, 6, 6)
    async with without_guards() as db:
        await db.execute_query("UPDATE ledger_entry SET kind = 'x' WHERE id IN (6, 9)")
    assert [fault.number for fault in (await verified(signer)).faults] == ["6", "9"]


def test_findings_keep_the_earliest_in_bounded_memory() -> None:
    """However much is wrong, the first is told, and how many more there are."""
    findings = Findings()
    for position in range(5000, 0, -1):
        findings.add(Fault(where="ledger_entry", number=str(position), what="x", position=position))
    report = findings.report()
    assert report.faults[0].position == 1
    assert (len(report.faults), report.more) == (1000, 4000)


async def test_the_hash_of_an_entry_is_plain_sha256(database: str, signer: Signer) -> None:
    """Anyone can check it with the tools at hand."""
    await fill(1)
    await seal_all(signer)
    entry = await LedgerEntry.first()
    stated = await LedgerCheckpoint.first()
    assert entry is not None
    assert stated is not None
    assert hashlib.sha256(b"\x00" + entry.body).hexdigest() == entry.leaf == stated.root
    assert merkle.leaf_hash(entry.body).hex() == entry.leaf
    assert checkpoint.verify(stated.note, signer.verifiers).root.hex() == stated.root


async def test_memory_stays_flat_however_long_the_log_is(
    database: str, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times the entries and rows take no more memory: pages and digests outside of it.

    Long enough that the driver's cache of 100 statements is full in both.
    """
    monkeypatch.setattr(reading, "_PAGE", 50)
    monkeypatch.setattr(live_rows, "_PAGE", 50)
    peaks = []
    for start, count in ((0, 800), (800, 2400)):
        async with unit_of_work():
            await fill(count, start)
        await seal_all(signer)
        assert (await verified(signer)).sound
        gc.collect()
        tracemalloc.start()
        await verified(signer)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]
