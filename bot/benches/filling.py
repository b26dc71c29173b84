"""Filling a scratch database: rows and the very entries that ``append`` would write of them, many in a statement."""

from __future__ import annotations

from typing import Final

from core.kit import REGULATED, Actor, clock, unit_of_work
from core.kit.regulated import Regulated
from core.ledger import Kind, recording

BATCH: Final = 500
_COLUMNS: Final = "id, event_id, plant_id, case_number, kind, person_id, recorded_at, body, leaf"
_SQLITE: Final = f"INSERT INTO ledger_entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_POSTGRES: Final = f"""
    INSERT INTO ledger_entry ({_COLUMNS}) SELECT * FROM unnest(
        $1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::bytea[],
        $9::text[]
    )
"""  # noqa: S608
_MARKS: Final = "INSERT INTO ledger_pending (entry_id) SELECT id FROM ledger_entry WHERE id >= {first}"


def view(number: int, **key: int) -> Regulated:
    """Make one line of the access log, as a verb would; not saved."""
    made: Regulated = REGULATED["AccessLog"](
        plant_id=1,
        at=clock.now(),
        person_id=7,
        door="bench",
        subject=f"/anomalies/{number}",
        detail="测量",
        **key,
    )
    return made


async def fill(entries: int, actor: Actor) -> None:
    """Write so many rows and entries into an empty database."""
    for first in range(1, entries + 1, BATCH):
        async with unit_of_work() as work:
            rows = [view(number, id=number) for number in range(first, min(entries + 1, first + BATCH))]
            await REGULATED["AccessLog"].bulk_create(rows)
            written = [
                recording.composed(
                    Kind.ACCESS_VIEW,
                    actor,
                    work.now,
                    rows=[row],
                    facts={"subject": f"/anomalies/{row.pk}"},
                    reason="测量",
                )
                for row in rows
            ]
            if work.db.capabilities.dialect == "postgres":
                columns = zip(*((row.pk, *one) for row, one in zip(rows, written, strict=True)), strict=True)
                await work.db.execute_query(_POSTGRES, [list(column) for column in columns])
            else:
                stored = [[row.pk, *recording.as_stored(one)] for row, one in zip(rows, written, strict=True)]
                await work.db.execute_many(_SQLITE, stored)
            await work.db.execute_query(_MARKS.format(first=first))
