"""A recall rehearsed in the chat: one lot named, everything located, the time it took said and kept."""

from __future__ import annotations

import datetime as dt

import pytest

from core import lots
from core.kit import clock
from handlers import text
from tests.journeys import acts

_ = text.translator("zh_CN")


@pytest.mark.req("G-126")
async def test_a_recall_is_rehearsed_with_the_time_it_took(database: str) -> None:
    """What must be located is shown with places and picture; a wrong count is refused; some missing need a reason."""
    house, (engineer, operator) = await acts.house_with("responsible", "operator")
    await engineer.says("/rehearse CT-001")
    shown = engineer.chat[-1]
    assert "RE-" in shown.outgoing.head
    assert "CT-001" in shown.outgoing.head
    assert _("{n} lots affected: {totals}").partition("{totals}")[0].format(n=3) in shown.text
    assert shown.outgoing.pictures
    actor = await house.plant.actor("responsible")
    lot = await lots.find(actor, "CT-001")
    assert lot.status == "available", "nothing is held"
    clock.shift(dt.timedelta(minutes=42))
    await engineer.taps(_("✔ End the rehearsal"))
    await engineer.says("4")
    assert _("Please give a whole number from 0 to {most}.").format(most=3) in engineer.transcript()
    await engineer.says("/cancel")
    await engineer.taps(_("✔ End the rehearsal"))
    await engineer.says("2")
    await engineer.says("PK-002 在客户处没有回音")
    said = engineer.sees("共 3 批，找到 2 批").text
    assert "42" in said
    (kept,) = await lots.rehearsals_of(actor, lot.id)
    assert (kept.located, kept.remark) == (2, "PK-002 在客户处没有回音")
    await engineer.taps(_("✔ End the rehearsal"))
    engineer.sees("共 3 批，找到 2 批")
    assert len(await lots.rehearsals_of(actor, lot.id)) == 1, "an old button only tells how it ended"
    await operator.says("/rehearse CT-001")
    assert len(await lots.rehearsals_of(actor, lot.id)) == 1, "an operator has no right to it"


async def test_the_lot_is_asked_for_and_all_located_takes_one_tap(database: str) -> None:
    house, (engineer,) = await acts.house_with("responsible")
    await engineer.says("召回演练")
    await engineer.says("MC-002")
    await engineer.taps(_("✔ End the rehearsal"))
    actor = await house.plant.actor("responsible")
    lot = await lots.find(actor, "MC-002")
    (begun,) = await lots.rehearsals_of(actor, lot.id)
    await engineer.taps(_("All {n}").format(n=begun.lots))
    (ended,) = await lots.rehearsals_of(actor, lot.id)
    assert ended.located == ended.lots
