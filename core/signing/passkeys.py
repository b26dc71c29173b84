"""Passkeys of people: adding one behind PIN and code, listing, ending. One lives no longer than its authenticator.

The challenge for adding is made of the signing session and of how many passkeys there were: nothing is stored before
the answer, and an answer counts once.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from core import ledger, notices, people
from core.kit.actor import Actor
from core.kit.permission import Level, Module, Permission
from core.kit.plain_text import checked
from core.kit.refusal import NotFound, NotPermitted, Refusal
from core.kit.unit_of_work import current, unit_of_work
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import authenticators, keys, passkey_policy, queries, sessions
from core.signing.authenticators import Given, NewKey
from core.signing.ending import ended
from core.signing.errors_passkeys import (
    CounterBack,
    NeedsFreshProof,
    NoPasskeysHere,
    PasskeyEnded,
    PasskeyKnown,
    UnknownPasskey,
)
from core.signing.models import Ceremony, Factor, Passkey, SigningSession
from core.signing.passkey_policy import Site
from core.signing.proving import refused, tell_wardens
from core.signing.terms import PasskeyFacts, PasskeyOffer

LONGEST_NAME, LONGEST_REASON = 60, 500
WARDENS = Permission(Module.PEOPLE, Level.ADMINISTER)
_site: list[Site] = []


def use_passkeys(address: str) -> None:
    """Tell the room at assembly under which address people reach it; where passkeys cannot work it refuses them."""
    found = passkey_policy.site_of(address)
    _site[:] = [] if found is None else [found]


def site() -> Site | None:
    """Answer where passkeys work; None when nowhere."""
    return _site[0] if _site else None


def must_have_site() -> Site:
    """Answer where passkeys work.

    Raises:
        NoPasskeysHere: nowhere.
    """
    if not _site:
        raise NoPasskeysHere
    return _site[0]


def facts_of(row: Passkey) -> PasskeyFacts:
    """Answer a passkey's row as facts."""
    return PasskeyFacts(
        id=row.id,
        name=row.name,
        backed_up=row.backed_up,
        added_at=row.added_at,
        used_at=row.used_at,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
    )


async def living(person_id: int, *, lock: bool = False) -> list[Passkey]:
    """Answer the passkeys that a person signs with now, the oldest first; ``lock`` keeps them for the running unit."""
    factor, here = await queries.active_factor(person_id), site()
    if factor is None or here is None:
        return []
    found = Passkey.filter(
        person_id=person_id, factor_id=factor.id, rp_id=here.rp_id, ended_at__isnull=True
    ).order_by("id")
    return await (found.select_for_update() if lock else found)


async def passkeys_of(actor: Actor, person_id: int) -> list[PasskeyFacts]:
    """Answer all passkeys of a person, the ended ones too: the own, or as an administrator or manager.

    Raises:
        NotPermitted, NotFound: not the actor's to see.
    """
    await _may_end(actor, person_id)
    return [facts_of(row) for row in await Passkey.filter(person_id=person_id).order_by("id")]


async def has_passkey(person_id: int) -> bool:
    """Answer whether a person can sign at level S4 now."""
    return bool(await living(person_id))


async def _session(actor: Actor) -> tuple[SigningSession, Factor]:
    factor, session = await queries.active_factor(actor.identity), await sessions.open_one(actor.identity)
    if factor is None or session is None:
        raise NeedsFreshProof
    return session, factor


async def _challenges(session: SigningSession, person_id: int) -> tuple[bytes, bytes]:
    """The challenges of adding and of confirming, the same until a passkey was added."""
    count = await Passkey.filter(person_id=person_id).count()
    made = [
        hmac.digest(keys.ticket(), f"{what}\x1f{person_id}\x1f{session.id}\x1f{count}".encode(), "sha256")
        for what in ("add", "confirm")
    ]
    return made[0], made[1]


