"""What is not restored: over something, with other keys, by another version, or changed by a byte."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest

from bot import database
from bot.backups import BackupFault, restoring
from core.kit.keys import KeyFault, key_line
from core.ledger import keys
from tests.bot.backups.conftest import Empty
from tests.bot.backups.installations import Installation, running
from tests.bot.backups.places import left, moved


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
