"""One entry by its key, as a room reads back what it recorded itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.ledger.models import LedgerEntry

if TYPE_CHECKING:
    from collections.abc import Mapping


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
