"""How the rows of each subject are checked and written: one writer a subject, each by its own room's verbs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

from core import lots, people, products
from core.conditions import SeriesFacts
from core.imports.errors import CodeUnknown, NotAChoice
from core.imports.models import ImportRun
from core.imports.policy import Checker
from core.imports.reading import Batch
from core.imports.terms import COLUMNS, Mapping, Subject
from core.kit import Actor, Refusal
from core.lots import Brought, BroughtLinks, BroughtLots, LotStatus
from core.people import PARTNERS, OrganisationFacts, PlantExists
from core.products import NewProduct, ProductFacts, ProductTwice

_FLAGS: Final = ("sterile", "implant", "label_critical")
_STATUSES: Final = sorted(
    {one.value for one in LotStatus} - {LotStatus.ON_HOLD.value, LotStatus.WITHDRAWN.value}
)
_KINDS: Final = sorted(one.value for one in PARTNERS)


@dataclass(kw_only=True)
class Known:
    """What of the plant the rows name by code."""

    plant_id: int
    products: dict[str, ProductFacts]
    organisations: dict[str, OrganisationFacts]


async def known_for(actor: Actor, mapping: Mapping) -> Known:
    """Look up what rows of a subject may name."""
    named = mapping.subject is Subject.LOTS
    return Known(
        plant_id=actor.plant_id,
        products={one.code: one for one in await products.products(actor)} if named else {},
        organisations={one.code: one for one in await people.organisations(actor.plant_id)},
    )


class Checked:
    """The good values of a batch by field, and the first thing wrong with each row that has something wrong."""

    def __init__(self, batch: Batch) -> None:
        """Begin with nothing checked."""
        self.lines = batch.lines
        self.cells = batch.cells
        self.broken = batch.broken
        self.good: dict[str, list[Any]] = {}
        self.faults: list[tuple[int, str, Refusal]] = []
        self.bad: set[int] = set()

    def of(self, name: str) -> list[str]:
        """Answer the cells of a field; empty ones where the file has no such column."""
        return self.cells.get(name) or [""] * len(self.lines)

    def keep(self, name: str, found: tuple[list[Any], dict[int, Refusal]]) -> None:
        """Keep a field's values and faults."""
        self.good[name] = found[0]
        for place, why in found[1].items():
            self.fault(place, name, why)

    def fault(self, place: int, name: str, why: Refusal) -> None:
        """Keep what is wrong with a cell."""
        self.faults.append((self.lines[place], name, why))
        self.bad.add(place)

    def columns(self, *names: str) -> list[list[Any]]:
        """Answer line and fields, by column, of the rows with nothing against them."""
        if not self.lines:
            return [[] for _ in range(len(names) + 1)]
        whole = [self.lines, *(self.good[name] for name in names)]
        if not self.bad:
            return whole
        fit = [place not in self.bad for place in range(len(self.lines))]
        return [list(compress(column, fit)) for column in whole]

    def rows(self, *names: str) -> list[tuple[Any, ...]]:
        """Answer line and fields of the rows with nothing against them."""
        every = zip(self.lines, *(self.good[name] for name in names), strict=True)
        return [row for place, row in enumerate(every) if place not in self.bad] if self.bad else list(every)


def _nothing() -> None:
    """There is nothing to do meanwhile."""


