"""Readings of sensors in a file, for what has no line to a broker: they go the same way as every message."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core import sensors
from core.imports import figures
from core.imports.document_errors import FigureUnclear
from core.imports.models import ImportRun
from core.imports.reported import At, Reported, Row
from core.imports.subjects import Checked
from core.imports.terms import Subject
from core.kit import Actor, NotFound, Refusal, current
from core.sensors import ReadingAhead, ReadingOld, Sample, SensorOut

_TOGETHER: Final = 1000
"""Readings of one message, as at the other doors."""


class Readings(Reported):
    """Rows of readings: a value is taken as it stands, converted by nobody."""

    subject = Subject.READINGS

    def more(self, checked: Checked) -> None:
        """Instants; figures that say one value."""
        super().more(checked)
        good, faults = list(checked.good["value"]), {}
        for place, said in enumerate(good):
            if place in checked.bad:
                continue
            try:
                operator, figure = figures.bounded(said)
            except Refusal as why:
                faults[place] = why
                continue
            if operator:
                faults[place] = FigureUnclear(text=said[:40])
            good[place] = str(figure)
        checked.keep("value", (good, faults))

    def groups(self) -> list[list[Row]]:
        """The readings of each sensor, so many together."""
        of: dict[str, list[Row]] = {}
        for row in getattr(self, "rows", []):
            of.setdefault(row.said["sensor"], []).append(row)
        return [
            rows[start : start + _TOGETHER]
            for rows in of.values()
            for start in range(0, len(rows), _TOGETHER)
        ]

    def column_of(self, why: Refusal) -> str:
        """In which column it is at home."""
        if isinstance(why, NotFound | SensorOut):
            return "sensor"
        return "at" if isinstance(why, ReadingOld | ReadingAhead) else "value"

    async def told(self, actor: Actor, group: list[Row], run: ImportRun) -> None:
        """Hand the readings in; what would not come to its place is told by its row."""
        found = await sensors.get(actor, group[0].said["sensor"])
        unfit: list[At] = []
        samples = []
        for row in group:
            sample = Sample(value=Decimal(row.said["value"]), unit=row.said["unit"], at=row.at("at"))
            try:
                samples.append(sensors.fitted(sample, found, current().now))
            except Refusal as why:
                unfit.append(At(row.line, self.column_of(why), why))
        if unfit:
            unfit[0].more = unfit[1:]
            raise unfit[0]
        await sensors.hand_in(actor, found.code, samples)
