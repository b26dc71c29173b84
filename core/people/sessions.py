"""Sessions of the pages: in the database, so that they can be ended from anywhere at once."""

from __future__ import annotations

import datetime as dt
import secrets

from core import ledger
from core.kit import Actor, clock, current, unit_of_work, verb
from core.ledger import Kind
from core.people import queries, tokens
from core.people.errors import SessionOver
from core.people.models import Person, Session
from core.people.policy import session_end
from core.people.terms import Door, SessionFacts, SessionMade

TOUCH = dt.timedelta(seconds=30)


@verb(None, None, Kind.SESSION_OPEN)
async def _open(actor: Actor, door: Door, *, second_factor: bool) -> SessionMade:
    """Open a session for the actor; what was proven before is the proof."""
    token, csrf, now = tokens.fresh(), secrets.token_urlsafe(24), current().now
    row = await Session.create(
        token_hash=tokens.hashed(token),
        person_id=actor.identity,
        door=door.value,
        csrf=csrf,
        second_factor=second_factor,
        started_at=now,
        seen_at=now,
    )
    await ledger.append(
        Kind.SESSION_OPEN, actor, rows=[row], facts={"door": door, "second_factor": second_factor}
    )
    return SessionMade(token=token, csrf=csrf)


async def open_session(person_id: int, door: str, *, second_factor: bool = False) -> SessionMade:
    """Open a session; its token goes to the browser once.

    Raises:
        NotFound: no such person.
        Inactive: the person's access has ended.
    """
    return await _open(await queries.actor_of(person_id, "page"), Door(door), second_factor=second_factor)


@verb(None, None, Kind.SESSION_END)
async def _end(actor: Actor, row: Session) -> bool:
    """End a session; answers whether it was this call that did."""
    now = current().now
    if not await Session.filter(id=row.id, ended_at=None).update(ended_at=now):
        return False
    row.ended_at = now
    await ledger.append(
        Kind.SESSION_END, actor, rows=[row], facts={"door": row.door, "person": row.person_id}
    )
    return True


async def session(token: str, door: str) -> SessionFacts | None:
    """The session of a token, or None when it is unknown, idle too long, too old, ended, or the person is gone."""
    wanted = Door(door)
    row = await Session.get_or_none(token_hash=tokens.hashed(token), door=wanted.value, ended_at=None)
    now = clock.now()
    if row is None or not tokens.same(token, row.token_hash):
        return None
    if session_end(wanted, started_at=row.started_at, seen_at=row.seen_at) <= now:
        return None
    if not await Person.exists(id=row.person_id, active=True):
        return None
    if now - row.seen_at > TOUCH:
        await Session.filter(id=row.id, ended_at=None).update(seen_at=now)
    return SessionFacts(
        person_id=row.person_id,
        door=row.door,
        csrf=row.csrf,
        second_factor=row.second_factor,
        expires_at=session_end(wanted, started_at=row.started_at, seen_at=now),
    )


async def confirm_second_factor(token: str, door: str, *, into: str | None = None) -> SessionMade:
    """After the code: end the first session and open a fresh one, so that no fixed token gains rights.

    ``into`` is the door that the fresh one opens, the same by default.

    Raises:
        SessionOver: the first session is gone; one of two who confirm at once meets it as well.
    """
    async with unit_of_work():
        held = await session(token, door)
        row = await Session.get_or_none(token_hash=tokens.hashed(token), door=Door(door).value)
        if held is None or row is None:
            raise SessionOver
        actor = await queries.actor_of(held.person_id, "page")
        if not await _end(actor, row):
            raise SessionOver
        return await _open(actor, Door(into or door), second_factor=True)


async def close_session(token: str, door: str) -> None:
    """End a session."""
    row = await Session.get_or_none(token_hash=tokens.hashed(token), door=Door(door).value, ended_at=None)
    if row is not None:
        await _end(await queries.actor_of(row.person_id, "page"), row)
