"""One event in work: who sent it, its row, and what comes of it, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.epcis.models import CapturedEvent
from core.epcis.terms import Deed, Event, Line
from core.kit import Actor
from core.kit.provenance import Flag, Provenance, Source
from core.lots import LotFacts


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A deed in our records."""

    deed: Deed
    lot_id: int | None = None
    row_id: int | None = None
    quantity: Decimal | None = None
    note: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(kw_only=True)
class Scene:
    """An event on its way into the records. ``actor`` may work on lots here: capture checked what it may be for."""

    actor: Actor
    event: Event
    row: CapturedEvent
    outcomes: list[Outcome] = field(default_factory=list)
    mentions: list[tuple[Line, int | None, Decimal | None]] = field(default_factory=list)
    coming: frozenset[str] = frozenset()
    """Ids of the events of the same document."""
    leg_id: int | None = None
    """The leg that the goods are on, where their carrier speaks."""
    path: str = ""
    """The place in the event that is looked at, for what goes wrong there."""

    @property
    def provenance(self) -> Provenance:
        """Where facts of this event come from."""
        return Provenance(source=Source.EPCIS, ref=self.event.event_id[:200], sha256=self.event.digest)

    @property
    def by_partner(self) -> bool:
        """Whether a partner's organisation sent it."""
        return self.actor.partner_id is not None

    def did(
        self,
        deed: Deed,
        lot: LotFacts | int | None = None,
        row_id: int | None = None,
        *,
        quantity: Decimal | None = None,
        note: str = "",
        flags: tuple[Flag, ...] = (),
    ) -> None:
        """Keep what came of it."""
        lot_id = lot.id if isinstance(lot, LotFacts) else lot
        self.outcomes.append(
            Outcome(deed=deed, lot_id=lot_id, row_id=row_id, quantity=quantity, note=note[:200], flags=flags)
        )

    def named(self, line: Line, lot_id: int | None = None, quantity: Decimal | None = None) -> None:
        """Keep which lot something that it names led to, and how much of it."""
        self.mentions.append((line, lot_id, quantity))

    def has(self, lot: LotFacts) -> bool:
        """Whether the sender's organisation has a lot; the plant's people act for whoever has it."""
        return not self.by_partner or lot.partner_id == self.actor.partner_id

    def holds(self, lot: LotFacts) -> bool:
        """Whether the sender's own organisation has a lot."""
        return (lot.partner_id or lot.plant_id) == self.actor.organisation_id
