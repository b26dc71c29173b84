"""Which keys sign the log: the first ones, then those that two people took up, until two people retire them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.kit import clock
from core.kit.permission import Level, Module
from core.kit.refusal import NotPermitted
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import checkpoint
from core.ledger.checkpoint import Unreadable, Verifier
from core.ledger.faults import Fault
from core.ledger.key_errors import KeyInForce, KeyNotHere, KeyNotInForce, KeyNotSeen
from core.ledger.kinds import Kind
from core.ledger.legible import legible, spoilt
from core.ledger.models import LedgerCheckpoint, LedgerKey
from core.ledger.recording import append

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Iterable

    from core.kit.actor import Actor
    from core.ledger.checkpoint import SigningKey
    from core.ledger.keys import Signer

_here: list[Verifier] = []


class NoKeyInForce(RuntimeError):  # noqa: N818  names what was found
    """The key file holds no key that signs this log: it was swapped, or a change of key is not finished.

    Nothing is sealed until the right file is back, or two people take up the new key.
    """


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """A key as the doors show it."""

    id: int
    plant_id: int
    line: str
    adopted_at: dt.datetime
    signature_id: int | None
    retired_at: dt.datetime | None
    retired_by_signature_id: int | None


def use_keys(verifiers: Iterable[Verifier]) -> None:
    """Say which keys the key file of this installation holds; called once by the assembly."""
    _here[:] = verifiers


def keys_here() -> tuple[str, ...]:
    """Answer the lines of the keys that this process holds."""
    return tuple(str(one) for one in _here)


def signers_of(note: str) -> set[tuple[str, bytes]]:
    """Answer names and hashes of the keys under a signed note, unchecked."""
    return {checkpoint.signature_of(line)[:2] for line in checkpoint.opened(note)[1]}


def _named(one: Verifier) -> tuple[str, bytes]:
    return one.name, one.hash


async def keys_of_log() -> list[KeyFacts]:
    """Answer every key that signs or signed, oldest first; empty before the first change of key."""
    return [_facts(row) for row in await LedgerKey.all().order_by("id")]


async def legible_keys() -> AsyncIterator[KeyFacts | Fault]:
    """Yield the same keys, one that cannot be read as a fault: for verifying."""
    async for row in legible(LedgerKey):
        if isinstance(row, Fault):
            yield row
            continue
        yield _facts(row)
        try:
            Verifier.parse(row.line)
        except Unreadable as wrong:
            yield spoilt(LedgerKey.table(), row.id, wrong)


def _facts(row: LedgerKey) -> KeyFacts:
    return KeyFacts(
        id=row.id,
        plant_id=row.plant_id,
        line=row.line,
        adopted_at=clock.utc(row.adopted_at),
        signature_id=row.signature_id,
        retired_at=None if row.retired_at is None else clock.utc(row.retired_at),
        retired_by_signature_id=row.retired_by_signature_id,
    )


async def in_force(signer: Signer, last: str | None) -> tuple[SigningKey, ...]:
    """Answer which keys of the file sign now; ``last`` is the newest signed checkpoint, if there is one.

    Before the first change these are the keys that signed last; afterwards those that were taken up and not retired.
    Others in the file wait for two people and sign nothing.

    Raises:
        NoKeyInForce: none of the file's keys.
    """
    rows = await LedgerKey.all()
    if rows:
        lines = {row.line for row in rows if row.retired_at is None}
        chosen = tuple(key for key in signer.keys if str(key.verifier) in lines)
    elif last is None:
        chosen = signer.keys
    else:
        signed = signers_of(last)
        chosen = tuple(key for key in signer.keys if _named(key.verifier) in signed)
    if not chosen:
        held = ", ".join(f"{key.name}+{key.verifier.hash.hex()}" for key in signer.keys)
        msg = (
            f"the ledger key file holds {held}, and none of these signs this log: put the right file back "
            "(BIHUAN_LEDGER_KEY_FILE), or let two people take the new key up (docs/operating/keys.md)"
        )
        raise NoKeyInForce(msg)
    return chosen


async def signing_now(signer: Signer) -> tuple[SigningKey, ...]:
    """Answer which keys of the file sign at this moment; see ``in_force``."""
    last = await LedgerCheckpoint.all().order_by("-size").first()
    return await in_force(signer, None if last is None else last.note)


async def trusted(verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
    """Answer these keys and every other that ever signed with the consent of two people, the present ones first."""
    recorded = [Verifier.parse(row.line) for row in await LedgerKey.all().order_by("id")]
    return tuple(dict.fromkeys([*verifiers, *recorded]))


async def _standing() -> list[LedgerKey]:
    return await LedgerKey.filter(retired_at__isnull=True).order_by("id").select_for_update()


async def _first(new: Verifier) -> list[Verifier]:
    """The keys of this file that signed last; before anything was signed, all of them but the new one."""
    last = await LedgerCheckpoint.all().order_by("-size").first()
    if last is None:
        return [one for one in _here if one != new]
    signed = signers_of(last.note)
    return [one for one in _here if _named(one) in signed]


async def may_adopt(line: str) -> tuple[Verifier, tuple[str, ...]]:
    """Answer the key that would be taken up, and the lines of those that sign beside it.

    Raises:
        KeyNotHere: the line is no key of the key file that this process started with.
        KeyInForce: it signs already, or was retired: a retired key never comes back.
    """
    try:
        key = Verifier.parse(line)
    except Unreadable as wrong:
        raise KeyNotHere(why=str(wrong)) from None
    rows = await LedgerKey.all().order_by("id")
    beside = [row.line for row in rows if row.retired_at is None] or [str(one) for one in await _first(key)]
    if str(key) in {*beside, *(row.line for row in rows)}:
        raise KeyInForce(key=f"{key.name}+{key.hash.hex()}")
    if key not in _here:
        raise KeyNotHere(why=f"{key.name}+{key.hash.hex()}")
    return key, tuple(beside)


async def may_retire(line: str) -> tuple[Verifier, tuple[str, ...]]:
    """Answer the key that would be retired, and the lines of those that go on signing.

    Raises:
        KeyNotInForce: it does not sign, or no other key does.
        KeyNotSeen: no checkpoint carries the signature of one that stays yet.
    """
    lines = [row.line for row in await LedgerKey.filter(retired_at__isnull=True).order_by("id")]
    wanted = line.strip()
    left = tuple(one for one in lines if one != wanted)
    if wanted not in lines or not left:
        raise KeyNotInForce(key=wanted[:60])
    last = await LedgerCheckpoint.all().order_by("-size").first()
    signed = set() if last is None else signers_of(last.note)
    if not {_named(Verifier.parse(one)) for one in left} & signed:
        raise KeyNotSeen
    return Verifier.parse(wanted), left


def _only_behind_a_signature(actor: Actor, signature_id: int | None) -> int:
    if not actor.is_system or signature_id is None:
        raise NotPermitted
    return signature_id


@verb(Module.SIGNING, Level.ADMINISTER, Kind.LEDGER_KEY_ADOPT)
async def adopt_key(actor: Actor, line: str, signature_id: int | None) -> None:
    """Let a key sign the checkpoints from now on, beside the present ones; the signature is the second person's.

    Raises:
        NotPermitted: not from within the signed act of two people.
        KeyNotHere, KeyInForce: why not.
    """
    signed = _only_behind_a_signature(actor, signature_id)
    key, beside = await may_adopt(line)
    now, rows = current().now, []
    if not await LedgerKey.exists():
        rows = [await LedgerKey.create(plant_id=actor.plant_id, line=one, adopted_at=now) for one in beside]
    rows.append(
        await LedgerKey.create(plant_id=actor.plant_id, line=str(key), adopted_at=now, signature_id=signed)
    )
    await append(
        Kind.LEDGER_KEY_ADOPT,
        actor,
        rows=rows,
        facts={"line": str(key), "beside": list(beside), "signature": signed},
    )


@verb(Module.SIGNING, Level.ADMINISTER, Kind.LEDGER_KEY_RETIRE)
async def retire_key(actor: Actor, line: str, signature_id: int | None) -> None:
    """Let a key sign no more; its public line stays, so that what it signed can be checked for ever.

    Raises:
        NotPermitted: not from within the signed act of two people.
        KeyNotInForce, KeyNotSeen: why not.
    """
    signed = _only_behind_a_signature(actor, signature_id)
    await _standing()
    key, left = await may_retire(line)
    row = await LedgerKey.get(line=str(key))
    row.retired_at, row.retired_by_signature_id = current().now, signed
    await row.save(update_fields=["retired_at", "retired_by_signature_id"])
    await append(
        Kind.LEDGER_KEY_RETIRE,
        actor,
        rows=[row],
        facts={"line": str(key), "left": list(left), "signature": signed},
    )
