"""Appending to the ledger inside the request's transaction; sealing happens later, in batches."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.kit import canonical
from core.kit.actor import Actor
from core.kit.regulated import Regulated
from core.kit.unit_of_work import current
from core.ledger.kinds import Kind
from core.ledger.models import LedgerEntry, LedgerPending

SCHEMA = 1
_waiting: list[Callable[[], None]] = []


@dataclass(frozen=True, kw_only=True)
class Appended:
    """What an entry is called by later: its event id and leaf hash (hex)."""

    entry_id: int
    event_id: uuid.UUID
    leaf: str


def on_append(wake: Callable[[], None]) -> None:
    """Have a quick call made after every commit that appended something (wakes the sealer)."""
    if wake not in _waiting:
        _waiting.append(wake)


def off_append(wake: Callable[[], None]) -> None:
    """Stop making a call that ``on_append`` asked for."""
    if wake in _waiting:
        _waiting.remove(wake)


def no_wake() -> None:
    """Forget every wake call; used when a process shuts its sealer down."""
    _waiting.clear()


def leaf_hash(body: bytes) -> str:
    """RFC 6962 leaf hash: SHA-256 over 0x00 and the body, lower-case hex."""
    return hashlib.sha256(b"\x00" + body).hexdigest()


async def append(
    kind: Kind,
    actor: Actor,
    *,
    rows: Iterable[Regulated] = (),
    facts: dict[str, object] | None = None,
    case: str | None = None,
    reason: str | None = None,
    before: dict[str, object] | None = None,
    corrects: uuid.UUID | None = None,
) -> Appended:
    """Record one fact in the running unit, with the digest of every row it created or changed.

    Call it after the rows are saved. ``case`` is the case number (anomaly) whose timeline shows the entry;
    ``before`` holds the old values of what changed; ``corrects`` names the entry that this one corrects.
    """
    work = current()
    event_id = uuid.uuid4()
    body = canonical.encode(
        {
            "schema": SCHEMA,
            "event": event_id,
            "kind": kind.value,
            "case": case,
            "actor": {
                "person": actor.person_id,
                "name": actor.name,
                "roles": sorted(actor.roles),
                "organisation": actor.organisation_id,
                "channel": actor.channel,
                "correlation": actor.correlation,
            },
            "plant": actor.plant_id,
            "recorded_at": work.now,
            "zone": actor.timezone,
            "reason": reason,
            "facts": facts or {},
            "before": before,
            "corrects": corrects,
            "records": [
                {"table": row.table(), "key": str(row.pk), "digest": row.state_digest()} for row in rows
            ],
        }
    )
    leaf = leaf_hash(body)
    entry = await LedgerEntry.create(
        event_id=event_id,
        plant_id=actor.plant_id,
        case_number=case,
        kind=kind.value,
        person_id=actor.person_id,
        recorded_at=work.now,
        body=body,
        leaf=leaf,
    )
    await LedgerPending.create(entry_id=entry.id)
    for wake in _waiting:
        work.after_commit(wake)
    return Appended(entry_id=entry.id, event_id=event_id, leaf=leaf)
