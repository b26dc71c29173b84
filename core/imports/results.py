"""A laboratory's results by our methods: rows of one sample are one result, judged by the limits of the method."""

from __future__ import annotations

from collections import Counter
from typing import Final

from core import inspections
from core.imports import figures
from core.imports.models import ImportRun
from core.imports.reported import At, Reported, Row
from core.imports.terms import Subject
from core.inspections import NewResult, NewValue
from core.kit import Actor, Refusal, quantity
from core.kit.provenance import Provenance, Source

_TOGETHER: Final = (
    "lot",
    "method",
    "version",
    "instrument",
    "analyst",
    "sampled_at",
    "tested_at",
    "sample",
    "remark",
)
_GOOD: Final = {"合格", "符合", "通过", "pass", "passed", "good", "ok"}
_BAD: Final = {"不合格", "不符合", "不通过", "fail", "failed", "bad", "nok"}
_COLUMNS: Final = {
    "MethodUnknown": "method",
    "CharacteristicUnknown": "characteristic",
    "ValueTwice": "characteristic",
    "NumberWanted": "value",
    "JudgementWanted": "value",
    "NotAQuantity": "value",
    "NoFactor": "unit",
    "NotExact": "unit",
    "UncertaintyMalformed": "uncertainty",
    "CoverageTooFine": "coverage",
    "MeasuredLater": "tested_at",
    "SampledLater": "sampled_at",
}


class Results(Reported):
    """Values of characteristics of our methods."""

    subject = Subject.RESULTS

    def groups(self) -> list[list[Row]]:
        """Rows of the same lot, method, sample and moment."""
        found: dict[tuple[str, ...], list[Row]] = {}
        for one in self.rows:
            found.setdefault(one.same(*_TOGETHER), []).append(one)
        return list(found.values())

    def column_of(self, why: Refusal) -> str:
        """In which column it is at home."""
        return _COLUMNS.get(why.code) or super().column_of(why)

    async def told(self, actor: Actor, group: list[Row], run: ImportRun) -> None:
        """Record a result."""
        first = group[0]
        pieces: Counter[str] = Counter()
        values: list[NewValue] = []
        refused: list[At] = []
        for one in group:
            key = one.said["characteristic"]
            pieces[key] += 1
            try:
                values.append(_value(one, pieces[key]))
            except At as why:
                refused.append(why)
        if refused:
            refused[0].more = refused[1:]
            raise refused[0]
        tested = first.at("tested_at")
        if tested is None:
            return
        new = NewResult(
            lot=first.said["lot"],
            method=first.said["method"],
            method_version=_version(first),
            values=tuple(values),
            measured_at=tested,
            instrument=first.said["instrument"],
            analyst=first.said["analyst"],
            sample=first.said["sample"],
            sampled_at=first.at("sampled_at"),
            remark=first.said["remark"],
            laboratory_id=actor.partner_id,
            provenance=Provenance(source=Source.FILE, ref=run.file_name, sha256=run.file_digest),
        )
        try:
            await inspections.record_result(actor, new)
        except Refusal as why:
            named = str(why.facts.get("key", ""))
            line = next((one.line for one in group if one.said["characteristic"] == named), first.line)
            raise At(line, self.column_of(why), why) from None


def _value(row: Row, piece: int) -> NewValue:
    name = "value"
    try:
        said = row.said["value"]
        word = said.casefold()
        if word in _GOOD or word in _BAD:
            return NewValue(key=row.said["characteristic"], passed=word in _GOOD, piece=piece)
        operator, value = figures.bounded(said)
        name = "uncertainty"
        uncertainty = quantity.exact(figures.plain(row.said[name])) if row.said[name] else None
        name = "coverage"
        coverage = figures.plain(row.said[name]) if row.said[name] else None
    except Refusal as why:
        raise At(row.line, name, why) from None
    return NewValue(
        key=row.said["characteristic"],
        value=value,
        operator=operator,
        unit=row.said["unit"],
        uncertainty=uncertainty,
        coverage=coverage,
        piece=piece,
    )


def _version(row: Row) -> int | None:
    said = row.said["version"]
    if not said:
        return None
    try:
        figure = figures.plain(said)
        if figure != int(figure) or not 0 < figure < 10**6:
            raise inspections.MethodUnknown(code=f"{row.said['method']} {said}")
    except Refusal as why:
        raise At(row.line, "version", why) from None
    return int(figure)
