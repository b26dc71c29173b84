"""Reads of the inspections room, each named by its question, each inside what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from tortoise.queryset import QuerySet

from core import lots, people
from core.inspections.errors import MethodUnknown
from core.inspections.models import Characteristic, Finding, Method, Result, Sample, TestReport, Value
from core.inspections.report_terms import FindingFacts, Form, ReportFacts
from core.inspections.terms import MethodFacts, ResultFacts, SampleFacts, ValueFacts, Verdict
from core.kit import Actor, Level, Module, NotFound, NotPermitted, Permission, clock


async def methods_as_facts(rows: Sequence[Method]) -> list[MethodFacts]:
    """Turn methods into facts with their characteristics, in one look-up."""
    of: dict[int, list[Characteristic]] = defaultdict(list)
    for one in await Characteristic.filter(method_id__in=[row.id for row in rows] or [0]).order_by(
        "position"
    ):
        of[one.method_id].append(one)
    return [
        MethodFacts(
            id=row.id,
            code=row.code,
            version=row.version,
            name_zh=row.name_zh,
            name_en=row.name_en,
            effective_from=row.effective_from,
            characteristics=tuple(one.facts() for one in of[row.id]),
        )
        for row in rows
    ]


async def method_at(plant_id: int, code: str, at: dt.datetime, *, version: int | None = None) -> MethodFacts:
    """The version of a method that held at an instant, or the version named.

    Raises:
        MethodUnknown: there is none.
    """
    rows = Method.filter(plant_id=plant_id, code=code)
    rows = rows.filter(effective_from__lte=clock.utc(at)) if version is None else rows.filter(version=version)
    row = await rows.order_by("-version").first()
    if row is None:
        raise MethodUnknown(code=code[:40])
    return (await methods_as_facts([row]))[0]


async def methods(actor: Actor) -> list[MethodFacts]:
    """Every version of every method of the plant, newest version of each first; partners read them too, to test by."""
    actor.must(Permission(Module.LOTS, Level.READ))
    return await methods_as_facts(await Method.filter(plant_id=actor.plant_id).order_by("code", "-version"))


def _seen(actor: Actor) -> QuerySet[Result]:
    """The results that the actor may see: the plant's people all, a partner's what it brought in itself."""
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    rows = Result.filter(plant_id=scope.plant_id)
    return rows if scope.partner_id is None else rows.filter(organisation_id=scope.partner_id)


async def results_as_facts(rows: Sequence[Result]) -> list[ResultFacts]:
    """Turn results into facts with values, methods and lots, in four look-ups."""
    values = await Value.filter(result_id__in=[row.id for row in rows] or [0]).order_by("id")
    known = {
        one.id: one
        for one in await Characteristic.filter(id__in={one.characteristic_id for one in values} or {0})
    }
    named = {one.id: one for one in await Method.filter(id__in={row.method_id for row in rows} or {0})}
    numbers = await lots.numbers(row.lot_id for row in rows)
    of: dict[int, list[ValueFacts]] = defaultdict(list)
    for one in values:
        what = known[one.characteristic_id]
        of[one.result_id].append(
            ValueFacts(
                key=what.key,
                name_zh=what.name_zh,
                name_en=what.name_en,
                piece=one.piece,
                value=one.value,
                operator=one.operator,
                unit=one.unit,
                uncertainty=one.uncertainty,
                coverage=one.coverage,
                passed=one.passed,
                compared=one.compared,
                compared_unit=what.unit,
                lower=what.lower,
                upper=what.upper,
                within=one.within,
            )
        )
    return [
        ResultFacts(
            id=row.id,
            plant_id=row.plant_id,
            lot_id=row.lot_id,
            lot_number=numbers[row.lot_id],
            stage_id=row.stage_id,
            method=named[row.method_id].code,
            method_version=named[row.method_id].version,
            laboratory_id=row.laboratory_id,
            organisation_id=row.organisation_id,
            instrument=row.instrument,
            calibrated_until=row.calibrated_until,
            analyst=row.analyst,
            measured_at=row.measured_at,
            recorded_at=row.recorded_at,
            verdict=Verdict(row.verdict),
            claims=row.claims,
            sample=row.sample,
            sampled_at=row.sampled_at,
            remark=row.remark,
            corrects=row.corrects_id,
            provenance=row.provenance(),
            values=tuple(of[row.id]),
        )
        for row in rows
    ]


async def results_of(actor: Actor, lot_id: int) -> list[ResultFacts]:
    """The results of a lot that the actor may see, newest first, corrected ones too.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    await lots.get(actor, lot_id)
    return await results_as_facts(await _seen(actor).filter(lot_id=lot_id).order_by("-measured_at", "-id"))


