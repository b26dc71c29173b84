"""A process that looks at stretches of the log for the one that verifies it.

It is told the source and then the stretches on its standard input, answers on its standard output, each with its
length in four bytes before it, and ends with its input. It reads, and never writes. Import nothing here that takes
long: this process is started for every verification.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, Final
from urllib.parse import quote

import msgspec

from core.ledger.statements import PAGES
from core.ledger.stretches import LENGTH, PAGE, Looked, Source, Stretch, pieces

Asked = Callable[..., list[Any]]
_SIZES: Final = "SELECT size FROM ledger_checkpoint WHERE size > {first} AND size < {end}"
_encode: Final = msgspec.msgpack.Encoder().encode


@contextmanager
def _file(source: Source) -> Iterator[Asked]:
    """Open the file, to read only."""
    with closing(sqlite3.connect(f"file:{quote(source.file)}?mode=ro", uri=True)) as connection:

        def ask(statement: str, *values: int) -> list[Any]:
            try:
                return connection.execute(statement, values).fetchall()
            except sqlite3.OperationalError:  # text that is no UTF-8, say: the one who asked names it
                return []

        yield ask


@contextmanager
def _server(source: Source) -> Iterator[Asked]:
    """Connect to the server, to read what the one who asked reads."""
    import asyncio  # noqa: PLC0415  takes long, and a file needs neither

    import asyncpg  # noqa: PLC0415

    with asyncio.Runner() as runner:

        async def opened() -> Any:
            connection = await asyncpg.connect(**source.server)
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            await connection.execute(f"SET TRANSACTION SNAPSHOT '{source.snapshot}'")
            return connection

        connection = runner.run(opened())

        async def fetched(statement: str, *values: int) -> list[Any]:
            return list(await connection.fetch(statement, *values))

        try:
            yield lambda *asked: runner.run(fetched(*asked))
        finally:
            runner.run(connection.close())


def look(asked: Asked, source: Source, stretch: Stretch) -> Looked:
    """Look at a stretch, a page at a time, up to its end or to the first page that is not whole."""
    looked = Looked()
    statement = PAGES["sqlite" if source.file else "postgres"]
    inside = asked(_SIZES.format(first=stretch.first, end=stretch.end))
    sizes = [row[0] for row in inside if type(row[0]) is int]
    at = stretch.first
    while at < stretch.end:
        rows = asked(statement, at, min(PAGE, stretch.end - at))
        found = pieces(rows, at, sizes, noted=source.rows) if rows else None
        if found is None:
            break
        looked.pieces += found
        at += len(rows)
    return looked


def _read(stream: BinaryIO) -> bytes:
    """Answer the next message, empty at the end."""
    return stream.read(int.from_bytes(stream.read(LENGTH), "big"))


def _write(stream: BinaryIO, looked: Looked) -> None:
    message = _encode(looked)
    stream.write(len(message).to_bytes(LENGTH, "big") + message)
    stream.flush()


def serve(heard: BinaryIO, told: BinaryIO) -> None:
    """Say that it is ready, then look at what is asked for until the end; a failure is told, and is the end too."""
    try:
        source = msgspec.msgpack.decode(_read(heard), type=Source)
        with (_file if source.file else _server)(source) as asked:
            _write(told, Looked())
            while message := _read(heard):
                _write(told, look(asked, source, msgspec.msgpack.decode(message, type=Stretch)))
    except BrokenPipeError:
        return
    except Exception as wrong:  # noqa: BLE001  the one who asked reads the stretch itself, and says why
        _write(told, Looked(failed=f"{type(wrong).__name__}: {wrong}"))


def main() -> None:
    """Serve the one that started this process; the stop key is for that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
