"""Putting a backup in place: everything is checked first, then written under other names, then settled at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from tortoise.backends.base.executor import EXECUTOR_CACHE

from bot import VERSION, database
from bot.backups import postgres, sqlite, state
from bot.backups.blob_places import BlobPlace, BucketPlace, FolderPlace, write
from bot.backups.faults import BackupFault
from bot.backups.manifest import BLOBS, CHECKPOINTS, MANIFEST, Manifest
from bot.backups.parts import Part, parts
from bot.backups.sealed_stream import Seals, opened

if TYPE_CHECKING:
    from bot.adapters.blobs import BucketBlobs
    from core.ledger import Signer
    from handlers.cli.tools import Progress


class DatabasePlace(Protocol):
    """Where the database of a backup goes."""

    async def take(self, part: Part) -> None:
        """Write a part."""

    async def settle(self) -> None:
        """Make everything that was taken the database."""

    async def leave(self) -> None:
        """Undo what was not settled."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a backup is restored to; ``owner`` is the address whose role owns the tables."""

    url: str
    owner: str
    blobs: Path | BucketBlobs
    checkpoints: Path

    def blob_place(self, end: str) -> BlobPlace:
        """Where the photos go; ``end`` marks what is not finished."""
        return FolderPlace(self.blobs, end) if isinstance(self.blobs, Path) else BucketPlace(self.blobs)


def must_fit(manifest: Manifest, url: str, signer: Signer) -> None:
    """Refuse a backup that this installation could not use.

    Raises:
        BackupFault: another engine, other migrations, or a ledger whose keys are not here.
    """
    engine = "sqlite" if url.startswith("sqlite:") else "postgres"
    if manifest.engine != engine:
        msg = f"the backup holds a {manifest.engine} database; BIHUAN_DATABASE_URL names one of {engine}"
        raise BackupFault(msg)
    known = state.known_migrations()
    if set(manifest.migrations) != known:
        apart = ", ".join(sorted(known.symmetric_difference(manifest.migrations)))
        msg = (
            f"the backup was made by version {manifest.version} with other migrations than this version {VERSION} "
            f"({apart}): restore it with the version that made it, then update"
        )
        raise BackupFault(msg)
    if not {str(one) for one in signer.verifiers} & set(manifest.ledger.keys):
        msg = (
            "the ledger key file is not the one of the installation that made the backup: put its file in place "
            "(BIHUAN_LEDGER_KEY_FILE)"
        )
        raise BackupFault(msg)


async def must_be_free(target: Target) -> None:
    """Refuse a place where anything lies.

    Raises:
        BackupFault: a database, a record or a blob is there.
    """
    if target.url.startswith("sqlite:"):
        sqlite.must_be_free(database.sqlite_file(target.url))
    else:
        await postgres.must_be_free(target.owner)
    await target.blob_place("").must_be_free()


async def put(file: BinaryIO, seals: Seals, manifest: Manifest, target: Target, progress: Progress) -> None:
    """Restore an examined backup into a free target; after a failure the target is as free as it was.

    Raises:
        BackupFault: the database cannot be made or does not take the rows.
        OSError: a file cannot be written.
    """
    before = os.umask(0o077)
    end = f".restoring-{secrets.token_hex(4)}"
    blobs = target.blob_place(end)
    checkpoints = target.checkpoints.with_name(f".{target.checkpoints.name}{end}")
    try:
        await blobs.begin()
        async with _database(target, manifest) as place:
            await _pour(file, seals, place, blobs, checkpoints, progress)
            os.sync()
            await _settle(place, blobs, checkpoints, target)
    except (BackupFault, OSError) as wrong:
        if rest := await blobs.leave():
            msg = f"{wrong}. {rest}"
            raise BackupFault(msg) from wrong
        raise
    finally:
        os.umask(before)
        await blobs.leave()
        checkpoints.unlink(missing_ok=True)


async def _pour(
    file: BinaryIO,
    seals: Seals,
    place: DatabasePlace,
    blobs: BlobPlace,
    checkpoints: Path,
    progress: Progress,
) -> None:
    done = 0
    file.seek(0)
    for part in parts(opened(file, seals)):
        if part.name == CHECKPOINTS:
            write(checkpoints, part)
        elif part.name.startswith(BLOBS):
            await blobs.take(part.name.removeprefix(BLOBS), part)
        elif part.name != MANIFEST:
            await place.take(part)
        done += part.drain().size
        progress("restoring", done)


async def _settle(place: DatabasePlace, blobs: BlobPlace, checkpoints: Path, target: Target) -> None:
    """Put everything in use, the database last: without it nothing else counts."""
    with ExitStack() as undone:
        blobs.settle()
        undone.callback(blobs.unsettle)
        _name(checkpoints, target.checkpoints, undone)
        await place.settle()
        undone.pop_all()


def _name(partial: Path, named: Path, undone: ExitStack) -> None:
    """Checkpoints that are noted here already are believed rather than the backup's."""
    if partial.exists() and not named.exists():
        partial.rename(named)
        undone.callback(named.rename, partial)


@asynccontextmanager
async def _database(target: Target, manifest: Manifest) -> AsyncIterator[DatabasePlace]:
    if target.url.startswith("sqlite:"):
        path = database.sqlite_file(target.url)
        path.parent.mkdir(parents=True, exist_ok=True)
        place = sqlite.SqlitePlace(path)
        try:
            yield place
        finally:
            await place.leave()
        return
    await migrated(target)
    async with postgres.connected(target.owner) as db:
        filled = postgres.PostgresPlace(db, manifest)
        try:
            await filled.begin()
            yield filled
        finally:
            await filled.leave()


async def migrated(target: Target) -> None:
    """Make the tables of an empty PostgreSQL database.

    Raises:
        BackupFault: this role may not.
    """
    EXECUTOR_CACHE.clear()  # statements of another engine
    role = database.role_of(target.url) if target.owner != target.url else ""
    await database.open_database(target.owner)
    try:
        await database.migrate(target.owner, app_role=role)
    except Exception as wrong:
        msg = (
            f"the empty database cannot be migrated: {wrong}. A restore needs the owner of the tables "
            "(BIHUAN_DATABASE_OWNER_URL, docs/operating/postgresql.md)."
        )
        raise BackupFault(msg) from wrong
    finally:
        await database.close_database()
