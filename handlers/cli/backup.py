"""backup, restore: one sealed file with everything but the keys, and the way back."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import click

from handlers.cli.bundle import new_file
from handlers.cli.tools import Refused, Tools, run

_STEP: Final = 100_000_000
"""Bytes after which a reader of a log file hears more."""
_MEGA: Final = 1_000_000


class Told:
    """What is being done, on stderr: one line that counts on a screen, in a file a line for every step."""

    def __init__(self) -> None:
        """Begin at nothing told."""
        self._what = ""
        self._last = 0
        self._watched = sys.stderr.isatty()

    def __call__(self, what: str, done: int) -> None:
        """Tell how far it is: bytes, or per cent of the verification."""
        if what == self._what and not self._watched and done - self._last < _STEP:
            return
        amount = f"{done} %" if what == "verifying" else f"{done // _MEGA} MB"
        fresh = what != self._what
        self._what, self._last = what, done
        if self._watched:
            click.echo(f"\r\x1b[K{what} {amount}", nl=False, err=True)
        else:
            click.echo(what if fresh else f"{what} {amount}", err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._watched and self._what:
            click.echo(err=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _tidily(told: Told) -> Iterator[None]:
    """Let SIGTERM (a stopped service) clean up as Ctrl-C does."""
    before = [(one, signal.signal(one, _stop)) for one in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        told.end()
        for one, handler in before:
            signal.signal(one, handler)


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to make; it must not exist.",
)
@click.pass_obj
def backup(tools: Tools, *, out: Path) -> None:
    """Write the database and every photo into one sealed file. The key files are NOT in it."""
    told = Told()
    with _tidily(told), new_file(out) as file:
        os.fchmod(file.fileno(), 0o600)
        said = run(tools.backup(file, told))
        size = file.tell()
    click.echo(
        f"{out}: {said}, {size} bytes\nThe key files are not in it: keep them elsewhere, they open it."
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rehearse", is_flag=True, help="Restore into a scratch place, verify, take it away, record it."
)
@click.pass_obj
def restore(tools: Tools, *, file: Path, rehearse: bool) -> None:
    """Restore a backup into an empty installation, and verify it."""
    told = Told()
    try:
        opened = file.open("rb")
    except OSError as wrong:
        raise Refused(f"{file} cannot be read: {wrong.strerror}") from None
    with opened, _tidily(told):
        said = run(tools.rehearse(opened, told) if rehearse else tools.restore(opened, told))
    click.echo(said)
