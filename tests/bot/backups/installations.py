"""A whole installation on either engine, with cases, signatures and photos on the disk, and an empty place beside it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tortoise.backends.base.executor import EXECUTOR_CACHE

from bot import database
from bot.adapters.blobs import FolderBlobs
from bot.backups import Desk, Manifest
from bot.settings import Settings
from core import ledger
from core.evidence import Darkroom
from core.exchange import Exporter, Wanted
from core.kit import clock
from core.kit.keys import KeyRing, key_line, write_private
from core.ledger import keys, recording
from handlers.documents import DocumentSeal, SheetPrinter
from tests.core.exchange.office import Office, office
from tests.fakes.blobs import ThreadBench


def settings(folder: Path, url: str) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=url,
        blob_url=f"file://{folder}/blobs",
        master_key_file=folder / "keys" / "master.key",
        ledger_key_file=folder / "keys" / "ledger.key",
    )


@asynccontextmanager
async def running(url: str) -> AsyncIterator[None]:
    EXECUTOR_CACHE.clear()
    await database.open_database(url)
    try:
        yield
    finally:
        await database.close_database()
        EXECUTOR_CACHE.clear()
        recording.no_wake()


@dataclass
class Installation:
    """Settings, the people of its plant, and a case that went the whole way."""

    settings: Settings
    office: Office
    case: str
    ahead: dt.timedelta
    """How far the story of the case moved the clock."""

    def desk(self) -> Desk:
        return Desk(self.settings, lambda *_: None)

    async def backup(self) -> tuple[Manifest, io.BytesIO]:
        file = io.BytesIO()
        return await self.desk().backup(file), file

    def moved(self, folder: Path, url: str) -> Installation:
        """A clean machine with the key files put back."""
        there = settings(folder, url)
        for name in ("master_key_file", "ledger_key_file"):
            write_private(getattr(there, name), getattr(self.settings, name).read_text())
        return replace(self, settings=there)

    async def export(self) -> dict[str, bytes]:
        """The files of a bundle with the case, from the disk and database of this installation."""
        ring = KeyRing.load(self.settings.master_key_file)
        signer = keys.load(self.settings.ledger_key_file)
        store = FolderBlobs(Path(self.settings.blob_url.removeprefix("file://")))
        printer = SheetPrinter(DocumentSeal(ring, "康固 Kanggu"))
        exporter = Exporter(
            Darkroom(store, ring, ThreadBench()), signer, printer, ledger.Sealer(signer).seal_now
        )
        async with running(self.settings.database_url):
            file = io.BytesIO()
            actor = await self.office.plant.actor("auditor", "admin")
            await exporter.export(actor, Wanted(cases=(self.case,), locales=("en",)), file)
        with zipfile.ZipFile(file) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


async def installed(folder: Path, url: str) -> Installation:
    """Migrate an empty database, found the plant and let a case happen."""
    where = settings(folder, url)
    begun = clock.now()
    async with running(url):
        await database.migrate(url)
        (folder / "keys").mkdir(parents=True)
        here = await office(folder / "keys")
        write_private(where.master_key_file, "".join(key_line(one) for one in here.plant.ring.masters))
        store = FolderBlobs(folder / "blobs")
        darkroom = Darkroom(store, here.plant.ring, ThreadBench())
        here = replace(here, darkroom=darkroom)
        case = await here.closed()
        await here.sealer.seal_now()
        await here.reported(photos=1)  # and something that still waits for its seal
    ahead = clock.now() - begun
    return Installation(where, here, case.number, ahead)
