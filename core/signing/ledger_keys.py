"""A change of the ledger's signing key: an administrator asks with the new public key, a head signs."""

from __future__ import annotations

from collections.abc import AsyncIterator

from core import ledger
from core.kit.actor import Actor, system
from core.ledger import Fault
from core.signing import proposals
from core.signing.models import Proposal, Signature
from core.signing.terms import Args, Fact, Signed

ADOPT, RETIRE = "ledger:key:adopt", "ledger:key:retire"


def _line(args: Args) -> str:
    return str(args.get("line") or "").strip()[:255]


def short(line: str) -> str:
    """Answer a key's name and hash, by which people tell keys apart."""
    return line.rpartition("+")[0]


def _said(lines: tuple[str, ...]) -> str:
    return ", ".join(short(one) for one in lines) or "–"


async def _adopt_lines(_actor: Actor, args: Args) -> tuple[Fact, ...]:
    key, beside = await ledger.may_adopt(_line(args))
    return (Fact("New ledger key", str(key)), Fact("Signs beside", _said(beside)))


async def _retire_lines(_actor: Actor, args: Args) -> tuple[Fact, ...]:
    key, left = await ledger.may_retire(_line(args))
    return (Fact("Ledger key to retire", str(key)), Fact("Goes on signing", _said(left)))


async def _adopt(actor: Actor, args: Args, signed: Signed) -> object:
    proposals.must_be_signed(actor, signed)
    await ledger.adopt_key(system(actor.plant_id, channel=actor.channel), _line(args), signed.signature_id)
    return _line(args)


async def _retire(actor: Actor, args: Args, signed: Signed) -> object:
    proposals.must_be_signed(actor, signed)
    await ledger.retire_key(system(actor.plant_id, channel=actor.channel), _line(args), signed.signature_id)
    return _line(args)


async def check() -> AsyncIterator[Fault]:
    """Yield every change of the ledger's key that does not stand behind the act of two people; part of verifying."""
    async for one in ledger.legible_keys():
        if isinstance(one, Fault):
            yield one
            continue
        for act, signature_id in ((ADOPT, one.signature_id), (RETIRE, one.retired_by_signature_id)):
            if signature_id is None:
                continue
            try:
                sound = await _by_two(one.plant_id, act, signature_id, one.line)
            except ledger.SPOILT as wrong:
                yield ledger.spoilt("signing_proposal", f"of signature {signature_id}", wrong)
                continue
            if not sound:
                what = f"{act}: signature {signature_id} is not that of two people over the key {short(one.line)}"
                yield Fault(where="ledger_key", number=str(one.id), what=what)


async def _by_two(plant_id: int, act: str, signature_id: int, line: str) -> bool:
    signers = await Signature.filter(id=signature_id, ceremony__act=act).values_list("person_id", flat=True)
    asked = await Proposal.filter(
        plant_id=plant_id, act=act, signature_id=signature_id, state=proposals.DONE
    ).first()
    if not signers or asked is None:
        return False
    return asked.args.get("line") == line and asked.asked_by != signers[0]


proposals.proposable(ADOPT, lines=_adopt_lines, perform=_adopt)
proposals.proposable(RETIRE, lines=_retire_lines, perform=_retire)
