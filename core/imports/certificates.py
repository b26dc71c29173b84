"""Electronic certificates (Material Identity CoA, EN 10168, E-CoC): checked strictly, then read value by value.

Sources: the published definitions of Material Identity; EN 10168:2004 for the meaning of A, B, C, D and Z codes;
EN 10204:2004 for the types of certificates.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core.imports import certificate_shapes, en10168_shapes, figures
from core.imports.documents import Bringer, Opened, Taken, refused
from core.imports.drafts import Draft, Drafts, Read, day_at_noon, joined, named, report, written
from core.imports.ecoc import read_ecoc
from core.imports.en10168 import read_en10168
from core.imports.models import ImportRun
from core.imports.shapes import Shape, faults, read_day
from core.inspections import Form, NewFinding
from core.kit import Actor
from core.kit.provenance import Source

_FAILED: Final = {
    "negative",
    "negativ",
    "failed",
    "fail",
    "not passed",
    "nicht bestanden",
    "nok",
    "不合格",
    "不符合",
}
_HUNDRED: Final = {"%": Decimal(100), "percent": Decimal(100), "ppm": Decimal(1_000_000)}
_UNITS: Final = {"percent": "%"}


def is_coa(opened: Opened) -> bool:
    """Whether it is a certificate of analysis."""
    body = opened.members.get("Certificate")
    return isinstance(body, dict) and "CommercialTransaction" not in body and "ProductDescription" not in body


def is_en10168(opened: Opened) -> bool:
    """Whether it is an inspection certificate by EN 10168."""
    body = opened.members.get("Certificate")
    return isinstance(body, dict) and not is_coa(opened)


def is_ecoc(opened: Opened) -> bool:
    """Whether it is a certificate of conformity with results."""
    return "EcocData" in opened.members


def reader(shape: Shape, read: Read) -> Bringer:
    """Answer who brings in certificates of a shape."""

    async def bring(actor: Actor, opened: Opened, run: ImportRun) -> Taken:
        wrong = faults(shape, opened.tree)
        if wrong:
            return Taken(faults=[refused(path, why) for path, why in wrong])
        return await written(actor, read(opened), run, Source.CERTIFICATE)

    return bring


def read_coa(opened: Opened) -> Drafts:
    """Read a certificate of analysis: one report of its lot, one finding per inspected property."""
    body = opened.members["Certificate"]
    analysis, product = body.get("Analysis", {}), body["Product"]
    drafts = Drafts()
    at = "$.Certificate.Analysis.Inspections"
    found = [
        drafts.read(f"{at}[{place}].Value", _property, one, f"{at}[{place}]")
        for place, one in enumerate(analysis.get("Inspections", []))
    ]
    issued = read_day(body["Date"])
    new = report(
        Form.COA,
        number=body["Id"],
        standard=joined(body["Standard"]["Norm"], body["Standard"].get("Type", "")),
        issuer=named(body["Parties"]["Manufacturer"]),
        product=joined(product.get("Id", ""), product["Name"]),
        issued_on=issued,
        measured_at=day_at_noon(issued),
        statement=body["DeclarationOfConformity"]["Declaration"],
        claims=True,
        findings=tuple(one for one in found if one is not None),
    )
    numbers = (
        (analysis.get("LotId", ""),),
        (product.get("ProductionBatchId", ""),),
        (product["FillingBatchId"],),
    )
    drafts.found.append(Draft(numbers=numbers, where="$.Certificate.Product", report=new))
    return drafts


def _property(one: dict[str, str], place: str) -> NewFinding:
    within = figures.limits(one.get("Minimum", ""), one.get("Maximum", ""))
    measured = one["ValueType"] == "number" or any(within)
    operator, value, flags = figures.taken(one["Value"]) if measured else ("", None, ())
    return NewFinding(
        code=one.get("PropertyId", ""),
        name=one["Property"],
        method=one["Method"],
        condition=one.get("TestConditions", ""),
        unit=one.get("Unit", ""),
        value=value,
        operator=operator,
        text=joined("" if value is not None else one["Value"], within.unclear),
        lower=within.lower,
        upper=within.upper,
        unclear=bool(within.unclear),
        flags=flags,
        failed=one["ValueType"] == "boolean" and one["Value"].strip().casefold() in ("false", "0"),
        place=place,
    )


COA: Final = reader(certificate_shapes.COA, read_coa)
EN10168: Final = reader(en10168_shapes.en10168, read_en10168)
ECOC: Final = reader(certificate_shapes.ECOC, read_ecoc)
