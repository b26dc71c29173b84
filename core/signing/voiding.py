"""Signed content that changes later: its signatures stay on the record but stand no more, and their signers are told."""

from __future__ import annotations

from collections.abc import Collection

from tortoise.expressions import Q

from core import ledger, notices
from core.kit.actor import Actor
from core.kit.plain_text import checked
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing.models import Signature, Voiding

LONGEST_REASON = 500


@verb(None, None, Kind.SIGN_VOID)
async def void_for_change(
    actor: Actor,
    subject_kind: str,
    subject_number: str,
    reason: str,
    *,
    acts: Collection[str] = (),
    but: int | None = None,
) -> int:
    """Void the standing signatures on a record, in the unit that changes the record; answers how many.

    ``acts`` names those whose shown content changes (none named: all); ``but`` is the signature that brings the
    change itself. The right is that of the verb which changes the record. Whoever signed, and whoever was signed
    for, is told who changed it, why, and that it may have to be signed again.
    """
    why = checked(reason[:LONGEST_REASON], limit=LONGEST_REASON)
    found = Signature.filter(
        plant_id=actor.plant_id,
        subject_kind=subject_kind,
        subject_number=subject_number,
        voiding__id__isnull=True,
    )
    if acts:
        found = found.filter(ceremony__act__in=list(acts))
    standing = [row for row in await found.order_by("id").select_related("ceremony") if row.id != but]
    rows = [
        await Voiding.create(plant_id=actor.plant_id, signature_id=row.id, reason=why, at=current().now)
        for row in standing
    ]
    if not rows:
        return 0
    await ledger.append(
        Kind.SIGN_VOID,
        actor,
        rows=rows,
        facts={
            "subject": subject_kind,
            "number": subject_number,
            "signatures": [row.id for row in standing],
            "acts": [row.ceremony.act for row in standing],
        },
        case=standing[0].case_number,
        reason=why,
    )
    for row in standing:
        await _tell(actor, row, why)
    return len(rows)


async def _tell(actor: Actor, row: Signature, reason: str) -> None:
    for person_id in {row.person_id: None, row.on_behalf_of: None}:
        if person_id is not None:
            await notices.tell(
                actor,
                "signing:voided",
                person_id=person_id,
                case=row.case_number,
                facts={
                    "signature": row.id,
                    "act": row.ceremony.act,
                    "number": row.subject_number,
                    "title": str(row.shown["title"]),
                    "case": row.case_number,
                    "by": actor.name,
                    "signer": row.printed_name,
                    "own": person_id == row.person_id,
                    "reason": reason,
                },
            )


async def stands(
    plant_id: int, subject_kind: str, subject_number: str, acts: Collection[str], *, but: int | None = None
) -> bool:
    """Answer whether a record carries a signature of one of these acts, ``but`` one, that was not voided."""
    found = Signature.filter(
        plant_id=plant_id,
        subject_kind=subject_kind,
        subject_number=subject_number,
        ceremony__act__in=list(acts),
        voiding__id__isnull=True,
    )
    return await (found if but is None else found.exclude(id=but)).exists()


async def void_for(actor: Actor, subject_kind: str, acts: Collection[str]) -> list[str]:
    """Numbers of records on which a signature by or for this person was voided, oldest first."""
    own = Q(person_id=actor.identity) | Q(on_behalf_of=actor.identity)
    rows = Signature.filter(
        own,
        plant_id=actor.plant_id,
        subject_kind=subject_kind,
        ceremony__act__in=list(acts),
        voiding__id__isnull=False,
    )
    return list(dict.fromkeys([row.subject_number for row in await rows.order_by("id")]))
