"""Enrolling an authenticator behind a one-time link, and ending one that is lost."""

from __future__ import annotations

import uuid

from tortoise.queryset import QuerySet

from core import ledger, people
from core.kit.actor import Actor
from core.kit.permission import Level, Module, Permission
from core.kit.plain_text import checked
from core.kit.refusal import NotPermitted
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import changes, keys, pin, policy, totp
from core.signing.ending import ended_with
from core.signing.errors import NeedsSecondPerson, NoOffer, NotConsecutive, NotUndertaken, UnreadableCode
from core.signing.models import Ceremony, Factor
from core.signing.proving import refused, tell_wardens
from core.signing.terms import EnrolmentOffer, State
from core.signing.undertaking import VERSION, Undertaking

LONGEST_REASON = 500
WARDENS = Permission(Module.PEOPLE, Level.ADMINISTER)


async def enrolment(person_id: int, *, proofed_by: int | None, channel: str = "admin") -> EnrolmentOffer:
    """Offer a fresh secret to the person whose one-time link was just consumed; good for ten minutes.

    ``proofed_by`` is the person who proved the identity and sent the link; None when the link came from the
    installation's own command line (the first administrator). A later offer replaces this one.

    Raises:
        NeedsSecondPerson: nobody proves their own identity.
    """
    return await offer(await people.actor_of(person_id, channel), proofed_by)


async def enrol(
    person_id: int,
    code1: str,
    code2: str,
    *,
    undertaking: Undertaking | None,
    chosen_pin: str | None = None,
    channel: str = "admin",
) -> None:
    """Put the offered authenticator to work by two codes in a row; an earlier one ends.

    ``undertaking`` is what the person accepted on the page; the ledger keeps it with the authenticator.

    Raises:
        NotUndertaken: nothing, or another version than that of now.
        NoOffer: nothing was offered in the last ten minutes.
        UnreadableCode, NotConsecutive: these are not two codes in a row of the offered secret.
        WeakPin: the PIN is too easy. Without a PIN the authenticator signs up to level S2.
    """
    await confirm(await people.actor_of(person_id, channel), code1, code2, undertaking, chosen_pin)


@verb(None, None, Kind.SIGN_OFFER)
async def offer(actor: Actor, proofed_by: int | None) -> EnrolmentOffer:
    """Offer the actor a fresh secret; the proof is the consumed one-time link.

    Raises:
        NeedsSecondPerson: nobody proves their own identity.
        NeedsRenewal: there was an authenticator before, and no two people agreed to another.
    """
    if proofed_by == actor.identity:
        raise NeedsSecondPerson
    allowed = await changes.use_renewal(actor, by_house=proofed_by is None)
    earlier = await _pending(actor.identity)
    for row in earlier:
        row.suspended_at = current().now
        await row.save(update_fields=["suspended_at"])
    secret = totp.new_secret()
    factor = await _new(actor, actor.identity, actor.organisation_id, secret, proofed_by)
    await ledger.append(
        Kind.SIGN_OFFER,
        actor,
        rows=[factor, *earlier, *allowed],
        facts={"factor": factor.id, "proofed_by": proofed_by},
    )
    return EnrolmentOffer(factor_id=factor.id, uri=totp.uri(secret, actor.name), secret=secret)


def _pending(person_id: int) -> QuerySet[Factor]:
    return Factor.filter(
        person_id=person_id, enrolled_at__isnull=True, suspended_at__isnull=True
    ).select_for_update()


async def _new(
    actor: Actor, person_id: int, organisation_id: int, secret: str, proofed_by: int | None
) -> Factor:
    factor_id = uuid.uuid4()
    sealed, key_id = keys.sealed(
        secret, organisation_id=organisation_id, person_id=person_id, factor_id=factor_id
    )
    return await Factor.create(
        id=factor_id,
        plant_id=actor.plant_id,
        organisation_id=organisation_id,
        person_id=person_id,
        sealed_secret=sealed,
        key_id=key_id,
        proofed_by=proofed_by,
        offered_at=current().now,
    )


