"""One entry by its key, as a room reads back what it recorded itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.ledger.kinds import Kind
from core.ledger.models import LedgerEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Found:
    """Kind, facts and leaf hash (hex) of an entry."""

    kind: str
    facts: Mapping[str, Any]
    leaf: str


async def entry(entry_id: int) -> Found | None:
    """Answer an entry, or None when there is none; callers check who may see it."""
    row = await LedgerEntry.get_or_none(id=entry_id)
    return None if row is None else Found(kind=row.kind, facts=json.loads(row.body)["facts"], leaf=row.leaf)


async def last_by(plant_id: int, kind: Kind, table: str, key: int) -> int | None:
    """Answer who recorded the newest entry of a kind about a row; None when there is none, or nobody's."""
    rows = LedgerEntry.filter(plant_id=plant_id, kind=kind.value).order_by("-id")
    start = 0
    while found := await rows.offset(start).limit(_PAGE).only("id", "body", "person_id"):
        for row in found:
            records = json.loads(row.body)["records"]
            if any(one["table"] == table and one["key"] == str(key) for one in records):
                return None if row.person_id is None else int(row.person_id)
        start += len(found)
    return None
