"""What commands need from the assembly; ``bot/__main__.py`` provides it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

import click

from core.evidence import Darkroom
from core.exchange import Exporter
from core.kit import Refusal
from core.ledger import Comparison, Report

T = TypeVar("T")
Progress = Callable[[str, int], None]
"""Told what is being done, and how many bytes of it are done."""
WRONG = 1
TEXT_MAX = 10_000_000
PATH_MAX = 1024


@dataclass(frozen=True)
class Figure:
    """One measured value and, where there is one, its goal."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def goal(self) -> str | None:
        """The goal in words; None without one."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return None if self.at_most is None else f"at most {self.at_most:g}"

    @property
    def met(self) -> bool | None:
        """Whether the value reaches its goal; None without one."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A measurement: ``run`` gets the installation's database address, its owner's, and how many records."""

    name: str
    says: str
    size: int
    run: Callable[[str, str, int], Awaitable[list[Figure]]]


class Tools(Protocol):
    """The doors of the assembly for the command line."""

    address: str
    locale: str
    demo_file: Path
    benches: Sequence[Bench]

    def database(self) -> AbstractAsyncContextManager[None]:
        """An open, migrated database; refuses with a sentence when it is not."""

    def rooms(self) -> AbstractAsyncContextManager[Darkroom]:
        """The same with keys and blobs."""

    def exporting(self) -> AbstractAsyncContextManager[Exporter]:
        """The same, for export bundles."""

    def migrate(self, *, check: bool) -> Awaitable[list[str]]:
        """Run (or with ``check`` only name) the pending migrations."""

    def verify(self, progress: Callable[[int, int], None], *, keep: int) -> Awaitable[Report]:
        """Verify the whole ledger; of the faults the earliest ``keep`` are told, the others counted."""

    def compare(self, kept: str) -> Awaitable[list[Comparison]]:
        """Hold every checkpoint of a text to the ledger; raises ``Unreadable`` when there is none."""

    def doctor(self) -> Awaitable[list[tuple[str, str | None]]]:
        """Each check with None, or what is wrong and how to mend it."""

    def measure(self, bench: Bench, size: int) -> Awaitable[list[Figure]]:
        """Run one bench beside the installation's data."""

    def serve(self, *, demo: bool, pages: bool, work: bool) -> Awaitable[None]:
        """Run until stopped."""

    def rotate(self) -> Awaitable[str]:
        """Put a new master key first, on the record; answers its id. Refuses when the key file is at fault."""

    def ledger_key_new(self) -> Awaitable[str]:
        """Put a new ledger key into the key file; answers its public line. Refuses when the file is at fault."""

    def backup(self, file: BinaryIO, progress: Progress) -> Coroutine[Any, Any, str]:
        """Write a backup into an empty file; answers what is in it."""

    def restore(self, file: BinaryIO, progress: Progress) -> Coroutine[Any, Any, str]:
        """Restore a backup into this empty installation and verify it; answers what was restored."""

    def rehearse(self, file: BinaryIO, progress: Progress) -> Coroutine[Any, Any, str]:
        """Restore into a scratch place, verify, take it away, record it; answers what was found."""

    def reset(self) -> Awaitable[None]:
        """Remove the demo installation's data."""


class Refused(click.ClickException):
    """Refused or found wrong: exit 1, the reason on stderr."""

    exit_code = WRONG

    def show(self, file: Any = None) -> None:
        """Say the reason plainly."""
        click.echo(self.message, file=file or sys.stderr)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; a refusal becomes exit 1 with its sentence."""
    try:
        return asyncio.run(work)
    except Refusal as refusal:
        raise Refused(str(refusal)) from None


def given(what: str) -> str:
    """A text as given, that of the file it names, or what is piped in for ``-``.

    Raises:
        Refused: the file cannot be read as text.
    """
    try:
        if what == "-":
            return sys.stdin.buffer.read(TEXT_MAX).decode()
        if len(what) < PATH_MAX and Path(what).is_file():
            with Path(what).open("rb") as opened:
                return opened.read(TEXT_MAX).decode()
    except (OSError, UnicodeDecodeError) as wrong:
        raise Refused(f"{what[:80]} cannot be read: {wrong}") from None
    except ValueError:  # a NUL names no file
        return what
    return what
