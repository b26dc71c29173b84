"""How the rows of each subject are checked and written: one writer a subject, each by its own room's verbs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from core import lots, people, products
from core.imports.errors import CodeUnknown, NotAChoice
from core.imports.policy import Checker
from core.imports.reading import Cells
from core.imports.terms import COLUMNS, Column, Mapping, Subject
from core.kit import Actor, Refusal
from core.lots import Brought, BroughtLink, BroughtLot, LotStatus
from core.people import OrganisationFacts, OrganisationKind, PlantExists
from core.products import NewProduct, ProductFacts, ProductTwice

Faults = Iterator[tuple[str, Refusal]]
_STATUSES: Final = sorted(
    {one.value for one in LotStatus} - {LotStatus.ON_HOLD.value, LotStatus.WITHDRAWN.value}
)
_KINDS: Final = sorted({one.value for one in OrganisationKind} - {OrganisationKind.MAKER.value})


@dataclass(kw_only=True)
class Known:
    """What of the plant the rows name by code."""

    plant_id: int
    products: dict[str, ProductFacts]
    organisations: dict[str, OrganisationFacts]


@dataclass
class Batch:
    """Rows that are ready to be written, and how many were read for them."""

    rows: list[Any] = field(default_factory=list)
    read: int = 0

    def __bool__(self) -> bool:
        """Whether anything was read."""
        return self.read > 0


async def known_for(actor: Actor, mapping: Mapping) -> Known:
    """Look up what rows of a subject may name."""
    named = mapping.subject is Subject.LOTS
    return Known(
        plant_id=actor.plant_id,
        products={one.code: one for one in await products.products(actor)} if named else {},
        organisations={one.code: one for one in await people.organisations(actor.plant_id)},
    )


class Writer(ABC):
    """Checks rows into a batch, then writes the batch."""

    subject: Subject

    def __init__(self, mapping: Mapping, checker: Checker, known: Known) -> None:
        """Prepare for a file."""
        self.check, self.known = checker, known
        self.columns = COLUMNS[mapping.subject]
        self.texts = [one for one in self.columns if one.longest]
        self.seen: set[str] = set()

    def column(self, name: str) -> Column:
        """Answer a field of the subject."""
        return next(one for one in self.columns if one.name == name)

    def read_texts(self, cells: Cells, good: dict[str, Any]) -> Faults:
        """Check every text of a row."""
        for column in self.texts:
            value = self.check.text(column, cells.get(column.name, ""))
            if isinstance(value, Refusal):
                yield column.name, value
            else:
                good[column.name] = value

    @abstractmethod
    def take(self, batch: Batch, line: int, cells: Cells) -> Faults:
        """Check a row; it goes into the batch unless something is wrong, which is answered by field."""

    @abstractmethod
    async def write(self, actor: Actor, batch: Batch, *, import_id: int, run: str) -> Brought:
        """Write a batch in the running unit."""


def _noted(good: dict[str, Any], name: str, value: Any) -> Faults:
    if isinstance(value, Refusal):
        yield name, value
    else:
        good[name] = value


class Lots(Writer):
    """Lots by number; products and organisations by code."""

    def take(self, batch: Batch, line: int, cells: Cells) -> Faults:
        """Check a lot."""
        good: dict[str, Any] = {}
        before = len(batch.rows)
        faults = [
            *self.read_texts(cells, good),
            *_noted(good, "quantity", self.check.amount(cells.get("quantity", ""))),
            *_noted(good, "made_at", self.check.instant(self.column("made_at"), cells.get("made_at", ""))),
        ]
        product = self.known.products.get(good.get("product", ""))
        if product is None and "product" in good:
            faults.append(("product", CodeUnknown(text=good["product"][:40])))
        places: dict[str, int | None] = {}
        for name, otherwise in (("organisation", self.known.plant_id), ("partner", None)):
            code = good.get(name, "")
            found = self.known.organisations.get(code)
            if code and found is None:
                faults.append((name, CodeUnknown(text=code[:40])))
            places[name] = found.id if found else otherwise
        status = good.get("status") or LotStatus.AVAILABLE.value
        if status not in _STATUSES and "status" in good:
            faults.append(("status", NotAChoice(text=status, choices=", ".join(_STATUSES))))
        if not faults and product is not None and len(batch.rows) == before:
            maker = places["organisation"]
            batch.rows.append(
                BroughtLot(
                    line,
                    good["number"],
                    product.id,
                    self.known.plant_id if maker is None else maker,
                    places["partner"] if places["partner"] != self.known.plant_id else None,
                    good["quantity"],
                    good["unit"] or product.unit,
                    good["made_at"],
                    good["place"],
                    good["process"],
                    status,
                )
            )
        yield from faults

    async def write(self, actor: Actor, batch: Batch, *, import_id: int, run: str) -> Brought:
        """Write lots."""
        return await lots.bring_lots(actor, batch.rows, import_id=import_id, run=run)


class Links(Writer):
    """Links between lots that the plant has, by number."""

    def take(self, batch: Batch, line: int, cells: Cells) -> Faults:
        """Check a link."""
        good: dict[str, Any] = {}
        faults = [
            *self.read_texts(cells, good),
            *_noted(good, "quantity", self.check.amount(cells.get("quantity", ""))),
            *_noted(good, "at", self.check.instant(self.column("at"), cells.get("at", ""))),
        ]
        if not faults:
            batch.rows.append(
                BroughtLink(
                    line,
                    good["parent"],
                    good["child"],
                    good["quantity"],
                    good["unit"],
                    good["at"],
                    good["process"],
                )
            )
        yield from faults

    async def write(self, actor: Actor, batch: Batch, *, import_id: int, run: str) -> Brought:
        """Write links."""
        return await lots.bring_links(actor, batch.rows, import_id=import_id, run=run)


class Products(Writer):
    """Products by code; known ones are corrected."""

    def take(self, batch: Batch, line: int, cells: Cells) -> Faults:
        """Check a product."""
        good: dict[str, Any] = {}
        faults = list(self.read_texts(cells, good))
        for flag in ("sterile", "implant", "label_critical"):
            faults += _noted(good, flag, self.check.flag(cells.get(flag, "")))
        code = good.get("code", "")
        if code in self.seen:
            faults.append(("code", ProductTwice(code=code)))
        self.seen.add(code)
        if not faults:
            good["name_en"] = good["name_en"] or good["name_zh"]
            good["unit"] = good["unit"] or "pcs"
            batch.rows.append(NewProduct(**good))
        yield from faults

    async def write(self, actor: Actor, batch: Batch, *, import_id: int, run: str) -> Brought:
        """Write products."""
        made = await products.record_products(actor, batch.rows)
        return Brought(written=len(made), digests=[], faults=[])


class Partners(Writer):
    """Partners by code; one that stands there already must say the same."""

    def take(self, batch: Batch, line: int, cells: Cells) -> Faults:
        """Check a partner."""
        good: dict[str, Any] = {}
        faults = list(self.read_texts(cells, good))
        kind, code = good.get("kind", ""), good.get("code", "")
        if kind and kind not in _KINDS:
            faults.append(("kind", NotAChoice(text=kind, choices=", ".join(_KINDS))))
        good["name_en"] = good.get("name_en") or good.get("name_zh", "")
        there = self.known.organisations.get(code)
        same = there is not None and (there.name_zh, there.name_en) == (good.get("name_zh"), good["name_en"])
        if code in self.seen or (there is not None and not same):
            faults.append(("code", PlantExists(code=code)))
        self.seen.add(code)
        if not faults and there is None:
            batch.rows.append(good)
        yield from faults

    async def write(self, actor: Actor, batch: Batch, *, import_id: int, run: str) -> Brought:
        """Write partners."""
        for one in batch.rows:
            await people.add_organisation(actor, one["code"], one["name_zh"], one["name_en"], one["kind"])
        return Brought(written=len(batch.rows), digests=[], faults=[])


WRITERS: Final[dict[Subject, type[Writer]]] = {
    Subject.LOTS: Lots,
    Subject.LINKS: Links,
    Subject.PRODUCTS: Products,
    Subject.PARTNERS: Partners,
}
