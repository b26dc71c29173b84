"""Permitting an export: who, what, and the traces it leaves before a byte is written."""

from __future__ import annotations

import uuid

from core import anomalies, ledger, people
from core.exchange import policy
from core.exchange.errors import NothingThere, TooManyCases
from core.exchange.terms import MOST_CASES, Granted, Wanted
from core.kit import Actor, Level, Module, current, verb
from core.ledger import Kind


@verb(Module.RECORDS, Level.READ, Kind.RECORDS_EXPORT, Kind.ACCESS_VIEW)
async def grant(actor: Actor, wanted: Wanted) -> Granted:
    """Permit an export and log it: a line of the access log and a ledger entry for every case.

    Raises:
        NotPermitted: the actor is neither auditor nor administrator.
        NotFound: a case is not in the actor's scope.
        NothingAsked, DatesReversed, NothingThere, TooManyCases: there is nothing clear to export.
    """
    policy.must_export(actor)
    policy.must_be_clear(wanted)
    numbers = {(await anomalies.get(actor, number.strip()[:40])).number for number in wanted.cases}
    now = current().now
    if not wanted.cases:
        since, until = policy.period(wanted, actor.timezone, now)
        found = await anomalies.reported_between(actor, since, until, most=MOST_CASES + 1)
        numbers = {one.number for one in found}
        if not numbers:
            raise NothingThere(since=wanted.since or "…", until=wanted.until or "…")
    if len(numbers) > MOST_CASES:
        raise TooManyCases(most=MOST_CASES)
    granted = Granted(id=uuid.uuid4(), at=now, wanted=wanted, cases=tuple(sorted(numbers)))
    for number in granted.cases:
        await people.log_access(
            actor, actor.channel[:12], f"bundle {number}", case=number, detail=str(granted.id)
        )
        await ledger.append(
            Kind.RECORDS_EXPORT,
            actor,
            case=number,
            facts={"bundle": granted.id, "cases": len(granted.cases), "languages": list(wanted.locales)},
        )
    return granted
