"""Every signature held to what was shown, and each by passkey verified anew: part of verifying the whole ledger.

Whoever holds the database and every key of the installation can write rows and entries, but not what a person's own
device signed: this is the layer that such a forgery does not pass.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from core import ledger
from core.kit.refusal import Refusal
from core.ledger import Fault, Kind
from core.signing import authenticators, passkey_policy, policy
from core.signing.authenticators import Given
from core.signing.models import Assertion, Ceremony, Signature
from core.signing.terms import Level2

_BATCH = 200
_READ = ("id", "method", "shown", "shown_digest", "ceremony_id")


async def check_assertions() -> AsyncIterator[Fault]:
    """Yield what is wrong: other content than was signed, a passkey's answer that is missing or does not verify."""
    batch: list[Signature] = []
    async for row in ledger.legible(Signature, *_READ):
        if isinstance(row, Fault):
            yield row
            continue
        batch.append(row)
        if len(batch) == _BATCH:
            async for wrong in _batch(batch):
                yield wrong
            batch.clear()
    async for wrong in _batch(batch):
        yield wrong


async def _batch(rows: list[Signature]) -> AsyncIterator[Fault]:
    """Look at some signatures with what belongs to them."""
    shown: dict[int, Ceremony] = {}
    held: dict[int, Assertion] = {}
    ceremonies = [row.ceremony_id for row in rows]
    async for one in ledger.legible(Ceremony, "id", "level", "number", "shown_digest", id__in=ceremonies):
        if isinstance(one, Fault):
            yield one
        else:
            shown[one.id] = one
    async for answer in ledger.legible(Assertion, signature_id__in=[row.id for row in rows]):
        if isinstance(answer, Fault):
            yield answer
        else:
            held[answer.signature_id] = answer
    for row in rows:
        ceremony = shown.get(row.ceremony_id)
        try:
            if ceremony is None or ceremony.level not in set(Level2):
                wrong = _unshown(row, ceremony)
            else:
                wrong = await _wrong(row, ceremony, held.get(row.id))
        except ledger.SPOILT as raised:
            yield ledger.spoilt(Signature.table(), row.id, raised)
            continue
        if wrong:
            yield Fault(where=Signature.table(), number=str(row.id), what=wrong)


def _unshown(signature: Signature, ceremony: Ceremony | None) -> str:
    """Say of a signature that its showing cannot be believed."""
    if ceremony is None:
        return f"its showing, signing_ceremony {signature.ceremony_id}, is gone or cannot be read"
    return f"its showing {ceremony.number} names the level {ceremony.level!r}, which is none"


async def _wrong(signature: Signature, ceremony: Ceremony, held: Assertion | None) -> str:
    """Answer what is wrong with one signature; empty when nothing is."""
    if not passkey_policy.satisfies(signature.method, Level2(ceremony.level)):
        return f"was given by {signature.method}, and its act took level {ceremony.level}"
    if held is None:
        if signature.method == passkey_policy.PASSKEY:
            return "the passkey's answer is missing"
        same = policy.digest(signature.shown) == signature.shown_digest == ceremony.shown_digest
        return "" if same else "what it says was shown is not what was signed"
    if held.shown_digest != signature.shown_digest or policy.digest(signature.shown) != held.shown_digest:
        return "the passkey signed other content"
    entry = await ledger.entry(held.entry_id)
    if entry is None or entry.kind != Kind.SIGN_CEREMONY.value or entry.leaf != held.record_leaf:
        return "the passkey signed a showing that the log does not know"
    said = (entry.facts.get("ceremony"), entry.facts.get("shown_digest"), entry.facts.get("nonce"))
    if said != (ceremony.number, held.shown_digest, held.nonce):
        return "the passkey signed another showing"
    given = Given(
        credential_id=held.credential_id,
        authenticator_data=held.authenticator_data,
        client_data=held.client_data,
        signature=held.signed,
    )
    challenge = passkey_policy.challenge(held.record_leaf, held.shown_digest, held.nonce)
    try:
        authenticators.proven(
            given, rp_id=held.rp_id, origin=held.origin, challenge=challenge, public_key=held.public_key
        )
    except Refusal as no:
        return f"the passkey's answer does not verify ({no.code})"
    return ""
