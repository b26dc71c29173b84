"""A backup comes back whole, on both engines, or is refused before anything is touched."""

from __future__ import annotations

import errno
import io
import os
import random
import sqlite3
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from bot import database
from bot.backups import BackupFault, desk, making, postgres, restoring, sqlite
from bot.backups.manifest import Manifest
from core import ledger
from core.exchange import verify_bundle
from core.kit.keys import KeyFault, KeyRing, key_line
from core.ledger import keys
from tests.bot.backups.conftest import Empty
from tests.bot.backups.installations import Installation, running


async def moved(installation: Installation, folder: Path, empty: Empty) -> Installation:
    """The keys put back on a clean machine."""
    return installation.moved(folder, await empty(folder))


def left(folder: Path) -> set[str]:
    """Every file but the keys that were put back."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    return {name for name in found if not name.startswith("keys")}


def tables(path: Path) -> list[str]:
    with sqlite3.connect(path) as db:
        return [line for line in db.iterdump() if "sqlite_stat" not in line]


async def tell(url: str, statement: str) -> None:
    """What an insider with the owner's rights does, on a connection of their own."""
    if url.startswith("sqlite:"):
        with sqlite3.connect(database.sqlite_file(url)) as db:
            db.executescript(statement)
        return
    async with postgres.connected(url) as db:
        await db.execute(statement)


