"""The copy of every checkpoint outside the database: by it a log that lost its end is found.

The file holds signed notes, each followed by an empty line; it only ever grows.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

from core.ledger.checkpoint import Checkpoint, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_TAIL: Final = 16_384
_TORN: Final = 512  # bytes, more than one note has
_DASH: Final = "\N{EM DASH} "
_END: Final = b"\n\n"


def note(file: Path, text: str) -> None:
    """Append a signed checkpoint and bring it to the disk. Blocks: call it in a thread.

    What a power cut left of an unfinished note at the end is taken away first, so that notes never mix.
    """
    fresh = not file.exists()
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        opened.seek(_complete_end(opened.seek(0, os.SEEK_END), tail(file)))
        opened.truncate()
        opened.write(text.encode() + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    if fresh:
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def tail(file: Path) -> bytes:
    """Answer the last bytes of the file, beginning anywhere; empty when there is no file."""
    if not file.exists():
        return b""
    with file.open("rb") as opened:
        opened.seek(max(0, opened.seek(0, os.SEEK_END) - _TAIL))
        return opened.read()


def _complete_end(size: int, end: bytes) -> int:
    """Answer where the last complete note ends: behind an empty line that follows a signature line."""
    at = end.rfind(_END)
    while at >= 0 and not end[:at].rpartition(b"\n")[2].startswith(_DASH.encode()):
        at = end.rfind(_END, 0, at)
    if at >= 0:
        return size - len(end) + at + len(_END)
    return 0 if size < _TORN else size  # a torn first note; longer rubbish is left for the verifier to report


def last_noted(file: Path) -> Checkpoint | None:
    """Answer the largest checkpoint noted at the end of the file, signatures unchecked; None without any."""
    found = [
        stated
        for text in _notes(tail(file).decode(errors="replace").splitlines(keepends=True))
        if (stated := _read(text))
    ]
    return max(found, key=lambda stated: stated.size, default=None)


def noted(file: Path) -> Iterator[str]:
    """Yield every complete note of the file in order, without holding the file in memory."""
    if not file.exists():
        return
    with file.open(encoding="utf-8", errors="replace") as opened:
        yield from _notes(opened)


def _notes(lines: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    for line in lines:
        if line != "\n" or not kept or not kept[-1].startswith(_DASH):
            kept.append(line)
            continue
        yield "".join(kept)
        kept = []


def _read(text: str) -> Checkpoint | None:
    try:
        return Checkpoint.parse(text.rpartition("\n\n")[0] + "\n")
    except Unreadable:
        return None
