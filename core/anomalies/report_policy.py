"""What a document of results answers of a case: kind, moment, values out of limits; nothing it does not know. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Self

from core.inspections import FindingFacts, Form, ReportFacts, ResultFacts, ValueFacts
from core.kit.canonical import decimal_text, instant_text
from core.sop import Field

_TOLD: Final = 5
"""So many values stand in the description; the report holds all."""
_CHEMICAL: Final = ("chem", "composition", "成分", "材质")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What of a report or result a case needs."""

    lot_id: int
    lot_number: str
    organisation_id: int
    stage_id: int | None
    at: dt.datetime
    """When it was seen: never after it was recorded, though a document may carry a day and no hour."""
    subcode: str
    head: str
    lines: tuple[str, ...]
    claims: bool | None

    @classmethod
    def of_report(cls, report: ReportFacts) -> Self:
        """Read a test report."""
        kinds = {_kind(report.form, one) for one in report.out}
        return cls(
            lot_id=report.lot_id,
            lot_number=report.lot_number,
            organisation_id=report.organisation_id,
            stage_id=None,
            at=min(report.measured_at or report.recorded_at, report.recorded_at),
            subcode=min(kinds, default="M04"),
            head=f"{report.form.says} {report.number}" + (f" · {report.issuer}" if report.issuer else ""),
            lines=tuple(_finding(one) for one in report.out),
            claims=report.claims,
        )

    @classmethod
    def of_result(cls, result: ResultFacts) -> Self:
        """Read a result by one of our methods."""
        return cls(
            lot_id=result.lot_id,
            lot_number=result.lot_number,
            organisation_id=result.organisation_id,
            stage_id=result.stage_id,
            at=min(result.measured_at, result.recorded_at),
            subcode="M04",
            head=f"{result.method} {result.method_version}",
            lines=tuple(_value(one) for one in result.out),
            claims=result.claims,
        )


def answers_for(seen: Seen, fields: tuple[Field, ...], *, place: str) -> dict[str, str]:
    """Answer the questions of a template that the document itself answers, as far as the template asks them so."""
    known = {
        "subcode": seen.subcode,
        "lot": seen.lot_number,
        "occurred_at": instant_text(seen.at),
        "place": place or "–",
        "detection": "automatic",
        "certificate": "differs",
        "description": described(seen),
    }
    by_key = {one.key: one for one in fields}
    good: dict[str, str] = {}
    for key, value in known.items():
        field = by_key.get(key)
        asked = field is not None and field.is_asked(good) and _fits(field, value)
        if asked or key in {"lot", "occurred_at", "place", "description"}:
            good[key] = value
    return good


def described(seen: Seen) -> str:
    """Answer what the document says, in figures and words of both languages: a case is read by both."""
    lines = [seen.head, *(f"超限 Out of limits: {one}" for one in seen.lines[:_TOLD])]
    if len(seen.lines) > _TOLD:
        lines.append(f"… +{len(seen.lines) - _TOLD}")
    if seen.claims:
        lines.append("文件自称合格 The document calls itself conforming.")
    return "\n".join(lines)[:2000]


def _kind(form: Form, one: FindingFacts) -> str:
    if form in (Form.QIF, Form.QDAS):
        return "M02"
    said = f"{one.condition} {one.name}".casefold()
    return "M01" if any(word in said for word in _CHEMICAL) else "M04"


def _finding(one: FindingFacts) -> str:
    limits = "; ".join(each for each in (one.limits, one.our_limits) if each)
    many = f" ({one.out}/{one.count})" if one.count > 1 else ""
    return f"{one.name} {one.said}{many} [{limits or '–'}]"


def _value(one: ValueFacts) -> str:
    if one.value is None:
        return f"{one.name_zh} {one.name_en}: ✗"
    limits = "; ".join(
        f"{sign} {decimal_text(limit)}"
        for sign, limit in (("≥", one.lower), ("≤", one.upper))
        if limit is not None
    )
    return f"{one.name_zh} {one.name_en}: {one.operator}{decimal_text(one.value)} {one.unit} [{limits}]"


def _fits(field: Field, value: str) -> bool:
    return not field.options or value in {one.value for one in field.options}
