"""Making a backup: noted checkpoints, then one state of the database, then the blobs, then the manifest.

In this order nothing is missing: a checkpoint is noted after it is in the database, and a blob is kept before a row
names it and never removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, TypeVar

import msgspec

from bot import VERSION, database
from bot.adapters.blobs import ListedBlobs
from bot.backups import postgres, sqlite
from bot.backups.faults import BackupFault
from bot.backups.manifest import (
    BLOBS,
    CHECKPOINTS,
    DATABASE,
    MANIFEST,
    TABLES,
    BlobSums,
    LedgerState,
    Manifest,
    PartState,
    TableState,
)
from bot.backups.parts import BLOCK, PartWriter, Sum
from bot.backups.sealed_stream import SealingStream, Seals
from core.kit import clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from core.ledger import Signer
    from handlers.cli.tools import Progress

T = TypeVar("T")
Found = tuple[tuple[str, ...], LedgerState, dict[str, TableState]]


class Backup:
    """One backup in the making."""

    def __init__(self, file: BinaryIO, seals: Seals, progress: Progress) -> None:
        """Write to a file that is empty."""
        self._stream = SealingStream(file, seals)
        self._progress = progress
        self._parts: dict[str, PartState] = {}
        self._done = 0

    async def make(self, url: str, store: ListedBlobs, signer: Signer) -> Manifest:
        """Write everything and answer what the manifest says.

        Raises:
            BackupFault: the database, a blob or the noted checkpoints cannot be read.
            OSError: the backup cannot be written.
        """
        made_at = clock.now()
        if signer.checkpoint_file.is_file():
            self._keep(CHECKPOINTS, self._file(CHECKPOINTS, signer.checkpoint_file, ""))
        keys = tuple(str(one) for one in signer.verifiers)
        engine = "sqlite" if url.startswith("sqlite:") else "postgres"
        found = self._sqlite(url, keys) if engine == "sqlite" else await self._postgres(url, keys)
        migrations, ledger, tables = found
        blobs = BlobSums()
        async for key in _readable(store.listed(), "the list of photos"):
            blobs.add(BLOBS + key, await self._blob(BLOBS + key, _readable(store.blocks(key), key)))
        manifest = Manifest(
            version=VERSION,
            engine=engine,
            made_at=made_at.isoformat(),
            migrations=migrations,
            ledger=ledger,
            tables=tables,
            parts=self._parts,
            blobs=blobs.state,
        )
        writer = PartWriter(self._stream, MANIFEST)
        writer.write(msgspec.json.encode(manifest))
        writer.end()
        self._stream.close()
        return manifest

    def _sqlite(self, url: str, keys: tuple[str, ...]) -> Found:
        with sqlite.copied(database.sqlite_file(url), keys, self._progress) as copy:
            self._keep(DATABASE, self._written(DATABASE, copy.file, "writing"))
            return copy.migrations, copy.ledger, copy.tables

    async def _postgres(self, url: str, keys: tuple[str, ...]) -> Found:
        async with postgres.snapshot(url) as db:
            migrations, ledger = await postgres.described(db, keys)
            tables: dict[str, TableState] = {}
            for name, columns in (await postgres.tables(db)).items():
                tables[name], found = await postgres.dump(db, name, columns, self._stream)
                self._keep(f"{TABLES}{name}", found)
                self._tell("database", found.size)
            for name, standing in (await postgres.sequences(db)).items():
                if name in tables:
                    tables[name] = msgspec.structs.replace(tables[name], sequences=standing)
            return migrations, ledger, tables

    def _keep(self, name: str, found: Sum) -> None:
        self._parts[name] = PartState(found.size, found.sha256)

    def _file(self, name: str, path: Path, what: str) -> Sum:
        try:
            file = path.open("rb")
        except OSError as wrong:
            msg = f"{path} cannot be read: {wrong.strerror}"
            raise BackupFault(msg) from None
        with file:
            return self._written(name, file, what)

    def _written(self, name: str, file: BinaryIO, what: str) -> Sum:
        writer = PartWriter(self._stream, name)
        for block in _blocks(file, name):
            writer.write(block)
            self._tell(what, len(block))
        return writer.end()

    async def _blob(self, name: str, blocks: AsyncIterator[bytes]) -> Sum:
        writer = PartWriter(self._stream, name)
        async for block in blocks:
            writer.write(block)
            self._tell("photos and files", len(block))
        return writer.end()

    def _tell(self, what: str, more: int) -> None:
        self._done += more
        if what:
            self._progress(what, self._done)


async def _readable(pieces: AsyncIterator[T], what: str) -> AsyncIterator[T]:
    """The same pieces; a fault of reading is told apart from one of writing the backup."""
    while True:
        try:
            piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except OSError as wrong:
            msg = f"{what} cannot be read: {wrong.strerror or wrong}"
            raise BackupFault(msg) from None
        yield piece


def _blocks(file: BinaryIO, name: str) -> Iterator[bytes]:
    while True:
        try:
            block = file.read(BLOCK)
        except OSError as wrong:
            msg = f"{name} cannot be read: {wrong.strerror}"
            raise BackupFault(msg) from None
        if not block:
            return
        yield block
