"""The four kinds of evidence that a case's lot has: reference samples, raw records, parameter snapshots, environment."""

from __future__ import annotations

from dataclasses import dataclass

from core import conditions, inspections, lots
from core.conditions import ReadingFacts, SeriesFacts
from core.inspections import ReportFacts, ResultFacts, SampleFacts
from core.kit import Actor


@dataclass(frozen=True, kw_only=True)
class Proofs:
    """What is recorded of a lot (product row 13), each as far as its reader may see it."""

    samples: tuple[SampleFacts, ...] = ()
    results: tuple[ResultFacts, ...] = ()
    reports: tuple[ReportFacts, ...] = ()
    readings: tuple[ReadingFacts, ...] = ()
    series: tuple[SeriesFacts, ...] = ()

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return sum(map(len, (self.samples, self.results, self.reports, self.readings, self.series)))


async def proofs_of_lot(actor: Actor, lot_id: int) -> Proofs:
    """The four kinds of evidence of a lot.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    lot = await lots.get(actor, lot_id)
    return Proofs(
        samples=tuple(await inspections.samples_of(actor, lot.product.id)),
        results=tuple(await inspections.results_of(actor, lot_id)),
        reports=tuple(await inspections.reports_of(actor, lot_id)),
        readings=tuple(await conditions.readings_of(actor, lot_id)),
        series=tuple(await conditions.series_of(actor, lot_id)),
    )
