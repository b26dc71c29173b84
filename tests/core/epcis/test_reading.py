"""What comes in from anywhere is understood or refused in a sentence; what GS1's schema refuses is refused here."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import epcis
from core.epcis import CaptureRefused, epcs, hashing, notation, reading, units
from core.epcis.errors import AmountUnclear, IdentifierUnfit
from core.epcis.terms import EventType, Key
from core.kit import Actor, Refusal
from tests.core.epcis.events import amount, document, event, made, turned
from tests.paths import SHARED_DATA

GTIN = "06901234567892"
AT = {"eventTime": "2026-11-20T08:00:00.000Z", "eventTimeZoneOffset": "+00:00"}


def codes(raw: bytes | str) -> list[tuple[int | None, str, str]]:
    try:
        read = reading.read(raw)
    except CaptureRefused as refused:
        return [(one.index, one.path, one.why.code) for one in refused.faults]
    return [(one.index, one.path, one.why.code) for one in read.faults]


def whole(**more: Any) -> dict[str, Any]:
    """A sound event."""
    said = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        **AT,
        "epcList": [f"https://id.gs1.org/01/{GTIN}/21/1"],
    }
    return said | more


DOCUMENTS: dict[str, tuple[bytes | str, tuple[int | None, str, str]]] = {
    "no JSON": ("{", (None, "", "NotJson")),
    "no text": (b"\xff\xfe", (None, "", "NotJson")),
    "nothing": ("null", (None, "", "WrongShape")),
    "deep": ("[" * 100_000, (None, "", "TooDeep")),
    "deep and closed": ("[" * 500 + "]" * 500, (None, "", "TooDeep")),
    "a name twice": ('{"type": "EPCISDocument", "type": "EPCISDocument"}', (None, "", "NameTwice")),
    "a huge number": ('[{"a": 1e400}]', (None, "", "NumberUnfit")),
    "a long number": (f'[{{"a": {"9" * 100}}}]', (None, "", "NumberUnfit")),
    "no number": ('[{"a": NaN}]', (None, "", "NumberUnfit")),
    "NUL": ('[{"a": "\\u0000"}]', (None, "", "CharacterUnfit")),
    "NUL in a name": ('[{"a\\u0000": 1}]', (None, "", "CharacterUnfit")),
    "half a pair": ('[{"a": "\\ud800"}]', (None, "", "CharacterUnfit")),
    "too many events": (json.dumps([whole()] * 5_001), (None, "", "DocumentTooLarge")),
    "another type": ('{"type": "Invoice"}', (None, "", "PropertyMissing")),
    "events of no kind": ('[{"type": "x:Event"}]', (0, "/type", "NotInVocabulary")),
    "an event that is none": ("[7]", (0, "", "WrongShape")),
    "alone without context": (json.dumps(whole()), (0, "", "PropertyMissing")),
    "old version": (document(made("A", 1)).replace('"2.0"', '"1.2"'), (None, "/schemaVersion", "WrongShape")),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_that_are_none(name: str) -> None:
    raw, wanted = DOCUMENTS[name]
    assert wanted in codes(raw)


EVENTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no offset in the time": (whole(eventTime="2026-11-20T08:00:00"), "/eventTime", "NotAnEventTime"),
    "no time": (whole(eventTime="2026-02-30T08:00:00Z"), "/eventTime", "NotAnEventTime"),
    "a time as a number": (whole(eventTime=1_700_000_000), "/eventTime", "NotAnEventTime"),
    "a year of nobody": (whole(eventTime="0001-01-01T00:00:00+14:00"), "/eventTime", "NotAnEventTime"),
    "no such offset": (whole(eventTimeZoneOffset="+15:00"), "/eventTimeZoneOffset", "NotAnOffset"),
    "offset missing": ({k: v for k, v in whole().items() if k != "eventTimeZoneOffset"}, "", "PropertyMissing"),
    "no action": ({k: v for k, v in whole().items() if k != "action"}, "", "PropertyMissing"),
    "another action": (whole(action="REMOVE"), "/action", "NotInVocabulary"),
    "a list as action": (whole(action=["ADD"]), "/action", "NotInVocabulary"),
    "no URI": (whole(epcList=["screw 7"]), "/epcList/0", "NotAUri"),
    "a number as EPC": (whole(epcList=[7]), "/epcList/0", "NotAUri"),
    "an EPC twice": (whole(epcList=["urn:x:1", "urn:x:1"]), "/epcList", "WrongShape"),
    "no list": (whole(epcList="urn:x:1"), "/epcList", "WrongShape"),
    "wrong check digit": (whole(epcList=["https://id.gs1.org/01/06901234567893/21/1"]), "/epcList/0", "IdentifierUnfit"),
    "short company prefix": (whole(epcList=["urn:epc:id:sgtin:12345.12345678.1"]), "/epcList/0", "IdentifierUnfit"),
    "about nothing": ({k: v for k, v in whole().items() if k != "epcList"}, "", "EventIsEmpty"),
    "a word of nobody": (whole(bizStep="sending"), "/bizStep", "NotInVocabulary"),
    "a CBV word as URN": (whole(bizStep="urn:epcglobal:cbv:bizstep:shipping"), "/bizStep", "NotInVocabulary"),
    "a property of nobody": (whole(colour="blue"), "/colour", "PropertyUnknown"),
    "inputs of an object": (whole(inputEPCList=[]), "/inputEPCList", "PropertyUnknown"),
    "ilmd of a sighting": (whole(ilmd={}), "/ilmd", "IlmdOutOfPlace"),
    "ilmd without prefixes": (whole(action="ADD", ilmd={"lot": "1"}), "/ilmd/lot", "PropertyUnknown"),
    "quantity as text": (whole(quantityList=[{"epcClass": "urn:x:1", "quantity": "5"}]), "/quantityList/0/quantity", "WrongShape"),
    "quantity of nothing": (whole(quantityList=[{"quantity": 5}]), "/quantityList/0", "PropertyMissing"),
    "unit in words": (whole(quantityList=[{"epcClass": "urn:x:1", "quantity": 5, "uom": "kg"}]), "/quantityList/0/uom", "WrongShape"),
    "a field too many": (whole(quantityList=[{"epcClass": "urn:x:1", "x:y": 5}]), "/quantityList/0/x:y", "PropertyUnknown"),
    "a place as text": (whole(readPoint="urn:x:1"), "/readPoint", "WrongShape"),
    "a place without id": (whole(readPoint={}), "/readPoint", "PropertyMissing"),
    "a party of no type": (whole(sourceList=[{"source": "urn:x:1"}]), "/sourceList/0", "PropertyMissing"),
    "sensor without report": (whole(sensorElementList=[{}]), "/sensorElementList/0", "PropertyMissing"),
    "sensor with no reports": (whole(sensorElementList=[{"sensorReport": []}]), "/sensorElementList/0/sensorReport", "WrongShape"),
    "value as text": (whole(sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": "5"}]}]), "/sensorElementList/0/sensorReport/0/value", "WrongShape"),
    "nothing set": (whole(persistentDisposition={}), "/persistentDisposition", "PropertyMissing"),
    "declared when": (whole(errorDeclaration={}), "/errorDeclaration", "PropertyMissing"),
    "packed in nothing": (event("AggregationEvent", AT["eventTime"], childEPCs=["urn:x:1"]), "", "PropertyMissing"),
    "outputs from nothing": (turned([], [amount("urn:x:1", 5)], AT["eventTime"]), "", "EventIsEmpty"),
    "a transaction of none": (event("TransactionEvent", AT["eventTime"], epcList=["urn:x:1"]), "", "PropertyMissing"),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_events_that_are_none(name: str) -> None:
    said, path, code = EVENTS[name]
    assert (0, path, code) in codes(document(said))


async def test_nothing_of_them_stays(plant: object, coater: Actor) -> None:
    """Each of them beside a good event, through the front door: refused, and the good one is not taken."""
    for said, _path, _code in EVENTS.values():
        with pytest.raises(CaptureRefused):
            await epcis.capture(coater, document(made("CT-9", 5), said))
    assert (await epcis.events(coater, epcis.Wanted())).rows == []


async def test_extensions_are_kept(plant: object, coater: Actor) -> None:
    """With their prefixes, decimals and order."""
    raw = document(made("CT-9", 5, **{"x:inner": {"b": [1.50, "ü"], "a": None}, "x:last": "z"}))
    await epcis.capture(coater, raw.replace("1.5", "1.50"))
    [kept] = (await epcis.events(coater, epcis.Wanted())).rows
    assert '"x:inner":{"b":[1.50,"ü"],"a":null},"x:last":"z"' in kept.body


SCHEMA = SHARED_DATA / "epcis20" / "EPCIS-JSON-Schema.json"
"""GS1's own, beside the project."""


