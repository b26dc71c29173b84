"""Committing what arrived before anything is acknowledged: what many callbacks bring is one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise import connections
from tortoise.backends.base.client import BaseDBAsyncClient

from core.inbox import vouching
from core.inbox.models import Inbound, PollCursor
from core.kit import clock
from core.kit.unit_of_work import ALIAS, is_open, unit_of_work

COLUMNS = (
    "channel",
    "update_id",
    "chat_ref",
    "body",
    "mac",
    "state",
    "attempts",
    "due_at",
    "received_at",
)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """An update as the wire delivers it: its own id within the channel makes it unique."""

    update_id: str
    chat_ref: str
    raw: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one callback or one polling brought, and where polling goes on after it."""

    channel: str
    arrived: Sequence[Arrived]
    next_offset: int | None = None


async def store(channel: str, arrived: Sequence[Arrived], *, next_offset: int | None = None) -> int:
    """Commit updates (and the polling cursor) before anything is acknowledged; answers how many were new."""
    (new,) = await store_all([Batch(channel=channel, arrived=arrived, next_offset=next_offset)])
    return new


async def store_all(batches: Sequence[Batch]) -> list[int]:
    """Commit all batches together or none; answers, for each, how many of its updates were new.

    Without a cursor to move it is one statement, which is a transaction by itself.
    """
    if is_open() or any(one.next_offset is not None for one in batches):
        async with unit_of_work() as work:
            new = await _inserted(work.db, batches)
            for one in batches:
                if one.next_offset is not None:
                    await _move(one.channel, one.next_offset)
            return new
    return await _inserted(connections.get(ALIAS), batches)


async def _inserted(db: BaseDBAsyncClient, batches: Sequence[Batch]) -> list[int]:
    """One row for each update that no process has stored yet, in the order in which they came."""
    ours: dict[tuple[str, str], int] = {}
    rows: list[Inbound] = []
    now = clock.now()
    for number, batch in enumerate(batches):
        for update in batch.arrived:
            key = (batch.channel, update.update_id)
            if key in ours:
                continue
            ours[key] = number
            rows.append(
                Inbound(
                    channel=batch.channel,
                    update_id=update.update_id,
                    chat_ref=update.chat_ref,
                    body=update.raw,
                    mac=vouching.mac(batch.channel, update.update_id, update.chat_ref, now, update.raw),
                    state="waiting",
                    attempts=0,
                    due_at=now,
                    received_at=now,
                )
            )
    new = [0] * len(batches)
    if rows:
        for row in await db.execute_query_dict(*_statement(db, rows)):
            new[ours[(str(row["channel"]), str(row["update_id"]))]] += 1
    return new


def _statement(db: BaseDBAsyncClient, rows: Sequence[Inbound]) -> tuple[str, list[object]]:
    """The statement and its values; a row that is there already, from whatever process, stays as it is."""
    fields = Inbound._meta.fields_map  # noqa: SLF001  its public name for the description of a table
    values = [fields[name].to_db_value(getattr(row, name), row) for row in rows for name in COLUMNS]
    width = len(COLUMNS)
    sign = "$" if db.capabilities.dialect == "postgres" else "?"
    groups = ", ".join(
        f"({', '.join(f'{sign}{start + column}' for column in range(1, width + 1))})"
        for start in range(0, len(values), width)
    )
    text = (
        f"INSERT INTO {Inbound.Meta.table} ({', '.join(COLUMNS)}) VALUES {groups} "  # noqa: S608  names of ours
        "ON CONFLICT DO NOTHING RETURNING channel, update_id"
    )
    return text, values


async def _move(channel: str, next_offset: int) -> None:
    cursor = await PollCursor.get_or_none(channel=channel)
    if cursor is None:
        await PollCursor.create(channel=channel, next_offset=next_offset)
    elif next_offset > cursor.next_offset:
        cursor.next_offset = next_offset
        await cursor.save()
