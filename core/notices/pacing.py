"""Sliding windows kept in the database: several senders and a restart share one budget.

Every counted message is a row with the running total of its scope (a channel, or a chat of it). What a window holds
is then the total less the total before the window's first row, however many messages that is. The scopes' own rows
are locked while counting, so that no two senders see the same room. Plain SQL, for this is done for every message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.kit import clock
from core.kit.unit_of_work import current, dialect, unit_of_work
from core.notices import policy
from core.notices.models import Pace, Spent
from core.notices.terms import Budget, Turn, Window

_PACES = (
    "SELECT scope, total, last_at, rests_until, first_priority, first_number, first_until FROM notices_pace"
)
_FIRST = "SELECT upto - messages FROM notices_spent WHERE scope = {scope} AND at > {since} ORDER BY at, upto LIMIT 1"
_LEAVES = "SELECT at FROM notices_spent WHERE scope = {scope} AND upto >= {upto} ORDER BY upto LIMIT 1"


@dataclass(frozen=True)
class _Stand:
    """A scope's row, locked."""

    scope: str
    total: int
    last_at: int
    rests_until: int
    first: Turn
    first_until: int


def scope_of(channel: str, chat_ref: str) -> str:
    """Where a message counts: a group's topics count as the group."""
    return f"{channel}:{chat_ref.partition(':')[0]}"


async def _asked(statement: str, *values: object) -> list[dict[str, Any]]:
    """Ask with ``{}`` for each value, as the database at hand numbers them."""
    postgres = dialect() == "postgres"
    marks = [f"${number}" if postgres else "?" for number in range(1, len(values) + 1)]
    return list((await current().db.execute_query(statement.format(*marks), list(values)))[1])


async def _locked(scopes: Sequence[str]) -> list[_Stand]:
    """The rows of some scopes, made where missing, locked in one order so that nobody waits in a circle."""
    lock = " FOR UPDATE" if dialect() == "postgres" else ""
    wanted = f"{_PACES} WHERE scope IN ({', '.join('{}' for _ in scopes)}) ORDER BY scope{lock}"
    rows = await _asked(wanted, *scopes)
    if len(rows) < len(scopes):
        await Pace.bulk_create([Pace(scope=one) for one in scopes], ignore_conflicts=True)
        rows = await _asked(wanted, *scopes)
    found = {row["scope"]: row for row in rows}
    return [
        _Stand(
            scope=one,
            total=found[one]["total"],
            last_at=found[one]["last_at"],
            rests_until=found[one]["rests_until"],
            first=Turn(found[one]["first_priority"], found[one]["first_number"]),
            first_until=found[one]["first_until"],
        )
        for one in scopes
    ]


async def wait_for(channel: str, chat_ref: str, budget: Budget, turn: Turn) -> int:
    """Microseconds that a message must wait; 0 counts it as sent now, in the unit that is open.

    Whoever waits keeps the place: a later turn of the same chat does not slip past while the first one's wait
    lasts, an album is not overtaken by single messages. Where the whole channel is full, that is noted too, so that
    nobody of the same urgency is claimed in vain.
    """
    whole, chat = await _locked([channel, scope_of(channel, chat_ref)])
    now = await _now(whole, chat)
    windows = [(whole, one) for one in budget.overall] + [(chat, one) for one in budget.chat]
    free = await _free_in(windows, budget.messages, now, urgent=policy.is_urgent(turn))
    wait = max(
        chat.rests_until - now,
        policy.behind(chat.first, chat.first_until, turn, now),
        *(seconds for _stand, seconds in free),
        0,
    )
    if wait > 0:
        crowded = max((seconds for stand, seconds in free if stand is whole), default=0)
        if crowded and policy.takes_place(whole.first, whole.first_until, turn, now):
            await _keep_place(whole, turn, now + crowded)
        if policy.takes_place(chat.first, chat.first_until, turn, now):
            await _keep_place(chat, turn, now + wait)
        return wait
    if chat.first == turn and chat.first_until:
        await _keep_place(chat, Turn(0, 0), 0)
    await _count(whole, chat, budget.messages, now)
    return 0


async def _now(*stands: _Stand) -> int:
    """This instant, or that of the last count: another machine's clock may be ahead, and totals only go forward.

    A clock that was far ahead and was put right holds nothing back: its counts are taken as made now.
    """
    now = policy.instant(current().now)
    for one in stands:
        if one.last_at > now + policy.SKEW:
            await _asked("UPDATE notices_spent SET at = {} WHERE scope = {} AND at > {}", now, one.scope, now)
    return max(now, *(one.last_at for one in stands if one.last_at <= now + policy.SKEW), now)


async def _free_in(
    windows: Sequence[tuple[_Stand, Window]], messages: int, now: int, *, urgent: bool
) -> list[tuple[_Stand, int]]:
    """How long each window without room needs until there is some."""
    looked = [(stand, one) for stand, one in windows if stand.last_at > now - policy.length(one)]
    if not looked:
        return []
    asked = ", ".join(
        f"({_FIRST.format(scope='{}', since='{}')}) AS w{number}" for number in range(len(looked))
    )
    values = [value for stand, one in looked for value in (stand.scope, now - policy.length(one))]
    [row] = await _asked(f"SELECT {asked}", *values)
    waits = []
    for number, (stand, one) in enumerate(looked):
        before = row[f"w{number}"]
        if before is None:
            continue
        over = policy.surplus(one, used=stand.total - before, messages=messages, urgent=urgent)
        if over > 0:
            [leaves] = await _asked(_LEAVES.format(scope="{}", upto="{}"), stand.scope, before + over)
            waits.append((stand, leaves["at"] + policy.length(one) - now))
    return waits


async def _keep_place(chat: _Stand, turn: Turn, until: int) -> None:
    await _asked(
        "UPDATE notices_pace SET first_priority = {}, first_number = {}, first_until = {} WHERE scope = {}",
        *turn,
        until,
        chat.scope,
    )


async def _count(whole: _Stand, chat: _Stand, messages: int, now: int) -> None:
    await _asked(
        "INSERT INTO notices_spent (scope, at, upto, messages) VALUES ({}, {}, {}, {}), ({}, {}, {}, {})",
        *(whole.scope, now, whole.total + messages, messages),
        *(chat.scope, now, chat.total + messages, messages),
    )
    await _asked(
        "UPDATE notices_pace SET total = total + {}, last_at = {} WHERE scope IN ({}, {})",
        *(messages, now, whole.scope, chat.scope),
    )


async def rest(channel: str, chat_ref: str, seconds: float) -> None:
    """The messenger asked for a pause in this chat; every sender keeps it."""
    async with unit_of_work() as work:
        [one] = await _locked([scope_of(channel, chat_ref)])
        until = policy.instant(work.now) + round(seconds * policy.SECOND)
        await _asked(
            "UPDATE notices_pace SET rests_until = {} WHERE scope = {}",
            max(until, one.rests_until),
            one.scope,
        )


async def prune(longest: float) -> int:
    """Forget what left the longest window that is kept; answers how many rows."""
    before = policy.instant(clock.now()) - round(longest * policy.SECOND)
    async with unit_of_work():
        return int(await Spent.filter(at__lte=before).delete())
