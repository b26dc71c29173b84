"""Filling a scratch database: rows and the very entries that ``append`` would write of them, many in a statement."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from tortoise import connections
from tortoise.backends.base.client import BaseDBAsyncClient

from core.kit import REGULATED, Actor, canonical, clock, dialect, unit_of_work
from core.kit.regulated import Regulated
from core.kit.unit_of_work import ALIAS
from core.ledger import Kind, leaf_hash, recording

BATCH: Final = 500
_NUMBER: Final = 777_000_777
_ENTRY: Final = "id, event_id, plant_id, case_number, kind, person_id, recorded_at, body, leaf"
_ROW: Final = "id, plant_id, at, person_id, door, subject, case_number, detail"
_TABLE: Final = "people_access_log"
_SQLITE: Final = (
    f"INSERT INTO {_TABLE} ({_ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
    f"INSERT INTO ledger_entry ({_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
)
_POSTGRES: Final = (
    f"""INSERT INTO {_TABLE} ({_ROW}) SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[]
    )""",  # noqa: S608
    f"""INSERT INTO ledger_entry ({_ENTRY}) SELECT * FROM unnest(
        $1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::bytea[],
        $9::text[]
    )""",  # noqa: S608
)
_NEXT: Final = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"
_MARKS: Final = "INSERT INTO ledger_pending (entry_id) SELECT id FROM ledger_entry WHERE id >= {first}"


def view(number: int, **more: object) -> Regulated:
    """Make one line of the access log, as a verb would; not saved."""
    made: Regulated = REGULATED["AccessLog"](
        plant_id=1,
        at=more.pop("at", None) or clock.now(),
        person_id=7,
        door="bench",
        subject=f"/anomalies/{number}",
        detail="测量",
        **more,
    )
    return made


def composed(number: int, row: Regulated, actor: Actor, now: datetime) -> recording.Values:
    """Answer what ``append`` writes of such a line."""
    facts: dict[str, object] = {"subject": f"/anomalies/{number}"}
    return recording.composed(Kind.ACCESS_VIEW, actor, now, rows=[row], facts=facts, reason="测量")


def written(first: int, last: int, actor: Actor, now: datetime) -> Iterator[tuple[tuple[object, ...], ...]]:
    """Answer each line of the access log and its entry, as their tables hold them.

    One is composed as ``append`` does it; the others differ from it in the numbers, the event and the digest alone.
    """
    pattern = view(_NUMBER, id=_NUMBER, at=now)
    _, plant, case, kind, person, at, body, _ = entry = composed(_NUMBER, pattern, actor, now)
    digest, key = pattern.state_digest().encode(), str(_NUMBER).encode()
    event = str(entry[0]).encode()
    state = canonical.encode({"row": pattern.vouched()})
    for number in range(first, last + 1):
        of_event, of_key = uuid.uuid4(), str(number).encode()
        of_digest = sha256(state.replace(key, of_key)).hexdigest().encode()
        of_body = body.replace(key, of_key).replace(digest, of_digest)
        of_body = of_body.replace(event, str(of_event).encode())
        yield (
            (number, plant, now, 7, "bench", f"/anomalies/{number}", None, "测量"),
            (number, of_event, plant, case, kind, person, at, of_body, leaf_hash(of_body)),
        )


async def fill(entries: int, actor: Actor, *, start: int = 0) -> None:
    """Write so many rows and entries more into a database that holds ``start`` of both."""
    for first in range(start + 1, start + entries + 1, BATCH):
        async with unit_of_work() as work:
            both = zip(*written(first, min(start + entries, first + BATCH - 1), actor, work.now), strict=True)
            for place, lines in enumerate(both):
                await _insert(work.db, place, lines)
            await work.db.execute_query(_MARKS.format(first=first))
    if dialect() == "postgres":
        async with unit_of_work() as work:
            for table in (_TABLE, "ledger_entry"):
                await work.db.execute_query_dict(_NEXT.format(table=table, last=start + entries))


async def tidy() -> None:
    """Have PostgreSQL look at what it holds now, as it does by itself while a log grows by and by."""
    if dialect() == "postgres":
        await connections.get(ALIAS).execute_script("VACUUM ANALYZE")


async def _insert(db: BaseDBAsyncClient, place: int, lines: tuple[tuple[object, ...], ...]) -> None:
    if db.capabilities.dialect == "postgres":
        await db.execute_query(_POSTGRES[place], [list(column) for column in zip(*lines, strict=True)])
    else:
        await db.execute_many(_SQLITE[place], [[_stored(value) for value in line] for line in lines])


def _stored(value: object) -> object:
    """Answer a value as SQLite keeps it."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value) if isinstance(value, uuid.UUID) else value
