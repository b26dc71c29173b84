"""Naming, acknowledging, posting and alarming: who may, what is recorded, who is told when."""

from __future__ import annotations

import datetime as dt

import pytest

from core import ledger, witness
from core.kit import NotFound, NotPermitted, Refusal, clock, system, unit_of_work
from core.ledger import Signer, queries
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.people import NeedsReason
from core.witness import Limits
from core.witness.models import Acknowledgement, Posting
from tests.core.ledger.logs import seal_all, verified
from tests.core.witness import forgers
from tests.plants import Plant, small_plant

ZONE = "Asia/Shanghai"
NOON = dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)


def words(note: str) -> dict[str, object]:
    return {"code": note}


def at_noon() -> None:
    """Move to the next noon of the plant, so that the hour of posting has come."""
    now = clock.now()
    clock.shift((NOON - now) % dt.timedelta(days=1))


@pytest.fixture
async def plant(database: str, signer: Signer) -> Plant:
    at_noon()
    made = await small_plant(enrolled=False)
    await seal_all(signer)
    return made


async def told(kind: str) -> list[Notice]:
    return await Notice.filter(kind=kind).order_by("id")


async def named(plant: Plant, *names: str) -> None:
    admin = await plant.actor("administrator")
    for one in names:
        await witness.name_person(admin, plant.persons[one])


async def test_only_an_administrator_names_and_relieves(plant: Plant) -> None:
    """Once each, with a reason at the end; the ledger has both."""
    admin = await plant.actor("administrator")
    for other in ("manager", "auditor", "supplier", "operator"):
        with pytest.raises(NotPermitted):
            await witness.name_person(await plant.actor(other), plant.persons["supplier"])
        with pytest.raises(NotPermitted):
            await witness.name_chat(await plant.actor(other), plant.id, "telegram", "-100")
    made = await witness.name_person(admin, plant.persons["supplier"])
    chat = await witness.name_chat(admin, plant.partners["supplier"], "telegram", "-1001234567")
    assert [one.id for one in await witness.witnesses(plant.id)] == [made, chat]
    for call in (
        witness.name_person(admin, plant.persons["supplier"]),
        witness.name_chat(admin, plant.id, "telegram", "-1001234567"),
        witness.name_person(admin, 999_999),
        witness.name_chat(admin, 999_999, "telegram", "-100"),
        witness.name_chat(admin, plant.id, "browser", "p1"),
        witness.name_chat(admin, plant.id, "telegram", "a b"),
        witness.name_chat(admin, plant.id, "telegram", ""),
        witness.name_chat(admin, plant.id, "", "-100"),
        witness.relieve(admin, made, "  "),
        witness.relieve(admin, 999_999, "moved away"),
    ):
        with pytest.raises(Refusal):
            await call
    assert len(await witness.witnesses(plant.id)) == 2
    await witness.relieve(admin, made, "moved away")
    with pytest.raises(NotFound):
        await witness.relieve(admin, made, "again")
    assert [one.id for one in await witness.witnesses(plant.id)] == [chat]
    with pytest.raises(NeedsReason):
        await witness.relieve(admin, chat, "")


async def test_an_acknowledgement_names_person_organisation_size_and_root(
    plant: Plant, signer: Signer
) -> None:
    """It is a ledger entry; the row is one with it; a second of the same size is refused."""
    await named(plant, "supplier")
    await seal_all(signer)
    actor = await plant.actor("supplier")
    look = await witness.look(actor)
    assert look.last is None
    assert look.consistent
    await witness.acknowledge(actor, look.present.size, look.present.root[:8])
    entry = await LedgerEntry.filter(kind="witness:checkpoint:acknowledge").get()
    assert entry.person_id == actor.person_id
    for fact in (look.present.root, f'"size":{look.present.size}', f'"organisation":{actor.organisation_id}'):
        assert fact.encode() in entry.body
    with pytest.raises(witness.SeenAlready):
        await witness.acknowledge(actor, look.present.size, look.present.root[:8])
    await seal_all(signer)
    again = await witness.look(actor)
    assert again.last is not None
    assert (again.last.size, again.consistent, again.news) == (look.present.size, True, True)
    await witness.acknowledge(actor, again.present.size, again.present.root)
    assert [row.after_size for row in await Acknowledgement.all().order_by("id")] == [None, look.present.size]
    await seal_all(signer)
    assert (await verified(signer)).faults == ()