async def passkey_offer(person_id: int) -> PasskeyOffer:
    """Answer what the browser of somebody who gave PIN and code is asked to add a passkey.

    Raises:
        NoPasskeysHere, NeedsFreshProof, TooManyPasskeys, PasskeyNeedsRenewal: none can be added now.
    """
    here, actor = must_have_site(), await people.actor_of(person_id, "page")
    actor.must(Permission(Module.SIGNING, Level.WORK))
    session, factor = await _session(actor)
    rows = await living(person_id)
    before = await Passkey.filter(person_id=person_id, factor_id=factor.id).exists()
    passkey_policy.may_add(living=len(rows), before=before, confirmed=True)
    add, confirm = await _challenges(session, person_id)
    known = [(row.credential_id, row.transports) for row in rows]
    handle = hashlib.sha256(f"bihuan\x1f{actor.plant_id}\x1f{person_id}".encode()).digest()
    return PasskeyOffer(
        create=authenticators.creation(here, add, handle, actor.name, known),
        confirm=authenticators.request(here, confirm, known) if known else "",
    )


async def add_passkey(person_id: int, name: str, answer: str, confirmation: str = "") -> PasskeyFacts:
    """Keep the passkey that a person's browser made; see ``add``."""
    return await add(await people.actor_of(person_id, "page"), name, answer, confirmation)


@verb(Module.SIGNING, Level.WORK, Kind.PASSKEY_ADD, Kind.SIGN_REFUSE)
async def add(actor: Actor, name: str, answer: str, confirmation: str = "") -> PasskeyFacts:
    """Keep a passkey of the actor: within ten minutes of PIN and code, confirmed by one that is there already.

    The person is told on every channel, and so are the administrators and managers.

    Raises:
        NoPasskeysHere, NeedsFreshProof: not here, not now.
        TooManyPasskeys, NeedsOtherPasskey, PasskeyNeedsRenewal: see ``passkey_policy.may_add``.
        Empty, TooLong: the name.
        PasskeyUnreadable, OtherAddress, OtherContent, NotVerifiedByDevice, PasskeyKnown: not this answer.
        UnknownPasskey, PasskeyEnded, CounterBack: not that confirmation.
    """
    here = must_have_site()
    await queries.active_factor(
        actor.identity, lock=True
    )  # of two answers at once the second meets the first's passkey
    session, factor = await _session(actor)
    called = checked(name, limit=LONGEST_NAME)
    rows = await living(actor.identity, lock=True)
    before = await Passkey.filter(person_id=actor.identity, factor_id=factor.id).exists()
    passkey_policy.may_add(living=len(rows), before=before, confirmed=bool(confirmation))
    fresh, confirm = await _challenges(session, actor.identity)
    try:
        made = await _new(answer, here, fresh)
        proof = await proven_by(actor, confirmation, confirm) if rows else None
    except Refusal as no:
        raise await noted(actor, no) from None
    confirmed = None if proof is None else await proof.used()
    row = await Passkey.create(
        plant_id=actor.plant_id,
        person_id=actor.identity,
        factor_id=factor.id,
        name=called,
        credential_hash=hashed(made.credential_id),
        credential_id=made.credential_id,
        public_key=made.public_key,
        algorithm=made.algorithm,
        sign_count=made.sign_count,
        aaguid=made.aaguid,
        backed_up=made.backed_up,
        transports=list(made.transports),
        rp_id=here.rp_id,
        confirmed_by=None if confirmed is None else confirmed.id,
        added_at=current().now,
    )
    await ledger.append(
        Kind.PASSKEY_ADD,
        actor,
        rows=[row] if confirmed is None else [row, confirmed],
        facts={
            "passkey": row.id,
            "person": actor.identity,
            "name": called,
            "credential": row.credential_hash,
            "public_key": row.public_key,
            "algorithm": row.algorithm,
            "factor": factor.id,
            "session": session.id,
            "confirmed_by": row.confirmed_by,
        },
    )
    await _tell(actor, actor.identity, "added", called)
    return facts_of(row)


async def _new(answer: str, here: Site, challenge: bytes) -> NewKey:
    made = authenticators.registered(answer, here, challenge)
    if await Passkey.filter(credential_hash=hashed(made.credential_id)).exists():
        raise PasskeyKnown
    return made


