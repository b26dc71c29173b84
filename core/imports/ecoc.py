"""Certificates of conformity with results (E-CoC 1.0, data level C), read per object. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from core.imports import figures
from core.imports.document_errors import ReferenceBroken
from core.imports.documents import Opened, refused
from core.imports.drafts import Draft, Drafts, day_at_noon, joined, report
from core.imports.shapes import read_day
from core.inspections import Form, NewFinding
from core.kit.provenance import Flag

_HUNDRED: Final = {"%": Decimal(100), "ppm": Decimal(1_000_000)}
_UNITS: Final = {"percent": "%"}


def read_ecoc(opened: Opened) -> Drafts:
    """Read a certificate of conformity: a report for each object that results speak of."""
    body = opened.members["EcocData"]
    data, declared = body["Data"], opened.members.get("Declaration", {})
    drafts = Drafts()
    of: dict[str, list[NewFinding]] = {one["ObjectId"]: [] for one in data["ObjectOfDeclaration"]}
    for place, test in enumerate(body["Results"].get("MaterialCertification", [])):
        where = f"$.EcocData.Results.MaterialCertification[{place}]"
        found = list(_tests(test, where, drafts))
        for key in test.get("RefObjectIDs", list(of)):
            if key not in of:
                drafts.faults.append(refused(f"{where}.RefObjectIDs", ReferenceBroken(text=key[:40])))
            else:
                of[key] += found
    issuer = next((one["PartyName"] for one in data["Parties"] if one["PartyRole"] == "Manufacturer"), "")
    issued = read_day(str(declared.get("DateOfIssue", ""))[:10])
    for place, one in enumerate(data["ObjectOfDeclaration"]):
        if not of[one["ObjectId"]]:
            continue
        said = {each["Name"]: each["Value"] for each in one["ObjectProperties"]}
        new = report(
            Form.ECOC,
            number=opened.members.get("Id") or opened.members["Uuid"],
            standard=data["EcocType"],
            issuer=issuer,
            product=one["ObjectName"],
            issued_on=issued,
            measured_at=day_at_noon(issued),
            statement=" ".join(declared.get("CocConfirmationText", [])),
            claims={"True": True, "False": False}.get(declared.get("ConformityStatus", "")),
            findings=tuple(of[one["ObjectId"]]),
        )
        numbers = tuple(tuple(said.get(key, ())) for key in ("BatchNo", "CastNo", "PackageNo"))
        where = f"$.EcocData.Data.ObjectOfDeclaration[{place}].ObjectProperties"
        drafts.found.append(Draft(numbers=numbers, where=where, report=new))
    return drafts


def _tests(test: dict[str, Any], path: str, drafts: Drafts) -> Iterator[NewFinding]:
    values = test.get("TestValues", [])
    for place, one in enumerate(values):
        where = f"{path}.TestValues[{place}]"
        for end in ("ActualFrom", "ActualTo"):
            if one.get(end) and (end == "ActualFrom" or one[end] != one["ActualFrom"]):
                found = drafts.read(f"{where}.{end}", _tested, test, one, end, where)
                if found is not None:
                    yield found
    if test.get("TestOK") is False:
        name = test.get("NameOfTest") or "TestOK"
        yield NewFinding(
            name=name,
            method=test.get("TestStandardOrMethod", ""),
            text="TestOK: false",
            failed=True,
            place=path,
        )


def _tested(test: dict[str, Any], one: dict[str, str], end: str, where: str) -> NewFinding:
    measured = one.get("TypeOfValue", "number") in ("number", "Float", "Integer")
    operator, value, flags = figures.taken(one[end]) if measured else ("", None, ())
    unit = _UNITS.get(one["Unit"], one["Unit"])
    within = (
        figures.limits(one.get("SpecMin", ""), one.get("SpecMax", ""))
        if measured
        else figures.Limits(None, None, "")
    )
    chemical = "chemical" in test.get("NameOfTest", "").casefold()
    beyond = chemical and value is not None and unit in _HUNDRED and not 0 <= value <= _HUNDRED[unit]
    return NewFinding(
        name=one["ValueName"],
        method=test.get("TestStandardOrMethod", ""),
        condition=test.get("NameOfTest", ""),
        unit=unit,
        value=value,
        operator=operator,
        text=joined("" if value is not None else one[end], within.unclear),
        lower=within.lower,
        upper=within.upper,
        unclear=bool(within.unclear),
        flags=(Flag.IMPLAUSIBLE,) if beyond else flags,
        place=where,
    )
