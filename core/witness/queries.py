"""Reads of this room, each named by its question."""

from __future__ import annotations

from core import ledger, people
from core.kit import Actor, Level, Module, Permission
from core.ledger import Kind, WitnessLine
from core.witness.models import Acknowledgement, Cosignature, Witness, WitnessKey
from core.witness.terms import KeyFacts, Unwitnessed, Witnessed, WitnessFacts

OWN_KINDS = (Kind.WITNESS_ACKNOWLEDGE, Kind.WITNESS_COSIGN, Kind.WITNESS_CONTRADICTION, Kind.WITNESS_STAMP)
"""Witnessing itself leaves entries; they alone make no tail worth an alarm."""
SEES = Permission(Module.RECORDS, Level.READ)
NEWEST = 30


async def witnesses(plant_id: int) -> list[WitnessFacts]:
    """The witnesses that are named now, in the order of naming; revoked people are none."""
    alive = {one.id for one in await people.persons(plant_id)}
    return [
        WitnessFacts(
            id=row.id,
            organisation_id=row.organisation_id,
            person_id=row.person_id,
            channel=row.channel,
            chat_ref=row.chat_ref,
            named_at=row.named_at,
        )
        for row in await Witness.filter(plant_id=plant_id, ended_at=None).order_by("id")
        if row.person_id is None or row.person_id in alive
    ]


async def is_witness(actor: Actor) -> bool:
    """Whether the actor is named as a witness."""
    return await Witness.exists(plant_id=actor.plant_id, person_id=actor.person_id or 0, ended_at=None)


def key_facts(row: WitnessKey) -> KeyFacts:
    """A key's row as others see it."""
    return KeyFacts(
        id=row.id,
        organisation_id=row.organisation_id,
        name=WitnessLine.parse(row.line).name,
        line=row.line,
        registered_at=row.registered_at,
        retired_at=row.retired_at,
    )


async def keys(plant_id: int) -> list[KeyFacts]:
    """Every witness key of a plant, retired ones too."""
    return [key_facts(row) for row in await WitnessKey.filter(plant_id=plant_id).order_by("id")]


def _acknowledged(row: Acknowledgement) -> Witnessed:
    return Witnessed(
        organisation_id=row.organisation_id, size=row.size, root=row.root, at=row.at, person_id=row.person_id
    )


def cosigned(row: Cosignature) -> Witnessed:
    """A cosignature's row as others see it."""
    return Witnessed(
        organisation_id=row.organisation_id,
        size=row.size,
        root=row.root,
        at=row.stamped_at,
        key_id=row.key_id,
    )


async def last_acknowledged(person_id: int) -> Witnessed | None:
    """The largest size that a person acknowledged."""
    row = await Acknowledgement.filter(person_id=person_id).order_by("-size", "-id").first()
    return None if row is None else _acknowledged(row)


async def last_witnessed(plant_id: int) -> Witnessed | None:
    """The largest size that anybody vouched for, by hand or by key."""
    by_hand = await Acknowledgement.filter(plant_id=plant_id).order_by("-size", "-id").first()
    by_key = await Cosignature.filter(plant_id=plant_id).order_by("-size", "-id").first()
    found = [_acknowledged(by_hand)] if by_hand else []
    found += [cosigned(by_key)] if by_key else []
    return max(found, key=lambda one: one.size, default=None)


async def newest(actor: Actor) -> list[Witnessed]:
    """The newest acknowledgements and cosignatures, newest first.

    Raises:
        NotPermitted: the reader does not read the plant's records.
    """
    actor.must(SEES)
    by_hand = await Acknowledgement.filter(plant_id=actor.plant_id).order_by("-id").limit(NEWEST)
    by_key = await Cosignature.filter(plant_id=actor.plant_id).order_by("-id").limit(NEWEST)
    found = [*map(_acknowledged, by_hand), *map(cosigned, by_key)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:NEWEST]


async def unwitnessed(plant_id: int) -> Unwitnessed:
    """What of a plant's records nobody has vouched for yet."""
    last = await last_witnessed(plant_id)
    tail = await ledger.entries_after(plant_id, last.size if last else 0, without=OWN_KINDS)
    named = {one.organisation_id for one in await witnesses(plant_id)}
    named |= {one.organisation_id for one in await keys(plant_id) if one.retired_at is None}
    return Unwitnessed(count=tail.count, since=tail.since, witnessed=last, organisations=len(named))


async def cosigned_note(size: int) -> str | None:
    """The signed checkpoint of a size with every witness's line under it; None when there is no such checkpoint."""
    stated = await ledger.checkpoint_at(size)
    if stated is None:
        return None
    rows = await Cosignature.filter(size=size, root=stated.root).order_by("id")
    return stated.note + "".join(f"{row.line}\n" for row in rows)
