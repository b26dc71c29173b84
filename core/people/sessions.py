"""Sessions of the pages: in the database, so that they can be ended from anywhere at once."""

from __future__ import annotations

import datetime as dt
import secrets

from core.kit import clock, unit_of_work
from core.people import queries, tokens
from core.people.errors import Inactive, SessionOver
from core.people.models import Person, Session
from core.people.policy import session_end
from core.people.terms import Door, SessionFacts, SessionMade

TOUCH = dt.timedelta(seconds=30)


async def open_session(person_id: int, door: str, *, second_factor: bool = False) -> SessionMade:
    """Open a session; its token goes to the browser once.

    Raises:
        NotFound: no such person.
        Inactive: the person's access has ended.
    """
    token, csrf = tokens.fresh(), secrets.token_urlsafe(24)
    async with unit_of_work() as work:
        if not (await queries.person(person_id)).active:
            raise Inactive
        await Session.create(
            token_hash=tokens.hashed(token),
            person_id=person_id,
            door=Door(door).value,
            csrf=csrf,
            second_factor=second_factor,
            started_at=work.now,
            seen_at=work.now,
        )
    return SessionMade(token=token, csrf=csrf)


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
    async with unit_of_work() as work:
        held = await session(token, door)
        if held is None:
            raise SessionOver
        if not await Session.filter(token_hash=tokens.hashed(token), ended_at=None).update(ended_at=work.now):
            raise SessionOver
        return await open_session(held.person_id, into or door, second_factor=True)


async def close_session(token: str, door: str) -> None:
    """End a session."""
    async with unit_of_work() as work:
        await Session.filter(token_hash=tokens.hashed(token), door=Door(door).value, ended_at=None).update(
            ended_at=work.now
        )
