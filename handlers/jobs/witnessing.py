"""Checkpoints go out to the witnesses once a day and after critical closures; a long unwitnessed tail is told."""

from __future__ import annotations

from core import anomalies, witness
from core.anomalies import AnomalyFacts, Grade, State
from core.kit import Actor
from core.witness import Limits
from handlers.chat.vocabulary import Outgoing


@anomalies.ended.join
async def _critical_closed(actor: Actor, facts: AnomalyFacts) -> None:
    """A critical case that was closed is worth a checkpoint of its own, as soon as it is sealed."""
    if facts.grade == Grade.A and facts.state == State.CLOSED:
        await witness.ask_after_closure(actor, facts.number)


def _in_a_chat(note: str) -> dict[str, object]:
    """The bare checkpoint; a group chat has no buttons, since a button belongs to one person."""
    return Outgoing(code=note).to_payload()


async def post(zone: str) -> int:
    """Post the checkpoints that are due; answers how many rounds went out."""
    return await witness.post_due(zone, _in_a_chat)


async def alarm(limits: Limits) -> int:
    """Tell of unwitnessed tails that are too long; answers how many."""
    return await witness.alarm_tails(limits)
