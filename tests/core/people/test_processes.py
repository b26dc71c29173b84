"""One use means one use, whichever process a second try comes from."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tortoise import connections

from core import people
from core.kit.unit_of_work import ALIAS
from core.people.models import ChatIdentity
from tests.core.people.house import House
from tests.processes import talk

PROCESSES = 3


def address(dialect: str) -> str:
    """How another process reaches the database of this test, as JSON."""
    client = connections.get(ALIAS)
    if dialect == "sqlite":
        return json.dumps(f"sqlite://{client.filename}?busy_timeout=20000")
    return json.dumps(
        {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": client.host,
                "port": client.port,
                "user": client.user,
                "password": "",
                "database": client.database,
                "minsize": 1,
                "maxsize": 1,
            },
        }
    )


def tried_together(where: str, what: str, token: str) -> Counter[str]:
    """Start processes, give the word to all at once, count what they came to."""
    started = [
        talk("tests.core.people.opening_child", where, what, token, str(number))
        for number in range(PROCESSES)
    ]
    assert {child.line() for child in started} == {"ready"}
    for child in started:
        child.tell("now")
    met = Counter(child.line() for child in started)
    for child in started:
        child.end()
    return met


@pytest.mark.parametrize("what", ["link", "invite"])
async def test_of_several_processes_one_gets_in(house: House, database: str, what: str) -> None:
    if what == "link":
        token = await people.one_time_link(house.boss, house.boss.identity, "admin")
        loser = "LinkDead"
    else:
        token = await people.invite(house.boss, house.li)
        loser = "InviteUsed"
    assert tried_together(address(database), what, token) == {"in": 1, loser: PROCESSES - 1}
    assert await ChatIdentity.filter(active=True).count() == (what == "invite")
