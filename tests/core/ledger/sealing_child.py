"""A process of its own that records and seals, to be killed; then one that finishes and verifies."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from core.ledger import Sealer, Signer, keys
from tests.core.ledger.logs import ORIGIN, record, seal_all, verified
from tests.databases import build, close_database, open_database


async def work(signer: Signer, folder: Path) -> None:
    """Record without end, saying the id of every entry whose unit was committed, while a sealer runs."""
    fresh = not (folder / "log.db").exists()
    await open_database(f"sqlite://{folder}/log.db?synchronous=FULL&busy_timeout=10000")
    if fresh:
        await build()
    sealer = Sealer(signer, limit=4)
    running = asyncio.create_task(sealer.run())
    for number in range(100_000):
        appended = await record(f"P{number}")
        sys.stdout.write(f"{appended.entry_id}\n")
        sys.stdout.flush()
        await sealer.seal_now() if number % 3 == 0 else await asyncio.sleep(0)
    await running


async def finish(signer: Signer, folder: Path) -> int:
    """Seal what the killed process left and verify; 1 when anything is wrong."""
    await open_database(f"sqlite://{folder}/log.db?busy_timeout=10000")
    await seal_all(signer)
    report = await verified(signer)
    await close_database()
    sys.stdout.write("\n".join(map(str, report.faults)))
    return 0 if report.sound else 1


if __name__ == "__main__":
    place = Path(sys.argv[1])
    key = keys.load_or_create(place / "ledger.key", ORIGIN)
    sys.exit(asyncio.run(work(key, place) if sys.argv[2] == "work" else finish(key, place)))
