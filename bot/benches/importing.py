"""What bringing files in costs, against plain ``sqlite3`` writing the same rows of the same files."""

from __future__ import annotations

import csv
import resource
import sqlite3
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Final

from tortoise import connections

from bot import database
from bot.benches import weaving
from bot.benches.scratch import addresses, scratch
from core import imports
from core.kit.unit_of_work import ALIAS
from handlers.cli.tools import Bench, Figure

ROUNDS: Final = 3
LARGE: Final = 200_000
"""From so many lots on, one round has to do: it takes minutes, which even out what else the machine does."""
_TOGETHER: Final = 20_000
"""Rows of one COPY."""
_TABLES: Final = ("lots_lot", "lots_link")


async def _schema() -> list[str]:
    """The two tables and their indexes as they are, without guards."""
    rows = await connections.get(ALIAS).execute_query_dict(
        "SELECT sql FROM sqlite_master WHERE tbl_name IN (?, ?) AND type IN ('table', 'index') AND sql IS NOT NULL "
        "ORDER BY type DESC",
        list(_TABLES),
    )
    return [row["sql"] for row in rows]


_OF_LOTS: Final = (
    "id, plant_id, number, product_id, organisation_id, place, quantity, unit, status, made_at, process, "
    "import_id"
)
_OF_LINKS: Final = "id, plant_id, parent_id, child_id, quantity, unit, process, at, import_id"
Row = tuple[object, ...]


def _rows(lots: Path, links: Path) -> tuple[Iterator[Row], Iterator[Row]]:
    """Read both files as somebody would who writes rows and nothing else; the first before the second."""
    ids: dict[str, int] = {}

    def of_lots() -> Iterator[Row]:
        with lots.open(encoding="utf-8", newline="") as opened:
            rows = csv.reader(opened)
            next(rows)
            for key, (number, product, quantity, day, place) in enumerate(rows, 1):
                ids[number] = key
                at = f"{day} 00:00:00+00:00"
                yield key, 1, number, int(product[1:]) + 1, 1, place, quantity, "pcs", "available", at, "", 1

    def of_links() -> Iterator[Row]:
        with links.open(encoding="utf-8", newline="") as opened:
            rows = csv.reader(opened)
            next(rows)
            for key, (parent, child, quantity, day) in enumerate(rows, 1):
                yield key, 1, ids[parent], ids[child], quantity, "pcs", "", f"{day} 00:00:00+00:00", 2

    return of_lots(), of_links()


def _plain(file: Path, schema: list[str], lots: Path, links: Path, clock: Callable[[], float]) -> float:
    """Read both files and write their rows by executemany, one transaction, on the disk when it ends."""
    store = sqlite3.connect(file, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute(f"PRAGMA cache_size = {database.CACHE}")
    for statement in schema:
        store.execute(statement)
    of_lots, of_links = _rows(lots, links)
    began = clock()
    store.execute("BEGIN")
    for table, names, rows in (("lots_lot", _OF_LOTS, of_lots), ("lots_link", _OF_LINKS, of_links)):
        marks = ", ".join("?" * len(names.split(", ")))
        store.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608  our own names
    store.execute("COMMIT")
    taken = clock() - began
    store.close()
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    return taken


async def _copied(lots: Path, links: Path) -> float:
    """Read both files and COPY their rows into the tables as they are, keys, conditions and all, in one transaction."""
    of_lots, of_links = _rows(lots, links)
    async with connections.get(ALIAS).acquire_connection() as server:
        began = perf_counter()
        transaction = server.transaction()
        await transaction.start()
        for table, names, rows in (("lots_lot", _OF_LOTS, of_lots), ("lots_link", _OF_LINKS, of_links)):
            while lines := ["\t".join(map(str, row)) for row in islice(rows, _TOGETHER)]:
                source = BytesIO(("\n".join(lines) + "\n").encode())
                await server.copy_to_table(table, source=source, columns=names.split(", "))
        await transaction.commit()
        return perf_counter() - began


async def run(installed: str, owner: str, size: int) -> list[Figure]:
    """Import so many lots and their links on every engine at hand, beside the plain way on SQLite."""
    figures: list[Figure] = []
    rounds = 1 if size >= LARGE else ROUNDS
    schema: list[str] = []
    for engine, address in addresses(installed, owner):
        # Of this process where the database is in it, which other processes disturb least; else what passed, of both.
        clock = process_time if engine == "sqlite" else perf_counter
        ours: list[float] = []
        ratios: list[float] = []
        bare: list[float] = []
        for _ in range(rounds):
            async with scratch(address) as folder:
                files = weaving.write_files(folder, size)
                actor = await weaving.found()
                schema = await _schema() if engine == "sqlite" else schema
                plain = _plain(folder / "plain.db", schema, *files, clock)
                began = clock()
                for file, mapping in zip(files, (weaving.LOTS, weaving.LINKS), strict=True):
                    await imports.import_file(actor, file, mapping)
                ours.append(clock() - began)
                ratios.append(ours[-1] / plain)
            if engine != "sqlite":
                async with scratch(address) as folder:
                    files = weaving.write_files(folder, size)
                    await weaving.found()
                    bare.append(await _copied(*files) / plain)
        what = f"{engine}: import of {size} lots and their links, all or nothing, on the ledger"
        figures += [
            Figure(
                f"{what} / sqlite3 executemany of the same rows of the same files",
                median(ratios),
                "x",
                at_most=3.0,
            ),
            Figure(what, median(ours), "s"),
        ]
        if bare:
            figures.append(
                Figure(
                    f"{engine}: COPY of the same rows into the same tables and nothing else / sqlite3 executemany",
                    median(bare),
                    "x",
                )
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*figures, Figure("most memory of this process, the plain way's included", peak, "MB")]


IMPORT: Final = Bench(
    name="import",
    says="lots and links from CSV against sqlite3 executemany of the same rows (--lots 1000000 for the goal)",
    size=5_000,
    run=run,
)
