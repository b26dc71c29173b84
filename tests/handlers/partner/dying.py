"""A process that handles one request and dies at a chosen instant; run with an address, a plant and when."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from core import inbox, people
from core.kit import Actor, system
from handlers.partner import once
from tests.databases import close_database, open_database

KEY, CODE = "killed-0001", "KILLED"


def asked(plant_id: int) -> Any:
    """A request of a client, as much of it as keeping answers needs."""
    actor = Actor(
        person_id=None,
        name="x",
        organisation_id=plant_id,
        plant_id=plant_id,
        channel="api",
        client="bhc_killed",
    )
    request = SimpleNamespace(method="POST", path_qs="/api/v1/x")
    return SimpleNamespace(actor=actor, caller=object(), raw=b"{}", media="", request=request)


async def carried_out(plant_id: int, when: str = "") -> tuple[dict[str, Any], bool]:
    """Record an organisation once under the key; dies before the commit or after it."""

    async def work() -> dict[str, Any]:
        await people.add_organisation(system(plant_id), CODE, "甲", "A", "supplier")
        if when == "before":
            os._exit(9)
        return {"status": 201, "code": CODE}

    one = asked(plant_id)
    made = await once.once(one, KEY, once.digest_of(one, "/api/v1/x"), work)
    if when == "after":
        os._exit(9)
    return made


async def main(address: Any, plant_id: int, when: str) -> None:
    inbox.use_key(b"the inbox of the tests")
    await open_database(address)
    await carried_out(plant_id, when)
    await close_database()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
