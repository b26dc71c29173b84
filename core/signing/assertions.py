"""Every signature by passkey, verified anew from what is stored: part of verifying the whole ledger.

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
from core.signing.models import Assertion, Signature
from core.signing.terms import Level2

_BATCH = 200


async def check_assertions() -> AsyncIterator[Fault]:
    """Yield what is wrong: a signature that lacks its passkey's answer, or an answer that does not verify."""
    after = 0
    while rows := await _page(after):
        held = {
            one.signature_id: one for one in await Assertion.filter(signature_id__in=[row.id for row in rows])
        }
        for row in rows:
            wrong = await _wrong(row, held.get(row.id))
            if wrong:
                yield Fault(where="signing_signature", number=str(row.id), what=wrong)
        after = rows[-1].id


async def _page(after: int) -> list[Signature]:
    return await Signature.filter(id__gt=after).order_by("id").limit(_BATCH).select_related("ceremony")


async def _wrong(signature: Signature, held: Assertion | None) -> str:
    """Answer what is wrong with one signature; empty when nothing is."""
    if not passkey_policy.satisfies(signature.method, Level2(signature.ceremony.level)):
        return f"was given by {signature.method}, and its act took level {signature.ceremony.level}"
    if held is None:
        return "" if signature.method != passkey_policy.PASSKEY else "the passkey's answer is missing"
    if held.shown_digest != signature.shown_digest or policy.digest(signature.shown) != held.shown_digest:
        return "the passkey signed other content"
    entry = await ledger.entry(held.entry_id)
    if entry is None or entry.kind != Kind.SIGN_CEREMONY.value or entry.leaf != held.record_leaf:
        return "the passkey signed a showing that the log does not know"
    said = (entry.facts.get("ceremony"), entry.facts.get("shown_digest"), entry.facts.get("nonce"))
    if said != (signature.ceremony.number, held.shown_digest, held.nonce):
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
