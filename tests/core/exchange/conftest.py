"""An office for each test, on both databases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from core.kit import clock
from core.ledger import recording
from tests.core.exchange.office import Kept, Office, office
from tests.databases import SqliteFiles, close_database, open_database


@pytest.fixture
async def records_office(database: str, tmp_path: Path) -> Office:
    """A plant with an exporter."""
    return await office(tmp_path)


@pytest.fixture(scope="session")
async def kept(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """One finished bundle, made once: for tests that only look at its bytes."""
    folder = tmp_path_factory.mktemp("kept")
    with clock.unshifted():
        await open_database(await sqlite_files.fresh())
        here = await office(folder)
        case = await here.closed()
        await here.witnessed()
        clock.shift(dt.timedelta(days=1))
        other = await here.reported(photos=2)
        raw = await here.bundle(case.number, other.number, locales=("zh_CN", "en"))
        await close_database()
    recording.no_wake()
    return Kept(raw=raw, signer=here.signer, case=case.number, printer=here.printer)
