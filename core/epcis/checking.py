"""Whether an event or document has the form that EPCIS 2.0 §10.2 asks for, by our own rules. Pure.

What GS1's JSON Schema refuses and matters is refused here too; beyond it, times need their offset, numbers their
bounds, and words of other versions are named.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from core.epcis import vocabulary
from core.epcis.errors import (
    EventIsEmpty,
    IlmdOutOfPlace,
    NotAnEventTime,
    NotAnOffset,
    NotAUri,
    NotInVocabulary,
    PropertyMissing,
    PropertyUnknown,
    WrongShape,
)
from core.epcis.terms import Action, EventType
from core.kit.refusal import Refusal

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!#-;=?-\[\]_a-z~%]+")
_VERSION = re.compile(r"2(?:\.\d{1,3}){1,3}", re.ASCII)
_UOM = re.compile(r"[A-Z0-9]{2,3}")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_EARLIEST: Final = 1900
LONGEST: Final = 400
"""Characters of a URI or short text."""
_LONGEST_TEXT: Final = 4000
MOST_FAULTS: Final = 50
_WITH_PARENT: Final = (EventType.AGGREGATION, EventType.ASSOCIATION)
Check = Callable[["Findings", Any, str], None]


@dataclass(kw_only=True)
class Findings:
    """What is wrong: places in the event (JSON pointer) and why; the first ones are kept."""

    faults: list[tuple[str, Refusal]] = field(default_factory=list)

    def add(self, path: str, why: Refusal) -> None:
        """Keep one more."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append((path, why))


def moment(text: str) -> dt.datetime:
    """Read an instant with its offset (RFC 3339); finer than microseconds is cut.

    Raises:
        NotAnEventTime: it is none.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        raise NotAnEventTime(text=text[:40])
    try:
        at = dt.datetime.fromisoformat(f"{found[1]}.{(found[2] or '0')[:6]:0<6}{found[3]}").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise NotAnEventTime(text=text[:40]) from None
    if at.year < _EARLIEST:
        raise NotAnEventTime(text=text[:40])
    return at


def event(said: Any, *, alone: bool = False) -> list[tuple[str, Refusal]]:
    """Answer what is wrong with an event; one that comes alone names its context itself."""
    found = Findings()
    if not isinstance(said, Mapping):
        found.add("", WrongShape(wanted="event"))
        return found.faults
    if not isinstance(said.get("type"), str) or said["type"] not in set(EventType):
        found.add("/type", NotInVocabulary(text=str(said.get("type", ""))[:60]))
        return found.faults
    kind = EventType(said["type"])
    required = ["eventTime", "eventTimeZoneOffset", *_REQUIRED.get(kind, ("action",))]
    if alone:
        required.append("@context")
    _object(found, said, "", vocabulary.PROPERTIES[kind], _EVENT, required=required, of=kind.value)
    if not found.faults:
        _whole(found, said, kind)
    return found.faults


def document(said: Any) -> list[tuple[str, Refusal]]:
    """Answer what is wrong with a document around its events."""
    found = Findings()
    if not isinstance(said, Mapping):
        found.add("", WrongShape(wanted="EPCISDocument"))
        return found.faults
    required = ("@context", "type", "schemaVersion", "creationDate", "epcisBody")
    _object(found, said, "", vocabulary.DOCUMENT, _DOCUMENT, required=required, of="EPCISDocument")
    return found.faults


def _object(
    found: Findings,
    said: Any,
    path: str,
    names: Collection[str],
    checks: Mapping[str, Check],
    *,
    required: Collection[str] = (),
    of: str = "",
    closed: bool = False,
) -> None:
    if not isinstance(said, Mapping):
        found.add(path, WrongShape(wanted="object"))
        return
    for name in required:
        if name not in said:
            found.add(path, PropertyMissing(name=name))
    for name, value in said.items():
        place = f"{path}/{name.replace('~', '~0').replace('/', '~1')[:80]}"
        if name in names:
            if name in checks:
                checks[name](found, value, place)
        elif closed or _URI.fullmatch(name) is None:
            found.add(place, PropertyUnknown(name=name[:60], of=of or path.rpartition("/")[2]))


def _each(check: Check, *, least: int = 0, once: bool = False) -> Check:
    def checked(found: Findings, said: Any, path: str) -> None:
        if not isinstance(said, list):
            found.add(path, WrongShape(wanted="list"))
            return
        if len(said) < least:
            found.add(path, WrongShape(wanted="list with something in it"))
        if once and len({one for one in said if isinstance(one, str)}) < sum(
            isinstance(one, str) for one in said
        ):
            found.add(path, WrongShape(wanted="list that names each once"))
        for place, one in enumerate(said):
            check(found, one, f"{path}/{place}")

    return checked


def _text(found: Findings, said: Any, path: str) -> None:
    if not isinstance(said, str) or not said.strip() or len(said) > _LONGEST_TEXT:
        found.add(path, WrongShape(wanted="text"))


def _time(found: Findings, said: Any, path: str) -> None:
    try:
        moment(said if isinstance(said, str) else str(said))
    except NotAnEventTime as why:
        found.add(path, why)


def _offset(found: Findings, said: Any, path: str) -> None:
    if not isinstance(said, str) or _OFFSET.fullmatch(said) is None:
        found.add(path, NotAnOffset(text=str(said)[:40]))


def _uri(found: Findings, said: Any, path: str) -> None:
    if not isinstance(said, str) or len(said) > LONGEST or _URI.fullmatch(said) is None:
        found.add(path, NotAUri(text=str(said)[:60]))


def _blank(found: Findings, said: Any, path: str) -> None:
    """A URI, or a name that means something only inside the document (JSON-LD blank node)."""
    if not (isinstance(said, str) and re.fullmatch(r"_:[A-Za-z0-9._-]{1,80}", said)):
        _uri(found, said, path)


def _uris(found: Findings, said: Any, path: str) -> None:
    (_each(_uri) if isinstance(said, list) else _uri)(found, said, path)


def _number(found: Findings, said: Any, path: str) -> None:
    if not isinstance(said, Decimal):
        found.add(path, WrongShape(wanted="number"))


def _truth(found: Findings, said: Any, path: str) -> None:
    if not isinstance(said, bool):
        found.add(path, WrongShape(wanted="true or false"))


def _like(pattern: re.Pattern[str], wanted: str) -> Check:
    def checked(found: Findings, said: Any, path: str) -> None:
        if not isinstance(said, str) or len(said) > _LONGEST_TEXT or pattern.fullmatch(said) is None:
            found.add(path, WrongShape(wanted=wanted))

    return checked


def _word(words: Collection[str], kept: tuple[str, ...] = vocabulary.CBV) -> Check:
    """A word of a vocabulary, or a URI of one's own."""

    def checked(found: Findings, said: Any, path: str) -> None:
        own = isinstance(said, str) and len(said) <= LONGEST and _URI.fullmatch(said) is not None
        known = isinstance(said, str) and said in words
        if not known and (not own or str(said).startswith(kept)):
            found.add(path, NotInVocabulary(text=str(said)[:60]))

    return checked


