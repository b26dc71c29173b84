"""Disks that fill up, histories that were cut, changes meanwhile: nothing half done is left, and all is named."""

from __future__ import annotations

import errno
import io
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import database
from bot.backups import desk, making, postgres, restoring, sqlite
from bot.backups.manifest import Manifest
from core.ledger import keys
from tests.bot.backups.conftest import Empty
from tests.bot.backups.installations import Installation
from tests.bot.backups.places import Full, left, moved, tell


@pytest.mark.parametrize("nth", [1, 2, 7])
async def test_a_disk_that_fills_up_leaves_the_place_as_free_as_it_was(
    installation: Installation, empty: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    """In the database, in the photos; then the same restore succeeds."""
    _, file = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)
    real, calls = os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(restoring.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        await there.desk().restore(file)
    monkeypatch.undo()
    assert left(tmp_path / "new") == set()
    assert (await there.desk().restore(file))[1] == []


async def test_a_settling_that_fails_takes_the_photos_back(
    installation: Installation, empty: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is last; without it neither photos nor checkpoints stay."""
    _, file = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)

    async def broken(_: object) -> None:
        raise OSError(errno.EIO, "pulled out")

    for place in (sqlite.SqlitePlace, postgres.PostgresPlace):
        monkeypatch.setattr(place, "settle", broken)
    with pytest.raises(OSError, match="pulled out"):
        await there.desk().restore(file)
    monkeypatch.undo()
    assert left(tmp_path / "new") == set()
    assert not keys.checkpoint_file(there.settings.ledger_key_file).exists()
    assert (await there.desk().restore(file))[1] == []


async def test_a_backup_that_finds_no_room_fails_and_leaves_no_copy(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy of the database beside it goes too."""
    monkeypatch.setattr("bot.backups.sealed_stream.SEGMENT", 1 << 16)
    with pytest.raises(OSError, match="No space"):
        await installation.desk().backup(Full())
    folder = Path(installation.settings.blob_url.removeprefix("file://")).parent
    assert not [path.name for path in folder.iterdir() if "copy" in path.name]


CUT = (
    "DELETE FROM ledger_checkpoint WHERE size > 50; DELETE FROM ledger_leaf WHERE position >= 50;"
    "DELETE FROM ledger_pending; DELETE FROM ledger_entry WHERE id > 50;"
)


@pytest.mark.req("G-46c")
async def test_a_backup_of_a_ledger_that_lost_its_end_is_named(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """The noted checkpoints in the backup know a longer history than the database in it."""
    _, file = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)
    await there.desk().restore(file)
    url = there.settings.database_url
    off = "".join(
        f"ALTER TABLE {name} DISABLE TRIGGER ALL;"
        for name in ("ledger_checkpoint", "ledger_leaf", "ledger_pending", "ledger_entry")
    )
    if url.startswith("sqlite:"):
        with sqlite3.connect(database.sqlite_file(url)) as db:
            names = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        off = "".join(f'DROP TRIGGER "{name}";' for (name,) in names)
    await tell(url, off + CUT)
    _, cut = await there.backup()
    found = await there.desk().rehearse(cut)
    assert any("entries was signed" in one and "are gone" in one for one in found.faults), found.faults
    assert any("guard" in one for one in found.faults) == url.startswith("sqlite:"), (
        "guards stand on PostgreSQL"
    )


async def test_an_older_backup_is_named_by_the_checkpoints_that_are_there(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """On the machine that went on after the backup, the entries since then are missed, not forgotten."""
    _, old = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)
    await there.desk().restore(old)
    await there.export()
    noted = keys.checkpoint_file(there.settings.ledger_key_file).read_bytes()
    again = await moved(installation, tmp_path / "again", empty)
    kept = keys.checkpoint_file(again.settings.ledger_key_file)
    kept.write_bytes(noted)
    _, faults = await again.desk().restore(old)
    assert any("are gone" in one for one in faults), faults
    assert kept.read_bytes() == noted, "evidence stays"


async def test_what_is_committed_meanwhile_is_not_half_in_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One state of the database, and the backup ends although others go on writing."""
    url = installation.settings.database_url
    before, _ = await installation.backup()
    write = "INSERT INTO kit_counter (plant_id, name, last_given) VALUES (1, '{}', 1)"
    times: list[int] = []

    def meanwhile(what: str, _: int) -> None:
        if what == "database" and len(times) < 5:
            times.append(len(times))
            with sqlite3.connect(database.sqlite_file(url)) as db:
                db.execute(write.format(f"meanwhile {len(times)}"))

    real = postgres.dump

    async def slow(*args: object) -> object:
        if args[1] != "kit_counter" and len(times) < 5:
            times.append(len(times))
            await tell(url, write.format(f"meanwhile {len(times)}"))
        return await real(*args)  # type: ignore[arg-type]

    sqlite_here = url.startswith("sqlite:")
    monkeypatch.setattr(sqlite, "_PAGES", 1)
    monkeypatch.setattr(making.postgres, "dump", slow)
    progress: Callable[[str, int], None] = meanwhile if sqlite_here else (lambda *_: None)
    made: Manifest = await desk.Desk(installation.settings, progress).backup(io.BytesIO())
    assert len(times) == 5
    assert made.tables["kit_counter"].rows == before.tables["kit_counter"].rows
    monkeypatch.undo()
    after, _ = await installation.backup()
    assert after.tables["kit_counter"].rows == before.tables["kit_counter"].rows + 5
