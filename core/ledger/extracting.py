"""Taking a part of the log out with its proofs: for exports that others check without us."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tortoise.functions import Count

from core.kit import clock
from core.kit.regulated import REGULATED
from core.ledger import merkle
from core.ledger.kinds import Kind
from core.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerKey, LedgerLeaf, LedgerSubtree
from core.ledger.queries import Stated
from core.ledger.sealing import SUBTREE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable


_PAGE: Final = 500
Row = tuple[str, str]
"""Table and key of a recorded row."""


@dataclass(frozen=True, kw_only=True)
class Extract:
    """One entry for an export: its canonical bytes and its place; ``position`` is None while unsealed."""

    entry_id: int
    position: int | None
    body: bytes

    @property
    def facts(self) -> dict[str, Any]:
        """The body, read."""
        return dict(json.loads(self.body))

    @property
    def rows(self) -> dict[Row, str]:
        """The digest of every row that the entry recorded."""
        return {(one["table"], one["key"]): one["digest"] for one in self.facts["records"]}


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A regulated row in the form whose digest the ledger records."""

    table: str
    key: str
    row: dict[str, object]
    digest: str


async def extract_case(case_number: str, *, plant_id: int) -> list[Extract]:
    """Every entry of a plant's case, oldest first. Check before that the reader may see the case."""
    return await _extracts(
        await LedgerEntry.filter(plant_id=plant_id, case_number=case_number).order_by("id")
    )


async def counts_of(cases: Iterable[str], *, plant_id: int) -> dict[str, int]:
    """How many entries each of these cases has now; a case without any is left out."""
    wanted, found = list(cases), dict[str, int]()
    for at in range(0, len(wanted), _PAGE):
        rows = LedgerEntry.filter(plant_id=plant_id, case_number__in=wanted[at : at + _PAGE])
        counted = await rows.annotate(n=Count("id")).group_by("case_number").values("case_number", "n")
        found.update((str(row["case_number"]), int(row["n"])) for row in counted)
    return found


async def extract_kinds(
    kinds: Iterable[Kind],
    *,
    plant_id: int,
    rows: Collection[Row] | None = None,
    moments: Iterable[dt.datetime] | None = None,
) -> list[Extract]:
    """A plant's entries of these kinds, oldest first: all, or those that recorded any of ``rows``.

    ``moments`` narrows the search to entries recorded at exactly these instants.
    """
    wanted = LedgerEntry.filter(plant_id=plant_id, kind__in=[kind.value for kind in kinds])
    found: list[LedgerEntry] = []
    if moments is None:
        found = await wanted.order_by("id")
    else:
        instants = sorted(set(moments))
        for at in range(0, len(instants), _PAGE):
            found += await wanted.filter(recorded_at__in=instants[at : at + _PAGE]).order_by("id")
    extracts = await _extracts(sorted(found, key=lambda row: row.id))
    chosen = None if rows is None else set(rows)
    return [one for one in extracts if chosen is None or chosen & one.rows.keys()]


async def checkpoints_at_retirement() -> list[Stated]:
    """The last checkpoint that each retired key signed: it covers the entry of the key that came after."""
    found = []
    for row in await LedgerKey.all().order_by("id"):
        if row.retired_at is None:
            continue
        last = LedgerCheckpoint.filter(made_at__lte=clock.utc(row.retired_at)).order_by("-size")
        found += [_stated(one) for one in await last.limit(1)]
    return found


def _stated(row: LedgerCheckpoint) -> Stated:
    return Stated(size=row.size, root=row.root, note=row.note, made_at=clock.utc(row.made_at))


async def extract_key_changes() -> list[Extract]:
    """The entries by which two people changed the log's key: they lead from one key to the next. No person is named."""
    plants = await LedgerKey.all().distinct().values_list("plant_id", flat=True)
    kinds = [Kind.LEDGER_KEY_ADOPT.value, Kind.LEDGER_KEY_RETIRE.value]
    rows = LedgerEntry.filter(plant_id__in=list(plants) or [0], kind__in=kinds)
    return await _extracts(await rows.order_by("id"))


