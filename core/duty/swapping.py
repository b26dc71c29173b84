"""Swapping turns: one person asks, the other accepts or declines; nobody else is needed."""

from __future__ import annotations

import datetime as dt

from core import ledger, notices
from core.duty import policy, queries
from core.duty.errors import PlanMoved
from core.duty.models import Override, Swap
from core.duty.terms import SwapFacts, SwapState, Turn
from core.kit import Actor, Level, Module, NotFound, NotPermitted, clock, current, each_alone, system, verb
from core.kit.numbering import in_line
from core.ledger import Kind


async def _turn(actor: Actor, rotation_id: int, since: dt.datetime, until: dt.datetime) -> Turn | None:
    """The turn of a rotation that has exactly these bounds."""
    found, start = await queries.rotation(actor, rotation_id), clock.utc(since) - policy.DAY
    known = await queries.board(actor.plant_id, start, [found])
    wide = known.turns(found, start, clock.utc(until) + policy.DAY)
    return next((one for one in wide if (one.since, one.until) == (clock.utc(since), clock.utc(until))), None)


@verb(Module.ANOMALIES, Level.WORK, Kind.SWAP_ASK)
async def ask_swap(actor: Actor, turn: Turn, *, other_id: int, instead: Turn | None = None) -> SwapFacts:
    """Ask a colleague to take a turn of one's own, perhaps in exchange for one of theirs.

    Raises:
        NotYourTurn, TurnBegan, SwapWithSelf, CannotServe, NotFound: why not.
    """
    own = await _turn(actor, turn.rotation_id, turn.since, turn.until)
    able = {one.id for one in await queries.able(actor.plant_id)}
    now = current().now
    policy.ask_swap(own, asker=actor.identity, other=other_id, able=able, now=now)
    begins = turn.since
    if instead is not None:
        given = await _turn(actor, instead.rotation_id, instead.since, instead.until)
        policy.ask_swap(given, asker=other_id, other=actor.identity, able=able, now=now)
        begins = min(begins, instead.since)
    row = await Swap.create(
        plant_id=actor.plant_id,
        rotation_id=turn.rotation_id,
        asker_id=actor.identity,
        other_id=other_id,
        since=clock.utc(turn.since),
        until=clock.utc(turn.until),
        return_rotation_id=None if instead is None else instead.rotation_id,
        return_since=None if instead is None else clock.utc(instead.since),
        return_until=None if instead is None else clock.utc(instead.until),
        state=SwapState.ASKED.value,
        expires_at=policy.swap_expires(now, begins),
    )
    await ledger.append(Kind.SWAP_ASK, actor, rows=[row], facts=_facts(row))
    await notices.tell(
        actor,
        "duty:swap_asked",
        person_id=other_id,
        facts={"swap_id": row.id, "by": actor.name},
        wanted_while=f"swap:{row.id}",
    )
    return row.facts()


def _facts(row: Swap) -> dict[str, object]:
    return {
        "swap": row.id,
        "rotation": row.rotation_id,
        "asker": row.asker_id,
        "other": row.other_id,
        "since": row.since,
        "until": row.until,
        "return_since": row.return_since,
        "return_until": row.return_until,
        "state": row.state,
    }


async def _locked(actor: Actor, swap_id: int) -> Swap:
    row = await Swap.select_for_update().get_or_none(id=swap_id, plant_id=actor.plant_id)
    if row is None or actor.person_id not in (row.asker_id, row.other_id):
        raise NotFound(what=f"#{swap_id}")
    return row


@verb(Module.ANOMALIES, Level.WORK, Kind.SWAP_ACCEPT, Kind.DUTY_OVERRIDE)
async def accept_swap(actor: Actor, swap_id: int) -> SwapFacts:
    """Accept: from now on both turns are the other's.

    Raises:
        NotFound, NotAsked, SwapOver, SwapExpired: why not.
        PlanMoved: one of the turns is somebody else's by now.
    """
    row = await _locked(actor, swap_id)
    policy.answer_swap(row.facts(), by=actor.identity, now=current().now)
    await in_line(actor.plant_id, "swaps")
    legs = [(row.rotation_id, row.asker_id, row.other_id, row.since, row.until)]
    if row.return_rotation_id and row.return_since and row.return_until:
        legs.append((row.return_rotation_id, row.other_id, row.asker_id, row.return_since, row.return_until))
    rows: list[Override] = []
    for rotation_id, giver, taker, since, until in legs:
        turn = await _turn(actor, rotation_id, since, until)
        if turn is None or turn.person_id != giver:
            raise PlanMoved
        rows.append(
            await Override.create(
                plant_id=row.plant_id,
                rotation_id=rotation_id,
                person_id=taker,
                since=since,
                until=until,
                swap_id=row.id,
                reason=f"swap #{row.id}",
                set_by=actor.person_id,
            )
        )
    row.state = SwapState.ACCEPTED.value
    await row.save()
    await ledger.append(Kind.SWAP_ACCEPT, actor, rows=[row, *rows], facts=_facts(row))
    await _answer(actor, row, row.asker_id)
    return row.facts()


@verb(Module.ANOMALIES, Level.WORK, Kind.SWAP_REFUSE)
async def refuse_swap(actor: Actor, swap_id: int) -> SwapFacts:
    """Decline a swap, or as the one who asked, withdraw it; the plan stays as it is.

    Raises:
        NotFound, SwapOver, SwapExpired: why not.
    """
    row = await _locked(actor, swap_id)
    withdrawn = actor.person_id == row.asker_id
    policy.answer_swap(row.facts(), by=row.other_id, now=current().now)
    row.state = (SwapState.WITHDRAWN if withdrawn else SwapState.REFUSED).value
    await row.save()
    await ledger.append(Kind.SWAP_REFUSE, actor, rows=[row], facts=_facts(row))
    await _answer(actor, row, row.other_id if withdrawn else row.asker_id)
    return row.facts()


async def _answer(actor: Actor, row: Swap, person_id: int) -> None:
    await notices.tell(
        actor,
        "duty:swap_answered",
        person_id=person_id,
        facts={"swap_id": row.id, "state": row.state, "by": actor.name},
    )


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.SWAP_EXPIRE)
async def _expire(actor: Actor, swap_id: int) -> bool:
    if not actor.is_system:
        raise NotPermitted
    row = await Swap.select_for_update().get_or_none(
        id=swap_id, state=SwapState.ASKED.value, expires_at__lte=current().now
    )
    if row is None:
        return False
    row.state = SwapState.EXPIRED.value
    await row.save()
    await ledger.append(Kind.SWAP_EXPIRE, actor, rows=[row], facts=_facts(row))
    await _answer(actor, row, row.asker_id)
    return True


async def expire_swaps(limit: int = 100) -> int:
    """End swaps that nobody answered in time, and tell who asked; answers how many."""
    due = (
        await Swap.filter(state=SwapState.ASKED.value, expires_at__lte=clock.now())
        .order_by("expires_at", "id")
        .limit(limit)
        .values_list("id", "plant_id")
    )
    return await each_alone(due, _expire_one, "swap_expire", number=lambda one: one[0])


async def _expire_one(found: tuple[object, object]) -> bool:
    swap_id, plant_id = (int(str(one)) for one in found)
    return await _expire(system(plant_id), swap_id)


async def is_open(swap_id: int) -> bool:
    """Whether a swap still waits for its answer."""
    return await Swap.exists(id=swap_id, state=SwapState.ASKED.value, expires_at__gt=clock.now())
