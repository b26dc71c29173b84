"""Keeping evidence: the record of what was received, and what it speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise.exceptions import IntegrityError

from core import ledger
from core.evidence import queries
from core.evidence.errors import SourceTaken
from core.evidence.models import Evidence, EvidenceLink
from core.kit.permission import Level, Module
from core.kit.refusal import NotPermitted
from core.kit.unit_of_work import current, unit_of_work
from core.kit.verb import verb
from core.ledger import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.evidence.terms import Received, SubjectKind
    from core.kit.actor import Actor


@verb(Module.ANOMALIES, Level.REPORT, Kind.EVIDENCE_KEEP)
async def keep(actor: Actor, received: Received) -> Evidence:
    """Record a received file as evidence; the same message again gives the record it already has.

    Raises:
        SourceTaken: other content was kept for the same message.
        NotPermitted: it was received for another organisation.
    """
    if (received.plant_id, received.organisation_id) != (actor.plant_id, actor.organisation_id):
        raise NotPermitted
    known = await _known(actor, received)
    if known is not None:
        return known
    try:
        async with unit_of_work():
            return await _record(actor, received)
    except IntegrityError:  # the same message, handled at the same moment elsewhere
        known = await _known(actor, received)
        if known is None:
            raise
        return known


async def _known(actor: Actor, received: Received) -> Evidence | None:
    if received.source_ref is None:
        return None
    row = await Evidence.get_or_none(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        channel=actor.channel,
        source_ref=received.source_ref,
    )
    if row is not None and row.sha256 != received.sha256:
        raise SourceTaken
    return row


async def _record(actor: Actor, received: Received) -> Evidence:
    row = await Evidence.create(
        plant_id=received.plant_id,
        organisation_id=received.organisation_id,
        sha256=received.sha256,
        kind=received.kind.value,
        size=received.size,
        width=received.width,
        height=received.height,
        dhash=received.dhash,
        blob_key=received.blob_key,
        preview_key=received.preview_key,
        preview_sha256=received.preview_sha256,
        thumb_key=received.thumb_key,
        taken_at=received.taken_at,
        received_at=current().now,
        person_id=actor.person_id,
        channel=actor.channel,
        source_ref=received.source_ref,
        original_name=received.name,
    )
    await ledger.append(
        Kind.EVIDENCE_KEEP,
        actor,
        rows=[row],
        facts={
            "evidence": row.id,
            "sha256": row.sha256,
            "preview_sha256": row.preview_sha256,
            "media_type": row.kind,
            "size": row.size,
        },
    )
    return row


async def attach(
    actor: Actor,
    evidence_ids: Iterable[int],
    *,
    subject_kind: SubjectKind,
    subject_id: int,
    case_number: str | None = None,
    partner_id: int | None = None,
    purpose: str = "",
) -> list[EvidenceLink]:
    """Let evidence speak for a subject, inside the unit of the verb that needs it.

    ``partner_id`` shares it with that partner. The caller names the returned rows in its own ledger entry:
    ``ledger.append(..., rows=[anomaly, *links])``.

    Raises:
        NotFound: some of the evidence is not the actor's to use.
    """
    work = current()
    return [
        await EvidenceLink.create(
            plant_id=actor.plant_id,
            evidence_id=row.id,
            subject_kind=subject_kind.value,
            subject_id=subject_id,
            case_number=case_number,
            partner_id=partner_id,
            purpose=purpose,
            at=work.now,
        )
        for row in await queries.visible(actor, evidence_ids)
    ]
