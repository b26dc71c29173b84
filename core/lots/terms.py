"""Words and frozen values of the lots room: what a lot is, where it went, what stopped it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from core.kit.canonical import decimal_text
from core.kit.quantity import Quantity
from core.kit.said import Said
from core.products.terms import ProductFacts


class LotStatus(Said):
    """What may be done with a lot now; the member's text is the English word that people see."""

    AVAILABLE = "available", "Available"
    ON_HOLD = "on_hold", "On hold"
    QUARANTINED = "quarantined", "Quarantined"
    RELEASED = "released", "Released"
    SCRAPPED = "scrapped", "Scrapped"
    SHIPPED = "shipped", "Shipped"
    WITHDRAWN = "withdrawn", "Withdrawn (import undone)"


class OperationKind(Said):
    """What is done to lots. What is lost on the way becomes a scrapped lot of its own, so nothing disappears."""

    SPLIT = "split", "Split"
    MERGE = "merge", "Merged"
    REWORK = "rework", "Reworked"
    CONSUME = "consume", "Used up"
    PRODUCE = "produce", "Produced"


class Step(StrEnum):
    """What may be done with a lot, where its status allows it."""

    QUARANTINE = "quarantine"
    CLEAR = "clear"
    """Out of quarantine again."""
    RELEASE = "release"
    SCRAP = "scrap"
    SHIP = "ship"
    SPLIT = "split"
    MERGE = "merge"
    REWORK = "rework"
    USE = "use"
    """Into another lot."""


class Whereabouts(Said):
    """Where a lot is now, answered from what is recorded of it."""

    IN_STOCK = "in_stock", "in stock"
    AT_PARTNER = "at_partner", "at a partner"
    IN_TRANSIT = "in_transit", "on its way"
    SHIPPED = "shipped", "shipped to a customer"
    USED_UP = "used_up", "used up"
    SCRAPPED = "scrapped", "scrapped"


class Disposition(Said):
    """What is decided about a held lot (ISO 13485 8.3; ISO 9000 3.12)."""

    RELEASE = "release", "Release"
    REWORK = "rework", "Rework"
    USE_AS_IS = "use_as_is", "Use as is (concession)"
    SCRAP = "scrap", "Scrap"
    RETURN = "return", "Return to supplier"
    SORT = "sort", "Sort"


class Direction(StrEnum):
    """On which side of the traced lot a node lies."""

    ROOT = "root"
    UP = "up"
    """Went into it: material, components, earlier steps."""
    DOWN = "down"
    """Was made from it: later steps, finished lots."""


class Way(StrEnum):
    """Which way a trace looks."""

    UP = "up"
    DOWN = "down"
    BOTH = "both"

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Answer the directions to walk, origin first."""
        return (Direction.UP, Direction.DOWN) if self is Way.BOTH else (Direction(self.value),)


@dataclass(frozen=True, kw_only=True)
class NewLot:
    """A lot as it is brought in: ``product`` is a code, ``made_at`` is aware, ``organisation_id`` made it."""

    number: str
    product: str
    organisation_id: int
    quantity: Decimal
    unit: str
    made_at: dt.datetime
    partner_id: int | None = None
    site_id: int | None = None
    place: str = ""
    process: str = ""
    status: LotStatus = LotStatus.AVAILABLE
    expires_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class NewLink:
    """How much of an input lot went into an output lot, both by number; counted in the input's unit."""

    parent: str
    child: str
    quantity: Decimal
    unit: str
    at: dt.datetime
    process: str = ""


@dataclass(frozen=True, kw_only=True)
class LotFacts:
    """A lot as its readers see it. ``partner_id`` is the organisation it is at or shared with."""

    id: int
    plant_id: int
    number: str
    product: ProductFacts
    organisation_id: int
    organisation_zh: str
    organisation_en: str
    partner_id: int | None
    site_id: int | None
    place: str
    quantity: Decimal
    unit: str
    status: LotStatus
    made_at: dt.datetime
    process: str
    expires_on: dt.date | None = None

    @property
    def status_says(self) -> str:
        """Answer the status as an English word, to be translated where it is shown."""
        return self.status.says

    def maker(self, locale: str) -> str:
        """Answer the name of the organisation that made the lot, in the reader's language."""
        wanted, other = (
            (self.organisation_en, self.organisation_zh)
            if locale.startswith("en")
            else (self.organisation_zh, self.organisation_en)
        )
        return wanted or other


@dataclass(frozen=True, kw_only=True)
class TraceLink:
    """One recorded step between two traced lots."""

    id: int
    parent_id: int
    child_id: int
    quantity: Decimal
    unit: str
    process: str


@dataclass(frozen=True, kw_only=True)
class LinkFacts(TraceLink):
    """A link with when it was, the operation that it belongs to, and how that is known (empty: a raw record)."""

    at: dt.datetime
    operation_id: int | None
    source: str
    source_ref: str


@dataclass(frozen=True, kw_only=True)
class Carried:
    """An exact amount that may have no finite decimals, and its unit."""

    amount: Fraction
    unit: str

    @property
    def rounded(self) -> Decimal:
        """Answer the amount in millionths, rounded to even."""
        return Decimal(round(self.amount * 10**6)).scaleb(-6)

    @property
    def exact(self) -> bool:
        """Answer whether the decimals say all of it."""
        return Fraction(self.rounded) == self.amount

    def __str__(self) -> str:
        """Write amount and unit; rounded ones begin with ``≈``."""
        return f"{'' if self.exact else '≈ '}{decimal_text(self.rounded)} {self.unit}"


