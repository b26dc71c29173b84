"""The scheduler in virtual time: when which job of the real timetable has something to do next.

A job fires on the beat of its interval, as in the running house: what is due at 09:15:00.2 is seen by the job of
every second at 09:15:01, by that of every 30 seconds at 09:15:30. Beats at which a job would find nothing are left
out; that is all the difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tortoise import connections

from core import duty, people
from core.duty import queries as duty_queries
from core.kit.unit_of_work import ALIAS
from core.notices.policy import instant
from core.people.models import ContactWish
from handlers.chat import digests

ZONE = "Asia/Shanghai"
OPEN = "state NOT IN ('closed', 'rejected', 'cancelled')"
WAITING = "state IN ('pending', 'failed-temporary')"
DELIVERY = "delivery"
"""No job: the sender looks by itself when something is due."""

# Which job sees what: the earliest instant of each column after the one that was looked at last.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    (DELIVERY, "notices_notice", f"due_at|{WAITING}"),
    (DELIVERY, "notices_notice", "due_at|state = 'unknown' AND doubts <= 2"),
    (DELIVERY, "notices_notice", "lease_until|state = 'sending'"),
    (DELIVERY, "inbox_inbound", "due_at|state = 'waiting'"),
    ("escalation_tick", "escalation_run", "next_due_at|state = 'running'"),
    ("escalation_tick", "escalation_run", "expires_at|state = 'acknowledged'"),
    ("pass_on", "notices_notice", "prove_by|state = 'sent'"),
    ("overdue_tick", "anomalies_anomaly", f"due_at|NOT overdue_told AND state <> 'reported' AND {OPEN}"),
    (
        "overdue_tick",
        "anomalies_supplier_clock",
        "due_at|NOT late_told AND met_at IS NULL AND ended_at IS NULL",
    ),
    ("duty_change", "duty_swap", "expires_at|state = 'asked'"),
)
Due = tuple[dt.datetime, str]
AFTER = dt.timedelta(microseconds=1)
"""A stage is overdue when its end has passed, not at the end itself."""


def on_the_beat(began: dt.datetime, at: dt.datetime, seconds: float) -> dt.datetime:
    """The first beat of an interval that is not before an instant."""
    beat, tick = dt.timedelta(seconds=seconds), dt.timedelta(microseconds=1)
    beats = -(-((at - began) // tick) // (beat // tick))
    return began + beats * beat


async def by_the_tables(seen: dict[str, dt.datetime], until: dt.datetime) -> list[Due]:
    """What the tables say is due next, by job, later than what the job saw last."""
    db = connections.get(ALIAS)
    postgres = db.capabilities.dialect == "postgres"
    parts, values = [], []
    for job, table, said in COLUMNS:
        column, condition = said.split("|")
        values.append(seen[job])
        mark = f"${len(values)}" if postgres else "?"
        parts.append(f'(SELECT MIN("{column}") FROM "{table}" WHERE {condition} AND "{column}" > {mark})')
    values.append(instant(seen[DELIVERY]))
    mark = f"${len(values)}" if postgres else "?"
    parts += [
        f"(SELECT MIN({column}) FROM notices_pace WHERE {column} > {mark})"
        for column in ("rests_until", "first_until")
    ]
    names = ", ".join(f"{part} AS c{number}" for number, part in enumerate(parts))
    asked = values if postgres else [str(one) if isinstance(one, dt.datetime) else one for one in values]
    if not postgres:
        asked.append(asked[-1])
    [row] = await db.execute_query_dict(f"SELECT {names}", asked)
    found = [(_moment(row[f"c{number}"], job), job) for number, (job, _t, _s) in enumerate(COLUMNS)]
    found += [(_since_1970(row[f"c{len(COLUMNS) + more}"]), DELIVERY) for more in (0, 1)]
    return [(at, job) for at, job in found if at is not None and at <= until]


def _moment(value: object, job: str) -> dt.datetime | None:
    if value is None:
        return None
    at = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return at.astimezone(dt.UTC) + (AFTER if job == "overdue_tick" else dt.timedelta(0))


def _since_1970(value: object) -> dt.datetime | None:
    if value is None:
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(str(value)))


async def by_the_duty_plan(plant_id: int, since: dt.datetime, until: dt.datetime) -> list[Due]:
    """Where a turn of duty begins or ends."""
    rotations = await duty.rotations(plant_id)
    if not rotations:
        return []
    if await duty.changing():
        return [(since + AFTER, "duty_change")]  # a plan that was changed is seen at the next beat
    known = await duty_queries.board(plant_id, since)
    edges = {
        edge
        for one in rotations
        for turn in known.turns(one, since, until)
        for edge in (turn.since, turn.until)
        if since < edge <= until
    }
    return [(min(edges), "duty_change")] if edges else []


async def by_the_digests(plant_id: int, since: dt.datetime, until: dt.datetime) -> list[Due]:
    """When somebody's daily digest is due."""
    off = set(await ContactWish.filter(digest=False).values_list("person_id", flat=True))
    readers = [one.id for one in await people.persons(plant_id) if one.id not in off]
    found: list[dt.datetime] = []
    day = since.astimezone(dt.UTC).date()
    while readers and day <= until.date() + dt.timedelta(days=1):
        found += [digests.moment_for(one, day, ZONE) for one in readers]
        day += dt.timedelta(days=1)
    coming = [one for one in found if since < one <= until]
    return [(min(coming), "digests")] if coming else []


def earliest(found: Iterable[Due]) -> Due | None:
    """What comes first."""
    return min(found, default=None)