@pytest.mark.req("G-46c", "D-21")
async def test_what_is_restored_elsewhere_is_the_same_and_goes_on(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """Every row, sequence, photo and noted checkpoint; the same export; and new entries find their places."""
    made, file = await installation.backup()
    assert made.ledger.waiting > 0, "what was not sealed yet comes along"
    there = await moved(installation, tmp_path / "new", empty)
    _, faults = await there.desk().restore(file)
    assert faults == []
    again, _ = await there.backup()
    assert again.tables == made.tables
    assert again.ledger == made.ledger
    assert again.blobs == made.blobs
    assert again.parts["ledger.checkpoints"] == made.parts["ledger.checkpoints"]
    if made.engine == "postgres":
        assert again.parts == made.parts
    else:
        files = (database.sqlite_file(one.settings.database_url) for one in (installation, there))
        first, second = map(tables, files)
        assert first == second
    before, after = await installation.export(), await there.export()
    same = {name for name in before if name.startswith("cases/") and not name.endswith(".pdf")}
    assert len(same) == 5
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    both = [one["ledger/entries.jsonl"].splitlines()[:50] for one in (before, after)]
    assert both[0] == both[1]
    async with running(there.settings.database_url):
        assert await ledger.entry_count() > made.ledger.entries, "the export is on the record"
        assert await database.faults(there.settings.database_url) == []
    _, file = await there.backup()
    assert (await there.desk().rehearse(file)).faults == ()


async def test_bundles_of_a_restored_installation_pass_the_verifier(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """An auditor sees no difference."""
    _, file = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)
    await there.desk().restore(file)
    folder = tmp_path / "bundle"
    for name, data in (await there.export()).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert verify_bundle([str(folder)]) == 0


async def test_a_rehearsal_leaves_nothing_behind(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder, no schema, and the live installation as it was."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made, file = await installation.backup()
    found = await installation.desk().rehearse(file)
    assert (found.faults, found.size, found.root) == ((), made.ledger.size, made.ledger.root)
    assert found.seconds >= 1
    assert list(tmp_path.iterdir()) == []
    again, _ = await installation.backup()
    assert (again.tables, again.blobs) == (made.tables, made.blobs)
    if made.engine == "postgres":
        async with postgres.connected(installation.settings.database_url) as db:
            assert not await db.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'bihuan%'")


async def test_a_rehearsal_that_fails_leaves_nothing_either(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scratch place goes whatever happens in it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _, file = await installation.backup()

    async def broken(*_: object) -> list[str]:
        raise RuntimeError("pulled out")

    monkeypatch.setattr(desk, "prove", broken)
    with pytest.raises(RuntimeError):
        await installation.desk().rehearse(file)
    assert list(tmp_path.iterdir()) == []
    if installation.settings.database_url.startswith("postgres"):
        async with postgres.connected(installation.settings.database_url) as db:
            assert not await db.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'bihuan%'")


async def test_nothing_is_restored_over_anything(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """Neither over a database nor over photos."""
    made, file = await installation.backup()
    with pytest.raises(BackupFault, match=r"exists|not empty"):
        await installation.desk().restore(file)
    again, _ = await installation.backup()
    assert (again.tables, again.blobs) == (made.tables, made.blobs)
    there = await moved(installation, tmp_path / "new", empty)
    photo = tmp_path / "new" / "blobs" / "photo"
    photo.parent.mkdir()
    photo.write_bytes(b"somebody's")
    with pytest.raises(BackupFault, match="not empty"):
        await there.desk().restore(file)
    assert left(tmp_path / "new") == {"blobs", "blobs/photo"}


async def test_a_first_look_at_a_clean_machine_is_no_database(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """``bihuan doctor`` before the restore does not stand in its way."""
    _, file = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)
    async with running(there.settings.database_url):
        assert await database.pending(there.settings.database_url)
    assert (await there.desk().restore(file))[1] == []


@pytest.mark.req("G-46c")
async def test_a_flipped_byte_anywhere_is_refused_before_anything_is_touched(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """Header, checkpoints, database, photos, manifest, last tag; and a file that lost its end."""
    _, file = await installation.backup()
    raw = file.getvalue()
    there = await moved(installation, tmp_path / "new", empty)
    dice = random.Random(46)
    places = [0, 17, 30, 90, len(raw) - 1, *(dice.randrange(len(raw)) for _ in range(12))]
    changed = [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in places]
    for wrong in (*changed, raw[:-1], raw[: len(raw) // 2], raw + b"\0", b""):
        with pytest.raises(BackupFault):
            await there.desk().restore(io.BytesIO(wrong))
        assert left(tmp_path / "new") == set()
    assert (await there.desk().restore(file))[1] == []


async def test_other_keys_are_named_before_anything_is_touched(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """The master key, the ledger key, and a key file that is missing: none is made anew."""
    _, file = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)
    master, log = there.settings.master_key_file, there.settings.ledger_key_file
    right = master.read_text(), log.read_text()
    master.write_text(key_line(os.urandom(32)))
    with pytest.raises(BackupFault, match="master key"):
        await there.desk().restore(file)
    master.write_text(key_line(os.urandom(32)) + right[0])
    log.unlink()
    with pytest.raises(KeyFault):
        await there.desk().restore(file)
    assert not log.exists()
    keys.create(log, "plant.example/bihuan")
    with pytest.raises(BackupFault, match="ledger key"):
        await there.desk().restore(file)
    assert left(tmp_path / "new") == set()
    log.write_text(right[1])
    assert (await there.desk().restore(file))[1] == [], "an older line of the master key file opens it"


async def test_another_version_or_engine_is_named(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which migrations are apart, and what to do."""
    made, file = await installation.backup()
    monkeypatch.setattr(
        restoring.state, "known_migrations", lambda: frozenset({*made.migrations, "2_later.py"})
    )
    with pytest.raises(BackupFault, match=r"2_later\.py"):
        await installation.desk().rehearse(file)
    monkeypatch.undo()
    other = "postgres://x" if made.engine == "sqlite" else "sqlite://x"
    with pytest.raises(BackupFault, match="holds a"):
        restoring.must_fit(made, other, keys.load(installation.settings.ledger_key_file))


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


class Full(io.BytesIO):
    """A disk with room for so many bytes."""

    room = 100_000

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


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


async def test_memory_stays_flat_whatever_the_size(installation: Installation, tmp_path: Path) -> None:
    """A file of 64 MB goes through in far less, there and back."""
    folder = Path(installation.settings.blob_url.removeprefix("file://"))
    big = folder / "1" / "original" / "ff" / "ff" / ("ff" * 32)
    big.parent.mkdir(parents=True, exist_ok=True)
    with big.open("wb") as file:
        file.truncate(64 << 20)
    out = tmp_path / "big.bak"
    try:
        with out.open("xb+") as target:
            tracemalloc.start()
            try:
                made = await installation.desk().backup(target)
                await installation.desk()._examined(target)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
    finally:
        big.unlink()
    assert made.blobs.size > 64 << 20
    assert out.stat().st_size > 64 << 20
    assert peak < 16 << 20, peak


async def test_the_application_role_makes_backups_and_the_owner_restores_them(
    installation: Installation, empty: Empty, tmp_path: Path
) -> None:
    """On PostgreSQL with two roles; afterwards the application still owns nothing. On SQLite there is one."""
    url = installation.settings.database_url
    if url.startswith("sqlite:"):
        assert installation.desk()._target.owner == url
        return
    _, file = await installation.backup()
    there = await moved(installation, tmp_path / "new", empty)
    where = there.settings.database_url
    app, owner = (where.replace("postgres@", f"{role}@") for role in ("backup_app", "backup_owner"))
    name = where.partition("?")[0].rpartition("/")[2]
    async with postgres.connected(where) as db:
        for role in ("backup_app", "backup_owner"):
            await db.execute(f"CREATE ROLE {role} LOGIN")
        await db.execute(
            f"ALTER DATABASE {name} OWNER TO backup_owner; ALTER SCHEMA public OWNER TO backup_owner"
        )
    there.settings = there.settings.model_copy(update={"database_url": app})
    with pytest.raises(BackupFault, match="BIHUAN_DATABASE_OWNER_URL"):
        await there.desk().restore(file)
    from pydantic import SecretStr

    there.settings = there.settings.model_copy(update={"database_owner_url": SecretStr(owner)})
    made, faults = await there.desk().restore(file)
    assert faults == []
    there.settings = there.settings.model_copy(update={"database_owner_url": None})
    again, _ = await there.backup()
    assert again.parts == made.parts
    async with running(app):
        assert not await database.owns_tables()
    async with postgres.connected(where) as db:
        with pytest.raises(asyncpg.PostgresError):
            await db.execute("SET ROLE backup_app; DELETE FROM ledger_entry")


async def test_what_opens_photos_does_not_open_backups(installation: Installation) -> None:
    """Each purpose has a key of its own."""
    _, file = await installation.backup()
    ring = KeyRing.load(installation.settings.master_key_file)
    with pytest.raises(BackupFault):
        restoring.opened(io.BytesIO(file.getvalue()), ring.for_organisation(1)).__next__()
