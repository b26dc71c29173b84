"""Test reports recorded: every finding judged by its own limits and ours, doubts flagged, the file kept as evidence."""

from __future__ import annotations

from typing import Any

from core import evidence, ledger, lots, products
from core.evidence import SubjectKind
from core.inspections import hooks, queries, report_policy
from core.inspections.models import Finding, TestReport
from core.inspections.report_terms import JudgedFinding, NewReport, ReportFacts, figure
from core.kit import Actor, Level, Module, clock, current, plain_text, verb
from core.kit.provenance import flag_codes
from core.ledger import Kind

_CUT = plain_text.clean


@verb(Module.LOTS, Level.REPORT, Kind.REPORT_RECORD)
async def record_report(actor: Actor, new: NewReport) -> ReportFacts:
    """Record a sender's document of results for one lot; what it claims of itself stands beside our verdict.

    Raises:
        LotUnknown, NotFound: no such lot or file in the actor's scope.
        NoFindings, LimitsCross: it is no report.
        Empty, TooLong: a text is missing or longer than its field.
    """
    now = current().now
    lot = await lots.find(actor, new.lot)
    measured = None if new.measured_at is None else clock.utc(new.measured_at)
    known = await queries.methods_in_force(actor.plant_id, measured or now)
    judged = report_policy.judge(
        new.findings, known, await products.factors(actor.plant_id, [lot.product.id])
    )
    verdict = report_policy.verdict(judged)
    number = plain_text.checked(new.number, limit=80)
    twice = await TestReport.exists(
        plant_id=actor.plant_id, form=new.form.value, number=number, issuer=new.issuer[:160], lot_id=lot.id
    )
    row = await TestReport.create(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        lot_id=lot.id,
        form=new.form.value,
        number=number,
        said_lot=plain_text.checked(new.said_lot, limit=120, required=False),
        standard=plain_text.checked(new.standard, limit=120, required=False),
        issuer=_CUT(new.issuer)[:160],
        product=_CUT(new.product)[:200],
        issued_on=new.issued_on,
        measured_at=measured,
        instrument=_CUT(new.instrument)[:120],
        analyst=_CUT(new.analyst)[:120],
        statement=_CUT(new.statement)[:1000],
        claims=new.claims,
        verdict=verdict.value,
        recorded_at=now,
        person_id=actor.person_id,
        import_id=new.import_id,
        evidence_ids=list(new.evidence_ids),
        **new.provenance.columns(*report_policy.doubts(verdict, judged, claims=new.claims, twice=twice)),
    )
    rows = [
        await Finding.create(report_id=row.id, position=position, **_columns(one))
        for position, one in enumerate(judged, start=1)
    ]
    links = await evidence.attach(
        actor,
        new.evidence_ids,
        subject_kind=SubjectKind.REPORT,
        subject_id=row.id,
        partner_id=actor.partner_id,
    )
    await ledger.append(
        Kind.REPORT_RECORD,
        actor,
        rows=[row, *rows, *links],
        facts={
            "lot": lot.number,
            "form": row.form,
            "document": row.number,
            "verdict": verdict,
            "claims": new.claims,
            "findings": len(rows),
            "out": sum(one.bad for one in judged),
            "flags": row.flags,
            "file": row.file_sha256,
        },
    )
    [facts] = await queries.reports_as_facts([row])
    await hooks.reported.happen(actor, facts)
    return facts


def _columns(one: JudgedFinding) -> dict[str, Any]:
    given = one.given
    return {
        "code": _CUT(given.code)[:60],
        "name": plain_text.checked(given.name, limit=160),
        "method": _CUT(given.method)[:160],
        "condition": _CUT(given.condition)[:200],
        "unit": plain_text.checked(given.unit, limit=30, required=False),
        "value": figure(given.value),
        "operator": given.operator,
        "text": _CUT(given.text)[:500],
        "lower": "" if given.lower is None else figure(given.lower.value),
        "lower_open": given.lower is not None and given.lower.open,
        "upper": "" if given.upper is None else figure(given.upper.value),
        "upper_open": given.upper is not None and given.upper.open,
        "nominal": figure(given.nominal),
        "uncertainty": figure(given.uncertainty),
        "own": one.own.value,
        "ours": one.ours.value,
        "our_limits": one.our_limits[:200],
        "count": len(given.singles) or 1,
        "out": one.out,
        "singles": [[figure(each.value), each.at, each.piece] for each in given.singles],
        "flags": flag_codes(one.flags),
        "place": given.place[:200],
    }
