"""A Q-DAS pair in a ZIP, sent into the chat."""

from __future__ import annotations

from core.inspections.models import TestReport
from handlers import text
from tests.core.imports.test_measuring_files import DFQ, VALUES
from tests.handlers.partner.test_hostile_bodies import pair
from tests.journeys import acts

_ = text.translator("zh_CN")


async def test_a_packed_pair_comes_in_by_one_tap_and_a_wrong_one_does_not(database: str) -> None:
    """A pair of two names is told as such; a right one makes its report when it is confirmed."""
    _house, (owner,) = await acts.house_with("responsible")
    values = VALUES.format(length="35,1")
    await owner.sends_file(pair(("r.dfd", DFQ), ("s.dfx", values)), "wrong.zip")
    assert owner.chat[-1].button(_("📥 Bring it in")) is None
    await owner.sends_file(pair(("r.dfd", DFQ), ("r.dfx", values)), "r.zip")
    assert not await TestReport.exists()
    await owner.taps(_("📥 Bring it in"))
    assert await TestReport.all().count() == 1
