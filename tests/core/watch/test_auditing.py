"""Whatever does not happen in its time is found within a minute, told once, and forgotten once mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from core import inbox, ledger, notices, watch
from core.escalation.models import EscalationRun
from core.inbox import Arrived
from core.inbox.models import Inbound
from core.kit import system, unit_of_work
from core.ledger.keys import Signer, load_or_create
from core.notices import Priority
from core.notices.models import Notice
from core.watch import Fault, policy
from core.watch.terms import Seen
from handlers.chat import wording
from handlers.chat.buttons import ButtonPress
from handlers.jobs import auditing
from tests.plants import Plant, small_plant

MINUTE = dt.timedelta(seconds=60)
LOOK = dt.timedelta(seconds=30)
"""Seconds between two looks."""


async def an_alert_that_does_not_climb(plant: Plant) -> None:
    async with unit_of_work() as work:
        await EscalationRun.create(
            plant_id=plant.id,
            anomaly_id=1,
            case_number="AN-1",
            grade="A",
            policy={},
            state="running",
            tier=1,
            started_at=work.now,
            next_due_at=work.now,
        )


async def an_entry_nobody_seals(plant: Plant) -> None:
    async with unit_of_work():
        await ledger.append(ledger.Kind.KEY_ROTATE, system(plant.id), facts={})


async def a_sender_that_died(plant: Plant) -> None:
    async with unit_of_work():
        await notices.tell(system(plant.id), "chat:reply", channel="telegram", chat_ref="7", payload={})
    await notices.claim()


async def a_message_that_waits(plant: Plant) -> None:
    async with unit_of_work():
        await notices.tell(
            system(plant.id),
            "chat:reply",
            channel="telegram",
            chat_ref="7",
            payload={},
            priority=Priority.CRITICAL,
        )


async def an_update_nobody_handles(plant: Plant) -> None:
    await inbox.store("telegram", [Arrived(update_id="1", chat_ref="7", raw={})])


async def an_update_set_aside(plant: Plant) -> None:
    await inbox.store("telegram", [Arrived(update_id="1", chat_ref="7", raw={})])
    await Inbound.all().update(state="aside")


CASES: list[tuple[Fault, Callable[[Plant], Awaitable[None]], dt.timedelta]] = [
    (Fault.STEPS, an_alert_that_does_not_climb, MINUTE - LOOK),
    (Fault.SEAL, an_entry_nobody_seals, MINUTE),
    (Fault.SENDERS, a_sender_that_died, 2 * MINUTE),
    (Fault.MESSAGES, a_message_that_waits, MINUTE),
    (Fault.UPDATES, an_update_nobody_handles, 2 * MINUTE),
    (Fault.ASIDE, an_update_set_aside, dt.timedelta(0)),
]


async def told(fault: Fault) -> list[Notice]:
    return [one for one in await Notice.filter(kind="watch:fault") if one.facts["fault"] == fault.value]


async def _quiet(signer: Signer) -> None:
    """What happened so far is sealed, sent and handled."""
    await Notice.all().delete()
    await Inbound.all().delete()
    await EscalationRun.all().update(state="ended")
    await ledger.Sealer(signer).seal_now()


@pytest.mark.parametrize(("fault", "happens", "after"), CASES, ids=[case[0].value for case in CASES])
async def test_a_fault_is_found_and_told_once(
    database: str,
    fault: Fault,
    happens: Callable[[Plant], Awaitable[None]],
    after: dt.timedelta,
    tmp_path: Path,
    fast_forward: Callable[[dt.timedelta], None],
) -> None:
    """With a look every 30 s: nothing before, found at the first look after its time, told once to each."""
    plant = await small_plant(enrolled=False)
    signer = load_or_create(tmp_path / "ledger.key", "test/ledger")
    await _quiet(signer)
    assert (await watch.audit()).clean
    await happens(plant)
    fast_forward(after + dt.timedelta(seconds=1))
    for _look in range(3):
        assert await auditing.look() >= 1
    found = await watch.last()
    assert found is not None
    assert found.faults[fault] == 1
    [one] = await told(fault)
    assert one.person_id == plant.persons["administrator"]
    await _quiet(signer)
    assert (await watch.audit()).clean, "mended"
    await happens(plant)
    fast_forward(after + dt.timedelta(seconds=1))
    await auditing.look()
    assert len(await told(fault)) == 1, "told anew after it was mended"


def test_what_is_within_its_time_is_no_fault() -> None:
    seen = Seen(
        steps_late=0,
        seal_seconds=policy.SEALED,
        senders_gone=0,
        messages_late=0,
        update_seconds=policy.UPDATE,
        aside=0,
        clocks_untold=0,
    )
    assert policy.faults(seen) == {}


def test_each_step_is_found_within_a_minute() -> None:
    assert policy.STEP + LOOK <= MINUTE


async def test_the_message_says_what_to_do(database: str) -> None:
    await an_update_set_aside(await small_plant(enrolled=False))
    await watch.audit()
    shown = [
        outgoing.body
        for one in await notices.claim()
        if one.kind == "watch:fault"
        and (outgoing := await wording.render(one, "browser", ButtonPress(b"k" * 32))) is not None
    ]
    assert "1 条来信因故障被搁置。用 `bihuan inbox list` 查看。" in shown


@pytest.mark.parametrize(
    ("now", "began"),
    [("09:07:00", "09:07"), ("09:21:59", "09:07"), ("09:06:59", "08:52"), ("00:03:00", "23:52")],
)
def test_canaries_stay_off_the_full_and_the_half_hour(now: str, began: str) -> None:
    at = dt.datetime.fromisoformat(f"2026-09-07T{now}+00:00")
    assert f"{policy.quarter(at):%H:%M:%S}" == f"{began}:00"
    assert dt.timedelta(0) <= at - policy.quarter(at) < policy.CANARY


async def test_a_canary_that_waits_is_lost_after_three_minutes_and_whoever_ends_them_is_left_alone(
    database: str, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    await small_plant(enrolled=False)
    assert await watch.canaries() == []
    await watch.release({"telegram": "7"}, lambda _channel: {})
    moment = dt.timedelta(seconds=20)
    fast_forward(policy.CANARY_LATE - moment)
    assert (await watch.audit()).faults.get(Fault.CANARIES) is None
    fast_forward(moment)
    assert (await watch.audit()).faults[Fault.CANARIES] == 1
    fast_forward(2 * policy.CANARY)
    assert await watch.canaries() == [], "the setting was taken back"
