"""What an insider with every right on the database does, and which layer catches it (regulation §3.5).

``python -m tests.validation.insider`` writes docs/validation/insider.md; test_insider.py proves each row of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core import evidence, inbox, ledger, signing
from core.evidence import Darkroom, Part
from core.evidence.models import Evidence
from core.evidence.sealing import Seal
from core.kit import clock
from core.ledger import LogCut, Signer, keys
from core.ledger.models import LedgerEntry, LedgerLeaf
from core.products.models import Product
from tests.core.evidence import photos
from tests.core.evidence.people import Ring, actor
from tests.core.ledger.logs import ORIGIN, fill, record, seal_all, verified, without_guards
from tests.fakes.blobs import MemoryBlobs, ThreadBench
from tests.paths import ROOT
from tests.validation import forging

PAGE: Final = ROOT / "docs" / "validation" / "insider.md"
AGAIN: Final = ("ledger_checkpoint", "ledger_leaf", "ledger_subtree", "ledger_pending")
CLOCK: Final = "it says it was recorded"


@dataclass
class Scene:
    """A sealed log with a photo, twice witnessed, and the keys that a thief may have."""

    folder: Path
    signer: Signer
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    copies: list[str] = field(default_factory=list)

    @property
    def thief(self) -> Signer:
        """The log's own key in the hands of one who has not got the file outside."""
        return Signer(self.signer.keys, self.folder / "thief.checkpoints")

    async def sealed(self) -> None:
        """Seal what waits; a witness keeps the checkpoint."""
        await seal_all(self.signer)
        last = await ledger.latest_checkpoint()
        self.copies.append(last.note if last else "")


async def scene(folder: Path) -> Scene:
    """Seven entries under two checkpoints; the fourth is that of a photo."""
    made = Scene(folder, keys.create(folder / "ledger.key", ORIGIN))
    await fill(3)
    darkroom = Darkroom(made.blobs, Ring(), ThreadBench())
    await evidence.keep(actor(), await darkroom.receive(actor(), photos.jpeg(photos.scene(1))))
    await made.sealed()
    await fill(3, 3)
    await made.sealed()
    return made


async def run(*statements: str) -> None:
    """Take the guards away and run raw SQL."""
    async with without_guards() as db:
        for statement in statements:
            await db.execute_query(statement)


async def at(position: int) -> LedgerEntry:
    leaf = await LedgerLeaf.get(position=position)
    return await LedgerEntry.get(id=leaf.entry_id)


async def _body(entry: LedgerEntry, body: bytes, *, leaf_too: bool) -> None:
    async with without_guards():
        leaf = ledger.leaf_hash(body)
        await LedgerEntry.filter(id=entry.id).update(body=body, **({"leaf": leaf} if leaf_too else {}))
        if leaf_too:
            await LedgerLeaf.filter(entry_id=entry.id).update(leaf=leaf)


async def edit(_: Scene) -> None:
    entry = await at(1)
    await _body(entry, entry.body.replace(b'"P0001"', b'"P9999"'), leaf_too=False)


async def edit_with_hashes(_: Scene) -> None:
    entry = await at(1)
    await _body(entry, entry.body.replace(b'"P0001"', b'"P9999"'), leaf_too=True)


async def delete(_: Scene) -> None:
    await run(
        "DELETE FROM ledger_entry WHERE id = 2",
        "DELETE FROM ledger_leaf WHERE entry_id = 2",
        "DELETE FROM products_product WHERE code = 'P0001'",
    )


async def insert(_: Scene) -> None:
    await record("X")
    entry = await LedgerEntry.all().order_by("-id").first()
    assert entry is not None
    async with without_guards() as db:
        await db.execute_query("DELETE FROM ledger_pending")
        await LedgerLeaf.create(position=7, entry_id=entry.id, leaf=entry.leaf)


async def reorder(_: Scene) -> None:
    one, two = await LedgerLeaf.get(position=1), await LedgerLeaf.get(position=2)
    await run(
        f"UPDATE ledger_leaf SET entry_id = -1, leaf = '{two.leaf}' WHERE position = 1",
        f"UPDATE ledger_leaf SET entry_id = {one.entry_id}, leaf = '{one.leaf}' WHERE position = 2",
        f"UPDATE ledger_leaf SET entry_id = {two.entry_id} WHERE position = 1",
    )


async def truncate(_: Scene) -> None:
    await run(
        "DELETE FROM ledger_checkpoint WHERE size > 4",
        "DELETE FROM ledger_leaf WHERE position >= 4",
        "DELETE FROM ledger_entry WHERE id > 4",
        "DELETE FROM products_product WHERE code >= 'P0003'",
    )


async def edit_row(_: Scene) -> None:
    await run("UPDATE products_product SET name_en = 'Else' WHERE code = 'P0001'")


async def delete_row(_: Scene) -> None:
    await run("DELETE FROM products_product WHERE code = 'P0001'")


