"""Reading the sealed log on from a place, for rooms that tell others what happened: in its order, nothing twice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tortoise import connections

from core.kit.unit_of_work import ALIAS
from core.ledger.bodies import moment
from core.ledger.kinds import Kind

_WANTED: Final = """
    SELECT l.position AS position, e.event_id AS event_id, e.plant_id AS plant_id, e.kind AS kind,
           e.recorded_at AS recorded_at, e.body AS body
    FROM ledger_leaf l CROSS JOIN ledger_entry e
    WHERE l.position >= {start} AND l.position < {end} AND e.id = l.entry_id AND e.kind IN ({kinds})
    ORDER BY l.position
"""


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A sealed entry: its place, what it is, who did it where and when, its facts, the rows that it recorded."""

    position: int
    event_id: UUID
    plant_id: int
    kind: Kind
    at: dt.datetime
    organisation_id: int | None
    zone: str
    facts: Mapping[str, Any]
    rows: tuple[tuple[str, str], ...]
    """Table and key, in the order of recording."""

    def keys(self, table: str) -> list[int]:
        """Answer the keys of the rows of one table."""
        return [int(key) for name, key in self.rows if name == table]


async def follow(start: int, end: int, kinds: Iterable[Kind]) -> list[Followed]:
    """Answer the entries of these kinds at the places from ``start`` to before ``end``, of every plant.

    Places are given when entries are sealed, one after the other: whoever reads on from the last place misses none,
    however long the transaction of an entry took.
    """
    names = ", ".join(f"'{kind.value}'" for kind in kinds)
    text = _WANTED.format(start=int(start), end=int(end), kinds=names)
    return [_followed(row) for row in await connections.get(ALIAS).execute_query_dict(text)]


def _followed(row: Mapping[str, Any]) -> Followed:
    body = json.loads(bytes(row["body"]))
    return Followed(
        position=int(row["position"]),
        event_id=UUID(str(row["event_id"])),
        plant_id=int(row["plant_id"]),
        kind=Kind(row["kind"]),
        at=moment(row["recorded_at"]),
        organisation_id=body["actor"]["organisation"],
        zone=body["zone"],
        facts=body["facts"],
        rows=tuple((one["table"], one["key"]) for one in body["records"]),
    )
