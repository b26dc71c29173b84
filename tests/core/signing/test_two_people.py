"""Acts of two people stay acts of two people: whoever took the first step never takes the second, by no way."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt

import pytest

from core import anomalies, lots, signing
from core.kit import Actor, NotFound, NotPermitted, clock, system, unit_of_work
from core.lots import Disposition, PlacerDecides
from core.lots.models import Hold
from core.signing import Apart, Meaning, Signed, proposals
from core.signing.models import Proposal, Signature
from core.signing.table import TABLE
from tests.core.anomalies.cases import confirmed, taken
from tests.plants import Plant, small_plant

DECIDE, GIVE = "lots:hold:decide", "signing:delegation:give"
GRANT = "people:role:grant"
TWO_PEOPLE = {
    "anomalies:grade:lower",
    "ledger:key:adopt",
    "ledger:key:retire",
    "lots:hold:decide",
    "people:role:grant",
    "people:role:withdraw",
    "signing:factor:renew",
    "signing:policy:set",
}


def test_these_acts_take_two_people() -> None:
    """Issue 3: down-grade, release of a held lot, ledger key, roles; and how acts are signed."""
    assert {code for code, rule in TABLE.items() if rule.two_person} == TWO_PEOPLE


async def _held_by(plant: Plant, name: str) -> dict[str, object]:
    """A lot that this person stopped, and the decision to release it."""
    case = await confirmed(plant, await taken(plant))
    [hold, *_more] = await anomalies.hold_affected(await plant.actor(name), case.id)
    return {"hold_ids": [hold.id], "disposition": "release", "reason": "复检合格"}


@pytest.mark.req("G-46a")
async def test_a_held_lot_is_released_by_a_second_person_only(database: str) -> None:
    """By the ceremony, by the verb, by delegation from a manager: who stopped the lot never lets it go."""
    plant = await small_plant()
    args = await _held_by(plant, "manager")
    with pytest.raises(PlacerDecides):
        await plant.sign("manager", DECIDE, args)
    actor = await plant.actor("manager")
    own = Signed(
        signature_id=1,
        person_id=actor.identity,
        meaning=Meaning.APPROVED,
        shown_digest="",
        signed_at=clock.now(),
    )
    with pytest.raises(PlacerDecides):
        async with unit_of_work():
            await lots.decide_holds(actor, args["hold_ids"], Disposition.RELEASE, "复检合格", own)  # type: ignore[arg-type]
    until = (clock.now() + dt.timedelta(days=7)).isoformat()
    for delegator, delegate in (("manager2", "responsible"), ("manager", "supervisor")):
        words = {"delegate_id": plant.persons[delegate], "until": until, "reason": "年假"}
        await plant.sign(delegator, GIVE, words)
    by_responsible = await _held_by(plant, "responsible")
    with pytest.raises((Apart, PlacerDecides)):
        await plant.sign(
            "responsible", DECIDE, by_responsible
        )  # the manager lends the right, not the distance
    with pytest.raises((Apart, PlacerDecides)):
        await plant.sign("supervisor", DECIDE, args)  # signs for the manager who stopped it
    with pytest.raises(NotPermitted):
        await plant.sign("second", DECIDE, args)
    assert not await Hold.filter(decision__isnull=False).exists()
    await plant.sign("manager2", DECIDE, args)
    assert await Hold.filter(decision="release").count() == 1


async def test_a_hold_that_no_person_placed_is_not_decided_by_one(database: str) -> None:
    plant = await small_plant()
    async with unit_of_work():
        [hold] = await lots.hold(system(plant.id), [plant.lots["CT-001"]], "AN-2026-000001", "自动")
    with pytest.raises((Apart, PlacerDecides)):
        await plant.sign("manager", DECIDE, {"hold_id": hold.id, "disposition": "release", "reason": "无"})


async def test_a_role_takes_an_asker_and_a_signer_and_neither_for_themselves(database: str) -> None:
    """The asker does not sign, a head does not ask, and nobody is given a role by their own signature."""
    plant = await small_plant()
    asker = await plant.actor("administrator")
    wish: dict[str, object] = {"person_id": plant.persons["operator"], "role": "responsible"}
    found = await signing.propose(asker, "people:role:grant", wish, "换岗")
    for name, why in (("administrator", NotPermitted), ("responsible", NotPermitted)):
        with pytest.raises((why, Apart)):
            await plant.sign(name, "people:role:grant", {"id": found.id})
    with pytest.raises(NotPermitted):
        await signing.propose(await plant.actor("manager"), "people:role:grant", wish, "换岗")
    own = await signing.propose(
        asker, "people:role:grant", {"person_id": plant.persons["manager"], "role": "responsible"}, "兼任"
    )
    with pytest.raises(signing.RolesByOthers):
        await plant.sign("manager", "people:role:grant", {"id": own.id})
    for act in ("people:role:grant", "people:role:withdraw"):
        with pytest.raises(signing.RolesByOthers):
            await signing.propose(
                asker, act, {"person_id": plant.persons["administrator"], "role": "responsible"}, "我"
            )
    with pytest.raises(signing.NeedsSecondPerson):
        await signing.propose(
            asker, "signing:factor:renew", {"person_id": plant.persons["administrator"]}, "换手机"
        )
    await plant.sign("manager", "people:role:grant", {"id": found.id})


@pytest.mark.parametrize("other", ["signs", "puts it aside"])
async def test_two_heads_at_one_instant_decide_a_proposal_once(
    database: str, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """The second head acts while the first one's decision is not committed yet, and finds it over."""
    plant = await small_plant()
    wish: dict[str, object] = {"person_id": plant.persons["operator"], "role": "responsible"}
    asked = await signing.propose(await plant.actor("administrator"), GRANT, wish, "换岗")
    clock.shift(dt.timedelta(seconds=61))
    heads = {name: await plant.actor(name) for name in ("manager", "manager2")}
    shown = {
        name: await signing.begin(one, GRANT, {"id": asked.id}, "telegram", name)
        for name, one in heads.items()
    }
    known, decided = proposals.PROPOSABLE[GRANT], asyncio.Event()

    async def slowly(actor: Actor, args: dict[str, object], signed: Signed) -> object:
        decided.set()
        await asyncio.sleep(0.7)
        return await known.perform(actor, args, signed)

    monkeypatch.setitem(proposals.PROPOSABLE, GRANT, dataclasses.replace(known, perform=slowly))

    async def signs(name: str) -> object:
        answer = f"{plant.code(name)} {shown[name].check_word}"
        return await signing.complete(heads[name], shown[name].id, answer, channel="telegram", chat_ref=name)

    async def second() -> object:
        await decided.wait()
        if other == "signs":
            return await signs("manager2")
        return await signing.withdraw_proposal(heads["manager2"], asked.id)

    first, late = await asyncio.gather(signs("manager"), second(), return_exceptions=True)
    assert isinstance(first, signing.Completed)
    assert type(late) is (signing.ProposalOver if other == "signs" else NotFound)
    row = await Proposal.get(id=asked.id)
    assert (row.state, row.decided_by) == ("done", plant.persons["manager"])
    assert await Signature.filter(subject_kind="proposal").count() == 1
