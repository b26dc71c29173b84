"""EPCIS 2.0: events of partners and of the plant, kept as they were sent, and what they mean for lots and links.

An event comes in once. It is checked, understood, and done by the verbs of lots, orders and conditions, whole documents
or none; holds, quantities and rights are theirs. What is done here by other doors is told as events of the same kind.
The plant's people see every event; a partner's its own, and those that concern it.
"""

from __future__ import annotations

from core.epcis.capturing import bring, capture, capture_event
from core.epcis.checking import moment
from core.epcis.errors import CaptureRefused, EventUnknown
from core.epcis.exporting import genealogy, query_document
from core.epcis.places import places, places_to_record, record_place
from core.epcis.queries import capture_of, captures, contents_of, event, events, events_on, held_of
from core.epcis.reading import is_kind
from core.epcis.telling import tell_due
from core.epcis.terms import (
    Action,
    Behaviour,
    CaptureFacts,
    Deed,
    DeedFacts,
    EventFacts,
    EventType,
    Fault,
    HeldFacts,
    Holding,
    PlaceFacts,
    Role,
    Wanted,
)

__all__ = [
    "Action",
    "Behaviour",
    "CaptureFacts",
    "CaptureRefused",
    "Deed",
    "DeedFacts",
    "EventFacts",
    "EventType",
    "EventUnknown",
    "Fault",
    "HeldFacts",
    "Holding",
    "PlaceFacts",
    "Role",
    "Wanted",
    "bring",
    "capture",
    "capture_event",
    "capture_of",
    "captures",
    "contents_of",
    "event",
    "events",
    "events_on",
    "genealogy",
    "held_of",
    "is_kind",
    "moment",
    "places",
    "places_to_record",
    "query_document",
    "record_place",
    "tell_due",
]
