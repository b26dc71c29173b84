"""What was signed, changed since, and waits for a signature again: found for whoever signed it."""

from __future__ import annotations

from core import signing
from core.anomalies import queries
from core.anomalies.containing import ACT as CONTAIN
from core.anomalies.containing import contains_again, unheld
from core.anomalies.grading import GRADE_ACTS, grade_unsigned
from core.anomalies.terms import ENDED, AnomalyFacts
from core.kit import Actor, Level, Module, Permission


async def grades_to_sign_again(actor: Actor) -> list[AnomalyFacts]:
    """Open cases whose grade waits for a signature in place of one that this person gave and may give again."""
    return [one for one in await _signed_once(actor, GRADE_ACTS) if await grade_unsigned(one)]


async def containments_to_sign_again(actor: Actor) -> list[tuple[AnomalyFacts, bool]]:
    """The same of containment; with each, whether everything affected is on hold, so that only the signature lacks."""
    found = [one for one in await _signed_once(actor, (CONTAIN,)) if await contains_again(one)]
    return [(one, not await unheld(actor, one)) for one in found]


async def _signed_once(actor: Actor, acts: tuple[str, ...]) -> list[AnomalyFacts]:
    if not actor.may(Permission(Module.ANOMALIES, Level.WORK)):
        return []
    numbers = await signing.void_for(actor, "anomaly", acts)
    if not numbers:
        return []
    rows = (
        queries.visible(actor)
        .filter(number__in=numbers)
        .exclude(state__in=[one.value for one in ENDED])
        .exclude(reporter_id=actor.identity)
        .order_by("due_at", "id")
    )
    return [row.facts() for row in await rows]
