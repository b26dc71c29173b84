"""Frozen values of the products room."""

from __future__ import annotations

from dataclasses import dataclass


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
