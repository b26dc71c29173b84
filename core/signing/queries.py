"""Reads of the signing room, and rows as facts."""

from __future__ import annotations

import datetime as dt

from tortoise.queryset import QuerySet

from core.kit import clock
from core.kit.actor import Actor
from core.kit.refusal import NotFound
from core.signing import policy
from core.signing.models import Ceremony, Factor, Signature, Voiding
from core.signing.terms import CeremonyFacts, Level2, Meaning, SignatureFacts, State

REMEMBERED = dt.timedelta(hours=1)
"""How long an expired ceremony still catches its late answer, to say what to do."""


def ceremony_facts(row: Ceremony) -> CeremonyFacts:
    """Answer a ceremony's row as facts."""
    roles = row.shown["roles"]
    return CeremonyFacts(
        id=row.id,
        number=row.number,
        plant_id=row.plant_id,
        person_id=row.person_id,
        act=row.act,
        shown=policy.shown_of(row.shown, row.case_number),
        meaning=Meaning(row.meaning),
        level=Level2(row.level),
        signer=str(row.shown["signer"]),
        roles=tuple(roles) if isinstance(roles, list) else (),
        locale=row.locale,
        timezone=row.timezone,
        renderer=row.renderer,
        shown_digest=row.shown_digest,
        check_word=row.check_word,
        state=State(row.state),
        channel=row.channel,
        chat_ref=row.chat_ref,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def signature_facts(row: Signature, ceremony_number: str, voiding: Voiding | None = None) -> SignatureFacts:
    """Answer a signature's row as facts, with its ceremony's number and what voided it."""
    return SignatureFacts(
        id=row.id,
        plant_id=row.plant_id,
        case_number=row.case_number,
        shown=policy.shown_of(row.shown, row.case_number),
        person_id=row.person_id,
        printed_name=row.printed_name,
        roles=tuple(row.roles),
        meaning=Meaning(row.meaning),
        meaning_text=row.meaning_text,
        shown_digest=row.shown_digest,
        check_word=policy.check_word(row.shown_digest),
        locale=row.locale,
        renderer=row.renderer,
        method=row.method,
        ceremony_number=ceremony_number,
        channel=row.channel,
        signed_at=row.signed_at,
        timezone=row.timezone,
        voided_at=voiding.at if voiding else None,
        voided_reason=voiding.reason if voiding else None,
    )


async def waiting(person_id: int, channel: str, chat_ref: str) -> CeremonyFacts | None:
    """Answer what was last shown to a person in a chat and not answered yet.

    One that expired within the hour is answered too, so that a late code gets a useful sentence.
    """
    row = (
        await Ceremony.filter(
            person_id=person_id,
            channel=channel,
            chat_ref=chat_ref,
            state=State.DISPLAYED.value,
            expires_at__gt=clock.now() - REMEMBERED,
        )
        .order_by("-id")
        .first()
    )
    return None if row is None else ceremony_facts(row)


async def is_enrolled(person_id: int) -> bool:
    """Answer whether a person has a working authenticator."""
    return await active_factor(person_id) is not None


async def active_factor(person_id: int, *, lock: bool = False) -> Factor | None:
    """Answer the person's working authenticator; ``lock`` keeps it for the running unit."""
    found = Factor.filter(person_id=person_id, enrolled_at__isnull=False, suspended_at__isnull=True)
    return await (found.select_for_update() if lock else found).first()


async def signatures_of(case_number: str, *, plant_id: int) -> list[SignatureFacts]:
    """Every signature of a plant's case, oldest first, with what voided it."""
    return await _with_voidings(Signature.filter(plant_id=plant_id, case_number=case_number))


async def signatures_on(subject_kind: str, subject_number: str, *, plant_id: int) -> list[SignatureFacts]:
    """Every signature on one record of a plant, oldest first, with what voided it."""
    return await _with_voidings(
        Signature.filter(plant_id=plant_id, subject_kind=subject_kind, subject_number=subject_number)
    )


async def signature(actor: Actor, signature_id: int) -> SignatureFacts:
    """Answer one signature of the actor's own hand, as the receipt shows it.

    Raises:
        NotFound: there is none.
    """
    found = await _with_voidings(Signature.filter(id=signature_id, person_id=actor.identity))
    if not found:
        raise NotFound(what=f"#{signature_id}")
    return found[0]


async def _with_voidings(found: QuerySet[Signature]) -> list[SignatureFacts]:
    rows = await found.order_by("id").select_related("ceremony")
    voidings = {
        row.signature_id: row for row in await Voiding.filter(signature_id__in=[row.id for row in rows])
    }
    return [signature_facts(row, row.ceremony.number, voidings.get(row.id)) for row in rows]
