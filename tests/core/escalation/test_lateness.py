"""How late steps are when the tick comes every second, and that a restart in between neither loses nor repeats one."""

from __future__ import annotations

import asyncio
import datetime as dt
import random

import pytest

from core import anomalies, escalation
from core.escalation.models import EscalationRun, EscalationTell
from core.kit import clock
from core.ledger.models import LedgerEntry
from tests.core.anomalies.cases import reported, taken, unvouched
from tests.plants import small_plant

SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
CASES = 12
SPREAD = 600
"""Seconds within which the cases are reported."""


async def next_due() -> dt.datetime | None:
    row = (
        await EscalationRun.filter(state="running").exclude(next_due_at=None).order_by("next_due_at").first()
    )
    return None if row is None else row.next_due_at


async def test_steps_are_told_within_five_seconds_when_the_clock_ticks_every_second(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dozen critical alerts climb all tiers in virtual time; between two due steps time is skipped second by second."""
    plant = await small_plant(enrolled=False)
    dice = random.Random(22)
    for _number in range(CASES):
        await reported(plant, risk="implant")
        clock.shift(dice.randint(1, SPREAD // CASES) * SECOND)
    begun = clock.now()
    late: list[float] = []
    while (due := await next_due()) is not None and len(late) < 3 * CASES:
        if due > clock.now():
            whole = -(-(due - clock.now()).total_seconds() // 1)  # the first tick that is not early
            clock.shift(whole * SECOND)
        before = await EscalationTell.all().count()
        planned = {
            one.id: one.next_due_at for one in await EscalationRun.filter(next_due_at__lte=clock.now())
        }
        await escalation.tick()
        for tell in await EscalationTell.all().order_by("id").offset(before):
            wanted = planned[tell.run_id]
            assert wanted is not None
            late.append((tell.at - wanted).total_seconds())
    late.sort()
    p99 = late[int(len(late) * 0.99)]
    with capsys.disabled():
        hours = (clock.now() - begun).total_seconds() / 3600
        print(
            f"\nescalation lateness ({database}): p99 {p99:.2f} s of {len(late)} steps in {hours:.1f} virtual h"
        )
    assert len(late) >= 3 * CASES
    assert late[0] >= 0, "never early"
    assert p99 <= 5
    assert await unvouched() == []


async def test_after_a_standstill_due_steps_are_taken_once_in_whatever_process_comes_first(
    database: str,
) -> None:
    """Alert, expired acknowledgement and overdue stage fall due while nothing runs; two processes start at once."""
    plant = await small_plant(enrolled=False)
    waiting = await reported(plant, risk="implant")
    silent = await taken(plant, risk="implant", lot="MC-001")
    late = await taken(plant, risk="line_down", lot="MC-002")
    owner = await plant.actor("responsible")
    await anomalies.supplement(
        owner, late.id, changes={"description": "再看"}, reason="复核", evidence_ids=[]
    )
    clock.shift(dt.timedelta(hours=30))

    async def whole_job() -> int:
        climbed = await escalation.tick()
        expired = await escalation.expire()
        return climbed + expired + await escalation.tell_overdue()

    both = await asyncio.gather(whole_job(), whole_job())
    assert sum(both) == 3, "one climbs, one sounds again, one stage is late"
    assert await whole_job() == 0
    told = {
        case.id: [(one.tier, one.why) for run in await escalation.runs_of(case.id) for one in run.tells]
        for case in (waiting, silent)
    }
    assert told[waiting.id] == [(1, "start"), (2, "unacknowledged")]
    assert told[silent.id] == [(1, "start"), (1, "expired"), (2, "expired")]
    assert await LedgerEntry.filter(kind="escalation:run:expire").count() == 1
    assert await unvouched() == []
