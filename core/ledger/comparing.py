"""Holding a checkpoint that somebody kept outside to the present log: did it only grow, or was its past changed?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.kit.said import Said
from core.ledger import checkpoint, merkle, queries
from core.ledger.checkpoint import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.ledger.checkpoint import Verifier
    from core.ledger.pasted import Pasted
    from core.ledger.queries import Stated


class Verdict(Said):
    """What a comparison came to; the member's text says it in plain words."""

    SAME = "same", "✔ Consistent: this is the present state of the log, {size} entries."
    OLDER = (
        "older",
        (
            "✔ Older but consistent: the log had {size} entries then and has {now} now; "
            "nothing up to there was changed or removed."
        ),
    )
    CUT = (
        "cut",
        (
            "✘ NOT consistent: this checkpoint counts {size} entries, the log holds only {now}. "
            "Entries at its end are gone (truncation)."
        ),
    )
    FORKED = (
        "forked",
        (
            "✘ NOT consistent: the first {size} entries of the log are not those that this checkpoint stood for. "
            "The past was rewritten (fork)."
        ),
    )
    DAMAGED = (
        "damaged",
        (
            "✘ NOT consistent: the log does not lead to its own signed state. "
            "Run bihuan ledger verify on the server; it names the first record that was changed."
        ),
    )
    STRANGE = "strange", "This is a checkpoint of another log, {origin}; it says nothing about this one."

    @property
    def consistent(self) -> bool:
        """Whether the log begins with what the checkpoint states."""
        return self in (Verdict.SAME, Verdict.OLDER)


class Signed(Said):
    """Whether the pasted text itself is the log's word."""

    YES = "yes", "The signature of this log is on it."
    NO = "no", "Its signature does not belong to this text: the text was altered after signing."
    ABSENT = "absent", "No signature came along; send the whole message to have it checked too."


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What was compared, and what came of it; ``now`` is the size of the log."""

    verdict: Verdict
    signed: Signed
    size: int
    digits: str
    now: int
    origin: str = ""

    @property
    def contradicts(self) -> bool:
        """Whether the log's own signature stands under something that its present state denies."""
        return self.signed is Signed.YES and not self.verdict.consistent


async def compare(pasted: Pasted, keys: Iterable[Verifier]) -> Comparison:
    """Hold a kept checkpoint to the log of this database, whose latest checkpoint must be signed by ``keys``."""
    known = tuple(keys)
    last = await queries.latest_checkpoint()
    return Comparison(
        verdict=await _verdict(pasted, known, last),
        signed=_signed(pasted, known),
        size=pasted.size,
        digits=pasted.digits,
        now=last.size if last else 0,
        origin=pasted.checkpoint.origin if pasted.checkpoint else "",
    )


def _signed(pasted: Pasted, keys: tuple[Verifier, ...]) -> Signed:
    if not pasted.note:
        return Signed.ABSENT
    try:
        checkpoint.open_note(pasted.note, keys)
    except Unreadable:
        return Signed.NO
    return Signed.YES


async def _verdict(pasted: Pasted, keys: tuple[Verifier, ...], last: Stated | None) -> Verdict:
    if pasted.checkpoint is not None and pasted.checkpoint.origin not in {key.name for key in keys}:
        return Verdict.STRANGE
    if last is None:
        return Verdict.CUT if pasted.size else Verdict.SAME
    try:
        present = checkpoint.verify(last.note, keys)
    except Unreadable:
        return Verdict.DAMAGED
    if (present.size, present.root.hex()) != (last.size, last.root):
        return Verdict.DAMAGED
    if pasted.size > present.size:
        return Verdict.CUT
    return await _past(pasted, present.size, present.root)


async def _past(pasted: Pasted, now: int, root: bytes) -> Verdict:
    """Compute the root that the log had at the pasted size, and prove that it leads to the present one."""
    try:
        then = await queries.root_at(pasted.size)
        if pasted.size:
            proof = await queries.consistency(pasted.size, now)
            merkle.verify_consistency(pasted.size, now, then, root, proof)
    except merkle.Unproven:
        return Verdict.DAMAGED
    if not then.hex().startswith(pasted.digits):
        return Verdict.FORKED
    return Verdict.SAME if pasted.size == now else Verdict.OLDER
