"""Kills a sealing process before its first statement, before its second, and so on, then verifies what is left.

Prints how many kills there were, then what each stood before.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from tortoise import connections

from core import ledger
from core.kit.unit_of_work import ALIAS
from core.ledger import Signer, keys, noting
from tests.core.ledger.logs import ORIGIN, record, seal_all, verified
from tests.databases import build, close_database, open_database


class Killer:
    """Ends this process before the step of a given number."""

    def __init__(self, at: int, said: Path) -> None:
        self.left = at
        self.said = said

    def __call__(self, statement: str) -> None:
        """Count a step down."""
        if not self.left:
            with self.said.open("a") as file:
                file.write(statement.split(maxsplit=1)[0].upper() + "\n")
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def before(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Make a call a step of its own."""

        def counted(*arguments: Any) -> Any:
            self(name)
            return call(*arguments)

        return counted


async def seal_until(at: int, folder: Path, signer: Signer) -> None:
    """Record two entries, then seal once with the killer watching."""
    if at == 0:
        await build()
    for number in range(2):
        await record(f"P{at}-{number}")
    killer = Killer(at, folder / "said")
    noting.note = killer.before("note", noting.note)
    os.fsync = killer.before("fsync", os.fsync)
    async with connections.get(ALIAS).acquire_connection() as connection:
        await connection.set_trace_callback(killer)
    await ledger.seal(signer, limit=3)


async def finish(folder: Path, signer: Signer) -> list[str]:
    """Seal the rest and answer what is wrong."""
    await seal_all(signer)
    report = await verified(signer)
    await close_database()
    return [
        *map(str, report.faults),
        *([] if report.leaves == report.entries else ["something is not sealed"]),
    ]


def main(folder: Path) -> int:
    """Kill at every point; 1 when anything is wrong."""
    signer = keys.load_or_create(folder / "ledger.key", ORIGIN)
    asyncio.run(open_database(f"sqlite://{folder}/log.db?synchronous=FULL"))  # each child connects by itself
    for at in count():
        child = os.fork()
        if not child:
            asyncio.run(seal_until(at, folder, signer))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
    wrong = asyncio.run(finish(folder, signer)) if status == 0 else [f"ended with {status}"]
    sys.stdout.write("\n".join([*wrong, str(at), (folder / "said").read_text()]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
