"""Completing a ceremony: the right person, the right content, a fresh code; then signature and act as one."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable
from dataclasses import dataclass

from core import ledger, notices
from core.kit.actor import Actor
from core.kit.permission import Level, Module, Permission
from core.kit.refusal import NotFound, Refusal
from core.kit.regulated import Regulated
from core.kit.unit_of_work import current, unit_of_work
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import acts, lending, passkey_policy, policy, queries, sessions, standing
from core.signing.asserting import Asserted
from core.signing.ceremony import present
from core.signing.errors import Expired, NeedsSession, NotEnrolled, NotYours, Superseded, Unreadable
from core.signing.errors_passkeys import SignsByPasskey
from core.signing.lending import Standing
from core.signing.models import Ceremony, Factor, Signature
from core.signing.proving import prove, refused
from core.signing.terms import Completed, Level2, Meaning, Shown, Signed, State


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What proved the signer: the time step of a code (at level S3 the session of the PIN too), or a passkey."""

    factor: Factor
    method: str
    step: int | None = None
    session_id: int | None = None
    asserted: Asserted | None = None


@verb(Module.SIGNING, Level.WORK, Kind.SIGN_APPLY, Kind.SIGN_REFUSE, Kind.SIGN_LOCK, Kind.SIGN_SUSPEND)
async def complete(
    actor: Actor, ceremony_id: int, answer: str, *, channel: str | None = None, chat_ref: str | None = None
) -> Completed:
    """Sign what was shown and do what it stands for; or refuse and keep only the record of that.

    ``answer`` is code and check word such as ``739214 K7Q2``; at level S1 the check word or nothing.
    ``channel`` and ``chat_ref`` say where the answer came from (without them: the actor's channel); it counts
    only where the content was shown. A right code is used up even when the act is refused afterwards.

    Raises:
        NotFound, NotYours, OtherChat, AlreadySigned, Superseded, Expired: not this ceremony by this answer.
        NeedsSession: level S3 outside a signing session; the content goes on waiting.
        SignsByPasskey: level S4 takes a passkey on the page; the content goes on waiting.
        NotEnrolled, Locked, Suspended, Unreadable, WrongCode, UsedCode: the person is not proven.
        Refusal: whatever the act itself refuses at this moment.
    """
    signer = await present(actor)
    signer.must(Permission(Module.SIGNING, Level.WORK))
    ceremony = await own(signer, ceremony_id, channel or signer.channel, chat_ref)
    return await signed_whole(signer, ceremony, await _proof(signer, ceremony, answer))


async def signed_whole(signer: Actor, ceremony: Ceremony, proof: Proof | None) -> Completed:
    """Sign and do what it stands for in one unit, every rule judged again; a refusal leaves its record only.

    Raises:
        Superseded: the content changed since it was shown.
        Refusal: whatever the rules or the act itself refuse at this moment.
    """
    try:
        async with unit_of_work():
            return await _undone_whole(_sign(signer, ceremony, proof))
    except Superseded as superseded:
        raise await refused(signer, superseded, ceremony=ceremony, state=State.SUPERSEDED) from None
    except Refusal as no:
        raise await refused(signer, no, ceremony=ceremony, state=State.REFUSED) from None


async def _undone_whole(signing: Awaitable[Completed]) -> Completed:
    """Let no refusal from within keep half of an act, whatever it says of itself."""
    try:
        return await signing
    except Refusal as no:
        no.keeps = False
        raise


async def own(signer: Actor, ceremony_id: int, channel: str, chat_ref: str | None) -> Ceremony:
    """Answer the signer's own ceremony that waits for its answer here, kept for the running unit.

    Raises:
        NotFound, NotYours, OtherChat, AlreadySigned, Superseded, Expired: it is not that.
    """
    ceremony = await Ceremony.select_for_update().get_or_none(id=ceremony_id, plant_id=signer.plant_id)
    if ceremony is None:
        raise NotFound(what=f"#{ceremony_id}")
    if ceremony.person_id != signer.person_id:
        raise await refused(signer, NotYours(), ceremony=ceremony)
    try:
        policy.refuse_ended(queries.ceremony_facts(ceremony), channel, chat_ref, current().now)
    except Expired as expired:
        late = ceremony.state == State.DISPLAYED.value
        raise await refused(
            signer, expired, ceremony=ceremony, state=State.EXPIRED if late else None
        ) from None
    except Refusal as no:
        raise await refused(signer, no, ceremony=ceremony) from None
    return ceremony


