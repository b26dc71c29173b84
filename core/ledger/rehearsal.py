"""A restore that was tried out belongs on the record, whatever came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.kit.actor import Actor
from core.kit.permission import Level, Module
from core.kit.verb import verb
from core.ledger import merkle
from core.ledger.kinds import Kind
from core.ledger.queries import root_at
from core.ledger.recording import append

_NAMED = 10
"""Faults that the entry names; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What a rehearsal found: the backup's instant, its ledger's size and root, counts, seconds, faults."""

    made_at: dt.datetime
    size: int
    root: str
    entries: int
    rows: int
    blobs: int
    seconds: int
    faults: tuple[str, ...] = ()


async def is_past(size: int, root: str) -> bool:
    """Answer whether this ledger once had exactly this size and root (hex)."""
    try:
        return (await root_at(size)).hex() == root
    except merkle.Unproven:
        return False


@verb(Module.RECORDS, Level.ADMINISTER, Kind.RESTORE_REHEARSE)
async def record_rehearsal(actor: Actor, found: Rehearsed) -> None:
    """Record that a restore was rehearsed from a backup, with size, root and outcome (NMPA 107 art. 46(3))."""
    await append(
        Kind.RESTORE_REHEARSE,
        actor,
        facts={
            "outcome": "faulty" if found.faults else "sound",
            "made_at": found.made_at,
            "size": found.size,
            "root": found.root,
            "entries": found.entries,
            "rows": found.rows,
            "blobs": found.blobs,
            "seconds": found.seconds,
            "faults": list(found.faults[:_NAMED]),
            "more": max(0, len(found.faults) - _NAMED),
        },
    )
