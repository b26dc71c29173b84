"""One-time links into the pages: ten minutes, one use, never burnt by a look (messengers fetch previews)."""

from __future__ import annotations

import datetime as dt

from core import ledger, notices
from core.kit import Actor, Level, Module, NotFound, NotPermitted, Permission, clock, current, system, verb
from core.ledger import Kind
from core.people import queries, tokens
from core.people.errors import EnrolByAnother, LinkDead
from core.people.models import OneTimeLink
from core.people.terms import LinkFacts, Purpose

LIFETIME = dt.timedelta(minutes=10)


@verb(None, None, Kind.LINK_MAKE)
async def one_time_link(actor: Actor, person_id: int, purpose: str, *, lasts: dt.timedelta = LIFETIME) -> str:
    """Make a link's token: for oneself, or (administrators, the system) for another person of the plant.

    Nobody makes their own enrolment link: identity is proven by a second person (21 CFR 11.100). Only the system
    makes one that lasts longer than ten minutes.

    Whoever gets a link made by somebody else is told.

    Raises:
        NotPermitted: for somebody else, or for longer, without the right.
        EnrolByAnother: an administrator's enrolment link for themselves.
        NotFound: no such active person in this plant.
    """
    wanted = Purpose(purpose)
    own = actor.person_id == person_id
    if (wanted is Purpose.SIGN and not own) or (lasts > LIFETIME and not actor.is_system):
        raise NotPermitted
    if not actor.is_system and (wanted is Purpose.ENROL or not own):
        actor.must(Permission(Module.PEOPLE, Level.ADMINISTER))
        if own:
            raise EnrolByAnother
    found = await queries.person(person_id)
    if found.plant_id != actor.plant_id or not found.active:
        raise NotFound(what=f"#{person_id}")
    token = tokens.fresh()
    made = await OneTimeLink.create(
        token_hash=tokens.hashed(token),
        person_id=person_id,
        purpose=wanted.value,
        made_by=actor.person_id,
        expires_at=current().now + lasts,
    )
    await ledger.append(Kind.LINK_MAKE, actor, rows=[made], facts={"person": person_id, "purpose": wanted})
    if actor.person_id is not None and not own:
        await notices.tell(
            actor,
            "people:link",
            person_id=person_id,
            facts={"by": actor.name, "purpose": wanted.value},
        )
    return token


async def _live(token: str, purpose: str, now: dt.datetime) -> OneTimeLink | None:
    found = await OneTimeLink.get_or_none(token_hash=tokens.hashed(token), purpose=purpose, used_at=None)
    if found is None or not tokens.same(token, found.token_hash) or found.expires_at <= now:
        return None
    return found


async def holder_of_link(token: str, purpose: str) -> int | None:
    """The person whose live link this is, or None; looking does not use it up."""
    found = await _live(token, purpose, clock.now())
    return None if found is None else found.person_id


async def peek_link(token: str, purpose: str) -> bool:
    """Whether a link would open; looking does not use it up."""
    return await _live(token, purpose, clock.now()) is not None


@verb(None, None, Kind.LINK_OPEN)
async def _open(_door: Actor, token: str, purpose: str) -> LinkFacts:
    """Use a one-time link up; its token is the proof."""
    now = current().now
    found = await _live(token, purpose, now)
    if found is None or not await OneTimeLink.filter(id=found.id, used_at=None).update(used_at=now):
        raise LinkDead
    person = await queries.actor_of(found.person_id, "page")
    found.used_at = now
    await ledger.append(Kind.LINK_OPEN, person, rows=[found], facts={"purpose": purpose})
    return LinkFacts(person_id=found.person_id, made_by=found.made_by)


async def open_link(token: str, purpose: str) -> LinkFacts:
    """Use a link up; of many who try at the same instant one gets in.

    Raises:
        LinkDead: unknown, used, too old or of another purpose.
        Inactive: the person's access has ended since; the link stays as it was.
    """
    return await _open(system(0, channel="page"), token, purpose)
