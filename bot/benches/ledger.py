"""What the ledger costs: writing with it and without, sealing, verifying against plain hashing of the same bytes."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, Final

from tortoise import connections
from tortoise.backends.sqlite.client import SqliteClient

from bot.benches.filling import fill, tidy, view
from bot.benches.scratch import addresses, scratch
from core import ledger
from core.kit import Actor, Regulated, system, unit_of_work
from core.kit.unit_of_work import ALIAS
from core.ledger import Kind, Sealer, Signer, keys
from handlers.cli.tools import Bench, Figure

WRITERS: Final = 32
ROUNDS: Final = 5
OTHER_WORK: Final = 0.005
"""Seconds that a verb spends in its transaction on other things."""
ORIGIN: Final = "bench.example/bihuan"
ACTOR: Final[Actor] = system(1, channel="bench")
FEW: Final = 1000
"""Entries of a log that counts as short."""
ONES: Final = 100
"""Verbs in a row, in a round."""
_READ: Final = "SELECT body FROM ledger_entry ORDER BY id"


async def _change(number: int, *, recorded: bool, other_work: float = 0) -> Regulated:
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
    return row


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


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What some work took: seconds passed, and processor seconds of this process and those it started.

    A database server's processor time is not in it.
    """

    passed: float
    processor: float


def _processor() -> float:
    return process_time() + sum(os.times()[2:4])


async def _spent(work: Callable[[], Awaitable[object]]) -> Spent:
    passed, processor = perf_counter(), _processor()
    await work()
    return Spent(passed=perf_counter() - passed, processor=_processor() - processor)


async def _bodies() -> AsyncIterator[list[Any]]:
    """Read every body in the order of its key, with the plain driver, a thousand at a time."""
    client = connections.get(ALIAS)
    if isinstance(client, SqliteClient):
        with closing(sqlite3.connect(client.filename)) as file:
            rows = file.execute(_READ)
            while page := rows.fetchmany(1000):
                yield page
        return
    async with client.acquire_connection() as server, server.transaction():
        cursor = await server.cursor(_READ)
        while page := await cursor.fetch(1000):
            yield page


async def _hashing() -> float:
    """The plain way: every body read and hashed; answers the seconds of hashing alone."""
    alone = 0.0
    async for page in _bodies():
        began = perf_counter()
        for (body,) in page:
            sha256(b"\x00" + body).digest()
        alone += perf_counter() - began
    return alone


async def _verify(signer: Signer, *, rows: bool) -> None:
    report = await ledger.verify(
        verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file, rows=rows
    )
    if not report.sound:
        raise RuntimeError(str(report.faults[0]))


async def _round(signer: Signer) -> tuple[Spent, float, Spent]:
    """One round: the plain way, of it hashing alone, and verification of the log beside it."""
    alone: list[float] = []

    async def plain() -> None:
        alone.append(await _hashing())

    return await _spent(plain), alone[0], await _spent(lambda: _verify(signer, rows=False))


async def _appending(signer: Signer, verbs: int) -> float:
    """Time of verbs one after the other with their entries and the seal, over that of the same without entries."""
    rows: list[Regulated] = []

    async def along() -> None:
        for number in range(verbs):
            await _change(number, recorded=True)
        await Sealer(signer).seal_now()

    async def without() -> None:
        rows.extend([await _change(number, recorded=False) for number in range(verbs)])

    ratios = [await _seconds(along) / await _seconds(without) for _ in range(ROUNDS)]
    async with unit_of_work():
        await ledger.append(Kind.ACCESS_VIEW, ACTOR, rows=rows)
    return median(ratios)


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
    few, verbs = min(FEW, size // 2), min(ONES, size // 50)
    await fill(few, ACTOR)
    await Sealer(signer).seal_now()
    early = await _appending(signer, verbs)
    await fill(size - few, ACTOR, start=few + 2 * ROUNDS * verbs)
    await tidy()
    sealing = await _seconds(Sealer(signer).seal_now)
    await tidy()
    late = await _appending(signer, verbs)
    rounds = [await _round(signer) for _ in range(ROUNDS)]
    entries = await ledger.entry_count()
    what, each = f"{engine}: verify {entries} entries", 1_000_000 / entries
    return [
        Figure(f"{engine}: sealing 1,000 entries", sealing / (size - few) * 1_000_000, "ms"),
        Figure(
            f"{engine}: a verb with its entry and seal / without, in a log of {size} entries over in one of {few}",
            late / early,
            "x",
            at_most=1.2,
        ),
        Figure(
            f"{what} (bodies, columns, tree, checkpoints) / hashlib over the same bytes read from the same database",
            median(log.passed / plain.passed for plain, _, log in rounds),
            "x",
            at_most=2.5,
        ),
        Figure(
            f"{what} / the same, processor time but the server's",
            median(log.processor / plain.processor for plain, _, log in rounds),
            "x",
        ),
        Figure(
            f"{what} / hashlib over the same bytes held in memory",
            median(log.passed / alone for _, alone, log in rounds),
            "x",
        ),
        Figure(f"{what}, each", median(log.passed for _, _, log in rounds) * each, "µs"),
        Figure(
            f"{engine}: hashlib over them, read from the database, each",
            median(plain.passed for plain, *_ in rounds) * each,
            "µs",
        ),
        Figure(
            f"{engine}: log and rows, each",
            (await _spent(lambda: _verify(signer, rows=True))).passed * each,
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
