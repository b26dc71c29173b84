"""A supplier's progress: stages begun and finished, the lots that came out of them, counts and parameters."""

from __future__ import annotations

from core import conditions, lots, orders
from core.conditions import NewReading, NewReadings
from core.imports import figures
from core.imports.errors import ParameterUnclear, StageUnknown
from core.imports.models import ImportRun
from core.imports.reported import At, Reported, Row
from core.imports.terms import Subject
from core.kit import Actor, NotFound, Refusal
from core.kit.provenance import Flag, Provenance, Source
from core.orders import Flow, StageFacts, StageState

_COUNTS = (("good", "合格数"), ("scrap", "报废数"))


async def stage_of(actor: Actor, row: Row) -> StageFacts:
    """Find the stage that a row names by order and position.

    Raises:
        StageUnknown: none in the actor's scope.
    """
    order, place = row.said["order"], row.said["stage"]
    try:
        found = await orders.get(actor, order)
    except NotFound:
        raise StageUnknown(order=order[:40], stage=place) from None
    for one in found.stages:
        if place == str(one.position):
            return one
    raise StageUnknown(order=order[:40], stage=place)


def _column(why: Refusal) -> str:
    if isinstance(why, StageUnknown):
        return "stage"
    return "lot" if why.code.startswith("Lot") else ""


class Progress(Reported):
    """Rows of stages."""

    subject = Subject.PROGRESS

    def column_of(self, why: Refusal) -> str:
        """In which column it is at home."""
        return _column(why)

    async def told(self, actor: Actor, group: list[Row], run: ImportRun) -> None:
        """Begin the stage, record its lot, its counts and parameters, and finish it, as far as the row says so."""
        [row] = group
        stage = await stage_of(actor, row)
        began, ended = row.at("started_at"), row.at("finished_at")
        if began is not None and stage.state is StageState.PLANNED:
            stage = await orders.start_stage(actor, stage.id, at=began)
        lot = await lots.find(actor, row.said["lot"])
        counts = {name: row.amount(name) for name, _zh in _COUNTS}
        told = [one for one in counts.values() if one is not None]
        doubts = (Flag.COUNT,) if told and sum(told) != lot.quantity else ()
        source = Provenance(source=Source.FILE, ref=run.file_name, sha256=run.file_digest, flags=doubts)
        if stage.state is StageState.RUNNING:
            await orders.record_lots(actor, stage.id, Flow.OUT, [lot.number], at=ended, provenance=source)
        values = [
            NewReading(name=zh, value=amount, unit=row.said["unit"] or lot.unit)
            for name, zh in _COUNTS
            if (amount := counts[name]) is not None
        ]
        values += _parameter(row)
        if values:
            await conditions.record_readings(
                actor,
                NewReadings(
                    lot=lot.number,
                    process=stage.code,
                    values=tuple(values),
                    at=ended or began,
                    stage_id=stage.id,
                    equipment=row.said["equipment"],
                    provenance=source,
                ),
            )
        if ended is not None and stage.state is StageState.RUNNING and self._last(row):
            await orders.finish_stage(actor, stage.id, at=ended)

    def _last(self, row: Row) -> bool:
        """Whether no row below speaks of the same stage: a stage is finished once, after all of its lots."""
        same = [one for one in self.rows if one.same("order", "stage") == row.same("order", "stage")]
        return same[-1] is row


def _parameter(row: Row) -> list[NewReading]:
    name, said = row.said["parameter"], row.said["value"]
    if not name and not said:
        return []
    if not (name and said):
        raise At(row.line, "parameter" if said else "value", ParameterUnclear())
    try:
        return [NewReading(name=name, value=figures.plain(said), unit=row.said["parameter_unit"])]
    except Refusal as why:
        raise At(row.line, "value", why) from None
