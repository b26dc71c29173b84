"""Signing by passkey on the page of a ceremony: the same rules as by code, another proof of the person."""

from __future__ import annotations

from core import notices, people
from core.kit.actor import Actor
from core.kit.permission import Level, Module, Permission
from core.kit.refusal import Refusal
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import completion, pages, passkey_policy, passkeys, policy, queries
from core.signing.asserting import Asserted
from core.signing.ceremony import present
from core.signing.errors import NotEnrolled
from core.signing.proving import refused
from core.signing.terms import Completed


async def sign_by_passkey(token: str, answer: str) -> Completed:
    """Sign the ceremony that a page's address belongs to, as its signer; see ``complete_by_passkey``.

    Raises:
        Expired: no such page.
    """
    row = await pages.of_token(token)
    return await complete_by_passkey(await people.actor_of(row.person_id, "page"), row.id, answer)


@verb(Module.SIGNING, Level.WORK, Kind.SIGN_APPLY, Kind.SIGN_REFUSE)
async def complete_by_passkey(actor: Actor, ceremony_id: int, answer: str) -> Completed:
    """Sign what was shown by a passkey's answer to its challenge, and do what it stands for; else keep the refusal.

    The answer is bound to the showing, so it is worth nothing for another content, and nothing twice. The signer's
    chat gets the receipt.

    Raises:
        NotFound, NotYours, AlreadySigned, Superseded, Expired: not this ceremony.
        NotEnrolled, Locked: the person cannot sign now.
        NoPasskeysHere, UnknownPasskey, PasskeyEnded, PasskeyUnreadable, OtherAddress, OtherContent,
            NotVerifiedByDevice, CounterBack: the person is not proven; the content goes on waiting.
        Refusal: whatever the rules or the act itself refuse at this moment.
    """
    signer = await present(actor)
    signer.must(Permission(Module.SIGNING, Level.WORK))
    row = await pages.of_number(ceremony_id)
    ceremony = await completion.own(signer, ceremony_id, row.channel, row.chat_ref)
    factor = await queries.active_factor(signer.identity, lock=True)
    if factor is None:
        raise await refused(signer, NotEnrolled(), ceremony=ceremony)
    try:
        policy.refuse_locked(factor.locked_until, current().now)
        leaf, challenge = await pages.challenge_of(ceremony)
        proven = await passkeys.proven_by(signer, answer, challenge)
    except Refusal as no:
        raise await passkeys.noted(signer, no, ceremony=ceremony) from None
    asserted = Asserted(proven=proven, site=passkeys.must_have_site(), record_leaf=leaf, ceremony=ceremony)
    proof = completion.Proof(factor=factor, method=passkey_policy.PASSKEY, asserted=asserted)
    done = await completion.signed_whole(signer, ceremony, proof)
    if done.signature is not None:
        await notices.tell(
            signer,
            "signing:signed",
            person_id=signer.identity,
            channel=ceremony.channel,
            chat_ref=ceremony.chat_ref,
            facts={"signature_id": done.signature.id, "entry_id": done.entry_id},
            priority=notices.Priority.REPLY,
        )
    return done
