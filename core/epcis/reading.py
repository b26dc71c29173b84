"""From a document to events that are whole, or to everything that is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.epcis import checking, epcs, hashing, notation
from core.epcis.errors import CaptureRefused, DocumentTooLarge
from core.epcis.terms import Action, Event, EventType, Fault, Line, Role
from core.kit.refusal import Refusal

MOST_EVENTS: Final = 5_000
MOST_NAMED: Final = 50_000
"""Things that the events of one document name."""
_OUTSIDE: Final = ("@context", "recordTime", "errorDeclaration", "eventID")
_LISTS: Final = {
    "epcList": Role.EPC, "childEPCs": Role.CHILD, "inputEPCList": Role.INPUT, "outputEPCList": Role.OUTPUT,
}  # fmt: skip
_AMOUNTS: Final = {
    "quantityList": Role.EPC, "childQuantityList": Role.CHILD, "inputQuantityList": Role.INPUT,
    "outputQuantityList": Role.OUTPUT,
}  # fmt: skip
_DOCUMENTS: Final = {"EPCISDocument", "EPCISQueryDocument"}
_QUERY: Final = ("epcisBody", "queryResults", "resultsBody", "eventList")


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a document holds: sound events by their place, what is wrong with the others, and its own digest."""

    events: tuple[tuple[int, Event], ...]
    faults: tuple[Fault, ...]
    digest: str
    count: int


def is_kind(name: object) -> bool:
    """Whether the type of an object is one of EPCIS."""
    return isinstance(name, str) and (name in set(EventType) or name in _DOCUMENTS)


def read(raw: bytes | str) -> Read:
    """Read an event, a list of events or a document (EPCISDocument, EPCISQueryDocument).

    Raises:
        CaptureRefused: the document as a whole is none; faults of its events are answered.
    """
    try:
        said = notation.read(raw)
        context, found, faults = _around(said)
        if len(found) > MOST_EVENTS:
            raise DocumentTooLarge(most=MOST_EVENTS, what="events")
    except Refusal as why:
        raise CaptureRefused([Fault(index=None, path="", why=why)]) from None
    events: list[tuple[int, Event]] = []
    named = 0
    for index, one in enumerate(found):
        wrong = checking.event(one, alone=one is said)
        if not wrong:
            try:
                event = understood(one, context)
                named += len(event.lines)
                events.append((index, event))
            except Unfit as unfit:
                wrong = [(unfit.path, unfit.why)]
        faults += [Fault(index=index, path=path, why=why) for path, why in wrong]
        if named > MOST_NAMED:
            too_many = DocumentTooLarge(most=MOST_NAMED, what="EPCs")
            raise CaptureRefused([Fault(index=None, path="", why=too_many)])
    return Read(events=tuple(events), faults=tuple(faults), digest=notation.digest(said), count=len(found))


def _around(said: Any) -> tuple[Any, list[Any], list[Fault]]:
    """Answer context, events and faults of what stands around them."""
    if isinstance(said, list):
        return None, said, []
    kind = said.get("type") if isinstance(said, Mapping) else None
    if isinstance(kind, str) and kind in set(EventType):
        return said.get("@context"), [said], []
    if kind == "EPCISQueryDocument":
        inner: Any = said
        for name in _QUERY:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        said = {
            **{name: one for name, one in said.items() if name != "epcisBody"},
            "type": "EPCISDocument",
            "schemaVersion": said.get("schemaVersion", "2.0"),
            "creationDate": said.get("creationDate", "2000-01-01T00:00:00Z"),
            "epcisBody": {"eventList": inner},
        }
    wrong = checking.document(said)
    if wrong:
        return None, [], [Fault(index=None, path=path, why=why) for path, why in wrong]
    return said["@context"], list(said["epcisBody"]["eventList"]), []


class Unfit(Exception):  # noqa: N818  it carries a refusal to its place
    """An identifier that is unsound."""

    def __init__(self, path: str, why: Refusal) -> None:
        """Keep its place in the event, and why."""
        super().__init__(path)
        self.path, self.why = path, why


def understood(said: Mapping[str, Any], context: Any = None) -> Event:
    """Answer an event that is checked, with what it names told apart.

    Raises:
        Unfit: an identifier follows the name of a scheme, but not its rules.
    """
    declaration = said.get("errorDeclaration")
    hashed = said if "@context" in said or context is None else {**said, "@context": context}
    lasting = said.get("persistentDisposition", {}).get("set", [])
    return Event(
        body=said,
        type=EventType(said["type"]),
        action=Action(said["action"]) if "action" in said else None,
        event_time=checking.moment(said["eventTime"]),
        offset=said["eventTimeZoneOffset"],
        event_id=said.get("eventID") or hashing.event_id(hashed),
        digest=notation.digest({name: one for name, one in said.items() if name not in _OUTSIDE}),
        lines=tuple(_lines(said)),
        context=None if "@context" in said else context,
        biz_step=said.get("bizStep", ""),
        dispositions=tuple(one for one in [said.get("disposition", ""), *lasting] if one),
        declared=None if declaration is None else checking.moment(declaration["declarationTime"]),
    )


def _lines(said: Mapping[str, Any]) -> Iterator[Line]:
    if "parentID" in said:
        yield _line(Role.PARENT, said["parentID"], None, "", "/parentID")
    for name, role in _LISTS.items():
        for place, one in enumerate(said.get(name, ())):
            yield _line(role, one, None, "", f"/{name}/{place}")
    for name, role in _AMOUNTS.items():
        for place, one in enumerate(said.get(name, ())):
            yield _line(role, one["epcClass"], one.get("quantity"), one.get("uom", ""), f"/{name}/{place}")


def _line(role: Role, uri: str, quantity: Decimal | None, uom: str, path: str) -> Line:
    try:
        return Line(role=role, named=epcs.read(uri), quantity=quantity, uom=uom, path=path)
    except Refusal as why:
        raise Unfit(path, why) from None
