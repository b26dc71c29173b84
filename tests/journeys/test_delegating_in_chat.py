"""代签 in the chat: given in a few taps and signed, used by the colleague, withdrawn with one tap."""

from __future__ import annotations

from core.signing.models import Delegation, Signature
from handlers import text
from tests.core.capa import story
from tests.journeys import acts

_ = text.translator("zh_CN")


async def test_a_manager_on_leave_lets_the_supervisor_sign_and_takes_it_back(database: str) -> None:
    """The supervisor sees the button only then, signs as 李强 代 刘洋; afterwards the button is gone."""
    house, (manager, supervisor) = await acts.house_with("manager", "supervisor")
    found = await story.submitted(house.plant, await story.opened(house.plant))
    await supervisor.says(found.case_number)
    assert supervisor.chat[-1].button(_("Approve the plan: sign")) is None

    await manager.says("/delegate")
    await manager.taps("李强")
    await manager.taps(_("Approve the CAPA plan"))
    await manager.taps(_("A Critical"))
    await manager.taps(_("in {n} days").format(n=7))
    await manager.says("年假")
    await manager.taps(_("Confirm ✓"))
    manager.sees("李强")
    await manager.signs()
    assert (await Delegation.get()).acts == ["capa:plan:approve"]

    await supervisor.says(found.case_number)
    await supervisor.taps(_("Approve the plan: sign"))
    supervisor.sees("李强 代 刘洋")
    await supervisor.signs()
    kept = await Signature.all().order_by("-id").first()
    assert kept
    assert kept.printed_name == "李强 代 刘洋"
    manager.sees(_("✍ {by} signed for you: {number}").format(by="李强", number=found.number))

    await manager.says("/delegations")
    await manager.taps(_("End this delegation"))
    supervisor.sees(_("✍ {by} has ended the delegation").format(by="刘洋"))
    await manager.says("/delegations")
    manager.sees(_("Nobody signs for you, and you sign for nobody. /delegate begins it."))
