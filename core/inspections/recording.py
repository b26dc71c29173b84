"""Methods published, results recorded with everything that makes them worth something, judged by us."""

from __future__ import annotations

import datetime as dt

from core import evidence, ledger, lots, orders, people, products
from core.evidence import SubjectKind
from core.inspections import hooks, policy, queries
from core.inspections.errors import CorrectedAlready, CorrectsAnother, MeasuredLater, SampledLater
from core.inspections.models import Characteristic, Method, Result, Value
from core.inspections.terms import MethodFacts, NewMethod, NewResult, ResultFacts
from core.kit import Actor, Level, Module, NotPermitted, clock, current, plain_text, quantity, verb
from core.kit.numbering import in_line
from core.ledger import Kind
from core.products.policy import later

SLACK = dt.timedelta(minutes=2)


@verb(Module.LOTS, Level.CONFIGURE, Kind.METHOD_PUBLISH)
async def publish_method(actor: Actor, new: NewMethod) -> MethodFacts:
    """Publish the next version of an inspection method.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        NoCharacteristics, CharacteristicTwice, LimitsReversed, NoLimits, UncertaintyMalformed, NotLater: why not.
        NotAQuantity, Empty, TooLong: a number or text is no such thing.
    """
    if people.scope(actor).partner_id is not None:
        raise NotPermitted
    policy.method(new.characteristics)
    code = plain_text.checked(new.code, limit=40)
    await in_line(actor.plant_id, "methods")
    last = await Method.filter(plant_id=actor.plant_id, code=code).order_by("-version").first()
    begins = current().now if new.effective_from is None else clock.utc(new.effective_from)
    later(begins, None if last is None else last.effective_from)
    row = await Method.create(
        plant_id=actor.plant_id,
        code=code,
        version=1 if last is None else last.version + 1,
        name_zh=plain_text.checked(new.name_zh, limit=120),
        name_en=plain_text.checked(new.name_en, limit=120),
        effective_from=begins,
        published_by=actor.person_id,
        published_at=current().now,
    )
    rows = [
        await Characteristic.create(
            method_id=row.id,
            position=position,
            key=plain_text.checked(one.key, limit=40),
            name_zh=plain_text.checked(one.name_zh, limit=120),
            name_en=plain_text.checked(one.name_en, limit=120),
            unit=plain_text.checked(one.unit, limit=20, required=False),
            lower=None if one.lower is None else quantity.exact(one.lower),
            target=None if one.target is None else quantity.exact(one.target),
            upper=None if one.upper is None else quantity.exact(one.upper),
            uncertainty=None if one.uncertainty is None else quantity.exact(one.uncertainty),
            coverage=one.coverage,
        )
        for position, one in enumerate(new.characteristics, start=1)
    ]
    await ledger.append(
        Kind.METHOD_PUBLISH,
        actor,
        rows=[row, *rows],
        facts={"code": code, "version": row.version, "effective_from": begins},
    )
    return (await queries.methods_as_facts([row]))[0]


@verb(Module.LOTS, Level.REPORT, Kind.RESULT_RECORD)
async def record_result(actor: Actor, new: NewResult) -> ResultFacts:
    """Record a result: the version of the method at that time, each value judged by us, doubts flagged.

    A correction names the result that it corrects; both stay.

    Raises:
        LotUnknown, NotFound: no such lot, stage, laboratory or file in the actor's scope.
        MethodUnknown: no such method, or none yet at that time.
        CharacteristicUnknown, ValueTwice, NumberWanted, JudgementWanted, NoFactor, NotExact: a value does not fit.
        MeasuredLater, SampledLater: it was measured in the future, or before its sample was taken.
        CorrectsAnother, CorrectedAlready: it corrects something else.
    """
    now = current().now
    measured = clock.utc(new.measured_at)
    if measured > now + SLACK:
        raise MeasuredLater
    if new.sampled_at is not None and clock.utc(new.sampled_at) > measured:
        raise SampledLater
    lot = await lots.find(actor, new.lot)
    if new.stage_id is not None:
        await orders.stage(actor, new.stage_id)
    if new.laboratory_id != actor.plant_id:
        await people.must_be_own_partner(actor, new.laboratory_id)
    known = await queries.method_at(actor.plant_id, new.method, measured, version=new.method_version)
    judged = policy.judge(known, new.values, await products.factors(actor.plant_id, [lot.product.id]))
    await _may_correct(actor, new.corrects, lot.id, known.code)
    verdict = policy.verdict(known, judged)
    doubts = policy.doubts(
        verdict,
        claims=new.claims,
        calibrated_until=new.calibrated_until,
        measured_on=clock.in_zone(measured, actor.timezone).date(),
    )
    row = await Result.create(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        lot_id=lot.id,
        stage_id=new.stage_id,
        method_id=known.id,
        laboratory_id=new.laboratory_id if actor.partner_id is None else actor.partner_id,
        instrument=plain_text.checked(new.instrument, limit=80, required=False),
        calibrated_until=new.calibrated_until,
        analyst=plain_text.checked(new.analyst, limit=80, required=False),
        measured_at=measured,
        recorded_at=now,
        person_id=actor.person_id,
        verdict=verdict.value,
        claims=new.claims,
        sample=plain_text.checked(new.sample, limit=60, required=False),
        sampled_at=None if new.sampled_at is None else clock.utc(new.sampled_at),
        remark=plain_text.checked(new.remark, limit=500, required=False),
        corrects_id=new.corrects,
        **new.provenance.columns(*doubts),
    )
    values = [
        await Value.create(
            result_id=row.id,
            characteristic_id=one.characteristic.id,
            piece=one.given.piece,
            value=one.given.value,
            operator=one.given.operator,
            unit=one.given.unit or one.characteristic.unit,
            uncertainty=one.given.uncertainty,
            coverage=one.given.coverage,
            passed=one.given.passed if one.given.value is None else None,
            compared=one.compared,
            within=one.within,
        )
        for one in judged
    ]
    links = await evidence.attach(
        actor,
        new.evidence_ids,
        subject_kind=SubjectKind.RESULT,
        subject_id=row.id,
        partner_id=actor.partner_id,
    )
    await ledger.append(
        Kind.RESULT_RECORD,
        actor,
        rows=[row, *values, *links],
        facts={
            "lot": lot.number,
            "method": known.code,
            "version": known.version,
            "verdict": verdict,
            "claims": new.claims,
            "flags": row.flags,
            "corrects": new.corrects,
            "file": row.file_sha256,
        },
    )
    [facts] = await queries.results_as_facts([row])
    await hooks.recorded.happen(actor, facts)
    return facts


async def _may_correct(actor: Actor, corrects: int | None, lot_id: int, code: str) -> None:
    if corrects is None:
        return
    before = await queries.result(actor, corrects)
    if (before.lot_id, before.method) != (lot_id, code):
        raise CorrectsAnother
    if await Result.exists(corrects_id=corrects):
        raise CorrectedAlready
