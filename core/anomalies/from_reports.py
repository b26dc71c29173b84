"""A certificate, measuring file or result with a value out of limits opens its case by itself, in the same unit.

Whatever the document says of itself: its values are judged by its own limits and by ours.
"""

from __future__ import annotations

from core import lots, sop
from core.anomalies.report_policy import Seen, answers_for
from core.anomalies.reporting import record
from core.anomalies.terms import AnomalyFacts
from core.inspections import ReportFacts, ResultFacts, Verdict
from core.kit import Actor, Level, Module, system, verb
from core.ledger import Kind

_CATEGORY = "M"


async def reported(actor: Actor, report: ReportFacts) -> None:
    """A test report was recorded: one with a value that is not shown to be within limits opens a case."""
    if report.verdict is Verdict.NONCONFORMING:
        rule = system(report.plant_id, channel="rule", correlation=actor.correlation)
        await open_for_report(rule, Seen.of_report(report))


async def recorded(actor: Actor, result: ResultFacts) -> None:
    """A result by one of our methods was recorded: one out of limits opens a case."""
    if result.verdict is Verdict.NONCONFORMING:
        rule = system(result.plant_id, channel="rule", correlation=actor.correlation)
        await open_for_report(rule, Seen.of_result(result))


@verb(Module.ANOMALIES, Level.REPORT, Kind.ANOMALY_REPORT, Kind.GRADE_PROPOSE)
async def open_for_report(rule: Actor, seen: Seen) -> AnomalyFacts:
    """Open the case of results out of limits: M01 composition, M02 dimensions, M04 properties (reference §7.1).

    Raises:
        UnknownCategory: the plant reports nothing under this category.
        NobodyResponsible: neither matrix nor roles name anybody.
    """
    lot = await lots.get(rule, seen.lot_id)
    template = await sop.current_template(rule.plant_id, _CATEGORY)
    good = answers_for(seen, template.fields, place=lot.place)
    sender = None if seen.organisation_id == rule.plant_id else seen.organisation_id
    maker = None if lot.organisation_id == rule.plant_id else lot.organisation_id
    return await record(
        rule,
        template,
        good,
        lot,
        evidence_ids=[],
        channel=rule.channel,
        order_stage_id=seen.stage_id,
        partner_id=sender or maker,
    )
