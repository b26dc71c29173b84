"""先扣留，再补充: a suspect lot is stopped first, with a case that says what is known; the rest is added after."""

from __future__ import annotations

from core import lots, sop
from core.anomalies import queries
from core.anomalies.containing import hold_affected
from core.anomalies.models import Anomaly
from core.anomalies.reporting import record
from core.anomalies.terms import ENDED, AnomalyFacts
from core.kit import Actor, Level, Module, current, plain_text, verb
from core.kit.canonical import instant_text
from core.ledger import Kind
from core.lots import HoldFacts

MOST = 3


@verb(Module.ANOMALIES, Level.WORK, Kind.ANOMALY_REPORT, Kind.GRADE_PROPOSE, Kind.LOT_HOLD)
async def stop_lot(
    actor: Actor, lot_id: int, *, category: str, description: str, evidence_ids: list[int], channel: str
) -> tuple[AnomalyFacts, list[HoldFacts]]:
    """Open a case about a lot and hold the lot with everything made from it, in one step.

    The case says what is known now: category, lot, place, moment, the words given, the photos. Whoever works on it
    adds the other answers of the template; no answer is made up.

    Raises:
        NotFound: no such lot or photo in the actor's scope.
        UnknownCategory: nothing is reported under this category.
        Empty, TooLong: the description is missing or too long.
        NobodyResponsible: neither matrix nor roles name anybody.
    """
    lot = await lots.get(actor, lot_id)
    template = await sop.current_template(actor.plant_id, category)
    known = {
        "lot": lot.number,
        "occurred_at": instant_text(current().now),
        "place": lot.place or lot.maker(actor.locale),
        "description": plain_text.checked(description, limit=500),
    }
    fields = {one.key for one in template.fields}
    good = {key: value for key, value in known.items() if key in fields}
    made = await record(actor, template, good, lot, evidence_ids=evidence_ids, channel=channel)
    held = await hold_affected(actor, made.id)
    return await queries.get(actor, made.id), held


async def open_about(actor: Actor, lot_id: int) -> list[AnomalyFacts]:
    """Cases about this very lot that are still open and that the actor may see, newest first; a few."""
    rows = queries.visible(actor).filter(lot_id=lot_id).exclude(state__in=[one.value for one in ENDED])
    found: list[Anomaly] = await rows.order_by("-id").limit(MOST)
    return [row.facts() for row in found]
