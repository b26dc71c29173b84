"""``bihuan`` = ``python -m bot``: reads the settings, assembles, hands over to a command."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import click
from asyncpg import InsufficientPrivilegeError
from tortoise.exceptions import OperationalError

from bot import VERSION, assembly, checkup, database, logs, schema, serving
from bot.adapters.blobs import FolderBlobs
from bot.assembly import House
from bot.authorizer import lock_down
from bot.backing_up import BackingUp
from bot.benches import BENCHES
from bot.settings import Settings, SettingsFault, read
from core import ledger, people
from core.evidence import Darkroom
from core.exchange import Exporter
from core.kit import system, unit_of_work
from core.kit.keys import KeyFault, KeyRing
from core.ledger import Comparison, Report
from handlers.cli.commands import COMMANDS
from handlers.cli.tools import Bench, Figure, Refused
from handlers.demo import load, welcome

DEMO_FILE = "demo.json"
OWNER = "database role (it owns its tables; docs/operating/postgresql.md tells how to part the two)"


class Assembled(BackingUp):
    """The assembly as the command line uses it (``handlers.cli.tools.Tools``)."""

    def __init__(self, settings: Settings) -> None:
        """Keep the settings."""
        self.settings = settings
        self.address = settings.address
        self.locale = settings.locale
        self.benches = BENCHES
        self.demo_file = settings.master_key_file.parent.parent / DEMO_FILE

    @asynccontextmanager
    async def _open(self, url: str = "", *, patience: float | None = None) -> AsyncIterator[None]:
        try:
            await database.open_database(url or self.settings.database_url, patience=patience)
        except database.DatabaseFault as fault:
            raise Refused(str(fault)) from None
        except OSError as fault:
            raise Refused(f"the database cannot be reached: {fault}. Check BIHUAN_DATABASE_URL.") from None
        try:
            yield
        finally:
            await database.close_database()

    @asynccontextmanager
    async def database(self, *, patience: float | None = None) -> AsyncIterator[None]:
        """An open database that is up to date, guarded, and locked against changes of itself."""
        async with self._open(patience=patience):
            faults = await self._faults()
            if faults:
                raise Refused(faults[0])
            await lock_down()
            yield

    async def _faults(self) -> list[str]:
        """What keeps the open database from being used.

        Raises:
            Refused: it cannot even be asked.
        """
        try:
            return await database.faults()
        except OperationalError as fault:
            msg = f"the database does not answer as it should: {fault}"
            raise Refused(msg) from None

    @asynccontextmanager
    async def rooms(self) -> AsyncIterator[Darkroom]:
        """The database with keys and blobs."""
        async with self._house() as house:
            yield house.darkroom

    @asynccontextmanager
    async def exporting(self) -> AsyncIterator[Exporter]:
        """The same, for export bundles."""
        async with self._house() as house:
            yield house.exporter

    @asynccontextmanager
    async def _house(self) -> AsyncIterator[House]:
        async with self.database():
            house = self.assemble()
            try:
                yield house
                await house.sealer.seal_now()
            finally:
                await house.bench.close()

    def assemble(self) -> House:
        """Everything put together.

        Raises:
            Refused: a key file or setting is not usable.
        """
        try:
            return assembly.assemble(self.settings)
        except (KeyFault, SettingsFault) as fault:
            raise Refused(str(fault)) from None

    async def migrate(self, *, check: bool) -> list[str]:
        """Run or name the pending migrations; by the owner of the tables where there is one."""
        url = self.settings.database_url
        owner = self.settings.database_owner_url
        if check or owner is None:
            async with self._open():
                try:
                    return await (database.pending(url) if check else database.migrate(url))
                except database.DatabaseFault as fault:
                    raise Refused(str(fault)) from None
                except (OperationalError, InsufficientPrivilegeError) as fault:
                    msg = (
                        f"the database cannot be migrated: {fault}. If its tables belong to another role, "
                        "set BIHUAN_DATABASE_OWNER_URL for this command."
                    )
                    raise Refused(msg) from None
        address = owner.get_secret_value()
        async with self._open(address):
            try:
                return await database.migrate(address, app_role=database.role_of(url))
            except database.DatabaseFault as fault:
                raise Refused(str(fault)) from None

    async def verify(self, progress: Callable[[int, int], None], *, keep: int) -> Report:
        """Verify the whole ledger; missing guards do not keep it from looking."""
        async with self._open():
            if await database.pending(self.settings.database_url):
                msg = "the database is not migrated: run bihuan migrate"
                raise Refused(msg)
            house = self.assemble()
            try:
                return await assembly.verify_everything(house, progress, keep=keep)
            finally:
                await house.bench.close()

    async def compare(self, kept: str) -> list[Comparison]:
        """Hold every checkpoint of a text to the ledger."""
        found = ledger.read_all(kept) or [ledger.read_pasted(kept)]
        async with self._open():
            if await database.pending(self.settings.database_url):
                msg = "the database is not migrated: run bihuan migrate"
                raise Refused(msg)
            house = self.assemble()
            try:
                keys = await ledger.trusted(house.signer.verifiers)
                return [await ledger.compare(one, keys) for one in found]
            finally:
                await house.bench.close()

    async def doctor(self) -> list[tuple[str, str | None]]:
        """Check one thing after the other."""
        return await checkup.everything(self.settings, self._database_found)

    async def _database_found(self) -> list[tuple[str, str | None]]:
        try:
            async with self._open():
                faults = await self._faults()
                owner = [(OWNER, None)] if await database.owns_tables() else []
                kept = await checkup.records(self.settings) if not faults else []
                return [("database", faults[0] if faults else None), *owner, *kept]
        except Refused as refused:
            return [("database", refused.message)]

    async def measure(self, bench: Bench, size: int) -> list[Figure]:
        """Run one bench in scratch databases."""
        owner = self.settings.database_owner_url
        try:
            return await bench.run(
                self.settings.database_url, owner.get_secret_value() if owner else "", size
            )
        except (OSError, OperationalError) as fault:
            raise Refused(f"the scratch database cannot be made: {fault}") from None

    async def serve(self, *, demo: bool, pages: bool, work: bool) -> None:
        """Run until SIGINT or SIGTERM."""
        if demo or (pages and work):  # of many processes none migrates by itself (docs/operating/upgrade.md)
            await self.migrate(check=False)
        async with self.database(patience=database.PATIENCE):
            house = self.assemble()
            made = await load(house.darkroom, self.demo_file, _say) if demo else None
            try:
                heard = pages or self.settings.worker_port is not None
                server = await serving.serve(house, with_pages=pages) if heard else None
            except SettingsFault as fault:
                await house.bench.close()
                raise Refused(str(fault)) from None
            stopping = asyncio.Event()
            loop = asyncio.get_running_loop()
            for one in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(one, stopping.set)
            try:
                await (house.start_work() if work else house.start_receiving())
                if server is not None and pages:
                    address = self.settings.address
                    _say(
                        await welcome(made, address, self.locale) if made else f"Bihuan answers at {address}"
                    )
                fits = asyncio.create_task(schema.until_unfit())
                fits.add_done_callback(lambda _done: stopping.set())
                await stopping.wait()
                _say("stopping …")
                if fits.done():
                    raise Refused(fits.result())
                fits.cancel()
            except SettingsFault as fault:
                raise Refused(str(fault)) from None
            finally:
                await house.stop()
                if server is not None:
                    await server.stop()

    async def rotate(self) -> str:
        """Put a new master key first; the record is kept only if the file could be replaced."""
        path = self.settings.master_key_file
        try:
            before = KeyRing.load(path).key_id
            async with self.database(), unit_of_work():
                plants = await people.plants()
                made = KeyRing.rotate(path).key_id
                for plant in plants:
                    actor = system(plant.id, channel="cli")
                    facts: dict[str, object] = {"before": before, "now": made}
                    await ledger.append(ledger.Kind.KEY_ROTATE, actor, facts=facts)
        except KeyFault as fault:
            raise Refused(str(fault)) from None
        return made

    async def ledger_key_new(self) -> str:
        """Put a new ledger key into the file, behind the present ones; it signs nothing yet."""
        try:
            return str(ledger.keys.add(self.settings.ledger_key_file))
        except KeyFault as fault:
            raise Refused(str(fault)) from None

    async def reset(self) -> None:
        """Remove what the demo made: the SQLite file, blobs, keys."""
        url = self.settings.database_url
        if not url.startswith("sqlite://"):
            msg = "demo reset removes a SQLite demo only; drop the PostgreSQL database yourself"
            raise Refused(msg)
        file = Path(url.removeprefix("sqlite://"))
        for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm"), self.demo_file):
            path.unlink(missing_ok=True)
        store = assembly.blob_store(self.settings)
        if isinstance(store, FolderBlobs):
            shutil.rmtree(store.root, ignore_errors=True)
        shutil.rmtree(self.settings.master_key_file.parent, ignore_errors=True)


def _say(words: str) -> None:
    click.echo(words, file=sys.stdout)
    sys.stdout.flush()


@click.group()
@click.version_option(VERSION, prog_name="bihuan")
@click.pass_context
def bihuan(context: click.Context) -> None:
    """Bihuan 闭环: a closed loop for quality events in outsourced manufacturing."""
    try:
        settings = read()
    except SettingsFault as fault:
        raise Refused(str(fault)) from None
    logs.configure(settings.log_level if context.invoked_subcommand in ("web", "worker") else "WARNING")
    context.obj = Assembled(settings)


for _command in COMMANDS:
    bihuan.add_command(_command)


def main() -> None:
    """Entry of the console script. What it writes is for the account that it runs under, nobody else's."""
    os.umask(0o077)
    gc.freeze()  # the program itself is no garbage: collections need not look through it at every large answer
    bihuan()


if __name__ == "__main__":
    main()
