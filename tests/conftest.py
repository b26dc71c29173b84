"""A fresh database for each test that asks for one, on both engines; the clock put back after every test."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from bot.authorizer import lock_down
from core import inbox
from core.kit import clock
from core.ledger import recording
from tests import processes
from tests.databases import PostgresServer, SqliteFiles, close_database, open_database

# Where byte code is not written, each of the hundreds of processes that tests start would compile the whole product.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


PAGES: Final = Path(__file__).parent / "handlers" / "web"
ON_BOTH: Final = {"test_every_page_on_a_phone"}
"""Tests of pages whose two databases stand for two looks."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Journeys take longest: begun first, they end together with the many short tests.

    A page asks rooms that are tested on both databases. Its own test runs on one of them, chosen by its name.
    """
    again = set(_again(items))
    if again:
        config.hook.pytest_deselected(items=[one for one in items if one.nodeid in again])
        items[:] = [one for one in items if one.nodeid not in again]
    items.sort(key=lambda item: "journeys" not in item.path.parts)


def _again(items: list[pytest.Item]) -> Iterator[str]:
    """Of each test of a page that was collected for both databases, the one that is left out."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in items:
        database = getattr(one, "callspec", None) and one.callspec.params.get("database")  # type: ignore[attr-defined]
        if database and PAGES in one.path.parents and one.originalname not in ON_BOTH:  # type: ignore[attr-defined]
            found[re.sub(r"\b(sqlite|postgres)\b", "*", one.nodeid)][database] = one.nodeid
    for name, pair in found.items():
        if len(pair) > 1:
            yield pair["postgres" if zlib.crc32(name.encode()) % 2 else "sqlite"]


def pytest_unconfigure() -> None:
    """Nothing that tests started stays behind."""
    processes.close()


@pytest.fixture(autouse=True)
def _clock_back() -> Iterator[None]:
    with clock.unshifted():
        yield


@pytest.fixture(autouse=True)
def _inbox_key() -> None:
    """The same in every process and file of the tests: kept databases are opened by all of them."""
    inbox.use_key(b"the inbox of the tests")


@pytest.fixture
def fast_forward() -> Callable[[dt.timedelta], None]:
    """Let time pass at once: ``fast_forward(dt.timedelta(minutes=30))``; put back after the test."""
    return clock.shift


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """The template of SQLite tests."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
async def postgres_server() -> AsyncIterator[PostgresServer]:
    """A PostgreSQL server that starts when the first test needs it."""
    server = PostgresServer()
    yield server
    await server.stop()


@pytest.fixture(params=["sqlite", "postgres"])
async def database(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles, postgres_server: PostgresServer
) -> AsyncIterator[str]:
    """An empty database with all tables and guards; answers ``sqlite`` or ``postgres``."""
    dialect: str = request.param
    if dialect == "sqlite":
        await open_database(await sqlite_files.fresh())
        await lock_down()
        yield dialect
        await close_database()
    else:
        address = await postgres_server.fresh()
        await open_database(address)
        yield dialect
        await close_database()
        await postgres_server.give_back(address)
    recording.no_wake()