@verb(None, None, Kind.SIGN_ENROL, Kind.SIGN_REFUSE)
async def confirm(
    actor: Actor,
    code1: str,
    code2: str,
    undertaking: Undertaking | None,
    chosen_pin: str | None = None,
) -> None:
    """Put the newest offered authenticator of the actor to work; the proof is two codes in a row.

    Its owner and those who look after the plant are told: an enrolment that nobody expected is found out.

    Raises:
        NotUndertaken: the undertaking of now was not accepted.
        NoOffer: nothing was offered in the last ten minutes.
        UnreadableCode, NotConsecutive: these are not two codes in a row of the offered secret.
        WeakPin: the PIN is too easy.
    """
    now = current().now
    factor = await _pending(actor.identity).first()
    if factor is None or now >= factor.offered_at + policy.OFFER_LIFETIME:
        raise NoOffer
    if undertaking is None or undertaking.version != VERSION:
        raise NotUndertaken
    first, second = policy.read_code(code1), policy.read_code(code2)
    if first is None or second is None:
        raise UnreadableCode
    if chosen_pin is not None:
        factor.pin = await pin.hashed(pin.chosen(chosen_pin), factor.id)
    step = totp.consecutive_step(keys.opened(factor), first, second, now)
    if step is None:
        raise await refused(actor, NotConsecutive())
    await _enrolled(actor, factor, step, undertaking)
    by = "" if factor.proofed_by is None else (await people.person(factor.proofed_by)).printed_name
    await tell_wardens(actor, "signing:enrolled", actor.identity, {"by": by})


async def _enrolled(actor: Actor, factor: Factor, step: int, undertaking: Undertaking | None = None) -> None:
    now = current().now
    before = await Factor.filter(
        person_id=factor.person_id, enrolled_at__isnull=False, suspended_at__isnull=True
    ).select_for_update()
    for row in before:
        row.suspended_at = now
        await row.save(update_fields=["suspended_at"])
    factor.enrolled_at, factor.last_step = now, step
    await factor.save(update_fields=["enrolled_at", "last_step", "pin"])
    await ledger.append(
        Kind.SIGN_ENROL,
        actor,
        rows=[factor, *before, *await ended_with(before, by=actor.person_id, why="new authenticator")],
        facts={
            "factor": factor.id,
            "person": factor.person_id,
            "proofed_by": factor.proofed_by,
            "replaces": [row.id for row in before],
            "undertaking": None
            if undertaking is None
            else {
                "version": undertaking.version,
                "locale": undertaking.locale,
                "sha256": undertaking.sha256,
            },
        },
    )


@verb(None, None, Kind.SIGN_ENROL)
async def load_demo_factor(actor: Actor, person_id: int, secret: str, demo_pin: str | None = None) -> None:
    """Give a person of the demo plant a known authenticator; only the system itself may.

    Raises:
        NotPermitted: a person asked for it.
    """
    if not actor.is_system:
        raise NotPermitted
    owner = await people.actor_of(person_id, actor.channel)
    factor = await _new(actor, person_id, owner.organisation_id, secret, None)
    if demo_pin is not None:
        factor.pin = await pin.hashed(pin.chosen(demo_pin), factor.id)
    await _enrolled(actor, factor, -1)


@verb(None, None, Kind.SIGN_SUSPEND, Kind.SESSION_END)
async def suspend(actor: Actor, person_id: int, reason: str) -> None:
    """End a person's authenticator, passkeys and all their sessions at once (lost phone, left the house).

    What waits ends, signatures stay.

    The person may do it, and so may every manager and administrator of the plant. Everyone concerned is told.

    Raises:
        NotPermitted: neither the person, nor a manager or an administrator.
        NotFound: no such person in the actor's plant.
        Empty, TooLong: the reason.
    """
    if person_id != actor.person_id:
        if not (actor.may(WARDENS) or people.Role.MANAGER in actor.roles):
            raise NotPermitted
        owner = await people.person(person_id)
        people.must_see(
            actor, plant_id=owner.plant_id, partner_ids=[owner.organisation_id], what=f"#{person_id}"
        )
    why = checked(reason, limit=LONGEST_REASON)
    open_ones = (
        await Ceremony.filter(person_id=person_id, state=State.DISPLAYED.value)
        .order_by("id")
        .select_for_update()
    )
    for ceremony in open_ones:
        ceremony.state = State.REFUSED.value
        await ceremony.save(update_fields=["state"])
    factors = await Factor.filter(person_id=person_id, suspended_at__isnull=True).select_for_update()
    for factor in factors:
        factor.suspended_at = current().now
        await factor.save(update_fields=["suspended_at"])
    await ledger.append(
        Kind.SIGN_SUSPEND,
        actor,
        rows=[*factors, *open_ones, *await ended_with(factors, by=actor.person_id, why=why)],
        facts={"person": person_id, "factors": [row.id for row in factors]},
        reason=why,
    )
    await people.shut_out(actor, person_id)
    await tell_wardens(actor, "signing:suspended", person_id, {"by": actor.name})
