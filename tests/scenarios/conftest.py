"""A scenario asks for a beginning: ``scene = await begin("reported A")``. When it ends, everything must be in order."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from tortoise import connections

from core.kit.unit_of_work import ALIAS
from core.ledger import recording
from core.ledger.keys import Signer, load_or_create
from tests.databases import WIPE, PostgresServer, SqliteFiles, as_owner, close_database, open_database
from tests.kept import _as_script
from tests.plants import Plant
from tests.scenarios import at_once
from tests.scenarios.beginnings import BEGINNINGS, MONDAY, everybody_is_there
from tests.scenarios.scene import Memory, Scene
from tests.scenarios.virtual import VirtualTime, stopped

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a failed scenario leaves unread says nothing more."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


Begin = Callable[[str], Awaitable[Scene]]
THERE = "there"


@dataclass
class Shelf:
    """Beginnings that were played already, for one engine: the database as it was, and what was outside it."""

    kept: dict[str, tuple[bytes | str, Memory]] = field(default_factory=dict)

    async def scene(self, name: str, time: VirtualTime, signer: Signer) -> Scene:
        """The scene at a beginning; it is played if nobody needed it before."""
        if name not in self.kept:
            scene = await self._played(name, time, signer)
            scene.everything_is_read(f"at the end of {name!r}")
            self.kept[name] = await _database(), scene.memory()
        database, memory = self.kept[name]
        await _put_back(database)
        scene = Scene.from_memory(memory, time, signer)
        await scene.opens()
        return scene

    async def _played(self, name: str, time: VirtualTime, signer: Signer) -> Scene:
        if name == THERE:
            time.now = MONDAY
            scene = Scene(time=time, plant=Plant(id=0), signer=signer)
            await everybody_is_there(scene)
            return scene
        kind, _sep, grade = name.partition(" ")
        known = BEGINNINGS[kind]
        before = THERE if known.before == THERE else f"{known.before} {grade}"
        scene = await self.scene(before, time, signer)
        await known.play(scene, grade)
        return scene


async def _database() -> bytes | str:
    db = connections.get(ALIAS)
    return await _as_script(db) if db.capabilities.dialect == "postgres" else at_once.picture()


async def _put_back(kept: bytes | str) -> None:
    if isinstance(kept, bytes):
        at_once.put_back(kept)
        return
    async with as_owner() as db:
        await db.execute_script(WIPE)
        await db.execute_script(kept)


@pytest.fixture(scope="session")
def sqlite_shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def postgres_shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def log_signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """The ledger key of all scenarios."""
    return load_or_create(tmp_path_factory.mktemp("scenarios") / "ledger.key", "test/ledger")


@pytest.fixture(scope="session")
async def empty_picture(sqlite_files: SqliteFiles) -> bytes:
    """An empty database with tables and guards."""
    with contextlib.closing(sqlite3.connect(await sqlite_files.fresh_file())) as made:
        made.execute("PRAGMA journal_mode = DELETE")  # a log beside the file is nothing for the memory
        return made.serialize()


@asynccontextmanager
async def _scenes(
    request: pytest.FixtureRequest, shelf: Shelf, time: VirtualTime, signer: Signer
) -> AsyncIterator[Begin]:
    """Begins scenes and sees them off."""
    scenes: list[Scene] = []

    async def start(name: str) -> Scene:
        signer.checkpoint_file.unlink(missing_ok=True)
        scene = await shelf.scene(name, time, signer)
        logging.getLogger().addHandler(scene.errors)
        scenes.append(scene)
        return scene

    try:
        yield start
    finally:
        for scene in scenes:
            logging.getLogger().removeHandler(scene.errors)
    if FAILED not in request.node.stash:
        for scene in scenes:
            await scene.ends()


@pytest.fixture
async def begin(
    request: pytest.FixtureRequest, sqlite_shelf: Shelf, log_signer: Signer, empty_picture: bytes
) -> AsyncIterator[Begin]:
    """On SQLite in memory."""
    with stopped(MONDAY) as time:
        async with at_once.in_memory():
            at_once.put_back(empty_picture)
            async with _scenes(request, sqlite_shelf, time, log_signer) as start:
                yield start
    recording.no_wake()


@pytest.fixture
async def begin_on_postgres(
    request: pytest.FixtureRequest, postgres_shelf: Shelf, log_signer: Signer, postgres_server: PostgresServer
) -> AsyncIterator[Begin]:
    """On a real PostgreSQL server."""
    address = await postgres_server.fresh()
    await open_database(address)
    with stopped(MONDAY) as time:
        async with _scenes(request, postgres_shelf, time, log_signer) as start:
            yield start
    await close_database()
    await postgres_server.give_back(address)
    recording.no_wake()


@pytest.fixture(params=["sqlite", "postgres"])
def begin_on_both(request: pytest.FixtureRequest) -> Begin:
    """The same scenario on both engines; the other scenarios run on SQLite alone, which is quicker."""
    name = "begin" if request.param == "sqlite" else "begin_on_postgres"
    started: Begin = request.getfixturevalue(name)
    return started
