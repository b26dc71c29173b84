"""What a backup says of itself: the last of its parts, against which every other part is checked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from bot.backups.faults import BackupFault
from bot.backups.parts import Sum, parts
from bot.backups.sealed_stream import Seals, opened

if TYPE_CHECKING:
    from handlers.cli.tools import Progress

MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.sqlite"
CHECKPOINTS: Final = "ledger.checkpoints"
TABLES: Final = "tables/"
BLOBS: Final = "blobs/"
_LONGEST: Final = 1 << 24


class LedgerState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ledger as the backup holds it: newest checkpoint, entries, those that wait for a seal, public keys."""

    size: int
    root: str
    entries: int
    waiting: int
    keys: tuple[str, ...]


class BlobsState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All blobs: how many, their bytes, SHA-256 of the lines ``name size sha256`` in the order of the file."""

    count: int
    size: int
    sha256: str


class TableState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table: its rows, its columns as dumped, and where its sequence stands (PostgreSQL)."""

    rows: int
    columns: tuple[str, ...] = ()
    sequences: dict[str, tuple[int, bool]] = {}


class PartState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part that is no blob."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is checked before a restore touches anything."""

    version: str
    engine: str
    made_at: str
    migrations: tuple[str, ...]
    ledger: LedgerState
    tables: dict[str, TableState]
    parts: dict[str, PartState]
    blobs: BlobsState

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(one.rows for one in self.tables.values())


class BlobSums:
    """Counts blobs and digests their names, sizes and digests, in constant memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self._count = self._size = 0
        self._digest = hashlib.sha256()

    def add(self, name: str, found: Sum) -> None:
        """Take one more."""
        self._count += 1
        self._size += found.size
        self._digest.update(f"{name} {found.size} {found.sha256}\n".encode())

    @property
    def state(self) -> BlobsState:
        """What they are so far."""
        return BlobsState(self._count, self._size, self._digest.hexdigest())


def examine(file: BinaryIO, seals: Seals, progress: Progress) -> Manifest:
    """Read a backup from its first to its last byte and hold every part to the manifest; nothing is written.

    Raises:
        BackupFault: it does not open, or anything in it is not what the manifest says.
    """
    found: dict[str, PartState] = {}
    blobs = BlobSums()
    raw: bytes | None = None
    done = 0
    file.seek(0)
    for part in parts(opened(file, seals)):
        if raw is not None:
            msg = "the backup holds parts after its manifest"
            raise BackupFault(msg)
        if part.name == MANIFEST:
            raw = b"".join(part.blocks())[:_LONGEST]
            continue
        one = part.drain()
        if part.name.startswith(BLOBS):
            blobs.add(part.name, one)
        else:
            found[part.name] = PartState(one.size, one.sha256)
        done += one.size
        progress("checking", done)
    manifest = _read(raw)
    for name in sorted(manifest.parts.keys() | found.keys()):
        if manifest.parts.get(name) != found.get(name):
            msg = f"part {name} of the backup is not the one that its manifest names"
            raise BackupFault(msg)
    if manifest.blobs != blobs.state:
        msg = "the photos and files in the backup are not those that its manifest counts"
        raise BackupFault(msg)
    return manifest


def _read(raw: bytes | None) -> Manifest:
    if raw is None:
        msg = "the backup holds no manifest"
        raise BackupFault(msg)
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.MsgspecError as wrong:
        msg = f"the backup's manifest cannot be read ({wrong}): it was made by another version of Bihuan"
        raise BackupFault(msg) from None