def hashed(credential_id: str) -> str:
    """Answer what a credential is found by; ids are up to 1023 bytes long."""
    return hashlib.sha256(credential_id.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Proven:
    """An answer that is proven, not written down yet."""

    passkey: Passkey
    given: Given
    count: int

    async def used(self) -> Passkey:
        """Write the counter on; the row goes into the caller's entry."""
        self.passkey.sign_count, self.passkey.used_at = self.count, current().now
        await self.passkey.save(update_fields=["sign_count", "used_at"])
        return self.passkey


async def proven_by(actor: Actor, answer: str, challenge: bytes) -> Proven:
    """Prove the actor by one of their living passkeys.

    Raises:
        UnknownPasskey, PasskeyEnded: it is none of theirs, or not any more.
        PasskeyUnreadable, OtherAddress, OtherContent, NotVerifiedByDevice, CounterBack: see there.
    """
    here, given = must_have_site(), authenticators.read(answer)
    row = (
        await Passkey.filter(credential_hash=hashed(given.credential_id), person_id=actor.identity)
        .select_for_update()
        .first()
    )
    if row is None:
        raise UnknownPasskey
    if row.id not in {one.id for one in await living(actor.identity)}:
        raise PasskeyEnded
    count = authenticators.proven(
        given, rp_id=here.rp_id, origin=here.origin, challenge=challenge, public_key=row.public_key
    )
    if (count or row.sign_count) and count <= row.sign_count:
        raise CounterBack
    return Proven(passkey=row, given=given, count=count)


async def noted(actor: Actor, no: Refusal, *, ceremony: Ceremony | None = None) -> Refusal:
    """Record a refused answer and give it back to be raised; a counter that went back is an alarm."""
    async with unit_of_work():
        if isinstance(no, CounterBack):
            await tell_wardens(actor, "signing:passkey", actor.identity, {"what": "copied", "passkey": ""})
        return await refused(actor, no, ceremony=ceremony)


async def _may_end(actor: Actor, person_id: int) -> None:
    if person_id == actor.person_id:
        return
    if not (actor.may(WARDENS) or people.Role.MANAGER in actor.roles):
        raise NotPermitted
    await people.person_for(actor, person_id)


@verb(None, None, Kind.PASSKEY_END)
async def end_passkey(actor: Actor, passkey_id: int, reason: str) -> None:
    """End a passkey at once: its owner, or an administrator or manager of the plant; signatures stay.

    Raises:
        NotFound: no such living passkey of the plant.
        NotPermitted: none of those people.
        Empty, TooLong: the reason.
    """
    row = (
        await Passkey.filter(id=passkey_id, plant_id=actor.plant_id, ended_at__isnull=True)
        .select_for_update()
        .first()
    )
    if row is None:
        raise NotFound(what=f"#{passkey_id}")
    await _may_end(actor, row.person_id)
    why = checked(reason, limit=LONGEST_REASON)
    rows = await ended([row], by=actor.person_id, why=why)
    await ledger.append(
        Kind.PASSKEY_END,
        actor,
        rows=rows,
        facts={"passkey": row.id, "person": row.person_id, "name": row.name},
        reason=why,
    )
    await _tell(actor, row.person_id, "ended", row.name)


async def _tell(actor: Actor, person_id: int, what: str, name: str) -> None:
    """Tell the owner at every address, and those who look after the plant."""
    facts: dict[str, object] = {"what": what, "passkey": name, "by": actor.name}
    await tell_wardens(actor, "signing:passkey", person_id, facts, owner_too=False)
    owner = await people.person(person_id)
    for channel, chat_ref in await people.addresses(person_id):
        await notices.tell(
            actor,
            "signing:passkey",
            person_id=person_id,
            channel=channel,
            chat_ref=chat_ref,
            facts={"person_id": person_id, "name": owner.printed_name, **facts},
            priority=notices.Priority.CRITICAL,
        )


def options_known(rows: list[Passkey]) -> list[tuple[str, list[str]]]:
    """Answer passkeys as a browser is told of them."""
    return [(row.credential_id, list(row.transports)) for row in rows]