def test_what_their_schema_refuses_is_refused_here() -> None:
    """Held to GS1's own schema; what it takes and we refuse is named: kinds of events that nobody declared."""
    theirs = jsonschema_rs.Draft7Validator(json.loads(SCHEMA.read_text()), validate_formats=True)
    loose = jsonschema_rs.Draft7Validator(json.loads(SCHEMA.read_text()), validate_formats=False)
    for name, (said, _path, _code) in EVENTS.items():
        raw = document(said)
        if not theirs.is_valid(json.loads(raw)):
            assert codes(raw), name
    for path in sorted((SCHEMA.parent / "JSON-simple-context").glob("*")):
        raw = path.read_text()
        assert loose.is_valid(json.loads(raw))
        assert codes(raw) == [], path.name


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["type", "action", "eventTime", "epcList", "quantityList", "readPoint", "sensorElementList", "parentID",
     "errorDeclaration", "ilmd", "bizStep", "persistentDisposition", "inputQuantityList", "x:own", "eventID"]
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=60) | JSON.map(lambda one: json.dumps(one).encode()))
def test_anything_is_read_or_refused(raw: bytes) -> None:
    """No other exception, whatever it is."""
    codes(raw)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(EventType)), st.dictionaries(NAMES, JSON, max_size=4), st.booleans())
