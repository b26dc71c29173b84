"""What the ledger costs: writing with it and without, sealing, verifying against plain hashing of the same bytes."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Final

from tortoise import connections

from bot.benches.scratch import addresses, scratch
from core import ledger
from core.kit import REGULATED, Actor, system, unit_of_work
from core.kit.unit_of_work import ALIAS
from core.ledger import Kind, Sealer, Signer, keys
from handlers.cli.tools import Bench, Figure

WRITERS: Final = 32
ROUNDS: Final = 5
OTHER_WORK: Final = 0.005
"""Seconds that a verb spends in its transaction on other things."""
BATCH: Final = 500
ORIGIN: Final = "bench.example/bihuan"
ACTOR: Final[Actor] = system(1, channel="bench")


async def _change(number: int, *, recorded: bool, other_work: float = 0) -> None:
    """Write one row as a verb does, with its entry or without, after other work in the same transaction."""
    async with unit_of_work() as work:
        if other_work:
            await asyncio.sleep(other_work)
        await _row(number, work.now, recorded=recorded)


async def _row(number: int, now: dt.datetime, *, recorded: bool) -> None:
    subject = f"/anomalies/{number}"
    row = await REGULATED["AccessLog"].create(
        plant_id=1, at=now, person_id=7, door="bench", subject=subject, detail="测量"
    )
    if recorded:
        await ledger.append(Kind.ACCESS_VIEW, ACTOR, rows=[row], facts={"subject": subject}, reason="测量")


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


async def _fill(entries: int) -> None:
    for start in range(0, entries, BATCH):
        async with unit_of_work() as work:
            for number in range(start, min(entries, start + BATCH)):
                await _row(number, work.now, recorded=True)


async def _bodies() -> list[bytes]:
    rows = (await connections.get(ALIAS).execute_query("SELECT body FROM ledger_entry"))[1]
    return [bytes(row["body"]) for row in rows]


def _hashing(bodies: list[bytes]) -> float:
    began = process_time()
    for body in bodies:
        sha256(b"\x00" + body).digest()
    return process_time() - began


async def _verifying(signer: Signer) -> float:
    """This process's time, which other processes of the machine disturb least; a server's is not in it."""
    taken = []
    for _ in range(ROUNDS):
        began = process_time()
        report = await ledger.verify(verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file)
        taken.append(process_time() - began)
        if not report.sound:
            raise RuntimeError(str(report.faults[0]))
    return min(taken)


async def _measure_writers(engine: str, folder: Path, size: int) -> list[Figure]:
    signer = keys.create(folder / "ledger.key", ORIGIN)
    usual = await _ratio(signer, size // 10, OTHER_WORK)
    bare = await _ratio(signer, size // 10, 0)
    verb = f"{engine}: throughput of {WRITERS} writers with the ledger / without"
    return [
        Figure(f"{verb}, verbs with 5 ms of other work", usual, "x", at_least=0.85),
        Figure(f"{verb}, one bare row each", bare, "x"),
    ]


async def _measure_log(engine: str, folder: Path, size: int) -> list[Figure]:
    signer = keys.create(folder / "ledger.key", ORIGIN)
    await _fill(size)
    sealing = await _seconds(Sealer(signer).seal_now)
    bodies = await _bodies()
    hashing = min(_hashing(bodies) for _ in range(ROUNDS))
    verifying = await _verifying(signer)
    what = f"{engine}: verify {size} entries and their rows"
    return [
        Figure(f"{engine}: sealing 1,000 entries", sealing / size * 1_000_000, "ms"),
        Figure(
            f"{what} / hashlib over the same bytes, processor time", verifying / hashing, "x", at_most=2.5
        ),
        Figure(f"{what}, each, processor time", verifying / size * 1_000_000, "µs"),
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
