"""What the ledger costs: writing with it and without, sealing, verifying against plain hashing of the same bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Final

from tortoise import connections

from bot.benches.filling import BATCH, fill, view
from bot.benches.scratch import addresses, scratch
from core import ledger
from core.kit import Actor, system, unit_of_work
from core.kit.unit_of_work import ALIAS
from core.ledger import Kind, Sealer, Signer, keys
from handlers.cli.tools import Bench, Figure

WRITERS: Final = 32
ROUNDS: Final = 5
OTHER_WORK: Final = 0.005
"""Seconds that a verb spends in its transaction on other things."""
ORIGIN: Final = "bench.example/bihuan"
ACTOR: Final[Actor] = system(1, channel="bench")
_READ: Final = "SELECT body FROM ledger_entry WHERE id > {after} ORDER BY id LIMIT {most}"


async def _change(number: int, *, recorded: bool, other_work: float = 0) -> None:
    """Write one row as a verb does, with its entry or without, after other work in the same transaction."""
    async with unit_of_work():
        if other_work:
            await asyncio.sleep(other_work)
        row = view(number)
        await row.save()
        if recorded:
            await ledger.append(
                Kind.ACCESS_VIEW, ACTOR, rows=[row], facts={"subject": f"/anomalies/{number}"}, reason="测量"
            )


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began


async def _writers(count: int, *, recorded: bool, other_work: float) -> None:
    async def write(writer: int) -> None:
        for number in range(count // WRITERS):
            await _change(writer * count + number, recorded=recorded, other_work=other_work)

    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))


async def _ratio(signer: Signer, count: int, other_work: float) -> float:
    """Time without the ledger over time with it, sealing included; the median of some rounds, each beside the other."""
    ratios: list[float] = []
    for _ in range(ROUNDS):
        without = await _seconds(lambda: _writers(count, recorded=False, other_work=other_work))
        sealer = Sealer(signer)
        running = asyncio.create_task(sealer.run())
        along = await _seconds(lambda: _writers(count, recorded=True, other_work=other_work))
        ratios.append(without / along)
        await sealer.stop()
        with suppress(asyncio.CancelledError):
            await running
    return median(ratios)


async def _hashing() -> tuple[float, float]:
    """The plain way: every body read from the same database and hashed; answers that, and the hashing alone."""
    db, after, whole, alone = connections.get(ALIAS), 0, 0.0, 0.0
    while True:
        began = process_time()
        bodies = [row[0] for row in (await db.execute_query(_READ.format(after=after, most=BATCH)))[1]]
        read = process_time()
        for body in bodies:
            sha256(b"\x00" + body).digest()
        ended = process_time()
        whole, alone, after = whole + ended - began, alone + ended - read, after + len(bodies)
        if len(bodies) < BATCH:
            return whole, alone


async def _verifying(signer: Signer, *, rows: bool) -> float:
    """This process's time, which other processes of the machine disturb least; a server's is not in it."""
    began = process_time()
    report = await ledger.verify(
        verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file, rows=rows
    )
    taken = process_time() - began
    if not report.sound:
        raise RuntimeError(str(report.faults[0]))
    return taken


async def _measure_writers(engine: str, folder: Path, size: int) -> list[Figure]:
    signer = keys.create(folder / "ledger.key", ORIGIN)
    count = min(size, 5000) // 10
    usual = await _ratio(signer, count, OTHER_WORK)
    bare = await _ratio(signer, count, 0)
    verb = f"{engine}: throughput of {WRITERS} writers with the ledger / without"
    return [
        Figure(f"{verb}, verbs with 5 ms of other work", usual, "x", at_least=0.85),
        Figure(f"{verb}, one bare row each", bare, "x"),
    ]


async def _measure_log(engine: str, folder: Path, size: int) -> list[Figure]:
    signer = keys.create(folder / "ledger.key", ORIGIN)
    await fill(size, ACTOR)
    sealing = await _seconds(Sealer(signer).seal_now)
    rounds = [
        (await _hashing(), await _verifying(signer, rows=False), await _verifying(signer, rows=True))
        for _ in range(ROUNDS)
    ]
    what, each = f"{engine}: verify {size} entries", 1_000_000 / size
    plain = f"{what} (bodies, columns, tree, checkpoints), processor time / hashlib over the same bytes"
    return [
        Figure(f"{engine}: sealing 1,000 entries", sealing / size * 1_000_000, "ms"),
        Figure(
            f"{plain} read from the same database",
            median(log / whole for (whole, _), log, _ in rounds),
            "x",
            at_most=2.5,
        ),
        Figure(f"{plain} held in memory", median(log / alone for (_, alone), log, _ in rounds), "x"),
        Figure(f"{what}, each, processor time", median(log for _, log, _ in rounds) * each, "µs"),
        Figure(
            f"{engine}: compare {size} rows with their entries besides, each, processor time",
            median(all_of_it - log for _, log, all_of_it in rounds) * each,
            "µs",
        ),
    ]


async def run(installed: str, owner: str, size: int) -> list[Figure]:
    """Measure on every engine at hand with so many entries."""
    figures: list[Figure] = []
    for engine, address in addresses(installed, owner):
        for measure in (_measure_writers, _measure_log):
            async with scratch(address) as folder:
                figures += await measure(engine, folder, size)
    return figures


LEDGER: Final = Bench(
    name="ledger",
    says="writing with the ledger and without, sealing, verifying against plain hashing",
    size=5000,
    run=run,
)
