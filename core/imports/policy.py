"""Checking cells: texts clean and within bounds, amounts and instants in their canonical form. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Final, cast
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


Faults = dict[int, Refusal]
"""What is wrong, by the place of the row in its batch."""


class Checker:
    """Reads columns by the mapping; each call answers canonical values, and what is wrong with which of them."""

    def __init__(self, mapping: Mapping) -> None:
        """Prepare for a mapping."""
        self._zone = ZoneInfo(mapping.zone)
        self._dates = mapping.dates
        self._known: dict[str, dict[str, str]] = defaultdict(dict)

    def texts(self, column: Column, cells: list[str]) -> tuple[list[str], Faults]:
        """Texts, cleaned and within their length; empty only where they may be."""
        joined = "".join(cells)
        if joined.isascii() and joined.isprintable():
            lengths = list(map(len, cells))
            if max(lengths) <= column.longest and (min(lengths) or not column.required):
                return cells, {}
        return self._read("text" + column.name, cells, lambda cell: self._cleaned(column, cell))

    def amounts(self, cells: list[str]) -> tuple[list[str], Faults]:
        """Quantities above zero."""
        return self._read("amount", cells, lambda cell: decimal_text(quantity.parse(_filled(cell))))

    def instants(self, cells: list[str]) -> tuple[list[str], Faults]:
        """Days or times; without an offset they are of the mapping's zone."""
        return self._read("instant", cells, lambda cell: self._instant(_filled(cell)))

    def flags(self, cells: list[str]) -> tuple[list[bool], Faults]:
        """Yes or no."""
        values, faults = self._read("flag", cells, _flag)
        return [one == "yes" for one in values], faults

    def _cleaned(self, column: Column, cell: str) -> str:
        if not cell:
            return _filled(cell) if column.required else ""
        return plain_text.checked(cell, limit=column.longest, required=column.required)

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

    def _read(self, kind: str, cells: list[str], read: Callable[[str], str]) -> tuple[list[str], Faults]:
        """Read each written form once, as long as there is room to remember it."""
        known = self._known[kind]
        if len(known) > _MOST:
            known.clear()
        found = list(map(known.get, cells))
        if None not in found:
            return cast("list[str]", found), {}
        faults: Faults = {}
        values: list[str] = []
        for place, cell in enumerate(cells):
            value = known.get(cell)
            if value is None:
                try:
                    value = known[cell] = read(cell)
                except Refusal as why:
                    faults[place] = why
                    value = ""
            values.append(value)
        return values, faults


def _filled(cell: str) -> str:
    if not cell:
        raise CellMissing
    return cell


def _flag(cell: str) -> str:
    said = cell.casefold()
    if said in _YES:
        return "yes"
    if said in _NO:
        return "no"
    raise NotAChoice(text=cell[:40], choices="yes, no, 是, 否")
