"""Times that run against the order of the log are named: a clock set back or forward to enter a record."""

from __future__ import annotations

import datetime as dt

import pytest

from core.kit import clock
from core.kit.canonical import instant_text
from core.ledger import Signer
from core.ledger.time_bounds import TOLERANCE, TimeBounds
from tests.core.ledger.logs import fill, record, seal_all, verified

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
MICRO = dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("back", "fits"), [(dt.timedelta(0), True), (TOLERANCE, True), (TOLERANCE + MICRO, False)]
)
def test_a_step_back_is_borne_up_to_the_tolerance(back: dt.timedelta, fits: bool) -> None:
    """Processes whose clocks differ a little are no fault."""
    bounds = TimeBounds()
    assert bounds.judge(instant_text(NOON)) is None
    assert (bounds.judge(instant_text(NOON - back)) is None) is fits
    assert bounds.judge(instant_text(NOON)) is None


@pytest.mark.parametrize(
    ("ahead", "fits"), [(dt.timedelta(0), True), (TOLERANCE, True), (TOLERANCE + MICRO, False)]
)
def test_nothing_is_recorded_after_its_checkpoint(ahead: dt.timedelta, fits: bool) -> None:
    """And an entry that claims so does not put the ones behind it in the wrong."""
    bounds = TimeBounds()
    bounds.under(NOON)
    assert (bounds.judge(instant_text(NOON + ahead)) is None) is fits
    assert bounds.judge(instant_text(NOON)) is None


@pytest.mark.req("D-21")
async def test_an_entry_entered_with_the_clock_set_back_is_named(database: str, signer: Signer) -> None:
    """Back-dated through the application, signed and sealed rightly: only the order of times tells."""
    await fill(2)
    await seal_all(signer)
    with clock.unshifted():
        clock.shift(dt.timedelta(days=-3))
        await record("late", case="AN-2026-000009")
    await seal_all(signer)
    await record("after")
    await seal_all(signer)
    (fault,) = (await verified(signer)).faults
    assert str(fault).startswith(
        "ledger_entry 3 (case AN-2026-000009), position 2 of the log: it says it was"
    )
    assert "but was sealed after one recorded at" in fault.what


@pytest.mark.req("D-21")
async def test_an_entry_entered_with_the_clock_set_forward_is_named(database: str, signer: Signer) -> None:
    """Only that one is named, not all that follow."""
    await fill(1)
    with clock.unshifted():
        clock.shift(dt.timedelta(hours=2))
        await record("early")
    await record("after")
    await seal_all(signer)
    (fault,) = (await verified(signer)).faults
    assert (fault.position, fault.what.rpartition(", ")[2]) == (1, "after it was sealed")


async def test_what_waited_long_for_its_seal_is_sound(database: str, signer: Signer) -> None:
    """A sealer that stood still for days and caught up in several batches makes no fault."""
    await fill(5)
    with clock.unshifted():
        clock.shift(dt.timedelta(days=3))
        await seal_all(signer, limit=2)
        await record("after")
        await seal_all(signer)
    assert (await verified(signer)).faults == ()