async def _proof(signer: Actor, ceremony: Ceremony, answer: str) -> Proof | None:
    """Answer what proves the signer; None at level S1."""
    if ceremony.level == Level2.S1.value:
        word = policy.read_word(answer)
        if word and not hmac.compare_digest(word.encode(), ceremony.check_word.encode()):
            raise Unreadable
        return None
    factor = await queries.active_factor(signer.identity, lock=True)
    if factor is None:
        raise await refused(signer, NotEnrolled(), ceremony=ceremony)
    if ceremony.level == Level2.S4.value:
        raise await refused(signer, SignsByPasskey(), ceremony=ceremony)
    session = await sessions.open_one(signer.identity) if ceremony.level == Level2.S3.value else None
    if ceremony.level == Level2.S3.value and session is None:
        raise await refused(signer, NeedsSession(), ceremony=ceremony)
    read = policy.read_answer(answer)
    if read is None:
        raise Unreadable
    fits = hmac.compare_digest(read.word.encode(), ceremony.check_word.encode())
    step = await prove(signer, factor, read.code, word_fits=fits, ceremony=ceremony)
    return Proof(
        factor=factor,
        method=passkey_policy.METHODS[Level2(ceremony.level)],
        step=step,
        session_id=None if session is None else session.id,
    )


async def _sign(signer: Actor, ceremony: Ceremony, proof: Proof | None) -> Completed:
    act = acts.named(ceremony.act)
    stands, shown = await lending.again(signer, act, ceremony.args, ceremony.delegation_id)
    await standing.refuse_too_close(act, signer, shown, on_behalf_of=stands.on_behalf_of)
    content = policy.content(
        shown,
        meaning=act.meaning,
        signer=stands.actor.name,
        roles=sorted(signer.roles),
        locale=ceremony.locale,
        renderer=ceremony.renderer,
    )
    if not hmac.compare_digest(policy.digest(content), ceremony.shown_digest):
        raise Superseded(number=ceremony.subject_number)
    ceremony.state = State.SIGNED.value
    await ceremony.save(update_fields=["state"])
    signature = None if proof is None else await _signature(stands, ceremony, shown, proof)
    asserted = None if proof is None else proof.asserted
    rows: list[Regulated] = [ceremony] if signature is None else [ceremony, signature]
    if asserted is not None and signature is not None:
        rows += await asserted.kept(signature)
    appended = await ledger.append(
        Kind.SIGN_APPLY,
        stands.actor,
        rows=rows,
        facts={
            "act": ceremony.act,
            "ceremony": ceremony.number,
            "subject": ceremony.subject_kind,
            "number": ceremony.subject_number,
            "revision": ceremony.revision,
            "meaning": ceremony.meaning,
            "meaning_text": Meaning(ceremony.meaning).says,
            "shown_digest": ceremony.shown_digest,
            "renderer": ceremony.renderer,
            "locale": ceremony.locale,
            "level": ceremony.level,
            "signature": None if signature is None else signature.id,
            "factor": None if signature is None else signature.factor_id,
            "time_step": None if signature is None else signature.time_step,
            "session": None if signature is None else signature.session_id,
            "method": None if signature is None else signature.method,
            "passkey": None if asserted is None else asserted.facts,
            "chat": ceremony.chat_ref,
            "delegation": None if stands.given is None else stands.given.number,
            "on_behalf_of": stands.on_behalf_of,
        },
        case=ceremony.case_number,
    )
    signed = Signed(
        signature_id=None if signature is None else signature.id,
        person_id=signer.identity,
        meaning=Meaning(ceremony.meaning),
        shown_digest=ceremony.shown_digest,
        signed_at=current().now,
    )
    result = await act.perform(stands.actor, ceremony.args, signed)
    if stands.on_behalf_of is not None:
        await notices.tell(
            stands.actor,
            "signing:on_behalf",
            person_id=stands.on_behalf_of,
            facts={"number": ceremony.subject_number, "title": shown.title, "by": signer.name},
        )
    return Completed(
        result=result,
        signature=None if signature is None else queries.signature_facts(signature, ceremony.number),
        entry_id=appended.entry_id,
    )


def must_reach(method: str, level: Level2) -> str:
    """Let through a method that the level admits; anything else is a programming fault, not a signature."""
    if not passkey_policy.satisfies(method, level):
        msg = f"{method} does not reach level {level}"
        raise RuntimeError(msg)
    return method


async def _signature(stands: Standing, ceremony: Ceremony, shown: Shown, proof: Proof) -> Signature:
    signer = stands.actor
    return await Signature.create(
        plant_id=ceremony.plant_id,
        case_number=ceremony.case_number,
        subject_kind=shown.subject_kind,
        subject_number=shown.subject_number,
        revision=shown.revision,
        person_id=signer.identity,
        printed_name=signer.name,
        delegation_id=None if stands.given is None else stands.given.id,
        on_behalf_of=stands.on_behalf_of,
        roles=sorted(signer.roles),
        meaning=ceremony.meaning,
        meaning_text=Meaning(ceremony.meaning).says,
        shown_digest=ceremony.shown_digest,
        shown=ceremony.shown,
        locale=ceremony.locale,
        renderer=ceremony.renderer,
        method=must_reach(proof.method, Level2(ceremony.level)),
        factor_id=proof.factor.id,
        time_step=proof.step,
        session_id=proof.session_id,
        ceremony_id=ceremony.id,
        channel=ceremony.channel,
        signed_at=current().now,
        timezone=signer.timezone,
    )
