"""李强 代 刘洋: signing for somebody within what was delegated, never around a rule, never in a chain."""

from __future__ import annotations

import datetime as dt

import pytest

from core import capa, ledger, signing
from core.capa import CapaFacts
from core.kit import Malformed, NotFound, NotPermitted, Refusal, canonical, clock, system
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.people import revoke_person
from core.signing import Apart
from core.signing.models import Ceremony, Delegation, Signature, SigningSession
from handlers import text
from tests.core.anomalies.cases import unvouched
from tests.core.capa import story
from tests.plants import Plant, small_plant

GIVE, APPROVE = "signing:delegation:give", "capa:plan:approve"


def words(plant: Plant, to: str, days: float = 7, **more: object) -> dict[str, object]:
    """What the delegator asks for."""
    return {
        "delegate_id": plant.persons[to],
        "until": (clock.now() + dt.timedelta(days=days, minutes=5)).isoformat(),
        "reason": "年假",
        **more,
    }


async def given(plant: Plant, by: str = "manager", to: str = "supervisor", **more: object) -> Delegation:
    """A signed delegation."""
    await plant.sign(by, GIVE, words(plant, to, **more))
    return await Delegation.all().order_by("-id").first() or Delegation()


@pytest.fixture
async def waiting(database: str) -> tuple[Plant, CapaFacts]:
    """A plant where a plan of grade A waits for approval."""
    plant = await small_plant()
    return plant, await story.submitted(plant, await story.opened(plant))


async def refused(plant: Plant, name: str, found: CapaFacts) -> type[Refusal]:
    """Why a person cannot approve the plan; nothing is signed."""
    before = await Signature.all().count()
    with pytest.raises(Refusal) as no:
        await plant.sign(name, APPROVE, {"id": found.id})
    assert await Signature.all().count() == before
    return type(no.value)


async def test_the_delegate_signs_and_every_form_shows_both_names(waiting: tuple[Plant, CapaFacts]) -> None:
    """Card, signature, reading and timeline say 李强 代 刘洋; the delegator hears of it; the ledger vouches."""
    plant, found = waiting
    assert await refused(plant, "supervisor", found) is NotPermitted
    row = await given(plant)
    assert row.signature_id
    clock.shift(dt.timedelta(seconds=61))
    actor = await plant.actor("supervisor")
    shown = await signing.begin(actor, APPROVE, {"id": found.id}, "telegram", "1")
    assert shown.signer == "李强 代 刘洋"
    done = await signing.complete(
        actor, shown.id, f"{plant.code('supervisor')} {shown.check_word}", channel="telegram", chat_ref="1"
    )
    assert (await capa.get(actor, found.id)).state == "implementing"
    kept = await Signature.all().order_by("-id").first()
    assert kept
    assert (kept.printed_name, kept.person_id, kept.on_behalf_of, kept.delegation_id) == (
        "李强 代 刘洋",
        plant.persons["supervisor"],
        plant.persons["manager"],
        row.id,
    )
    assert done.signature
    assert "李强 代 刘洋" in dict(signing.render(done.signature, text.translator("zh_CN"))).values()
    lines = await ledger.timeline(found.case_number, plant_id=plant.id)
    assert any(one.actor_name == "李强 代 刘洋" for one in lines)
    told = await Notice.filter(kind="signing:on_behalf").values_list("person_id", flat=True)
    assert told == [plant.persons["manager"]]
    assert await unvouched() == []


@pytest.mark.parametrize(
    ("limits", "reaches"),
    [
        ({"acts": [APPROVE]}, True),
        ({"acts": ["capa:close"]}, False),
        ({"worst_grade": "A"}, True),
        ({"worst_grade": "B"}, False),
        ({"categories": ["P"]}, True),
        ({"categories": ["K"]}, False),
    ],
)
async def test_outside_the_limits_a_delegation_opens_nothing(
    waiting: tuple[Plant, CapaFacts], limits: dict[str, object], *, reaches: bool
) -> None:
    """Acts, grades and categories bound it."""
    plant, found = waiting
    await given(plant, **limits)
    if reaches:
        await plant.sign("supervisor", APPROVE, {"id": found.id})
    else:
        assert await refused(plant, "supervisor", found) is NotPermitted


async def test_what_the_delegate_wrote_is_not_signed_for_another_either(
    waiting: tuple[Plant, CapaFacts],
) -> None:
    """The plan's author gets a delegation and still cannot approve the own plan."""
    plant, found = waiting
    await given(plant, to="responsible")
    kind = await refused(plant, "responsible", found)
    assert issubclass(kind, (Apart, capa.errors.OwnWork))


async def test_what_the_delegator_had_a_part_in_the_delegate_cannot_sign(database: str) -> None:
    """The manager owns the action; whoever signs for the manager cannot judge its effect."""
    plant = await small_plant()
    found = await story.carried_out(
        plant, await story.submitted(plant, await story.opened(plant), owner="manager"), owner="manager"
    )
    await given(plant, to="supervisor")
    with pytest.raises(Apart):
        await plant.sign(
            "supervisor",
            "capa:effectiveness:result",
            {"id": found.id, "result": "effective", "note": "好", "evidence_ids": []},
        )


async def test_there_are_no_chains(waiting: tuple[Plant, CapaFacts]) -> None:
    """Who holds a delegation passes on the own rights only: the next in line gets nothing of the first."""
    plant, found = waiting
    await given(plant, "manager", "supervisor")
    await given(plant, "supervisor", "second")
    assert await refused(plant, "second", found) is NotPermitted


