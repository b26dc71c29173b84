"""Signed content that changes later: its signatures stay on the record but stand no more."""

from __future__ import annotations

from core import ledger
from core.kit.actor import Actor
from core.kit.plain_text import checked
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing.models import Signature, Voiding

LONGEST_REASON = 500


@verb(None, None, Kind.SIGN_VOID)
async def void_for_change(actor: Actor, subject_kind: str, subject_number: str, reason: str) -> int:
    """Void every standing signature on a record, in the unit that changes the record; answers how many.

    The right is that of the verb which changes the record.
    """
    why = checked(reason, limit=LONGEST_REASON)
    standing = await Signature.filter(
        plant_id=actor.plant_id,
        subject_kind=subject_kind,
        subject_number=subject_number,
        voiding__id__isnull=True,
    ).order_by("id")
    rows = [
        await Voiding.create(plant_id=actor.plant_id, signature_id=row.id, reason=why, at=current().now)
        for row in standing
    ]
    if rows:
        await ledger.append(
            Kind.SIGN_VOID,
            actor,
            rows=rows,
            facts={
                "subject": subject_kind,
                "number": subject_number,
                "signatures": [row.id for row in standing],
            },
            case=standing[0].case_number,
            reason=why,
        )
    return len(rows)