def _one_of(words: Collection[str]) -> Check:
    def checked(found: Findings, said: Any, path: str) -> None:
        if not isinstance(said, str) or said not in words:
            found.add(path, NotInVocabulary(text=str(said)[:60]))

    return checked


def _fields(
    checks: Mapping[str, Check],
    *,
    required: Collection[str] = (),
    closed: bool = True,
    names: Collection[str] | None = None,
) -> Check:
    def checked(found: Findings, said: Any, path: str) -> None:
        _object(
            found,
            said,
            path,
            checks if names is None else names,
            checks,
            required=required,
            closed=closed,
        )

    return checked


def _context(found: Findings, said: Any, path: str) -> None:
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str):
            _uri(found, one, path)
        elif not isinstance(one, Mapping):
            found.add(path, WrongShape(wanted="context"))


def _extensions(found: Findings, said: Any, path: str) -> None:
    _object(found, said, path, (), {})


def _whole(found: Findings, said: Mapping[str, Any], kind: EventType) -> None:
    """Look at what must stand together, once each part is sound."""
    action = said.get("action")
    if "ilmd" in said and kind is EventType.OBJECT and action != Action.ADD:
        found.add("/ilmd", IlmdOutOfPlace())
    if kind in _WITH_PARENT and action != Action.OBSERVE and "parentID" not in said:
        found.add("", PropertyMissing(name="parentID"))
    wanted, there = _about(said, kind, deleted=action == Action.DELETE)
    if not there:
        found.add("", EventIsEmpty(wanted=wanted))


def _about(said: Mapping[str, Any], kind: EventType, *, deleted: bool) -> tuple[str, bool]:
    """Answer what an event of a kind is about, and whether this one says so."""
    match kind:
        case EventType.AGGREGATION | EventType.ASSOCIATION:
            there = said.get("childEPCs") or said.get("childQuantityList") or deleted
            return "childEPCs, childQuantityList", bool(there)
        case EventType.TRANSFORMATION:
            into = said.get("inputEPCList") or said.get("inputQuantityList")
            out = said.get("outputEPCList") or said.get("outputQuantityList")
            there = (into and out) or ("transformationID" in said and (into or out))
            return "inputQuantityList, outputQuantityList, transformationID", bool(there)
    sensed = kind is EventType.OBJECT and said.get("sensorElementList") and "readPoint" in said
    gone = kind is EventType.TRANSACTION and deleted
    return "epcList, quantityList", bool(said.get("quantityList") or sensed or gone or "epcList" in said)


