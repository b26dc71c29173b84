"""Time stamps of checkpoints by an authority outside (RFC 3161): nobody can have made the log later than they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence

from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import TimeStampRequest

from core import ledger, people
from core.kit import clock, dialect, system, unit_of_work
from core.ledger import Kind, Stated
from core.witness import policy
from core.witness.models import Posting, Stamp
from core.witness.terms import StampFacts

_LOCK = 0x7374616D  # "stam": one process stamps at a time
Authority = Callable[[bytes], Awaitable[bytes]]
"""Carries a request (DER) to the authority; answers its response."""


class BadStamp(Exception):  # noqa: N818  logged as a sentence, tried again
    """The authority's answer is not to be trusted; the text says why."""


def checked(request: TimeStampRequest, answer: bytes, note: str, roots: Sequence[Certificate]) -> dt.datetime:
    """Hold an authority's answer to what was asked; answers the instant that it vouches for.

    Raises:
        BadStamp: no answer to this request, over another text, or not signed under one of ``roots``.
    """
    verifier = VerifierBuilder.from_request(request)
    for root in roots:
        verifier = verifier.add_root_certificate(root)
    return _vouched(verifier, answer, note)


def recheck(answer: bytes, note: str, roots: Sequence[Certificate]) -> dt.datetime:
    """Verify a kept stamp anew, as an auditor would.

    Raises:
        BadStamp: it is not over this text, or not signed under one of ``roots``.
    """
    return _vouched(VerifierBuilder(roots=list(roots)), answer, note)


def _vouched(verifier: VerifierBuilder, answer: bytes, note: str) -> dt.datetime:
    try:
        response = decode_timestamp_response(answer)
        verifier.build().verify_message(response, note.encode())
        return clock.utc(response.tst_info.gen_time)
    except (VerificationError, ValueError, RuntimeError) as wrong:
        raise BadStamp(f"the time stamp does not hold: {wrong}") from None


async def stamp_due(authority: Authority, name: str, roots: Sequence[Certificate]) -> bool:
    """Have the newest checkpoint stamped once a day, and whenever one was posted; answers whether one was.

    ``name`` is the authority's address, kept beside the stamp. Nothing is written unless the stamp holds.

    Raises:
        BadStamp: the answer is not to be trusted; and whatever the transport raises. The next tick tries again.
    """
    stated, plants = await _due(), await people.plants()
    if stated is None or not plants:
        return False
    request = (
        TimestampRequestBuilder().data(stated.note.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    )
    answer = await authority(request.as_bytes())
    at = checked(request, answer, stated.note, roots)
    if not policy.believable(at, stated.made_at, clock.now()):
        raise BadStamp(
            f"the time stamp says {at:%Y-%m-%d %H:%M} UTC, the checkpoint {stated.made_at:%Y-%m-%d %H:%M}"
        )
    return await _keep(plants[0].id, stated, name, answer, at)


async def _due() -> Stated | None:
    last = await Stamp.all().order_by("-size").first()
    present = await ledger.latest_checkpoint()
    if present is None or (last is not None and last.size >= present.size):
        return None
    posted = await Posting.filter(size__gt=last.size if last else 0).exists()
    old = last is None or clock.now() - last.received_at >= policy.AGAIN
    return present if posted or old else None


async def _keep(plant_id: int, stated: Stated, name: str, answer: bytes, at: dt.datetime) -> bool:
    async with unit_of_work() as work:
        if dialect() == "postgres":
            await work.db.execute_query(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if await Stamp.exists(size=stated.size):
            return False
        row = await Stamp.create(
            plant_id=plant_id,
            size=stated.size,
            root=stated.root,
            authority=name[:200],
            answer=answer,
            stamped_at=at,
            received_at=work.now,
        )
        await ledger.append(
            Kind.WITNESS_STAMP,
            system(plant_id),
            rows=[row],
            facts={"size": stated.size, "root": stated.root, "authority": row.authority, "stamped_at": at},
        )
    return True


def stamp_facts(row: Stamp) -> StampFacts:
    """A stamp's row as others see it."""
    return StampFacts(
        id=row.id,
        plant_id=row.plant_id,
        size=row.size,
        root=row.root,
        authority=row.authority,
        answer=bytes(row.answer),
        stamped_at=row.stamped_at,
    )


async def last_stamp() -> StampFacts | None:
    """The stamp of the largest checkpoint that has one."""
    row = await Stamp.all().order_by("-size").first()
    return None if row is None else stamp_facts(row)


async def stamp_of(size: int) -> StampFacts | None:
    """The stamp of the checkpoint of a size, if it has one."""
    row = await Stamp.get_or_none(size=size)
    return None if row is None else stamp_facts(row)
