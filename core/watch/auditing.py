"""The look itself: every question has an index, none reads more than what is wrong."""

from __future__ import annotations

import datetime as dt

from core import anomalies, escalation, inbox, ledger, notices, people, wires
from core.kit import current, system, unit_of_work
from core.notices import Priority
from core.watch import policy
from core.watch.canaries import canaries
from core.watch.terms import Audit, Fault, Seen

CHANNEL = "watch"
KEPT = dt.timedelta(days=366)
MOST = 100
"""Of late stages no more are counted."""


async def audit() -> Audit:
    """Look once; tell administrators of every fault that is new, forget those that are mended."""
    async with unit_of_work() as work:
        found = Audit(at=work.now, faults=policy.faults(await _seen(work.now)))
        for fault in Fault:
            if fault not in found.faults:
                if await wires.note(CHANNEL, _told(fault)) is not None:
                    await wires.drop(CHANNEL, _told(fault))
            elif await wires.first(CHANNEL, _told(fault), policy.AGAIN):
                await _tell(fault, found.faults[fault])
        counts: dict[str, object] = {fault.value: count for fault, count in found.faults.items()}
        await wires.keep(CHANNEL, "audit", {"at": found.at.isoformat(), "faults": counts}, KEPT)
    return found


async def last() -> Audit | None:
    """What the last look of any process found; None before the first."""
    kept = await wires.note(CHANNEL, "audit")
    if kept is None:
        return None
    counts = kept["faults"]
    return Audit(
        at=dt.datetime.fromisoformat(str(kept["at"])),
        faults={Fault(key): int(count) for key, count in counts.items()} if isinstance(counts, dict) else {},
    )


def _told(fault: Fault) -> str:
    return f"told:{fault.value}"


async def _seen(now: dt.datetime) -> Seen:
    late = await anomalies.overdue(now - policy.CLOCK, limit=MOST)
    owed = [one for one in await anomalies.late_partner_steps(limit=MOST) if one.due_at < now - policy.CLOCK]
    return Seen(
        steps_late=await escalation.steps_late(now - policy.STEP),
        seal_seconds=await ledger.seal_lag_seconds(),
        senders_gone=await notices.leases_over(now - policy.SENDER),
        messages_late=await notices.unsent_late(now),
        update_seconds=await inbox.lag_seconds(),
        aside=await inbox.aside_count(),
        clocks_untold=len(late) + len(owed),
        canaries_lost=sum(one.lost for one in await canaries()),
    )


async def _tell(fault: Fault, count: int) -> None:
    """Every plant's administrators: the house is theirs alone."""
    for plant in await people.plants():
        actor = system(plant.id, correlation=f"watch-{fault.value}")
        for one in await people.persons(plant.id, role="administrator"):
            await notices.tell(
                actor,
                "watch:fault",
                person_id=one.id,
                facts={"fault": fault.value, "count": count, "since": current().now},
                priority=Priority.ALERT,
                replaces_key=f"watch:{fault.value}:{one.id}",
            )