async def add_row(_: Scene) -> None:
    await Product.create(plant_id=1, code="X", name_zh="甲", name_en="X", unit="pcs")


async def forge_link(_: Scene) -> None:
    """A sign-in link of one's own for somebody else."""
    await run(
        "INSERT INTO people_link (token_hash, person_id, purpose, expires_at) "
        f"VALUES ('{hashlib.sha256(b'mine').hexdigest()}', 5, 'chat', '2099-01-01 00:00:00+00:00')"
    )


async def forge_message(_: Scene) -> None:
    """A message in somebody's name, as if the phone page had stored it."""
    body = '{"person": 9, "update_id": "9-x1", "came": "text", "text": "/report"}'
    await run(
        "INSERT INTO inbox_inbound "
        "(channel, update_id, chat_ref, body, mac, state, attempts, due_at, received_at) VALUES "
        f"('browser', '9-x1', 'p9', '{body}', '{'0' * 64}', 'waiting', 0, "
        "'2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')"
    )


async def swap_photo(scene: Scene) -> None:
    row = await Evidence.all().first()
    assert row is not None
    scene.blobs.kept.pop(row.blob_key)
    other = photos.jpeg(photos.scene(2))
    await Seal(scene.blobs, Ring(), row.organisation_id).put(Part.ORIGINAL, row.sha256, other)


async def swap_photo_and_record(scene: Scene) -> None:
    darkroom = Darkroom(scene.blobs, Ring(), ThreadBench())
    other = await darkroom.receive(actor(), photos.jpeg(photos.scene(2)))
    async with without_guards():
        await Evidence.all().update(
            sha256=other.sha256, blob_key=other.blob_key, size=other.size, preview_key=other.preview_key,
            preview_sha256=other.preview_sha256, thumb_key=other.thumb_key,
        )  # fmt: skip


async def restore(scene: Scene) -> None:
    await truncate(scene)
    await record("Y")


async def restore_and_seal(scene: Scene) -> None:
    await restore(scene)
    await seal_all(scene.thief)


async def _anew(signer: Signer) -> None:
    """Change a row, what its entry says of it, and seal everything again with the given key and file."""
    entry = await at(1)
    row = await Product.get(code="P0001")
    before = row.state_digest()
    row.name_en = "Else"
    body = entry.body.replace(before.encode(), row.state_digest().encode())
    assert body != entry.body
    await edit_row(Scene(Path(), signer))
    await _body(entry, body, leaf_too=True)
    await run(
        *(f"DELETE FROM {table}" for table in AGAIN), "INSERT INTO ledger_pending SELECT id FROM ledger_entry"
    )
    await seal_all(signer)


async def rewrite(scene: Scene) -> None:
    await _anew(scene.thief)


async def rewrite_and_file(scene: Scene) -> None:
    scene.signer.checkpoint_file.unlink()
    await _anew(scene.signer)


async def rewrite_with_another_key(scene: Scene) -> None:
    await _anew(keys.create(scene.folder / "own.key", ORIGIN))


async def truncate_and_file(scene: Scene) -> None:
    await truncate(scene)
    scene.signer.checkpoint_file.unlink()


async def back_date(scene: Scene) -> None:
    with clock.unshifted():
        clock.shift(dt.timedelta(days=-3))
        await record("Z")
    await scene.sealed()


async def nothing(_: Scene) -> None:
    """Leave everything as it is."""


async def sign_in_a_name(scene: Scene) -> None:
    await forging.sign_as_somebody()
    await scene.sealed()


LAYERS: Final[dict[str, str]] = {
    "checkpoints": "`ledger verify`: bodies, places and signed checkpoints in the database",
    "rows": "`ledger verify`: every live row against its last entry",
    "photos": "`ledger verify`: every photo and file against its record",
    "passkeys": "`ledger verify`: every signature by passkey against the signer's own key (from a bundle: `verify.py`)",
    "time": "`ledger verify`: stated times against the order of sealing",
    "file": "`ledger verify`: checkpoints noted beside the key, outside the database",
    "inbox": "the running gateway, which sets aside a message that this program did not store, and tells administrators",
    "sealer": "the running sealer, which refuses to continue another history",
    "witness": "copies of checkpoints with people outside (`/verify`, buttons, cosignatures, receipts of signers)",
}


@dataclass(frozen=True)
class Attack:
    """What is done and which layers catch it."""

    says: str
    do: Callable[[Scene], Awaitable[None]]
    caught: frozenset[str]


def _attack(says: str, do: Callable[[Scene], Awaitable[None]], *caught: str) -> Attack:
    assert LAYERS.keys() >= set(caught)
    return Attack(says, do, frozenset(caught))


