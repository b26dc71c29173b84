"""Parts of a log with their proofs: many at once, equal to the proofs made one by one."""

from __future__ import annotations

import datetime as dt

import pytest

from core import ledger
from core.kit import clock, unit_of_work
from core.ledger import Kind, Signer, merkle
from tests.core.ledger.logs import ACTOR, record, seal_all, without_guards


async def grow(count: int) -> None:
    """So many entries in one unit."""
    async with unit_of_work():
        for number in range(count):
            await ledger.append(Kind.ESCALATION_START, ACTOR, facts={"number": number})


async def test_proofs_of_many_entries_equal_those_of_each(database: str, signer: Signer) -> None:
    """Across whole blocks of 256 leaves and an unfinished one; and from sizes on and beside their borders."""
    await grow(601)
    await seal_all(signer)
    last = await ledger.latest_checkpoint()
    assert last is not None
    assert last.size == 601
    prover = ledger.Prover(last)
    for entry_id in (1, 2, 255, 256, 257, 300, 511, 512, 513, 600, 601):
        known = await ledger.inclusion(entry_id)
        assert known is not None
        leaf = bytes.fromhex(ledger.leaf_hash(known.body))
        assert tuple(await prover.inclusion(known.position, leaf)) == known.proof
        with pytest.raises(merkle.Unproven):
            await prover.inclusion(known.position, bytes(32))
    for first in (1, 70, 255, 256, 257, 512, 513, 600):
        assert await prover.consistency(first, 601) == await ledger.consistency(first, 601)


async def test_a_log_whose_hashes_were_changed_gives_no_proof(database: str, signer: Signer) -> None:
    """Neither from a changed leaf nor from a missing subtree."""
    await grow(300)
    await seal_all(signer)
    last = await ledger.latest_checkpoint()
    assert last is not None
    (first, *_rest) = await ledger.extract_kinds([Kind.ESCALATION_START], plant_id=ACTOR.plant_id)
    leaf = bytes.fromhex(ledger.leaf_hash(first.body))
    async with without_guards() as db:
        await db.execute_query("UPDATE ledger_leaf SET leaf = '" + "0" * 64 + "' WHERE position = 7")
        with pytest.raises(merkle.Unproven):
            await ledger.Prover(last).inclusion(0, leaf)
        await db.execute_query("DELETE FROM ledger_subtree")
        with pytest.raises(merkle.Unproven):
            await ledger.Prover(last).inclusion(299, leaf)


async def test_entries_are_found_by_case_kind_row_and_moment(database: str, signer: Signer) -> None:
    """Only of the plant that asks; those not sealed yet have no place."""
    one = await record("A", case="AN-1")
    clock.shift(dt.timedelta(seconds=5))
    two = await record("B", case="AN-2")
    await seal_all(signer)
    three = await record("C", case="AN-1")
    found = await ledger.extract_case("AN-1", plant_id=1)
    assert [(part.entry_id, part.position) for part in found] == [(one.entry_id, 0), (three.entry_id, None)]
    assert not await ledger.extract_case("AN-1", plant_id=2)
    kinds = [Kind.PRODUCT_RECORD]
    assert len(await ledger.extract_kinds(kinds, plant_id=1)) == 3
    by_row = await ledger.extract_kinds(kinds, plant_id=1, rows={("products_product", "2")})
    assert [part.entry_id for part in by_row] == [two.entry_id]
    moment = dt.datetime.fromisoformat(by_row[0].facts["recorded_at"])
    at_once = await ledger.extract_kinds(kinds, plant_id=1, moments=[moment])
    assert [part.entry_id for part in at_once] == [two.entry_id]
    states = await ledger.states([("products_product", "2"), ("products_product", "9")])
    assert [(row.key, row.digest) for row in states] == [("2", by_row[0].rows["products_product", "2"])]


async def test_the_last_checkpoint_of_each_day_is_kept(database: str, signer: Signer) -> None:
    """The newest days, oldest first."""
    sizes = []
    for _day in range(4):
        for _time in range(3):
            await grow(2)
            await seal_all(signer)
        sizes.append(await ledger.size())
        clock.shift(dt.timedelta(days=1))
    assert [one.size for one in await ledger.checkpoints_by_day(most=9)] == sizes
    assert [one.size for one in await ledger.checkpoints_by_day(most=2)] == sizes[-2:]
    assert len({one.made_at.date() for one in await ledger.checkpoints_by_day(most=9)}) == 4
