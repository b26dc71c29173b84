"""Every committed entry gets its one place in the log, under a signed checkpoint noted outside."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from core import ledger
from core.kit import unit_of_work
from core.ledger import LogCut, Sealer, Signer, checkpoint, merkle, noting, recording, sealing
from core.ledger.models import LedgerEntry, LedgerLeaf, LedgerPending, LedgerSubtree
from tests.core.ledger.logs import fill, record, seal_all, verified, without_guards
from tests.paths import ROOT


async def places() -> list[tuple[int, int]]:
    found = await LedgerLeaf.all().order_by("position").values_list("position", "entry_id")
    return [(int(position), int(entry_id)) for position, entry_id in found]


async def test_nothing_waiting_seals_nothing(database: str, signer: Signer) -> None:
    """An idle sealer writes no checkpoint."""
    assert await ledger.seal(signer) is None
    assert await ledger.latest_checkpoint() is None
    assert not signer.checkpoint_file.exists()


async def test_a_batch_gets_contiguous_places_and_one_checkpoint(database: str, signer: Signer) -> None:
    """Positions follow one another, the root is that of the leaves, the note outside says the same."""
    await fill(5)
    first = await ledger.seal(signer, limit=3)
    second = await ledger.seal(signer, limit=3)
    assert first is not None
    assert second is not None
    assert (first.count, first.size, second.count, second.size) == (3, 3, 2, 5)
    assert await ledger.seal(signer) is None
    entries = await LedgerEntry.all().order_by("id")
    assert await places() == [(at, row.id) for at, row in enumerate(entries)]
    assert second.root == merkle.root([merkle.leaf_hash(row.body) for row in entries]).hex()
    assert await LedgerPending.all().count() == 0
    stated = [checkpoint.verify(note, signer.verifiers) for note in noting.noted(signer.checkpoint_file)]
    assert [(one.size, one.root.hex()) for one in stated] == [(3, first.root), (5, second.root)]
    assert (await verified(signer)).faults == ()


async def test_an_entry_that_commits_late_is_not_passed_over(database: str, signer: Signer) -> None:
    """An id below one sealed already is sealed too: what waits counts, not the largest id."""
    written = await record("A")
    await record("B")
    async with without_guards():
        await LedgerPending.filter(entry_id=written.entry_id).delete()  # as if not committed yet
    assert await seal_all(signer) == 1
    await LedgerPending.create(entry_id=written.entry_id)
    assert await seal_all(signer) == 1
    assert [entry for _, entry in await places()] == [written.entry_id + 1, written.entry_id]
    assert (await verified(signer)).faults == ()


async def test_a_unit_undone_leaves_nothing_to_seal(database: str, signer: Signer) -> None:
    """What was not committed is not in the log."""
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await record("A")
            raise ZeroDivisionError
    assert await seal_all(signer) == 0
    assert await LedgerEntry.all().count() == 0


async def test_sealing_inside_a_unit_is_refused(database: str, signer: Signer) -> None:
    """The note outside must never be ahead of the commit."""
    async with unit_of_work():
        with pytest.raises(RuntimeError, match="transaction of its own"):
            await ledger.seal(signer)


async def test_several_sealers_and_writers_leave_nothing_out(database: str, signer: Signer) -> None:
    """Whoever seals, at the same time as whom: every entry has exactly one place, without gaps."""

    async def write(start: int) -> None:
        await fill(8, start)

    async def keep_sealing() -> None:
        for _ in range(12):
            await ledger.seal(signer, limit=3)
            await asyncio.sleep(0)

    await asyncio.gather(*(write(100 * n) for n in range(4)), *(keep_sealing() for _ in range(3)))
    await seal_all(signer)
    found = await places()
    assert [position for position, _ in found] == list(range(32))
    assert {entry for _, entry in found} == set(await LedgerEntry.all().values_list("id", flat=True))
    assert (await verified(signer)).faults == ()


async def test_what_waits_wrongly_does_not_stop_the_sealer(database: str, signer: Signer) -> None:
    """A waiting mark without an entry, or on a sealed one, is passed over; the verifier names both."""
    await fill(2)
    await seal_all(signer)
    sealed = (await places())[0][1]
    await LedgerPending.create(entry_id=sealed)
    await LedgerPending.create(entry_id=9999)
    await record("C")
    assert await seal_all(signer) == 1
    assert [str(fault) for fault in (await verified(signer)).faults] == [
        f"ledger_pending {sealed}: it waits, sealed already",
        "ledger_pending 9999: the entry that waits for its seal is gone",
    ]


async def test_every_256_leaves_their_root_is_kept(database: str, signer: Signer) -> None:
    """The shortcut for proofs holds the roots of the full subtrees, whatever the batches were."""
    async with unit_of_work():
        for number in range(600):
            body = str(number).encode()
            row = await LedgerEntry.create(
                event_id=uuid.uuid4(), plant_id=1, kind="k", recorded_at="2026-11-23T00:00:00Z", body=body,
                leaf=ledger.leaf_hash(body),
            )  # fmt: skip
            await LedgerPending.create(entry_id=row.id)
    for limit in (100, 200, 7, 290, 1000):
        await ledger.seal(signer, limit=limit)
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(600)]
    roots = [merkle.root(leaves[:256]).hex(), merkle.root(leaves[256:512]).hex()]
    assert await LedgerSubtree.all().order_by("number").values_list("root", flat=True) == roots
    last = await ledger.latest_checkpoint()
    assert last is not None
    assert last.root == merkle.root(leaves).hex()


async def test_a_log_that_was_cut_is_not_continued(database: str, signer: Signer) -> None:
    """A database behind its noted checkpoints gets no second history; nothing is lost meanwhile."""
    await fill(3)
    await seal_all(signer, limit=2)
    async with without_guards() as db:
        await db.execute_query("DELETE FROM ledger_leaf WHERE position = 2")
        await db.execute_query("DELETE FROM ledger_checkpoint WHERE size = 3")
    await record("D")
    with pytest.raises(LogCut, match="knows a log of 3 entries"):
        await ledger.seal(signer)
    assert await LedgerPending.all().count() == 1
    assert len(await places()) == 2


async def test_another_log_of_the_same_size_is_not_continued(database: str, signer: Signer) -> None:
    """A database put in the place of the one whose checkpoints were noted is found at once."""
    noting.note(signer.checkpoint_file, signer.checkpoint(1, b"o" * 32))
    await fill(1)
    other = Signer(signer.keys, signer.checkpoint_file.with_name("elsewhere"))
    await seal_all(other)
    await record("B")
    with pytest.raises(LogCut):
        await ledger.seal(signer)


async def test_a_checkpoint_that_was_committed_but_not_noted_is_noted_later(
    database: str, signer: Signer
) -> None:
    """A process that ended between the two leaves nothing behind for good."""
    await fill(2)
    await seal_all(signer)
    signer.checkpoint_file.unlink()
    await sealing.note_latest(signer)
    await sealing.note_latest(signer)
    assert [checkpoint.verify(n, signer.verifiers).size for n in noting.noted(signer.checkpoint_file)] == [2]


async def until(reached: object) -> None:
    """Wait for a condition; the test runner's own limit ends a wait that never ends."""
    while not await reached():  # type: ignore[operator]
        await asyncio.sleep(0.01)


