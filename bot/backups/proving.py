"""Proving that what was restored is what was backed up: guards, the whole ledger, every record and photo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tortoise.backends.base.executor import EXECUTOR_CACHE

from bot import assembly, database
from core import ledger
from core.ledger import merkle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.backups.manifest import Manifest
    from bot.settings import Settings

KEPT = 100
"""Faults that are named one by one."""


async def prove(
    settings: Settings, noted: Path, manifest: Manifest, progress: Callable[[int, int], None]
) -> list[str]:
    """Verify a restored installation and hold it to the manifest; answers what is wrong, nothing when all is well.

    ``noted`` is the file of noted checkpoints to believe: by it a ledger that lost its end is found.
    """
    EXECUTOR_CACHE.clear()  # statements of another database
    await database.open_database(settings.database_url)
    try:
        wrong = await database.faults()
        house = assembly.assemble(settings)
        house.signer = replace(house.signer, checkpoint_file=noted)
        try:
            report = await assembly.verify_everything(house, progress, keep=KEPT)
        finally:
            await house.bench.close()
        return [
            *wrong,
            *(str(one) for one in report.faults),
            *([f"… and {report.more} more"] if report.more else []),
            *await _apart(manifest, report.entries),
        ]
    finally:
        await database.close_database()
        EXECUTOR_CACHE.clear()


async def _apart(manifest: Manifest, entries: int) -> list[str]:
    """Say in what the restored ledger is not the one of the manifest."""
    newest = await ledger.latest_checkpoint()
    found = (newest.size, newest.root) if newest else (0, merkle.EMPTY_ROOT.hex())
    stated = manifest.ledger
    wrong = []
    if found != (stated.size, stated.root):
        wrong.append(
            f"the restored ledger is sealed up to {found[0]}:{found[1][:8]}, the backup's manifest says "
            f"{stated.size}:{stated.root[:8]}"
        )
    if entries != stated.entries:
        wrong.append(
            f"the restored ledger holds {entries} entries, the backup's manifest says {stated.entries}"
        )
    return wrong
