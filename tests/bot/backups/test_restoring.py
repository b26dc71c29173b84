"""A backup comes back whole, on both engines, or is refused before anything is touched."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import asyncpg
import pytest

from bot import database
from bot.backups import BackupFault, desk, postgres, restoring
from core import ledger
from core.exchange import verify_bundle
from core.kit.keys import KeyRing
from tests.bot.backups.conftest import Empty
from tests.bot.backups.installations import Installation, running
from tests.bot.backups.places import moved, tables


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
    assert len(same) == 7  # records, photos, and the lot's genealogy as data and picture
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    both = [one["ledger/entries.jsonl"].splitlines()[:50] for one in (before, after)]
    assert both[0] == both[1]
    async with running(there.settings.database_url):
        assert await ledger.entry_count() > made.ledger.entries, "the export is on the record"
        assert await database.faults() == []
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