class Writer(ABC):
    """Checks a batch of rows and writes the good ones."""

    meanwhile: Callable[[], object]
    """What is begun when the database is at work on a batch."""
    made: SeriesFacts | None = None
    """Of a logger's record: the series that was written."""

    def __init__(self, mapping: Mapping, checker: Checker, known: Known) -> None:
        """Prepare for a file."""
        self.check, self.known = checker, known
        self.texts = [one for one in COLUMNS[mapping.subject] if one.longest]
        self.seen: set[str] = set()
        self.meanwhile = _nothing

    def look(self, batch: Batch) -> Checked:
        """Check a batch by itself: one after the other, maybe beside the event loop while the one before is written."""
        checked = Checked(batch)
        if batch.lines:
            for column in self.texts:
                checked.keep(column.name, self.check.texts(column, checked.of(column.name)))
            self.more(checked)
        return checked

    async def take(self, actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Write what is good of a batch in the running unit; answers all that is wrong with it."""
        brought = await self.write(actor, checked, import_id=import_id, run=run)
        return Brought(
            written=brought.written,
            digests=brought.digests,
            faults=[*((line, "", why) for line, why in checked.broken), *checked.faults, *brought.faults],
        )

    @abstractmethod
    def more(self, checked: Checked) -> None:
        """Check what is no plain text."""

    @abstractmethod
    async def write(self, actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Write the good rows."""

    async def finish(self, _actor: Actor, _run: ImportRun) -> list[tuple[int, str, Refusal]]:
        """Write what stands on all rows together; answers what is wrong with it: line, field and why."""
        return []

    def twice(self, checked: Checked, refusal: Callable[[str], Refusal]) -> None:
        """Refuse a code that the file names again."""
        for place, code in enumerate(checked.good["code"]):
            if code in self.seen:
                checked.fault(place, "code", refusal(code))
            self.seen.add(code)


class Lots(Writer):
    """Lots by number; products and organisations by code."""

    def more(self, checked: Checked) -> None:
        """Amounts, instants, codes and states."""
        known, good = self.known, checked.good
        checked.keep("quantity", self.check.amounts(checked.of("quantity")))
        checked.keep("made_at", self.check.instants(checked.of("made_at")))
        made_of = [known.products.get(code) for code in good["product"]]
        for place, product in enumerate(made_of):
            if product is None and place not in checked.bad:
                checked.fault(place, "product", CodeUnknown(text=good["product"][place][:40]))
        good["product_id"] = [one.id if one else 0 for one in made_of]
        good["unit"] = [
            unit or (one.unit if one else "") for unit, one in zip(good["unit"], made_of, strict=True)
        ]
        places = known.organisations
        for name in ("organisation", "partner"):
            for place, code in enumerate(good[name]):
                if code and code not in places:
                    checked.fault(place, name, CodeUnknown(text=code[:40]))
        own = known.plant_id
        good["organisation_id"] = [places[one].id if one in places else own for one in good["organisation"]]
        partners = [places[one].id if one in places else own for one in good["partner"]]
        good["partner_id"] = [None if one == own else one for one in partners]
        good["status"] = [one or LotStatus.AVAILABLE.value for one in good["status"]]
        for place, status in enumerate(good["status"]):
            if status not in _STATUSES:
                checked.fault(place, "status", NotAChoice(text=status, choices=", ".join(_STATUSES)))

    async def write(self, actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Write lots."""
        rows = BroughtLots(*checked.columns(*BroughtLots._fields[1:]))
        return await lots.bring_lots(actor, rows, import_id=import_id, run=run, meanwhile=self.meanwhile)


class Links(Writer):
    """Links between lots that the plant has, by number."""

    def __init__(self, mapping: Mapping, checker: Checker, known: Known) -> None:
        """Prepare for a file, whose rows name the same lots again and again."""
        super().__init__(mapping, checker, known)
        self.found = lots.Numbered()

    def more(self, checked: Checked) -> None:
        """Amounts and instants; what is known of the lots already."""
        checked.keep("quantity", self.check.amounts(checked.of("quantity")))
        checked.keep("at", self.check.instants(checked.of("at")))
        good, found = checked.good, self.found
        good["parent_id"], good["child_id"] = found.ids_of(good["parent"]), found.ids_of(good["child"])
        good["unit"] = found.units_of(good["unit"], good["parent"])

    async def write(self, actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Write links."""
        rows = BroughtLinks(*checked.columns(*BroughtLinks._fields[1:]))
        return await lots.bring_links(
            actor, rows, import_id=import_id, run=run, found=self.found, meanwhile=self.meanwhile
        )


class Products(Writer):
    """Products by code; known ones are corrected."""

    def more(self, checked: Checked) -> None:
        """Flags; a code once."""
        for flag in _FLAGS:
            checked.keep(flag, self.check.flags(checked.of(flag)))
        self.twice(checked, lambda code: ProductTwice(code=code))

    async def write(self, actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Write products."""
        names = ("code", "name_zh", "name_en", "unit", *_FLAGS)
        rows = checked.rows(*names) if checked.lines else []
        new = [
            NewProduct(
                code=code,
                name_zh=zh,
                name_en=en or zh,
                unit=unit or "pcs",
                sterile=sterile,
                implant=implant,
                label_critical=critical,
            )
            for _, code, zh, en, unit, sterile, implant, critical in rows
        ]
        made = await products.record_products(actor, new)
        return Brought(written=len(made), digests=[], faults=[])


class Partners(Writer):
    """Partners by code; one that stands there already must say the same."""

    def more(self, checked: Checked) -> None:
        """Kinds; a code once, and as it is known."""
        good, there = checked.good, self.known.organisations
        good["name_en"] = [en or zh for en, zh in zip(good["name_en"], good["name_zh"], strict=True)]
        for place, kind in enumerate(good["kind"]):
            if kind and kind not in _KINDS:
                checked.fault(place, "kind", NotAChoice(text=kind, choices=", ".join(_KINDS)))
        self.twice(checked, lambda code: PlantExists(code=code))
        for place, code in enumerate(good["code"]):
            known = there.get(code)
            names = good["name_zh"][place], good["name_en"][place]
            if known is not None and (known.name_zh, known.name_en) != names:
                checked.fault(place, "code", PlantExists(code=code))

    async def write(self, actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Write partners."""
        rows = checked.rows("code", "name_zh", "name_en", "kind") if checked.lines else []
        new = [row for row in rows if row[1] not in self.known.organisations]
        for _, code, zh, en, kind in new:
            await people.add_organisation(actor, code, zh, en, kind)
        return Brought(written=len(new), digests=[], faults=[])
