"""Checkpoints to the witnesses: once a day, and at once after a critical case was closed."""

from __future__ import annotations

from collections.abc import Callable

from core import ledger, notices, people
from core.kit import Actor, current, dialect, system, unit_of_work
from core.ledger import Stated
from core.notices import Priority
from core.witness import policy
from core.witness.models import Posting
from core.witness.queries import witnesses
from core.witness.terms import Why

_LOCK = 0x7769746E  # "witn": one process posts at a time
Words = Callable[[str], dict[str, object]]
"""Makes the stored message of a checkpoint for a chat, which has no reader of its own."""


async def ask_after_closure(actor: Actor, case_number: str) -> None:
    """Have the checkpoint posted that covers this closure, as soon as it is sealed; joins the running unit."""
    await Posting.create(
        plant_id=actor.plant_id, why=Why.CLOSURE.value, case_number=case_number, asked_at=current().now
    )


async def post_due(zone: str, words: Words) -> int:
    """Post what is due: to every plant whose witnesses have waited a day, or whose critical closure is sealed.

    ``zone`` is the plant's IANA time zone. Answers how many rounds went out.
    """
    return sum([await _post(plant.id, zone, words) for plant in await people.plants()])


async def _post(plant_id: int, zone: str, words: Words) -> int:
    present = await ledger.latest_checkpoint()
    if present is None:
        return 0
    async with unit_of_work() as work:
        if dialect() == "postgres":
            await work.db.execute_query(f"SELECT pg_advisory_xact_lock({_LOCK}, {plant_id % 2**31})")
        sealed = [
            row
            for row in await Posting.filter(plant_id=plant_id, done_at=None).order_by("id")
            if await ledger.is_sealed(plant_id, row.case_number or "")
        ]
        rounds = Posting.filter(plant_id=plant_id, why__in=[Why.DAILY.value, Why.CLOSURE.value], size__gt=0)
        largest = await rounds.order_by("-size", "-id").first()
        daily = await rounds.filter(why=Why.DAILY.value).order_by("-id").first()
        if not sealed:
            grown = largest is None or (largest.size or 0) < present.size
            if not grown or not policy.daily_due(daily.asked_at if daily else None, work.now, zone):
                return 0
            if not await witnesses(plant_id):
                return 0
            sealed = [await Posting.create(plant_id=plant_id, why=Why.DAILY.value, asked_at=work.now)]
        for row in sealed:
            row.done_at, row.size = work.now, present.size
            await row.save()
        await _tell(system(plant_id), present, words)
    return 1


def posted(note: str) -> str:
    """A signed checkpoint as it is posted: with the log's first signature only, so that it stays short."""
    text, _gap, lines = note.partition("\n\n")
    return f"{text}\n\n{lines.split(chr(10), 1)[0]}"


async def _tell(actor: Actor, present: Stated, words: Words) -> None:
    note = posted(present.note)
    for one in await witnesses(actor.plant_id):
        key = f"witness:checkpoint:{one.id}"
        if one.person_id is None:
            await notices.tell(
                actor,
                "witness:checkpoint",
                channel=one.channel,
                chat_ref=one.chat_ref,
                payload=words(note),
                priority=Priority.INFO,
                replaces_key=key,
            )
        else:
            await notices.tell(
                actor,
                "witness:checkpoint",
                person_id=one.person_id,
                facts={"size": present.size, "root": present.root, "note": note},
                priority=Priority.INFO,
                replaces_key=key,
            )
