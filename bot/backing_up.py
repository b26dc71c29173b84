"""The backup commands' side of the assembly: faults become refusals, outcomes become sentences and a record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import replace
from typing import BinaryIO, Protocol

from bot.backups import BackupFault, Desk, Manifest
from bot.settings import Settings, SettingsFault
from core import ledger, people
from core.kit import system, unit_of_work
from core.kit.keys import KeyFault
from handlers.cli.tools import Progress, Refused

_UNSOUND = (
    "The backup was restored as it is, but verification found faults: do not start on it before you know why "
    "(docs/operating/recovery.md)."
)


class Opens(Protocol):
    """What the assembly gives."""

    settings: Settings

    def database(self) -> AbstractAsyncContextManager[None]:
        """The live database, refused when it is not usable."""
        ...


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except (BackupFault, KeyFault, SettingsFault) as fault:
        raise Refused(str(fault)) from None


def _held(made: Manifest) -> str:
    return (
        f"{made.ledger.entries} entries sealed up to {made.ledger.size}:{made.ledger.root[:8]}, {made.rows} rows, "
        f"{made.blobs.count} photos and files"
    )


class BackingUp:
    """Backup, restore and rehearsal as the command line uses them."""

    async def backup(self: Opens, file: BinaryIO, progress: Progress) -> str:
        """Write a backup; running processes go on meanwhile."""
        with _said():
            return _held(await Desk(self.settings, progress).backup(file))

    async def restore(self: Opens, file: BinaryIO, progress: Progress) -> str:
        """Restore and verify.

        Raises:
            Refused: nothing was restored; or it was, and verification found faults.
        """
        with _said():
            try:
                made, faults = await Desk(self.settings, progress).restore(file)
            except (OSError, sqlite3.Error) as wrong:
                raise Refused(f"nothing was restored: {wrong}") from None
        if faults:
            raise Refused("\n".join([*faults, _UNSOUND]))
        return f"restored and verified: {_held(made)}, as of {made.made_at}"

    async def rehearse(self: Opens, file: BinaryIO, progress: Progress) -> str:
        """Rehearse, and record it in every plant of the live database.

        Raises:
            Refused: the live database cannot be used, the backup cannot be read, or faults were found.
        """
        async with self.database():
            pass  # before the long work, not after it
        with _said():
            try:
                found = await Desk(self.settings, progress).rehearse(file)
            except (OSError, sqlite3.Error) as wrong:
                raise Refused(f"the rehearsal could not be finished: {wrong}") from None
        async with self.database():
            if not await ledger.is_past(found.size, found.root):
                strange = f"{found.size}:{found.root[:8]} was never a state of the live ledger"
                found = replace(found, faults=(*found.faults, strange))
            async with unit_of_work():
                for plant in await people.plants():
                    await ledger.record_rehearsal(system(plant.id, channel="cli"), found)
        if found.faults:
            raise Refused("\n".join([*found.faults, "The rehearsal found faults; it is on the record."]))
        return (
            f"rehearsed in {found.seconds} s: {found.entries} entries sealed up to {found.size}:{found.root[:8]}, "
            f"{found.rows} rows, {found.blobs} photos and files, all verified; nothing is left of it but its record"
        )
