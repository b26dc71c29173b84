"""Checking cells: texts clean and within bounds, amounts and instants in their canonical form. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from core.imports.errors import CellMissing, NotAChoice, NotAnInstant
from core.imports.terms import Column, Mapping
from core.kit import plain_text, quantity
from core.kit.canonical import decimal_text, instant_text
from core.kit.refusal import Refusal

_MOST: Final = 50_000
"""Written forms that are remembered, so that repeated ones are read once."""
_YES: Final = {"yes", "true", "1", "y", "是", "有"}
_NO: Final = {"no", "false", "0", "n", "", "否", "无"}
_EARLIEST: Final = 1900


class Checker:
    """Reads cells by the mapping; each ``check`` answers the canonical value or the refusal that says why not."""

    def __init__(self, mapping: Mapping) -> None:
        """Prepare for a mapping."""
        self._zone = ZoneInfo(mapping.zone)
        self._dates = mapping.dates
        self._known: dict[tuple[str, str], str | Refusal] = {}

    def text(self, column: Column, cell: str) -> str | Refusal:
        """A text, cleaned and within its length; empty only where it may be."""
        if cell.isascii() and cell.isprintable() and 0 < len(cell) <= column.longest:
            return cell
        if not cell:
            return CellMissing() if column.required else ""
        return self._once("text" + column.name, cell, lambda: self._cleaned(column, cell))

    def _cleaned(self, column: Column, said: str) -> str:
        return plain_text.checked(said, limit=column.longest, required=column.required)

    def amount(self, cell: str) -> str | Refusal:
        """A quantity above zero."""
        if not cell:
            return CellMissing()
        return self._once("amount", cell, lambda: decimal_text(quantity.parse(cell)))

    def instant(self, column: Column, cell: str) -> str | Refusal:
        """A day or time; without an offset it is one of the mapping's zone."""
        if not cell:
            return CellMissing()
        return self._once("instant", cell, lambda: self._instant(cell))

    def flag(self, cell: str) -> bool | Refusal:
        """Yes or no."""
        said = cell.casefold()
        if said in _YES or said in _NO:
            return said in _YES
        return NotAChoice(text=cell[:40], choices="yes, no, 是, 否")

    def _instant(self, cell: str) -> str:
        try:
            at = (
                dt.datetime.strptime(cell, self._dates)  # noqa: DTZ007  the zone is added below
                if self._dates
                else dt.datetime.fromisoformat(cell.replace("/", "-"))
            )
            if at.tzinfo is None:
                at = at.replace(tzinfo=self._zone)
            if at.year < _EARLIEST:
                raise NotAnInstant(text=cell[:40])
            return instant_text(at)
        except (ValueError, OverflowError):
            raise NotAnInstant(text=cell[:40]) from None

    def _once(self, kind: str, cell: str, read: Callable[[], str]) -> str | Refusal:
        found = self._known.get((kind, cell))
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            try:
                found = read()
            except Refusal as why:
                found = why
            self._known[kind, cell] = found
        return found
