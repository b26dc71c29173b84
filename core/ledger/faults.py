"""What verification finds: plain sentences that name the table, the record and the case, earliest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

KEPT: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is not as recorded. ``position`` is its place in the log, where it has one."""

    where: str
    number: str
    what: str
    position: int | None = None
    case: str | None = None

    def __str__(self) -> str:
        """Say which record of which table, of which case, is wrong and how."""
        record = f"{self.where} {self.number}".strip()
        of_case = f" (case {self.case})" if self.case else ""
        at = f", position {self.position} of the log" if self.position is not None else ""
        return f"{record}{of_case}{at}: {self.what}"


@dataclass(frozen=True, kw_only=True)
class Report:
    """The counts of what was verified and the faults, earliest in the log first; ``more`` were not kept."""

    entries: int
    leaves: int
    checkpoints: int
    rows: int
    faults: tuple[Fault, ...]
    more: int = 0

    @property
    def sound(self) -> bool:
        """Whether everything is as recorded."""
        return not self.faults


def _rank(fault: Fault) -> int:
    """The log first, since a row may differ only because its entry was touched; then what has no place."""
    return 2 * (not fault.where.startswith("ledger_")) + (fault.position is None)


@dataclass
class Findings:
    """Collects faults in bounded memory, never losing the earliest."""

    entries: int = 0
    leaves: int = 0
    checkpoints: int = 0
    rows: int = 0
    found: int = 0
    keep: int = KEPT
    _kept: list[tuple[int, int, int, Fault]] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Keep a fault."""
        self.found += 1
        self._kept.append((_rank(fault), fault.position or 0, self.found, fault))
        if len(self._kept) >= 2 * self.keep:
            self._trim()

    def _trim(self) -> None:
        self._kept.sort(key=lambda kept: kept[:3])
        del self._kept[self.keep :]

    def report(self) -> Report:
        """Answer what was found."""
        self._trim()
        return Report(
            entries=self.entries,
            leaves=self.leaves,
            checkpoints=self.checkpoints,
            rows=self.rows,
            faults=tuple(kept[3] for kept in self._kept),
            more=self.found - len(self._kept),
        )