async def _extracts(rows: list[LedgerEntry]) -> list[Extract]:
    places: dict[int, int] = {}
    for at in range(0, len(rows), _PAGE):
        part = [row.id for row in rows[at : at + _PAGE]]
        places.update(await LedgerLeaf.filter(entry_id__in=part).values_list("entry_id", "position"))
    return [Extract(entry_id=row.id, position=places.get(row.id), body=bytes(row.body)) for row in rows]


async def states(rows: Iterable[Row]) -> list[Recorded]:
    """The present state of regulated rows, by table and key; one that is gone is left out."""
    models = {model.table(): model for model in REGULATED.values()}
    keys: dict[str, list[str]] = {}
    for table, key in sorted(set(rows)):
        keys.setdefault(table, []).append(key)
    found: list[Recorded] = []
    for table, wanted in keys.items():
        model = models[table]
        pk: Any = model._meta.pk  # noqa: SLF001  Tortoise's way to a key's type
        for at in range(0, len(wanted), _PAGE):
            part = [pk.to_python_value(key) for key in wanted[at : at + _PAGE]]
            found += [
                Recorded(table=table, key=str(row.pk), row=row.vouched(), digest=row.state_digest())
                for row in await model.filter(pk__in=part).order_by(model.key_field())
            ]
    return found


async def checkpoints_by_day(*, most: int) -> list[Stated]:
    """The last checkpoint of every day (UTC), the newest ``most`` days, oldest first."""
    days: list[Stated] = []
    while len(days) < most:
        rows = LedgerCheckpoint.all()
        if days:
            midnight = days[-1].made_at.replace(hour=0, minute=0, second=0, microsecond=0)
            rows = rows.filter(size__lt=days[-1].size, made_at__lt=clock.utc(midnight))
        row = await rows.order_by("-size").first()
        if row is None:
            break
        days.append(_stated(row))
    return days[::-1]


class Prover:
    """Proofs for many entries under one checkpoint: each part of the log is read once."""

    def __init__(self, checkpoint: Stated) -> None:
        """Prove under this checkpoint."""
        self._size, self._root_hash = checkpoint.size, bytes.fromhex(checkpoint.root)
        self._blocks: list[bytes] = []
        self._leaves: dict[int, list[bytes]] = {}
        self._known: dict[tuple[int, int], bytes] = {}

    async def inclusion(self, position: int, leaf: bytes) -> list[bytes]:
        """The hashes from a leaf up to the root, checked before they are given.

        Raises:
            merkle.Unproven: the stored log does not lead to its signed root: run the verifier.
        """
        proof = [await self._root(*part) for part in merkle.inclusion_path(position, self._size)]
        merkle.verify_inclusion(position, self._size, leaf, proof, self._root_hash)
        return proof

    async def consistency(self, first: int, second: int) -> list[bytes]:
        """The hashes that prove the log of ``second`` entries begins with the one of ``first``."""
        return [await self._root(*part) for part in merkle.consistency_path(first, second)]

    async def _root(self, start: int, end: int) -> bytes:
        if (start, end) not in self._known:
            self._known[start, end] = await self._made(start, end)
        return self._known[start, end]

    async def _made(self, start: int, end: int) -> bytes:
        if end - start > SUBTREE:
            middle = start + merkle.split(end - start)
            return merkle.node_hash(await self._root(start, middle), await self._root(middle, end))
        if end - start == SUBTREE:
            return (await self._whole())[start // SUBTREE]
        number = start // SUBTREE
        if number not in self._leaves:
            first = number * SUBTREE
            rows = LedgerLeaf.filter(position__gte=first, position__lt=first + SUBTREE).order_by("position")
            self._leaves[number] = [
                bytes.fromhex(str(leaf)) for leaf in await rows.values_list("leaf", flat=True)
            ]
        return merkle.root(self._leaves[number][start % SUBTREE : start % SUBTREE + end - start])

    async def _whole(self) -> list[bytes]:
        if not self._blocks:
            rows = LedgerSubtree.filter(number__lt=self._size // SUBTREE).order_by("number")
            self._blocks = [bytes.fromhex(str(root)) for root in await rows.values_list("root", flat=True)]
            if len(self._blocks) != self._size // SUBTREE:
                msg = "the log's subtrees are incomplete"
                raise merkle.Unproven(msg)
        return self._blocks
