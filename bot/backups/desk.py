"""The three things an operator does with backups, each as one call."""

from __future__ import annotations

import datetime as dt
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot import assembly
from bot.adapters.blobs import BucketBlobs
from bot.backups import postgres, restoring
from bot.backups.making import Backup
from bot.backups.manifest import Manifest, examine
from bot.backups.proving import prove
from bot.backups.restoring import Target
from core.kit.keys import KeyRing
from core.ledger import Rehearsed, Signer, keys

if TYPE_CHECKING:
    from bot.settings import Settings
    from handlers.cli.tools import Progress


@dataclass(frozen=True)
class Desk:
    """Backups of one installation."""

    settings: Settings
    progress: Progress

    def _keys(self) -> tuple[KeyRing, Signer]:
        """Load both key files; none is made here, for a new one opens nothing."""
        return KeyRing.load(self.settings.master_key_file), keys.load(self.settings.ledger_key_file)

    @property
    def _target(self) -> Target:
        owner = self.settings.database_owner_url
        url = self.settings.database_url
        store = assembly.blob_store(self.settings)
        return Target(
            url=url,
            owner=owner.get_secret_value() if owner and not url.startswith("sqlite:") else url,
            blobs=store if isinstance(store, BucketBlobs) else store.root,
            checkpoints=keys.checkpoint_file(self.settings.ledger_key_file),
        )

    async def backup(self, file: BinaryIO) -> Manifest:
        """Write a backup into an empty file.

        Raises:
            KeyFault: a key file cannot be read.
            BackupFault: something cannot be read.
            OSError: the file cannot be written.
        """
        ring, signer = self._keys()
        made = Backup(file, ring.for_backups(), self.progress)
        return await made.make(self.settings.database_url, assembly.blob_store(self.settings), signer)

    async def _examined(self, file: BinaryIO) -> Manifest:
        ring, signer = self._keys()
        manifest = examine(file, ring.for_backups(), self.progress)
        restoring.must_fit(manifest, self.settings.database_url, signer)
        return manifest

    async def restore(self, file: BinaryIO) -> tuple[Manifest, list[str]]:
        """Restore into this installation, which must be empty; answers what verification found wrong.

        A file of noted checkpoints that is there already is believed rather than the backup's own: it may know a
        longer history.

        Raises:
            KeyFault: a key file cannot be read.
            BackupFault: the backup is not sound or does not fit, or the target is not empty; nothing was changed.
        """
        ring, _ = self._keys()
        await restoring.must_be_free(self._target)
        manifest = await self._examined(file)
        await restoring.put(file, ring.for_backups(), manifest, self._target, self.progress)
        return manifest, await prove(self.settings, self._target.checkpoints, manifest, self._verifying)

    async def rehearse(self, file: BinaryIO) -> Rehearsed:
        """Restore into a scratch place, verify there, take everything away again.

        Raises:
            KeyFault: a key file cannot be read.
            BackupFault: the backup is not sound or does not fit.
        """
        ring, _ = self._keys()
        begun = time.monotonic()
        manifest = await self._examined(file)
        async with self._scratch() as (settings, target):
            await restoring.put(file, ring.for_backups(), manifest, target, self.progress)
            faults = await prove(settings, target.checkpoints, manifest, self._verifying)
        return Rehearsed(
            made_at=dt.datetime.fromisoformat(manifest.made_at),
            size=manifest.ledger.size,
            root=manifest.ledger.root,
            entries=manifest.ledger.entries,
            rows=manifest.rows,
            blobs=manifest.blobs.count,
            seconds=max(1, round(time.monotonic() - begun)),
            faults=tuple(faults),
        )

    @asynccontextmanager
    async def _scratch(self) -> AsyncIterator[tuple[Settings, Target]]:
        """A folder, and on PostgreSQL a schema, that are gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="bihuan-rehearsal-") as made:
            folder = Path(made)
            url = f"sqlite://{folder}/rehearsal.db"
            if self.settings.database_url.startswith("sqlite:"):
                yield self._within(folder, url)
                return
            schema = f"bihuan_rehearsal_{secrets.token_hex(4)}"
            address = self._target.owner
            url = f"{address}{'&' if '?' in address else '?'}schema={schema}"
            async with postgres.connected(address) as db:
                await db.execute(f"CREATE SCHEMA {schema}")
            try:
                yield self._within(folder, url)
            finally:
                async with postgres.connected(address) as db:
                    await db.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

    def _within(self, folder: Path, url: str) -> tuple[Settings, Target]:
        target = Target(
            url=url, owner=url, blobs=folder / "blobs", checkpoints=folder / "ledger.key.checkpoints"
        )
        settings = self.settings.model_copy(
            update={"database_url": url, "database_owner_url": None, "blob_url": f"file://{target.blobs}"}
        )
        return settings, target

    def _verifying(self, done: int, total: int) -> None:
        self.progress("verifying", 100 * done // max(1, total))
