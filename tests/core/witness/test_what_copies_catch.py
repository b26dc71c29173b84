"""The witness column of regulation §3.5: what only a copy outside gives away, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import ledger, witness
from core.ledger import Signed, Signer, Verdict, keys
from core.ledger.models import LedgerEntry
from tests.core.ledger.logs import fill, seal_all, verified
from tests.core.witness import forgers

LAST_PRODUCTS = "DELETE FROM products_product WHERE code >= 'P0005'"


async def note() -> str:
    last = await ledger.latest_checkpoint()
    assert last is not None
    return last.note


async def verdict(text: str, signer: Signer) -> Verdict:
    return (await ledger.compare(ledger.read_pasted(text), signer.verifiers)).verdict


async def test_a_log_that_only_grew_is_consistent_with_every_copy(database: str, signer: Signer) -> None:
    """Copies of any age agree, whole and in short form, beyond the first stored subtree of 256 too."""
    copies = []
    for start in range(0, 300, 60):
        await fill(60, start)
        await seal_all(signer)
        copies.append(await note())
    assert await verdict(copies[-1], signer) is Verdict.SAME
    for copy in copies[:-1]:
        assert await verdict(copy, signer) is Verdict.OLDER
        stated = ledger.read_pasted(copy)
        assert await verdict(ledger.short_form(stated.size, stated.digits), signer) is Verdict.OLDER


async def test_the_database_and_the_outside_file_rewritten_with_the_key_verify_clean_but_no_copy_agrees(
    database: str, signer: Signer
) -> None:
    """A full rewrite deceives the verifier; a copy in any witness's chat shows the fork."""
    await fill(9)
    await seal_all(signer)
    copy = await note()
    entry = await LedgerEntry.all().order_by("id").offset(2).first()
    assert entry is not None
    await forgers.rewrite(
        signer, entry.id, b'"name":"\xe6\x9d\x8e\xe6\x98\x8e"', b'"name":"\xe7\x8e\x8b\xe8\x8a\xb3"'
    )
    assert (await verified(signer)).sound, "this is what makes witnesses necessary"
    found = await ledger.compare(ledger.read_pasted(copy), signer.verifiers)
    assert (found.verdict, found.signed, found.contradicts) == (Verdict.FORKED, Signed.YES, True)
    stated = ledger.read_pasted(copy)
    assert await verdict(ledger.short_form(stated.size, stated.digits), signer) is Verdict.FORKED
    await fill(3, 20)
    await seal_all(signer)
    assert await verdict(copy, signer) is Verdict.FORKED, "growing on does not heal a fork"


async def test_a_tail_cut_off_with_its_checkpoints_verifies_clean_but_no_copy_agrees(
    database: str, signer: Signer
) -> None:
    """A truncated log deceives the verifier; a copy shows that entries are gone, and stays proof when others follow."""
    await fill(5)
    await seal_all(signer)
    early = await note()
    await fill(4, 5)
    await seal_all(signer)
    copy = await note()
    await forgers.truncate(signer, 5, and_rows=LAST_PRODUCTS)
    assert (await verified(signer)).sound
    found = await ledger.compare(ledger.read_pasted(copy), signer.verifiers)
    assert (found.verdict, found.size, found.now) == (Verdict.CUT, 9, 5)
    assert await verdict(early, signer) is Verdict.SAME, "what was left is what it was"
    await fill(6, 30)
    await seal_all(signer)
    assert await verdict(copy, signer) is Verdict.FORKED, "other entries in the place of those that went"


async def test_leaves_changed_under_the_signed_root_are_damage_not_consistency(
    database: str, signer: Signer
) -> None:
    """Without the key the present log does not even agree with itself."""
    await fill(9)
    await seal_all(signer)
    copy = await note()
    await fill(1, 9)
    await seal_all(signer)
    async with forgers.without_guards() as db:
        await db.execute_query(f"UPDATE ledger_leaf SET leaf = '{'ab' * 32}' WHERE position = 3")
    assert await verdict(copy, signer) is Verdict.DAMAGED


async def test_a_checkpoint_forged_without_the_key_is_called_so(database: str, signer: Signer) -> None:
    """Another root under our signature is no evidence against the log; another log's checkpoint says nothing."""
    await fill(3)
    await seal_all(signer)
    copy = await note()
    root = copy.split("\n")[2]
    forged = copy.replace(root, ("B" if root[0] == "A" else "A") + root[1:])
    found = await ledger.compare(ledger.read_pasted(forged), signer.verifiers)
    assert (found.verdict, found.signed, found.contradicts) == (Verdict.FORKED, Signed.NO, False)
    unsigned = copy.partition("\n\n")[0]
    assert (await ledger.compare(ledger.read_pasted(unsigned), signer.verifiers)).signed is Signed.ABSENT
    other = copy.replace(signer.origin, "other.example/log")
    assert await verdict(other, signer) is Verdict.STRANGE


@pytest.mark.parametrize(("text", "expected"), [("0:e3b0c442", Verdict.SAME), ("5:e3b0c442", Verdict.CUT)])
async def test_a_log_without_entries_is_compared_too(
    database: str, signer: Signer, text: str, expected: Verdict
) -> None:
    """Before the first entry every larger copy shows a loss."""
    assert await verdict(text, signer) is expected


async def test_while_the_key_changes_what_is_posted_stays_short_and_whole(
    database: str, signer: Signer, tmp_path: Path
) -> None:
    """Two signatures stand under the checkpoint; the message carries the first, which names the log."""
    both = Signer(
        (*signer.keys, *keys.create(tmp_path / "next.key", signer.origin).keys), signer.checkpoint_file
    )
    await fill(2)
    await seal_all(both)
    text = witness.posted(await note())
    assert (await note()).count("\N{EM DASH}") == 2
    assert len(text) <= 200
    found = await ledger.compare(ledger.read_pasted(text), both.verifiers)
    assert (found.verdict, found.signed) == (Verdict.SAME, Signed.YES)


@pytest.mark.req("G-46b")
async def test_a_signers_receipt_alone_shows_that_the_end_was_cut_or_written_anew(
    database: str, signer: Signer
) -> None:
    """No witness has seen the end of the log; whoever signed there holds place, leaf and checkpoint in the hand."""
    await fill(5)
    own = await LedgerEntry.all().order_by("-id").first()
    assert own is not None
    assert await ledger.receipt(own.id) is None, "nothing to hold on to before the seal"
    await seal_all(signer)
    held = await ledger.receipt(own.id)
    assert held is not None
    assert (held.position, held.leaf, held.size) == (4, own.leaf, 5)
    kept = f"{held.size}:{held.root[:16]}"
    await fill(4, 5)
    await seal_all(signer)
    assert await ledger.receipt(own.id) == held, "it stays what it was"
    assert await verdict(kept, signer) is Verdict.OLDER
    await forgers.truncate(signer, 3, and_rows="DELETE FROM products_product WHERE code >= 'P0003'")
    assert (await verified(signer)).sound
    assert await verdict(kept, signer) is Verdict.CUT
    await fill(6, 30)
    await seal_all(signer)
    assert await verdict(kept, signer) is Verdict.FORKED