@pytest.mark.parametrize("how", ["withdrawn", "expired", "left"])
async def test_an_ended_delegation_signs_nothing_even_on_an_open_card(
    waiting: tuple[Plant, CapaFacts], how: str
) -> None:
    """Between display and code it ends: refused, and nothing is signed; a new card is not shown."""
    plant, found = waiting
    row = await given(plant, days=0)
    actor = await plant.actor("supervisor")
    clock.shift(dt.timedelta(seconds=61))
    shown = await signing.begin(actor, APPROVE, {"id": found.id}, "telegram", "1")
    if how == "withdrawn":
        await signing.withdraw_delegation(await plant.actor("manager"), row.id, "back")
    elif how == "expired":
        clock.shift(dt.timedelta(minutes=4, seconds=30))
    else:
        await revoke_person(system(plant.id), plant.persons["manager"], "left")
    with pytest.raises(signing.DelegationOver):
        await signing.complete(
            actor,
            shown.id,
            f"{plant.code('supervisor')} {shown.check_word}",
            channel="telegram",
            chat_ref="1",
        )
    assert (await capa.get(actor, found.id)).state == "planned"
    assert await refused(plant, "supervisor", found) is NotPermitted


@pytest.mark.parametrize(
    ("by", "to"),
    [
        ("manager", "manager"),
        ("manager", "administrator"),
        ("manager", "auditor"),
        ("manager", "site_head"),
        ("site_head", "manager2"),
        ("manager", "supplier"),
        ("supplier", "manager"),
        ("administrator", "second"),
    ],
)
async def test_between_these_people_no_delegation_stands(database: str, by: str, to: str) -> None:
    """Oneself, administrators, auditors, the two heads, another company."""
    plant = await small_plant()
    with pytest.raises((signing.DelegationMismatch, NotFound)):
        await plant.sign(by, GIVE, words(plant, to))
    assert await Delegation.all().count() == 0


@pytest.mark.parametrize(
    ("more", "no"),
    [
        ({"until": "2020-01-01T00:00:00+00:00"}, signing.DelegationPeriod),
        ({"until": "9999-01-01T00:00:00+00:00"}, signing.DelegationPeriod),
        ({"until": "soon"}, Malformed),
        ({"until": "2030-01-01"}, Malformed),
        ({"until": None}, Malformed),
        ({"acts": [GIVE]}, signing.NotDelegable),
        ({"acts": ["signing:policy:set"]}, signing.NotDelegable),
        ({"acts": "all"}, Malformed),
        ({"worst_grade": "Z"}, signing.NotDelegable),
        ({"delegate_id": 0}, NotFound),
    ],
)
async def test_what_is_no_delegation_is_refused(
    database: str, more: dict[str, object], no: type[Refusal]
) -> None:
    """No end, no such act, acts of two people, no such grade, nobody; nothing is written."""
    plant = await small_plant()
    with pytest.raises(no):
        await plant.sign("manager", GIVE, {**words(plant, "supervisor"), **more})
    assert await Delegation.all().count() == 0


async def test_with_the_person_everything_ends_that_could_sign(waiting: tuple[Plant, CapaFacts]) -> None:
    """Authenticator, session, open card and delegations end in the unit of the revocation; signatures stay."""
    plant, found = waiting
    row, gone = await given(plant), plant.persons["manager"]
    pin, secret = "204816", plant.secrets["manager"]
    await signing.load_demo_factor(system(plant.id), gone, secret, pin)
    clock.shift(dt.timedelta(seconds=61))
    await signing.open_session(gone, pin, plant.code("manager"))
    card = await signing.begin(await plant.actor("manager"), APPROVE, {"id": found.id}, "telegram", "m")
    signed = await Signature.all().count()
    await revoke_person(system(plant.id), gone, "left")
    assert not await signing.is_enrolled(gone)
    assert (await SigningSession.get(person_id=gone)).ended_at
    assert (await Ceremony.get(id=card.id)).state == "refused"
    assert (await Delegation.get(id=row.id)).ended_reason
    assert await Signature.all().count() == signed
    assert await unvouched() == []


async def test_only_those_concerned_end_a_delegation(database: str) -> None:
    """An engineer cannot; the delegate can; then it is over."""
    plant = await small_plant()
    row = await given(plant)
    with pytest.raises(NotPermitted):
        await signing.withdraw_delegation(await plant.actor("second"), row.id, "why not")
    await signing.withdraw_delegation(await plant.actor("supervisor"), row.id, "not needed")
    with pytest.raises(NotFound):
        await signing.withdraw_delegation(await plant.actor("manager"), row.id, "again")
    assert await signing.delegations_of(plant.persons["manager"]) == []


async def test_a_delegation_that_begins_later_says_so_on_what_is_signed_and_in_the_ledger(
    waiting: tuple[Plant, CapaFacts],
) -> None:
    """Both dates are shown, recorded and kept; before the first nothing can be signed by it."""
    plant, found = waiting
    since = (clock.now() + dt.timedelta(days=2)).replace(microsecond=0)
    with pytest.raises(signing.DelegationPeriod):
        await given(plant, since=(clock.now() - dt.timedelta(hours=1)).isoformat())
    row = await given(plant, since=since.isoformat())
    signed = await Signature.get(id=row.signature_id)
    assert ["Since", canonical.instant_text(since)] in signed.shown["facts"]
    entry = await LedgerEntry.filter(kind="signing:delegation:give").order_by("-id").first()
    assert entry
    assert canonical.instant_text(since).encode() in entry.body
    assert await refused(plant, "supervisor", found) is NotPermitted
    clock.shift(dt.timedelta(days=2, hours=1))
    await plant.sign("supervisor", APPROVE, {"id": found.id})
