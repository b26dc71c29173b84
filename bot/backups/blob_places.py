"""Where the photos of a backup go: a folder that gets its name at the end, or an empty prefix of a bucket."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.adapters.blobs import BucketBlobs, FolderBlobs
from bot.backups.faults import BackupFault

if TYPE_CHECKING:
    from bot.backups.parts import Part


class BlobPlace(Protocol):
    """A place that is as empty after a failure as it was before."""

    async def must_be_free(self) -> None:
        """Refuse a place where anything lies; raises BackupFault."""

    async def begin(self) -> None:
        """Make ready to take parts."""

    async def take(self, key: str, part: Part) -> None:
        """Write one blob; it is not in use yet."""

    def settle(self) -> None:
        """Put everything that was taken in use."""

    def unsettle(self) -> None:
        """Take it out of use again, because the database could not follow."""

    async def leave(self) -> str:
        """Undo what was not settled; answers a sentence about what could not be undone, or nothing."""


class FolderPlace:
    """Blobs are written beside the folder, which is named in one step."""

    def __init__(self, folder: Path, end: str) -> None:
        """``end`` marks the folder while it is being filled."""
        self._folder = folder
        self._partial = folder.with_name(f".{folder.name}{end}")
        self._store = FolderBlobs(self._partial)

    async def must_be_free(self) -> None:
        """Raise BackupFault when the folder holds anything."""
        if self._folder.exists() and any(self._folder.iterdir()):
            msg = f"the folder {self._folder} is not empty: a backup is restored beside no photos only. Move it away."
            raise BackupFault(msg)

    async def begin(self) -> None:
        """Make the folder beside."""
        self._partial.parent.mkdir(parents=True, exist_ok=True)
        self._partial.mkdir()

    async def take(self, key: str, part: Part) -> None:
        """Write one file durably."""
        path = self._store.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, part)

    def settle(self) -> None:
        """Rename the folder."""
        if self._folder.exists():
            self._folder.rmdir()
        self._partial.rename(self._folder)

    def unsettle(self) -> None:
        """Rename it back."""
        self._folder.rename(self._partial)

    async def leave(self) -> str:
        """Remove what was not named."""
        shutil.rmtree(self._partial, ignore_errors=True)
        return f"Remove {self._partial}, too." if self._partial.exists() else ""


class BucketPlace:
    """Objects have no other name to wait under; nothing refers to them before the database is settled."""

    def __init__(self, store: BucketBlobs) -> None:
        """Fill an empty prefix."""
        self._store = store
        self._taken: list[str] = []
        self._settled: list[str] = []

    async def must_be_free(self) -> None:
        """Raise BackupFault when the prefix holds anything, or the store does not answer."""
        try:
            free = await self._store.is_empty()
        except OSError as wrong:
            raise BackupFault(str(wrong)) from None
        if not free:
            msg = f"{self._store.name} is not empty: a backup is restored only beside no photos. Name another prefix."
            raise BackupFault(msg)

    async def begin(self) -> None:
        """Nothing has to be made."""
        self._taken.clear()

    async def take(self, key: str, part: Part) -> None:
        """Put one object; a photo is small enough to be held whole.

        Raises:
            BackupFault: somebody else wrote under the prefix meanwhile; their object is left alone.
            OSError: the store does not answer, or refuses.
        """
        if await self._store.exists(key):
            msg = f"{key} appeared in {self._store.name} meanwhile: restore where nobody else writes"
            raise BackupFault(msg)
        self._taken.append(key)
        await self._store.put(key, b"".join(part.blocks()))

    def settle(self) -> None:
        """Keep what was put."""
        self._taken, self._settled = [], self._taken

    def unsettle(self) -> None:
        """Have it removed after all."""
        self._taken = self._settled

    async def leave(self) -> str:
        """Remove what was put in vain, as far as the store answers."""
        taken, self._taken = self._taken, []
        kept = await self._store.forget(taken)
        if not kept:
            return ""
        return (
            f"{len(kept)} objects under {self._store.name} could not be taken away again, {kept[0]} first: "
            "remove them, or name another prefix."
        )


def write(path: Path, part: Part) -> None:
    """Write a part into a new file, durably."""
    with path.open("xb") as file:
        for block in part.blocks():
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
