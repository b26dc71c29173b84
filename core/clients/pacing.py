"""How fast a client may ask: an allowance in windows of a minute, counted in the database that all processes share."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

from core.clients.errors import TooFast
from core.clients.models import ClientPace
from core.kit.unit_of_work import unit_of_work


@dataclass(frozen=True, kw_only=True)
class Pace:
    """An allowance: so many in a window."""

    kind: str
    most: int
    window: dt.timedelta = dt.timedelta(minutes=1)


REQUESTS: Final = Pace(kind="requests", most=600)
TOKENS: Final = Pace(kind="tokens", most=60)
PHOTOS: Final = Pace(kind="photos", most=60)
"""Each is decoded and written anew in two sizes, which takes as long as hundreds of other requests."""


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What is left of an allowance, and in how many seconds it is whole again."""

    most: int
    left: int
    seconds: int


async def spend(key: int, pace: Pace = REQUESTS) -> Spent:
    """Use one of a client's allowance.

    Raises:
        TooFast: nothing is left; ``seconds`` says when there will be again.
    """
    async with unit_of_work() as work:
        row = await ClientPace.filter(client_id=key, kind=pace.kind).select_for_update().first()
        if row is None:
            new = ClientPace(client_id=key, kind=pace.kind, began_at=work.now, used=0)
            await ClientPace.bulk_create([new], ignore_conflicts=True)
            row = await ClientPace.filter(client_id=key, kind=pace.kind).select_for_update().get()
        if work.now >= row.began_at + pace.window:
            row.began_at, row.used = work.now, 0
        seconds = max(1, math.ceil((row.began_at + pace.window - work.now).total_seconds()))
        if row.used >= pace.most:
            raise TooFast(seconds=seconds)
        row.used += 1
        await row.save(update_fields=["began_at", "used"])
        return Spent(most=pace.most, left=pace.most - row.used, seconds=seconds)
