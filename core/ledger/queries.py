"""Reading the ledger: timelines, the state of the log, proofs. Callers check who may see the case."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tortoise import connections

from core.kit import clock
from core.kit.page import Page, cut
from core.kit.unit_of_work import ALIAS
from core.ledger import merkle
from core.ledger.kinds import Kind
from core.ledger.models import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerLeaf,
    LedgerPending,
    LedgerSubtree,
)
from core.ledger.sealing import SUBTREE

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

PAGE: Final = 50
_WHOLE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry as a timeline shows it. ``position`` is None until the entry is sealed."""

    entry_id: int
    event_id: uuid.UUID
    position: int | None
    kind: Kind
    at: dt.datetime
    actor_name: str
    person_id: int | None
    roles: tuple[str, ...]
    channel: str
    facts: Mapping[str, Any]
    reason: str | None
    before: Mapping[str, Any] | None
    corrects: str | None


@dataclass(frozen=True, kw_only=True)
class Inclusion:
    """A proof that an entry is in the log: body, place, and the hashes up to the root that ``note`` signs."""

    entry_id: int
    position: int
    body: bytes
    size: int
    root: bytes
    proof: tuple[bytes, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class Stated:
    """The latest signed checkpoint."""

    size: int
    root: str
    note: str
    made_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Entries after a point of the log: how many, and the instant of the first."""

    count: int
    since: dt.datetime | None


def _line(entry: LedgerEntry, position: int | None) -> Line:
    body = json.loads(entry.body)
    who = body["actor"]
    return Line(
        entry_id=entry.id,
        event_id=entry.event_id,
        position=position,
        kind=Kind(entry.kind),
        at=entry.recorded_at,
        actor_name=who["name"],
        person_id=who["person"],
        roles=tuple(who["roles"]),
        channel=who["channel"],
        facts=body["facts"],
        reason=body["reason"],
        before=body["before"],
        corrects=body["corrects"],
    )


async def timeline(case_number: str, *, plant_id: int) -> list[Line]:
    """Answer all entries of a plant's case, oldest first. Check before that the reader may see the case."""
    lines: list[Line] = []
    after: int | None = None
    while True:
        page = await timeline_page(case_number, plant_id=plant_id, after=after, size=_WHOLE)
        lines += page.rows
        after = page.next_key
        if after is None:
            return lines


async def timeline_page(
    case_number: str, *, plant_id: int, after: int | None = None, size: int = PAGE
) -> Page[Line]:
    """Answer the entries of a plant's case, oldest first; ``after`` is the ``next_key`` of the page before.

    Check before the call that the reader may see the case.
    """
    found = LedgerEntry.filter(plant_id=plant_id, case_number=case_number, id__gt=after or 0)
    rows = await found.order_by("id").limit(size + 1)
    places = dict(
        await LedgerLeaf.filter(entry_id__in=[row.id for row in rows]).values_list("entry_id", "position")
    )
    return cut([_line(row, places.get(row.id)) for row in rows], size, [row.id for row in rows])


async def size() -> int:
    """Answer how many entries the latest checkpoint covers."""
    last = await latest_checkpoint()
    return last.size if last else 0


async def latest_checkpoint() -> Stated | None:
    """Answer the latest signed checkpoint; None while nothing is sealed."""
    last = await LedgerCheckpoint.all().order_by("-size").first()
    if last is None:
        return None
    return Stated(size=last.size, root=last.root, note=last.note, made_at=last.made_at)


async def seal_lag_seconds() -> float:
    """Answer for how many seconds the oldest unsealed entry has waited; 0 when none waits."""
    oldest = await LedgerPending.all().order_by("entry_id").first()
    entry = await LedgerEntry.get_or_none(id=oldest.entry_id) if oldest else None
    return max(0.0, (clock.now() - entry.recorded_at).total_seconds()) if entry else 0.0


async def entry_count() -> int:
    """Answer how many entries there are, sealed or not."""
    return await LedgerEntry.all().count()


async def inclusion(entry_id: int) -> Inclusion | None:
    """Prove that an entry is in the log of the latest checkpoint; None while it is not sealed.

    Reads some hundred rows and one in 256 of the log. The proof is checked before it is given.

    Raises:
        merkle.Unproven: the stored log does not lead to its signed root: run the verifier.
    """
    leaf = await LedgerLeaf.get_or_none(entry_id=entry_id)
    entry = await LedgerEntry.get_or_none(id=entry_id)
    last = await LedgerCheckpoint.all().order_by("-size").first()
    if leaf is None or entry is None or last is None:
        return None
    path = merkle.inclusion_path(leaf.position, last.size)
    proof = [await _subtree(start, end) for start, end in path]
    root = bytes.fromhex(last.root)
    merkle.verify_inclusion(leaf.position, last.size, merkle.leaf_hash(entry.body), proof, root)
    return Inclusion(
        entry_id=entry_id,
        position=leaf.position,
        body=entry.body,
        size=last.size,
        root=root,
        proof=tuple(proof),
        note=last.note,
    )


async def consistency(first: int, second: int) -> list[bytes]:
    """Answer the hashes that prove the log of ``second`` entries begins with the one of ``first``.

    Raises:
        ValueError: no such proof exists for these sizes.
    """
    return [await _subtree(start, end) for start, end in merkle.consistency_path(first, second)]


async def root_at(size: int) -> bytes:
    """Answer the root over the first ``size`` sealed entries, from the stored leaves; unproven by itself.

    Raises:
        merkle.Unproven: the log has no such many leaves, or they are incomplete.
    """
    if size and not await LedgerLeaf.exists(position=size - 1):
        msg = f"the log has no {size} leaves"
        raise merkle.Unproven(msg)
    return await _subtree(0, size) if size else merkle.EMPTY_ROOT


async def checkpoint_at(size: int) -> Stated | None:
    """Answer the signed checkpoint of exactly this size, if there is one."""
    row = await LedgerCheckpoint.get_or_none(size=size)
    return None if row is None else Stated(size=row.size, root=row.root, note=row.note, made_at=row.made_at)


async def is_sealed(plant_id: int, case_number: str) -> bool:
    """Answer whether the latest entry of a plant's case has its place in the log."""
    last = await LedgerEntry.filter(plant_id=plant_id, case_number=case_number).order_by("-id").first()
    return last is None or await LedgerLeaf.exists(entry_id=last.id)


EXACT: Final = 10_000
"""Entries behind a point that are looked at one by one; those beyond are only counted."""
_TAIL: Final = """
    SELECT count(*) AS found, min(recorded_at) AS since FROM (
        SELECT e.kind AS kind, e.recorded_at AS recorded_at
        FROM ledger_leaf l CROSS JOIN ledger_entry e
        WHERE l.position >= {size} AND l.position < {end} AND e.id = l.entry_id AND e.plant_id = {plant}
        UNION ALL
        SELECT e.kind, e.recorded_at FROM ledger_pending p CROSS JOIN ledger_entry e
        WHERE e.id = p.entry_id AND e.plant_id = {plant}
    ) AS tail WHERE kind NOT IN ({kinds})
"""


async def entries_after(plant_id: int, size: int, *, without: Iterable[Kind]) -> Tail:
    """Answer how many entries of a plant came after the first ``size`` sealed ones, and when the first of them.

    Entries of the kinds ``without`` are not counted; those that wait for their seal are. A tail longer than
    ``EXACT`` is counted by places beyond that, whatever stands there: it costs milliseconds at any length.
    """
    kinds = ", ".join(f"'{kind.value}'" for kind in without) or "''"
    end = int(size) + EXACT
    text = _TAIL.format(size=int(size), end=end, plant=int(plant_id), kinds=kinds)
    rows = await connections.get(ALIAS).execute_query_dict(text)
    since = rows[0]["since"]
    if isinstance(since, str):
        since = clock.utc(dt.datetime.fromisoformat(since))
    last = await latest_checkpoint()
    beyond = max(0, (last.size if last else 0) - end)
    return Tail(count=int(rows[0]["found"]) + beyond, since=since)


async def _subtree(start: int, end: int) -> bytes:
    """Answer the root over ``[start, end)``; ``start`` lies on a multiple of 256 when it spans more."""
    peaks: list[bytes] = []
    whole = end - end % SUBTREE
    if start % SUBTREE == 0 and whole > start:
        numbers = range(start // SUBTREE, whole // SUBTREE)
        roots = await LedgerSubtree.filter(number__gte=numbers.start, number__lt=numbers.stop).order_by(
            "number"
        )
        tree = merkle.Frontier()
        for row in roots:
            tree.append(bytes.fromhex(row.root))
        if tree.size != len(numbers):
            msg = "the log's subtrees are incomplete"
            raise merkle.Unproven(msg)
        peaks, start = tree.peaks, whole
    peaks += await _leaves(start, end)
    return merkle.fold(peaks)


async def _leaves(start: int, end: int) -> Sequence[bytes]:
    tree = merkle.Frontier()
    if start < end:
        rows = LedgerLeaf.filter(position__gte=start, position__lt=end).order_by("position")
        for leaf in await rows.values_list("leaf", flat=True):
            tree.append(bytes.fromhex(str(leaf)))
    return tree.peaks
