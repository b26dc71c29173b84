"""Holds: placed all or none, once per case, decided by a second person with a signature."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import lots, people, signing
from core.kit import Actor, Level, Malformed, NotFound, NotPermitted, clock, plain_text
from core.kit.keys import KeyRing
from core.ledger.models import LedgerEntry
from core.lots import Disposition, HoldFacts, LotFacts, LotStatus
from core.lots.models import Hold
from core.signing import Meaning, Signed, totp
from tests.core.lots.shop import Shop, person

CASE, OTHER_CASE = "AN-2026-000001", "AN-2026-000002"


def signed_by(actor: Actor) -> Signed:
    """Answer what the ceremony hands to an act when a signature stands."""
    return Signed(
        signature_id=77,
        person_id=actor.identity,
        meaning=Meaning.APPROVED,
        shown_digest="0" * 64,
        signed_at=clock.now(),
    )


async def held(shop: Shop, lot: LotFacts, case: str = CASE) -> HoldFacts:
    """Put one lot on hold."""
    return (await lots.hold(shop.worker, [lot.id], case, "Coating peels off"))[0]


async def decide(shop: Shop, hold: HoldFacts, disposition: Disposition) -> HoldFacts:
    """Decide one hold as the quality manager."""
    return await lots.decide_hold(shop.quality, hold.id, disposition, "Inspected", signed_by(shop.quality))


async def test_lots_are_held_together_and_only_once_per_case(shop: Shop) -> None:
    """A second tap answers the same holds and writes nothing; the case has one entry with its rows."""
    first, second = await shop.lot("A"), await shop.lot("B", status=LotStatus.RELEASED)
    placed = await lots.hold(shop.worker, [second.id, first.id], CASE, "Coating peels off")
    assert [(hold.lot_number, hold.status_before) for hold in placed] == [
        ("A", LotStatus.AVAILABLE),
        ("B", LotStatus.RELEASED),
    ]
    assert await lots.hold(shop.worker, [first.id, second.id], CASE, "Again") == placed
    assert await lots.undecided(CASE, plant_id=shop.plant) == 2
    (entry,) = await LedgerEntry.filter(plant_id=shop.plant, case_number=CASE)
    body = json.loads(entry.body)
    assert (entry.kind, body["reason"], body["facts"]["lots"]) == (
        "lots:hold:place",
        "Coating peels off",
        ["A", "B"],
    )
    assert {record["table"] for record in body["records"]} == {"lots_hold", "lots_lot"}


async def test_one_unknown_lot_means_no_hold_at_all(shop: Shop) -> None:
    """All or none: the known lot stays free when another of the list is out of reach."""
    lot = await shop.lot("A")
    with pytest.raises(NotFound):
        await lots.hold(shop.worker, [lot.id, lot.id + 10**6], CASE, "Cracks")
    with pytest.raises(lots.HoldNeedsLots):
        await lots.hold(shop.worker, [], CASE, "Cracks")
    with pytest.raises(plain_text.Empty):
        await lots.hold(shop.worker, [lot.id], CASE, " \u200b ")
    with pytest.raises(NotPermitted):
        await lots.hold(person(8, shop.plant, Level.REPORT), [lot.id], CASE, "Cracks")
    assert await shop.status(lot) is LotStatus.AVAILABLE
    assert not await Hold.filter(plant_id=shop.plant).exists()


@pytest.mark.parametrize(
    ("disposition", "after"),
    [
        (Disposition.RELEASE, LotStatus.RELEASED),
        (Disposition.USE_AS_IS, LotStatus.RELEASED),
        (Disposition.REWORK, LotStatus.QUARANTINED),
        (Disposition.SORT, LotStatus.QUARANTINED),
        (Disposition.RETURN, LotStatus.QUARANTINED),
        (Disposition.SCRAP, LotStatus.SCRAPPED),
    ],
)
@pytest.mark.req("G-09", "G-89")
async def test_a_decision_gives_the_lot_its_status(
    shop: Shop, disposition: Disposition, after: LotStatus
) -> None:
    """Free again as before, waiting for a new inspection, or gone."""
    lot = await shop.lot("A", status=LotStatus.RELEASED)
    decided = await decide(shop, await held(shop, lot), disposition)
    assert await shop.status(lot) is after
    assert (decided.decision, decided.decided_by, decided.signature_id) == (disposition, 9002, 77)
    assert await lots.undecided(CASE, plant_id=shop.plant) == 0


async def test_a_lot_held_for_two_cases_waits_for_both_and_the_stricter_counts(shop: Shop) -> None:
    """Releasing for one case frees nothing while another case holds; scrap stays scrap."""
    lot = await shop.lot("A")
    first, second = await held(shop, lot), await held(shop, lot, OTHER_CASE)
    await decide(shop, first, Disposition.SCRAP)
    assert await shop.status(lot) is LotStatus.ON_HOLD
    await decide(shop, second, Disposition.RELEASE)
    assert await shop.status(lot) is LotStatus.SCRAPPED


async def test_an_earlier_decision_does_not_burden_a_later_hold(shop: Shop) -> None:
    """What was decided before the lot was free again is history."""
    lot = await shop.lot("A")
    await decide(shop, await held(shop, lot), Disposition.REWORK)
    await decide(shop, await held(shop, lot, OTHER_CASE), Disposition.RELEASE)
    assert await shop.status(lot) is LotStatus.QUARANTINED
    assert [hold.decision for hold in await lots.holds_on(shop.worker, lot.id)] == [
        Disposition.REWORK,
        Disposition.RELEASE,
    ]


async def test_who_placed_a_hold_does_not_decide_it(shop: Shop) -> None:
    """Four eyes, even with every right; and a decision is final."""
    lot = await shop.lot("A")
    (own,) = await lots.hold(shop.quality, [lot.id], CASE, "Cracks")
    with pytest.raises(lots.PlacerDecides):
        await decide(shop, own, Disposition.RELEASE)
    assert await shop.status(lot) is LotStatus.ON_HOLD
    other = await held(shop, await shop.lot("B"))
    await decide(shop, other, Disposition.RELEASE)
    with pytest.raises(lots.AlreadyDecided):
        await decide(shop, other, Disposition.SCRAP)


async def test_a_decision_needs_the_right_and_the_deciders_own_signature(shop: Shop) -> None:
    """Without APPROVE, or with somebody else's signature, nothing is decided."""
    hold = await held(shop, await shop.lot("A"))
    helper = person(5, shop.plant, Level.WORK)
    with pytest.raises(NotPermitted):
        await lots.decide_hold(helper, hold.id, Disposition.RELEASE, "Fine", signed_by(helper))
    with pytest.raises(NotPermitted):
        await lots.decide_hold(shop.quality, hold.id, Disposition.RELEASE, "Fine", signed_by(helper))
    stranger = person(6, shop.plant, Level.APPROVE, shop.carrier)
    with pytest.raises(NotFound):
        await lots.decide_hold(stranger, hold.id, Disposition.RELEASE, "Fine", signed_by(stranger))
    assert await lots.undecided(CASE, plant_id=shop.plant) == 1


