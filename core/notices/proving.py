"""No proof that a critical notice arrived: after the time that its reader set, a copy takes the next channel."""

from __future__ import annotations

from core.kit import clock
from core.kit.unit_of_work import dialect, unit_of_work
from core.notices.models import Notice
from core.notices.telling import wake_after
from core.notices.terms import State

AT_ONCE = 50


async def pass_on() -> int:
    """Leave a copy of every notice whose proof is late for the channels not tried yet; answers how many."""
    late = Notice.filter(state=State.SENT.value, prove_by__lte=clock.now()).order_by("prove_by", "id")
    if not await late.exists():
        return 0
    async with unit_of_work() as work:
        due = late.limit(AT_ONCE)
        if dialect() == "postgres":
            due = due.select_for_update(skip_locked=True)
        rows = await due
        for row in rows:
            await Notice.filter(id=row.id).update(prove_by=None)
            await Notice.create(
                plant_id=row.plant_id,
                person_id=row.person_id,
                kind=row.kind,
                facts=row.facts,
                priority=row.priority,
                wanted_while=row.wanted_while,
                due_at=work.now,
                tried_channels=row.tried_channels,
                unproven_channels=[*row.unproven_channels, row.channel or ""],
                copy_of=row.copy_of or row.id,
                case_number=row.case_number,
                correlation=row.correlation,
                created_at=work.now,
            )
        wake_after(work)
        return len(rows)
