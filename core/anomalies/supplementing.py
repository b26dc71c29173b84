"""数据采集: adding and correcting facts; old and new stay legible, and the rule table looks again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import clients, evidence, ledger, lots, people, signing, sop
from core.anomalies import clocks, hooks, policy, queries
from core.anomalies.errors import NothingNew
from core.anomalies.grading import put_higher
from core.anomalies.models import Anomaly, Supplement
from core.anomalies.reporting import incomplete, must_be_in, partner_of, propose, reused_from
from core.anomalies.responding import reasoned
from core.anomalies.terms import ITSELF, AnomalyFacts, Grade, State
from core.anomalies.weighing import case_facts
from core.evidence import SubjectKind
from core.kit import Actor, Level, Module, Permission, Refusal, current, verb
from core.ledger import Kind

WORK = Permission(Module.ANOMALIES, Level.WORK)
SIGNED = frozenset({"description", "lot", "quantity"})
"""Answers that a signature on the case shows: correcting or adding one voids what was signed before."""
COLUMNS = ("interface_from", "interface_to", "detection", "description")


@verb(
    Module.ANOMALIES,
    Level.REPORT,
    Kind.ANOMALY_SUPPLEMENT,
    Kind.GRADE_PROPOSE,
    Kind.GRADE_RAISE,
    Kind.SIGN_VOID,
)
async def supplement(
    actor: Actor, anomaly_id: int, *, changes: dict[str, object], reason: str, evidence_ids: list[int]
) -> AnomalyFacts:
    """Add or correct facts of a case; a graver circumstance raises the grade at once, a milder one never lowers it.

    Raises:
        MissingFields: a new value does not fit the template.
        LotUnknown, NotFound: no such lot, partner or photo in the actor's scope.
        NothingNew, NeedsReason, EndedAlready, NotPermitted: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    by = ITSELF if actor.client else actor.identity
    policy.may_supplement(row.facts(), by=by, works=actor.may(WORK), client=actor.client)
    after = await _read(row, changes, actor)
    pictures = [one for one in await evidence.visible(actor, evidence_ids) if one.id not in row.evidence_ids]
    if not after and not pictures:
        raise NothingNew
    before = {key: row.answers.get(key) for key in after}
    partner_before = row.partner_id
    await _apply(actor, row, after)
    new = [one.id for one in pictures]
    row.reused_photo_of = sorted({*row.reused_photo_of, *await reused_from(actor, new)} - {row.number})
    row.evidence_ids = [*row.evidence_ids, *new]
    row.revision += 1
    await row.save()
    shared = row.evidence_ids if row.partner_id != partner_before else new
    links = await evidence.attach(
        actor,
        shared,
        subject_kind=SubjectKind.ANOMALY,
        subject_id=row.id,
        case_number=row.number,
        partner_id=row.partner_id,
    )
    if SIGNED & after.keys():
        await signing.void_for_change(actor, "anomaly", row.number, said)
    added = await Supplement.create(
        anomaly_id=row.id,
        before=before,
        after=after,
        evidence_ids=new,
        reason=said,
        by_id=by,
        at=current().now,
    )
    await ledger.append(
        Kind.ANOMALY_SUPPLEMENT,
        actor,
        rows=[row, added, *links],
        case=row.number,
        reason=said,
        before=dict(before),
        facts={"after": after, "evidence": [one.sha256 for one in pictures], "partner": row.partner_id},
    )
    await _weigh_again(actor, row, said)
    return row.facts()


async def _read(row: Anomaly, changes: dict[str, object], actor: Actor) -> dict[str, str]:
    """The canonical new values that differ from those on record."""
    template = await sop.template(row.template_id)
    merged: dict[str, object] = {**row.answers, **changes}
    good, faults = sop.check(template.fields, merged, photos=1, now=current().now, locale=actor.locale)
    wrong: dict[str, Refusal] = {key: fault for key, fault in faults.items() if key in changes}
    if wrong:
        raise incomplete(wrong)
    return {key: good[key] for key in changes if key in good and good[key] != row.answers.get(key)}


async def _apply(actor: Actor, row: Anomaly, after: dict[str, str]) -> None:
    """Write new values to the columns that lists, clocks and rules look at."""
    row.answers = {**row.answers, **after}
    for name in COLUMNS:
        setattr(row, name, row.answers.get(name, ""))
    row.place = row.answers["place"][:120]
    row.subcode = row.answers.get("subcode")
    row.occurred_at = dt.datetime.fromisoformat(row.answers["occurred_at"])
    row.quantity = Decimal(row.answers["quantity"]) if "quantity" in row.answers else None
    if not {"lot", "partner"} & set(after):
        await _must_be_in_its_lot(actor, row, after)
        return
    lot = await lots.find(actor, row.answers["lot"]) if row.answers.get("lot") else None
    must_be_in(lot, row.answers, await sop.template(row.template_id), actor.locale)
    if lot is not None:
        row.lot_id, row.lot_number, row.product_id, row.unit = lot.id, lot.number, lot.product.id, lot.unit
        row.site_id = lot.site_id
    if not await _of_partner(row):
        found = await partner_of(actor, lot, row.answers.get("partner"))
        row.partner_id = row.partner_id if found is None else found


async def _must_be_in_its_lot(actor: Actor, row: Anomaly, after: dict[str, str]) -> None:
    """Hold a corrected quantity to the lot of the case, as long as whoever corrects it sees that lot."""
    if "quantity" in after and row.lot_id is not None:
        for lot in await lots.some(actor, [row.lot_id]):
            must_be_in(lot, row.answers, await sop.template(row.template_id), actor.locale)


async def _of_partner(row: Anomaly) -> bool:
    """Whether a partner's person or program reported it: such a report stays with that partner, whoever corrects it."""
    if row.reporter_client:
        return await clients.acts_for_partner(row.reporter_client)
    if row.reporter_id == ITSELF:
        return False
    reporter = await people.person(row.reporter_id)
    return bool(reporter.organisation_id != row.plant_id)


async def _weigh_again(actor: Actor, row: Anomaly, reason: str) -> None:
    """Circumstances that became graver count at once: the proposal rises, or the signed grade does."""
    rules = await queries.rules_for(row.plant_id)
    facts = await case_facts(row)
    if row.grade is not None:
        wanted = policy.regrade(row.s, row.o, row.d, facts, rules)
        if wanted.value < row.grade and State(row.state) in policy.GRADEABLE:
            await put_higher(actor, row, wanted, reason)
        return
    proposal = policy.propose(facts, rules)
    if proposal.grade.value >= (row.proposed_grade or Grade.C.value):
        return
    row.proposed_grade = proposal.grade.value
    row.s, row.o, row.d, row.reasons = proposal.s, proposal.o, proposal.d, list(proposal.reasons)
    due = await clocks.due_now(row, row.proposed_grade)
    row.due_at = min((one for one in (row.due_at, due) if one is not None), default=None)
    await row.save()
    await propose(actor, row, proposal, rules, changed=True)
    await hooks.proposed.happen(actor, row.facts())