_QUANTITY = _fields(
    {"epcClass": _uri, "quantity": _number, "uom": _like(_UOM, "code of UN/ECE Rec. 20")},
    required=("epcClass",),
)
_DISPOSITIONS = _each(_word(vocabulary.DISPOSITIONS), least=1, once=True)
_SET = _fields({"set": _DISPOSITIONS, "unset": _DISPOSITIONS})


def _persistent(found: Findings, said: Any, path: str) -> None:
    _SET(found, said, path)
    if isinstance(said, Mapping) and not said:
        found.add(path, PropertyMissing(name="set"))


def _party(name: str) -> Check:
    return _each(
        _fields({"type": _word(vocabulary.PARTIES), name: _uri}, required=("type", name)),
    )


_REPORT: Final[dict[str, Check]] = {
    **dict.fromkeys(vocabulary.REPORT_URIS, _uri),
    **dict.fromkeys(vocabulary.REPORT_NUMBERS, _number),
    "type": _word(vocabulary.MEASURES, vocabulary.WEB),
    "exception": _word(vocabulary.ALERTS, vocabulary.WEB),
    "time": _time,
    "component": _word(vocabulary.COMPONENTS),
    "stringValue": _text,
    "booleanValue": _truth,
    "hexBinaryValue": _like(_HEX, "hexadecimal text"),
    "uom": _text,
}
_SENSOR = _fields(
    {
        "sensorMetadata": _fields(
            {
                name: _time if name in ("time", "startTime", "endTime") else _uri
                for name in vocabulary.METADATA
            },
            closed=False,
        ),
        "sensorReport": _each(_fields(_REPORT, required=("type",), closed=False), least=1),
    },
    required=("sensorReport",),
    closed=False,
)
_AT = _fields({"id": _uri}, required=("id",), closed=False)
_DECLARATION = _fields(
    {
        "declarationTime": _time,
        "reason": _word(vocabulary.REASONS),
        "correctiveEventIDs": _each(_uri),
    },
    required=("declarationTime",),
    closed=False,
)
_REQUIRED: Final = {
    EventType.TRANSFORMATION: (),
    EventType.TRANSACTION: ("action", "bizTransactionList"),
    EventType.ASSOCIATION: ("action", "parentID"),
}
_EVENT: Final[dict[str, Check]] = {
    "@context": _context,
    "eventTime": _time,
    "recordTime": _time,
    "eventTimeZoneOffset": _offset,
    "eventID": _uri,
    "certificationInfo": _uris,
    "errorDeclaration": _DECLARATION,
    "action": _one_of(set(Action)),
    "epcList": _each(_uri, once=True),
    "childEPCs": _each(_uri, once=True),
    "inputEPCList": _each(_uri, once=True),
    "outputEPCList": _each(_uri, once=True),
    "quantityList": _each(_QUANTITY),
    "childQuantityList": _each(_QUANTITY),
    "inputQuantityList": _each(_QUANTITY),
    "outputQuantityList": _each(_QUANTITY),
    "parentID": _uri,
    "transformationID": _uri,
    "bizStep": _word(vocabulary.BIZ_STEPS),
    "disposition": _word(vocabulary.DISPOSITIONS),
    "persistentDisposition": _persistent,
    "readPoint": _AT,
    "bizLocation": _AT,
    "bizTransactionList": _each(
        _fields(
            {"type": _word(vocabulary.TRANSACTIONS), "bizTransaction": _uri}, required=("bizTransaction",)
        ),
    ),
    "sourceList": _party("source"),
    "destinationList": _party("destination"),
    "sensorElementList": _each(_SENSOR),
    "ilmd": _extensions,
}
_DOCUMENT: Final[dict[str, Check]] = {
    "@context": _context,
    "id": _blank,
    "type": _one_of({"EPCISDocument"}),
    "schemaVersion": _like(_VERSION, "version of EPCIS 2"),
    "creationDate": _time,
    "instanceIdentifier": _text,
    "sender": _text,
    "receiver": _text,
    "epcisHeader": _fields({"epcisMasterData": lambda *_: None}, closed=False),
    "epcisBody": _fields({"eventList": _each(lambda *_: None)}, required=("eventList",), closed=True),
}
