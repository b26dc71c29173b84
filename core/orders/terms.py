"""Words and frozen values of the orders room: outsourcing orders, their stages, transport and handovers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kit.said import Said
from core.products.terms import ProductFacts


class OrderState(Said):
    """Where an outsourcing order stands."""

    PLANNED = "planned", "planned"
    PLACED = "placed", "placed"
    RUNNING = "running", "in work"
    COMPLETED = "completed", "completed"
    CANCELLED = "cancelled", "cancelled"


class StageKind(Said):
    """What a stage of an order is."""

    INCOMING = "incoming", "Incoming"
    PROCESS = "process", "Process step"
    INSPECTION = "inspection", "Inspection"
    PACKING = "packing", "Packing"
    TRANSPORT = "transport", "Transport"
    RECEIPT = "receipt", "Receipt"


class StageState(Said):
    """Where a stage stands."""

    PLANNED = "planned", "planned"
    RUNNING = "running", "in work"
    DONE = "done", "done"
    SKIPPED = "skipped", "left out"


class Flow(Said):
    """Whether a lot goes into a stage or comes out of it."""

    IN = "in", "in"
    OUT = "out", "out"


@dataclass(frozen=True, kw_only=True)
class NewStage:
    """A stage as it is planned; ``partner_id`` None is the own plant, ``process`` a code of the list of stages."""

    kind: StageKind
    process: str = ""
    partner_id: int | None = None
    site_id: int | None = None
    planned_start: dt.datetime | None = None
    planned_end: dt.datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """An outsourcing order as it is planned: ``product`` is a code, stages in their order."""

    product: str
    quantity: Decimal
    stages: tuple[NewStage, ...]
    due_at: dt.datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StageLotFacts:
    """A lot that went into a stage or came out of it."""

    lot_id: int
    lot_number: str
    flow: Flow
    quantity: Decimal
    unit: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class StageFacts:
    """A stage with its lots."""

    id: int
    order_id: int
    order_number: str
    position: int
    kind: StageKind
    process: str
    partner_id: int | None
    site_id: int | None
    planned_start: dt.datetime | None
    planned_end: dt.datetime | None
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    state: StageState
    note: str
    lots: tuple[StageLotFacts, ...] = ()

    @property
    def code(self) -> str:
        """The stage in the words of reports: what ``interface_from`` and ``interface_to`` of a case hold."""
        return self.process or self.kind.value

    def late(self, now: dt.datetime) -> bool:
        """Whether it should have ended by now, or ended late."""
        if self.planned_end is None or self.state is StageState.SKIPPED:
            return False
        return (self.ended_at or now) > self.planned_end


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """An outsourcing order with the stages that its reader may see."""

    id: int
    plant_id: int
    number: str
    product: ProductFacts
    quantity: Decimal
    unit: str
    state: OrderState
    due_at: dt.datetime | None
    note: str
    planned_at: dt.datetime
    ended_at: dt.datetime | None
    reason: str
    stages: tuple[StageFacts, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LegFacts:
    """A leg of a transport: who drives what from where to where, planned and in fact, and how the seal was found."""

    id: int
    stage_id: int | None
    shipment_id: int | None
    carrier_id: int | None
    vehicle: str
    from_place: str
    to_place: str
    planned_departure: dt.datetime | None
    planned_arrival: dt.datetime | None
    departed_at: dt.datetime | None
    arrived_at: dt.datetime | None
    seal: str
    seal_found: str

    @property
    def seal_intact(self) -> bool | None:
        """Whether the seal at arrival was the one at departure; None before arrival or without a seal."""
        if self.arrived_at is None or not self.seal:
            return None
        return self.seal == self.seal_found


@dataclass(frozen=True, kw_only=True)
class HandoverFacts:
    """Goods given from one party to another; the second party confirms what the first recorded."""

    id: int
    stage_id: int | None
    leg_id: int | None
    lot_id: int | None
    giver_id: int
    giver_name: str
    taker_id: int
    taker_name: str
    at: dt.datetime
    place: str
    quantity: Decimal | None
    unit: str
    seal: str
    condition: str
    recorded_by: int | None
    recorded_for: int
    confirmed_by: int | None
    confirmed_at: dt.datetime | None
