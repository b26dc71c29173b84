"""What arrives is committed together and first, and each callback is answered after its own commit, never before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextvars import Context
from pathlib import Path

import pytest

from bot import database as product_database
from bot.precedence import Turns, goes_first
from bot.reception import Reception
from core.inbox import Arrived
from core.inbox.models import Inbound
from core.kit import unit_of_work
from tests.databases import SqliteFiles


def update(number: int, chat: str = "7") -> Arrived:
    return Arrived(update_id=str(number), chat_ref=chat, raw={"update_id": number})


@pytest.fixture
async def shared(sqlite_files: SqliteFiles) -> AsyncIterator[None]:
    """A SQLite database opened as the product opens it."""
    await product_database.open_database(f"sqlite://{await sqlite_files.fresh_file()}")
    yield
    await product_database.close_database()


async def test_a_rush_is_stored_in_few_commits_in_its_order(database: str) -> None:
    """While one commit waits, thirty callbacks come; they share the next commits, and a repeat among them is none."""
    commits: list[int] = []
    reception = Reception(lambda: commits.append(1))
    async with unit_of_work() as work:
        if database == "postgres":
            await work.db.execute_query("LOCK TABLE inbox_inbound IN EXCLUSIVE MODE")
        rush = [
            # another task, as each callback is: it is not inside this unit
            asyncio.create_task(_outside(reception, number % 28))
            for number in range(30)
        ]
        for _turn in range(50):
            await asyncio.sleep(0)
        assert not any(one.done() for one in rush), "nobody is answered before the commit"
    assert sum(await asyncio.gather(*rush)) == 28
    assert len(commits) <= 3
    assert await Inbound.all().order_by("id").values_list("update_id", flat=True) == [
        str(number) for number in range(28)
    ]


async def _outside(reception: Reception, number: int) -> int:
    return await asyncio.get_running_loop().create_task(
        reception.take("telegram", [update(number)]), context=Context()
    )


async def test_one_that_cannot_be_stored_does_not_take_the_others_with_it(database: str) -> None:
    """Half a character is refused by both databases."""
    reception = Reception(lambda: None)
    answers = await asyncio.gather(
        *(
            reception.take("telegram", [update(number, chat="\ud800" if number == 3 else "7")])
            for number in range(6)
        ),
        return_exceptions=True,
    )
    assert [number for number, one in enumerate(answers) if isinstance(one, Exception)] == [3]
    assert await Inbound.all().count() == 5
    assert await reception.take("telegram", [update(5), update(6)], 7) == 1, "and it goes on"


async def test_a_caller_who_hung_up_loses_nothing(database: str) -> None:
    reception = Reception(lambda: None)
    calls = [asyncio.create_task(reception.take("telegram", [update(number)])) for number in range(4)]
    await asyncio.sleep(0)
    calls[0].cancel()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert answers[1:] == [1, 1, 1]
    assert await reception.take("telegram", [update(0)]) in (0, 1)
    assert await Inbound.all().count() == 4


async def test_inside_a_unit_it_is_kept_or_undone_with_it(database: str) -> None:
    woken: list[int] = []
    reception = Reception(lambda: woken.append(1))
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await reception.take("browser", [update(1)])
            raise ZeroDivisionError
    assert (await Inbound.all().count(), woken) == (0, [])
    async with unit_of_work():
        await reception.take("browser", [update(1)])
    assert (await Inbound.all().count(), woken) == (1, [1])


async def test_on_sqlite_what_arrives_goes_before_all_who_wait(shared: None) -> None:
    """A transaction is open and twenty wait behind it; the update that comes last is stored next."""
    order: list[str] = []
    reception = Reception(lambda: order.append("update"))
    opened, go = asyncio.Event(), asyncio.Event()

    async def handle(name: str, *, hold: bool = False) -> None:
        async with unit_of_work():
            if hold:
                opened.set()
                await go.wait()
            order.append(name)

    tasks = [asyncio.create_task(handle("first", hold=True))]
    await opened.wait()
    tasks += [asyncio.create_task(handle(f"other {number}")) for number in range(20)]
    await asyncio.sleep(0)
    taking = asyncio.create_task(reception.take("telegram", [update(1)]))
    for _turn in range(5):
        await asyncio.sleep(0)
    go.set()
    assert await taking == 1
    await asyncio.gather(*tasks)
    assert order.index("update") <= 2, order
    assert len(order) == 22


async def test_those_who_go_first_leave_the_others_their_turn() -> None:
    """However many go first one after the other, another has its turn between two of them; a waiter may give up."""
    turns, order = Turns(), list[str]()

    async def first() -> None:
        with goes_first():
            for _again in range(3):
                async with turns:
                    order.append("first")
                    await asyncio.sleep(0)

    async def other() -> None:
        async with turns:
            order.append("other")
            await asyncio.sleep(0)

    await turns.acquire()
    others = [asyncio.create_task(other()) for _one in range(4)]
    await asyncio.sleep(0)
    ahead = asyncio.create_task(first())
    await asyncio.sleep(0)
    others[1].cancel()
    await asyncio.sleep(0)
    turns.release()
    await asyncio.gather(ahead, *others, return_exceptions=True)
    assert order == ["first", "other", "first", "other", "first", "other"]
    assert not turns.locked()


async def test_a_turn_given_to_somebody_who_gave_up_is_passed_on() -> None:
    turns = Turns()
    await turns.acquire()
    gone, waits = (asyncio.create_task(turns.acquire()) for _one in range(2))
    await asyncio.sleep(0)
    turns.release()
    gone.cancel()
    assert await waits
    turns.release()
    assert not turns.locked()
    with pytest.raises(RuntimeError):
        turns.release()


def test_a_sqlite_address_is_opened_with_these_turns(tmp_path: Path) -> None:
    assert product_database.connection(f"sqlite://{tmp_path}/x.db")["engine"] == Turns.__module__