async def test_who_is_no_witness_or_names_no_checkpoint_is_refused(plant: Plant) -> None:
    """Nothing is recorded."""
    await named(plant, "supplier")
    last = await ledger.latest_checkpoint()
    assert last is not None
    for stranger in ("auditor", "laboratory"):
        for call in (
            witness.look(await plant.actor(stranger)),
            witness.acknowledge(await plant.actor(stranger), last.size, last.root),
        ):
            with pytest.raises(witness.NotAWitness):
                await call
    actor = await plant.actor("supplier")
    for size, digits in (
        (last.size + 1, last.root),
        (last.size, "00000000"),
        (last.size, ""),
        (last.size, last.root[:2]),
        (last.size, last.root[:7]),
        (0, ""),
        (-1, "a"),
    ):
        with pytest.raises(witness.AnotherCheckpoint):
            await witness.acknowledge(actor, size, digits)
    assert await Acknowledgement.all().count() == 0


async def test_a_witness_of_a_rewritten_log_acknowledges_nothing_and_the_guards_are_told(
    plant: Plant, signer: Signer
) -> None:
    """The rewriter left the acknowledgement as it was: the log no longer leads to it."""
    await named(plant, "supplier")
    await seal_all(signer)
    actor = await plant.actor("supplier")
    present = (await witness.look(actor)).present
    await witness.acknowledge(actor, present.size, present.root)
    first = await LedgerEntry.all().order_by("id").first()
    assert first is not None
    await forgers.rewrite(signer, first.id, b'"schema":1', b'"schema":2')
    look = await witness.look(actor)
    assert not look.consistent
    with pytest.raises(witness.NotGrown):
        await witness.acknowledge(actor, look.present.size, look.present.root)
    await witness.look(actor)
    alarms = await told("witness:contradiction")
    guards = {plant.persons[one] for one in ("manager", "manager2", "administrator", "auditor")}
    assert {one.person_id for one in alarms} == guards
    assert len(alarms) == len(guards), "the same finding is told once a day"
    assert await LedgerEntry.filter(kind="witness:checkpoint:contradict").count() == 1


async def test_a_kept_checkpoint_that_the_log_denies_is_told_only_when_we_signed_it(
    plant: Plant, signer: Signer
) -> None:
    """A forged text alarms nobody; a signed one alarms whoever brings it."""
    last = await ledger.latest_checkpoint()
    assert last is not None
    actor = await plant.actor("operator")
    forged = last.note.replace(f"\n{last.size}\n", f"\n{last.size + 5}\n")
    assert not (await witness.hold_against(actor, forged)).verdict.consistent
    assert await told("witness:contradiction") == []
    ahead = signer.checkpoint(last.size + 5, bytes(32))
    assert (await witness.hold_against(actor, ahead)).contradicts
    assert len(await told("witness:contradiction")) == 4
    for nonsense in ("", "hello", "312", last.note + last.note):
        with pytest.raises(witness.NoCheckpoint):
            await witness.hold_against(actor, nonsense)


async def test_checkpoints_go_out_once_a_day_to_every_witness(plant: Plant, signer: Signer) -> None:
    """To persons with the facts of their button, to chats as bare text; not before the working day; not without news."""
    assert await witness.post_due(ZONE, words) == 0, "nobody is named"
    await named(plant, "supplier", "auditor")
    await witness.name_chat(await plant.actor("administrator"), plant.partners["carrier"], "wecom", "wr1")
    await seal_all(signer)
    assert await witness.post_due(ZONE, words) == 1
    assert await witness.post_due(ZONE, words) == 0
    sent = await told("witness:checkpoint")
    assert [one.person_id for one in sent] == [plant.persons["supplier"], plant.persons["auditor"], None]
    assert (sent[2].channel, sent[2].chat_ref) == ("wecom", "wr1")
    code = str((sent[2].payload or {})["code"])
    assert len(code) <= 200
    assert ledger.read_pasted(code).note == (await ledger.latest_checkpoint()).note  # type: ignore[union-attr]
    clock.shift(dt.timedelta(hours=24))
    assert await witness.post_due(ZONE, words) == 0, "nothing new was sealed"
    await named(plant, "manager")
    await seal_all(signer)
    assert await witness.post_due("Europe/London", words) == 0, "the working day has not begun there"
    assert await witness.post_due(ZONE, words) == 1