async def test_holds_of_different_cases_are_not_decided_together(shop: Shop) -> None:
    """One signature speaks for one case."""
    first = await held(shop, await shop.lot("A"))
    second = await held(shop, await shop.lot("B"), OTHER_CASE)
    with pytest.raises(lots.OneCaseAtATime):
        await lots.decide_holds(
            shop.quality, [first.id, second.id], Disposition.SCRAP, "No", signed_by(shop.quality)
        )


@pytest.fixture
def still_clock() -> Iterator[None]:
    """Begin at the start of a code's half minute, so that no code changes between two lines."""
    with clock.unshifted():
        clock.shift(dt.timedelta(seconds=30 - clock.now().second % 30, microseconds=-clock.now().microsecond))
        yield


@pytest.mark.req("G-88")
async def test_holds_are_decided_by_a_signing_ceremony(
    shop: Shop,
    still_clock: None,
    tmp_path: Path,
) -> None:
    """The signer sees case, lots, decision and reason; code and check word decide all holds at once."""
    signing.use_keys(KeyRing.create(tmp_path / "master.key"))
    manager_id = await people.add_person(shop.boss, shop.plant, "李明", ["manager"])
    secret = totp.new_secret()
    await signing.load_demo_factor(shop.boss, manager_id, secret)
    manager = await people.actor_of(manager_id, "browser")
    stopper = await people.add_person(shop.boss, shop.plant, "王芳", ["responsible"])
    placed = await lots.hold(
        await people.actor_of(stopper, "browser"),
        [(await shop.lot("A")).id, (await shop.lot("B")).id],
        CASE,
        "Coating peels off",
    )
    args: dict[str, object] = {
        "hold_ids": [hold.id for hold in placed],
        "disposition": "scrap",
        "reason": "Sterile barrier at risk",
    }
    ceremony = await signing.begin(manager, lots.ACT, args, "browser", "p1")
    values = [fact.value for fact in ceremony.shown.facts]
    assert values[0] == CASE
    assert "A · 100 pcs · Finished goods" in values
    assert {"Scrap", "Sterile barrier at risk"} <= set(values)
    code = totp.code_at(secret, totp.step_of(clock.now()))
    done = await signing.complete(manager, ceremony.id, f"{code} {ceremony.check_word}")
    assert done.signature is not None
    decided = await lots.holds_of(shop.worker, CASE)
    assert {(hold.decision, hold.decided_by, hold.signature_id) for hold in decided} == {
        (Disposition.SCRAP, manager_id, done.signature.id)
    }


async def test_the_ceremony_refuses_early_what_could_not_be_decided(shop: Shop) -> None:
    """Before any code is asked: no such hold, own hold, unknown disposition."""
    hold = await held(shop, await shop.lot("A"))
    act = signing.acts.ACTS[lots.ACT]
    with pytest.raises(NotFound):
        await act.describe(shop.quality, {"hold_id": hold.id + 10**6, "disposition": "scrap", "reason": "No"})
    with pytest.raises(NotPermitted):
        await act.describe(shop.worker, {"hold_id": hold.id, "disposition": "scrap", "reason": "No"})
    with pytest.raises(lots.PlacerDecides):
        await act.describe(
            person(9001, shop.plant, Level.APPROVE),
            {"hold_id": hold.id, "disposition": "scrap", "reason": "No"},
        )
    with pytest.raises(Malformed):
        await act.describe(shop.quality, {"hold_id": hold.id, "disposition": "eat", "reason": "No"})
