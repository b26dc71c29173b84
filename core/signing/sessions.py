"""Signing sessions of level S3: PIN and code on a page open ten minutes in which a code signs in the chat.

21 CFR 11.200(a)(1)(i): the first signing takes all components, the following ones of the same continuous period one.
"""

from __future__ import annotations

import datetime as dt

from core import ledger, people
from core.kit import clock
from core.kit.actor import Actor
from core.kit.permission import Level, Module, Permission
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import pin, policy, queries
from core.signing.errors import NeedsPin, NotEnrolled, UnreadableCode, WrongPin
from core.signing.models import SigningSession
from core.signing.proving import prove, refused

LASTS = dt.timedelta(minutes=10)


async def open_session(person_id: int, typed_pin: str, code: str, *, channel: str = "page") -> dt.datetime:
    """Open a signing session by PIN and code; answers when it ends.

    Raises:
        NotEnrolled, NeedsPin, UnreadableCode, WrongPin, UsedCode, Locked, Suspended: the person is not proven.
            Which of PIN and code was wrong is not told; failures are counted together.
    """
    return await begin_session(await people.actor_of(person_id, channel), typed_pin, code)


@verb(None, None, Kind.SIGN_SESSION, Kind.SIGN_REFUSE, Kind.SIGN_LOCK, Kind.SIGN_SUSPEND)
async def begin_session(actor: Actor, typed_pin: str, code: str) -> dt.datetime:
    """Open the actor's signing session by PIN and code; an earlier one ends. Answers when it ends.

    Raises:
        NotEnrolled, NeedsPin, UnreadableCode, WrongPin, UsedCode, Locked, Suspended: the person is not proven.
    """
    actor.must(Permission(Module.SIGNING, Level.WORK))
    factor = await queries.active_factor(actor.identity, lock=True)
    if factor is None:
        raise await refused(actor, NotEnrolled())
    if factor.pin is None:
        raise await refused(actor, NeedsPin())
    read = policy.read_code(code)
    if read is None:
        raise UnreadableCode
    fits = await pin.fits(pin.read_pin(typed_pin), factor.id, factor.pin)
    step = await prove(actor, factor, read, word_fits=fits, wrong=WrongPin)
    now = current().now
    earlier = await SigningSession.filter(person_id=actor.identity, ended_at__isnull=True, expires_at__gt=now)
    for row in earlier:
        row.ended_at = now
        await row.save(update_fields=["ended_at"])
    opened = await SigningSession.create(
        plant_id=actor.plant_id,
        person_id=actor.identity,
        factor_id=factor.id,
        time_step=step,
        opened_at=now,
        expires_at=now + LASTS,
    )
    await ledger.append(
        Kind.SIGN_SESSION,
        actor,
        rows=[opened, *earlier],
        facts={"session": opened.id, "factor": factor.id, "time_step": step, "until": opened.expires_at},
    )
    return opened.expires_at


async def open_one(person_id: int) -> SigningSession | None:
    """Answer the person's open session; it lives no longer than the authenticator that opened it."""
    factor = await queries.active_factor(person_id)
    if factor is None:
        return None
    return await SigningSession.filter(
        person_id=person_id, factor_id=factor.id, ended_at__isnull=True, expires_at__gt=clock.now()
    ).first()


async def session_until(person_id: int) -> dt.datetime | None:
    """Answer until when a person may sign at level S3 by code alone; None when no session is open."""
    found = await open_one(person_id)
    return None if found is None else found.expires_at