async def test_a_critical_closure_is_posted_as_soon_as_it_is_sealed(plant: Plant, signer: Signer) -> None:
    """Not before its seal, at any hour, and once."""
    await named(plant, "supplier")
    await seal_all(signer)
    await witness.post_due(ZONE, words)
    before = len(await told("witness:checkpoint"))
    async with unit_of_work():
        actor = system(plant.id)
        await ledger.append(ledger.Kind.ANOMALY_CLOSE, actor, case="AN-2026-000001")
        await witness.ask_after_closure(actor, "AN-2026-000001")
    assert await witness.post_due(ZONE, words) == 0
    await seal_all(signer)
    clock.shift(dt.timedelta(hours=12))
    assert await witness.post_due(ZONE, words) == 1
    assert await witness.post_due(ZONE, words) == 0
    assert len(await told("witness:checkpoint")) == before + 1
    posting = await Posting.filter(why="closure").get()
    assert posting.size == (await ledger.latest_checkpoint()).size  # type: ignore[union-attr]


async def test_a_long_unwitnessed_tail_is_told_once_a_day_until_somebody_witnesses(
    plant: Plant, signer: Signer
) -> None:
    """By age or by number; managers, administrators and auditors hear; witnessing ends it."""
    await named(plant, "supplier")
    await seal_all(signer)
    assert await witness.alarm_tails(Limits()) == 0
    tail = await witness.unwitnessed(plant.id)
    assert await witness.alarm_tails(Limits(entries=tail.count)) == 1, "too many"
    assert await witness.alarm_tails(Limits(entries=tail.count)) == 0, "told today"
    clock.shift(dt.timedelta(days=3, minutes=1))
    assert await witness.alarm_tails(Limits()) == 1, "too old"
    guards = {plant.persons[one] for one in ("manager", "manager2", "administrator", "auditor")}
    assert {one.person_id for one in await told("witness:unwitnessed")} == guards
    actor = await plant.actor("supplier")
    present = (await witness.look(actor)).present
    await witness.acknowledge(actor, present.size, present.root)
    clock.shift(dt.timedelta(days=5))
    tail = await witness.unwitnessed(plant.id)
    assert (tail.count, tail.since) == (0, None), "the acknowledgement itself is no tail"
    assert await witness.alarm_tails(Limits()) == 0


async def test_the_tail_counts_sealed_and_unsealed_entries_of_the_plant_only(
    plant: Plant, signer: Signer
) -> None:
    """Another plant's work is not this plant's tail, and how many organisations witness is said."""
    await named(plant, "supplier", "auditor")
    await seal_all(signer)
    actor = await plant.actor("supplier")
    present = (await witness.look(actor)).present
    await witness.acknowledge(actor, present.size, present.root)
    await small_plant(code="XX", enrolled=False)
    admin = await plant.actor("administrator")
    at = clock.now()
    await witness.name_chat(admin, plant.id, "telegram", "-100")
    await seal_all(signer)
    await witness.name_chat(admin, plant.partners["carrier"], "telegram", "-101")
    tail = await witness.unwitnessed(plant.id)
    assert tail.count == 2
    assert tail.since is not None
    assert at <= tail.since <= clock.now()
    assert tail.organisations == 3
    assert tail.witnessed is not None
    assert tail.witnessed.size == present.size


async def test_verifying_the_ledger_holds_it_to_what_witnesses_vouched_for(
    plant: Plant, signer: Signer
) -> None:
    """A rewriter who forgot the witnesses' rows is found by the ledger's own verification."""
    await named(plant, "supplier")
    await seal_all(signer)
    actor = await plant.actor("supplier")
    present = (await witness.look(actor)).present
    await witness.acknowledge(actor, present.size, present.root)
    assert (await verified(signer, blobs=witness.check())).faults == ()
    first = await LedgerEntry.all().order_by("id").first()
    assert first is not None
    await forgers.rewrite(signer, first.id, b'"zone":"Asia/Shanghai"', b'"zone":"Asia/Chongqing"')
    assert (await verified(signer)).faults == ()
    report = await verified(signer, blobs=witness.check())
    assert [one.where for one in report.faults] == ["witness_acknowledgement"]
    assert "rewritten" in report.faults[0].what


async def test_a_long_tail_is_counted_without_reading_all_of_it(
    plant: Plant, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond a number of entries places are counted: the same number, the same first instant."""
    whole = await witness.unwitnessed(plant.id)
    monkeypatch.setattr(queries, "EXACT", 5)
    assert await witness.unwitnessed(plant.id) == whole
    assert whole.count > 30
