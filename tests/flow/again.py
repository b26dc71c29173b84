"""Everything that came in comes in a second time: what must then be as it was."""

from __future__ import annotations

from tortoise import Tortoise, connections

from core.kit.unit_of_work import ALIAS
from tests.flow.telling import Telling

NOISE = (
    "ledger_",
    "inbox_",
    "wires_",
    "clients_",
    "people_",
    "evidence_",
    "drafts_",
    "notices_",
    "epcis_capture",
    "sensors_arrival",
    "sensors_aside",
)
"""Tables that keep who asked, what arrived and what was said; all others hold what there is."""


async def what_there_is() -> dict[str, object]:
    """How many rows each table of facts holds, and every lot as it stands."""
    db = connections.get(ALIAS)
    found: dict[str, object] = {}
    for table in sorted({model._meta.db_table for model in Tortoise.apps["core"].values()}):
        if table != "aerich" and (table == "epcis_captured_event" or not table.startswith(NOISE)):
            [row] = await db.execute_query_dict(f'SELECT COUNT(*) AS n FROM "{table}"')
            found[table] = row["n"]
    lots = 'SELECT number, status, quantity, place, partner_id FROM "lots_lot" ORDER BY number'
    found["lots"] = [str(sorted(row.items())) for row in await db.execute_query_dict(lots)]
    return found


async def all_of_it_again(telling: Telling) -> None:
    """Requests, files, events, readings and what people typed and tapped, each once more; nothing changes."""
    before = await what_there_is()
    await telling.programs.everything_again()
    await telling.epcis.everything_again()
    await telling.files.everything_again()
    await telling.mqtt.everything_again()
    await telling.house.everything_again()
    after = await what_there_is()
    changed = {key: (one, after[key]) for key, one in before.items() if after[key] != one}
    assert not changed, changed
