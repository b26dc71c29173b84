"""Starting the product's processes in tests without importing it anew for each: see tests/forking.py."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.paths import ROOT


@dataclass(frozen=True)
class Forking:
    """The process that is forked from, and the end at which it is asked."""

    process: subprocess.Popen[bytes]
    door: socket.socket


@functools.cache
def _forking() -> Forking:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", str(theirs.fileno())],
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    return Forking(process, ours)


def close() -> None:
    """End the process that is forked from, if there is one; called when the tests end."""
    if _forking.cache_info().currsize:
        _forking().door.close()
        _forking().process.wait(30)
        _forking.cache_clear()


class Process:
    """A process of its own; as much of ``subprocess.Popen`` as tests ask for."""

    def __init__(self, told: int) -> None:
        """Read the number from where it is told."""
        self._told = told
        self.pid = int(self._line())
        self.returncode: int | None = None

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            piece = os.read(self._told, 1)
            assert piece, "the forking process has ended"
            line += piece
        return line

    def poll(self, seconds: float = 0.0) -> int | None:
        """How it ended, after waiting at most so long; None while it runs."""
        if self.returncode is None and select.select([self._told], [], [], seconds)[0]:
            self.returncode = int(self._line())
            os.close(self._told)
        return self.returncode

    async def wait(self) -> int:
        """How it ended, once it has; negative is the signal that killed it."""
        if self.returncode is None:
            ended = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_reader(self._told, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._told)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended already."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        self.send_signal(signal.SIGKILL)


def spawn(
    module: str,
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
    stderr: IO[bytes] | None = None,
) -> Process:
    """Begin ``python -m MODULE ARGUMENTS`` in a folder; a stream that is not given leads nowhere."""
    asked = {
        "module": module,
        "arguments": arguments,
        "folder": str(folder),
        "environment": dict(environment),
    }
    told, tells = os.pipe()
    with Path(os.devnull).open("r+b") as nowhere:
        files = [(stream or nowhere).fileno() for stream in (stdin, stdout, stderr)]
        socket.send_fds(_forking().door, [json.dumps(asked).encode()], [*files, tells])
    os.close(tells)
    return Process(told)


def run(
    module: str,
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    said: str = "",
    seconds: float = 120.0,
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m MODULE ARGUMENTS`` to its end; answers what it said on both streams and how it ended."""
    with tempfile.TemporaryFile() as heard, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        heard.write(said.encode())
        heard.seek(0)
        process = spawn(
            module, *arguments, folder=folder, environment=environment, stdin=heard, stdout=out, stderr=err
        )
        if process.poll(seconds) is None:
            process.kill()
            raise subprocess.TimeoutExpired([module, *arguments], seconds)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode())
    return subprocess.CompletedProcess([module, *arguments], process.poll() or 0, *texts)


@dataclass
class Talk:
    """A process that is spoken with line by line."""

    process: Process
    says: IO[str]
    hears: IO[str]

    def line(self) -> str:
        """Wait for the next line that it says; empty once it says no more."""
        return self.says.readline().rstrip("\n")

    def tell(self, line: str) -> None:
        """Say a line to it."""
        self.hears.write(f"{line}\n")
        self.hears.flush()

    def end(self, seconds: float = 60.0) -> None:
        """Say no more and wait until it has ended."""
        self.hears.close()
        self.says.close()
        assert self.process.poll(seconds) is not None


def talk(module: str, *arguments: str) -> Talk:
    """Begin ``python -m MODULE ARGUMENTS`` in the root of the project, to speak with it."""
    heard, hears = os.pipe()
    says, said = os.pipe()
    with os.fdopen(heard, "rb") as stdin, os.fdopen(said, "wb") as stdout:
        process = spawn(module, *arguments, folder=ROOT, environment=os.environ, stdin=stdin, stdout=stdout)
    return Talk(process, os.fdopen(says, "r"), os.fdopen(hears, "w"))
