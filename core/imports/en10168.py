"""Inspection certificates of metallic products (EN 10168:2004), as Material Identity writes them in JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from core.imports import figures
from core.imports.document_errors import FigureUnclear
from core.imports.documents import Opened
from core.imports.drafts import Draft, Drafts, bound, day_at_noon, named, report
from core.imports.shapes import read_day
from core.inspections import Bound, Form, NewFinding
from core.kit.provenance import Flag

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
_HUNDRED: Final = {"%": Decimal(100), "ppm": Decimal(1_000_000)}


def read_en10168(opened: Opened) -> Drafts:
    """Read an inspection certificate: a report for each inspection, of its heat (C00) or all products named (B07)."""
    body = opened.members["Certificate"]
    given = body.get("Inspection", [])
    inspections = given if isinstance(given, list) else [given]
    drafts = Drafts()
    given_lots = body["ProductDescription"].get("B07", [])
    products = tuple(given_lots) if isinstance(given_lots, list) else (given_lots,)
    trade, said = body["CommercialTransaction"], body["Validation"]
    issued = read_day(said["Z02"])
    others = list(_others(body.get("OtherTests", {}), "$.Certificate.OtherTests", drafts))
    for place, one in enumerate(inspections or [{}]):
        path = "$.Certificate.Inspection" + (f"[{place}]" if isinstance(given, list) else "")
        found = [*_inspected(one, path, drafts), *(others if place == 0 else [])]
        new = report(
            Form.EN10168,
            number=trade["A03"],
            standard=trade["A02"],
            issuer=named(trade["A01"]),
            product=body["ProductDescription"]["B01"],
            issued_on=issued,
            measured_at=day_at_noon(issued),
            analyst=trade["A05"],
            statement=said["Z01"],
            claims=True,
            findings=tuple(found),
        )
        heat = (one.get("C00", ""),)
        numbers = (heat, products) if len(inspections) > 1 else (products, heat)
        drafts.found.append(Draft(numbers=numbers, where="$.Certificate.ProductDescription.B07", report=new))
    return drafts


def _inspected(one: dict[str, Any], path: str, drafts: Drafts) -> Iterator[NewFinding]:
    composition = one.get("ChemicalComposition", {})
    for code, element in composition.items():
        if code not in ("C70", "SupplementaryInformation"):
            where = f"{path}.ChemicalComposition.{code}"
            found = drafts.read(where, _element, element, code, where)
            if found is not None:
                yield found
    groups = (
        ("TensileTest", ("C11", "C12", "C13"), ""),
        ("HardnessTest", ("C31", "C32"), "C30"),
        ("NotchedBarImpactTest", ("C41", "C42", "C43"), "C40"),
    )
    for group, codes, method in groups:
        test = one.get(group, {})
        where = f"{path}.{group}"
        for code in codes:
            for number, value in enumerate(_listed(test.get(code))):
                mean = _listed(test.get(code.replace("C32", "C31").replace("C43", "C42")))
                flags = _strange_mean(value, mean) if code in ("C32", "C43") else ()
                yield _measurement(value, code, test.get(method, ""), group, f"{where}.{code}", number, flags)
        yield from _said(test.get("SupplementaryInformation", {}), group, where, drafts)
    yield from _said(
        one.get("OtherMechanicalTests", {}), "OtherMechanicalTests", f"{path}.OtherMechanicalTests", drafts
    )


def _element(one: dict[str, Any], code: str, where: str) -> NewFinding:
    unit = one.get("Unit", "%")
    operator, value, flags = _actual(one["Actual"])
    if value is not None and not 0 <= value <= _HUNDRED[unit]:
        flags = (Flag.IMPLAUSIBLE,)
    return NewFinding(
        code=code,
        name=one["Symbol"],
        condition="ChemicalComposition",
        unit=unit,
        value=value,
        operator=operator,
        text="" if value is not None else _written(one["Actual"]),
        lower=_limit(one.get("Minimum"), ">"),
        upper=_limit(one.get("Maximum"), "<"),
        flags=flags,
        place=where,
    )


def _share(said: Any) -> tuple[str, Decimal]:
    if isinstance(said, str):
        return figures.bounded(said)
    operator, value = figures.bounded(said["Value"])
    given = said.get("Operator", "=")
    if operator and given not in ("=", operator):
        raise FigureUnclear(text=f"{given} {said['Value']}"[:40])
    return operator or ("" if given == "=" else given), value


def _actual(said: Any) -> tuple[str, Decimal | None, tuple[Flag, ...]]:
    try:
        return *_share(said), ()
    except FigureUnclear:
        return "", None, (Flag.IMPLAUSIBLE,)


def _written(said: Any) -> str:
    return str(said if isinstance(said, str) else said["Value"])


def _limit(said: Any, strict: str) -> Bound | None:
    if said is None:
        return None
    operator, value = _share(said)
    if operator not in ("", strict, strict + "="):
        raise FigureUnclear(text=f"{operator} {value}"[:40])
    return Bound(value, operator == strict)


def _measurement(
    one: dict[str, Any], code: str, method: str, group: str, where: str, number: int, flags: tuple[Flag, ...]
) -> NewFinding:
    return NewFinding(
        code=code,
        name=one.get("Property") or f"{group} {code}",
        method=method,
        condition=f"{group} #{number + 1}" if number else group,
        unit=one.get("Unit", ""),
        value=one["Value"],
        lower=bound(one.get("Minimum")),
        upper=bound(one.get("Maximum")),
        flags=flags,
        place=where,
    )


def _strange_mean(mean: dict[str, Any], singles: list[dict[str, Any]]) -> tuple[Flag, ...]:
    """A mean that is more than one unit of its last place away from the mean of the single values given with it."""
    if not singles:
        return ()
    figure: Decimal = mean["Value"]
    exponent = figure.as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
    real = sum((one["Value"] for one in singles), Decimal(0)) / len(singles)
    return (Flag.IMPLAUSIBLE,) if abs(figure - real) > step else ()


def _others(tests: dict[str, Any], path: str, drafts: Drafts) -> Iterator[NewFinding]:
    for group in ("NonDestructiveTests", "OtherProductTests"):
        yield from _said(tests.get(group, {}), group, f"{path}.{group}", drafts)


def _said(pairs: dict[str, dict[str, str]], group: str, path: str, drafts: Drafts) -> Iterator[NewFinding]:
    for code, one in pairs.items():
        where = f"{path}.{code}"
        found = drafts.read(f"{where}.Value", _pair, one, code, group, where)
        if found is not None:
            yield found


def _pair(one: dict[str, str], code: str, group: str, where: str) -> NewFinding:
    said = one.get("Value", "")
    word = one.get("Interpretation", "").strip()
    number = one.get("Type") == "number" and said
    operator, value, flags = figures.taken(said) if number else ("", None, ())
    failed = word.casefold() in _FAILED or (one.get("Type") == "boolean" and said.casefold() == "false")
    return NewFinding(
        code=code,
        name=one["Key"],
        method=one.get("Method", ""),
        condition=group,
        unit=one.get("Unit", ""),
        value=value,
        operator=operator,
        text=" · ".join(each for each in (said if value is None else "", word) if each)
        or ("–" if value is None else ""),
        failed=failed,
        flags=flags,
        place=where,
    )


def _listed(said: Any) -> list[dict[str, Any]]:
    return said if isinstance(said, list) else [] if said is None else [said]
