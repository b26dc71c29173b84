"""How many updates are stored for good and answered in a second, against the same done in the plainest way.

What takes effect comes after the answer and is not part of this: the acknowledgement waits for the inbox alone.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from statistics import median
from typing import Final

from aiohttp import web

from bot.adapters.telegram.receiving import PATH, webhook
from bot.benches.scratch import addresses, scratch
from bot.reception import Reception
from core import inbox
from handlers.cli.tools import Bench, Figure

ROUNDS: Final = 5
CALLERS: Final = 32
CROWD: Final = Path(__file__).with_name("crowd.py")
"""Started as a file: it needs nothing of ours, and its start is not to be waited for."""
SECRET: Final = "bench-secret"  # noqa: S105  of a scratch database
TABLES: Final = """
CREATE TABLE inbox (id INTEGER PRIMARY KEY, channel TEXT, update_id TEXT, body TEXT, UNIQUE (channel, update_id));
CREATE TABLE anomaly (id INTEGER PRIMARY KEY, number TEXT, description TEXT, state TEXT);
CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT, facts TEXT, leaf BLOB);
CREATE TABLE notice (id INTEGER PRIMARY KEY, chat TEXT, payload TEXT, state TEXT);
"""
Handler = Callable[[web.Request], Awaitable[web.Response]]


def _plain(file: Path, *, rows: int) -> tuple[Handler, sqlite3.Connection]:
    """The plain way: check the secret, read the update, write so many rows in one transaction, answer."""
    db = sqlite3.connect(file, isolation_level=None)
    db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {TABLES}")

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), SECRET.encode()):
            return web.Response(status=403)
        body = await request.text()
        update = json.loads(body)
        number, chat = str(update["update_id"]), str(update["message"]["chat"]["id"])
        db.execute("BEGIN IMMEDIATE")
        db.execute(
            "INSERT INTO inbox (channel, update_id, body) VALUES (?, ?, ?)", ("telegram", number, body)
        )
        if rows > 1:
            db.execute(
                "INSERT INTO anomaly (number, description, state) VALUES (?, ?, ?)",
                (number, update["message"]["text"], "reported"),
            )
            db.execute("INSERT INTO entry (kind, facts, leaf) VALUES (?, ?, ?)", ("report", body, b"\0" * 32))
            for state in ("pending", "pending"):
                db.execute("INSERT INTO notice (chat, payload, state) VALUES (?, ?, ?)", (chat, body, state))
        db.execute("COMMIT")
        return web.Response()

    return take, db


@asynccontextmanager
async def _served(handler: Handler) -> AsyncIterator[int]:
    application = web.Application()
    application.add_routes([web.post(PATH, handler)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _crowd(port: int, first: int, count: int) -> tuple[float, float]:
    """Let a crowd call; answers how many a second were answered, and the slowest of 99 in 100."""
    arguments = [str(one) for one in (port, first, count, CALLERS)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(CROWD), *arguments, SECRET, stdout=asyncio.subprocess.PIPE
    )
    said, _none = await process.communicate()
    if process.returncode:
        raise OSError(f"the callers ended with {process.returncode}")
    seconds, slowest = (float(one) for one in said.split())
    return count / seconds, slowest


async def _answered(engine: str, size: int) -> list[Figure]:
    """Rounds in turn: ours, the plain way with five rows, the plain way with the inbox's row alone."""
    ours: list[float] = []
    five: list[float] = []
    one: list[float] = []
    slow: list[float] = []
    async with scratch(engine) as folder:
        inbox.use_key(b"a bench")
        reception = Reception(lambda: None)

        async def store(arrived: list[inbox.Arrived], next_offset: int | None) -> int:
            return await reception.take("telegram", arrived, next_offset)

        plain5, db5 = _plain(folder / "five.db", rows=5)
        plain1, db1 = _plain(folder / "one.db", rows=1)
        with closing(db5), closing(db1):
            async with (
                _served(webhook(SECRET, lambda: store)) as our,
                _served(plain5) as with5,
                _served(plain1) as with1,
            ):
                for turn in range(ROUNDS):
                    rate, slowest = await _crowd(our, turn * size, size)
                    ours.append(rate)
                    slow.append(slowest)
                    five.append((await _crowd(with5, turn * size, size))[0])
                    one.append((await _crowd(with1, turn * size, size))[0])
        stored = sum((await inbox.counts()).values())
        if stored != size * ROUNDS:
            msg = f"{stored} of {size * ROUNDS} answered updates are stored"
            raise OSError(msg)
    return [
        Figure(f"updates stored and answered, {CALLERS} callers", median(ours), "1/s"),
        Figure("the same, 99 of 100 within", median(slow), "s", at_most=0.5),
        Figure(
            "updates a second, of plain sqlite3 with five rows each",
            _ratio(ours, five),
            "x",
            at_least=1.0,
        ),
        Figure("updates a second, of plain sqlite3 with the inbox's row alone", _ratio(ours, one), "x"),
    ]


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """The middle of the rounds' own ratios: both halves of a round met the same machine."""
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))


async def run(installed: str, owner: str, size: int) -> list[Figure]:
    """Measure on every engine at hand, with so many updates a round. Plain is SQLite on both."""
    figures: list[Figure] = []
    for engine, address in addresses(installed, owner):
        goals = engine == "sqlite"
        for one in await _answered(address, size):
            least, most = (one.at_least, one.at_most) if goals else (None, None)
            figures.append(Figure(f"{engine}: {one.name}", one.value, one.unit, least, most))
    return figures


INTAKE: Final = Bench(
    name="intake",
    says="updates stored for good before they are answered, by 32 callers, against plain sqlite3",
    size=1500,
    run=run,
)
