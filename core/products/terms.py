"""Frozen values of the products room."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kit.said import Said


class Agency(Said):
    """Who issues device identifiers (UDI-DI); the first, fourth and fifth are the three that NMPA names."""

    GS1 = "gs1", "GS1"
    HIBCC = "hibcc", "HIBCC"
    ICCBBA = "iccbba", "ICCBBA"
    MA = "ma", "MA (IDcode)"
    AHM = "ahm", "AHM (Ali Health)"


@dataclass(frozen=True, kw_only=True)
class IdentifierFacts:
    """A UDI-DI of a product: one for each unit that is sold, so many pieces each."""

    id: int
    product_id: int
    agency: Agency
    code: str
    contains: int
    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One ``unit`` is so many ``into``; of one product, or of every product of the plant (None)."""

    product_id: int | None
    unit: str
    into: str
    factor: Decimal


@dataclass(frozen=True, kw_only=True)
class NewBomLine:
    """So much of a component goes into one unit of the product; ``loss`` of it may be lost (0.05 is five per cent)."""

    component: str
    quantity: Decimal
    unit: str
    loss: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class BomLineFacts:
    """One line of a bill of materials."""

    position: int
    component_id: int
    component: str
    quantity: Decimal
    unit: str
    loss: Decimal


@dataclass(frozen=True, kw_only=True)
class BomFacts:
    """A version of a bill of materials; it holds from ``effective_from`` until the next version does."""

    id: int
    product_id: int
    version: int
    effective_from: dt.datetime
    note: str
    lines: tuple[BomLineFacts, ...]


@dataclass(frozen=True, kw_only=True)
class SpecFacts:
    """A version of what a process parameter should be; None in a limit means none."""

    id: int
    product_id: int
    process: str
    name: str
    version: int
    unit: str
    target: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    effective_from: dt.datetime


@dataclass(frozen=True, kw_only=True)
class NewProduct:
    """A product as it is brought in. ``unit`` is what its lots are counted in, e.g. ``pcs``."""

    code: str
    name_zh: str
    name_en: str
    unit: str = "pcs"
    sterile: bool = False
    implant: bool = False
    label_critical: bool = False


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """A product and its risk flags: sterile, implanted, or one where a wrong label can hurt."""

    id: int
    plant_id: int
    code: str
    name_zh: str
    name_en: str
    unit: str
    sterile: bool
    implant: bool
    label_critical: bool

    def name(self, locale: str) -> str:
        """Answer the name in the reader's language, the other one when it is missing."""
        wanted, other = (
            (self.name_en, self.name_zh) if locale.startswith("en") else (self.name_zh, self.name_en)
        )
        return wanted or other or self.code
