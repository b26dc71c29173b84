"""What a tick of the alerts costs when many are open and a hundred are due, against the same with a thousand open."""

from __future__ import annotations

import datetime as dt
from statistics import median
from time import perf_counter, process_time
from typing import Final

from tortoise import connections

from bot.benches.scratch import addresses, scratch
from core import escalation, people
from core.escalation import Policy, RunState
from core.kit import REGULATED, Regulated, clock, system
from core.kit.unit_of_work import ALIAS
from handlers.cli.tools import Bench, Figure

ROUNDS: Final = 5
FEW: Final = 1000
DUE: Final = 100
SLICE: Final = 50_000
LATER: Final = dt.timedelta(days=20)
"""Nothing climbs by itself while it is measured."""


async def _plant() -> tuple[int, int]:
    """A plant with somebody on tiers 1 and 2; answers its id and the owner's."""
    plant_id = await people.found_plant("BENCH", "测量", "Bench")
    root = system(plant_id, channel="cli")
    owner = await people.add_person(root, plant_id, "王芳", ["responsible"])
    above = await people.add_person(root, plant_id, "李强", ["supervisor"])
    await people.set_responsible(root, owner, tier=1)
    await people.set_responsible(root, above, tier=2)
    return plant_id, owner


async def _patterns(plant_id: int, owner_id: int) -> None:
    """One case and its alert, from which all others are copied inside the database."""
    now = clock.now()
    await REGULATED["Anomaly"].create(
        id=1,
        plant_id=plant_id,
        number="AN-BENCH-0",
        category="P",
        template_id=1,
        answers={},
        state="reported",
        reporter_id=owner_id,
        owner_id=owner_id,
        place="测量",
        interface_from="coating",
        interface_to="receipt",
        detection="visual",
        description="测量",
        occurred_at=now,
        reported_at=now,
        channel="bench",
        proposed_grade="B",
        s=3,
        o=3,
        d=3,
        due_at=now + LATER,
    )
    policy: Policy = await escalation.policy_for(plant_id, "B")
    await REGULATED["EscalationRun"].create(
        id=1,
        plant_id=plant_id,
        anomaly_id=1,
        case_number="AN-BENCH-0",
        grade="B",
        policy=policy.to_json(),
        state=RunState.RUNNING.value,
        tier=1,
        started_at=now,
        next_due_at=now + LATER,
    )


def _copying(model: type[Regulated], first: int, last: int, changed: dict[str, str]) -> str:
    columns = sorted(model._meta.fields_db_projection.values())  # noqa: SLF001  the columns as stored
    chosen = ", ".join(changed.get(one, f'"{one}"') for one in columns)
    names = ", ".join(f'"{one}"' for one in columns)
    return (
        f"WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) "  # noqa: S608  numbers and our own names
        f'INSERT INTO "{model.table()}" ({names}) SELECT {chosen} FROM "{model.table()}", s WHERE id = 1'
    )


async def _grow(open_before: int, open_after: int) -> None:
    """Open more cases with an alert each, in slices."""
    db = connections.get(ALIAS)
    for first in range(open_before + 1, open_after + 1, SLICE):
        last = min(first + SLICE - 1, open_after)
        number = "'AN-BENCH-' || s.n"
        await db.execute_query(_copying(REGULATED["Anomaly"], first, last, {"id": "s.n", "number": number}))
        await db.execute_query(
            _copying(
                REGULATED["EscalationRun"],
                first,
                last,
                {"id": "s.n", "anomaly_id": "s.n", "case_number": number},
            )
        )
    if db.capabilities.dialect == "postgres":
        await db.execute_query("ANALYZE")


async def _tick(open_now: int, number: int) -> float:
    """Seconds for one tick with a hundred alerts due, others than in the rounds before.

    Of this process where the database is in it, which other processes of the machine disturb least; else passed.
    """
    run = REGULATED["EscalationRun"]
    step = (open_now - 1) // (DUE * (ROUNDS + 1))
    chosen = [2 + number + place * step * (ROUNDS + 1) for place in range(DUE)]
    await run.filter(id__in=chosen).update(
        next_due_at=clock.now() - dt.timedelta(seconds=1), tier=1, state=RunState.RUNNING.value
    )
    clock_of = process_time if connections.get(ALIAS).capabilities.dialect == "sqlite" else perf_counter
    began = clock_of()
    climbed = await escalation.tick()
    taken = clock_of() - began
    if climbed != DUE:
        msg = f"{climbed} alerts climbed instead of {DUE}"
        raise RuntimeError(msg)
    return taken


async def _rounds(open_now: int) -> float:
    await _tick(open_now, ROUNDS)  # warms statements and pages
    return median([await _tick(open_now, number) for number in range(ROUNDS)])


async def run(installed: str, owner: str, size: int) -> list[Figure]:
    """Measure on every engine at hand: first with a thousand open alerts, then with so many, in one database."""
    many = max(size, 2 * FEW)
    figures: list[Figure] = []
    for engine, address in addresses(installed, owner):
        async with scratch(address):
            await _patterns(*await _plant())
            await _grow(1, FEW)
            few = await _rounds(FEW)
            await _grow(FEW, many)
            lots = await _rounds(many)
        figures += [
            Figure(
                f"{engine}: escalation tick, {DUE} due of {many} open / of {FEW}",
                lots / few,
                "x",
                at_most=1.5,
            ),
            Figure(f"{engine}: one alert climbs, of {many} open", lots / DUE * 1000, "ms"),
        ]
    return figures


ESCALATION: Final = Bench(
    name="escalation",
    says="a tick with a hundred alerts due of many open, against the same of a thousand (--size 1000000 for the goal)",
    size=20_000,
    run=run,
)