@dataclass(frozen=True, kw_only=True)
class TraceNode:
    """A lot on the genealogy, once per direction.

    ``depth`` counts the fewest steps from the traced lot. ``contributed`` sums the links between this lot and
    traced lots one step nearer or anywhere else on the trace, each link once, per unit: downwards what flowed
    into the lot, upwards what flowed out of it. ``carried`` is how much of the traced lot is in this one
    (downwards, in the traced lot's unit) or how much of this one is in the traced lot (upwards, in its own unit),
    carried through every split and merge; None where the records do not tell. ``left`` is the lot's quantity less
    everything recorded as taken from it in its own unit, never below zero; None upwards, where it is not asked.
    """

    lot: LotFacts
    direction: Direction
    depth: int
    contributed: tuple[Quantity, ...] = ()
    carried: Carried | None = None
    left: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Genealogy:
    """A traced lot with its relatives: the root, upward nodes by depth, downward nodes by depth.

    A large one lists the nearest lots and the held ones with the way to them; ``folded`` counts, for a direction
    and a listed lot, the lots beyond it that are not listed, and how many of those are held. ``stopped`` are held
    lots beyond which nothing was walked, because that was asked for.
    """

    root: TraceNode
    nodes: tuple[TraceNode, ...]
    links: tuple[TraceLink, ...]
    folded: Mapping[tuple[Direction, int], tuple[int, int]] = field(default_factory=dict)
    stopped: frozenset[int] = frozenset()
    as_of: dt.datetime | None = None
    told: Mapping[tuple[Direction, int], tuple[str, ...]] = field(default_factory=dict)
    """By whom the links of a lot towards the traced one were told, where no person recorded them; on demand only."""

    def side(self, direction: Direction) -> tuple[TraceNode, ...]:
        """Answer the nodes on one side, nearest first, without the root."""
        return tuple(node for node in self.nodes if node.direction is direction)

    def count(self, direction: Direction) -> int:
        """Answer how many lots lie on one side, listed or not."""
        beyond = sum(lots for (side, _), (lots, _held) in self.folded.items() if side is direction)
        return sum(node.direction is direction for node in self.nodes) + beyond

    @property
    def unlisted(self) -> int:
        """How many lots it counts without listing them."""
        return sum(lots for lots, _held in self.folded.values())


@dataclass(frozen=True, kw_only=True)
class Total:
    """Lots of one place or one status, and what is left of them per unit."""

    name: str
    lots: int
    held: int
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Everything that a suspect lot reached, itself included, and where what is left of it lies.

    Quantities count what is left (``TraceNode.left``), so what went on into a later lot counts there only.
    """

    genealogy: Genealogy
    lots: int
    held: int
    used_up: int
    quantities: tuple[Quantity, ...]
    by_place: tuple[Total, ...]
    by_status: tuple[Total, ...]

    @property
    def nodes(self) -> tuple[TraceNode, ...]:
        """Answer the reached lots, the suspect one first, then nearest first."""
        return self.genealogy.nodes

    @property
    def totals(self) -> tuple[tuple[str, Decimal], ...]:
        """Answer what is left in all, as pairs of unit and amount."""
        return tuple((quantity.unit, quantity.amount) for quantity in self.quantities)


@dataclass(frozen=True, kw_only=True)
class HoldFacts:
    """A hold: who stopped which lot for which case, and what was decided (``decision`` None while open)."""

    id: int
    plant_id: int
    lot_id: int
    lot_number: str
    case_number: str
    reason: str
    placed_by: int | None
    placed_at: dt.datetime
    status_before: LotStatus
    decision: Disposition | None = None
    decision_reason: str = ""
    decided_by: int | None = None
    decided_at: dt.datetime | None = None
    signature_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """So much of a lot goes into an operation; without a unit it is counted in the lot's own, None is all of it."""

    lot: str
    quantity: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A lot that comes out of an operation; ``scrap`` is what was lost: a scrapped lot of its own."""

    number: str
    quantity: Decimal
    place: str = ""
    scrap: bool = False


@dataclass(frozen=True, kw_only=True)
class Take:
    """A lot that is drawn on, for policy: what is left of it, and how much is asked for in its own unit."""

    lot: LotFacts
    left: Decimal
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class OperationFacts:
    """What was done to which lots."""

    id: int
    kind: OperationKind
    process: str
    reason: str
    at: dt.datetime
    recorded_at: dt.datetime
    person_id: int | None
    links: tuple[TraceLink, ...]
    source: str = "person"
    source_ref: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShipmentFacts:
    """A lot sent to an organisation of the plant, or to a customer."""

    id: int
    lot_id: int
    lot_number: str
    quantity: Decimal
    unit: str
    sender_id: int
    from_place: str
    receiver_id: int | None
    customer: str
    carrier_id: int | None
    document: str
    sent_at: dt.datetime
    due_at: dt.datetime | None
    received_at: dt.datetime | None
    received_quantity: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where a lot is now: ``organisation_id`` has it (None: a customer, or nobody), ``left`` is left of it."""

    where: Whereabouts
    lot: LotFacts
    place: str
    organisation_id: int | None
    left: Decimal
    since: dt.datetime | None = None
    shipment: ShipmentFacts | None = None
