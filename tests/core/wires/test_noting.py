"""Notes of the wires: read until they expire, used up once, written first by one."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

from core import wires

HOUR = dt.timedelta(hours=1)


async def test_a_note_is_read_until_it_expires_and_swept_after(
    database: str, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    await wires.keep("wecom", "media:1", {"id": "a"}, HOUR)
    await wires.keep("wecom", "media:1", {"id": "b"}, HOUR)
    await wires.keep("wecom", "media:2", {"id": "c"}, 3 * HOUR)
    assert await wires.note("wecom", "media:1") == {"id": "b"}
    assert await wires.note("telegram", "media:1") is None
    fast_forward(HOUR)
    assert await wires.note("wecom", "media:1") is None
    assert await wires.take("wecom", "media:1") is None
    assert await wires.sweep() == 0, "the look used it up"
    fast_forward(2 * HOUR)
    assert await wires.sweep() == 1


async def test_of_many_at_once_one_is_first_and_one_takes(
    database: str, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    made = await asyncio.gather(*(wires.first("wecom", "lease", HOUR, {"n": n}) for n in range(6)))
    assert sum(made) == 1
    fast_forward(HOUR)
    again = await asyncio.gather(*(wires.first("wecom", "lease", HOUR, {"n": 10 + n}) for n in range(6)))
    assert sum(again) == 1, "what expired is free again"
    taken = await asyncio.gather(*(wires.take("wecom", "lease") for _n in range(6)))
    assert [one for one in taken if one is not None] == [{"n": 10 + again.index(True)}]
    await wires.keep("wecom", "lease", {}, HOUR)
    await wires.drop("wecom", "lease")
    assert await wires.first("wecom", "lease", HOUR)
