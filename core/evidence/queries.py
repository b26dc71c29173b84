"""Reading evidence: each question asked inside the scope of the one who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import people
from core.evidence.likeness import ALIKE, is_telling, nearest
from core.evidence.models import Evidence, EvidenceLink
from core.evidence.terms import Reuse, SubjectKind
from core.kit.refusal import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.kit.actor import Actor

_PAGE = 2000
_MOST = 20


async def visible(actor: Actor, evidence_ids: Iterable[int]) -> list[Evidence]:
    """Give the evidence asked for, in the order asked.

    The plant's own people see all of its evidence; a partner's see what their organisation brought in and
    what is linked to the partner; an auditor what speaks for a case of the engagement.

    Raises:
        NotFound: any of it is not there or out of scope; which of the two is not revealed.
    """
    wanted = list(dict.fromkeys(evidence_ids))
    rows = {row.id: row for row in await Evidence.filter(id__in=wanted, plant_id=actor.plant_id)}
    if people.scope(actor).by_case:
        for key in set(rows) - await _speaking(actor, rows):
            del rows[key]
    if (partner := people.scope(actor).partner_id) is not None:
        foreign = [key for key, row in rows.items() if row.organisation_id != partner]
        links = await EvidenceLink.filter(
            evidence_id__in=foreign, plant_id=actor.plant_id, partner_id=partner
        )
        for key in set(foreign) - {link.evidence_id for link in links}:
            del rows[key]
    for key in wanted:
        if key not in rows:
            raise NotFound(what=f"#{key}")
    return [rows[key] for key in wanted]


async def evidence_for(actor: Actor, subject_kind: SubjectKind, subject_id: int) -> list[Evidence]:
    """Give what speaks for a subject, oldest first; a partner gets what is shared with it."""
    return await _linked(actor, subject_kind=subject_kind.value, subject_id=subject_id)


async def evidence_of_case(actor: Actor, case_number: str) -> list[Evidence]:
    """Give everything linked to a case, oldest first; a partner gets what is shared with it."""
    return await _linked(actor, case_number=case_number)


async def cases_of(plant_id: int, evidence_id: int) -> tuple[str, ...]:
    """Name the cases that a piece of evidence speaks for, the first one first."""
    links = EvidenceLink.filter(plant_id=plant_id, evidence_id=evidence_id, case_number__not_isnull=True)
    return tuple(dict.fromkeys(row.case_number for row in await links.order_by("id") if row.case_number))


async def _speaking(actor: Actor, evidence_ids: Iterable[int]) -> set[int]:
    """Which evidence speaks for a case that the actor may see."""
    links = EvidenceLink.filter(
        plant_id=actor.plant_id,
        evidence_id__in=list(evidence_ids) or [0],
        case_number__in=people.case_numbers(actor),
    )
    return {link.evidence_id for link in await links}


async def _linked(actor: Actor, **where: object) -> list[Evidence]:
    found = EvidenceLink.filter(plant_id=actor.plant_id, **where)
    scope = people.scope(actor)
    if scope.by_case:
        found = found.filter(case_number__in=people.case_numbers(actor))
    seen = {
        link.evidence_id: link.evidence
        for link in await found.prefetch_related("evidence")
        if scope.partner_id is None or scope.partner_id in (link.partner_id, link.evidence.organisation_id)
    }
    return [seen[key] for key in sorted(seen)]


async def similar(
    plant_id: int, dhash: str, *, within: int = ALIKE, before: int | None = None
) -> list[tuple[int, int]]:
    """Find a plant's pictures that look the same, nearest first: (evidence id, differing bits), at most 20.

    ``before`` limits the search to older evidence. An even surface looks like any other and is not searched.
    Rows are compared page by page, so the loop is free in between.
    """
    if not is_telling(dhash):
        return []
    found: list[tuple[int, int]] = []
    rows = Evidence.filter(plant_id=plant_id, dhash__not_isnull=True).order_by("-id").limit(_PAGE)
    while True:
        page = await (rows if before is None else rows.filter(id__lt=before)).values_list("id", "dhash")
        found += nearest(dhash, page, within)
        if len(page) < _PAGE:
            return sorted(found, key=lambda one: (one[1], -one[0]))[:_MOST]
        before = page[-1][0]


async def reused_of(evidence: Evidence) -> list[Reuse]:
    """Find earlier evidence of the plant with the same content or the same picture, the nearest first.

    For the plant's own judgement: the case numbers may lie outside a partner's scope.
    """
    twins = (
        await Evidence.filter(plant_id=evidence.plant_id, sha256=evidence.sha256, id__lt=evidence.id)
        .order_by("-id")
        .limit(_MOST)
    )
    same = [row.id for row in twins]
    apart = dict.fromkeys(same, 0)
    if evidence.dhash is not None:
        for key, bits in await similar(evidence.plant_id, evidence.dhash, before=evidence.id):
            apart.setdefault(key, bits)
    cases: dict[int, list[str]] = {}
    links = await EvidenceLink.filter(evidence_id__in=list(apart), case_number__not_isnull=True).order_by(
        "id"
    )
    for key, number in ((link.evidence_id, link.case_number) for link in links if link.case_number):
        if number not in cases.setdefault(key, []):
            cases[key].append(number)
    return [
        Reuse(evidence_id=key, distance=bits, same_bytes=key in same, case_numbers=tuple(cases.get(key, ())))
        for key, bits in apart.items()
    ]
