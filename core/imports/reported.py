"""Rows that laboratories, suppliers and carriers report, kept until the file ends, then told to their rooms in turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from core.imports.models import ImportRun
from core.imports.subjects import Checked, Writer
from core.imports.terms import AMOUNTS, COLUMNS, INSTANTS, Subject
from core.kit import Actor, NotPermitted, Refusal
from core.lots import Brought

_ANY_DAY = "2000-01-01"
_ANY_AMOUNT = "1"


@dataclass(frozen=True)
class Row:
    """A row by field: texts as they are, instants and amounts in their canonical form; empty where nothing stands."""

    line: int
    said: dict[str, str]

    def at(self, name: str) -> dt.datetime | None:
        """Answer an instant."""
        return dt.datetime.fromisoformat(self.said[name]) if self.said[name] else None

    def amount(self, name: str) -> Decimal | None:
        """Answer an amount."""
        return Decimal(self.said[name]) if self.said[name] else None

    def same(self, *names: str) -> tuple[str, ...]:
        """What rows that belong together have in common."""
        return tuple(self.said[name] for name in names)


class Reported(Writer):
    """Keeps good rows; ``told`` records them in their order, each refusal at its row."""

    subject: Subject

    def more(self, checked: Checked) -> None:
        """Instants and amounts, where they stand."""
        self.rows: list[Row] = getattr(self, "rows", [])
        for column in COLUMNS[self.subject]:
            name = column.name
            if name in INSTANTS:
                self._read(checked, name, self.check.instants, _ANY_DAY, required=column.required)
            elif name in AMOUNTS:
                self._read(checked, name, self.check.amounts, _ANY_AMOUNT, required=column.required)

    @staticmethod
    def _read(
        checked: Checked,
        name: str,
        read: Callable[[list[str]], tuple[list[str], dict[int, Refusal]]],
        instead: str,
        *,
        required: bool,
    ) -> None:
        cells = checked.of(name)
        values, faults = read(cells if required else [one or instead for one in cells])
        kept = [value if cell else "" for cell, value in zip(cells, values, strict=True)]
        checked.keep(name, (kept, faults))

    async def write(self, _actor: Actor, checked: Checked, *, import_id: int, run: str) -> Brought:
        """Keep the good rows for the end of the file."""
        names = [one.name for one in COLUMNS[self.subject]]
        good = checked.rows(*names) if checked.lines else []
        self.rows += [Row(line, dict(zip(names, cells, strict=True))) for line, *cells in good]
        return Brought(written=len(good), digests=[], faults=[])

    async def finish(self, actor: Actor, run: ImportRun) -> list[tuple[int, str, Refusal]]:
        """Tell the rooms; answers what they refuse, by row."""
        faults: list[tuple[int, str, Refusal]] = []
        for group in self.groups():
            try:
                await self.told(actor, group, run)
            except NotPermitted:
                raise
            except At as refused:
                faults += [(one.line, one.name, one.why) for one in (refused, *refused.more)]
            except Refusal as why:
                faults.append((group[0].line, self.column_of(why), why))
        return faults

    def groups(self) -> list[list[Row]]:
        """Rows that are recorded together."""
        return [[one] for one in getattr(self, "rows", [])]

    def column_of(self, why: Refusal) -> str:
        """In which column a refusal of a room is at home; none for the whole row."""
        return "lot" if why.code.startswith("Lot") else ""

    async def told(self, actor: Actor, group: list[Row], run: ImportRun) -> None:
        """Record rows."""
        raise NotImplementedError


class At(Exception):  # noqa: N818  it carries a refusal to its cell
    """A refusal of one cell."""

    def __init__(self, line: int, name: str, why: Refusal) -> None:
        """Keep where."""
        super().__init__()
        self.line, self.name, self.why = line, name, why
        self.more: list[At] = []
