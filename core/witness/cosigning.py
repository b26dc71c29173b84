"""Witness keys and their cosignatures: asked for with a proof, verified, kept under the checkpoint for good."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace

from core import ledger
from core.kit import Actor, Level, Module, NotFound, clock, current, plain_text, system, verb
from core.ledger import Kind, Stated, Unreadable, WitnessLine
from core.witness import policy
from core.witness.errors import KeyKnown, KeyUnknown, KeyUnreadable, NoCosignature, NothingSealed, OldSize
from core.witness.log_keys import log_keys
from core.witness.models import Cosignature, WitnessKey
from core.witness.naming import must_be_known, reason_of
from core.witness.queries import cosigned
from core.witness.terms import Witnessed

FRESH = dt.timedelta(minutes=5)
"""How old a signed request may be."""
_LINE = 255


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.WITNESS_KEY)
async def register_key(actor: Actor, organisation_id: int, line: str) -> int:
    """Trust a witness script's public key for an organisation; answers its id.

    Raises:
        NotFound: the organisation is not of this plant.
        KeyUnreadable: the line is no witness key.
        KeyKnown: the key was registered before, or its name is that of the log.
    """
    await must_be_known(actor, organisation_id)
    try:
        key = WitnessLine.parse(plain_text.clean(line)[:_LINE])
    except Unreadable as wrong:
        raise KeyUnreadable(why=str(wrong)) from None
    names = {WitnessLine.parse(one.line).name for one in await WitnessKey.filter(plant_id=actor.plant_id)} | {
        one.name for one in log_keys()
    }
    if key.name in names:
        raise KeyKnown(name=key.name)
    row = await WitnessKey.create(
        plant_id=actor.plant_id,
        organisation_id=organisation_id,
        line=str(key),
        registered_by=actor.person_id,
        registered_at=current().now,
    )
    await ledger.append(
        Kind.WITNESS_KEY,
        actor,
        rows=[row],
        facts={"key": row.id, "organisation": organisation_id, "line": row.line},
    )
    return int(row.id)


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.WITNESS_KEY_END)
async def retire_key(actor: Actor, key_id: int, reason: str) -> None:
    """Take no more cosignatures of a key; those given stay.

    Raises:
        NotFound: no such key, or retired before.
        NeedsReason: nothing readable was given.
    """
    why = reason_of(reason)
    row = await WitnessKey.select_for_update().get_or_none(
        id=key_id, plant_id=actor.plant_id, retired_at=None
    )
    if row is None:
        raise NotFound(what=f"#{key_id}")
    row.retired_at = current().now
    await row.save()
    await ledger.append(
        Kind.WITNESS_KEY_END, actor, rows=[row], reason=why, facts={"key": row.id, "line": row.line}
    )


async def request(old: int) -> str:
    """Answer what a witness is asked: ``old`` size, consistency proof, checkpoint (C2SP tlog-witness add-checkpoint).

    Raises:
        NothingSealed: there is no checkpoint yet.
        OldSize: the log is not that long.
    """
    last = await ledger.latest_checkpoint()
    if last is None:
        raise NothingSealed
    if not 0 <= old <= last.size:
        raise OldSize(old=old, size=last.size)
    proof = await ledger.consistency(old, last.size) if old else []
    lines = "".join(f"{base64.b64encode(one).decode()}\n" for one in proof)
    return f"old {old}\n{lines}\n{last.note}"


async def actor_for_key(name: str, moment: int, signature: bytes, message: bytes) -> Actor:
    """Answer the actor of a registered key that signed ``message`` at this second; it can do nothing but cosign.

    Raises:
        KeyUnknown: no such active key, not its signature, or too long ago.
    """
    now = clock.now().timestamp()
    for row in await WitnessKey.filter(retired_at=None).order_by("id"):
        key = WitnessLine.parse(row.line)
        if key.name == name and abs(now - moment) <= FRESH.total_seconds() and key.holds(message, signature):
            plain = system(row.plant_id, channel="api")
            return replace(plain, name=key.name, organisation_id=row.organisation_id, is_system=False)
    raise KeyUnknown


@verb(None, None, Kind.WITNESS_COSIGN)
async def cosign(actor: Actor, text: str) -> list[Witnessed]:
    """Take the cosignatures of registered keys under a checkpoint of this log; unknown lines are ignored.

    The signature is the proof: whoever brings it. The same one brought twice is kept once.

    Raises:
        NoCosignature: no checkpoint of this log, not signed right, or its time cannot be.
        KeyUnknown: no line is of a registered key.
    """
    stated, lines = await _checkpoint(text)
    body = stated.note.partition("\n\n")[0] + "\n"
    taken = []
    for row in await WitnessKey.filter(plant_id=actor.plant_id, retired_at=None).order_by("id"):
        key = WitnessLine.parse(row.line)
        for line in lines:
            if not _is_by(key, line):
                continue
            try:
                stamp = dt.datetime.fromtimestamp(key.verify(body, line), dt.UTC)
            except (Unreadable, OverflowError, ValueError, OSError) as wrong:
                raise NoCosignature(why=str(wrong)) from None
            if not policy.believable(stamp, stated.made_at, current().now):
                raise NoCosignature(why=f"{stamp:%Y-%m-%d %H:%M} UTC?")
            taken.append(await _keep(actor, row, stated, line, stamp))
    if not taken:
        raise KeyUnknown
    return taken


def _is_by(key: WitnessLine, line: str) -> bool:
    try:
        name, hashed, _signature = ledger.checkpoint.signature_of(line)
    except Unreadable:
        return False
    return (name, hashed) == (key.name, key.hash)


async def _checkpoint(text: str) -> tuple[Stated, tuple[str, ...]]:
    """The log's own checkpoint that a text repeats, and the signature lines under it."""
    try:
        pasted = ledger.read_pasted(text)
    except Unreadable as wrong:
        raise NoCosignature(why=str(wrong)) from None
    stated = await ledger.checkpoint_at(pasted.size)
    if (
        pasted.checkpoint is None
        or stated is None
        or not stated.note.startswith(pasted.checkpoint.text + "\n")
    ):
        raise NoCosignature(why=ledger.short_form(pasted.size, pasted.digits))
    return stated, pasted.signatures


async def _keep(actor: Actor, key: WitnessKey, stated: Stated, line: str, stamp: dt.datetime) -> Witnessed:
    held = await Cosignature.get_or_none(key_id=key.id, size=stated.size)
    if held is not None:
        return cosigned(held)
    row = await Cosignature.create(
        plant_id=key.plant_id,
        organisation_id=key.organisation_id,
        key_id=key.id,
        size=stated.size,
        root=stated.root,
        line=line,
        stamped_at=stamp,
        received_at=current().now,
    )
    await ledger.append(
        Kind.WITNESS_COSIGN,
        actor,
        rows=[row],
        facts={
            "size": stated.size,
            "root": stated.root,
            "key": key.id,
            "organisation": key.organisation_id,
            "line": line,
        },
    )
    return cosigned(row)
