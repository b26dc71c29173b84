"""The real processes on one PostgreSQL: web and workers behind a balancer, killed and begun anew at random."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import Process, spawn
from tests.servers.s3 import ACCESS, BUCKET, REGION, SECRET, S3Server
from tests.servers.telegram import TelegramServer


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Balancer:
    """Hands each connection to the next web process that listens; one that nobody takes is closed."""

    ports: list[int]
    port: int = 0
    _server: asyncio.Server | None = None
    _next: int = 0

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _one in self.ports:
                self._next += 1
                with contextlib.suppress(OSError):
                    there = await asyncio.open_connection(
                        "127.0.0.1", self.ports[self._next % len(self.ports)]
                    )
                    await asyncio.gather(_pour(reader, there[1]), _pour(there[0], writer))
                    return
        finally:
            writer.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


@dataclass
class Cluster:
    """``web`` and ``worker`` twice each; ``kills`` counts what was done to them."""

    folder: Path
    database_url: str
    telegram: TelegramServer
    store: S3Server
    dice: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    _ports: list[int] = field(default_factory=lambda: [free_port(), free_port()])
    _processes: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.balancer = Balancer(self._ports)

    async def start(self) -> None:
        """Begin all four."""
        await self.balancer.start()
        for number in range(4):
            self._processes.append(self._begin(number))

    def _begin(self, number: int) -> Process:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("BIHUAN_")}
        settings = {
            "PORT": str(self._ports[number % 2]),
            "BIHUAN_DATABASE_URL": self.database_url,
            "BIHUAN_BLOB_URL": f"s3://{BUCKET}/soak",
            "BIHUAN_S3_ENDPOINT": self.store.address,
            "AWS_ACCESS_KEY_ID": ACCESS,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
            "BIHUAN_MASTER_KEY_FILE": str(self.folder / "master.key"),
            "BIHUAN_LEDGER_KEY_FILE": str(self.folder / "ledger.key"),
            "BIHUAN_PUBLIC_URL": f"http://127.0.0.1:{self.balancer.port}",
            "BIHUAN_TELEGRAM_TOKEN": self.telegram.token,
            "BIHUAN_TELEGRAM_API_URL": self.telegram.base_url.removesuffix("/bot"),
            "BIHUAN_TELEGRAM_MODE": "webhook",
            "BIHUAN_LOG_LEVEL": "ERROR",
        }
        with (self.folder / "stderr.log").open("ab") as log:
            return spawn(
                "bot", _kind(number), folder=self.folder, environment={**kept, **settings}, stderr=log
            )

    async def kill_one(self) -> None:
        """kill -9 any of them, whatever it does; another begins in its place."""
        number = 2 * (self.kills.total() % 2 == 0) + self.dice.randrange(
            2
        )  # a worker, a web process, a worker …
        process = self._processes[number]
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        self.kills[_kind(number)] += 1
        self._processes[number] = self._begin(number)

    async def stop(self) -> list[int | None]:
        """End all as an operator would; answers how each ended."""
        for one in self._processes:
            if one.returncode is None:
                one.send_signal(signal.SIGTERM)
        for one in self._processes:
            try:
                await asyncio.wait_for(one.wait(), 60)
            except TimeoutError:
                one.kill()
                await one.wait()
        await self.balancer.stop()
        return [one.returncode for one in self._processes]


def _kind(number: int) -> str:
    return "web" if number < 2 else "worker"
