"""Record numbers people can say aloud (``AN-2026-000123``, per plant and year, without gaps), and waiting in line."""

from __future__ import annotations

from core.kit.models import Counter
from core.kit.unit_of_work import current

SANDBOX = "SBX-"


async def next_number(plant_id: int, prefix: str) -> str:
    """Give the next number inside the running unit; if the unit is undone, so is the number."""
    year = current().now.year
    name = f"{prefix}-{year}"
    marked = await Counter.exists(plant_id=plant_id, name=SANDBOX)
    return f"{SANDBOX if marked else ''}{name}-{await _taken(plant_id, name):06d}"


async def mark_sandbox(plant_id: int) -> None:
    """Have every number of a plant begin with ``SBX-``, so that nobody takes its records for real ones."""
    current()
    await Counter.create(plant_id=plant_id, name=SANDBOX)


async def in_line(plant_id: int, name: str) -> None:
    """Let those who make the next version of the same thing wait for one another until their units end."""
    current()
    await _taken(plant_id, name)


async def _taken(plant_id: int, name: str) -> int:
    counter = await Counter.select_for_update().get_or_none(plant_id=plant_id, name=name)
    if counter is None:  # the first; two at once may both see none, and one row is made
        await Counter.bulk_create([Counter(plant_id=plant_id, name=name)], ignore_conflicts=True)
        counter = await Counter.select_for_update().get(plant_id=plant_id, name=name)
    counter.last_given += 1
    await counter.save(update_fields=["last_given"])
    return int(counter.last_given)
