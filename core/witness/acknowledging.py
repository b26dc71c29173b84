"""Acknowledging: a person sees that the log grew out of what they saw before, and puts their name to it."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, current, verb
from core.ledger import Kind, Stated, Verdict, merkle
from core.witness import queries
from core.witness.alarming import contradicted
from core.witness.errors import AnotherCheckpoint, NotAWitness, NotGrown, NothingSealed, SeenAlready
from core.witness.models import Acknowledgement
from core.witness.terms import Look, Witnessed


async def _must_witness(actor: Actor) -> None:
    if not await queries.is_witness(actor):
        raise NotAWitness


async def grew(last: Witnessed, present: Stated) -> bool:
    """Prove that the log of ``present`` begins with what was witnessed last."""
    try:
        proof = await ledger.consistency(last.size, present.size)
        merkle.verify_consistency(
            last.size, present.size, bytes.fromhex(last.root), bytes.fromhex(present.root), proof
        )
    except ValueError:  # Unproven, or a log shorter than what was witnessed
        return False
    return True


@verb(None, None, Kind.WITNESS_CONTRADICTION)
async def look(actor: Actor) -> Look:
    """Show a witness what they acknowledged last and the present checkpoint, the proof between them checked.

    A log that does not continue what the witness saw is recorded and told to those who answer for it.

    Raises:
        NotAWitness: the actor was not named.
        NothingSealed: there is no checkpoint yet.
    """
    await _must_witness(actor)
    last, present = await queries.last_acknowledged(actor.identity), await ledger.latest_checkpoint()
    if last is not None and (present is None or not await grew(last, present)):
        verdict = Verdict.CUT if present is None or present.size < last.size else Verdict.FORKED
        await contradicted(actor, size=last.size, digits=last.root, verdict=verdict.value)
        if present is not None:
            return Look(last=last, present=present, consistent=False)
    if present is None:
        raise NothingSealed
    return Look(last=last, present=present, consistent=True)


@verb(None, None, Kind.WITNESS_ACKNOWLEDGE)
async def acknowledge(actor: Actor, size: int, digits: str) -> Witnessed:
    """Put a witness's name to the checkpoint of this size whose root begins with these digits, 8 or more.

    Raises:
        NotAWitness: the actor was not named.
        AnotherCheckpoint: the log has no such checkpoint, or too few digits were given to name it.
        SeenAlready: the witness acknowledged this size or a larger one.
        NotGrown: the log does not continue what the witness acknowledged before.
    """
    await _must_witness(actor)
    stated = await ledger.checkpoint_at(size)
    if stated is None or len(digits) < ledger.DIGITS or not stated.root.startswith(digits.lower()):
        raise AnotherCheckpoint(short=ledger.short_form(size, digits or "–"))
    last = await queries.last_acknowledged(actor.identity)
    if last is not None and last.size >= size:
        raise SeenAlready(size=last.size)
    if last is not None and not await grew(last, stated):
        raise NotGrown(size=last.size)
    row = await Acknowledgement.create(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        person_id=actor.identity,
        size=stated.size,
        root=stated.root,
        after_size=last.size if last else None,
        channel=actor.channel,
        at=current().now,
    )
    await ledger.append(
        Kind.WITNESS_ACKNOWLEDGE,
        actor,
        rows=[row],
        facts={
            "size": stated.size,
            "root": stated.root,
            "organisation": actor.organisation_id,
            "after": last.size if last else None,
        },
    )
    return Witnessed(
        organisation_id=actor.organisation_id,
        size=stated.size,
        root=stated.root,
        at=row.at,
        person_id=actor.identity,
    )
