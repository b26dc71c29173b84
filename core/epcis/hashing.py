"""The id of an event that came without one: its hash (CBV 2.0 §8.9), the same whoever computes it. Pure.

Names and values of an event, in the order of the standard, form one text: times in UTC with milliseconds, numbers
without needless zeros, identifiers as canonical Digital Links, words of CBV as web addresses, list members sorted.
Id, record time, error declaration and certification stay outside; what the sender added comes last.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from core.epcis import checking, epcs
from core.kit.refusal import Refusal

_ORDER: Final = (
    "eventTime", "eventTimeZoneOffset", "epcList", "parentID", "inputEPCList", "childEPCs", "quantityList",
    "childQuantityList", "inputQuantityList", "outputEPCList", "outputQuantityList", "action",
    "transformationID", "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation",
    "bizTransactionList", "sourceList", "destinationList", "sensorElementList",
)  # fmt: skip
_LATE: Final = ("ilmd",)
_OUTSIDE: Final = {"@context", "type", "eventID", "recordTime", "errorDeclaration", "certificationInfo"}
_METADATA: Final = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
)  # fmt: skip
_REPORT: Final = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
    "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue",
    "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
_CBV: Final = "https://ref.gs1.org/cbv/"
_VOCABULARIES: Final = {
    "bizStep": "BizStep-", "disposition": "Disp-", "set": "Disp-", "unset": "Disp-", "bizTransaction": "BTT-",
    "source": "SDT-", "destination": "SDT-", "component": "Comp-",
}  # fmt: skip
_MEASURE: Final = "https://ref.gs1.org/voc/"
_TIMES: Final = {"time", "startTime", "endTime", "eventTime"}


def event_id(said: Mapping[str, Any]) -> str:
    """Answer the id of an event as its hash, in the form of RFC 6920."""
    found = hashlib.sha256(text(said).encode()).hexdigest()
    return f"ni:///sha-256;{found}?ver=CBV2.0"


def text(said: Mapping[str, Any]) -> str:
    """Answer the text that is hashed."""
    spaces = _spaces(said.get("@context"))
    parts = [f"eventType={said['type']}"]
    for name in _ORDER:
        if name in said:
            parts += _property(name, said[name])
    for name in _LATE:
        if name in said:
            parts.append(name)
            parts += sorted(_extensions(said[name], spaces))
    known = {*_ORDER, *_LATE, *_OUTSIDE}
    parts += sorted(_extensions({name: one for name, one in said.items() if name not in known}, spaces))
    return "".join(parts)


def _property(name: str, value: Any) -> Iterator[str]:
    if name.endswith("EPCList") or name in ("epcList", "childEPCs"):
        yield name
        yield from sorted(f"epc={_identifier(one)}" for one in value)
    elif name.endswith("uantityList"):
        yield name
        yield from sorted(_quantity(one) for one in value)
    elif name in ("readPoint", "bizLocation"):
        yield f"{name}id={_identifier(value['id'])}"
    elif name == "persistentDisposition":
        yield name
        for part in ("set", "unset"):
            yield from sorted(f"{part}={_word(part, one)}" for one in value.get(part, ()))
    elif name in ("bizTransactionList", "sourceList", "destinationList"):
        yield name
        yield from sorted(_typed(name.removesuffix("List"), one) for one in value)
    elif name == "sensorElementList":
        yield from sorted(_sensor(one) for one in value)
    else:
        yield f"{name}={_value(name, value)}"


def _quantity(said: Mapping[str, Any]) -> str:
    parts = ["quantityElement", f"epcClass={_identifier(said['epcClass'])}"]
    parts += [f"{name}={_value(name, said[name])}" for name in ("quantity", "uom") if name in said]
    return "".join(parts)


def _typed(name: str, said: Mapping[str, Any]) -> str:
    kind = f"type={_word(name, said['type'])}" if "type" in said else ""
    return f"{kind}{name}={_identifier(said[name])}"


def _sensor(said: Mapping[str, Any]) -> str:
    parts = ["sensorElement"]
    metadata = said.get("sensorMetadata")
    if metadata is not None:
        parts.append("sensorMetadata")
        parts += [f"{name}={_value(name, metadata[name])}" for name in _METADATA if name in metadata]
    reports = sorted(
        "sensorReport"
        + "".join(
            f"{name}={_measure(report[name]) if name == 'type' else _value(name, report[name])}"
            for name in _REPORT
            if name in report
        )
        for report in said["sensorReport"]
    )
    return "".join([*parts, *reports])


def _measure(word: str) -> str:
    return word if ":" in word else f"{_MEASURE}{word}"


def _word(name: str, value: str) -> str:
    return value if ":" in value else f"{_CBV}{_VOCABULARIES[name]}{value}"


def _identifier(value: str) -> str:
    try:
        return epcs.read(value).uri
    except Refusal:
        return value


def _value(name: str, value: Any) -> str:
    if name in _TIMES and isinstance(value, str):
        return _time(value)
    if isinstance(value, Decimal):
        return "0" if value == 0 else format(value.normalize(), "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    said = str(value).strip()
    if name in _VOCABULARIES:
        return _word(name, said)
    return _identifier(said) if ":" in said else said


def _time(text_: str) -> str:
    at = checking.moment(text_)
    thousandths = dt.timedelta(milliseconds=round(at.microsecond / 1000))
    return (at.replace(microsecond=0) + thousandths).isoformat(timespec="milliseconds")[:-6] + "Z"


def _spaces(context: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in context if isinstance(context, list) else [context]:
        if isinstance(one, Mapping):
            found |= {name: space for name, space in one.items() if isinstance(space, str)}
    return found


def _extensions(said: Any, spaces: Mapping[str, str]) -> Iterator[str]:
    """Every name of the sender's with what stands under it."""
    for name, value in said.items():
        full = _expanded(str(name), spaces)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                yield full + "".join(sorted(_extensions(one, spaces)))
            else:
                yield f"{full}={_value('', one)}"


def _expanded(name: str, spaces: Mapping[str, str]) -> str:
    prefix, colon, rest = name.partition(":")
    return f"{{{spaces[prefix]}}}{rest}" if colon and prefix in spaces else name
