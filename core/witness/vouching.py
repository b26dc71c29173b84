"""What stands for the log from outside, for exports: cosignatures, acknowledgements and stamps over given places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.witness.models import Acknowledgement, Cosignature, Stamp
from core.witness.queries import keys
from core.witness.stamping import stamp_facts
from core.witness.terms import Cosigned, Vouchers


async def covering(plant_id: int, places: Iterable[int]) -> Vouchers:
    """Answer the earliest of each kind that covers each place of the log, and the newest of each witness.

    The earliest tells since when an entry cannot have been changed unnoticed. Stamps are the installation's, whichever
    of its plants kept them.
    """
    wanted = sorted(set(places))
    own = {"plant_id": plant_id}
    known = await keys(plant_id)
    rows = await Acknowledgement.filter(**own).distinct().values("person_id")
    people = sorted(int(row["person_id"]) for row in rows)
    cosigned = await _first(Cosignature, wanted, own) | await _newest(
        Cosignature, [{"key_id": key.id} for key in known]
    )
    seen = await _first(Acknowledgement, wanted, own) | await _newest(
        Acknowledgement, [{**own, "person_id": one} for one in people]
    )
    stamps = await _first(Stamp, wanted, {}) | await _newest(Stamp, [{}])
    return Vouchers(
        keys=known,
        cosignatures=[
            Cosigned(id=row.id, size=row.size, root=row.root, line=row.line)
            for _, row in sorted(cosigned.items())
        ],
        acknowledgements={one: row.size for one, row in sorted(seen.items())},
        stamps=[stamp_facts(row) for _, row in sorted(stamps.items())],
    )


async def _first(table: Any, places: list[int], among: dict[str, int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    reached = -1
    for place in places:
        if place < reached:
            continue
        row = await table.filter(size__gt=place, **among).order_by("size", "id").first()
        if row is None:
            break
        found[row.id], reached = row, row.size
    return found


async def _newest(table: Any, groups: list[dict[str, int]]) -> dict[int, Any]:
    rows = [await table.filter(**among).order_by("-size", "-id").first() for among in groups]
    return {row.id: row for row in rows if row is not None}
