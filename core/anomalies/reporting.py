"""异常发现: recording what was found, by the template of its category; the rule table proposes a grade."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from core import duty, evidence, ledger, lots, orders, people, sop
from core.anomalies import clocks, hooks, policy, queries
from core.anomalies.errors import MissingFields, MoreThanLot, NobodyResponsible
from core.anomalies.models import Anomaly, Grading
from core.anomalies.terms import ITSELF, AnomalyFacts, Proposal, Rules, State
from core.anomalies.weighing import grading_facts
from core.evidence import SubjectKind
from core.kit import Actor, Level, Malformed, Module, NotFound, Refusal, current, verb
from core.kit.numbering import next_number
from core.ledger import Kind
from core.lots import LotFacts
from core.sop import TemplateFacts

TIERS = (1, 2, 3, 4)


@verb(Module.ANOMALIES, Level.REPORT, Kind.ANOMALY_REPORT, Kind.GRADE_PROPOSE)
async def report(
    actor: Actor,
    *,
    template_id: int,
    answers: dict[str, object],
    evidence_ids: list[int],
    channel: str,
    order_stage_id: int | None = None,
) -> AnomalyFacts:
    """Record an anomaly; it gets a number, an owner, a proposed grade and a clock at once.

    ``order_stage_id`` is the stage of an outsourcing order where it was found; without one it is the stage that the
    lot was last recorded at, if any.

    Raises:
        Malformed: another plant's template, or one photo twice.
        MissingFields: answers do not satisfy the template, or more pieces are affected than the lot had (``faults``
            holds a refusal per field).
        LotUnknown: no such lot in the reporter's scope.
        NotFound: a photo, the partner or the stage is not within the reporter's scope.
        NobodyResponsible: neither matrix nor roles name anybody.
    """
    work = current()
    template = await sop.template(template_id)
    if template.plant_id != actor.plant_id:
        raise Malformed(field="template", why=str(template_id))
    if len(set(evidence_ids)) != len(evidence_ids):
        raise Malformed(field="evidence_ids", why="one photo twice")
    good, faults = sop.check(
        template.fields, answers, photos=len(evidence_ids), now=work.now, locale=actor.locale
    )
    if faults:
        raise incomplete(faults)
    lot = await lots.find(actor, good["lot"]) if good.get("lot") else None
    must_be_in(lot, good, template, actor.locale)
    return await record(
        actor,
        template,
        good,
        lot,
        evidence_ids=evidence_ids,
        channel=channel,
        order_stage_id=order_stage_id,
    )


async def record(
    actor: Actor,
    template: TemplateFacts,
    good: dict[str, str],
    lot: LotFacts | None,
    *,
    evidence_ids: list[int],
    channel: str,
    order_stage_id: int | None = None,
    partner_id: int | None = None,
) -> AnomalyFacts:
    """Write the case with what was answered; what was not yet stays empty and is added later.

    ``partner_id`` is whose interface it is, where that is known; else it follows from reporter, answers and lot.
    """
    work = current()
    itself = actor.client or (actor.is_system and actor.channel == "rule")
    reporter_id = ITSELF if itself else actor.identity
    if partner_id is None:
        partner_id = await partner_of(actor, lot, good.get("partner"))
    site_id = lot.site_id if lot is not None else None
    graded_by = await grading_facts(
        actor.plant_id, template.category, good, lot, partner_id=partner_id, at=work.now
    )
    rules = await queries.rules_for(actor.plant_id)
    proposal = policy.propose(graded_by, rules)
    owner_id = await owner_for(actor, template.category, site_id, partner_id)
    pictures = await evidence.visible(actor, evidence_ids)
    reused = await reused_from(actor, evidence_ids)
    stages = await stages_of(actor, order_stage_id, lot)
    row = await Anomaly.create(
        plant_id=actor.plant_id,
        number=await next_number(actor.plant_id, "AN"),
        category=template.category,
        subcode=good.get("subcode"),
        template_id=template.id,
        answers=good,
        state=State.REPORTED.value,
        reporter_id=reporter_id,
        reporter_client=actor.client,
        owner_id=owner_id,
        partner_id=partner_id,
        site_id=site_id,
        place=good["place"][:120],
        lot_id=None if lot is None else lot.id,
        lot_number=None if lot is None else lot.number,
        product_id=None if lot is None else lot.product.id,
        quantity=Decimal(good["quantity"]) if "quantity" in good else None,
        unit="" if lot is None else lot.unit,
        interface_from=good.get("interface_from", ""),
        interface_to=good.get("interface_to", ""),
        stage_from_id=stages[0],
        stage_to_id=stages[1],
        detection=good.get("detection", ""),
        description=good["description"],
        occurred_at=dt.datetime.fromisoformat(good["occurred_at"]),
        reported_at=work.now,
        channel=channel,
        grade=None,
        proposed_grade=proposal.grade.value,
        s=proposal.s,
        o=proposal.o,
        d=proposal.d,
        reasons=list(proposal.reasons),
        evidence_ids=[one.id for one in pictures],
        reused_photo_of=reused,
        due_at=await clocks.due_at(actor.plant_id, site_id, State.REPORTED, proposal.grade.value),
        due_since=work.now,
    )
    links = await evidence.attach(
        actor,
        [one.id for one in pictures],
        subject_kind=SubjectKind.ANOMALY,
        subject_id=row.id,
        case_number=row.number,
        partner_id=partner_id,
    )
    await ledger.append(
        Kind.ANOMALY_REPORT,
        actor,
        rows=[row, *links],
        case=row.number,
        facts={
            "number": row.number,
            "category": row.category,
            "lot": row.lot_number,
            "stage": row.stage_to_id,
            "template": template.id,
            "template_version": template.version,
            "answers": good,
            "owner": owner_id,
            "evidence": [one.sha256 for one in pictures],
            "reused_photo_of": reused,
            "happened_at": row.occurred_at,
        },
    )
    await propose(actor, row, proposal, rules)
    facts = row.facts()
    await hooks.reported.happen(actor, facts)
    return facts


async def stages_of(
    actor: Actor, order_stage_id: int | None, lot: LotFacts | None
) -> tuple[int | None, int | None]:
    """The two stages of an order that a case lies between: where it was found, and the one before.

    Raises:
        NotFound: no such stage in the actor's scope.
    """
    if order_stage_id is not None:
        return await orders.stage_pair(actor, order_stage_id)
    here = None if lot is None else await orders.present_stage(actor.plant_id, lot.id)
    return here or (None, None)


def must_be_in(
    lot: LotFacts | None, answers: Mapping[str, str], template: TemplateFacts, locale: str
) -> None:
    """Hold the affected pieces that were answered to the lot.

    Raises:
        MissingFields: there never were so many (``faults`` says it of the quantity).
    """
    if lot is None or "quantity" not in answers:
        return
    try:
        check_affected(lot, answers["quantity"])
    except MoreThanLot as why:
        labels = {one.key: one.label_in(locale) for one in template.fields}
        asked = labels.get("quantity", "quantity")
        raise incomplete({"quantity": MoreThanLot(**why.facts, field=asked)}) from None


def check_affected(lot: LotFacts, quantity: str) -> None:
    """Look at the pieces that a report calls affected before it is complete.

    Raises:
        MoreThanLot: the lot never had so many.
    """
    policy.affected(Decimal(quantity), lot=lot.number, most=lot.quantity, unit=lot.unit)


def incomplete(faults: dict[str, Refusal]) -> MissingFields:
    """One refusal for all faulty fields; each field's own refusal is in ``faults``."""
    refusal = MissingFields(
        fields=", ".join(str(faults[key].facts.get("field", key)) for key in sorted(faults))
    )
    refusal.faults = faults
    return refusal