ATTACKS: Final[tuple[Attack, ...]] = (
    _attack("nothing (control)", nothing),
    _attack("edit a sealed entry", edit, "checkpoints"),
    _attack("edit a sealed entry and its hashes", edit_with_hashes, "checkpoints", "witness"),
    _attack("delete an entry with its row", delete, "checkpoints", "witness"),
    _attack("put an entry in past the sealer", insert, "checkpoints", "sealer"),
    _attack("exchange two entries", reorder, "checkpoints", "witness"),
    _attack("cut off the end with its checkpoints", truncate, "file", "sealer", "witness"),
    _attack("… and the file outside", truncate_and_file, "witness"),
    _attack("edit a live row", edit_row, "rows"),
    _attack("delete a live row", delete_row, "rows"),
    _attack("add a live row", add_row, "rows"),
    _attack("make a sign-in link for somebody else", forge_link, "rows"),
    _attack("put a message in somebody else's name into the inbox", forge_message, "inbox"),
    _attack("swap a photo, sealed with the stolen key", swap_photo, "photos"),
    _attack("swap a photo and its record", swap_photo_and_record, "rows"),
    _attack("restore an old backup and go on", restore, "file", "sealer", "witness"),
    _attack("… and seal with the stolen key", restore_and_seal, "file", "sealer", "witness"),
    _attack("rewrite rows, entries, log with the stolen key", rewrite, "file", "sealer", "witness"),
    _attack("… and the file outside", rewrite_and_file, "witness"),
    _attack(
        "rewrite everything with another key",
        rewrite_with_another_key,
        "checkpoints",
        "file",
        "sealer",
        "witness",
    ),
    _attack("enter a record with the clock set back", back_date, "time"),
    _attack(
        "sign in somebody's name by our own code, with every key of the house", sign_in_a_name, "passkeys"
    ),
)


async def _besides(scene: Scene) -> AsyncIterator[ledger.Fault]:
    async for fault in evidence.faults(scene.blobs, Ring()):
        yield fault
    async for wrong in signing.check_assertions():
        yield wrong


async def caught(scene: Scene) -> frozenset[str]:
    """Answer the layers that notice what was done."""
    bare = await verified(scene.signer, file=None, blobs=_besides(scene))
    whole = await verified(scene.signer)
    found = {_layer(fault) for fault in bare.faults}
    if {str(fault) for fault in whole.faults} - {str(fault) for fault in bare.faults}:
        found.add("file")
    verdicts = [
        await ledger.compare(ledger.read_pasted(copy), scene.signer.verifiers) for copy in scene.copies
    ]
    if not all(one.verdict.consistent for one in verdicts):
        found.add("witness")
    for chat in await inbox.waiting_chats():
        assert await inbox.next_of(*chat) is None
    if any(one.error == inbox.NOT_OURS for one in await inbox.set_aside()):
        found.add("inbox")
    await record("after")
    try:
        await seal_all(scene.signer)
    except LogCut:
        found.add("sealer")
    return frozenset(found)


def _layer(fault: Any) -> str:
    if fault.where == "evidence_evidence" and "store of files" in fault.what:
        return "photos"
    if fault.where == "signing_signature":
        return "passkeys"
    if fault.where.startswith("ledger_"):
        return "time" if CLOCK in fault.what else "checkpoints"
    return "rows"


def page() -> str:
    """The table as docs/validation shows it."""
    names = list(LAYERS)
    lines = [
        "# What catches an insider",
        "Generated by `make docs` from `tests/validation/insider.py`, whose every row is a test on both databases:",
        "somebody with all rights on the database, the guards taken away first, does what the left column says.",
        "",
        *(f"- **{name}**: {says}" for name, says in LAYERS.items()),
        "",
        f"| attack | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for attack in ATTACKS:
        marks = ("yes" if name in attack.caught else "–" for name in names)
        lines.append(f"| {attack.says} | {' | '.join(marks)} |")
    lines += [
        "",
        "No layer catches everything. Whoever has the keys, the database and the file outside is caught by witnesses alone:",
        "what came after the last witnessed checkpoint rests on the other layers.",
        "",
        "A message that waits carries a MAC under a key from outside the database. An insider who kept a real body with its MAC can only",
        "repeat that very message; who deletes, delays or sets aside messages that wait is not seen here. A checkpoint in the middle that",
        "is deleted is caught only by the file beside the key.",
        "",
        "Not vouched for, because they are no records: what a messenger says of the delivery of a notice (whom it was left for, and",
        "when, is on the ledger), drafts, what waits to be sent, counters of an authenticator (wrong tries, the last step that was used:",
        "each accepted signature stands with its step, which the ledger vouches for), and when a session was last seen.",
        "Nor are: how far a channel was read (`inbox_cursor`), counters of attempts (`kit_counter`), page events of notices",
        "(`notices_page_event`), notes of the wires (`wires_note`), the form token of a session (`people_session.csrf`), when an",
        "escalation expires (`escalation_run.expires_at`), preferences of drafts (`drafts_preference`), what was posted to witnesses",
        "(`witness_posting`), pacing, the entry that a ceremony led to (`signing_ceremony.entry_id`), and the stored nodes of the tree",
        "(`ledger_subtree`: proofs are made from them, but checked against signed roots).",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