async def result(actor: Actor, result_id: int) -> ResultFacts:
    """One result.

    Raises:
        NotFound: none in the actor's scope.
    """
    row = await _seen(actor).filter(id=result_id).first()
    if row is None:
        raise NotFound(what=f"#{result_id}")
    await lots.get(actor, row.lot_id)
    return (await results_as_facts([row]))[0]


async def reports_as_facts(rows: Sequence[TestReport]) -> list[ReportFacts]:
    """Turn test reports into facts with findings and lots, in two look-ups."""
    of: dict[int, list[FindingFacts]] = defaultdict(list)
    for one in await Finding.filter(report_id__in=[row.id for row in rows] or [0]).order_by("position"):
        of[one.report_id].append(one.facts())
    numbers = await lots.numbers(row.lot_id for row in rows)
    return [
        ReportFacts(
            id=row.id,
            plant_id=row.plant_id,
            organisation_id=row.organisation_id,
            lot_id=row.lot_id,
            lot_number=numbers[row.lot_id],
            form=Form(row.form),
            number=row.number,
            said_lot=row.said_lot,
            standard=row.standard,
            issuer=row.issuer,
            product=row.product,
            issued_on=row.issued_on,
            measured_at=row.measured_at,
            instrument=row.instrument,
            analyst=row.analyst,
            statement=row.statement,
            claims=row.claims,
            verdict=Verdict(row.verdict),
            recorded_at=row.recorded_at,
            person_id=row.person_id,
            import_id=row.import_id,
            evidence_ids=tuple(row.evidence_ids),
            provenance=row.provenance(),
            findings=tuple(of[row.id]),
        )
        for row in rows
    ]


async def reports_of(actor: Actor, lot_id: int) -> list[ReportFacts]:
    """The test reports of a lot that the actor may see, newest first: a partner's people those they brought in.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    await lots.get(actor, lot_id)
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    rows = TestReport.filter(plant_id=scope.plant_id, lot_id=lot_id)
    if scope.partner_id is not None:
        rows = rows.filter(organisation_id=scope.partner_id)
    return await reports_as_facts(await rows.order_by("-id"))


async def methods_in_force(plant_id: int, at: dt.datetime) -> list[MethodFacts]:
    """The version of every method of a plant that held at an instant."""
    newest: dict[str, Method] = {}
    async for row in Method.filter(plant_id=plant_id, effective_from__lte=clock.utc(at)).order_by("version"):
        newest[row.code] = row
    return await methods_as_facts(list(newest.values()))


async def samples_of(actor: Actor, product_id: int) -> list[SampleFacts]:
    """The golden and limit samples of a product, newest version first; partners see the signed ones."""
    actor.must(Permission(Module.LOTS, Level.READ))
    rows = Sample.filter(plant_id=actor.plant_id, product_id=product_id)
    if people.scope(actor).partner_id is not None:
        rows = rows.filter(approved_at__not_isnull=True)
    return [row.facts() for row in await rows.order_by("code", "-version")]


async def unsigned_samples(actor: Actor, limit: int = 20) -> list[SampleFacts]:
    """Samples of the plant that nobody has signed yet, oldest first; none of a partner's business.

    Raises:
        NotPermitted: the right to read lots is missing, or the actor belongs to a partner.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    if people.scope(actor).partner_id is not None:
        raise NotPermitted
    rows = Sample.filter(plant_id=actor.plant_id, approved_at=None).order_by("id")
    return [row.facts() for row in await rows.limit(limit)]


async def sample(actor: Actor, sample_id: int) -> SampleFacts:
    """One sample.

    Raises:
        NotFound: none in the actor's scope.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    row = await Sample.get_or_none(id=sample_id, plant_id=actor.plant_id)
    if row is None or (row.approved_at is None and people.scope(actor).partner_id is not None):
        raise NotFound(what=f"#{sample_id}")
    return row.facts()


async def add_inspectors(lot_ids: frozenset[int], persons: set[int]) -> None:
    """Add who recorded results of these lots, to be kept from releasing them."""
    for table in (Result, TestReport):
        async for row in table.filter(lot_id__in=lot_ids):
            if row.person_id is not None:
                persons.add(row.person_id)