async def reused_from(actor: Actor, evidence_ids: list[int]) -> list[str]:
    """The numbers of earlier cases that show the same picture; the owner judges what that means."""
    pictures = await evidence.visible(actor, evidence_ids)
    reuses = [reuse for one in pictures for reuse in await evidence.reused_of(one)]
    linked = [number for one in pictures for number in await evidence.cases_of(actor.plant_id, one.id)]
    return sorted({number for reuse in reuses for number in reuse.case_numbers} | set(linked))


async def partner_of(actor: Actor, lot: LotFacts | None, chosen: str | None) -> int | None:
    """Whose interface it is: the reporter's own organisation, the partner chosen, where the lot is or was made.

    Raises:
        NotFound: no such partner of this plant.
    """
    if actor.partner_id is not None:
        return actor.partner_id
    if chosen:
        for one in await people.organisations(actor.plant_id):
            if one.code == chosen and one.id != actor.plant_id and one.active:
                return one.id
        raise NotFound(what=chosen[:40])
    places = () if lot is None else (lot.partner_id, lot.organisation_id)
    return next((one for one in places if one is not None and one != actor.plant_id), None)


async def owner_for(actor: Actor, category: str, site_id: int | None, partner_id: int | None) -> int:
    """Who gets the case: whoever is on duty from tier 1 upwards, a quality manager, anybody who works on cases.

    The reporter gets it only when nobody else could. A case always has an owner.

    Raises:
        NobodyResponsible: there is nobody at all.
    """
    everybody = await people.persons(actor.plant_id)
    known = {one.id: one for one in everybody}
    candidates = [
        known[person_id]
        for tier in TIERS
        for person_id in (
            await duty.on_duty(
                actor.plant_id, tier=tier, category=category, site_id=site_id, partner_id=partner_id
            )
        ).persons
        if person_id in known
    ]
    candidates += [one for one in everybody if people.Role.MANAGER in one.roles]
    candidates += everybody
    able = [one.id for one in candidates if queries.can(one, Level.WORK)]
    for person_id in able:
        if person_id != actor.person_id:
            return person_id
    if able:
        return able[0]
    raise NobodyResponsible


async def propose(
    actor: Actor, row: Anomaly, proposal: Proposal, rules: Rules, *, changed: bool = False
) -> None:
    """Record what the rule table proposes; ``changed`` says that the case itself was changed by it."""
    step = await Grading.create(
        anomaly_id=row.id,
        cycle=row.cycle,
        step="proposed",
        s=proposal.s,
        o=proposal.o,
        d=proposal.d,
        grade=proposal.grade.value,
        reason=None,
        by_id=None,
        rules_version=rules.version,
        at=current().now,
    )
    await ledger.append(
        Kind.GRADE_PROPOSE,
        actor,
        rows=[step, row] if changed else [step],
        case=row.number,
        facts={
            "s": proposal.s,
            "o": proposal.o,
            "d": proposal.d,
            "rpn": proposal.rpn,
            "grade": proposal.grade,
            "reasons": list(proposal.reasons),
            "rules_version": rules.version,
        },
    )