async def test_the_sealer_is_woken_by_commits_and_stops_cleanly(database: str, signer: Signer) -> None:
    """Entries are sealed without being asked for; after the stop nothing waits and nobody is woken."""
    sealer = Sealer(signer)
    running = asyncio.create_task(sealer.run())
    await fill(3)

    async def three() -> bool:
        return await ledger.size() == 3

    await until(three)
    await record("last")
    await sealer.stop()
    await running
    assert await ledger.size() == 4
    assert await ledger.seal_lag_seconds() == 0
    assert recording._waiting == []


async def test_what_another_process_wrote_is_sealed_too(database: str, signer: Signer) -> None:
    """Without a wake call in this process, the sealer looks by itself."""
    sealer = Sealer(signer)
    running = asyncio.create_task(sealer.run())
    await until(lambda: asyncio.sleep(0, bool(recording._waiting)))
    recording.no_wake()
    await fill(1)

    async def one() -> bool:
        return await ledger.size() == 1

    await until(one)
    await sealer.stop()
    await running


async def test_a_failure_does_not_end_the_sealer(
    database: str, signer: Signer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged and tried again until it works."""
    monkeypatch.setattr(sealing, "_IDLE", 0.01)
    really = sealing.seal
    failures = [OSError("disk full"), OSError("disk full")]

    async def failing(signer: Signer, *, limit: int) -> object:
        if failures:
            raise failures.pop()
        return await really(signer, limit=limit)

    monkeypatch.setattr(sealing, "seal", failing)
    await fill(1)
    sealer = Sealer(signer)
    running = asyncio.create_task(sealer.run())

    async def one() -> bool:
        return await ledger.size() == 1

    await until(one)
    await sealer.stop()
    await running
    assert caplog.text.count("sealing failed") == 2


async def test_seal_now_covers_all_that_was_committed_before(database: str, signer: Signer) -> None:
    """A signature may wait for its seal by it, alone or with others at the same time."""
    sealer = Sealer(signer, limit=2)
    await fill(5)
    answers = await asyncio.gather(*(sealer.seal_now() for _ in range(3)))
    assert await ledger.size() == 5
    assert [answer.size for answer in answers if answer] == [5]


def test_kill_9_before_any_statement_of_the_sealer_leaves_nothing_out(tmp_path: Path) -> None:
    """Killed before each statement, and before each step of the note outside, in turn: nothing is lost or twice."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.ledger.sealing_points", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    before = done.stdout.split("\n")
    assert int(before[0]) > 10, "so many kills"
    assert {"BEGIN", "INSERT", "DELETE", "COMMIT", "NOTE", "FSYNC"} <= set(before[1:])


def test_kill_9_while_sealing_leaves_nothing_out(tmp_path: Path) -> None:
    """A process killed while it records and seals: every entry it confirmed is in the log, verified."""
    child = [sys.executable, "-m", "tests.core.ledger.sealing_child", str(tmp_path)]
    with subprocess.Popen([*child, "work"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        confirmed: list[int] = []
        for line in process.stdout:
            confirmed.append(int(line))
            if len(confirmed) == 42:
                process.kill()
                break
        confirmed += [int(line) for line in process.stdout if line.endswith("\n")]
    done = subprocess.run([*child, "finish"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with sqlite3.connect(tmp_path / "log.db") as db:
        sealed = {row[0] for row in db.execute("SELECT entry_id FROM ledger_leaf")}
        entries = {row[0] for row in db.execute("SELECT id FROM ledger_entry")}
    assert set(confirmed) <= sealed
    assert sealed == entries
