"""Who reported a case, as those who work on it read it: whom to ask back."""

from __future__ import annotations

from collections.abc import Callable

from core import anomalies, clients, people
from core.anomalies import AnomalyFacts
from core.kit import Actor, NotFound
from handlers.text import mark

PROGRAM = mark("program {name} ({client})")
RULE = mark("a rule, by itself")


async def reported_by(actor: Actor, case: AnomalyFacts, translate: Callable[[str], str]) -> str:
    """A person with its organisation, a program by name and id, or a rule; a dash for whom the reader may not meet."""
    if case.reporter_client:
        names = await clients.names(case.plant_id)
        return translate(PROGRAM).format(
            name=names.get(case.reporter_client, "–"), client=case.reporter_client
        )
    if case.reporter_id == anomalies.ITSELF:
        return translate(RULE)
    try:
        person = await people.person_for(actor, case.reporter_id)
    except NotFound:
        return "–"
    home = await people.organisation(person.organisation_id)
    return f"{person.printed_name} · {home.name(actor.locale)}"
