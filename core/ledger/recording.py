"""Appending to the ledger inside the request's transaction; sealing happens later, in batches."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from core.kit import canonical
from core.kit.actor import Actor
from core.kit.regulated import Regulated
from core.kit.unit_of_work import current
from core.ledger.bodies import SCHEMA, Acting, Body, Entered
from core.ledger.kinds import Kind

Values = tuple[uuid.UUID, int, str | None, str, int | None, dt.datetime, bytes, str]
_COLUMNS: Final = "event_id, plant_id, case_number, kind, person_id, recorded_at, body, leaf"
_SQLITE: Final = f"INSERT INTO ledger_entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_POSTGRES: Final = f"""
    WITH written AS (
        INSERT INTO ledger_entry ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
    ) INSERT INTO ledger_pending (entry_id) SELECT id FROM written RETURNING entry_id
"""  # noqa: S608  our own column names
_encode: Final = msgspec.json.Encoder(order="deterministic").encode
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
    recorded: Iterable[Entered] = (),
    facts: dict[str, object] | None = None,
    case: str | None = None,
    reason: str | None = None,
    before: dict[str, object] | None = None,
    corrects: uuid.UUID | None = None,
) -> Appended:
    """Record one fact in the running unit, with the digest of every row it created or changed.

    Call it after the rows are saved; ``recorded`` are those that ``bulk`` wrote.
    ``case`` is the case number (anomaly) whose timeline shows the entry;
    ``before`` holds the old values of what changed; ``corrects`` names the entry that this one corrects.
    """
    work = current()
    values = composed(
        kind,
        actor,
        work.now,
        rows=rows,
        recorded=recorded,
        facts=facts,
        case=case,
        reason=reason,
        before=before,
        corrects=corrects,
    )
    entry_id = await _insert(work.db, values)
    for wake in _waiting:
        work.after_commit(wake)
    return Appended(entry_id=entry_id, event_id=values[0], leaf=values[-1])


def composed(
    kind: Kind,
    actor: Actor,
    now: dt.datetime,
    *,
    rows: Iterable[Regulated] = (),
    recorded: Iterable[Entered] = (),
    facts: dict[str, object] | None = None,
    case: str | None = None,
    reason: str | None = None,
    before: dict[str, object] | None = None,
    corrects: uuid.UUID | None = None,
) -> Values:
    """Answer what ``append`` writes of a fact that is recorded at this instant."""
    event_id, plain = uuid.uuid4(), canonical.plain
    body = _encode(
        Body(
            actor=Acting(
                channel=plain(actor.channel),
                correlation=plain(actor.correlation),
                name=plain(actor.name),
                organisation=plain(actor.organisation_id),
                person=plain(actor.person_id),
                roles=plain(sorted(actor.roles)),
            ),
            before=plain(before),
            case=plain(case),
            corrects=plain(corrects),
            event=str(event_id),
            facts=plain(facts or {}),
            kind=kind.value,
            plant=plain(actor.plant_id),
            reason=plain(reason),
            recorded_at=canonical.instant_text(now),
            records=[
                *(Entered(row.state_digest(), str(row.pk), row.table()) for row in rows),
                *recorded,
            ],
            schema=SCHEMA,
            zone=plain(actor.timezone),
        )
    )
    return event_id, actor.plant_id, case, kind.value, actor.person_id, now, body, leaf_hash(body)


async def _insert(db: BaseDBAsyncClient, values: Values) -> int:
    """Write an entry and the mark that it waits for its seal, in as few statements as the engine needs."""
    if db.capabilities.dialect == "postgres":
        return int((await db.execute_insert(_POSTGRES, list(values)))["entry_id"])
    entry_id: int = await db.execute_insert(_SQLITE, list(as_stored(values)))
    await db.execute_query("INSERT INTO ledger_pending (entry_id) VALUES (?)", [entry_id])
    return entry_id


def as_stored(values: Values) -> tuple[object, ...]:
    """Answer the values as SQLite keeps them."""
    event_id, plant, case, kind, person, at, body, leaf = values
    return str(event_id), plant, case, kind, person, at.isoformat(" "), body, leaf
