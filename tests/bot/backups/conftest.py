"""An installation for each engine, made once; places that are empty."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from core.kit import clock
from tests.bot.backups.installations import Installation, installed
from tests.databases import PostgresServer

Empty = Callable[[Path], Awaitable[str]]


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
async def empty(request: pytest.FixtureRequest, postgres_server: PostgresServer) -> AsyncIterator[Empty]:
    """Answers the address of an empty database; on SQLite of none, in the folder given."""
    made = []

    async def address(folder: Path) -> str:
        if request.param == "sqlite":
            return f"sqlite://{folder}/bihuan.db"
        one = await postgres_server.empty()
        made.append(one)
        name = one["credentials"]["database"]
        return (
            f"postgres://postgres@localhost:{postgres_server.port}/{name}?host={quote(postgres_server.host)}"
        )

    yield address
    for one in made:
        await postgres_server.drop(one)


@pytest.fixture(scope="session")
async def founded(empty: Empty, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Made once for all tests of an engine: none of them changes what a backup of it holds."""
    folder = tmp_path_factory.mktemp("installation")
    with clock.unshifted():
        return await installed(folder, await empty(folder))


@pytest.fixture
def installation(founded: Installation) -> Installation:
    """The installation at the time at which its case ended."""
    clock.shift(founded.ahead)
    return founded