def test_bent_events_are_read_or_refused(kind: EventType, bent: dict[str, Any], listed: bool) -> None:
    """A sound event with values of any shape in it: understood with its id, or refused with its place."""
    said = deepcopy(whole(type=kind.value)) | bent
    raw = json.dumps([said]) if listed else document(said)
    try:
        read = reading.read(raw)
    except CaptureRefused:
        return
    for _, one in read.events:
        assert one.event_id
        assert notation.digest(notation.read(notation.write(one.body))) == notation.digest(one.body)


WRITINGS = (
    ("urn:epc:id:sgtin:0614141.107346.2017", "https://id.gs1.org/01/10614141073464/21/2017", Key.SERIAL),
    ("urn:epc:class:lgtin:4012345.012345.998877", "https://id.gs1.org/01/04012345123456/10/998877", Key.LOT),
    ("urn:epc:idpat:sgtin:4012345.098765.*", "https://id.gs1.org/01/04012345987652", Key.CLASS),
    ("urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/00/106141412345678908", Key.CARRIER),
    ("urn:epc:id:sgln:0614141.07346.1234", "https://id.gs1.org/414/0614141073467/254/1234", Key.PLACE),
    ("urn:epc:id:sgln:0614141.07346.0", "https://id.gs1.org/414/0614141073467", Key.PLACE),
    ("urn:epc:id:pgln:0614141.07346", "https://id.gs1.org/417/0614141073467", Key.PARTY),
    ("urn:epc:id:giai:0614141.12345400", "https://id.gs1.org/8004/061414112345400", Key.ASSET),
    ("urn:epc:id:sgtin:0614141.107346.a%2Fb", "https://example.com/x/01/10614141073464/21/a%2Fb", Key.SERIAL),
)


@pytest.mark.parametrize(("urn", "link", "key"), WRITINGS)
def test_both_writings_are_one_thing(urn: str, link: str, key: Key) -> None:
    """GS1 EPC Tag Data Standard and Digital Link URI Syntax."""
    assert epcs.read(urn).key is key
    assert epcs.read(urn).uri == epcs.read(link).uri


@settings(max_examples=150)
@given(
    st.text(max_size=30)
    | st.from_regex(r"urn:epc:(id|class):(sgtin|lgtin|sscc|sgln|grai):[0-9.]{3,24}", fullmatch=True)
)
def test_identifiers_are_read_or_refused(text: str) -> None:
    for one in (text, f"urn:epc:id:{text}", f"https://id.gs1.org/01/{text}", f"{epcs.OWN}{text}"):
        try:
            found = epcs.read(one)
        except IdentifierUnfit:
            continue
        assert epcs.read(found.uri).uri == found.uri


@settings(max_examples=100)
@given(
    st.decimals(min_value=0, max_value=10**6, places=3),
    st.sampled_from(sorted(units.CODES)),
    st.sampled_from(sorted(units.CODES)),
)
def test_units_convert_exactly_or_not_at_all(quantity: Decimal, uom: str, other: str) -> None:
    """There and back is the same."""
    into = units.CODES[other].name
    try:
        there = units.amount(quantity, uom, into, (), contains=1, what="x")
        back = units.amount(there, units.CODE_OF[into], units.CODES[uom].name, (), contains=1, what="x")
    except AmountUnclear:
        return
    except Refusal:
        raise
    assert back == quantity


def test_the_hash_of_an_event_is_that_of_the_standard() -> None:
    """CBV 2.0 §8.9: the text that is hashed, whatever the order, the writing and the time zone."""
    said = {
        "type": "AggregationEvent",
        "eventTimeZoneOffset": "+02:00",
        "eventTime": "2019-10-21T17:30:56.591+02:00",
        "action": "ADD",
        "bizStep": "packing",
        "parentID": "urn:epc:id:sscc:4012344.1111111133",
        "childQuantityList": [
            {"epcClass": "urn:epc:class:lgtin:4054739.099902.P2", "quantity": Decimal("12.0"), "uom": "KGM"},
            {"quantity": Decimal(17), "epcClass": "https://id.gs1.org/01/04054739123451/10/lot2"},
        ],
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00025.0"},
        "recordTime": "2020-01-01T00:00:00Z",
        "x:colour": "blue",
        "@context": [{"x": "http://example.com/"}],
    }
    assert hashing.text(said) == (
        "eventType=AggregationEventeventTime=2019-10-21T15:30:56.591ZeventTimeZoneOffset=+02:00"
        "parentID=https://id.gs1.org/00/140123441111111330"
        "childQuantityListquantityElementepcClass=https://id.gs1.org/01/04054739123451/10/lot2quantity=17"
        "quantityElementepcClass=https://id.gs1.org/01/04054739999025/10/P2quantity=12uom=KGM"
        "action=ADDbizStep=https://ref.gs1.org/cbv/BizStep-packingreadPointid=https://id.gs1.org/414/4012345000252"
        "{http://example.com/}colour=blue"
    )
    other = dict(reversed(list(said.items()))) | {"recordTime": "2021-01-01T00:00:00Z"}
    assert hashing.event_id(said) == hashing.event_id(other)
    assert hashing.event_id(said).startswith("ni:///sha-256;")
