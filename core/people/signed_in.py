"""Where a person is signed in, and ending it: they themselves, or an administrator with a reason (ASVS 7.4.5, 7.5.2)."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, Level, Module, NotFound, Permission, clock, current, verb
from core.ledger import Kind
from core.people import queries, tokens
from core.people.models import Session
from core.people.policy import session_end
from core.people.roles import given
from core.people.terms import Door, SessionLine

_ADMINISTER = Permission(Module.PEOPLE, Level.ADMINISTER)


async def _may_look_after(actor: Actor, person_id: int) -> bool:
    """Whether these are somebody else's sessions, which only an administrator of the plant sees.

    Raises:
        NotPermitted, NotFound: neither the own ones nor those of a person of an administrator's plant.
    """
    if person_id == actor.person_id:
        return False
    actor.must(_ADMINISTER)
    await queries.person_for(actor, person_id)
    return True


async def sessions_of(actor: Actor, person_id: int, *, token: str = "") -> list[SessionLine]:
    """The sessions of a person that are open now, the last used first; ``token`` marks the one in hand.

    Raises:
        NotPermitted, NotFound: not the actor's to see.
    """
    await _may_look_after(actor, person_id)
    now, mine = clock.now(), tokens.hashed(token) if token else ""
    return [
        SessionLine(
            id=row.id,
            door=row.door,
            started_at=row.started_at,
            seen_at=row.seen_at,
            present=row.token_hash == mine,
        )
        for row in await Session.filter(person_id=person_id, ended_at=None).order_by("-seen_at", "-id")
        if session_end(Door(row.door), started_at=row.started_at, seen_at=row.seen_at) > now
    ]


@verb(None, None, Kind.SESSION_END)
async def end_session(actor: Actor, session_id: int, *, reason: str = "") -> None:
    """End one session at once; the own person needs no reason, an administrator does.

    Raises:
        NotFound: no such open session that the actor may end.
        NotPermitted: somebody else's, without the right.
        NeedsReason: somebody else's, and no reason was given.
    """
    row = await Session.select_for_update().get_or_none(id=session_id, ended_at=None)
    if row is None:
        raise NotFound(what=f"#{session_id}")
    why = given(reason) if await _may_look_after(actor, row.person_id) else None
    await _ended(actor, [row], row.person_id, why)


@verb(None, None, Kind.SESSION_END)
async def end_sessions(actor: Actor, person_id: int, *, reason: str = "", token: str = "") -> int:
    """End all sessions of a person but the one of ``token``; answers how many.

    Raises:
        NotPermitted, NotFound, NeedsReason: as for one session.
    """
    why = given(reason) if await _may_look_after(actor, person_id) else None
    rows = [
        row
        for row in await Session.filter(person_id=person_id, ended_at=None).order_by("id").select_for_update()
        if not token or row.token_hash != tokens.hashed(token)
    ]
    await _ended(actor, rows, person_id, why)
    return len(rows)


@verb(None, None, Kind.SESSION_END)
async def shut_out(actor: Actor, person_id: int) -> None:
    """End every session of a person whose authenticator was suspended; that verb has judged the right (ASVS 7.4.3)."""
    rows = await Session.filter(person_id=person_id, ended_at=None).order_by("id").select_for_update()
    await _ended(actor, rows, person_id, None)


async def _ended(actor: Actor, rows: list[Session], person_id: int, why: str | None) -> None:
    if not rows:
        return
    for row in rows:
        row.ended_at = current().now
        await row.save(update_fields=["ended_at"])
    await ledger.append(
        Kind.SESSION_END,
        actor,
        rows=rows,
        reason=why,
        facts={"person": person_id, "doors": [row.door for row in rows]},
    )
