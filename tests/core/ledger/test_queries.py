"""Timelines read as they were written; proofs convince someone who has only the public key."""

from __future__ import annotations

import datetime as dt

import pytest

from core import ledger
from core.kit import clock, unit_of_work
from core.ledger import Kind, Signer, checkpoint, merkle, queries, sealing
from core.ledger.merkle import Unproven
from tests.core.ledger.logs import ACTOR, fill, record, seal_all, without_guards

CASE = "AN-2026-000001"


@pytest.mark.req("D-05")
async def test_a_timeline_tells_who_did_what_when_and_why(database: str, signer: Signer) -> None:
    """Decoded and frozen, with the old values and the entry that it corrects."""
    first = await record("A", case=CASE)
    await seal_all(signer)
    async with unit_of_work() as work:
        await ledger.append(
            Kind.ANOMALY_SUPPLEMENT, ACTOR, facts={"quantity": 12}, before={"quantity": 10}, case=CASE,
            reason="counted again", corrects=first.event_id,
        )  # fmt: skip
        at = work.now
    await record("B", case="AN-2026-000002")
    old, new = await ledger.timeline(CASE, plant_id=1)
    assert (old.position, old.kind, old.reason, dict(old.facts)) == (
        0, Kind.PRODUCT_RECORD, "new", {"code": "A"},
    )  # fmt: skip
    assert (new.position, new.at, new.actor_name, new.person_id, new.channel) == (
        None,
        at,
        "李明",
        7,
        "telegram",
    )
    assert (new.roles, new.facts, new.before) == (("auditor", "manager"), {"quantity": 12}, {"quantity": 10})
    assert (new.reason, new.corrects) == ("counted again", str(first.event_id))
    assert new.kind.says == "Facts added or corrected"


async def test_a_timeline_is_paged_by_key(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oldest first, every entry once, however small the pages; the whole is all pages."""
    for number in range(5):
        await record(f"P{number}", case=CASE)
    codes, after = [], None
    while True:
        page = await ledger.timeline_page(CASE, plant_id=1, after=after, size=2)
        codes += [row.facts["code"] for row in page.rows]
        after = page.next_key
        if after is None:
            break
    assert codes == [f"P{number}" for number in range(5)]
    monkeypatch.setattr(queries, "_WHOLE", 2)
    assert [line.facts["code"] for line in await ledger.timeline(CASE, plant_id=1)] == codes
    assert await ledger.timeline("AN-2026-999999", plant_id=1) == []
    assert await ledger.timeline(CASE, plant_id=2) == [], "another plant may use the same number"


async def test_the_lag_is_that_of_the_oldest_waiting_entry(database: str, signer: Signer) -> None:
    """Counted on the house clock; nothing waiting means no lag."""
    assert await ledger.seal_lag_seconds() == 0
    await record("A")
    clock.shift(dt.timedelta(minutes=2))
    await record("B")
    assert 120 <= await ledger.seal_lag_seconds() < 180
    await seal_all(signer)
    assert await ledger.seal_lag_seconds() == 0
    assert (await ledger.size(), await ledger.entry_count()) == (2, 2)


async def test_an_inclusion_proof_convinces_with_the_public_key_alone(
    database: str, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every entry of every place is provable offline, across the stored subtrees too."""
    monkeypatch.setattr(sealing, "SUBTREE", 4)
    monkeypatch.setattr(sealing, "_DEPTH", 2)
    monkeypatch.setattr(queries, "SUBTREE", 4)
    await fill(19)
    await seal_all(signer, limit=7)
    await record("unsealed")
    for entry_id in range(1, 20):
        proof = await ledger.inclusion(entry_id)
        assert proof is not None
        stated = checkpoint.verify(proof.note, signer.verifiers)
        leaf = merkle.leaf_hash(proof.body)
        merkle.verify_inclusion(proof.position, stated.size, leaf, proof.proof, stated.root)
    assert await ledger.inclusion(20) is None
    assert await ledger.inclusion(999) is None


async def test_a_consistency_proof_shows_that_the_log_only_grew(
    database: str, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two checkpoints, for a witness that kept the earlier one."""
    monkeypatch.setattr(sealing, "SUBTREE", 4)
    monkeypatch.setattr(sealing, "_DEPTH", 2)
    monkeypatch.setattr(queries, "SUBTREE", 4)
    await fill(19)
    roots = {}
    while batch := await ledger.seal(signer, limit=3):
        roots[batch.size] = bytes.fromhex(batch.root)
    for first, earlier in roots.items():
        for second, later in roots.items():
            if first <= second:
                proof = await ledger.consistency(first, second)
                merkle.verify_consistency(first, second, earlier, later, proof)
    with pytest.raises(ValueError, match="no consistency proof"):
        await ledger.consistency(0, 3)


async def test_no_proof_is_given_that_does_not_hold(database: str, signer: Signer) -> None:
    """Over a changed log the room says so instead of handing out a wrong proof."""
    await fill(3)
    await seal_all(signer)
    async with without_guards() as db:
        await db.execute_query("UPDATE ledger_leaf SET leaf = '" + "0" * 64 + "' WHERE position = 2")
    with pytest.raises(Unproven):
        await ledger.inclusion(1)
