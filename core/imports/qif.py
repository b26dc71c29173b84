"""Measurement results in QIF 3.0 (ISO 23952:2020): measured values joined to items, nominals and tolerances.

Read are the results (clause “QIF Results”) with what they point at: characteristic items, nominals, definitions, actual
components with lot and serial numbers, devices, traceability. A tolerance that is no limit is added to its target; a
zone (flatness, position, …) is an upper limit. Bonus tolerance (MMC, LMC) is not computed: there the file's word counts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeVar
from xml.etree.ElementTree import Element

from core.imports import figures
from core.imports.document_errors import FieldTwice, FindingsMany, ReferenceBroken, UnitUnknown
from core.imports.documents import Bringer, Opened, Taken, refused
from core.imports.drafts import MOST_VALUES, Draft, Drafts, report, written
from core.imports.models import ImportRun
from core.inspections import Bound, Form, NewFinding, Single
from core.kit import Actor
from core.kit.provenance import Source

_NS: Final = "{http://qifstandards.org/xsd/qif3}"
T = TypeVar("T")
_FAILED: Final = "FAIL"
_ANGLES: Final = ("Angle", "AngularCoordinate", "ConicalTaper")
_PROFILES: Final = "Profile"


def fits(opened: Opened) -> bool:
    """Whether it is a QIF 3 document."""
    return opened.root == _NS + "QIFDocument"


def _at(of: Element | None, path: str) -> Element | None:
    return None if of is None else of.find("/".join(_NS + one for one in path.split("/")))


def _said(of: Element | None, path: str) -> str:
    found = _at(of, path)
    return "" if found is None else (found.text or "").strip()


def _all(of: Element | None, path: str) -> list[Element]:
    found = _at(of, path)
    return [] if found is None else list(found)


def _kind(one: Element) -> str:
    return one.tag.removeprefix(_NS)


@dataclass
class _Book:
    """What results point at, by id; and what was wrong while it was read."""

    drafts: Drafts
    linear: str
    angular: str
    items: dict[str, Element] = field(default_factory=dict)
    nominals: dict[str, Element] = field(default_factory=dict)
    definitions: dict[str, Element] = field(default_factory=dict)
    parts: dict[str, Element] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    def keep(self, into: dict[str, Element], elements: list[Element], path: str) -> None:
        """Keep elements by id; each id once."""
        for one in elements:
            key = one.get("id", "")
            if key in into:
                self.drafts.faults.append(refused(path, FieldTwice(key=f"id {key[:20]}")))
            into[key] = one

    def pointed(self, into: dict[str, Element], key: str, path: str) -> Element | None:
        """Answer what an id points at; nothing for no id, a fault for one that stands nowhere."""
        if key and key not in into:
            self.drafts.faults.append(refused(path, ReferenceBroken(text=f"id {key[:20]}")))
        return into.get(key)


def read(opened: Opened) -> Drafts:
    """Read the results of a document: a report for each lot that its components are of."""
    root: Element = opened.tree
    drafts = Drafts()
    units = _at(root, "FileUnits/PrimaryUnits")
    book = _Book(drafts, _said(units, "LinearUnit/UnitName"), _said(units, "AngularUnit/UnitName"))
    of = _at(root, "Characteristics")
    book.keep(book.items, _all(of, "CharacteristicItems"), "Characteristics/CharacteristicItems")
    book.keep(book.nominals, _all(of, "CharacteristicNominals"), "Characteristics/CharacteristicNominals")
    book.keep(
        book.definitions, _all(of, "CharacteristicDefinitions"), "Characteristics/CharacteristicDefinitions"
    )
    book.devices = {
        one.get("id", ""): " ".join(each for each in (_said(one, "Name"), _said(one, "SerialNumber")) if each)
        for one in _all(root, "MeasurementResources/MeasurementDevices")
    }
    results = _at(root, "Results")
    results = _at(root, "MeasurementsResults") if results is None else results
    for group in _all(results, "ActualComponentSets"):
        book.keep(book.parts, list(group), "Results/ActualComponentSets")
    _reports(root, results, book)
    return drafts


def _reports(root: Element, results: Element | None, book: _Book) -> None:
    of_lots: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for one in _all(results, "MeasurementResultsSet"):
        ids = [(each.text or "").strip() for each in _all(one, "ActualComponentIds")]
        parts = [
            book.pointed(book.parts, key, "Results/MeasurementResults/ActualComponentIds") for key in ids
        ]
        named = {_said(part, "Traceability/LotNumber") for part in parts if part is not None} - {""}
        of_lots[tuple(sorted(named))].append(one)
    before = _at(root, "PreInspectionTraceability")
    whole = _at(results, "InspectionTraceability")
    for lots, group in of_lots.items():
        traces = [_at(group[-1], "InspectionTraceability"), whole, before]
        statuses = {_said(one, "InspectionStatus/InspectionStatusEnum") for one in group}
        found = list(_findings(group, book))
        at = _first(_instant(_said(one, name)) for name in _ENDS for one in traces)
        book.drafts.found.append(
            Draft(
                numbers=(lots,),
                where="Results/ActualComponentSets/ActualComponent/Traceability/LotNumber",
                report=report(
                    Form.QIF,
                    number=_first(_said(one, "ReportNumber") for one in traces) or _said(root, "QPId") or "–",
                    standard="QIF " + root.get("versionQIF", "3"),
                    issuer=_first(_said(one, "InspectingOrganization/Name") for one in traces) or "",
                    product=_product(root),
                    issued_on=None if at is None else at.date(),
                    measured_at=at,
                    instrument=", ".join(dict.fromkeys(_devices(group, book))),
                    analyst=_first(_said(one, "InspectionOperator/Name") for one in traces) or "",
                    claims=False if _FAILED in statuses else True if statuses == {"PASS"} else None,
                    findings=tuple(found),
                ),
            )
        )


_ENDS: Final = ("InspectionEnd", "InspectionStart", "ReportPreparationDate")


def _first(found: Iterable[T | None]) -> T | None:
    return next((one for one in found if one), None)


def _product(root: Element) -> str:
    part = next(iter(_all(root, "Product/PartSet")), None)
    return " ".join(
        one for one in (_said(part, "Header/Name") or _said(part, "Name"), _said(part, "ModelNumber")) if one
    )


def _devices(group: list[Element], book: _Book) -> Iterator[str]:
    for result in group:
        for one in _all(result, "MeasuredCharacteristics/CharacteristicMeasurements"):
            item = book.items.get(_said(one, "CharacteristicItemId"))
            for key in _all(one, "MeasurementDeviceIds") or _all(item, "MeasurementDeviceIds"):
                if name := book.devices.get((key.text or "").strip()):
                    yield name


def _findings(group: list[Element], book: _Book) -> Iterator[NewFinding]:
    """Answer a finding for each measured item, with the values of all pieces."""
    of: dict[str, list[tuple[Element, str]]] = defaultdict(list)
    count = 0
    for result in group:
        ids = [(one.text or "").strip() for one in _all(result, "ActualComponentIds")]
        pieces = [_said(book.parts.get(key), "SerialNumber") for key in ids]
        for one in _all(result, "MeasuredCharacteristics/CharacteristicMeasurements"):
            count += 1
            if count > MOST_VALUES:
                raise FindingsMany(most=MOST_VALUES)
            of[_said(one, "CharacteristicItemId")].append((one, ", ".join(one for one in pieces if one)))
    for key, measured in of.items():
        where = f"Results//{_kind(measured[0][0])}[CharacteristicItemId={key[:20]}]"
        item = book.pointed(book.items, key, where)
        if item is not None:
            found = book.drafts.read(where, _finding, item, measured, where, book)
            if found is not None:
                yield found


def _finding(item: Element, measured: list[tuple[Element, str]], where: str, book: _Book) -> NewFinding:
    kind = _kind(item).removesuffix("Item").removesuffix("Characteristic")
    nominal = book.pointed(book.nominals, _said(item, "CharacteristicNominalId"), where)
    definition = book.pointed(book.definitions, _said(nominal, "CharacteristicDefinitionId"), where)
    unit = book.angular if kind.startswith(_ANGLES) else book.linear
    if not unit:
        raise UnitUnknown
    target = _figure(nominal, "TargetValue")
    singles = tuple(
        Single(value, _said(one, "MeasurementDateTime") or _said(one, "TimeStamp"), piece)
        for one, piece in measured
        if (value := _figure(one, "Value")) is not None
    )
    worst = max((abs(one.value) for one in singles), default=Decimal(0))
    lower, upper = _limits(definition, kind, target, worst)
    statuses = [_said(one, "Status/CharacteristicStatusEnum") for one, _piece in measured]
    written_as = [_at(one, "Value") for one, _piece in measured]
    if any(one is not None and one.get("linearUnit", unit) != unit for one in written_as):
        raise UnitUnknown
    uncertainty = "" if written_as[0] is None else written_as[0].get("combinedUncertainty", "")
    single = len(singles) == 1
    return NewFinding(
        name=_said(item, "Name") or _said(item, "CharacteristicDesignator/Designator") or kind,
        code=_said(item, "CharacteristicDesignator/Designator"),
        condition=kind,
        unit=unit,
        value=singles[0].value if single else None,
        text="" if singles else ", ".join(sorted(set(statuses))) or "–",
        lower=lower,
        upper=upper,
        nominal=target,
        uncertainty=figures.plain(uncertainty) if uncertainty else None,
        singles=() if single else singles,
        failed=_FAILED in statuses,
        place=where,
    )


def _figure(of: Element | None, path: str) -> Decimal | None:
    said = _said(of, path)
    return figures.plain(said) if said else None


def _limits(
    definition: Element | None, kind: str, target: Decimal | None, worst: Decimal
) -> tuple[Bound | None, Bound | None]:
    zone = _figure(definition, "ToleranceValue")
    if zone is not None:
        if _said(definition, "MaterialCondition") not in ("", "NONE", "REGARDLESS") and worst > zone:
            return None, None  # with bonus tolerance more may be allowed; how much the file alone knows
        return (Bound(-zone / 2), Bound(zone / 2)) if _PROFILES in kind else (None, Bound(zone))
    low, high = _figure(definition, "Tolerance/MinValue"), _figure(definition, "Tolerance/MaxValue")
    if _said(definition, "Tolerance/DefinedAsLimit") not in ("true", "1"):
        if target is None:
            return None, None
        low, high = (None if one is None else target + one for one in (low, high))
    return (None if low is None else Bound(low)), (None if high is None else Bound(high))


def _instant(said: str) -> dt.datetime | None:
    """Read a time of traceability: by the standard it is GMT."""
    try:
        at = dt.datetime.fromisoformat(said)
        return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


async def _bring(actor: Actor, opened: Opened, run: ImportRun) -> Taken:
    return await written(actor, read(opened), run, Source.INSTRUMENT)


BRING: Final[Bringer] = _bring
