"""Words and frozen values of the EPCIS room: events, what they name, what came of them (GS1 EPCIS 2.0 and CBV 2.0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.kit.provenance import Flag
from core.kit.refusal import Refusal
from core.kit.said import Said

Json = Mapping[str, Any]
"""An object as it came: names in their order, numbers as whole numbers or decimals."""


class EventType(Said):
    """The five kinds of event (EPCIS 2.0 §7.4)."""

    OBJECT = "ObjectEvent", "Object event"
    AGGREGATION = "AggregationEvent", "Aggregation event"
    TRANSACTION = "TransactionEvent", "Transaction event"
    TRANSFORMATION = "TransformationEvent", "Transformation event"
    ASSOCIATION = "AssociationEvent", "Association event"


class Action(StrEnum):
    """How an event stands to the life of what it names (EPCIS 2.0 §7.3.2)."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


class Role(StrEnum):
    """As what an event names something."""

    EPC = "epc"
    PARENT = "parent"
    CHILD = "child"
    INPUT = "input"
    OUTPUT = "output"


class Key(StrEnum):
    """What an identifier stands for."""

    LOT = "lot"
    SERIAL = "serial"
    CLASS = "class"
    """A kind of article without a lot."""
    CARRIER = "carrier"
    """A logistic unit: SSCC."""
    PLACE = "place"
    PARTY = "party"
    ASSET = "asset"
    OTHER = "other"


class Holding(Said):
    """Why something is kept together with its parent."""

    PACKED = "packed", "packed in"
    ASSOCIATED = "associated", "attached to"


class Deed(Said):
    """What came of an event in our records."""

    MADE = "made", "Lot recorded"
    SERIALS = "serials", "Serial numbers recorded"
    PRODUCED = "produced", "Lots produced"
    CONSUMED = "consumed", "Material used up"
    WAITING = "waiting", "Inputs wait for the outputs of their transformation"
    SHIPPED = "shipped", "Shipment sent"
    RECEIVED = "received", "Shipment received"
    MOVED = "moved", "Lot moved"
    PACKED = "packed", "Packed or attached"
    UNPACKED = "unpacked", "Unpacked or detached"
    QUARANTINED = "quarantined", "Lot put in quarantine"
    SCRAPPED = "scrapped", "Lot scrapped"
    MEASURED = "measured", "Environment series recorded"
    READ = "read", "Readings recorded"
    FLAGGED = "flagged", "Doubt kept and shown"
    NOTED = "noted", "Kept; nothing changed"


class Behaviour(StrEnum):
    """What becomes of a document with an event that cannot be taken (EPCIS 2.0 §12, GS1-Capture-Error-Behaviour)."""

    ROLLBACK = "rollback"
    PROCEED = "proceed"


@dataclass(frozen=True, kw_only=True)
class Named:
    """An identifier as it was written, and what it means; ``uri`` is the one form that all writings share."""

    key: Key
    uri: str
    written: str
    device: str = ""
    """GTIN with fourteen digits, or the code of a product in our own form."""
    lot: str = ""
    serial: str = ""
    code: str = ""
    """SSCC, GLN (with extension), asset number, or the code in our own form."""
    own: bool = False
    """In our own form (``urn:x-bihuan:``): product and lot by their codes here."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that an event names: which, as what, how much of it; ``path`` is its place in the event."""

    role: Role
    named: Named
    quantity: Decimal | None
    uom: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event that is whole: checked, times read, everything named in it told apart."""

    body: Json
    type: EventType
    action: Action | None
    event_time: dt.datetime
    offset: str
    event_id: str
    digest: str
    """SHA-256 over its content, whatever the order of its names."""
    lines: tuple[Line, ...]
    biz_step: str
    dispositions: tuple[str, ...]
    """Its disposition, and those it sets for longer."""
    context: Any = None
    """What its document says of the prefixes of extensions (JSON-LD)."""
    declared: dt.datetime | None = None
    """It says that the event of this id was wrong, and since when (EPCIS 2.0 §7.4.1.2)."""

    def of(self, role: Role) -> list[Line]:
        """Answer what it names in a role."""
        return [one for one in self.lines if one.role is role]

    def text(self, name: str) -> str:
        """Answer a plain text of it, empty where it has none."""
        value = self.body.get(name, "")
        return value if isinstance(value, str) else ""

    def place(self, name: str) -> str:
        """Answer the id of its read point or business location."""
        value = self.body.get(name)
        return str(value["id"]) if isinstance(value, Mapping) else ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong: in which event (from 0; None: the document), where in it (JSON pointer, RFC 6901), and why."""

    index: int | None
    path: str
    why: Refusal


@dataclass(frozen=True, kw_only=True)
class DeedFacts:
    """What came of an event: the deed, the lot, the row of ours that it made, and doubts."""

    deed: Deed
    lot_id: int | None
    lot_number: str
    row_id: int | None
    note: str
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """A kept event as its readers see it."""

    id: int
    event_id: str
    organisation_id: int
    type: EventType
    action: Action | None
    event_time: dt.datetime
    record_time: dt.datetime
    biz_step: str
    disposition: str
    body: str
    """As it was sent, with its names in their order."""
    context: str
    """What its document said of prefixes; empty where it says so itself, or nothing."""
    digest: str
    voided: bool
    """An error declaration of its sender took it back."""
    told: bool
    """It tells what people or programs did here by other doors; nobody sent it."""
    deeds: tuple[DeedFacts, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaptureFacts:
    """A capture job (EPCIS 2.0 §12): a document that came in, and what became of it."""

    id: int
    number: str
    organisation_id: int
    behaviour: Behaviour
    events: int
    """Events kept by it."""
    known: int
    """Events that had come before, with the same content."""
    errors: tuple[Mapping[str, Any], ...]
    digest: str
    made_at: dt.datetime

    @property
    def success(self) -> bool:
        """Whether every event was taken."""
        return not self.errors


@dataclass(frozen=True, kw_only=True)
class HeldFacts:
    """Something inside or at its parent, with the events that say so."""

    holding: Holding
    parent: str
    child: str
    lot_id: int | None
    lot_number: str
    serial: str
    quantity: Decimal | None
    unit: str
    since: dt.datetime
    until: dt.datetime | None
    event_id: str


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """Whose place or party an identifier is; without a site it is the organisation's as a whole."""

    id: int
    uri: str
    organisation_id: int
    site_id: int | None
    name: str
    recorded_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a query asks for (EPCIS 2.0 §8.2.7.1); empty fields ask for nothing."""

    types: tuple[str, ...] = ()
    event_from: dt.datetime | None = None
    event_before: dt.datetime | None = None
    record_from: dt.datetime | None = None
    record_before: dt.datetime | None = None
    actions: tuple[str, ...] = ()
    biz_steps: tuple[str, ...] = ()
    dispositions: tuple[str, ...] = ()
    read_points: tuple[str, ...] = ()
    biz_locations: tuple[str, ...] = ()
    event_ids: tuple[str, ...] = ()
    transformations: tuple[str, ...] = ()
    epcs: tuple[tuple[tuple[Role | None, ...], tuple[str, ...]], ...] = ()
    """Roles (None: any) and identifiers, one of which stands in one of them."""
    declared: bool | None = None
