"""A page of sealed entries looked at in one go, for the usual case in which nothing is wrong with it. Pure.

Bytes of many entries lie side by side, so that the work is done in C: read as JSON lines, written anew, compared.
A page that does not pass is looked at entry by entry with ``bodies.judge``, which names what is wrong.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from core.ledger.bodies import SCHEMA, Body, no_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.ledger.bodies import Entered

_CHUNK: Final = 64
"""So many bodies are read and written anew at a time: few enough to stay in the processor's own memory."""
_UNREADABLE: Final = (msgspec.MsgspecError, ValueError, TypeError, AttributeError, RecursionError)
_ASCII: Final = bytes(range(128))
_INSTANT: Final = len("2026-11-23T21:46:00.000000Z")
_HASH: Final = 32
_decode_lines: Final = msgspec.json.Decoder(Body, float_hook=no_number).decode_lines
_encode_lines: Final = msgspec.json.Encoder(order="deterministic").encode_lines


class Placed(NamedTuple):
    """A leaf with its entry as ``reading.PAGES`` asks for them.

    ``recorded_at`` has the form of a body, or SQLite's own; ``leaf`` is None unless leaf and entry have the same.
    """

    position: int
    entry_id: int
    event_id: str
    plant_id: int
    case_number: str | None
    kind: str
    person_id: int | None
    recorded_at: str
    body: bytes
    leaf: str | None


class Whole(NamedTuple):
    """A page with which nothing is wrong, times aside, in the order of the log."""

    leaves: list[bytes]
    recorded_at: list[str]
    records: list[list[Entered]]


def whole(rows: Sequence[Sequence[Any]], expected: int) -> Whole | None:
    """Answer a page (rows as ``Placed``) whose entries stand from the place ``expected`` on without a gap.

    None when ``judge`` may have something against an entry: it says yes only where that does.
    """
    if rows[0][0] != expected or rows[-1][0] != expected + len(rows) - 1:
        return None
    page = Whole([], [], [])
    try:
        for at in range(0, len(rows), _CHUNK):
            if not _look(rows[at : at + _CHUNK], page):
                return None
    except _UNREADABLE:
        return None
    return page


def _look(rows: Sequence[Sequence[Any]], page: Whole) -> bool:
    """Look at some rows of a page, and add to it what they hold; answers whether nothing is wrong."""
    _, _, events, plants, cases, kinds, persons, instants, raws, leaves = zip(*rows, strict=True)
    hashed = [sha256(b"\x00" + raw).digest() for raw in raws]
    if b"".join(hashed).hex("\n", _HASH) != "\n".join(leaves):
        return False
    bodies = _canonical(raws)
    if bodies is None:
        return False
    recorded_at = [body.recorded_at for body in bodies]
    if (
        [*events] != [body.event for body in bodies]
        or [*plants] != [body.plant for body in bodies]
        or [*cases] != [body.case for body in bodies]
        or [*kinds] != [body.kind for body in bodies]
        or [*persons] != [body.actor.person for body in bodies]
        or {body.schema for body in bodies} != {SCHEMA}
        or not _same_instants(instants, recorded_at)
    ):
        return False
    page.leaves.extend(hashed)
    page.recorded_at.extend(recorded_at)
    page.records.extend([body.records for body in bodies])
    return True


def _canonical(raws: Sequence[bytes]) -> list[Body] | None:
    """Read bodies; None unless every one is canonical.

    Canonical bytes hold no line end, and as many line ends come out as bodies went in: so no two of them can have
    been cut in another place than where they were joined.
    """
    lines = b"\n".join(raws) + b"\n"
    read = _decode_lines(lines)
    if len(read) != len(raws) or _encode_lines(read) != lines or not _normal(lines):
        return None
    return read


def _normal(lines: bytes) -> bool:
    """Answer whether every line is in NFC.

    Most letters beyond ASCII never join with others, whatever they stand beside; the rest has the text read whole.
    """
    beyond = lines.translate(None, _ASCII)
    return (
        not beyond or all(map(_apart, {*beyond.decode()})) or unicodedata.is_normalized("NFC", lines.decode())
    )


def _apart(letter: str) -> bool:
    """Answer whether a letter has no decomposition and joins with none: Chinese, its punctuation, full-width forms."""
    return "\u3400" <= letter <= "\u9fff" or "\u3001" <= letter <= "\u3029" or "\uff01" <= letter <= "\uff60"


def _same_instants(columns: Sequence[str], stated: Sequence[str]) -> bool:
    """Answer whether the columns hold the instants that the bodies state."""
    joined, count = "\n".join(stated), len(stated)
    if (
        joined != "\n".join(columns).replace(" ", "T").replace("+00:00", "Z")
        or joined.count("\n") != count - 1
        or len(joined) != count * (_INSTANT + 1) - 1
    ):
        return False
    for text in stated:
        dt.datetime.fromisoformat(text)
    return True
